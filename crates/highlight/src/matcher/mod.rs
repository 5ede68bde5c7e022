//! Decides whether a pattern matches at a place.
//!
//! A [`Program`] of the pattern is run, which is faster than Oniguruma for the short matches of tokens. Where that is
//! not sure, and for patterns that have no program, Oniguruma decides.

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
    /// How much work may still be done for the line that is read, in steps of programs.
    work_left: usize,
}

/// So much work is done for a line at most. It takes some twenty milliseconds.
const MOST_WORK: usize = 8_000_000;

impl Default for PatternMatcher {
    fn default() -> Self {
        PatternMatcher {
            groups: Groups::default(),
            region: Region::with_capacity(16),
            runner: Runner::default(),
            work_left: MOST_WORK,
        }
    }
}

impl PatternMatcher {
    /// Begins with another line.
    pub fn begin_line(&mut self) {
        self.work_left = MOST_WORK;
    }

    /// Whether the line has taken so much work that answers are no longer right.
    pub fn is_exhausted(&self) -> bool {
        self.work_left == 0
    }

    /// Whether a pattern matches at a place. Of its groups, those that `needs` asks about are known.
    pub fn matches(
        &mut self,
        pattern: &Pattern,
        line: &str,
        at: usize,
        needs: impl FnOnce(&[u32]) -> bool,
    ) -> bool {
        if self.is_exhausted() {
            return false;
        }
        let program = pattern.program();
        let told = program.map(|program| (self.run(program, line, at), &program.hidden));
        match told {
            Some((Ok(false), _)) => false,
            Some((Ok(true), hidden)) if hidden.is_empty() || !needs(hidden) => true,
            _ => {
                if pattern.goes_far() {
                    self.work_left = self.work_left.saturating_sub(2 * (line.len() - at));
                }
                pattern.regex().is_some_and(|regex| self.matches_regex(regex, line, at))
            }
        }
    }

    /// Whether a program matches at a place, if that is known without Oniguruma.
    ///
    /// # Errors
    /// If it is not.
    pub fn run(&mut self, program: &Program, line: &str, at: usize) -> Result<bool, Unsure> {
        let told = self.runner.matches(program, line, at, &mut self.groups);
        self.work_left = self.work_left.saturating_sub(self.runner.steps());
        told
    }

    /// Whether a compiled pattern matches at a place.
    pub fn matches_regex(&mut self, regex: &Regex, line: &str, at: usize) -> bool {
        let matches = pattern::matches_at(regex, line, at, &mut self.region);
        self.charge(matches.is_err());
        let matches = matches.unwrap_or(false);
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
        let place = pattern::search(regex, line, start, &mut self.region);
        self.charge(place.is_err());
        place.unwrap_or(None)
    }

    /// Counts what Oniguruma has done. It does not say how much that was.
    fn charge(&mut self, has_given_up: bool) {
        let work = if has_given_up { MOST_WORK } else { 20 };
        self.work_left = self.work_left.saturating_sub(work);
    }
}
