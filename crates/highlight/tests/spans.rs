//! Highlighting gives the same spans as syntect, in every grammar.
//!
//! The texts in `tests/texts/` are of many languages at once. Grammars read them whatever they are in: strings that
//! do not end, brackets that do not match, and keywords where none may be lead to rules that valid code does not reach.
//! Then they are cut and mixed.

use std::fs;
use std::sync::LazyLock;

use bindery_highlight::{Grammars, HighlightError};
use rayon::prelude::*;
use syntect::parsing::SyntaxSet;

/// Some classes, so that most scopes are told apart.
const CLASSES: &[(&str, u8)] = &[
    ("comment", b'c'),
    ("string", b's'),
    ("constant", b'n'),
    ("constant.character", b'e'),
    ("keyword", b'k'),
    ("keyword.operator", b'o'),
    ("storage", b'd'),
    ("entity.name", b'f'),
    ("entity.other", b'a'),
    ("support", b'b'),
    ("variable", b'v'),
    ("variable.other", 0),
    ("variable.parameter", b'p'),
    ("punctuation", b'q'),
    ("punctuation.section", b'r'),
    ("markup", b'm'),
    ("meta", b't'),
    ("meta.function", b'g'),
    ("source", b'x'),
    ("text", b'y'),
    ("invalid", b'i'),
];

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

static COLOURS: LazyLock<Grammars> = LazyLock::new(|| Grammars::new(&GRAMMARS, CLASSES));

/// The texts, by their names.
static TEXTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let files = fs::read_dir("tests/texts").expect("the texts");
    let mut texts: Vec<_> = files
        .map(|file| {
            let path = file.expect("a file").path();
            (path.display().to_string(), fs::read_to_string(&path).expect("a text"))
        })
        .collect();
    texts.sort();
    assert!(texts.len() > 5, "all texts are found");
    texts
});

fn grammars() -> impl IndexedParallelIterator<Item = (u16, &'static str)> {
    let names: Vec<_> = (0..).zip(GRAMMARS.syntaxes().iter().map(|grammar| grammar.name.as_str())).collect();
    names.into_par_iter()
}

/// What is different in the spans of a text, if something is. Where a grammar makes no progress, there is nothing to
/// compare with.
fn difference(number: u16, name: &str, text: &str) -> Option<String> {
    let spans = match COLOURS.highlight(number, text) {
        Err(HighlightError::NoProgress { .. }) => return None,
        spans => spans,
    };
    let expected = COLOURS.highlight_with_syntect(number, text);
    if spans == expected {
        return None;
    }

    let (Ok(spans), Ok(expected)) = (spans, expected) else {
        return Some(format!("{name}: an error in {text:?}"));
    };
    let same = spans.iter().zip(&expected).take_while(|(span, expected)| span == expected).count();
    let start = same.checked_sub(1).map_or(0, |last| spans[last].end as usize);
    let (found, wanted) = (spans.get(same), expected.get(same));
    Some(format!("{name}: {found:?}, not {wanted:?}, for {:?} in {text:?}", &text[start..]))
}

#[test]
fn every_grammar_gives_the_spans_of_syntect() {
    // Texts and grammars are many, so each grammar reads some of the texts.
    let of_grammar = |(number, name)| {
        let mut some = TEXTS.iter().cycle().skip(usize::from(number)).take(3);
        some.find_map(|(_, text)| difference(number, name, text))
    };
    let differences: Vec<_> = grammars().filter_map(of_grammar).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// What is put into texts.
const PIECES: &str = "\" ' ( ) { } [ ] < > / \\ # $ % & * = + - ; : , . | ~ ` ! ? @ ^ _ 0 1f a Z é ß ſ K 中 🙂 \u{a0} \
    \u{85} <!-- --> /* */ // -- ${ }} {{ {% %} <?php ?> EOF << <<EOF \"\"\" ''' r#\" \"# end if for def class fn let 0x1F \
    \\n \t SELECT ss ff";

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    /// A piece of a text with some changes.
    fn mutated(&mut self, text: &str) -> String {
        let pieces: Vec<&str> = PIECES.split(' ').collect();
        let chars: Vec<char> = text.chars().collect();
        let start = self.below(chars.len());
        let end = (start + 1 + self.below(400)).min(chars.len());
        let mut chars = chars[start..end].to_vec();
        for _ in 0..self.below(10) {
            let at = self.below(chars.len() + 1);
            let removed = [0, 1, 1, 20][self.below(4)];
            let piece = if self.below(10) == 0 { "\n" } else { pieces[self.below(pieces.len())] };
            let piece = if self.below(3) == 0 { "" } else { piece };
            chars.splice(at..(at + removed).min(chars.len()), piece.chars());
        }
        chars.into_iter().collect()
    }
}

