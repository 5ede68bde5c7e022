//! Alerts: their kinds, and those with a title. `> [!NOTE] Before you begin` is an ordinary quote to the parser; in
//! an alert whose first paragraph is nothing but bold text, that is the title.

use pulldown_cmark::BlockQuoteKind;

use crate::parse::alert::{self, ALERTS};
use crate::parse::tree::{Block, BlockKind, Inline, InlineKind, Style};
use crate::text::nearest;

/// The kinds of alerts in the order of [`ALERTS`], as the parser has them.
const KINDS: [BlockQuoteKind; 5] = [
    BlockQuoteKind::Note,
    BlockQuoteKind::Tip,
    BlockQuoteKind::Important,
    BlockQuoteKind::Warning,
    BlockQuoteKind::Caution,
];

/// What an alert is made of.
pub(super) struct Titled<'a> {
    pub(super) kind: BlockQuoteKind,
    pub(super) title: Vec<Inline<'a>>,
    /// What is left of the paragraph that begins with the title.
    pub(super) opening: Vec<Inline<'a>>,
}

/// Reads a quote that begins with the sign of an alert and a title on the same line.
pub(super) fn titled<'a>(blocks: &[Block<'a>]) -> Option<Titled<'a>> {
    let paragraph = blocks.first()?;
    let BlockKind::Paragraph(text) = &paragraph.kind else { return None };

    // Where the author escaped the bracket, `\[!NOTE]`, the text begins after the backslash.
    if text.first()?.span.start != paragraph.span.start {
        return None;
    }

    // The sign. The parser makes texts of their own of brackets.
    let mut sign = String::new();
    let mut read = 0;
    while !sign.contains(']') {
        let InlineKind::Text(piece) = &text.get(read)?.kind else { return None };
        sign.push_str(piece);
        read += 1;
    }
    let (sign, rest) = sign.split_once(']')?;
    let kind = kind(sign.strip_prefix("[!")?)?;

    // The title is the rest of the line.
    let is_break = |inline: &Inline<'_>| matches!(inline.kind, InlineKind::SoftBreak | InlineKind::HardBreak);
    let end = text.iter().skip(read).position(is_break).map_or(text.len(), |at| read + at);
    let mut title = text[read..end].to_vec();
    title.insert(0, Inline { kind: InlineKind::Text(rest.to_owned().into()), span: text[read - 1].span });

    // The space between the sign and the title can be a text of its own.
    while let Some(InlineKind::Text(first)) = title.first().map(|inline| &inline.kind) {
        let bare = first.trim_start().to_owned();
        if !bare.is_empty() {
            title[0].kind = InlineKind::Text(bare.into());
            break;
        }
        title.remove(0);
    }

    // What is below the title, after the line break.
    let opening = text.get(end + 1..).unwrap_or_default().to_vec();
    (!title.is_empty()).then_some(Titled { kind, title, opening })
}

/// The title of an alert whose first paragraph is nothing but bold text, with something after it.
pub(super) fn bold_title<'b, 'a>(blocks: &'b [Block<'a>]) -> Option<&'b [Inline<'a>]> {
    let (first, after) = blocks.split_first()?;
    let BlockKind::Paragraph(text) = &first.kind else { return None };
    match &text[..] {
        [Inline { kind: InlineKind::Styled(Style::Strong, title), .. }] if !after.is_empty() => Some(title),
        _ => None,
    }
}

fn kind(name: &str) -> Option<BlockQuoteKind> {
    ALERTS.iter().zip(KINDS).find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, kind)| kind)
}

/// The name of a kind, in small letters.
pub(super) fn name(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    }
}

/// What to say of a quote whose author meant an alert: the message and the hint. `name` is in its sign, and `rest`
/// after it.
pub(super) fn unknown(name: &str, rest: &str) -> Option<(String, String)> {
    let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let is_known = kind(name).is_some();
    if !is_word || is_known && rest.trim().is_empty() {
        return None;
    }
    if is_known {
        let message = format!("`[!{name}]` begins no alert here; this is a quote");
        return Some((message, "write the title beside it, or nothing, and the text below".to_owned()));
    }

    let hint = match alert::meant(name).or_else(|| nearest(name, ALERTS)) {
        Some(meant) => format!("did you mean `[!{meant}]`?"),
        None => format!("there are: `[!{}]`", ALERTS.join("]`, `[!")),
    };
    Some((format!("`[!{name}]` begins no alert; this is a quote"), hint))
}
