//! The rules that apply at some place in a text.
//!
//! They are those of a chain of contexts: the prototypes that rules have set further out, the prototype of the grammar,
//! and the innermost context. Chains come back again and again, so each is made once, with the filter of its patterns.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashSet};

use super::filter::patterns::Filter;
use super::grammar::library::GrammarLibrary;
use super::grammar::rules::{ContextId, RuleId};

/// A context in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChainLink {
    /// The context.
    pub context: ContextId,
    /// Whether it is there as the prototype that a rule has set.
    pub is_set: bool,
    /// Whether what opened it was kept, for patterns that refer to it.
    pub has_captured: bool,
}

/// All rules of a chain of contexts. The first that matches earliest in a line is the one that applies.
#[derive(Debug)]
pub struct Chain {
    /// The rules.
    pub rules: Box<[ChainRule]>,
    /// The filter of the patterns that depend on nothing but the line.
    pub filter: Filter,
    /// The rules whose patterns are in the filter, by their numbers there.
    pub filtered: Box<[u16]>,
    /// The rules whose patterns need what opened their context.
    pub referring: Box<[u16]>,
    /// The rules whose patterns ask where the search began.
    pub anchored: Box<[u16]>,
}

/// A rule in a chain.
#[derive(Clone, Copy, Debug)]
pub struct ChainRule {
    /// The rule.
    pub id: RuleId,
    /// Whether it is there because of a prototype that a rule has set.
    pub is_set: bool,
    /// The number of the context that it is of.
    pub link: u16,
}

impl Chain {
    /// Makes the chain of these contexts; `None` if one of them does not exist.
    fn new(library: &GrammarLibrary, links: &[ChainLink]) -> Option<Chain> {
        let mut rules = Vec::new();
        let mut filtered = Vec::new();
        let mut referring = Vec::new();
        let mut anchored = Vec::new();
        let mut fragments = Vec::new();
        let mut known: HashSet<RuleId> = HashSet::default();
        for (number, link) in links.iter().enumerate() {
            let mut ids = Vec::new();
            library.collect_rules(link.context, &mut ids)?;
            for id in ids {
                let rule = library.rule(id)?;
                let refers_back = rule.refers_back && link.has_captured;
                // A second time, it is never the first to match.
                if !refers_back && !known.insert(id) {
                    continue;
                }

                let at = u16::try_from(rules.len()).ok()?;
                if refers_back {
                    referring.push(at);
                } else if rule.pattern.asks_for_start() {
                    anchored.push(at);
                } else {
                    filtered.push(at);
                    fragments.push(Arc::clone(rule.pattern.fragment()));
                }
                rules.push(ChainRule { id, is_set: link.is_set, link: number as u16 });
            }
        }
        Some(Chain {
            rules: rules.into(),
            filter: Filter::new(fragments),
            filtered: filtered.into(),
            referring: referring.into(),
            anchored: anchored.into(),
        })
    }
}

/// The chains that were met. Threads share them.
#[derive(Debug, Default)]
pub struct ChainStore(Mutex<HashMap<Box<[ChainLink]>, Arc<Chain>>>);

/// So many chains are kept; a book with a dozen languages has some hundred.
pub const MOST_CHAINS: usize = 5_000;

impl ChainStore {
    /// The chain of these contexts; `None` if one of them does not exist.
    pub fn get(&self, library: &GrammarLibrary, links: &[ChainLink]) -> Option<Arc<Chain>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(links).cloned();
        if known.is_some() {
            return known;
        }

        // The lock is not held meanwhile, so two threads may make the same chain; the first is kept.
        let chain = Arc::new(Chain::new(library, links)?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_CHAINS {
            known.clear();
        }
        Some(Arc::clone(known.entry(links.into()).or_insert(chain)))
    }
}
