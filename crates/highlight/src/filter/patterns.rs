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
    /// Which of them are members.
    are_members: Box<[bool]>,
    /// The symbols for which all patterns that can begin with them are members.
    is_ready: [bool; SYMBOLS],
    /// The patterns that are ready, in the order in which they became so.
    pub members: Vec<FilterMember>,
    /// The member that each part of a pattern is of.
    pub parts: Vec<u16>,
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
    /// The number of parts of the members before it.
    pub first_part: u16,
}

impl Filter {
    /// Makes the filter of patterns, which are numbered in their order.
    pub fn new(patterns: Arc<[Arc<Pattern>]>) -> Filter {
        Filter {
            are_members: vec![false; patterns.len()].into(),
            patterns,
            is_ready: [false; SYMBOLS],
            members: Vec::new(),
            parts: Vec::new(),
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

        let patterns = Arc::clone(&self.patterns);
        for (number, pattern) in patterns.iter().enumerate() {
            if !self.are_members[number] && pattern.first().has(symbol) {
                self.are_members[number] = true;
                self.add(number as u16, pattern, &mut divided);
            }
        }
        divided
    }

    fn add(&mut self, number: u16, pattern: &Pattern, divided: &mut Vec<usize>) {
        let fragment = Arc::clone(pattern.fragment());
        for set in fragment.sets_before() {
            divided.extend(self.before.divide(set));
        }

        let member = self.members.len() as u16;
        let first_part = self.parts.len() as u16;
        let first_node = self.nodes as u32;
        self.parts.extend(fragment.parts.iter().map(|_| member));
        self.nodes += fragment.nodes.len();
        self.members.push(FilterMember { number, fragment, first: pattern.first(), first_node, first_part });
    }
}
