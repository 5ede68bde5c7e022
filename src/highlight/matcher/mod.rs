//! Decides whether a pattern matches at a place.
//!
//! A [`Program`] of the pattern is run, which is faster than Oniguruma for the short matches of tokens. Where that is not
//! sure, and for patterns that have no program, Oniguruma decides.

pub mod compile;
pub mod program;
pub mod run;

use onig::{Regex, Region};

use super::grammar::pattern::{self, Pattern};
use super::groups::Groups;
use program::Program;
use run::{Runner, Unsure};

/// Decides whether patterns match, and keeps where.
#[derive(Debug)]
pub struct PatternMatcher {
    /// Where the last pattern that has matched did.
    pub groups: Groups,
    /// The same, as Oniguruma reports it.
    region: Region,
    runner: Runner,
}

impl Default for PatternMatcher {
    fn default() -> Self {
        PatternMatcher {
            groups: Groups::default(),
            region: Region::with_capacity(16),
            runner: Runner::default(),
        }
    }
}

impl PatternMatcher {
    /// Whether a pattern matches at a place.
    pub fn matches(&mut self, pattern: &Pattern, line: &str, at: usize) -> bool {
        let told = pattern.program().map(|program| self.run(program, line, at));
        match told {
            Some(Ok(matches)) => matches,
            _ => pattern.regex().is_some_and(|regex| self.matches_regex(regex, line, at)),
        }
    }

    /// Whether a program matches at a place, if that is known without Oniguruma.
    ///
    /// # Errors
    /// If it is not.
    pub fn run(&mut self, program: &Program, line: &str, at: usize) -> Result<bool, Unsure> {
        self.runner.matches(program, line, at, &mut self.groups)
    }

    /// Whether a compiled pattern matches at a place.
    pub fn matches_regex(&mut self, regex: &Regex, line: &str, at: usize) -> bool {
        let matches = pattern::matches_at(regex, line, at, &mut self.region);
        if matches {
            self.groups.set(&self.region);
        }
        matches
    }

    /// Whether a place is that of the first match from another place on. For patterns that depend on where the search
    /// begins, only a search can tell.
    pub fn is_first(&mut self, pattern: &Pattern, line: &str, start: usize, at: usize) -> bool {
        self.search_pattern(pattern, line, start) == Some(at)
    }

    /// The place of the first match from a place on.
    pub fn search_pattern(&mut self, pattern: &Pattern, line: &str, start: usize) -> Option<usize> {
        let place = self.search(pattern.regex()?, line, start)?;
        self.groups.set(&self.region);
        Some(place)
    }

    /// The place of the first match of a compiled pattern, from a place on.
    pub fn search(&mut self, regex: &Regex, line: &str, start: usize) -> Option<usize> {
        pattern::search(regex, line, start, &mut self.region)
    }
}
