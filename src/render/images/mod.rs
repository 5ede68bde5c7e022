//! Images that the program draws.

pub mod social;
