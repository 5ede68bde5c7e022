//! Printed output beside what a chapter says of it.
//!
//! A file in `tests/expect/` holds examples between prose: what a chapter shows, a line `-- printed`, what a command
//! printed, and a line `=> same`, or `=> differs at N` with the line of the chapter, from 1. `== title` begins each.

use bindery::proof::expect::{Comparison, compare};
use bindery::proof::masks::Masks;
use bindery::read::proof::Varying;
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
    let (printed, expected) = rest.split_once("=> ").ok_or("a line `=> `")?;

    let found = match compare(shown, printed, &Masks::new(Varying::ALL)) {
        Comparison::Same => "same".to_owned(),
        Comparison::Differs { at } => format!("differs at {}", at + 1),
    };
    let expected = expected.lines().next().unwrap_or_default();
    if found == expected { Ok(()) } else { Err(format!("expected {expected}, found {found}").into()) }
}
