//! Printed output beside what a chapter says of it.
//!
//! A file in `tests/expect/` holds examples between prose: what a chapter shows, a line `-- printed`, what a command
//! printed, and a line `=> same`, or `=> differs at N` with the line of the chapter, from 1. `== title` begins each.
//! With a line `-- updated`, what comes after it is what `--update` makes of the chapter, or why it cannot.

use bindery::proof::expect::{Comparison, compare};
use bindery::proof::masks::Masks;
use bindery::proof::steps::PrintedLines;
use bindery::proof::update::{applied, edits};
use bindery::read::proof::Varying;
use bindery::text::{Source, Span};
use libtest_mimic::{Failed, Trial};

use crate::support;

/// A test for each example.
pub fn tests() -> Vec<Trial> {
    let mut tests = Vec::new();
    for (file, text) in support::cases("expect") {
        for example in text.split("\n== ").skip(1).map(str::to_owned) {
            let title = example.lines().next().unwrap_or_default().replace(' ', "-");
            tests.push(Trial::test(format!("expect::{file}::{title}"), move || check(&example)));
        }
    }
    tests
}

fn check(example: &str) -> Result<(), Failed> {
    let (_, example) = example.split_once('\n').ok_or("a title")?;
    let (shown, rest) = example.split_once("-- printed\n").ok_or("a line `-- printed`")?;
    if let Some((printed, expected)) = rest.split_once("-- updated\n") {
        let found = updated(shown, printed);
        let is_same = found.trim_end() == expected.trim_end();
        return if is_same { Ok(()) } else { Err(support::difference(expected, &found).into()) };
    }
    let (printed, expected) = rest.split_once("=> ").ok_or("a line `=> `")?;

    let found = match compare(shown, printed, &Masks::new(Varying::ALL)) {
        Comparison::Same => "same".to_owned(),
        Comparison::Differs { at } => format!("differs at {}", at + 1),
    };
    let expected = expected.lines().next().unwrap_or_default();
    if found == expected { Ok(()) } else { Err(format!("expected {expected}, found {found}").into()) }
}

/// What `--update` makes of lines of a chapter; the first one tells what is before each of them.
fn updated(shown: &str, printed: &str) -> String {
    let source = Source::new("a.md", shown);
    let before = shown.len() - shown.trim_start_matches(['>', ' ']).len();
    let (mut lines, mut at) = (PrintedLines::default(), 0);
    for line in shown.lines() {
        let start = at + before.min(line.len());
        lines.text += &format!("{}\n", &shown[start..at + line.len()]);
        lines.spans.push(Span::new(start, at + line.len()));
        at += line.len() + 1;
    }
    let placeholders = [("your-server".to_owned(), "203.0.113.10".to_owned())];
    match edits(&source, &lines, printed, &Masks::new(Varying::ALL), &placeholders) {
        Ok(edits) => applied(shown, &edits),
        Err(why) => why.to_owned(),
    }
}
