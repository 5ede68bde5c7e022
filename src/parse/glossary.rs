//! The terms that a chapter with `glossary: true` defines, in its definition lists; and those that any chapter
//! marks.

use foldhash::HashSet;
use memchr::memmem;

use super::plain::{self, Purpose};
use super::tree::{Block, BlockKind, Definition, Inline, InlineKind, Text};
use super::visit::{for_each_block_mut, for_each_text_mut};
use crate::text::{Span, slug};

/// Gives every term of a glossary's definition lists its id.
pub fn give_ids(blocks: &mut [Block<'_>]) {
    let mut ids = HashSet::default();
    for_each_block_mut(blocks, &mut |block| {
        let BlockKind::Definitions(parts) = &mut block.kind else { return };
        for part in parts {
            let Definition::Term(term) = part else { continue };
            let name = plain::text(&term.text, Purpose::Name);
            let slug = format!("term-{}", slug::anchor(name.trim()));
            let numbered = (1..).map(|number| format!("{slug}-{number}"));
            term.id = std::iter::once(slug.clone()).chain(numbered).find(|id| ids.insert(id.clone()));
        }
    });
}

/// What follows the brackets of a marked term.
const MARK: &str = "{.term}";

/// Finds the terms that the author marked, `[term]{.term}`, in the inline content of every block.
pub fn find_marked<'a>(blocks: &mut [Block<'a>], chapter: &'a str) {
    let ends = [b"]", MARK.as_bytes()].concat();
    if memmem::find(chapter.as_bytes(), &ends).is_some() {
        for_each_text_mut(blocks, &mut |text| find_in_text(text, chapter));
    }
}

fn find_in_text<'a>(text: &mut Text<'a>, chapter: &'a str) {
    let mut out: Text<'a> = Vec::with_capacity(text.len());
    // Where the nearest open bracket is.
    let mut open = None;
    let mut rest = std::mem::take(text).into_iter().peekable();
    while let Some(mut inline) = rest.next() {
        match bracket(&inline) {
            Some('[') if !is_escaped(&inline, out.last(), chapter) => open = Some(out.len()),
            Some(']') => {
                let term = open.take().and_then(|start| Some((start, plain_term(&out[start + 1..])?)));
                if let Some((start, term)) = term
                    && rest.peek_mut().is_some_and(|next| take_mark(next, inline.span.end))
                {
                    let span = Span::new(out[start].span.start, inline.span.end + MARK.len());
                    out.truncate(start);
                    out.push(Inline::new(InlineKind::MarkedTerm(term), span));
                    continue;
                }
            }
            _ => {}
        }

        if let Some(content) = inline.content_mut() {
            find_in_text(content, chapter);
        }
        out.push(inline);
    }
    *text = out;
}

/// The bracket that a piece of text consists of. The parser makes each bracket that belongs to no link a piece of its
/// own.
fn bracket(inline: &Inline<'_>) -> Option<char> {
    match &inline.kind {
        InlineKind::Text(text) if matches!(&**text, "[" | "]") => text.chars().next(),
        _ => None,
    }
}

/// Whether a backslash comes before an inline, and is no text itself.
fn is_escaped(inline: &Inline<'_>, before: Option<&Inline<'_>>, chapter: &str) -> bool {
    let start = inline.span.start;
    let is_text = before.is_some_and(|before| before.span.end == start);
    !is_text && chapter.get(..start).is_some_and(|text| text.ends_with('\\'))
}

/// Inline content as text alone; `None` if there is none, or if it is more than text and its emphasis.
fn plain_term(inlines: &[Inline<'_>]) -> Option<String> {
    let is_plain = inlines.iter().all(is_plain);
    let text = plain::text(inlines, Purpose::Name);
    (is_plain && !text.trim().is_empty()).then_some(text)
}

/// Whether an inline is text, or emphasis of such. Brackets in it would be pairs with others.
fn is_plain(inline: &Inline<'_>) -> bool {
    match &inline.kind {
        InlineKind::Text(_) | InlineKind::Code(_) | InlineKind::SoftBreak => true,
        InlineKind::Styled(_, content) => {
            content.iter().all(|inline| bracket(inline).is_none() && is_plain(inline))
        }
        _ => false,
    }
}

/// Takes the mark off the beginning of the text after a bracket, if it is there.
fn take_mark(after: &mut Inline<'_>, bracket: usize) -> bool {
    let InlineKind::Text(text) = &mut after.kind else { return false };
    let Some(rest) = text.strip_prefix(MARK).filter(|_| after.span.start == bracket) else { return false };
    *text = rest.to_owned().into();
    after.span.start += MARK.len();
    true
}
