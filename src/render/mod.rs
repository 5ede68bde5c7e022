//! Book + Theme → [`Site`]: a promise for every output, each kept when somebody asks for it.
//!
//! Rendering sees nothing but its [`Job`]; the hash of all that a job holds is its key, and a promise whose key has not
//! changed is taken over with what was made of it. Pure, except for three caches: of highlighted code, of lists, and of
//! what the index for search knows of chapters.

// What makes the bytes, from the bottom to the top.
pub mod code;
pub mod images;
pub mod lists;
pub mod pages;
pub mod search;
pub mod theme;

// What is made, of what, and when.
pub mod bundle;
pub mod inputs;
pub mod job;
pub mod plan;
pub mod site;

pub use bundle::Bundle;
pub use code::highlight::Highlighter;
pub use job::{Job, MadeOutput, Output};
pub use site::{Promise, Site};
pub use theme::Theme;
