//! Decides whether a pattern matches at a place.
//!
//! A [`Program`] of the pattern is run, which is faster than Oniguruma for the short matches of tokens. Where that is
//! not sure, and for patterns that have no program, Oniguruma decides.

pub mod compile;
mod letters;
pub mod program;
pub mod run;

use onig::{Regex, Region};

use super::grammar::pattern::{Pattern, matches_at, most_retries, search};
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
    /// Where the run of bytes that are alike ends in which Oniguruma was asked last.
    run_end: usize,
}

/// So much work is done for a line at most. It takes some ten milliseconds; what is not counted can double that.
const MOST_WORK: usize = 1_500_000;
/// The work of asking Oniguruma.
const ONE_CALL: usize = 60;
/// The work of Oniguruma for a byte that it mostly looks at: of a long run of letters or of the same, or of the whole rest of
/// the line for some patterns.
const ONE_BYTE: usize = 15;
/// So many bytes of a run are no work.
const SHORT_RUN: usize = 8;
/// The work of going back once in Oniguruma.
const ONE_RETRY: usize = 3;
/// As often, Oniguruma may go back in a first attempt, which is the only one nearly always.
const FEW_RETRIES: u32 = 200;

impl Default for PatternMatcher {
    fn default() -> Self {
        PatternMatcher {
            groups: Groups::default(),
            region: Region::with_capacity(16),
            runner: Runner::default(),
            work_left: MOST_WORK,
            run_end: 0,
        }
    }
}

impl PatternMatcher {
    /// Begins with another line.
    pub fn begin_line(&mut self) {
        self.work_left = MOST_WORK;
        self.run_end = 0;
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
                    self.charge(ONE_BYTE * (line.len() - at));
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
        self.charge(self.runner.steps());
        told
    }

    /// Whether a compiled pattern matches at a place.
    pub fn matches_regex(&mut self, regex: &Regex, line: &str, at: usize) -> bool {
        let matches = self.ask(regex, line, at);
        if matches {
            self.groups.set(&self.region);
        }
        matches
    }

    /// Asks Oniguruma. It does not say how much it has done, but only whether it was more than it may do. So it is asked
    /// again with a higher limit, until it has an answer or the work for the line has been done.
    fn ask(&mut self, regex: &Regex, line: &str, at: usize) -> bool {
        let most = most_retries(line);
        let mut retries = FEW_RETRIES;
        let run = self.run_from(line, at);
        self.charge(ONE_CALL + ONE_BYTE * run.saturating_sub(SHORT_RUN));
        loop {
            if let Ok(matches) = matches_at(regex, line, at, &mut self.region, retries.min(most)) {
                return matches;
            }
            self.charge(if retries < most { ONE_RETRY * retries as usize } else { MOST_WORK });
            if self.is_exhausted() {
                return false;
            }
            retries *= 8;
        }
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

    /// How many bytes of a word, or of the same sign, follow a place.
    fn run_from(&mut self, line: &str, at: usize) -> usize {
        if at >= self.run_end {
            let kind = |byte: u8| if byte.is_ascii_alphanumeric() || byte >= 128 { b'_' } else { byte };
            let alike = line.as_bytes()[at..].chunk_by(|a, b| kind(*a) == kind(*b));
            self.run_end = at + alike.map(<[u8]>::len).next().unwrap_or_default();
        }
        self.run_end - at
    }

    /// The place of the first match of a compiled pattern, from a place on.
    pub fn search(&mut self, regex: &Regex, line: &str, start: usize) -> Option<usize> {
        let place = search(regex, line, start, &mut self.region);
        let end = place.ok().flatten().unwrap_or(line.len());
        self.charge(if place.is_err() { MOST_WORK } else { ONE_CALL + ONE_BYTE * end.saturating_sub(start) });
        place.unwrap_or(None)
    }

    /// Counts work that was done.
    fn charge(&mut self, work: usize) {
        self.work_left = self.work_left.saturating_sub(work);
    }
}
