//! Footnotes: written aside where they are defined, listed at the end in the order of their use.

use std::collections::hash_map::Entry;
use std::mem::{replace, take};

use super::balance::ScopeKind;
use super::buffer::Linking;
use super::writer::Writer;
use crate::parse::tree::Block;
use crate::text::{Diagnostic, DiagnosticCode, Span};
use crate::write::markup::{Markup, Wording};

impl<'a> Writer<'_, '_> {
    /// Writes a reference to a footnote.
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let number = self.footnotes.number(label);
        self.footnotes.uses[number - 1] += 1;
        let id = back_id(number, self.footnotes.uses[number - 1]);
        self.page.id_attribute(r#"<sup class="footnote-ref"><a id=""#, &id);
        self.page.id_attribute(r##" href="#"##, &format!("fn:{number}"));
        self.page.html.push('>');
        self.page.text(&number.to_string(), Linking::Never);
        self.page.html.push_str("</a></sup>");
    }

    /// Writes a footnote aside, and keeps it for the end of the page; of two with one label, the first.
    pub(super) fn footnote(&mut self, label: &str, blocks: &[Block<'a>], span: Span) {
        let page = take(&mut self.page);
        self.text.push('\n');
        self.scoped(ScopeKind::Container, |writer| writer.blocks(blocks));
        let (text, _) = replace(&mut self.page, page).finish();

        match self.footnotes.texts.entry(label.to_owned()) {
            Entry::Vacant(place) => {
                self.footnotes.defined.push(label.to_owned());
                place.insert((span.start, text));
            }
            Entry::Occupied(_) => {
                let message = format!("the footnote `{label}` is defined already");
                let diagnostic = Diagnostic::new(DiagnosticCode::DuplicateId, message).at(self.source, span);
                self.done
                    .diagnostics
                    .push(diagnostic.hint("the first definition counts; give this one another name"));
            }
        }
    }

    /// Writes the footnotes at the end of the page. Those that nothing refers to come last: no word of the author's is
    /// lost.
    pub(super) fn write_footnotes(&mut self) {
        for label in take(&mut self.footnotes.defined) {
            self.number_unused(&label);
        }
        let mut labels: Vec<(usize, String)> =
            self.footnotes.numbers.drain().map(|(label, number)| (number, label)).collect();
        labels.sort_unstable();
        if labels.is_empty() {
            return;
        }

        self.fresh_line();
        let start = r#"<div class="footnotes" role="doc-endnotes" aria-label=""#;
        self.page.wording(start, Wording::Named("footnotes"), "\">\n<ol>\n");
        for (number, label) in labels {
            let (place, text) = self.footnotes.texts.remove(&label).unwrap_or_default();
            self.page.block(place);
            self.end_footnote(number, text);
        }
        self.line("</ol>\n</div>");
    }

    /// Gives a footnote its number, and reports it if nothing refers to it.
    fn number_unused(&mut self, label: &str) {
        let number = self.footnotes.number(label);
        if self.footnotes.uses[number - 1] > 0 {
            return;
        }
        let place = self.footnotes.texts.get(label).map_or(0, |(place, _)| *place);
        let span = Span::new(place, place + "[^]".len() + label.len());
        let message = format!("nothing refers to the footnote `{label}`");
        let diagnostic = Diagnostic::new(DiagnosticCode::UnusedFootnote, message).at(self.source, span);
        self.done.diagnostics.push(diagnostic.hint(format!("refer to it: `[^{label}]`")));
    }

    /// Writes the text of a footnote, and the links back to its references.
    fn end_footnote(&mut self, number: usize, mut text: Markup) {
        // The links are in the last paragraph, if the note ends with one.
        let end = text.html.len();
        let ends_with_hole =
            text.segments.last().is_some_and(|last| last.kind.is_hole() && last.start as usize == end);
        let paragraph = text.html.strip_suffix("</p>\n").map(str::len).filter(|_| !ends_with_hole);
        if let Some(end) = paragraph {
            text.html.truncate(end);
        }

        self.fresh_line();
        self.page.id_attribute("<li id=\"", &format!("fn:{number}"));
        self.page.html.push_str(">\n");
        self.page.append(text);
        if paragraph.is_none() {
            self.page.html.push_str("<p>");
        }
        for nth in 1..=self.footnotes.uses[number - 1] {
            self.page.id_attribute(r##" <a class="footnote-back" href="#"##, &back_id(number, nth));
            self.page.wording(" aria-label=\"", Wording::FootnoteBack { nth, number }, "\">");
            self.page.text("↩", Linking::Never);
            self.page.html.push_str("</a>");
        }
        self.page.html.push_str("</p>\n</li>\n");
    }
}

/// The id of the nth reference to a footnote. The colon keeps it apart from every heading's.
pub(super) fn back_id(number: usize, nth: usize) -> String {
    if nth == 1 { format!("fnref:{number}") } else { format!("fnref:{number}-{nth}") }
}

/// A footnote reference that the parser left as text, since nothing defines it: the label.
pub(super) fn missing_footnote<'t>(text: &'t str, span: Span, source: &str) -> Option<&'t str> {
    let before = source.get(..span.start)?;
    let rest = text.strip_prefix('^').filter(|_| before.ends_with('[') && !before.ends_with("\\["))?;
    let label = rest.split(']').next().unwrap_or(rest);
    let closed = source.get(span.start + 1 + label.len()..).is_some_and(|rest| rest.starts_with(']'));
    // `[^/]` and `[^\n]` are patterns.
    let is_label =
        label.contains(char::is_alphanumeric) && !label.contains(|c: char| c.is_whitespace() || c == '\\');
    (closed && is_label).then_some(label)
}
