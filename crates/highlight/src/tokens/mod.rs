//! Reads a text with a grammar, as syntect does: line by line, token by token.
//!
//! A stack of contexts says what can come. The rules of the innermost (its [chain](super::chain)) are looked for in the
//! rest of the line; the one that matches earliest applies ([`find`]). It opens and closes scopes ([`scopes`]) and
//! contexts ([`level`]). Everything here follows `syntect::parsing::ParseState`, so that the result is the same.

pub mod anchored;
pub mod find;
pub mod level;
pub mod reader;
pub mod scopes;
