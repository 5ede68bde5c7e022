//! A pattern of a grammar, compiled when it is first needed.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::HashMap;
use onig::{MatchParam, Regex, RegexOptions, Region, SearchOptions, Syntax};

use crate::filter::edges::{EdgeSymbols, MatchEdge};
use crate::filter::fragment::Fragment;
use crate::filter::symbols::SymbolSet;
use crate::matcher::program::Program;
use crate::pattern::parse::{parse, parse_beginning, parse_first};

/// A regular expression of a grammar.
#[derive(Debug)]
pub struct Pattern {
    text: Box<str>,
    regex: OnceLock<Option<Regex>>,
    first: OnceLock<SymbolSet>,
    fragment: OnceLock<Arc<Fragment>>,
    program: OnceLock<Option<Program>>,
    goes_far: OnceLock<bool>,
}

impl Pattern {
    /// Makes a pattern of its text.
    pub fn new(text: &str) -> Pattern {
        Pattern {
            text: text.into(),
            regex: OnceLock::new(),
            first: OnceLock::new(),
            fragment: OnceLock::new(),
            program: OnceLock::new(),
            goes_far: OnceLock::new(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The symbols that it can begin with.
    pub fn first(&self) -> SymbolSet {
        *self.first.get_or_init(|| {
            let first = EdgeSymbols::of(&parse_first(&self.text), MatchEdge::First);
            if first.is_optional { SymbolSet::ALL } else { first.set }
        })
    }

    /// The pattern as an automaton, which may allow more.
    pub fn fragment(&self) -> &Arc<Fragment> {
        self.fragment.get_or_init(|| Arc::new(Fragment::new(&parse_beginning(&self.text))))
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

    /// Whether it often has to look at the whole rest of a line.
    pub fn goes_far(&self) -> bool {
        *self.goes_far.get_or_init(|| parse(&self.text).expr.goes_far())
    }

    /// Whether a match depends on where the search began.
    pub fn asks_for_start(&self) -> bool {
        self.text.contains("\\G")
    }
}

/// The patterns of all grammars. Those with the same text are the same pattern.
#[derive(Debug, Default)]
pub struct PatternStore(Mutex<HashMap<Box<str>, Arc<Pattern>>>);

impl PatternStore {
    /// The pattern with a text.
    pub fn get(&self, text: String) -> Arc<Pattern> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pattern) = known.get(text.as_str()) {
            return Arc::clone(pattern);
        }
        let pattern = Arc::new(Pattern::new(&text));
        known.insert(text.into(), Arc::clone(&pattern));
        pattern
    }
}

/// Compiles a pattern as syntect does.
pub fn compile(pattern: &str) -> Option<Regex> {
    Regex::with_options(pattern, RegexOptions::REGEX_OPTION_CAPTURE_GROUP, Syntax::default()).ok()
}

/// Oniguruma has given up.
#[derive(Clone, Copy, Debug)]
pub struct GivenUp;

/// Whether a pattern matches at a place, which Oniguruma may find out by going back so often.
pub fn matches_at(
    regex: &Regex,
    line: &str,
    at: usize,
    groups: &mut Region,
    most_retries: u32,
) -> Result<bool, GivenUp> {
    let none = SearchOptions::SEARCH_OPTION_NONE;
    let found = regex.match_with_param(line, at, none, Some(groups), limited(most_retries));
    found.map(|length| length.is_some()).map_err(|_| GivenUp)
}

/// The place of the first match from a place on.
pub fn search(regex: &Regex, line: &str, from: usize, groups: &mut Region) -> Result<Option<usize>, GivenUp> {
    let none = SearchOptions::SEARCH_OPTION_NONE;
    regex
        .search_with_param(line, from, line.len(), none, Some(groups), limited(most_retries(line)))
        .map_err(|_| GivenUp)
}

/// How often Oniguruma may go back in a match. Each time, it can look at all of the line that follows. In short lines it
/// is as often as it does by itself.
pub fn most_retries(line: &str) -> u32 {
    let most = 300_000_000 / line.len().max(1);
    most.clamp(30_000, 10_000_000) as u32
}

fn limited(most_retries: u32) -> MatchParam {
    let mut limited = MatchParam::default();
    limited.set_retry_limit_in_match(most_retries);
    limited
}
