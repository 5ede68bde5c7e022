//! The code of a tutorial: console sessions, and files in a dozen languages.
//!
//! Each block is made from the rules of its language ([`grammars`](super::grammars)), which choose structure, names,
//! numbers and texts anew, so that the memory of highlighted code helps no more than in a real book: of the bytes
//! of a book's code, about 0.4 % are in blocks that it has twice, and 10 % in lines that it has twice. In eighteen
//! public books, 0 to 5 % and 10 to 40 % are.

use super::grammars::{self, Grammar};
use super::words::Words;

/// The languages of console sessions; a block without one is a session, too.
const SESSIONS: &[&str] = &["console", "", "shell-session"];
/// The languages of files. One that is here three times is as much more frequent, as in public books.
const FILES: &[&str] = &[
    "python",
    "rust",
    "javascript",
    "bash",
    "yaml",
    "python",
    "nginx",
    "rust",
    "ini",
    "javascript",
    "toml",
    "html",
    "python",
    "sql",
    "json",
    "rust",
    "css",
    "dockerfile",
    "javascript",
    "go",
    "text",
];

/// The approximate size of a console session in bytes; the last piece exceeds it.
const SESSION: usize = 310;
/// The approximate size of a file in bytes.
const FILE: usize = 590;
/// How many rules deep an expansion chooses freely; below that it takes the first alternative, the simplest.
const DEEPEST: usize = 5;

/// Adds a fenced block. The numbers of the chapter and the block choose its language, so that all languages are used.
pub fn block(words: &mut Words, chapter: usize, number: usize) -> String {
    words.rename();
    // Tutorials have mostly sessions; between them files, in alternating languages.
    let (language, grammar, length) = match number {
        0 | 2 => ("console", grammars::of("console"), SESSION),
        5 => (SESSIONS[chapter % SESSIONS.len()], grammars::of("console"), SESSION),
        _ => {
            let language = FILES[(chapter * 5 + number) % FILES.len()];
            (language, grammars::of(language), FILE)
        }
    };

    let mut text = expand(words, grammar, "open", 0);
    let close = expand(words, grammar, "close", 0);
    while text.len() + close.len() < length {
        text.push_str(&expand(words, grammar, "piece", 0));
    }
    text.push_str(&close);
    let text = text.trim_start_matches('\n');

    let extra = match words.random.below(8) {
        0 | 1 if !language.is_empty() => words.fill(r#" title="«a»/«b».«noun»""#),
        2 if !language.is_empty() && text.lines().count() > 2 => " {2,3}".to_owned(),
        _ => String::new(),
    };
    format!("```{language}{extra}\n{text}```\n")
}

/// An alternative of a rule, with the rules in it expanded. A rule that stands alone on an indented line has all its
/// lines indented like that. A rule that the grammar does not have is empty.
fn expand(words: &mut Words, grammar: &Grammar, rule: &str, depth: usize) -> String {
    let alternatives = grammar.alternatives(rule);
    let choice = if depth > DEEPEST { 0 } else { words.random.below(alternatives.len()) };
    let Some(alternative) = alternatives.get(choice) else { return String::new() };

    let mut text = String::new();
    let mut pieces = alternative.split('‹');
    text.push_str(&words.fill(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let (inner, rest) = piece.split_once('›').unwrap_or((piece, ""));
        let expansion = expand(words, grammar, inner, depth + 1);
        let line = text.rsplit('\n').next().unwrap_or_default();
        if line.trim().is_empty() && !line.is_empty() {
            let indent = format!("\n{line}");
            text.push_str(&expansion.replace('\n', &indent));
        } else {
            text.push_str(&expansion);
        }
        text.push_str(&words.fill(rest));
    }
    text
}