/// How many texts are made for each grammar.
const MUTATED: usize = 5;

#[test]
fn mutated_texts_have_the_spans_of_syntect() {
    let of_grammar = |(number, name)| {
        let mut dice = Dice(u64::from(number) + 1);
        (0..MUTATED).find_map(|_| {
            let (_, text) = &TEXTS[dice.below(TEXTS.len())];
            difference(number, name, &dice.mutated(text))
        })
    };
    let differences: Vec<_> = grammars().filter_map(of_grammar).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn long_lines_have_the_spans_of_syntect() {
    // As long as lines are that are highlighted.
    let line = |piece: &str| format!("{}\n", piece.repeat(9_999 / piece.len()));
    for name in ["JSON", "Rust", "Python", "CSS", "SQL", "Bourne Again Shell (bash)"] {
        let number = GRAMMARS.syntaxes().iter().position(|grammar| grammar.name == name).expect("a grammar");
        for piece in ["{\"a\": [1, 'b', x(c)]}, ", "a.b = ", "é "] {
            assert_eq!(difference(number as u16, name, &line(piece)), None);
        }
    }
}

/// Lines in which patterns match nowhere, or only at the end: asked anew at each place, they would take seconds.
#[test]
fn hostile_lines_take_limited_work() {
    let pieces = ["a", "a,", " ", "(", "\\", "a::b", "<", "if ", "$a", "0", "é ", "//"];
    let has_failed = |(number, _): &(u16, &str)| {
        let piece = pieces[usize::from(*number) % pieces.len()];
        let line = format!("{}\n", piece.repeat(9_998 / piece.len()));
        match COLOURS.highlight(*number, &line) {
            Ok(spans) => {
                assert_eq!(spans.last().map(|span| span.end as usize), Some(line.len()));
                false
            }
            Err(error) => {
                assert!(
                    matches!(error, HighlightError::TooMuchWork { .. } | HighlightError::TooDeep),
                    "{error}"
                );
                true
            }
        }
    };
    let failed: Vec<_> = grammars().filter(has_failed).map(|(_, name)| name).collect();
    assert!(failed.len() <= 12, "most lines are read to their end, but not in {failed:?}");
}

#[test]
fn deeply_nested_texts_have_the_spans_of_syntect() {
    for (name, piece) in [("JSON", "["), ("YAML", "{a: ["), ("JavaScript (Babel)", "(["), ("Rust", "({")] {
        let number = GRAMMARS.syntaxes().iter().position(|grammar| grammar.name == name).expect("a grammar");
        let text = format!("{}1\n{}\n", piece.repeat(120), "x = 'y'; ]})".repeat(20));
        assert_eq!(difference(number as u16, name, &text), None);
    }
}

/// A pattern that asks where the search began is searched for once in a line, and kept from one tag to the next.
#[test]
fn searches_are_kept_as_by_syntect() {
    let number =
        GRAMMARS.syntaxes().iter().position(|grammar| grammar.name == "TypeScript").expect("a grammar");
    assert_eq!(difference(number as u16, "TypeScript", "/**\n * a @type {P} to @type {R}\n */\n"), None);
}

#[test]
fn text_in_which_a_grammar_makes_no_progress_is_an_error() {
    let svelte = GRAMMARS.syntaxes().iter().position(|grammar| grammar.name == "Svelte").expect("a grammar");
    let error = COLOURS.highlight(svelte as u16, "<p>\nf() {\n  a /* b */\n");
    assert!(matches!(error, Err(HighlightError::NoProgress { at: 10.. })), "{error:?}");
}
