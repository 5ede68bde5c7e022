//! Math: LaTeX between dollar signs → MathML, when the book says `math: true`.
//!
//! The library writes `style` attributes where MathML has no attributes of its own. A content security policy forbids
//! them, so they become classes, for which the theme has rules, or attributes of MathML.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use crate::parse::tree::MathStyle;
use crate::text::attributes::{self, Attribute};
use crate::text::diagnostic::in_our_style;
use crate::text::html::{Within, escape};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span};

/// A formula, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Formula {
    /// As MathML; a reference to an equation is a link instead.
    pub mathml: String,
    /// As its author wrote it, for search.
    pub latex: String,
    /// The ids that equations in it have.
    pub anchors: Vec<String>,
    /// Where ids begin in the MathML.
    pub ids: Vec<usize>,
}

/// What is wrong with a formula.
#[derive(Debug, PartialEq, Eq)]
pub struct MathError {
    /// What it is.
    pub message: String,
    /// Which bytes of the formula it is about.
    pub at: Range<usize>,
}

impl MathError {
    /// Reports it for a formula at a place of a chapter that includes its dollar signs.
    pub fn report(&self, latex: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
        // A formula on several lines of a quote is not in the file as it is.
        let inside = source.text[span.start..span.end].find(latex).map(|at| span.start + at);
        let place = inside.map_or(span, |start| Span::new(start + self.at.start, start + self.at.end));
        Diagnostic::new(
            DiagnosticCode::InvalidMath,
            format!("this formula cannot be shown: {}", self.message),
        )
        .at(source, place)
        .hint("its text is shown in its place; write `\\$` for a dollar")
    }
}

/// How many parts a formula has at most. They can be nested, and are read by a function that calls itself.
const MOST_PARTS: usize = 600;

/// Converts the formulas of one chapter. Numbered equations are counted through it.
#[derive(Debug, Default)]
pub struct Converter(LatexToMathML);

impl Converter {
    /// A converter that has counted no equation yet.
    pub fn new() -> Self {
        // Only macros could be wrong, and there are none.
        Converter(LatexToMathML::new(MathCoreConfig::default()).unwrap_or_default())
    }

    /// Converts a formula, for a line of its own or within a text.
    ///
    /// # Errors
    /// The first error in it.
    pub fn convert(&mut self, latex: &str, style: MathStyle) -> Result<Formula, MathError> {
        let whole = |message: String| MathError { message, at: 0..latex.len() };
        if latex.bytes().filter(|byte| b"\\{^_".contains(byte)).count() > MOST_PARTS {
            return Err(whole(format!("it has more than {MOST_PARTS} commands, groups and indices")));
        }

        let display = match style {
            MathStyle::Display => MathDisplay::Block,
            MathStyle::Inline => MathDisplay::Inline,
        };

        let done = self.0.convert_with_global_state(latex, display).map_err(|error| {
            let start = latex.floor_char_boundary(error.0.start);
            let end = latex.ceil_char_boundary(error.0.end).max(start);
            MathError { message: in_our_style(&error.error_message()), at: start..end }
        })?;
        if done.warnings.has_undefined_references() {
            return Err(whole("it refers to an equation that has no such label above it".to_owned()));
        }

        let mathml = without_styles(&done.mathml)
            .map_err(|style| whole(format!("a page has no form for `{style}`, which is part of it")))?;

        // Links in MathML cannot be reached by the keyboard: a formula is a link as a whole, or has none.
        let reference = mathml.strip_prefix("<math><mtext><a ");
        let mathml = match reference.and_then(|link| link.strip_suffix("</a></mtext></math>")) {
            Some(link) => format!("<a {link}</a>"),
            None => {
                let named = format!("<math alttext=\"{}\"", escape(latex.trim()));
                attributes::without_links(&mathml).replacen("<math", &named, 1)
            }
        };

        let latex = latex.trim().to_owned();
        // Only labels and references have ids.
        if !mathml.contains(" id=\"") && !mathml.contains("href=\"#") {
            return Ok(Formula { mathml, latex, anchors: Vec::new(), ids: Vec::new() });
        }

        let found = attributes::attributes(&mathml, Within::Text).into_iter();
        let anchors = found.filter(Attribute::is_anchor).map(|label| label.value.to_owned()).collect();
        let ids = attributes::id_places(&mathml);
        Ok(Formula { mathml, latex, anchors, ids })
    }
}

