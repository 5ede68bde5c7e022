//! Compares a copy with its source: whether it matches, and what it should be.

use std::ops::Range;

use crate::text::line_diff::{self, DiffStretch};

/// A copy and its source, at the same indentation.
pub struct Fit<'l> {
    current: Vec<&'l str>,
    wanted: Vec<&'l str>,
    /// What the copy's lines have before them.
    indent: &'l str,
}

impl<'l> Fit<'l> {
    /// Takes the lines as they are, or both without their common indentation, whichever has more in common.
    pub fn of(current: &[&'l str], wanted: &[&'l str]) -> Self {
        let (outer, inner) = (indentation(current), indentation(wanted));

        let as_they_are = Fit { current: current.to_vec(), wanted: wanted.to_vec(), indent: "" };
        let without = |lines: &[&'l str], indent: &str| {
            lines.iter().map(|line| line.get(indent.len()..).unwrap_or_default()).collect()
        };
        let moved = Fit { current: without(current, outer), wanted: without(wanted, inner), indent: outer };

        let common = |fit: &Fit<'_>| fit.current.iter().filter(|line| fit.wanted.contains(line)).count();
        if as_they_are.holds() || (!moved.holds() && common(&as_they_are) > common(&moved)) {
            as_they_are
        } else {
            moved
        }
    }

    /// Whether the copy matches its source, except for what it leaves out.
    fn holds(&self) -> bool {
        let mut runs = self.current.split(|line| is_elision(line)).collect::<Vec<_>>().into_iter();
        let Some(mut rest) = self.wanted.strip_prefix(runs.next().unwrap_or_default()) else { return false };

        let Some(last) = runs.next_back() else { return self.current == self.wanted };

        // The lines between two elisions must be in the source, in the same order.
        for run in runs.filter(|run| !run.is_empty()) {
            let Some(at) = rest.windows(run.len()).position(|lines| lines == run) else { return false };
            rest = &rest[at + run.len()..];
        }
        rest.ends_with(last)
    }

    /// What the copy should be, if it is something else.
    pub fn wanted(&self) -> Option<String> {
        if self.current == self.wanted || self.holds() {
            return None;
        }

        let indented = |line: &&str| match line.is_empty() {
            true => "\n".to_owned(),
            false => format!("{}{line}\n", self.indent),
        };
        Some(self.updated().iter().map(indented).collect())
    }

    /// The lines of the source, without what the copy leaves out.
    fn updated(&self) -> Vec<&'l str> {
        let mut lines = Vec::new();
        for DiffStretch { old, new, is_equal } in line_diff::of_lines(&self.current, &self.wanted) {
            let (old, new) = (&self.current[old], &self.wanted[new]);

            let elision = old.iter().position(|line| is_elision(line)).filter(|_| !is_equal);
            let Some(first) = elision else {
                lines.extend_from_slice(new);
                continue;
            };

            // As many lines as there are before the first and after the last elision are taken from the source. Those
            // between two elisions stay if the source still has lines like them.
            let after = old.iter().rev().take_while(|line| !is_elision(line)).count();
            let before = first.min(new.len());
            let after = after.min(new.len() - before);

            let (mut between, edge) = new[before..].split_at(new.len() - before - after);
            lines.extend_from_slice(&new[..before]);

            lines.push(old[first]);

            for run in old[first + 1..].split_inclusive(|line| is_elision(line)) {
                let Some((elision, run)) = run.split_last().filter(|(last, _)| is_elision(last)) else {
                    break;
                };
                if let Some(range) = corresponding_lines(run, between) {
                    lines.extend_from_slice(&between[range.clone()]);
                    lines.push(elision);
                    between = &between[range.end..];
                }
            }

            lines.extend_from_slice(edge);
        }
        lines
    }
}

