//! Patterns as programs for a backtracking matcher.

use crate::filter::symbols::{END, SymbolKinds, symbol};
use crate::pattern::set::CharSet;
use crate::pattern::tree::Greed;

/// The place of an instruction in a program.
pub type CodeAddress = u32;

/// A pattern as a list of instructions.
#[derive(Debug, Default)]
pub struct Program {
    /// The instructions.
    pub code: Vec<Instruction>,
    /// The sets that instructions refer to.
    pub sets: Vec<CharSet>,
    /// The literal texts that instructions refer to, one after another.
    pub text: Vec<u8>,
    /// The tables that instructions refer to.
    pub tables: Vec<BranchTable>,
    /// The alternatives of each condition on what precedes.
    pub behinds: Vec<Vec<FixedWidth>>,
    /// How many groups it has, with the whole match.
    pub groups: usize,
    /// The groups whose places only Oniguruma knows: those in negative conditions, and in conditions on what precedes.
    pub hidden: Vec<u32>,
}

/// An alternative that matches a fixed number of characters.
#[derive(Clone, Copy, Debug)]
pub struct FixedWidth {
    /// How many.
    pub width: usize,
    /// Where its instructions begin.
    pub start: CodeAddress,
}

/// One step of a program.
#[derive(Clone, Copy, Debug)]
pub enum Instruction {
    /// A text: its place and its length.
    Text(u32, u32),
    /// A character of a set.
    Chars(u32),
    /// Several characters of a set.
    Run {
        /// The set.
        set: u32,
        /// How many at least.
        least: u32,
        /// How many at most.
        most: u32,
        /// Which number is tried first.
        greed: Greed,
    },
    /// Goes on here, or else there.
    Split(CodeAddress, CodeAddress),
    /// Goes on there.
    Jump(CodeAddress),
    /// Goes on where a table says.
    Branch(u32),
    /// Keeps the place as the start or the end of a group.
    Save(u32),
    /// `\b`, or `\B` if it is false.
    WordEdge(bool),
    /// `^`
    LineStart,
    /// `$`
    LineEnd,
    /// `\A`
    TextStart,
    /// `\z`
    TextEnd,
    /// The text of a group.
    BackReference(u32),
    /// The instructions up to the next end must match from here, or must not; then it goes on at `next`.
    Ahead {
        /// Whether they must not.
        negative: bool,
        /// What comes next.
        next: CodeAddress,
    },
    /// One of some alternatives must match up to here, or none may; then it goes on at `next`.
    Behind {
        /// Whether none may.
        negative: bool,
        /// Their number.
        ways: u32,
        /// What comes next.
        next: CodeAddress,
    },
    /// The first match of the instructions up to the next end is final; then it goes on at `next`.
    Atomic {
        /// What comes next.
        next: CodeAddress,
    },
    /// Something that only Oniguruma can match.
    Unknown,
    /// The end.
    End,
}

/// Which alternatives can match, by the next byte.
#[derive(Debug)]
pub struct BranchTable {
    /// The kinds of bytes that alternatives tell apart.
    pub kinds: SymbolKinds,
    /// For each kind, the alternatives that can match before it, in their order.
    pub ways: Box<[Box<[CodeAddress]>]>,
}

impl BranchTable {
    /// The alternatives that can match before a byte.
    pub fn ways(&self, byte: Option<u8>) -> &[CodeAddress] {
        &self.ways[self.kinds.of(byte.map_or(END, symbol))]
    }
}
