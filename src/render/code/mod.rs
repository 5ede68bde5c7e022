//! Code blocks as HTML: plain ones, console sessions, and the colours of both.

pub mod block;
mod field;
mod fold;
pub mod head;
pub mod highlight;
pub mod markup;
pub mod output;
pub mod paint;
pub mod session;
