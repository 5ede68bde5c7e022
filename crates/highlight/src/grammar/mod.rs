//! Grammars, as syntect has read and packed them.
//!
//! [`packed`] unpacks what syntect keeps to itself. [`rules`] makes contexts and rules of it, with scopes as classes
//! and patterns that are compiled when they are first needed. [`library`] has all grammars.

pub mod library;
pub mod packed;
pub mod pattern;
pub mod rules;
