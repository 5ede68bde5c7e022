//! What a chapter shows of a file in part.
//!
//! A comment of nothing but `...` stands for lines that a block leaves out. So a block tells what changes, but not where
//! else in the file it is. It is looked up in the file as it will be: what differs there and is shown is a change that
//! the block makes, and what is not shown stays as it was.

use std::ops::Range;

use super::file_blocks::{FileBlock, FileForm, ListedLine};
use super::patch::FileLine;
use crate::text::Span;
use crate::text::line_diff::{self, DiffStretch};
use crate::write::excerpt::is_elision;

/// Which lines of a file, as it will be, are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownLines {
    /// By line: the line of the chapter that shows it.
    lines: Vec<Option<Span>>,
    /// By line, and one for the end: whether it is shown together with what is before it.
    joined: Vec<bool>,
}

/// Whether a block leaves lines out.
pub fn is_in_part(block: &FileBlock) -> bool {
    block.form == FileForm::Part || block.lines.iter().any(|line| is_elision(&line.text))
}

/// The stretches of a block between the lines that say that others are left out, without empty lines at their ends.
pub fn stretches(block: &FileBlock) -> Vec<&[ListedLine]> {
    let parts = block.lines.split(|line| is_elision(&line.text));
    let is_empty = |line: &ListedLine| line.text.trim().is_empty();
    parts.map(|part| trimmed(part, is_empty)).filter(|part| !part.is_empty()).collect()
}

fn trimmed<T>(part: &[T], is_empty: impl Fn(&T) -> bool) -> &[T] {
    let start = part.iter().take_while(|line| is_empty(line)).count();
    let end = part.iter().rev().take_while(|line| is_empty(line)).count();
    &part[start..(part.len() - end).max(start)]
}

/// Finds the stretches of a block in the lines of a file, one after the other. Returns the place of each.
///
/// # Errors
/// The first line of the block that is not there.
pub fn find(block: &FileBlock, file: &[&str]) -> Result<Vec<Range<usize>>, Span> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for stretch in stretches(block) {
        let from = places.last().map_or(0, |place| place.end);
        let is_here = |at: &usize| {
            let lines = file.get(*at..*at + stretch.len());
            lines.is_some_and(|lines| is_same(stretch, lines, block.form))
        };
        let Some(at) = (from..file.len()).find(is_here) else {
            return Err(first_missing(stretch, &file[from.min(file.len())..]));
        };
        places.push(at..at + stretch.len());
    }
    Ok(places)
}

/// Whether a stretch is the same as some lines; that of a part can be indented less or more as a whole.
fn is_same(stretch: &[ListedLine], lines: &[&str], form: FileForm) -> bool {
    let pairs = || stretch.iter().map(|line| line.text.as_str()).zip(lines.iter().copied());
    if pairs().all(|(one, other)| one == other) {
        return true;
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut shifts =
        pairs().filter(|(one, _)| !one.is_empty()).map(|(one, other)| indent(one).abs_diff(indent(other)));
    let first = shifts.next();
    form == FileForm::Part
        && pairs().all(|(one, other)| one.trim_start() == other.trim_start())
        && shifts.all(|shift| Some(shift) == first)
}

/// The line of a stretch at which it stops to be in a file.
fn first_missing(stretch: &[ListedLine], file: &[&str]) -> Span {
    let common =
        |at: usize| file[at..].iter().zip(stretch).take_while(|(one, other)| **one == other.text).count();
    let most = (0..file.len()).map(common).max().unwrap_or_default();
    stretch[most.min(stretch.len() - 1)].span
}

impl ShownLines {
    /// Nothing of a file with this many lines is shown.
    pub fn new(length: usize) -> Self {
        ShownLines { lines: vec![None; length], joined: vec![false; length + 1] }
    }

    /// Adds what a block shows, whose stretches are at these places.
    pub fn add(&mut self, block: &FileBlock, places: &[Range<usize>]) {
        for (stretch, place) in stretches(block).into_iter().zip(places) {
            for (at, line) in place.clone().zip(stretch) {
                self.lines[at] = Some(line.span);
                self.joined[at] |= at > place.start || at == 0;
            }
            self.joined[place.end] |= place.end == self.lines.len();
        }
    }

    /// Makes the changes that are shown: of the lines of a file, and those that it will have.
    pub fn merge(&self, file: &[FileLine], will: &[&str]) -> Vec<FileLine> {
        let was: Vec<&str> = file.iter().map(|line| line.text.as_str()).collect();
        let shown: Vec<bool> = (0..will.len()).map(|at| self.is_shown(at, will)).collect();
        let line = |at: usize| FileLine { text: will[at].to_owned(), span: self.lines[at] };

        let mut merged = Vec::new();
        for DiffStretch { old, new, is_equal } in line_diff::of_lines(&was, will) {
            match (old.is_empty(), new.is_empty()) {
                (true, _) => merged.extend(new.filter(|at| shown[*at]).map(line)),
                (_, false) if !is_equal && new.clone().all(|at| shown[at]) => merged.extend(new.map(line)),
                (_, true) if self.joined[new.start] => {}
                _ => merged.extend_from_slice(&file[old]),
            }
        }
        merged
    }

    /// Whether a line is shown. Of empty lines it is enough that what is before or after them is.
    fn is_shown(&self, at: usize, will: &[&str]) -> bool {
        let is_full = |at: &usize| !will[*at].trim().is_empty();
        if is_full(&at) || self.lines[at].is_some() {
            return self.lines[at].is_some();
        }
        let (before, after) = ((0..at).rev().find(is_full), (at..will.len()).find(is_full));
        [before, after].into_iter().flatten().any(|at| self.lines[at].is_some())
    }
}
