//! Formulas.

use super::Writer;
use crate::parse::document::Segment;
use crate::parse::raw_html;
use crate::parse::tree::MathStyle;
use crate::text::Span;
use crate::text::html::Within;
use crate::text::html::escape_into;

impl Writer<'_, '_> {
    /// Writes a formula, or its text where it cannot be shown.
    pub(super) fn formula(&mut self, latex: &str, style: MathStyle, span: Span) {
        let is_display = style == MathStyle::Display;
        match self.math.convert(latex, is_display) {
            Ok(formula) => {
                for label in
                    raw_html::attributes(&formula.mathml, Within::Text).iter().filter(|name| name.is_anchor())
                {
                    self.anchor(label.value, span);
                }
                let (before, after) =
                    if is_display { ("<span class=\"math-display\">", "</span>") } else { ("", "") };
                self.page.html.push_str(before);
                self.page.hole(Segment::Math(Box::new(formula)));
                self.page.html.push_str(after);
            }
            Err(fault) => {
                self.page.html.push_str("<code class=\"math-fault\">");
                escape_into(&mut self.page.html, &self.source.text[span.start..span.end]);
                self.page.html.push_str("</code>");
                self.done.faults.push(fault.report(latex, self.source, span));
            }
        }
    }
}
