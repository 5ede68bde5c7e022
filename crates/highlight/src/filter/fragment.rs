//! One pattern as an automaton that may be in several states at once.

use super::symbols::SymbolSet;

/// A pattern as an automaton.
///
/// It has one or more parts. A place can match only if each part leads to its [`Accept`](FragmentNode::Accept) from
/// there.
#[derive(Debug)]
pub struct Fragment {
    /// The nodes, part after part.
    pub nodes: Box<[FragmentNode]>,
    /// Where [splits](FragmentNode::Split) lead.
    pub ways: Box<[u32]>,
    /// The sets that nodes refer to.
    pub sets: Box<[SymbolSet]>,
    /// Its parts, in the order of their nodes.
    pub parts: Box<[FragmentPart]>,
}

/// One of the things that must match at a place.
#[derive(Clone, Copy, Debug)]
pub struct FragmentPart {
    /// The number of nodes before it.
    pub first: u32,
    /// The node where it begins.
    pub start: u32,
}

/// A node of an automaton.
#[derive(Clone, Copy, Debug)]
pub enum FragmentNode {
    /// Leads to so many nodes, listed from a place in `ways` on.
    Split(u32, u16),
    /// Takes a byte of a set, and leads on.
    Take(u16, u32),
    /// Leads on if the next symbol is of a set.
    Next(u16, u32),
    /// Leads on if the symbol before is of a set.
    Before(u16, u32),
    /// The end.
    Accept,
}

impl Fragment {
    /// Whether a set has a symbol.
    pub fn has(&self, set: u16, symbol: u8) -> bool {
        self.sets[usize::from(set)].has(symbol)
    }

    /// The number of the part that a node is in.
    pub fn part(&self, node: u32) -> u32 {
        self.parts.iter().skip(1).take_while(|part| part.first <= node).count() as u32
    }

    /// Where a split leads.
    pub fn ways(&self, from: u32, count: u16) -> &[u32] {
        &self.ways[from as usize..from as usize + usize::from(count)]
    }

    /// The sets that decide by the symbol before.
    pub fn sets_before(&self) -> impl Iterator<Item = SymbolSet> {
        self.nodes.iter().filter_map(|node| match node {
            FragmentNode::Before(set, _) => Some(self.sets[usize::from(*set)]),
            _ => None,
        })
    }
}
