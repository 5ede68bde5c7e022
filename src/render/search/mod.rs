//! What readers search with.

mod client;
pub mod index;
mod letters;
pub mod page;
mod titles;
mod words;
