//! Whether a command printed what the chapter says.
//!
//! A line of nothing but `…` or `...` stands for any number of lines, and either of them within a line for any text. What
//! looks like a date, a version and so on may be another one. White space at the ends of lines, and empty lines at the end,
//! do not count. [`compare`] is the entry point.

use super::masks::Masks;

/// The signs that stand for what is left out.
const LEFT_OUT: [&str; 2] = ["…", "..."];

/// What came of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It was printed as the chapter says.
    Same,
    /// It was not.
    Differs {
        /// The number of the first line of the chapter that was not printed, from 0; their count, if there was more.
        at: usize,
    },
}

/// A line of a chapter, in the forms in which it is compared.
pub enum ExpectedLine {
    /// Any number of lines.
    AnyLines,
    /// A line.
    Line {
        /// As it is written.
        written: String,
        /// With what may vary taken out.
        masked: String,
    },
}

/// A line that was printed, in the same forms.
pub struct FoundLine<'t> {
    printed: &'t str,
    masked: String,
}

/// Compares what a chapter says with what was printed.
pub fn compare(expected: &str, found: &str, masks: &Masks) -> Comparison {
    let expected: Vec<ExpectedLine> =
        expected.trim_end().lines().map(|line| ExpectedLine::new(line.trim_end(), masks)).collect();
    let found = found.trim_end().lines().map(str::trim_end);
    let found: Vec<FoundLine<'_>> = found.map(|printed| ExpectedLine::found(printed, masks)).collect();

    // The usual way to compare with a pattern: on a difference, what was left out last takes one line more.
    let (mut at, mut line) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    let mut furthest = 0;
    while line < found.len() {
        match expected.get(at) {
            Some(ExpectedLine::AnyLines) => {
                last = Some((at, line));
                at += 1;
            }
            Some(expected) if expected.matches(&found[line]) => {
                at += 1;
                line += 1;
            }
            _ => {
                furthest = furthest.max(at);
                let Some((sign, from)) = &mut last else { return Comparison::Differs { at: furthest } };
                *from += 1;
                (at, line) = (*sign + 1, *from);
            }
        }
    }

    // All was printed if nothing is left but what stands for other lines.
    match expected[at..].iter().position(|line| !matches!(line, ExpectedLine::AnyLines)) {
        Some(more) => Comparison::Differs { at: furthest.max(at + more) },
        None => Comparison::Same,
    }
}

impl ExpectedLine {
    /// Makes the forms of a line of a chapter.
    pub fn new(line: &str, masks: &Masks) -> Self {
        match LEFT_OUT.contains(&line.trim()) {
            true => ExpectedLine::AnyLines,
            false => ExpectedLine::Line { written: line.to_owned(), masked: masks.apply(line) },
        }
    }

    /// Makes the forms of a line that was printed.
    pub fn found<'t>(printed: &'t str, masks: &Masks) -> FoundLine<'t> {
        FoundLine { printed, masked: masks.apply(printed) }
    }

    /// Whether a line was printed as this says.
    pub fn matches(&self, found: &FoundLine<'_>) -> bool {
        match self {
            ExpectedLine::AnyLines => false,
            ExpectedLine::Line { written, masked } => {
                fits(written, found.printed) || fits(masked, &found.masked)
            }
        }
    }
}

/// Whether a line is as a pattern says, in which `…` and `...` stand for any text.
fn fits(pattern: &str, line: &str) -> bool {
    let pattern = pattern.replace("...", "…");
    let mut parts = pattern.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(last) = parts.next_back() else { return line == pattern };

    let Some(rest) = line.strip_prefix(first) else { return false };
    let Some(mut rest) = rest.strip_suffix(last) else { return false };
    for part in parts {
        let Some(found) = rest.find(part) else { return false };
        rest = &rest[found + part.len()..];
    }
    true
}
