//! Terms: those that a glossary defines, and those that the author marked.

use super::Writer;
use crate::parse::document::Segment;
use crate::parse::glossary::Marked;
use crate::text::Span;
use crate::text::html::escape;

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

    /// Makes a hole of a marked term.
    pub(super) fn marked_term(&mut self, term: &str, span: Span) {
        if self.plain(term) {
            self.done.marked.push(Marked { text: term.to_owned(), span });
            self.page.hole(Segment::Term(escape(term)));
        }
    }
}
