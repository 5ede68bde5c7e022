//! Diagrams.

use super::buffer::Linking;
use super::writer::Writer;
use crate::parse::info::Info;
use crate::text::{Diagnostic, DiagnosticCode, Span};
use crate::write::code_block::{CodeBlock, locate};
use crate::write::diagram::{self, Drawing};
use crate::write::markup::Hole;

impl Writer<'_, '_> {
    /// Writes a block that is a diagram, as code if it cannot be drawn.
    pub(super) fn diagram(&mut self, info: &Info, text: &str, span: Span) {
        for (option, diagnostic) in &info.diagnostics {
            self.done.diagnostics.push(diagnostic.clone().at(self.source, locate(option, self.source, span)));
        }
        let title = info.title.as_deref();
        match diagram::draw(text, self.diagrams + 1, info.alt.as_deref().or(title)) {
            Ok(drawing) => self.drawing(drawing, title, span),
            Err(error) => {
                let place = error.line.map_or(span, |line| self.line_of(span, line));
                let diagnostic = Diagnostic::new(DiagnosticCode::InvalidDiagram, error.message);
                self.done.diagnostics.push(diagnostic.at(self.source, place).hint(error.hint));

                self.fresh_line();
                let code = CodeBlock {
                    name: "mermaid".to_owned(),
                    text: text.to_owned(),
                    title: info.title.clone(),
                    ..CodeBlock::default()
                };
                self.page.hole(Hole::Code(Box::new(code)));
            }
        }
    }

    fn drawing(&mut self, drawing: Drawing, title: Option<&str>, span: Span) {
        self.diagrams += 1;
        for line in &drawing.links {
            let message = "parts of a diagram cannot be links; this line is left out";
            let diagnostic = Diagnostic::new(DiagnosticCode::InvalidDiagram, message);
            let hint = "link to it in the text below the diagram";
            self.done.diagnostics.push(diagnostic.at(self.source, self.line_of(span, *line)).hint(hint));
        }
        if drawing.description.is_none() {
            let message = "this diagram has no text for those who do not see it";
            let diagnostic = Diagnostic::new(DiagnosticCode::MissingDescription, message);
            let hint = "say what it shows: `alt=\"…\"` after `mermaid`, or a line `accDescr: …` in it";
            self.done.diagnostics.push(diagnostic.at(self.source, self.line_of(span, 0)).hint(hint));
        }

        self.text.push_str(&drawing.text);
        if title.is_some() {
            self.line("<figure>");
        }
        self.line("<div class=\"diagram\">");
        self.page.hole(Hole::Diagram(Box::new(drawing)));
        self.page.html.push_str("</div>\n");
        if let Some(title) = title {
            self.begin("<figcaption>");
            self.page.text(title, Linking::Allowed);
            self.page.html.push_str("</figcaption>\n</figure>\n");
        }
    }

    /// A line of a fenced block, counted from its fence, without the white space around it.
    fn line_of(&self, block: Span, number: usize) -> Span {
        let text = &self.source.text[block.start..block.end];
        let start = text.split_inclusive('\n').take(number).map(str::len).sum::<usize>();
        let line = text[start..].lines().next().unwrap_or_default();
        let start = block.start + start + (line.len() - line.trim_start().len());
        Span::new(start, start + line.trim().len())
    }
}
