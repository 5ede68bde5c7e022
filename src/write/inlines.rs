//! Inline content as HTML.

use super::balance::ScopeKind;
use super::bare::tags;
use super::buffer::Linking;
use super::footnotes::missing_footnote;
use super::writer::Writer;
use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Inline, InlineKind};
use crate::text::html::{escape, escape_into};
use crate::text::{Diagnostic, DiagnosticCode, Span};
use crate::write::document::Marked;
use crate::write::markup::{SegmentKind, Wording, place};
use crate::write::placeholder;

impl<'a> Writer<'_, '_> {
    /// Writes the text of a block in which terms may be linked.
    pub(super) fn block_text(&mut self, text: &[Inline<'a>]) {
        plain::push(&mut self.text, text, Purpose::Reading);
        let open = self.raw.unlinked.begin();
        self.scoped(ScopeKind::Text, |writer| writer.inlines(text));
        self.raw.unlinked.end(open);
    }

    /// Writes the text of a block in which no term is linked, such as a heading.
    pub(super) fn unlinked_text(&mut self, text: &[Inline<'a>]) {
        let before = std::mem::replace(&mut self.linking, Linking::Never);
        self.block_text(text);
        self.linking = before;
    }

    /// Writes inline content.
    pub(super) fn inlines(&mut self, text: &[Inline<'a>]) {
        for inline in text {
            self.inline(inline);
        }
    }

    /// Writes a piece of inline content.
    fn inline(&mut self, inline: &Inline<'a>) {
        match &inline.kind {
            InlineKind::Text(text) => {
                self.missing_footnote(text, inline.span);
                self.page.text(text, self.linking());
            }
            InlineKind::Code(code) => self.code_span(code),
            InlineKind::Math(latex, style) => self.formula(latex, *style, inline.span),
            InlineKind::Html(html) => self.raw_inline(html, inline.span),
            InlineKind::SoftBreak => self.page.text("\n", self.linking()),
            InlineKind::HardBreak => {
                self.page.html.push_str("<br />");
                self.page.text("\n", self.linking());
            }
            InlineKind::FootnoteReference(label) => self.footnote_reference(label),
            InlineKind::TaskMarker(is_done) => {
                let (state, label) = if *is_done { ("checked ", "done") } else { ("", "open") };
                let start = format!(r#"<input type="checkbox" {state}disabled aria-label=""#);
                self.page.wording(&start, Wording::Named(label), "\"> ");
            }
            InlineKind::Placeholder(name) => {
                let field = placeholder::field(name, self.options);
                self.page.html.push_str(&field);
                self.page.text(&format!("<{name}>"), Linking::Never);
                self.page.html.push_str("</var>");
            }
            InlineKind::MarkedTerm(term) => {
                self.done.marked.push(Marked { text: term.clone(), span: inline.span });
                let term = escape(term);
                self.page.segment(SegmentKind::Term(place(term.len())));
                self.page.html.push_str(&term);
            }
            InlineKind::Styled(style, text) => {
                let (start, end) = tags(*style);
                self.page.html.push_str(start);
                self.scoped(ScopeKind::Text, |writer| writer.inlines(text));
                self.page.html.push_str(end);
            }
            InlineKind::Link(target, kind, text) => self.link(target, *kind, text, inline.span),
            InlineKind::Image(target, text) => self.image(target, text, inline.span),
        }
    }

    /// Whether terms may be linked in the text that comes now.
    pub(super) fn linking(&self) -> Linking {
        if self.raw.unlinked.is_open() { Linking::Never } else { self.linking }
    }

    /// Writes a code span, with its placeholders.
    fn code_span(&mut self, code: &str) {
        let tokens = placeholder::tokens(code, self.options);
        self.page.html.push_str(match () {
            () if tokens.is_empty() && is_whole(code) => "<code class=\"unbroken\">",
            () if self.is_in_cell && is_long(code) => "<code class=\"long\">",
            () => "<code>",
        });
        let mut written = 0;
        for (range, name) in placeholder::find(&tokens, code) {
            self.page.text(&code[written..range.start], Linking::Never);
            self.page.html.push_str(placeholder::FIELD);
            escape_into(&mut self.page.html, name);
            self.page.html.push_str("\">");
            self.page.text(&code[range.clone()], Linking::Never);
            self.page.html.push_str("</var>");
            written = range.end;
        }
        self.page.text(&code[written..], Linking::Never);
        self.page.html.push_str("</code>");
    }

    /// Warns of a footnote reference that the parser left as text, since nothing defines it.
    fn missing_footnote(&mut self, text: &str, span: Span) {
        if let Some(label) = missing_footnote(text, span, &self.source.text) {
            self.done.diagnostics.push(
                Diagnostic::new(DiagnosticCode::MissingFootnote, format!("there is no footnote `{label}`"))
                    .at(self.source, Span::new(span.start - 1, span.end))
                    .hint(format!("define it on a line of its own: `[^{label}]: …`")),
            );
        }
    }
}

/// The longest code that is kept on one line, in characters: it fits on the smallest screens.
const WHOLE: usize = 24;

/// The longest word of code that widens a column of a table, in characters.
const LONG: usize = 32;

/// The signs after which browsers can break code.
const BREAKS: [char; 6] = ['-', '/', '?', '!', '|', '+'];

/// Whether code should not be broken where browsers could break it, as after a hyphen of `--debug`.
fn is_whole(code: &str) -> bool {
    code.contains(BREAKS) && !code.contains(char::is_whitespace) && code.chars().count() <= WHOLE
}

/// Whether code has a word that may be broken anywhere, because a column of a table with all of it would be too wide.
fn is_long(code: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || BREAKS.contains(&c);
    code.len() > LONG && code.split(ends).any(|word| word.chars().count() > LONG)
}
