//! Which of many patterns can match at a place.
//!
//! A [`Filter`](patterns::Filter) is of all patterns that are tried together. An [`Automaton`](automaton::Automaton)
//! walks it over a text: all patterns at once, byte by byte, until each has either failed or may match. Its states are
//! made when a text first leads to them.
//!
//! **It errs on one side only: a pattern that matches at a place is always named.** What an automaton cannot express
//! (conditions on more than a neighbouring character, back-references, nested calls) is left out, so a pattern that
//! is named may still fail.

pub mod automaton;
pub mod build;
pub mod edges;
pub mod fragment;
pub mod item;
pub mod patterns;
pub mod symbols;
