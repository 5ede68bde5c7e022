//! Alerts with a title: `> [!NOTE] Before you begin`, which the parser takes for an ordinary quote, and an alert whose
//! first paragraph is nothing but bold text.

use pulldown_cmark::BlockQuoteKind;

use crate::parse::tree::{Block, BlockKind, Inline, InlineKind, Style};

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
    Some(match name.to_ascii_lowercase().as_str() {
        "note" => BlockQuoteKind::Note,
        "tip" => BlockQuoteKind::Tip,
        "important" => BlockQuoteKind::Important,
        "warning" => BlockQuoteKind::Warning,
        "caution" => BlockQuoteKind::Caution,
        _ => return None,
    })
}
