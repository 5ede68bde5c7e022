//! A pattern of a grammar, compiled when it is first needed.

use std::sync::{Arc, OnceLock};

use onig::{MatchParam, Regex, RegexOptions, Region, SearchOptions, Syntax};

use crate::highlight::filter::fragment::Fragment;
use crate::highlight::matcher::program::Program;
use crate::highlight::pattern::parse::parse;

/// A regular expression of a grammar.
#[derive(Debug)]
pub struct Pattern {
    text: Box<str>,
    regex: OnceLock<Option<Regex>>,
    fragment: OnceLock<Arc<Fragment>>,
    program: OnceLock<Option<Program>>,
}

impl Pattern {
    /// Makes a pattern of its text.
    pub fn new(text: String) -> Pattern {
        Pattern {
            text: text.into(),
            regex: OnceLock::new(),
            fragment: OnceLock::new(),
            program: OnceLock::new(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The pattern as an automaton, which may allow more.
    pub fn fragment(&self) -> &Arc<Fragment> {
        self.fragment.get_or_init(|| Arc::new(Fragment::new(&parse(&self.text).expr)))
    }

    /// The pattern as a program; `None` if only Oniguruma can match it.
    pub fn program(&self) -> Option<&Program> {
        // `\K` moves the start of a match.
        let compile = || if self.text.contains("\\K") { None } else { Program::new(&parse(&self.text)) };
        self.program.get_or_init(compile).as_ref()
    }

    /// The pattern as Oniguruma has compiled it; `None` if it cannot, so that it never matches.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| compile(&self.text)).as_ref()
    }

    /// Whether a match depends on where the search began.
    pub fn asks_for_start(&self) -> bool {
        self.text.contains("\\G")
    }
}

/// Compiles a pattern as syntect does.
pub fn compile(pattern: &str) -> Option<Regex> {
    Regex::with_options(pattern, RegexOptions::REGEX_OPTION_CAPTURE_GROUP, Syntax::default()).ok()
}

/// Whether a pattern matches at a place. Where Oniguruma gives up, it does not.
pub fn matches_at(regex: &Regex, line: &str, at: usize, groups: &mut Region) -> bool {
    let none = SearchOptions::SEARCH_OPTION_NONE;
    matches!(regex.match_with_param(line, at, none, Some(groups), MatchParam::default()), Ok(Some(_)))
}

/// The place of the first match from a place on.
pub fn search(regex: &Regex, line: &str, from: usize, groups: &mut Region) -> Option<usize> {
    let none = SearchOptions::SEARCH_OPTION_NONE;
    regex.search_with_param(line, from, line.len(), none, Some(groups), MatchParam::default()).ok().flatten()
}
