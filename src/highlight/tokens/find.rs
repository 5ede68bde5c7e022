//! Finds the rule that applies next.

use std::rc::Rc;

use onig::Regex;

use super::anchored::AnchoredSearches;
use super::level::ContextStack;
use crate::highlight::chain::{ChainLink, ChainStore};
use crate::highlight::grammar::library::GrammarLibrary;
use crate::highlight::grammar::rules::{Rule, RuleAction, RuleId};
use crate::highlight::matcher::PatternMatcher;
use crate::highlight::worker::Worker;

/// As many contexts as syntect allows.
const DEEPEST: usize = 100;

/// The rule that applies next. Where its groups are is in the finder's matcher.
pub struct FoundRule<'g> {
    /// The rule.
    pub rule: &'g Rule,
    /// Whether it is there because of a prototype that another rule has set.
    pub is_set: bool,
    /// Where it ends.
    pub end: usize,
    /// Whether it would close a context that was opened at the same place, and nothing else matches there.
    pub would_loop: bool,
}

/// A rule that was searched for, since its pattern is not in the filter, and the place of its first match.
struct SearchedRule {
    place: usize,
    /// The number of the rule in the chain.
    number: u16,
    kind: SearchedKind,
}

/// Why a rule was searched for.
enum SearchedKind {
    /// Its pattern refers to what opened its context; this is the pattern with that put in.
    Referring(Rc<Regex>),
    /// Its pattern asks where the search began, which was here.
    Anchored(usize),
}

/// A search for a pattern that refers to what opened its context.
struct ReferringSearch {
    regex: Rc<Regex>,
    /// Where it began.
    from: usize,
    /// The place of the first match.
    place: Option<usize>,
}

/// A search in a line.
#[derive(Clone, Copy)]
struct LineSearch<'l> {
    line: &'l str,
    /// Where it begins.
    start: usize,
    /// The number of the chain.
    chain: usize,
    /// Whether closing the context without taking anything would go round in a circle.
    may_loop: bool,
    /// Whether no more contexts can be opened.
    is_deepest: bool,
}

/// Finds rules in lines.
pub struct RuleFinder<'g, 'w> {
    /// The grammars.
    pub library: &'g GrammarLibrary,
    /// Where the last rule has matched.
    pub matcher: PatternMatcher,
    /// What was searched for in the line that is read.
    anchored: AnchoredSearches,
    /// The same, for patterns that refer to what opened their contexts.
    referring: Vec<ReferringSearch>,
    /// Whether contexts were nested as deeply as syntect allows.
    pub is_deep: bool,
    chains: &'g ChainStore,
    worker: &'w mut Worker,
    /// The rules to be tried at a place, by their numbers in the chain.
    tried: Vec<u16>,
    /// Room for the contexts of a chain.
    links: Vec<ChainLink>,
}

