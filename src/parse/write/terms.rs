//! Terms: those that a glossary defines, and those that the author marked.

use super::Writer;
use super::measure::Opening;
use crate::parse::document::Segment;
use crate::parse::glossary::Marked;
use crate::text::Span;
use crate::text::html::{escape, unescape};

/// What stands behind the text of a marked term.
pub(super) const MARK: &str = "]{.term}";

impl Writer<'_, '_> {
    /// Begins a title in a definition list, which has an id in a glossary.
    pub(super) fn defined_term(&mut self, span: Span) {
        match self.term_ids.next() {
            None => self.begin("<dt>"),
            Some(id) => {
                self.begin(&format!("<dt id=\"{}\">", escape(&id)));
                self.anchor(&id, span);
            }
        }
    }

    /// Makes a hole of a marked term, `[term]{.term}`, whose end was just written.
    pub(super) fn marked_term(&mut self, text: &str, span: Span) {
        if !self.has_marked_terms || !text.contains("{.term}") {
            return;
        }
        while let Some(end) = self.page.html.find(MARK) {
            let html = &self.page.html;
            let Some(start) = html[..end].rfind('[') else { return };
            let (term, rest) = (html[start + 1..end].to_owned(), html[end + MARK.len()..].to_owned());
            if term.trim().is_empty() || term.contains(['<', '>']) {
                return;
            }
            self.page.html.truncate(start);
            let plain = unescape(&term);
            if let Opening::Reading(opening) = &mut self.opening {
                *opening = opening.replace(&format!("[{plain}{MARK}"), &plain);
            }
            // The text stands before this place; the nearest one is it.
            let written = &self.source.text[..span.end.min(self.source.text.len())];
            let from = written.rfind(&format!("[{plain}]")).unwrap_or(span.start);
            let place = Span::new(from, span.end.max(from));
            self.done.marked.push(Marked { text: term.clone(), span: place });
            self.page.hole(Segment::Term(term));
            self.page.html.push_str(&rest);
        }
    }
}
