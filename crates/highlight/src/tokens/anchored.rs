//! Rules whose patterns ask where the search began: `\G`.
//!
//! Syntect searches for a pattern once in a line, and again only beyond the match. For these patterns that makes a
//! difference: one that was searched for too early is not found later. So it is kept here what syntect has found, and
//! when it searches is followed exactly.

use crate::grammar::rules::{Rule, RuleAction, RuleId};
use crate::matcher::PatternMatcher;

/// The searches in a line for patterns that ask where the search began.
#[derive(Debug, Default)]
pub struct AnchoredSearches(Vec<AnchoredSearch>);

#[derive(Clone, Copy, Debug)]
struct AnchoredSearch {
    rule: RuleId,
    from: usize,
    place: Option<usize>,
}

/// The first match of a pattern that asks where the search began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnchoredMatch {
    /// Where the search began.
    pub from: usize,
    /// The place of the match.
    pub place: usize,
}

impl AnchoredSearches {
    /// Forgets the searches, for a new line.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The first match of a rule from a place on, as far as it is known in this line.
    pub fn known(&self, rule: RuleId, start: usize) -> Option<AnchoredMatch> {
        let known = self.0.iter().find(|known| known.rule == rule)?;
        let place = known.place.filter(|place| *place >= start)?;
        Some(AnchoredMatch { from: known.from, place })
    }

    /// Searches for a rule from a place on, unless it is known where it matches, or that it does not.
    pub fn search(
        &mut self,
        matcher: &mut PatternMatcher,
        id: RuleId,
        rule: &Rule,
        line: &str,
        start: usize,
    ) -> Option<AnchoredMatch> {
        let known = self.0.iter().position(|known| known.rule == id);
        if let Some(known) = known {
            match self.0[known].place {
                Some(place) if place < start => {}
                _ => return self.known(id, start),
            }
        }

        let place = matcher.search_pattern(&rule.pattern, line, start);
        // What matches nothing and does nothing is searched for again each time.
        let is_empty = matcher.groups.get(0).is_some_and(|(start, end)| start == end);
        if place.is_some() && is_empty && matches!(rule.action, RuleAction::Stay) {
            return None;
        }
        let search = AnchoredSearch { rule: id, from: start, place };
        match known {
            Some(known) => self.0[known] = search,
            None => self.0.push(search),
        }
        self.known(id, start)
    }
}
