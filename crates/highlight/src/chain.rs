//! The rules that apply at some place in a text.
//!
//! They are those of a chain of contexts: the prototypes that rules have set further out, the prototype of the grammar,
//! and the innermost context. Chains come back again and again, so each is made once.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashSet};

use super::error::HighlightError;
use super::grammar::library::GrammarLibrary;
use super::grammar::pattern::Pattern;
use super::grammar::rules::{ContextId, Rule, RuleId};

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
    /// The patterns that depend on nothing but the line, which an automaton filters.
    pub patterns: Arc<[Arc<Pattern>]>,
    /// The rules that have these patterns.
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
    /// Makes the chain of these contexts.
    fn new(library: &GrammarLibrary, links: &[ChainLink]) -> Result<Chain, HighlightError> {
        let mut chain = ChainBuilder::default();
        for (number, link) in links.iter().enumerate() {
            for id in library.rules(link.context)? {
                let rule = ChainRule { id, is_set: link.is_set, link: number as u16 };
                chain.add(rule, library.rule(id)?, link.has_captured);
            }
        }
        Ok(Chain {
            rules: chain.rules.into(),
            patterns: chain.patterns.into(),
            filtered: chain.filtered.into(),
            referring: chain.referring.into(),
            anchored: chain.anchored.into(),
        })
    }
}

/// A chain in the making.
#[derive(Default)]
struct ChainBuilder {
    rules: Vec<ChainRule>,
    known: HashSet<RuleId>,
    filtered: Vec<u16>,
    patterns: Vec<Arc<Pattern>>,
    referring: Vec<u16>,
    anchored: Vec<u16>,
}

impl ChainBuilder {
    /// Adds a rule, unless it is there: a second time, it is never the first to match.
    fn add(&mut self, chained: ChainRule, rule: &Rule, has_captured: bool) {
        let refers_back = rule.refers_back && has_captured;
        if !refers_back && !self.known.insert(chained.id) {
            return;
        }

        let number = self.rules.len() as u16;
        self.rules.push(chained);
        if refers_back {
            self.referring.push(number);
        } else if rule.pattern.asks_for_start() {
            self.anchored.push(number);
        } else {
            self.filtered.push(number);
            self.patterns.push(Arc::clone(&rule.pattern));
        }
    }
}

/// The chains that were met. Threads share them.
#[derive(Debug, Default)]
pub struct ChainStore(Mutex<HashMap<Box<[ChainLink]>, Arc<Chain>>>);

/// So many chains are kept; a book with a dozen languages has some hundred.
pub const MOST_CHAINS: usize = 5_000;

impl ChainStore {
    /// The chain of these contexts.
    ///
    /// # Errors
    /// If one of them does not exist.
    pub fn get(&self, library: &GrammarLibrary, links: &[ChainLink]) -> Result<Arc<Chain>, HighlightError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(links).cloned();
        if let Some(known) = known {
            return Ok(known);
        }

        // The lock is not held meanwhile, so two threads may make the same chain; the first is kept.
        let chain = Arc::new(Chain::new(library, links)?);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_CHAINS {
            known.clear();
        }
        Ok(Arc::clone(known.entry(links.into()).or_insert(chain)))
    }
}