/// Finds the new lines that correspond to the old ones, of which some may have been changed.
fn corresponding_lines(old: &[&str], new: &[&str]) -> Option<Range<usize>> {
    // Every character is compared with every other; this limit is about a quarter of a second.
    let letters = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    if letters(old).saturating_mul(letters(new)) > 50_000_000 {
        return None;
    }

    let mut found: Option<Range<usize>> = None;
    for line in old.iter().filter(|line| !line.trim().is_empty()) {
        let from = found.as_ref().map_or(0, |found| found.end);
        let score = |at: usize| (strsim::normalized_levenshtein(line.trim(), new[at].trim()) * 100.0) as u32;
        let best = (from..new.len()).map(|at| (score(at), at)).rev().max_by_key(|(score, _)| *score);
        if let Some((_, at)) = best.filter(|(score, _)| *score >= 60) {
            found = Some(found.map_or(at, |found| found.start)..at + 1);
        }
    }
    found
}

/// The white space that all lines begin with.
fn indentation<'l>(lines: &[&'l str]) -> &'l str {
    let indents = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| &line[..line.len() - line.trim_start().len()]);

    let common = |one: &'l str, other: &'l str| {
        let length = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
        // White space of more bytes than one can share its first ones.
        one.get(..length).unwrap_or_default()
    };
    indents.reduce(common).unwrap_or_default()
}

/// Whether a line of a copy means that lines were left out: a comment of nothing but `...`.
pub fn is_elision(line: &str) -> bool {
    let bare = line.trim();
    let is_sign = |c: char| c == ' ' || (c.is_ascii_punctuation() && c != '.');
    bare.starts_with(['#', '/', '-', ';', '%', '<', '*']) && matches!(bare.trim_matches(is_sign), "..." | "…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn updated(current: &str, wanted: &str) -> Option<String> {
        let (current, wanted): (Vec<&str>, Vec<&str>) = (current.lines().collect(), wanted.lines().collect());
        let updated = Fit::of(&current, &wanted).wanted();
        if let Some(updated) = &updated {
            let again: Vec<&str> = updated.lines().collect();
            assert_eq!(Fit::of(&again, &wanted).wanted(), None, "{updated}");
        }
        updated
    }

    #[test]
    fn elisions_stand_for_any_lines() {
        let file = "import a\nimport b\n\ndef f():\n    x()\n    return 1\n";
        for copy in [
            file,
            "import a\n# ...\n    return 1\n",
            "# ...\ndef f():\n    # …\n    return 1\n",
            "import a\nimport b\n# ...\n",
            "# ...\n",
            "import a\nimport b\n\ndef f():\n    x()\n    return 1\n# ...\n",
            "    # ...\n    x()\n    return 1\n",
        ] {
            assert_eq!(updated(copy, file), None, "{copy}");
        }
    }

    #[test]
    fn what_changed_is_taken_over_and_elisions_stay() {
        for (copy, file, expected) in [
            ("a\nb\n", "a\nB\n", "a\nB\n"),
            ("a\n# ...\nz\n", "A\nb\nc\nz\n", "A\n# ...\nz\n"),
            ("a\n# ...\nz\n", "a\nb\nc\nZ\n", "a\n# ...\nZ\n"),
            ("a\n# ...\ny\nz\n", "a\nb\nx\ny\nz\nend\n", "a\n# ...\ny\nz\nend\n"),
            ("    a\n    b\n", "  a\n  c\n", "    a\n    c\n"),
            ("a\n\nb\n", "", ""),
            ("", "a\n", "a\n"),
            ("// ...\nold\n// ...\n", "1\n2\n3\n", "// ...\n"),
            ("# ...\nlet a = 1;\n# ...\n", "x\nlet a = 2;\ny\n", "# ...\nlet a = 2;\n# ...\n"),
            (
                "# ...\nlet a = 1;\nlet b = 1;\n# ...\nend(1)\n# ...\ngone\n# ...\n",
                "x\nlet a = 2;\nnew\nlet b = 2;\ny\nend(2)\nz\n",
                "# ...\nlet a = 2;\nnew\nlet b = 2;\n# ...\nend(2)\n# ...\n",
            ),
        ] {
            assert_eq!(updated(copy, file).as_deref(), Some(expected), "{copy:?} from {file:?}");
        }
    }
}
