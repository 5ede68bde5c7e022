//! Exercises and their solutions: what readers may do, and what is often wrong on purpose, in the containers of other tools.
//!
//! `::: challenge`, `::: {.exercise}` and the like, up to the `:::` that closes it. bindery shows such lines as text, with a warning;
//! what tests need to know is only that nothing in them is a step.

use std::ops::Range;

use memchr::memmem;

/// The names of containers that hold no steps.
const NAMES: [&str; 8] =
    ["challenge", "solution", "exercise", "exercises", "hint", "discussion", "instructor", "spoiler"];

/// Where the exercises of a chapter are, in order. A container that is not closed is none.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if memmem::find(text.as_bytes(), b":::").is_none() {
        return found;
    }

    // The containers that are open: where each begins, if it is an exercise.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim();

        if let Some(sign) = ["```", "~~~"].into_iter().find(|sign| line.starts_with(sign)) {
            match fence {
                None => fence = Some(sign),
                Some(opening) if opening == sign => fence = None,
                Some(_) => {}
            }
        }
        if fence.is_some() || !line.starts_with(":::") {
            continue;
        }
        let name = line.trim_matches(':').trim().trim_start_matches(['{', '.']);
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !name.is_empty() {
            open.push(NAMES.contains(&name.to_ascii_lowercase().as_str()).then_some(start));
        } else if let Some(Some(begin)) = open.pop() {
            // What is inside of another one is part of that.
            found.retain(|inner| inner.start < begin);
            found.push(begin..at);
        }
    }
    found
}

/// Whether a place is in an exercise.
pub fn has(exercises: &[Range<usize>], place: usize) -> bool {
    exercises.iter().any(|exercise| exercise.contains(&place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exercises_are_found() {
        let found =
            |text: &str| find(text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("a\n::: challenge\nb\n:::\nc\n"), ["::: challenge\nb\n:::\n"]);
        assert_eq!(
            found("::::: {.exercise #one}\na\n::: solution\nb\n:::\n:::::\n::: Hint\n:::\n"),
            ["::::: {.exercise #one}\na\n::: solution\nb\n:::\n:::::\n", "::: Hint\n:::\n"]
        );
        assert_eq!(found("::: callout\na\n::: hint ::::\nb\n:::\n:::\n"), ["::: hint ::::\nb\n:::\n"]);
        for text in ["::: challenge\na\n", "```\n::: challenge\n```\n:::\n", "a\n:::\n", "::: note\n:::\n"] {
            assert!(find(text).is_empty(), "{text}");
        }
    }
}
