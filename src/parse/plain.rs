//! Inline content as plain text: the one place where it is made.

use super::tree::{Inline, InlineKind};
use crate::text::html::Tags;

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What readers read, which is counted and cut: descriptions of images are not part of it.
    Reading,
    /// The description of an image.
    Description,
    /// A heading, a term or a task. Code hosts make ids of a heading's text, for which `<br>` is nothing.
    Name,
}

/// The text of inline content.
pub fn text(inlines: &[Inline<'_>], purpose: Purpose) -> String {
    let mut text = String::new();
    push(&mut text, inlines, purpose);
    text
}

/// Appends the text of inline content.
pub fn push(out: &mut String, inlines: &[Inline<'_>], purpose: Purpose) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) | InlineKind::Math(text, _) => out.push_str(text),
            InlineKind::MarkedTerm(term) => out.push_str(term),
            InlineKind::Placeholder(name) => out.extend(["<", name, ">"]),
            InlineKind::SoftBreak | InlineKind::HardBreak => out.push(' '),
            InlineKind::Html(html) => {
                if purpose != Purpose::Name && Tags::of(html).any(|tag| tag.is("br")) {
                    out.push(' ');
                }
            }
            InlineKind::Styled(_, text) | InlineKind::Link(_, _, text) => push(out, text, purpose),
            InlineKind::Image(_, text) => {
                if purpose != Purpose::Reading {
                    push(out, text, purpose);
                }
            }
            InlineKind::FootnoteReference(_) | InlineKind::TaskMarker(_) => {}
        }
    }
}
