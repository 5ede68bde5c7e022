//! What readers search with.

pub mod index;
