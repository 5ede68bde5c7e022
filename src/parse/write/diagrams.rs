//! Diagrams.

use super::Writer;
use crate::parse::code::{self, CodeBlock, attribute};
use crate::parse::diagram;
use crate::parse::document::Segment;
use crate::text::html::escape;
use crate::text::{Diagnostic, DiagnosticCode, Span};

impl Writer<'_, '_> {
    /// Writes a block that is a diagram, as code if it cannot be drawn. False if it is none.
    pub(super) fn diagram(&mut self, info: &str, text: &str, span: Span) -> bool {
        let language = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
        if !language.eq_ignore_ascii_case("mermaid") {
            return false;
        }
        let (title, alt) = (attribute(info, "title"), attribute(info, "alt"));
        for word in
            code::more_words(info).filter(|word| !word.starts_with("title=") && !word.starts_with("alt="))
        {
            let fault =
                Diagnostic::new(DiagnosticCode::UnknownWord, format!("`{word}` means nothing for a diagram"));
            let place = code::locate(word, self.source, span);
            self.done.faults.push(fault.at(self.source, place).hint("known words: `title=`, `alt=`"));
        }
        let drawing = match diagram::draw(text, self.diagrams + 1, alt.as_deref().or(title.as_deref())) {
            Ok(drawing) => drawing,
            Err(fault) => {
                let place = fault.line.map_or(span, |line| self.line_of(span, line));
                self.done.faults.push(
                    Diagnostic::new(
                        DiagnosticCode::InvalidDiagram,
                        format!("this diagram cannot be drawn: {}", fault.message),
                    )
                    .at(self.source, place)
                    .hint("its source stands in its place"),
                );
                self.fresh_line();
                let code = CodeBlock {
                    name: "mermaid".to_owned(),
                    text: text.to_owned(),
                    title,
                    ..CodeBlock::default()
                };
                self.page.hole(Segment::Code(Box::new(code)));
                return true;
            }
        };
        self.diagrams += 1;
        for line in &drawing.links {
            self.done.faults.push(
                Diagnostic::new(
                    DiagnosticCode::InvalidDiagram,
                    "parts of a diagram cannot be links; this line is left out",
                )
                .at(self.source, self.line_of(span, *line))
                .hint("link to it in the text below the diagram"),
            );
        }
        if drawing.description.is_none() {
            self.done.faults.push(
                Diagnostic::new(
                    DiagnosticCode::MissingDescription,
                    "this diagram has no text for those who do not see it",
                )
                .at(self.source, self.line_of(span, 0))
                .hint("say what it shows: `alt=\"…\"` behind `mermaid`, or a line `accDescr: …` in it"),
            );
        }
        self.text.push_str(&drawing.text);
        if title.is_some() {
            self.line("<figure>");
        }
        self.line("<div class=\"diagram\">");
        self.page.hole(Segment::Diagram(Box::new(drawing)));
        self.page.html.push_str("</div>\n");
        if let Some(title) = title.as_deref().map(escape) {
            self.line(&format!("<figcaption>{title}</figcaption>\n</figure>"));
        }
        true
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
