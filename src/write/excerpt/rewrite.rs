//! How a chapter is changed so that a copy in it is as it should be.

use std::ops::Range;

use super::fit::is_elision;
use crate::text::Span;
use crate::text::line_diff::{self, DiffStretch};

/// A code block that is not what it was copied from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The whole block in its chapter, fences too.
    pub span: Span,
    /// The file that it is from.
    pub file: String,
    /// Its text.
    pub text: String,
    /// The text that it should have.
    pub wanted: String,
}

/// The new side of a diff.
pub fn new_side(diff: &str) -> String {
    let lines = diff.split_inclusive('\n').filter(|line| !line.starts_with('-'));
    lines.map(|line| line.strip_prefix(['+', ' ']).unwrap_or(line)).collect()
}

/// A diff with another new side. What was removed stays where it is; lines in the place of added ones, or after
/// them, are added.
pub fn with_new_side(diff: &str, wanted: &str) -> String {
    let current = new_side(diff);
    let (old, new): (Vec<&str>, Vec<&str>) = (current.lines().collect(), wanted.lines().collect());

    let mut rest = diff.split_inclusive('\n').peekable();
    let mut text = String::new();
    let mut last = " ";
    for DiffStretch { old: of_old, new: of_new, is_equal } in line_diff::of_lines(&old, &new) {
        // The old lines are left out, each with the removed lines before it. The new lines take over their signs.
        let mut signs = Vec::new();
        for _ in of_old {
            while let Some(removed) = rest.next_if(|line| line.starts_with('-')) {
                text.push_str(removed);
            }
            let line = rest.next().unwrap_or_default();
            last = if line.starts_with('+') { "+" } else { " " };
            signs.push(last);
            text.push_str(if is_equal { line } else { "" });
        }

        for (number, line) in new[of_new].iter().enumerate().filter(|_| !is_equal) {
            let sign = signs.get(number).unwrap_or(&last);
            text.push_str(if line.is_empty() { sign.trim_end() } else { sign });
            text.push_str(line);
            text.push('\n');
        }
    }

    text.extend(rest);
    text
}

/// The change of a chapter that makes a block what it should be: the bytes to replace, and their new text. All else in
/// the block stays: line endings, and what precedes its lines in a list or a quote.
///
/// # Errors
/// Why it must be done by hand.
pub fn replacement(chapter: &str, stale: &Stale) -> Result<(Range<usize>, String), &'static str> {
    let block = &chapter[stale.span.start..stale.span.end];
    let fence = block.split_inclusive('\n').next().unwrap_or_default();
    check_fence(fence, &stale.wanted)?;
    if shows_nothing(&stale.wanted) && !shows_nothing(&stale.text) {
        return Err(
            "nothing that it shows is left in the file: take it out, or say what it is a copy of now",
        );
    }

    let old: Vec<&str> = stale.text.lines().collect();
    let new: Vec<&str> = stale.wanted.lines().collect();
    let raw: Vec<&str> = block[fence.len()..].split_inclusive('\n').take(old.len()).collect();
    let prefix = match common_prefix(&raw, &old)? {
        Some(prefix) => prefix.to_owned(),
        None => prefix_of_fence(&chapter[..stale.span.start]),
    };

    let line_end = if fence.ends_with("\r\n") { "\r\n" } else { "\n" };
    let mut text = String::new();
    for DiffStretch { old: of_old, new: of_new, is_equal } in line_diff::of_lines(&old, &new) {
        if is_equal {
            text.extend(raw[of_old].iter().copied());
            // The last line of a chapter may have no end, and others may come after it now.
            if !text.is_empty() && !text.ends_with('\n') && of_new.end < new.len() {
                text.push_str(line_end);
            }
            continue;
        }
        for line in &new[of_new] {
            text.push_str(if line.is_empty() { prefix.trim_end() } else { &prefix });
            text.push_str(line);
            text.push_str(line_end);
        }
    }

    let start = stale.span.start + fence.len();
    Ok((start..start + raw.iter().map(|line| line.len()).sum::<usize>(), text))
}

/// Whether a copy has no line of its source: a whole text must not go because a file or a region is empty.
fn shows_nothing(copy: &str) -> bool {
    copy.lines().all(|line| line.trim().is_empty() || is_elision(line))
}

