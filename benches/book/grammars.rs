//! The rules by which code is made: a table in a text file.

use std::sync::LazyLock;

/// The rules of a language.
#[derive(Debug)]
pub struct Grammar {
    /// The info string of its blocks.
    pub language: &'static str,
    /// The names of the rules, and an alternative of each.
    rules: Vec<(&'static str, String)>,
}

static GRAMMARS: LazyLock<Vec<Grammar>> = LazyLock::new(|| {
    let mut grammars: Vec<Grammar> = Vec::new();
    let lines = include_str!("grammars.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("# ") && *line != "#") {
        if let Some(language) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            grammars.push(Grammar { language, rules: Vec::new() });
        } else if let Some(grammar) = grammars.last_mut() {
            let (name, alternative) = line.split_once(' ').unwrap_or((line, ""));
            grammar.rules.push((name, unescape(alternative)));
        }
    }
    grammars
});

/// The grammar of a language.
///
/// # Panics
/// If there is none.
pub fn of(language: &str) -> &'static Grammar {
    let grammar = GRAMMARS.iter().find(|grammar| grammar.language == language);
    grammar.unwrap_or_else(|| panic!("no grammar of {language}"))
}

impl Grammar {
    /// The alternatives of a rule; none if there is no such rule.
    pub fn alternatives(&self, rule: &str) -> Vec<&str> {
        self.rules.iter().filter(|(name, _)| *name == rule).map(|(_, text)| text.as_str()).collect()
    }
}

/// A text with its escapes replaced.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match if sign == '\\' { signs.next() } else { Some('\\') } {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            _ => out.push(sign),
        }
    }
    out
}
