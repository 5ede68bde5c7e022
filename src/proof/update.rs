//! What a chapter shows of commands, as they printed it: the changes of its lines. Pure.
//!
//! Lines that count as the same stay as they are, with what they leave out and with values that may vary. A line of `…` stays,
//! and so does what it stands for: nothing is written there. [`edits`] is the entry point.

use std::ops::Range;

use super::expect::{ExpectedLine, FoundLine};
use super::masks::Masks;
use super::steps::PrintedLines;
use crate::parse::console;
use crate::text::Source;
use crate::text::line_diff::{self, DiffStretch};

/// A change of a chapter's text: these bytes are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// Whole lines.
    pub range: Range<usize>,
    /// The new ones.
    pub text: String,
}

/// What is done with the lines that a chapter shows, and with those that were printed.
enum LineChange {
    /// A line stays.
    Keep(usize),
    /// A line goes.
    Remove(usize),
    /// These printed lines come, before the next one that stays or goes.
    Add(Range<usize>),
}

/// The changes that make a chapter show what a command printed. Values are put back into their placeholders.
///
/// # Errors
/// Why it cannot be shown so.
pub fn edits(
    source: &Source,
    shown: &PrintedLines,
    printed: &str,
    masks: &Masks,
    placeholders: &[(String, String)],
) -> Result<Vec<TextEdit>, &'static str> {
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let shown_lines: Vec<&str> = shown.text.lines().collect();
    if shown.spans.len() != shown_lines.len() || shown_lines.is_empty() {
        return Err("it is not known where it is shown");
    }

    // The place of each line, with what is before it on the same line of the chapter.
    let line_of = |at: usize| source.position(shown.spans[at].start).line;
    let start_of = |at: usize| source.offset(line_of(at), 1);
    let end_of = |at: usize| match source.text[shown.spans[at].end..].find('\n') {
        Some(end) => shown.spans[at].end + end + 1,
        None => source.text.len(),
    };
    let before = &source.text[start_of(0)..shown.spans[0].start];
    let end = if source.text.contains("\r\n") { "\r\n" } else { "\n" };

    let mut edits: Vec<TextEdit> = Vec::new();
    let mut next = start_of(0);
    for change in changes(&shown_lines, &printed, masks) {
        match change {
            LineChange::Keep(at) => next = end_of(at),
            LineChange::Remove(at) => {
                edits.push(TextEdit { range: start_of(at)..end_of(at), text: String::new() });
                next = end_of(at);
            }
            LineChange::Add(lines) => {
                let text = printed[lines].iter().map(|line| with_placeholders(line, placeholders));
                let text: String =
                    text.map(|line| format!("{}{end}", format!("{before}{line}").trim_end())).collect();
                edits.push(TextEdit { range: next..next, text });
            }
        }
    }
    match edits.iter().flat_map(|edit| edit.text.lines()).any(is_misread) {
        true => Err("a line of it would be read as something else, such as a prompt"),
        false => Ok(edits),
    }
}

/// What becomes of the lines that are shown and printed, in order. Empty lines are not compared.
fn changes(shown: &[&str], printed: &[&str], masks: &Masks) -> Vec<LineChange> {
    let full = |lines: &[&str]| -> Vec<usize> {
        (0..lines.len()).filter(|at| !lines[*at].trim().is_empty()).collect()
    };
    let (shown_at, printed_at) = (full(shown), full(printed));
    let expected: Vec<ExpectedLine> =
        shown_at.iter().map(|at| ExpectedLine::new(shown[*at], masks)).collect();
    let found: Vec<FoundLine> =
        printed_at.iter().map(|at| ExpectedLine::found(printed[*at], masks)).collect();

    // Lines that count as the same get the same number.
    let of_found: Vec<usize> = found
        .iter()
        .map(|line| found.iter().position(|other| line.is_same(other)).unwrap_or_default())
        .collect();
    let of_expected: Vec<usize> = (expected.iter().enumerate())
        .map(|(at, line)| {
            let place = found.iter().position(|other| line.matches(other));
            place.map_or(found.len() + at, |place| of_found[place])
        })
        .collect();

    let is_open = |at: usize| matches!(expected.get(at), Some(ExpectedLine::AnyLines));
    let mut changes = Vec::new();
    for DiffStretch { old, new, is_equal } in line_diff::of_numbers(&of_expected, &of_found) {
        if is_equal {
            changes.extend(old.map(|at| LineChange::Keep(shown_at[at])));
            continue;
        }
        // A line of `…` stands for all that is printed where it is: beside it, as many lines are new as are gone.
        let open = old.clone().find(|at| is_open(*at));
        let is_beside = is_open(old.end) || old.start.checked_sub(1).is_some_and(is_open);
        let (first, last) = match open {
            Some(open) => (open - old.start, old.end - open - 1),
            None if is_beside => (old.len().min(new.len()), 0),
            None => (new.len(), 0),
        };
        let first = first.min(new.len());
        let last = last.min(new.len() - first);
        let add = |from: usize, to: usize, changes: &mut Vec<LineChange>| {
            if from < to {
                changes.push(LineChange::Add(printed_at[from]..printed_at[to - 1] + 1));
            }
        };

        let middle = open.unwrap_or(old.end);
        changes.extend((old.start..middle).map(|at| LineChange::Remove(shown_at[at])));
        add(new.start, new.start + first, &mut changes);
        changes.extend((middle..old.end).map(|at| match is_open(at) {
            true => LineChange::Keep(shown_at[at]),
            false => LineChange::Remove(shown_at[at]),
        }));
        add(new.end - last, new.end, &mut changes);
    }
    changes
}

/// A line with the placeholders of the book in the place of their values.
fn with_placeholders(line: &str, placeholders: &[(String, String)]) -> String {
    placeholders.iter().fold(line.to_owned(), |line, (name, value)| match value.len() {
        0..4 => line,
        _ => line.replace(value.as_str(), &format!("<{name}>")),
    })
}

/// Whether a line would not be read as output.
fn is_misread(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ']);
    let is_sign = ["…", "..."].contains(&line.trim()) || line.starts_with("```") || line.starts_with("~~~");
    is_sign || console::begins_with_prompt(line).is_some() || console::begins_with_dollar(line)
}

/// A text after these changes, which do not overlap.
pub fn applied(text: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));

    let (mut out, mut written) = (String::with_capacity(text.len()), 0);
    for edit in sorted {
        if edit.range.start >= written {
            out.push_str(&text[written..edit.range.start]);
            out.push_str(&edit.text);
            written = edit.range.end;
        }
    }
    out.push_str(&text[written..]);
    out
}
