//! Diagrams.

use super::Writer;
use super::measure::words;
use crate::parse::code::attribute;
use crate::parse::diagram;
use crate::text::html::escape;
use crate::text::{Code, Diagnostic, Span};

impl Writer<'_, '_> {
    /// Writes a block that is a diagram. False if it is none, or one that cannot be drawn.
    pub(super) fn diagram(&mut self, info: &str, text: &str, span: Span) -> bool {
        let language = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
        if !language.eq_ignore_ascii_case("mermaid") {
            return false;
        }
        let (title, alt) = (attribute(info, "title"), attribute(info, "alt"));
        let drawing = match diagram::draw(text, self.diagrams + 1, alt.as_deref().or(title.as_deref())) {
            Ok(drawing) => drawing,
            Err(fault) => {
                let place = fault.line.map_or(span, |line| self.line_of(span, line));
                self.done.faults.push(
                    Diagnostic::new(Code::Diagram, format!("this diagram cannot be drawn: {}", fault.message))
                        .at(self.source, place)
                        .hint("its source stands in its place"),
                );
                return false;
            }
        };
        self.diagrams += 1;
        if drawing.description.is_none() {
            self.done.faults.push(
                Diagnostic::new(Code::UndescribedDiagram, "this diagram has no text for those who do not see it")
                    .at(self.source, self.line_of(span, 0))
                    .hint("say what it shows: `alt=\"…\"` behind `mermaid`, or a line `accDescr: …` in it"),
            );
        }
        self.done.words += words(&diagram::words(&drawing.svg));
        let caption = title.map(|title| format!("<figcaption>{}</figcaption>\n", escape(&title)));
        self.close_tabs();
        self.line("<figure class=\"diagram\">");
        self.page.html.push_str(&format!("{}\n{}</figure>\n", drawing.svg, caption.unwrap_or_default()));
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
