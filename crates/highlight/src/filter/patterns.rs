//! The patterns that are tried together.
//!
//! Most texts need few of them: a pattern is made ready when a text has a symbol that it can begin with.

use std::sync::Arc;

use super::fragment::Fragment;
use super::symbols::{SYMBOLS, SymbolKinds, SymbolSet};
use crate::grammar::pattern::Pattern;

/// All patterns of which one is looked for.
#[derive(Debug)]
pub struct Filter {
    patterns: Arc<[Arc<Pattern>]>,
    /// The numbers of those that are not ready, and the symbols that they can begin with.
    waiting: Vec<(u16, SymbolSet)>,
    /// The symbols for which all patterns that can begin with them are members.
    is_ready: [bool; SYMBOLS],
    /// The patterns that are ready, in the order in which they became so.
    pub members: Vec<FilterMember>,
    /// The number of nodes of all members.
    pub nodes: usize,
    /// The kinds of symbols before a place, as far as members tell them apart.
    pub before: SymbolKinds,
}

/// A pattern among others.
#[derive(Debug)]
pub struct FilterMember {
    /// Its number among all patterns.
    pub number: u16,
    /// Its automaton.
    pub fragment: Arc<Fragment>,
    /// The symbols that it can begin with.
    pub first: SymbolSet,
    /// The number of nodes of the members before it.
    pub first_node: u32,
}

impl Filter {
    /// Makes the filter of patterns, which are numbered in their order.
    pub fn new(patterns: Arc<[Arc<Pattern>]>) -> Filter {
        let first = |(number, pattern): (u16, &Arc<Pattern>)| (number, pattern.first());
        Filter {
            waiting: (0..).zip(patterns.iter()).map(first).collect(),
            patterns,
            is_ready: [false; SYMBOLS],
            members: Vec::new(),
            nodes: 0,
            before: SymbolKinds::new(&[]),
        }
    }

    /// Makes all patterns ready that can begin with a symbol. Kinds of symbols before a place may be divided: for each new
    /// kind, in the order of their numbers, returns the one that it was part of. Both are alike for patterns that begin
    /// with a symbol for which this was called earlier.
    pub fn make_ready(&mut self, symbol: u8) -> Vec<usize> {
        let mut divided = Vec::new();
        if std::mem::replace(&mut self.is_ready[usize::from(symbol)], true) {
            return divided;
        }

        let mut waiting = std::mem::take(&mut self.waiting);
        for (number, first) in waiting.extract_if(.., |(_, first)| first.has(symbol)) {
            self.add(number, first, &mut divided);
        }
        self.waiting = waiting;
        divided
    }

    fn add(&mut self, number: u16, first: SymbolSet, divided: &mut Vec<usize>) {
        let fragment = Arc::clone(self.patterns[usize::from(number)].fragment());
        for set in fragment.sets_before() {
            divided.extend(self.before.divide(set));
        }

        let first_node = self.nodes as u32;
        self.nodes += fragment.nodes.len();
        self.members.push(FilterMember { number, fragment, first, first_node });
    }
}
