//! The patterns that are tried together.

use std::sync::Arc;

use super::fragment::Fragment;
use super::symbols::{SymbolKinds, SymbolSet};

/// All patterns of which one is looked for.
#[derive(Debug)]
pub struct Filter {
    /// The patterns.
    pub members: Box<[FilterMember]>,
    /// The pattern of each part of a pattern.
    pub parts: Box<[u16]>,
    /// The number of nodes of all patterns.
    pub nodes: usize,
    /// The kinds of symbols before a place.
    pub before: SymbolKinds,
}

/// A pattern among others.
#[derive(Debug)]
pub struct FilterMember {
    /// Its automaton.
    pub fragment: Arc<Fragment>,
    /// The number of nodes of the patterns before it.
    pub first_node: u32,
    /// The number of parts of the patterns before it.
    pub first_part: u16,
}

impl Filter {
    /// Makes the filter of patterns, which are numbered in their order.
    pub fn new(fragments: impl IntoIterator<Item = Arc<Fragment>>) -> Filter {
        let mut members = Vec::new();
        let mut parts = Vec::new();
        let mut before: Vec<SymbolSet> = Vec::new();
        let mut first_node = 0;
        for (number, fragment) in (0..).zip(fragments) {
            let first_part = parts.len() as u16;
            parts.extend(fragment.parts.iter().map(|_| number));
            before.extend(fragment.sets_before());
            let nodes = fragment.nodes.len() as u32;
            members.push(FilterMember { fragment, first_node, first_part });
            first_node += nodes;
        }

        before.sort_unstable();
        before.dedup();
        let before = SymbolKinds::new(&before);
        Filter { members: members.into(), parts: parts.into(), nodes: first_node as usize, before }
    }
}
