//! What readers search with.

mod chunks;
pub mod index;
mod letters;
pub mod page;
mod titles;
