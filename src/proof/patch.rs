//! Applies a block with `diff` to a file.
//!
//! The lines of a hunk that are not added must be in the file as they are written, in one place only and after the
//! hunk before. A comment of nothing but `...` parts hunks, and so does a line `@@ -1,2 +1,3 @@`, whose number helps where
//! lines are in the file more than once. [`apply`] is the entry point.

use super::file_blocks::ListedLine;
use crate::text::Span;
use crate::write::excerpt::is_elision;

/// A line of a file that a chapter changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// The text, without its end.
    pub text: String,
    /// The line of the chapter that wrote it, if one did.
    pub span: Option<Span>,
}

/// A hunk that does not fit a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The line of the chapter.
    pub span: Span,
    /// What the file has instead.
    pub note: Option<String>,
    /// What the author can do.
    pub hint: &'static str,
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DiffSign {
    Kept,
    Removed,
    Added,
}

/// Neighbouring lines of a diff.
#[derive(Debug, Default)]
struct Hunk<'d> {
    lines: Vec<(DiffSign, &'d str, Span)>,
    /// The number of the first line in the file, if the diff has it.
    number: Option<usize>,
}

/// Applies a diff to the lines of a file. Hunks that do not fit are left out.
pub fn apply(diff: &[ListedLine], file: &[FileLine]) -> (Vec<FileLine>, Vec<Misfit>) {
    let mut changed = Vec::with_capacity(file.len() + diff.len());
    let mut misfits = Vec::new();
    let mut done = 0;

    for hunk in hunks(diff) {
        let at = match hunk.place(file, done) {
            Ok(at) => at,
            Err(misfit) => {
                misfits.push(misfit);
                continue;
            }
        };
        changed.extend_from_slice(&file[done..at]);
        done = at;
        for (sign, text, span) in hunk.lines {
            match sign {
                DiffSign::Kept => changed.push(file[done].clone()),
                DiffSign::Removed => {}
                DiffSign::Added => changed.push(FileLine { text: text.to_owned(), span: Some(span) }),
            }
            done += usize::from(sign != DiffSign::Added);
        }
    }

    changed.extend_from_slice(&file[done..]);
    (changed, misfits)
}

/// Whether a diff only adds lines: it can be that of a new file.
pub fn only_adds(diff: &[ListedLine]) -> bool {
    hunks(diff).iter().flat_map(|hunk| &hunk.lines).all(|(sign, _, _)| *sign == DiffSign::Added)
}

/// Parts the lines of a diff into hunks.
fn hunks(diff: &[ListedLine]) -> Vec<Hunk<'_>> {
    // The names of the files come before the first hunk.
    let first = diff.iter().position(|line| is_header(&line.text)).unwrap_or(0);
    let mut hunks = vec![Hunk::default()];

    for line in &diff[first..] {
        if is_header(&line.text) {
            hunks.push(Hunk { number: first_number(&line.text), lines: Vec::new() });
            continue;
        }
        let (sign, text) = signed(&line.text);
        if sign == DiffSign::Kept && is_elision(text) {
            hunks.push(Hunk::default());
        } else if let Some(hunk) = hunks.last_mut().filter(|_| !line.text.starts_with("\\ No newline")) {
            hunk.lines.push((sign, text, line.span));
        }
    }

    // The empty lines around an elision are not those of the file.
    let parts = hunks.len();
    for (number, hunk) in hunks.iter_mut().enumerate().filter(|(_, hunk)| hunk.number.is_none()) {
        hunk.trim(number > 0, number + 1 < parts);
    }
    hunks.retain(|hunk| !hunk.lines.is_empty());
    hunks
}

/// Whether a line begins a hunk: `@@ -1,2 +1,3 @@`.
fn is_header(line: &str) -> bool {
    line == "@@" || line.starts_with("@@ ")
}

/// The number of the first line that the header of a hunk has.
fn first_number(header: &str) -> Option<usize> {
    let old = header.split_whitespace().find_map(|word| word.strip_prefix('-'))?;
    old.split(',').next()?.parse().ok()
}

/// What becomes of a line of a diff, and its text.
fn signed(line: &str) -> (DiffSign, &str) {
    match line.split_at_checked(1) {
        Some(("+", text)) => (DiffSign::Added, text),
        Some(("-", text)) => (DiffSign::Removed, text),
        Some((" ", text)) => (DiffSign::Kept, text),
        _ => (DiffSign::Kept, line),
    }
}

