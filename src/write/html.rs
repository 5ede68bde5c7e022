//! Raw HTML: passed through, its addresses as those of links.

use std::mem::take;
use std::ops::Range;

use super::link::LinkKind;
use super::links::is_inside;
use super::writer::Writer;
use crate::parse::gathered::Gathered;
use crate::parse::tree::{Inline, InlineKind};
use crate::text::html::unescape;
use crate::text::{Diagnostic, DiagnosticCode, Span, attributes};

impl<'a> Writer<'_, '_> {
    /// Writes an HTML block. A tag can go over several of its lines.
    pub(super) fn html_block(&mut self, lines: &[Inline<'a>]) {
        self.fresh_line();
        let mut pending = Gathered::default();
        for inline in lines {
            if let InlineKind::Html(line) = &inline.kind {
                pending.push(line, inline.span.start);
            } else {
                self.raw_html(&take(&mut pending));
                self.block_text(std::slice::from_ref(inline));
            }
        }
        self.raw_html(&pending);
    }

    /// Writes a tag among text.
    pub(super) fn raw_inline(&mut self, html: &str, span: Span) {
        let mut piece = Gathered::default();
        piece.push(html, span.start);
        self.raw_html(&piece);
    }

    fn raw_html(&mut self, html: &Gathered) {
        let Gathered { text, .. } = html;
        if text.is_empty() {
            return;
        }
        let place = |range: Range<usize>| Span::new(html.origin(range.start), html.origin(range.end));
        let mut written = 0;
        for attribute in attributes::attributes(text, self.raw.within()) {
            let start = attribute.range.start;
            if attribute.is_anchor() {
                self.anchor(attribute.value, place(start..attribute.range.end));
                continue;
            }
            for range in attribute.addresses() {
                let range = start + range.start..start + range.end;
                let destination = unescape(&text[range.clone()]);
                if !is_inside(&destination) {
                    continue;
                }
                self.page.html.push_str(&text[written..range.start]);
                let kind = if attribute.tag == "a" { LinkKind::Reference } else { LinkKind::Resource };
                self.address(&destination, kind, place(range.clone()));
                written = range.end;
            }
        }
        self.page.html.push_str(&text[written..]);
        let (source, faults) = (self.source, &mut self.done.faults);
        self.raw.follow(html, |name, span| {
            let message = format!("`</{name}>` closes what is not open here");
            let fault = Diagnostic::new(DiagnosticCode::UnopenedHtml, message).at(source, span);
            faults.push(fault.hint("it may close an element of the page around the text; take it out"));
        });
    }

    /// Closes what would hide what follows, and reports what is left open.
    pub(super) fn end_raw_html(&mut self) {
        let closing = self.raw.closing();
        self.page.html.push_str(&closing);
        for (message, span, hint) in self.raw.left_open() {
            let fault = Diagnostic::new(DiagnosticCode::UnclosedHtml, message);
            self.done.faults.push(fault.at(self.source, span).hint(hint));
        }
    }
}