/// The classes for declarations of the library's. Some declarations are implied by others.
const CLASSES: &[(&str, &str)] = &[
    ("border-left: 0.05em dashed currentcolor", "math-dashed-left"),
    ("border-left: 0.05em solid currentcolor", "math-line-left"),
    ("border-right: 0.05em dashed currentcolor", "math-dashed-right"),
    ("border-right: 0.05em solid currentcolor", "math-line-right"),
    ("border-top: 0.05em dashed currentcolor", "math-dashed-top"),
    ("border-top: 0.05em solid currentcolor", "math-line-top"),
    ("font-variant-caps: small-caps", "math-small-caps"),
    ("justify-items: end", ""),
    ("justify-items: start", ""),
    ("margin-left: -0.1667em", "math-back-3"),
    ("margin-left: -0.2222em", "math-back-4"),
    ("margin-left: -0.2778em", "math-back-5"),
    ("math-shift: compact", "math-compact"),
    ("padding-bottom: 0", ""),
    ("padding-left: 0", "math-pad-left-0"),
    ("padding-left: 0.1667em", "math-pad-left-3"),
    ("padding-left: 0.1em", "math-rule"),
    ("padding-left: 0.2222em", "math-pad-left-4"),
    ("padding-left: 0.2778em", "math-pad-left-5"),
    ("padding-left: 1em", "math-pad-left-18"),
    ("padding-right: 0", "math-pad-right-0"),
    ("padding-right: 0.1667em", "math-pad-right-3"),
    ("padding-right: 0.1em", ""),
    ("padding-right: 0.2222em", "math-pad-right-4"),
    ("padding-right: 0.2778em", "math-pad-right-5"),
    ("padding-top: 0", "math-tight"),
    ("padding-top: 0.1667em", "math-pad-top-3"),
    ("text-align: left", "math-left"),
    ("text-align: right", "math-right"),
    ("width: 100%", "math-wide"),
    ("width: 50%", "math-half"),
    ("width: 7.5%", "math-edge"),
];

