//! Tests of the inner parts, pattern by pattern. That whole texts have the spans of syntect is tested in
//! `tests/highlight.rs`.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;
use syntect::parsing::SyntaxSet;

use super::class::ClassTable;
use super::filter::automaton::{Automaton, Workspace};
use super::filter::edges::{EdgeSymbols, MatchEdge};
use super::filter::symbols::SymbolSet;
use super::grammar::library::GrammarLibrary;
use super::grammar::pattern::Pattern;
use super::matcher::PatternMatcher;
use super::pattern::parse::parse;

static PACKED: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

fn library() -> GrammarLibrary {
    GrammarLibrary::new(&PACKED, ClassTable::new(&[]))
}

/// Lines of many languages.
fn lines() -> Vec<&'static str> {
    let texts = [
        include_str!("../tests/texts/braces.txt"),
        include_str!("../tests/texts/data.txt"),
        include_str!("../tests/texts/marks.txt"),
        include_str!("../tests/texts/prose.txt"),
        include_str!("../tests/texts/shell.txt"),
        include_str!("../tests/texts/symbols.txt"),
        include_str!("../tests/texts/words.txt"),
    ];
    texts.iter().flat_map(|text| text.split_inclusive('\n')).collect()
}

#[test]
fn all_grammars_are_read() {
    let library = library();
    for (number, packed) in (0..).zip(PACKED.syntaxes()) {
        let start = library.grammar(number).map(|grammar| grammar.start);
        assert!(matches!(start, Ok(Some(start)) if library.context(start).is_ok()), "{}", packed.name);
    }
}

/// Checks patterns at all places of lines.
fn check<'l>(patterns: &[Arc<Pattern>], lines: impl Iterator<Item = &'l str>) {
    let mut automaton = Automaton::new(patterns.into(), 0);
    let mut room = Workspace::default();
    let mut matcher = PatternMatcher::default();
    for line in lines {
        room.begin_line();
        matcher.begin_line();
        for place in (0..=line.len()).filter(|place| line.is_char_boundary(*place)) {
            let list = automaton.candidates(&mut room, line.as_bytes(), place);
            for (number, pattern) in (0..).zip(patterns) {
                let is_candidate = automaton.list(list).binary_search(&number).is_ok();
                check_pattern(&mut matcher, pattern, line, place, is_candidate);
            }
        }
    }
}

/// What matches at a place must be a candidate there, and a program that decides must decide as Oniguruma does.
fn check_pattern(
    matcher: &mut PatternMatcher,
    pattern: &Pattern,
    line: &str,
    place: usize,
    is_candidate: bool,
) {
    let regex = pattern.regex().expect("it was compiled");
    let matches = matcher.matches_regex(regex, line, place);
    assert!(is_candidate || !matches, "{:?} matches at {place} of {line:?}", pattern.text());

    let expected = matcher.groups.clone();
    let Some(program) = pattern.program() else { return };
    let Ok(told) = matcher.run(program, line, place) else { return };
    assert_eq!(told, matches, "{:?} at {place} of {line:?}", pattern.text());
    if matches {
        let is_known = |group: &usize| !program.hidden.contains(&(*group as u32));
        for group in (0..program.groups).filter(is_known) {
            let (found, expected) = (matcher.groups.get(group), expected.get(group));
            assert_eq!(found, expected, "{group} of {:?} at {place} of {line:?}", pattern.text());
        }
    }
}

#[test]
fn patterns_match_as_in_oniguruma() {
    let library = library();
    let lines = lines();
    // Patterns are many, so each grammar gets some of the lines.
    (0..PACKED.syntaxes().len()).into_par_iter().for_each(|number| {
        let some = lines.iter().copied().skip(number % 120).step_by(120);
        let grammar = library.grammar(number as u16).expect("it is read");
        let mut known = BTreeSet::new();
        let mut patterns: Vec<Arc<Pattern>> =
            grammar.rules.iter().map(|rule| Arc::clone(&rule.pattern)).collect();
        patterns.retain(|pattern| known.insert(pattern.text().to_owned()));
        patterns.retain(|pattern| !pattern.asks_for_start() && pattern.regex().is_some());
        check(&patterns, some);
    });
}

#[test]
fn beginnings_of_patterns_allow_no_less() {
    let library = library();
    for number in 0..PACKED.syntaxes().len() {
        for rule in &library.grammar(number as u16).expect("it is read").rules {
            let whole = EdgeSymbols::of(&parse(rule.pattern.text()).expr, MatchEdge::First);
            let first = rule.pattern.first();
            let is_less = whole.set.and(first) != whole.set || (whole.is_optional && first != SymbolSet::ALL);
            assert!(!is_less, "{:?}", rule.pattern.text());
        }
    }
}

#[test]
fn work_for_a_line_is_limited() {
    let pattern = Pattern::new("(x+x+)+y");
    let line = "x".repeat(1_000);
    let mut matcher = PatternMatcher::default();
    assert!(!matcher.matches(&pattern, &line, 0, |_| true) && matcher.is_exhausted());

    matcher.begin_line();
    assert!(matcher.matches(&pattern, "xxy", 0, |_| true) && !matcher.is_exhausted());
}

/// Patterns with what grammars have rarely.
const RARE_PATTERNS: &[&str] = &[
    r"a*?b",
    r"a++a",
    r"(?>a|ab)c",
    r"(a|b)*?c",
    r"a{2,3}?b",
    r"a{2}?b",
    r"(?:ab){1,2}c",
    r"(a)\1",
    r"(a)|b\1",
    r"(?=(a+))a*b\1",
    r"(?!ab)[a-z]+",
    r"(?<=a|bc)d",
    r"(?<!a)b",
    r"(?<![a-z])b\b",
    r"\Bb",
    r"\bb\b",
    r"\b.",
    r"^a|c$",
    r"\Aa\z",
    r"a\Z",
    r"(?i)sS",
    r"(?i:k)b",
    r"(?i)[a-c]",
    r"(?i)[^k]",
    r"(?x) a b # c",
    r"(?m:.)",
    r"[^\n]+$",
    r"[[:alpha:]_&&[^b]]+",
    r"[\w-]+",
    r"[]a]",
    r"\p{L}+",
    r"\h\H",
    r"\x61\u0062",
    r"(a(b)?)+c",
    r"(?:a|b|c)++d",
    r"((a)|(b))+",
    r"é|ß",
    r"[é-ü]",
    r"\s*$",
    r"(?:)",
    r"a(?#c)b",
    r"(?i)a|(?-i)B",
    r"x*",
    r"(?<n>a)\k<n>",
    r"\R",
    r"a(?i)b|c",
    r"(?=a(?x)b|(?-x)c |d)a",
];

/// Lines that decide about them.
const RARE_LINES: &[&str] = &[
    "aab\n",
    "abcd abab\n",
    "aaaab bb\n",
    "SssS kKbK\n",
    "éüß ſa\n",
    "a\n",
    "",
    "ab\\a-b]\n",
    "aa bb cc abc\n",
    "bcd ad xd\n",
    "aaabaaab\r\n",
    "\u{212a}b ß ss\n",
    "\n",
    "abcabcabc",
    "a_b c-d 0fG\n",
    "bé b× b÷b ñb жb b中b あb bアb 한b “b” b…b 、b，b b。b\n",
];

#[test]
fn patterns_of_all_kinds_match_as_in_oniguruma() {
    for text in RARE_PATTERNS {
        let pattern = Arc::new(Pattern::new(text));
        assert!(pattern.regex().is_some(), "{text} is not a pattern");
        check(&[pattern], RARE_LINES.iter().copied());
    }
}
