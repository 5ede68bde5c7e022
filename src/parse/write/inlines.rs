//! Inline content as HTML: whole, for the text, and bare, for lists of headings and terms.

use super::Writer;
use super::footnotes::missing_footnote;
use crate::parse::document::{Segment, Wording};
use crate::parse::glossary::Marked;
use crate::parse::math::Converter;
use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Inline, InlineKind, Style};
use crate::parse::{placeholder, raw_html};
use crate::text::html::{escape, escape_into};
use crate::text::{Diagnostic, DiagnosticCode, Span};

impl<'a> Writer<'_, '_> {
    /// Writes the text of a block.
    pub(super) fn block_text(&mut self, text: &[Inline<'a>]) {
        plain::push(&mut self.text, text, Purpose::Reading);
        self.inlines(text);
    }

    /// Writes inline content.
    pub(super) fn inlines(&mut self, text: &[Inline<'a>]) {
        for inline in text {
            self.inline(inline);
        }
    }

    pub(super) fn inline(&mut self, inline: &Inline<'a>) {
        match &inline.kind {
            InlineKind::Text(text) => {
                self.missing_footnote(text, inline.span);
                escape_into(&mut self.page.html, text);
            }
            InlineKind::Code(code) => {
                self.page.html.push_str("<code>");
                placeholder::write(&mut self.page.html, code, &placeholder::tokens(code, self.options));
                self.page.html.push_str("</code>");
            }
            InlineKind::Math(latex, style) => self.formula(latex, *style, inline.span),
            InlineKind::Html(html) => self.raw_inline(html, inline.span),
            InlineKind::SoftBreak => self.page.html.push('\n'),
            InlineKind::HardBreak => self.page.html.push_str("<br />\n"),
            InlineKind::FootnoteReference(label) => self.footnote_reference(label),
            InlineKind::TaskMarker(is_done) => {
                let (state, label) = if *is_done { ("checked ", "done") } else { ("", "open") };
                let start = format!(r#"<input type="checkbox" {state}disabled aria-label=""#);
                self.page.word(&start, Wording::Named(label), "\"> ");
            }
            InlineKind::Placeholder(name) => {
                self.page.html.push_str(&raw_html::field(name, self.options));
            }
            InlineKind::MarkedTerm(term) => {
                self.done.marked.push(Marked { text: term.clone(), span: inline.span });
                self.page.hole(Segment::Term(escape(term)));
            }
            InlineKind::Styled(style, text) => {
                let (start, end) = tags(*style);
                self.page.html.push_str(start);
                self.inlines(text);
                self.page.html.push_str(end);
            }
            InlineKind::Link(target, kind, text) => self.link(target, *kind, text, inline.span),
            InlineKind::Image(target, text) => self.image(target, text, inline.span),
        }
    }

    /// Warns of a footnote reference that the parser left as text, since nothing defines it.
    fn missing_footnote(&mut self, text: &str, span: Span) {
        if let Some(label) = missing_footnote(text, span, &self.source.text) {
            self.done.faults.push(
                Diagnostic::new(DiagnosticCode::MissingFootnote, format!("there is no footnote `{label}`"))
                    .at(self.source, Span::new(span.start - 1, span.end))
                    .hint(format!("define it on a line of its own: `[^{label}]: …`")),
            );
        }
    }
}

/// The tags of text that is set apart.
fn tags(style: Style) -> (&'static str, &'static str) {
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
            InlineKind::Math(latex, _) => match Converter::new().convert(latex, false) {
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
