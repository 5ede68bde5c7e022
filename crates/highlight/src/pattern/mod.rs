//! The patterns of grammars: regular expressions in the syntax of Ruby, which Oniguruma reads.
//!
//! A pattern is read a second time here, by [`parse`](parse::parse), into a tree that says what it can match. The tree
//! may allow more than the pattern does, never less: [`filter`](super::filter) is built on that.

mod bracket;
mod cursor;
mod escape;
pub mod parse;
pub mod set;
pub mod skip;
pub mod tree;
