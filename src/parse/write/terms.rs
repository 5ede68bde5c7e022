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
        let mut from = 0;
        while let Some(end) = self.page.html[from..].find(MARK).map(|at| from + at) {
            from = end + MARK.len();
            let html = &self.page.html;
            let Some(start) = html[..end].rfind('[') else { continue };
            let Some(term) = without_elements(&html[start + 1..end]) else { continue };
            let rest = html[from..].to_owned();
            self.page.html.truncate(start);
            let plain = unescape(&term);
            if let Opening::Reading(opening) = &mut self.opening {
                *opening = opening.replace(&format!("[{plain}{MARK}"), &plain);
            }
            // The text stands before this place; the nearest one is it.
            let written = &self.source.text[..span.end.min(self.source.text.len())];
            let begin = written.rfind(&format!("[{plain}]")).unwrap_or(span.start);
            let place = Span::new(begin, span.end.max(begin));
            self.done.marked.push(Marked { text: term.clone(), span: place });
            self.page.hole(Segment::Term(term));
            self.page.html.push_str(&rest);
            from = 0;
        }
    }
}

/// Text with elements as text alone; `None` if it is not whole, or empty.
fn without_elements(html: &str) -> Option<String> {
    let (mut text, mut open) = (String::new(), 0_usize);
    for (at, piece) in html.split('<').enumerate() {
        let (tag, behind) = if at > 0 { piece.split_once('>')? } else { ("", piece) };
        text.push_str(behind);
        if tag.starts_with('/') {
            open = open.checked_sub(1)?;
        } else if at > 0 {
            open += 1;
        }
    }
    (open == 0 && !text.trim().is_empty()).then_some(text)
}
