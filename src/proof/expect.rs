//! Whether a command printed what the chapter says.
//!
//! A line of nothing but `…` or `...` stands for any number of lines, and either of them within a line for any text. What
//! looks like a date, a version and so on may be another one. Empty lines, white space at the ends of lines, and how much there
//! is of it elsewhere do not count: terminals show tabs as spaces, and programs align columns. [`compare`] is the entry point.

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
pub struct FoundLine {
    printed: String,
    masked: String,
    /// With what may vary taken out even where it does not look like it.
    widely_masked: String,
}

/// Compares what a chapter says with what was printed.
pub fn compare(expected: &str, found: &str, masks: &Masks) -> Comparison {
    let is_full = |(_, line): &(usize, &str)| !line.trim().is_empty();
    let (places, expected): (Vec<usize>, Vec<ExpectedLine>) = (expected.lines().enumerate().filter(is_full))
        .map(|(at, line)| (at, ExpectedLine::new(line, masks)))
        .unzip();
    let found = found.lines().filter(|line| !line.trim().is_empty());
    let found: Vec<FoundLine> = found.map(|printed| ExpectedLine::found(printed, masks)).collect();
    // The line of the chapter, of those that are compared.
    let differs = |at: usize| {
        let after = places.last().map_or(0, |last| last + 1);
        Comparison::Differs { at: places.get(at).copied().unwrap_or(after) }
    };

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
                let Some((sign, from)) = &mut last else { return differs(furthest) };
                *from += 1;
                (at, line) = (*sign + 1, *from);
            }
        }
    }

    // All was printed if nothing is left but what stands for other lines.
    match expected[at..].iter().position(|line| !matches!(line, ExpectedLine::AnyLines)) {
        Some(more) => differs(furthest.max(at + more)),
        None => Comparison::Same,
    }
}

/// Whether two texts have the same words, in whatever order and lines: names that are listed.
pub fn has_same_words(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    sorted(one) == sorted(other)
}

impl ExpectedLine {
    /// Makes the forms of a line of a chapter.
    pub fn new(line: &str, masks: &Masks) -> Self {
        match LEFT_OUT.contains(&line.trim()) {
            true => ExpectedLine::AnyLines,
            false => {
                let written = spaced(line);
                ExpectedLine::Line { masked: masks.apply(&written), written }
            }
        }
    }

    /// Makes the forms of a line that was printed.
    pub fn found(printed: &str, masks: &Masks) -> FoundLine {
        let printed = spaced(printed);
        FoundLine { masked: masks.apply(&printed), widely_masked: masks.apply_widely(&printed), printed }
    }

    /// Whether a line was printed as this says.
    pub fn matches(&self, found: &FoundLine) -> bool {
        match self {
            ExpectedLine::AnyLines => false,
            ExpectedLine::Line { written, masked } => {
                let forms =
                    [(written, &found.printed), (masked, &found.masked), (masked, &found.widely_masked)];
                forms.iter().any(|(expected, found)| fits(expected, found))
            }
        }
    }
}

impl FoundLine {
    /// Whether two lines that were printed count as the same.
    pub fn is_same(&self, other: &FoundLine) -> bool {
        self.masked == other.masked
    }
}

/// A line with one space for all white space that is next to each other, and none at its end. A shell that somebody has logged
/// in to has a sign before its name.
fn spaced(line: &str) -> String {
    let line = if line.starts_with("-bash: ") { &line[1..] } else { line };
    let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    quoted(if line.starts_with(char::is_whitespace) { format!(" {words}") } else { words })
}

/// A line with the same quotes around each name: GNU programs write `‘name’`, `'name'` or `` `name' ``, by their age and the
/// language of the terminal. Two backticks, as in scripts, stay.
fn quoted(line: String) -> String {
    let mut rest = line.as_str();
    let mut text = String::new();
    while let Some((before, after)) = rest.split_once(['`', '‘']) {
        let end = after.find(['`', '‘', '\'', '’']).filter(|end| after[*end..].starts_with(['\'', '’']));
        text.push_str(before);
        match end {
            Some(end) => {
                let close = after[end..].chars().next().map_or(0, char::len_utf8);
                text.extend(["'", &after[..end], "'"]);
                rest = &after[end + close..];
            }
            None => {
                text.push_str(&rest[before.len()..rest.len() - after.len()]);
                rest = after;
            }
        }
    }
    if text.is_empty() { line } else { text + rest }
}

/// Whether a line is as a pattern says, in which `…` and `...` stand for any text. That may be none: then the spaces on both
/// sides are one.
fn fits(pattern: &str, line: &str) -> bool {
    let pattern = pattern.replace("...", "…");
    let mut parts = pattern.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(last) = parts.next_back() else { return line == pattern };

    // What is left of the line, with the space before it if there is one.
    let Some(mut rest) = line.strip_prefix(first).map(|rest| with_space(line, rest)) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = with_space(rest, &rest[at + part.len()..]);
    }
    rest.ends_with(last)
}

/// The end of a text, with the space before it if there is one.
fn with_space<'t>(text: &'t str, end: &str) -> &'t str {
    let at = text.len() - end.len();
    &text[at - usize::from(text[..at].ends_with(' '))..]
}
