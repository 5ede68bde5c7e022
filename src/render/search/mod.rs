//! What readers search with.

mod chunks;
pub mod index;
pub mod page;
mod titles;
