//! Code blocks that are copies.

use super::writer::Writer;
use crate::parse::origin::Origin;
use crate::text::{Diagnostic, DiagnosticCode, Span};
use crate::write::code_block::{CodeBlock, locate};
use crate::write::excerpt::{self, Side, Stale};

impl Writer<'_, '_> {
    /// Compares a block with the file that it is a copy of. A block whose info string has an error is only counted,
    /// since it may be a copy of something else.
    pub(super) fn compare_copy(&mut self, block: &mut CodeBlock, span: Span) {
        if block.origin == Origin::default() {
            return;
        }
        self.done.copies += 1;
        if block.is_misread {
            return;
        }

        let side = if block.diff { Side::New } else { Side::Whole };
        match excerpt::compare(&block.text, side, &block.origin, &self.options.sources, self.recorder) {
            Ok(compared) => {
                block.url = compared.url;
                if let Some(wanted) = compared.wanted {
                    self.outdated_copy(block, span, wanted);
                }
            }
            Err(diagnostic) => {
                self.done.diagnostics.push(diagnostic.at(self.source, self.origin_span(block, span)))
            }
        }
    }

    /// Reports a block that is not what its file holds, and keeps it for `bindery sync`.
    fn outdated_copy(&mut self, block: &CodeBlock, span: Span, wanted: String) {
        let file = block.origin.file.clone().unwrap_or_default();
        let message = format!("this block differs from `{file}`");
        let diagnostic = Diagnostic::new(DiagnosticCode::OutdatedCopy, message)
            .at(self.source, self.origin_span(block, span))
            .hint("`bindery sync` shows the difference, and `bindery sync --write` updates the block");

        self.done.diagnostics.push(diagnostic);
        self.done.stale.push(Stale { span, file, text: block.text.clone(), wanted });
    }

    /// Where a block says what it is a copy of.
    fn origin_span(&self, block: &CodeBlock, span: Span) -> Span {
        let Origin { file, region, lines, rev, source } = &block.origin;
        let first = [
            (file.is_some(), "file="),
            (region.is_some(), "region="),
            (!lines.is_empty(), "lines="),
            (rev.is_some(), "rev="),
            (source.is_some(), "source="),
        ];
        let key = first.iter().find(|(is_set, _)| *is_set).map_or("", |(_, key)| key);

        let found = locate(key, self.source, span);
        let line = &self.source.text[found.start..];
        let length = line.find(|c: char| c.is_whitespace()).unwrap_or(line.len());
        Span::new(found.start, found.start + length)
    }
}