impl<'g, 'w> RuleFinder<'g, 'w> {
    /// Makes a finder of rules.
    pub fn new(library: &'g GrammarLibrary, chains: &'g ChainStore, worker: &'w mut Worker) -> Self {
        RuleFinder {
            library,
            matcher: PatternMatcher::default(),
            anchored: AnchoredSearches::default(),
            referring: Vec::new(),
            is_deep: false,
            chains,
            worker,
            tried: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Begins with another line.
    pub fn begin_line(&mut self) {
        self.anchored.clear();
        self.referring.clear();
        self.matcher.begin_line();
        self.worker.begin_line();
    }

    /// Finds the rule that applies next, from a place on. The outer `None` is a context that does not exist.
    pub fn find(
        &mut self,
        stack: &ContextStack,
        line: &str,
        start: usize,
        may_loop: bool,
    ) -> Option<Option<FoundRule<'g>>> {
        let is_deepest = stack.depth() >= DEEPEST;
        self.is_deep |= is_deepest;
        let search = LineSearch { line, start, chain: self.chain(stack)?, may_loop, is_deepest };
        let mut searched = self.search_referring(search, stack)?;
        let has_anchored = !self.worker.chain_at(search.chain).anchored.is_empty();

        // Rules that match nothing and do nothing are not looked for further on.
        let mut idle: Vec<RuleId> = Vec::new();
        let mut from = start;
        while from <= line.len() {
            // Rules that ask where the search began are tried at its first place, and are known from then on.
            let tries_anchored = has_anchored && from == start;
            let next = searched.iter().map(|rule| rule.place).filter(|place| *place >= from).min();
            let next = if tries_anchored { Some(start) } else { next };

            self.tried.clear();
            let places = from..=next.unwrap_or(line.len());
            let place = match self.worker.candidates(search.chain, line, places, &mut self.tried) {
                Some(place) => place,
                None => match next {
                    Some(next) => next,
                    None => return Some(None),
                },
            };
            if next == Some(place) {
                self.try_searched(search, place, &searched);
            }

            let found = self.first_match(search, place, &searched, &mut idle)?;
            if found.is_some() {
                return Some(found);
            }
            if tries_anchored {
                self.add_anchored(search, &mut searched);
            }
            from = line.ceil_char_boundary(place + 1).max(place + 1);
        }
        Some(None)
    }

    /// Adds the rules to be tried at a place that are not in the filter, in their order.
    fn try_searched(&mut self, search: LineSearch<'_>, place: usize, searched: &[SearchedRule]) {
        self.tried.extend(searched.iter().filter(|rule| rule.place == place).map(|rule| rule.number));
        if place == search.start {
            self.tried.extend_from_slice(&self.worker.chain_at(search.chain).anchored);
        }
        self.tried.sort_unstable();
    }

    /// The first of the rules to be tried that matches at a place.
    fn first_match(
        &mut self,
        search: LineSearch<'_>,
        place: usize,
        searched: &[SearchedRule],
        idle: &mut Vec<RuleId>,
    ) -> Option<Option<FoundRule<'g>>> {
        let chain = self.worker.chain_at(search.chain);
        let mut looping = None;
        for number in self.tried.iter().copied() {
            let chained = chain.rules[usize::from(number)];
            let rule = self.library.rule(chained.id)?;
            if search.is_deepest && matches!(rule.action, RuleAction::Push(_)) {
                continue;
            }

            let kind = searched.iter().find(|rule| rule.number == number).map(|rule| &rule.kind);
            let matches = match kind {
                None if chain.anchored.contains(&number) => {
                    let LineSearch { line, start, .. } = search;
                    let found = self.anchored.search(&mut self.matcher, chained.id, rule, line, start);
                    found.is_some_and(|found| {
                        found.place == place && self.matcher.is_first(&rule.pattern, line, found.from, place)
                    })
                }
                None => self.matcher.matches(&rule.pattern, search.line, place),
                Some(SearchedKind::Referring(regex)) => self.matcher.matches_regex(regex, search.line, place),
                Some(SearchedKind::Anchored(from)) => {
                    self.matcher.is_first(&rule.pattern, search.line, *from, place)
                }
            };
            let Some((start, end)) = self.matcher.groups.get(0).filter(|_| matches) else { continue };

            let is_idle = matches!(rule.action, RuleAction::Stay);
            if is_idle && (start == end || idle.contains(&chained.id)) {
                idle.push(chained.id);
                continue;
            }
            let would_loop = search.may_loop && end <= search.start && matches!(rule.action, RuleAction::Pop);
            let found = FoundRule { rule, is_set: chained.is_set, end, would_loop };
            if !would_loop {
                return Some(Some(found));
            }
            looping = Some(found);
        }
        Some(looping)
    }

    /// Adds the rules that ask where the search began, and match further on.
    fn add_anchored(&self, search: LineSearch<'_>, searched: &mut Vec<SearchedRule>) {
        let chain = self.worker.chain_at(search.chain);
        for number in &chain.anchored {
            let id = chain.rules[usize::from(*number)].id;
            if let Some(found) = self.anchored.known(id, search.start + 1) {
                let kind = SearchedKind::Anchored(found.from);
                searched.push(SearchedRule { place: found.place, number: *number, kind });
            }
        }
    }

    /// The number of the chain that applies now.
    fn chain(&mut self, stack: &ContextStack) -> Option<usize> {
        let innermost = stack.innermost()?;
        if let Some(known) = innermost.chain.get() {
            return Some(known);
        }

        let own = self.library.context(innermost.context)?.prototype;
        self.links.clear();
        stack.links(own, &mut self.links);
        let chain = self.worker.chain(self.library, self.chains, &self.links)?;
        innermost.chain.set(Some(chain));
        Some(chain)
    }

    /// Searches for the rules whose patterns refer to what opened their contexts. They are few.
    fn search_referring(
        &mut self,
        search: LineSearch<'_>,
        stack: &ContextStack,
    ) -> Option<Vec<SearchedRule>> {
        let LineSearch { line, start, chain, .. } = search;
        let chain = self.worker.chain_at(chain);
        let mut found = Vec::new();
        for number in &chain.referring {
            let chained = chain.rules[usize::from(*number)];
            let rule = self.library.rule(chained.id)?;
            let captured = stack.captured_by(usize::from(chained.link));
            let Some(regex) = captured.and_then(|captured| captured.pattern(chained.id, rule)) else {
                continue;
            };
            // What was found stays the first match up to its place.
            let is_known = |known: &&mut ReferringSearch| Rc::ptr_eq(&known.regex, &regex);
            let place = match self.referring.iter_mut().find(is_known) {
                Some(known) if known.from <= start && known.place.is_none_or(|place| place >= start) => {
                    known.place
                }
                Some(known) => {
                    (known.from, known.place) = (start, self.matcher.search(&regex, line, start));
                    known.place
                }
                None => {
                    let place = self.matcher.search(&regex, line, start);
                    self.referring.push(ReferringSearch { regex: Rc::clone(&regex), from: start, place });
                    place
                }
            };
            if let Some(place) = place {
                found.push(SearchedRule { place, number: *number, kind: SearchedKind::Referring(regex) });
            }
        }
        Some(found)
    }
}
