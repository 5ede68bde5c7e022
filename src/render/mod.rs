//! Book + Theme → [`Site`]: a promise for every output, each kept when somebody asks for it.
//!
//! Rendering sees nothing but its [`Job`]; the hash of all that a job holds is its key, and a promise whose
//! key has not changed is taken over with what was made of it. Pure but for two memories, of highlighted code and of lists,
//! and but for Pagefind: [`search`] needs a runtime to call it, and it asks for the working directory, of which nothing
//! reaches an index.

pub mod body;
pub mod budget;
pub mod bundle;
pub mod code;
pub mod feeds;
pub mod highlight;
pub mod job;
pub mod linked_data;
pub mod markdown;
pub mod nav;
pub mod page;
pub mod paint;
pub mod palette;
pub mod plan;
pub mod print;
pub mod scripts;
pub mod search;
pub mod session;
pub mod site;
pub mod social;
pub mod template;
pub mod terms;
pub mod theme;
pub mod unused;
pub mod view;
pub mod words;

pub use bundle::Bundle;
pub use highlight::Highlighter;
pub use job::{Job, Output};
pub use site::{Promise, Site};
pub use theme::Theme;