/// Writes classes and attributes for styles.
///
/// # Errors
/// The declaration that has no class.
fn without_styles(mathml: &str) -> Result<String, String> {
    let mut out = String::with_capacity(mathml.len());
    // Text holds no `<`, and an attribute of the library's no `>`.
    for piece in mathml.split_inclusive('>') {
        let (text, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
        out.push_str(text);

        let tag = match tag.split_once(" scriptlevel=\"") {
            // HTML does not allow it on a table, where it is inherited anyway.
            Some((before, rest)) if before.starts_with("<mtable") => {
                &format!("{before}{}", rest.split_once('"').map_or(rest, |(_, after)| after))
            }
            _ => tag,
        };

        match tag.split_once(" style=\"").and_then(|(before, rest)| Some((before, rest.split_once('"')?))) {
            None => out.push_str(tag),
            Some((before, (style, after))) => {
                out.push_str(before);
                write_style(&mut out, style)?;
                out.push_str(after);
            }
        }
    }
    Ok(out)
}

/// Writes the attributes and classes for a style.
fn write_style(out: &mut String, style: &str) -> Result<(), String> {
    let mut classes = Vec::new();
    for declaration in style.split(';').filter(|declaration| !declaration.trim().is_empty()) {
        let (property, value) = declaration.split_once(':').unwrap_or((declaration, ""));
        let (property, value) = (property.trim(), value.trim());
        let attribute = match property {
            "color" => "mathcolor",
            "font-size" => "mathsize",
            // The attribute `width` says the same.
            "width" if value.ends_with("rem") => continue,
            _ => {
                let declaration = format!("{property}: {value}");
                let known = CLASSES.binary_search_by(|(known, _)| (*known).cmp(&declaration));
                classes.push(CLASSES[known.map_err(|_| declaration)?].1);
                continue;
            }
        };
        write!(out, " {attribute}=\"{value}\"").expect("writing to a String cannot fail");
    }

    classes.retain(|class| !class.is_empty());
    if !classes.is_empty() {
        write!(out, " class=\"{}\"", classes.join(" ")).expect("writing to a String cannot fail");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mathml(latex: &str) -> String {
        Converter::new()
            .convert(latex, MathStyle::Display)
            .unwrap_or_else(|error| panic!("{latex}: {error:?}"))
            .mathml
    }

    #[test]
    fn classes_are_in_order() {
        assert!(CLASSES.is_sorted());
    }

    #[test]
    fn a_formula_has_an_end() {
        let nested = |depth: usize| format!("{}x{}", "{".repeat(depth), "}".repeat(depth));
        assert!(Converter::new().convert(&nested(MOST_PARTS), MathStyle::Inline).is_ok());
        for latex in [nested(MOST_PARTS + 1), "x_1^2".repeat(100_000), r"\frac".repeat(MOST_PARTS + 1)] {
            let error = Converter::new().convert(&latex, MathStyle::Inline).expect_err("too much");
            assert!(error.message.contains("600") && error.at == (0..latex.len()), "{}", error.message);
        }
    }

    #[test]
    fn no_style_is_left() {
        for latex in [
            r"\begin{cases} a & b \\ c & d \end{cases}",
            r"\begin{align} a &= b \\ c &= d \tag{x} \end{align}",
            r"\begin{align*} a &= b \\ c &= d \end{align*}",
            r"\begin{multline} a \\ b \\ c \end{multline}",
            r"\begin{array}{|l|c:r|} \hline a & b & c \\ \hline \hdashline d & e & f \end{array}",
            r"\sum_{\substack{0<i<m \\ 0<j<n}} P(i,j)",
            r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
            r"a \! b \, c \quad d \hspace{1em} e \hspace{2rem}",
            r"\color{red} x \textcolor{#123456}{y}",
            r"\cfrac{1}{2} \sqrt{x} \text{\textsc{a} b} \cramped{x^2} \mathclap{x} \mathllap{y}",
            r"x \equiv y \pmod{n} \text{ style=`a'}",
        ] {
            match Converter::new().convert(latex, MathStyle::Display) {
                Ok(formula) => assert!(
                    !formula.mathml.contains("<m style")
                        && !formula.mathml.split('>').any(|tag| tag.contains(" style=\"")),
                    "{}",
                    formula.mathml
                ),
                Err(error) => assert!(!error.message.contains("a page has no form"), "{latex}: {error:?}"),
            }
        }
    }

    #[test]
    fn a_formula_says_itself() {
        assert_eq!(
            mathml("a < b"),
            "<math alttext=\"a &lt; b\" display=\"block\"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>"
        );
    }

    #[test]
    fn references_are_links() {
        let mut converter = Converter::new();
        let equation = r"\begin{align} a &= b \label{eq:x} \end{align}";
        converter.convert(equation, MathStyle::Display).expect("an equation");
        let mut reference = |latex| converter.convert(latex, MathStyle::Inline).expect("a reference").mathml;
        assert_eq!(reference(r"\eqref{eq:x}"), "<a href=\"#eq:x\">(1)</a>");
        assert!(!reference(r"x + \eqref{eq:x}").contains("<a "));
    }

    #[test]
    fn errors_have_their_place() {
        let error = Converter::new().convert(r"a + \nonsense{x}", MathStyle::Inline).expect_err("an error");
        assert_eq!(error.at, 4..13, "{error:?}");
        let error = Converter::new().convert(r"a \hspace{-3em} b", MathStyle::Inline).expect_err("an error");
        assert_eq!(error.at, 0..17, "{error:?}");
    }
}
