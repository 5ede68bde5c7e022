//! Inline content as bare HTML, for lists of headings and for definitions of terms: without what can only be on the
//! page once or leads elsewhere.

use super::math::Converter;
use crate::parse::tree::{Inline, InlineKind, MathStyle, Style};
use crate::text::html::escape_into;

/// The tags of text that is set apart.
pub(super) fn tags(style: Style) -> (&'static str, &'static str) {
    match style {
        Style::Emphasis => ("<em>", "</em>"),
        Style::Strong => ("<strong>", "</strong>"),
        Style::Strikethrough => ("<del>", "</del>"),
        Style::Mark => ("<mark>", "</mark>"),
    }
}

/// Inline content as HTML that can be put anywhere: without links, images, footnotes and raw tags.
pub(super) fn bare(text: &[Inline<'_>]) -> String {
    let mut html = String::new();
    push_bare(&mut html, text);
    html
}

/// Appends inline content as such HTML.
pub(super) fn push_bare(html: &mut String, text: &[Inline<'_>]) {
    for inline in text {
        match &inline.kind {
            InlineKind::Text(text) => escape_into(html, text),
            InlineKind::MarkedTerm(term) => escape_into(html, term),
            InlineKind::Placeholder(name) => html.extend(["&lt;", name, "&gt;"]),
            InlineKind::Code(code) => {
                html.push_str("<code>");
                escape_into(html, code);
                html.push_str("</code>");
            }
            InlineKind::Math(latex, _) => match Converter::new().convert(latex, MathStyle::Inline) {
                Ok(formula) => html.push_str(&formula.mathml),
                Err(_) => escape_into(html, latex),
            },
            InlineKind::SoftBreak | InlineKind::HardBreak => html.push(' '),
            InlineKind::Styled(style, text) => {
                let (start, end) = tags(*style);
                html.push_str(start);
                push_bare(html, text);
                html.push_str(end);
            }
            InlineKind::Link(_, _, text) | InlineKind::Image(_, text) => push_bare(html, text),
            InlineKind::Html(_) | InlineKind::FootnoteReference(_) | InlineKind::TaskMarker(_) => {}
        }
    }
}
