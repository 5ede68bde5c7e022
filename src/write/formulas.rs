//! Formulas.

use super::buffer::Linking;
use super::writer::Writer;
use crate::parse::tree::MathStyle;
use crate::text::Span;
use crate::write::markup::Hole;

impl Writer<'_, '_> {
    /// Writes a formula, or its text where it cannot be shown.
    pub(super) fn formula(&mut self, latex: &str, style: MathStyle, span: Span) {
        match self.math.convert(latex, style) {
            Ok(formula) => {
                for label in &formula.anchors {
                    self.anchor(label, span);
                }

                let (before, after) = match style {
                    MathStyle::Display => ("<span class=\"math-display\">", "</span>"),
                    MathStyle::Inline => ("", ""),
                };
                self.page.html.push_str(before);
                self.page.hole(Hole::Math(Box::new(formula)));
                self.page.html.push_str(after);
            }
            Err(error) => {
                self.page.html.push_str("<code class=\"math-error\">");
                self.page.text(&self.source.text[span.start..span.end], Linking::Never);
                self.page.html.push_str("</code>");
                self.done.diagnostics.push(error.report(latex, self.source, span));
            }
        }
    }
}
