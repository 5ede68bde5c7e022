//! How two texts differ, line by line.

use std::hash::Hash;
use std::ops::Range;

use gix_imara_diff::{Algorithm, Diff, InternedInput};

/// How many equal lines are shown around those that differ, as other tools do.
const CONTEXT: usize = 3;

/// A stretch of two lists of lines that is equal in both, or that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffStretch {
    /// The lines of the old list; none, if there are only new ones.
    pub old: Range<usize>,
    /// The lines of the new list; none, if there are only old ones.
    pub new: Range<usize>,
    /// Whether they are the same.
    pub is_equal: bool,
}

/// Parts two lists of lines into stretches that are equal and such that differ, by turns.
pub fn of_lines(old: &[&str], new: &[&str]) -> Vec<DiffStretch> {
    let input = interned(old, new);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    stretches(&diff, old.len(), new.len())
}

/// The same for lists of numbers, which stand for lines.
pub fn of_numbers(old: &[usize], new: &[usize]) -> Vec<DiffStretch> {
    let input = interned(old, new);
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    diff.postprocess_no_heuristic(&input);
    stretches(&diff, old.len(), new.len())
}

fn interned<T: Copy + Default + Eq + Hash>(old: &[T], new: &[T]) -> InternedInput<T> {
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    input
}

/// All stretches, of which a `diff` names those that differ.
fn stretches(diff: &Diff, old: usize, new: usize) -> Vec<DiffStretch> {
    let mut stretches = Vec::new();
    let (mut old_end, mut new_end) = (0, 0);
    for hunk in diff.hunks() {
        let range = |range: Range<u32>| range.start as usize..range.end as usize;
        let (of_old, of_new) = (range(hunk.before), range(hunk.after));
        stretches.push(DiffStretch {
            old: old_end..of_old.start,
            new: new_end..of_new.start,
            is_equal: true,
        });
        (old_end, new_end) = (of_old.end, of_new.end);
        stretches.push(DiffStretch { old: of_old, new: of_new, is_equal: false });
    }
    stretches.push(DiffStretch { old: old_end..old, new: new_end..new, is_equal: true });
    stretches.retain(|stretch| !stretch.old.is_empty() || !stretch.new.is_empty());
    stretches
}

/// The difference of two texts in the form of `diff -u`, with the names of both. Empty, if they are equal.
pub fn unified(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let mut changes = of_lines(&old, &new);
    changes.retain(|stretch| !stretch.is_equal);

    // Changes are shown together if all lines between them are.
    let is_near = |one: &DiffStretch, other: &DiffStretch| other.old.start - one.old.end <= 2 * CONTEXT;
    let hunks = changes.chunk_by(is_near).map(|changes| unified_hunk(changes, &old, &new));

    let hunks: String = hunks.collect();
    match hunks.is_empty() {
        true => hunks,
        false => format!("--- {old_name}\n+++ {new_name}\n{hunks}"),
    }
}

/// Some changes with the lines around and between them.
fn unified_hunk(changes: &[DiffStretch], old: &[&str], new: &[&str]) -> String {
    let (first, last) = (&changes[0], &changes[changes.len() - 1]);
    let before = first.old.start.min(CONTEXT);
    let after = (old.len() - last.old.end).min(CONTEXT);
    let of_old = first.old.start - before..last.old.end + after;
    let of_new = first.new.start - before..last.new.end + after;

    let mut hunk = format!("@@ -{} +{} @@\n", numbers(&of_old), numbers(&of_new));
    let mut add = |sign: char, lines: &[&str]| {
        for line in lines {
            hunk.push(sign);
            hunk += line;
            if !line.ends_with('\n') {
                hunk += "\n\\ No newline at end of file\n";
            }
        }
    };
    let mut next = of_old.start;
    for change in changes {
        add(' ', &old[next..change.old.start]);
        add('-', &old[change.old.clone()]);
        add('+', &new[change.new.clone()]);
        next = change.old.end;
    }
    add(' ', &old[next..of_old.end]);
    hunk
}

/// The first line and the count of lines, as a hunk's head has them. No lines are after the line that is named.
fn numbers(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_difference_is_shown_with_the_lines_around_it() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl";
        let new = "a\nb\nc\nd\nE\nf\ng\nh\ni\nj\nk\nl\nm\n";
        let expected = "--- one\n+++ two\n@@ -2,11 +2,12 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n i\n j\n k\n-l\n\\ No newline at end of file\n+l\n+m\n";
        assert_eq!(unified(old, new, "one", "two"), expected);
        assert_eq!(unified("", "a\n", "one", "two"), "--- one\n+++ two\n@@ -0,0 +1 @@\n+a\n");
        assert_eq!(unified(old, old, "one", "two"), "");

        let far = format!("x\n{}", old.replace("k\n", "K\n"));
        let shown = unified(old, &far, "one", "two");
        assert_eq!(shown.matches("@@ ").count(), 2, "{shown}");
    }

    proptest! {
        #[test]
        fn stretches_have_all_lines(old in "[abc ]{0,30}", new in "[abc ]{0,30}") {
            let lines = |text: &str| -> Vec<String> { text.chars().map(String::from).collect() };
            let (old, new) = (lines(&old), lines(&new));
            let old: Vec<&str> = old.iter().map(String::as_str).collect();
            let new: Vec<&str> = new.iter().map(String::as_str).collect();

            let (mut old_end, mut new_end, mut was_equal) = (0, 0, None);
            for stretch in of_lines(&old, &new) {
                prop_assert_eq!((stretch.old.start, stretch.new.start), (old_end, new_end));
                prop_assert_ne!(was_equal, Some(stretch.is_equal));
                let is_same = old[stretch.old.clone()] == new[stretch.new.clone()];
                prop_assert_eq!(is_same, stretch.is_equal);
                (old_end, new_end, was_equal) = (stretch.old.end, stretch.new.end, Some(stretch.is_equal));
            }
            prop_assert_eq!((old_end, new_end), (old.len(), new.len()));
        }
    }
}
