//! Tests of the inner parts. That the spans are those of syntect is tested in `tests/highlight.rs`.

use std::collections::BTreeSet;
use std::fs;

use onig::Region;

use super::class::ClassTable;
use super::filter::automaton::{Automaton, Workspace};
use super::filter::patterns::Filter;
use super::grammar::library::GrammarLibrary;
use super::grammar::pattern::matches_at;
use super::grammar::rules::Rule;
use crate::parse::language::GRAMMARS;

fn library() -> GrammarLibrary {
    GrammarLibrary::new(&GRAMMARS, ClassTable::new(&[]))
}

#[test]
fn all_grammars_are_read() {
    let library = library();
    for (number, packed) in (0..).zip(GRAMMARS.syntaxes()) {
        let grammar = library.grammar(number).unwrap_or_else(|| panic!("{} is not read", packed.name));
        assert!(grammar.start.is_some_and(|start| library.context(start).is_some()), "{}", packed.name);
        for rule in &grammar.rules {
            assert!(rule.refers_back || rule.pattern.regex().is_some(), "{}", rule.pattern.text());
        }
    }
}

/// The one promise of filters: what matches at a place is among the candidates there.
#[test]
fn whatever_matches_is_a_candidate() {
    let library = library();
    let mut region = Region::new();
    let texts = fs::read_dir("tests/highlight").expect("the texts").map(|file| file.expect("a file").path());
    let mut lines: Vec<String> = texts
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("a text");
            text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    lines.sort();
    // Patterns are many, so each grammar gets some of the lines.
    for number in 0..GRAMMARS.syntaxes().len() {
        let grammar = library.grammar(number as u16).expect("it is read");
        let mut known = BTreeSet::new();
        let rules: Vec<&Rule> = grammar
            .rules
            .iter()
            .filter(|rule| !rule.refers_back && !rule.pattern.asks_for_start())
            .filter(|rule| known.insert(rule.pattern.text()))
            .collect();
        let filter = Filter::new(rules.iter().map(|rule| rule.pattern.fragment().clone()));
        let mut automaton = Automaton::new(&filter);
        let mut room = Workspace::default();

        for line in lines.iter().skip(number % 40).step_by(40) {
            for (place, _) in line.char_indices().chain([(line.len(), ' ')]) {
                let list = automaton.candidates(&filter, &mut room, line.as_bytes(), place);
                let candidates = automaton.list(list);
                for (number, rule) in (0..).zip(&rules) {
                    let Some(regex) = rule.pattern.regex() else { continue };
                    let is_candidate = candidates.binary_search(&number).is_ok();
                    if !is_candidate && matches_at(regex, line, place, &mut region) {
                        panic!("{:?} matches at {place} of {line:?}", rule.pattern.text());
                    }
                }
            }
        }
    }
}