/// Checks that a block with this first line can hold a text.
fn check_fence(fence: &str, wanted: &str) -> Result<(), &'static str> {
    if !fence.ends_with('\n') {
        return Err("the chapter ends with its first line: close the block");
    }
    // Line endings were taken off; a carriage return that is left would end a line in Markdown.
    if wanted.contains('\r') {
        return Err("the file has carriage returns within lines");
    }

    let sign = fence.chars().next().filter(|sign| "`~".contains(*sign)).ok_or("it has no fence")?;
    let length = |line: &str| line.chars().take_while(|c| *c == sign).count();
    if wanted.lines().any(|line| length(line.trim_start()) >= length(fence)) {
        return Err("the file holds a fence like the block's: make that longer");
    }
    Ok(())
}

/// What precedes the lines of a block in its chapter, in a list or a quote; `None` if all lines are empty.
fn common_prefix<'c>(raw: &[&'c str], lines: &[&str]) -> Result<Option<&'c str>, &'static str> {
    let mut prefix = None;
    for (raw, line) in raw.iter().zip(lines) {
        let before = raw.trim_end_matches(['\n', '\r']).strip_suffix(line);
        let before = before.ok_or("its lines are indented in a way of their own")?;
        prefix = prefix.or(Some(before).filter(|_| !line.trim().is_empty()));
    }
    Ok(prefix)
}

/// What precedes the lines of a block whose fence comes after this text. The marker of a list item becomes spaces.
fn prefix_of_fence(before: &str) -> String {
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    line.chars().map(|c| if c == '>' || c.is_whitespace() { c } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(chapter: &str, text: &str, wanted: &str) -> Result<String, &'static str> {
        let start = chapter.find("```").expect("a fence");
        let stale = Stale {
            span: Span::new(start, chapter.len()),
            file: String::new(),
            text: text.to_owned(),
            wanted: wanted.to_owned(),
        };
        let (range, text) = replacement(chapter, &stale)?;
        let mut chapter = chapter.to_owned();
        chapter.replace_range(range, &text);
        Ok(chapter)
    }

    #[test]
    fn only_lines_that_differ_are_written() {
        assert_eq!(
            rewritten("- x\r\n\r\n  ```py\r\n  a\r\n  b\r\n  ```\r\n", "a\nb\n", "a\n\nc\n"),
            Ok("- x\r\n\r\n  ```py\r\n  a\r\n\r\n  c\r\n  ```\r\n".to_owned())
        );
        assert_eq!(
            rewritten("> ```py\n> ```\nend", "", "a\n\nb\n"),
            Ok("> ```py\n> a\n>\n> b\n> ```\nend".to_owned())
        );
        assert_eq!(rewritten("```\na\n\n```\n", "a\n\n", "a\n"), Ok("```\na\n```\n".to_owned()));
        assert!(rewritten("```\na\n```\n", "a\n", "```\n").is_err());
    }

    #[test]
    fn lines_are_added_after_a_last_line_without_an_end() {
        assert_eq!(rewritten("```py\na", "a\n", "a\nb\n"), Ok("```py\na\nb\n".to_owned()));
        assert_eq!(rewritten("```py\r\na\r\nb", "a\nb\n", "A\nb\n"), Ok("```py\r\nA\r\nb".to_owned()));
        assert_eq!(rewritten("> ```py\r\n> a", "a\n", "a\nb\n"), Ok("> ```py\r\n> a\r\n> b\r\n".to_owned()));
    }

    #[test]
    fn a_block_is_never_emptied() {
        for wanted in ["", "\n\n", "# ...\n"] {
            assert!(rewritten("```\n# ...\na\n```\n", "# ...\na\n", wanted).is_err(), "{wanted:?}");
        }
        assert_eq!(rewritten("```\n# ...\n```\n", "# ...\n", "a\n"), Ok("```\na\n```\n".to_owned()));
    }

    #[test]
    fn a_diff_keeps_its_old_side() {
        let diff = " a\n-b\n+c\n+d\n\n e\n-f\n";
        assert_eq!(new_side(diff), "a\nc\nd\n\ne\n");
        assert_eq!(with_new_side(diff, "a\nc\nd\n\ne\n"), diff);
        assert_eq!(with_new_side(diff, "a\nc\nD\n\nE\n"), " a\n-b\n+c\n+D\n\n E\n-f\n");
        assert_eq!(with_new_side(diff, "a\nc\nx\ny\nd\n\ne\n"), " a\n-b\n+c\n+x\n+y\n+d\n\n e\n-f\n");
        assert_eq!(with_new_side(diff, "a\n\ne\n"), " a\n-b\n\n e\n-f\n");
    }
}