impl Hunk<'_> {
    /// Takes empty lines off its ends.
    fn trim(&mut self, start: bool, end: bool) {
        let is_empty =
            |(sign, text, _): &(DiffSign, &str, Span)| *sign == DiffSign::Kept && text.trim().is_empty();
        while start && self.lines.first().is_some_and(is_empty) {
            self.lines.remove(0);
        }
        while end && self.lines.last().is_some_and(is_empty) {
            self.lines.pop();
        }
    }

    /// The lines that must be in the file.
    fn old(&self) -> Vec<(&str, Span)> {
        let old = self.lines.iter().filter(|(sign, _, _)| *sign != DiffSign::Added);
        old.map(|(_, text, span)| (*text, *span)).collect()
    }

    /// Finds where it is in a file, not before a line.
    fn place(&self, file: &[FileLine], from: usize) -> Result<usize, Misfit> {
        let old = self.old();
        if old.is_empty() {
            return self.place_of_added(file, from);
        }

        let is_here = |at: &usize| {
            let lines = file.get(*at..*at + old.len());
            lines.is_some_and(|lines| lines.iter().zip(&old).all(|(line, (text, _))| line.text == *text))
        };
        let places: Vec<usize> = (from..file.len()).filter(is_here).collect();
        match (&*places, self.number) {
            ([], _) => Err(misfit(&old, file, (0..from).any(|at| is_here(&at)))),
            ([only], _) => Ok(*only),
            (_, Some(number)) => {
                let distance = |at: &&usize| (**at + 1).abs_diff(number);
                Ok(places.iter().min_by_key(distance).copied().unwrap_or(from))
            }
            (_, None) => {
                let numbers: Vec<String> = places.iter().take(5).map(|at| (at + 1).to_string()).collect();
                Err(Misfit {
                    span: old[0].1,
                    note: Some(format!("the file has these lines more than once: at {}", numbers.join(", "))),
                    hint: "show more of the lines around the change",
                })
            }
        }
    }

    /// Finds where lines are added without others around them.
    fn place_of_added(&self, file: &[FileLine], from: usize) -> Result<usize, Misfit> {
        match self.number {
            _ if file.is_empty() => Ok(0),
            Some(number) if (from..=file.len()).contains(&number) => Ok(number),
            _ => Err(Misfit {
                span: self.lines[0].2,
                note: Some("no line says where in the file these are added".to_owned()),
                hint: "show a line before or after them",
            }),
        }
    }
}

/// Says where lines stop to be those of a file. There is at least one.
fn misfit(old: &[(&str, Span)], file: &[FileLine], is_before: bool) -> Misfit {
    let common =
        |at: usize| file[at..].iter().zip(old).take_while(|(line, (text, _))| line.text == *text).count();
    let best = (0..file.len()).map(|at| (common(at), at)).rev().max_by_key(|(common, _)| *common);
    let (common, at) = best.unwrap_or_default();
    let span = old[common.min(old.len() - 1)].1;
    if is_before {
        let note = Some("the file has these lines further up".to_owned());
        return Misfit { span: old[0].1, note, hint: "write the changes in the order of the file" };
    }

    // A line that differs only in its indentation is most likely meant.
    let text = old[common.min(old.len() - 1)].0;
    let alike = file.iter().position(|line| line.text.trim() == text.trim() && !text.trim().is_empty());
    let (number, is_alike) = match alike.filter(|_| common == 0) {
        Some(alike) => (alike, true),
        None => (at + common, false),
    };
    let note = file.get(number).filter(|_| common > 0 || is_alike);
    Misfit {
        span,
        note: note.map(|line| format!("line {} of the file is `{}`", number + 1, line.text)),
        hint: "lines that stay and lines that go must be as they are in the file, each after its sign or a space",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::line_diff::unified;
    use proptest::prelude::*;

    fn lines(text: &str) -> Vec<FileLine> {
        text.lines().map(|line| FileLine { text: line.to_owned(), span: None }).collect()
    }

    fn texts(lines: &[FileLine]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    proptest! {
        #[test]
        fn a_numbered_diff_makes_the_new_text_of_the_old_one(old in "([abc ]\n){0,30}", new in "([abc ]\n){0,30}") {
            let diff = unified(&old, &new, "a/x", "b/x");
            let diff: Vec<ListedLine> =
                diff.lines().map(|line| ListedLine { text: line.to_owned(), span: Span::default() }).collect();
            let (changed, misfits) = apply(&diff, &lines(&old));
            prop_assert_eq!(misfits, []);
            prop_assert_eq!(texts(&changed), new.lines().collect::<Vec<_>>());
        }
    }
}
