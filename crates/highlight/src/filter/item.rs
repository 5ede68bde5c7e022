//! What states are made of.

/// An item of a state: a node at which a pattern waits for a symbol, or a part of a pattern that has matched.
///
/// Items are in the order of patterns; of one pattern, the nodes come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateItem(u32);

/// The bits of the number of a node or a part.
const NUMBER: u32 = MATCHED - 1;
/// Set for a part that has matched.
const MATCHED: u32 = 1 << 15;

impl StateItem {
    /// A node of a member of the filter.
    pub fn node(member: usize, node: u32) -> StateItem {
        debug_assert!(node <= NUMBER, "longer patterns are given up");
        StateItem((member as u32) << 16 | node)
    }

    /// That a part of a member of the filter has matched.
    pub fn matched(member: usize, part: u32) -> StateItem {
        StateItem((member as u32) << 16 | MATCHED | part)
    }

    /// The number of the member.
    pub fn member(self) -> usize {
        (self.0 >> 16) as usize
    }

    /// Whether it is a part that has matched.
    pub fn is_match(self) -> bool {
        self.0 & MATCHED != 0
    }

    /// The number of the node.
    pub fn node_number(self) -> u32 {
        self.0 & NUMBER
    }
}
