//! Code blocks as HTML: plain ones, console sessions, and the colours of both.

pub mod block;
mod field;
pub mod highlight;
pub mod markup;
pub mod paint;
pub mod session;
