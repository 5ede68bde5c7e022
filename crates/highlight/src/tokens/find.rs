//! Finds the rule that applies next.

use std::rc::Rc;
use std::sync::Arc;

use onig::Regex;

use super::anchored::AnchoredSearches;
use super::level::ContextStack;
use crate::chain::{ChainLink, ChainRule, ChainStore};
use crate::error::HighlightError;
use crate::grammar::library::GrammarLibrary;
use crate::grammar::rules::{ContextId, Rule, RuleAction, RuleId};
use crate::matcher::PatternMatcher;
use crate::worker::Worker;

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

/// The first match, in the line that is read, of a pattern that refers to what opened its context.
struct ReferringMatch {
    regex: Rc<Regex>,
    place: Option<usize>,
}

/// A search in a line.
#[derive(Clone, Copy)]
struct LineSearch<'l> {
    line: &'l str,
    stack: &'l ContextStack,
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
    referring: Vec<ReferringMatch>,
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

    /// Finds the rule that applies next, from a place on.
    ///
    /// # Errors
    /// If a context does not exist.
    pub fn find(
        &mut self,
        stack: &ContextStack,
        line: &str,
        start: usize,
        may_loop: bool,
    ) -> Result<Option<FoundRule<'g>>, HighlightError> {
        let is_deepest = stack.depth() >= DEEPEST;
        self.is_deep |= is_deepest;
        let search = LineSearch { line, stack, start, chain: self.chain(stack)?, may_loop, is_deepest };
        let mut searched = self.search_referring(search, stack)?;

        // Rules that match nothing and do nothing are not looked for further on.
        let mut idle: Vec<RuleId> = Vec::new();
        let mut from = start;
        while let Some(place) = self.next_place(search, from, &searched) {
            let found = self.first_match(search, place, &searched, &mut idle)?;
            if found.is_some() {
                return Ok(found);
            }
            if from == start {
                self.add_anchored(search, &mut searched);
            }
            from = line.ceil_char_boundary(place + 1).max(place + 1);
        }
        Ok(None)
    }

    /// The next place where rules may match, from a place on. They are in `tried` then, in their order.
    fn next_place(
        &mut self,
        search: LineSearch<'_>,
        from: usize,
        searched: &[SearchedRule],
    ) -> Option<usize> {
        self.tried.clear();
        if from > search.line.len() {
            return None;
        }

        // Rules that ask where the search began are tried at its first place, and are known from then on.
        let tries_anchored = from == search.start && !self.worker.chain_at(search.chain).anchored.is_empty();
        let next = searched.iter().map(|rule| rule.place).filter(|place| *place >= from).min();
        let next = if tries_anchored { Some(from) } else { next };

        let places = from..=next.unwrap_or(search.line.len());
        let place = self.worker.candidates(search.chain, search.line, places, &mut self.tried).or(next)?;
        if next == Some(place) {
            self.tried.extend(searched.iter().filter(|rule| rule.place == place).map(|rule| rule.number));
            if tries_anchored {
                self.tried.extend_from_slice(&self.worker.chain_at(search.chain).anchored);
            }
            self.tried.sort_unstable();
        }
        Some(place)
    }

    /// The first of the rules to be tried that matches at a place.
    fn first_match(
        &mut self,
        search: LineSearch<'_>,
        place: usize,
        searched: &[SearchedRule],
        idle: &mut Vec<RuleId>,
    ) -> Result<Option<FoundRule<'g>>, HighlightError> {
        let mut looping = None;
        for at in 0..self.tried.len() {
            let number = self.tried[at];
            let chain = self.worker.chain_at(search.chain);
            let ChainRule { id, is_set, .. } = chain.rules[usize::from(number)];
            let rule = self.library.rule(id)?;
            if search.is_deepest && matches!(rule.action, RuleAction::Push(_)) {
                continue;
            }

            let searched = searched.iter().find(|rule| rule.number == number);
            let matches = self.rule_matches(search, number, rule, place, searched);
            let Some((start, end)) = self.matcher.groups.get(0).filter(|_| matches) else { continue };

            let is_idle = matches!(rule.action, RuleAction::Stay);
            if is_idle && (start == end || idle.contains(&id)) {
                idle.push(id);
                continue;
            }

            // Another rule that matches here goes before one that would go round in a circle.
            let would_loop = search.may_loop && end <= search.start && matches!(rule.action, RuleAction::Pop);
            let found = FoundRule { rule, is_set, end, would_loop };
            if !would_loop {
                return Ok(Some(found));
            }
            looping = Some(found);
        }
        Ok(looping)
    }

    /// Whether a rule, which may have been searched for, matches at a place.
    fn rule_matches(
        &mut self,
        search: LineSearch<'_>,
        number: u16,
        rule: &Rule,
        place: usize,
        searched: Option<&SearchedRule>,
    ) -> bool {
        let LineSearch { line, start, .. } = search;
        let chain = self.worker.chain_at(search.chain);
        match searched.map(|rule| &rule.kind) {
            Some(SearchedKind::Referring(regex)) => self.matcher.matches_regex(regex, line, place),
            Some(SearchedKind::Anchored(from)) => self.matcher.is_first(&rule.pattern, line, *from, place),
            None if chain.anchored.contains(&number) => {
                let id = chain.rules[usize::from(number)].id;
                let found = self.anchored.search(&mut self.matcher, id, rule, line, start);
                found.is_some_and(|found| {
                    found.place == place && self.matcher.is_first(&rule.pattern, line, found.from, place)
                })
            }
            None => {
                let (library, stack) = (self.library, search.stack);
                let needs = |groups: &[u32]| needs_groups(library, stack, rule, groups);
                self.matcher.matches(&rule.pattern, line, place, needs)
            }
        }
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
    fn chain(&mut self, stack: &ContextStack) -> Result<usize, HighlightError> {
        let innermost = stack.innermost().ok_or(HighlightError::BrokenGrammar)?;
        if let Some(known) = innermost.chain.get() {
            return Ok(known);
        }

        let own = self.library.context(innermost.context)?.prototype;
        self.links.clear();
        stack.links(own, &mut self.links);
        let chain = self.worker.chain(self.library, self.chains, &self.links)?;
        innermost.chain.set(Some(chain));
        Ok(chain)
    }

    /// Searches for the rules whose patterns refer to what opened their contexts. They are few.
    fn search_referring(
        &mut self,
        search: LineSearch<'_>,
        stack: &ContextStack,
    ) -> Result<Vec<SearchedRule>, HighlightError> {
        let mut found = Vec::new();
        if self.worker.chain_at(search.chain).referring.is_empty() {
            return Ok(found);
        }

        let chain = Arc::clone(self.worker.chain_at(search.chain));
        for number in &chain.referring {
            let ChainRule { id, link, .. } = chain.rules[usize::from(*number)];
            let rule = self.library.rule(id)?;
            let captured = stack.captured_by(usize::from(link));
            let Some(regex) = captured.and_then(|captured| captured.pattern(id, rule)) else { continue };
            if let Some(place) = self.first_referring(&regex, search) {
                found.push(SearchedRule { place, number: *number, kind: SearchedKind::Referring(regex) });
            }
        }
        Ok(found)
    }

    /// The first match of a pattern that refers to what opened its context. What was found earlier in the line is still
    /// the first, up to its place.
    fn first_referring(&mut self, regex: &Rc<Regex>, search: LineSearch<'_>) -> Option<usize> {
        let known = self.referring.iter().position(|known| Rc::ptr_eq(&known.regex, regex));
        if let Some(ReferringMatch { place, .. }) = known.map(|known| &self.referring[known])
            && place.is_none_or(|place| place >= search.start)
        {
            return *place;
        }

        let place = self.matcher.search(regex, search.line, search.start);
        match known {
            Some(known) => self.referring[known].place = place,
            None => self.referring.push(ReferringMatch { regex: Rc::clone(regex), place }),
        }
        place
    }
}

/// Whether what a rule does depends on the places of some groups: they have scopes, or a pattern may refer to them.
fn needs_groups(library: &GrammarLibrary, stack: &ContextStack, rule: &Rule, groups: &[u32]) -> bool {
    let has_scopes = |(group, _): &(usize, _)| groups.iter().any(|number| *number as usize == *group);
    let refers_back = |id: &ContextId| library.context(*id).is_ok_and(|context| context.refers_back);

    let opened = match &rule.action {
        RuleAction::Stay | RuleAction::Pop => [].iter(),
        RuleAction::Push(contexts) | RuleAction::Set(contexts) => contexts.iter(),
    };
    let kept = stack.innermost().map_or(&[][..], |level| &level.prototypes);
    rule.group_scopes.iter().any(has_scopes)
        || opened.chain(&rule.with_prototype).any(refers_back)
        || (matches!(rule.action, RuleAction::Set(_)) && kept.iter().any(refers_back))
}
