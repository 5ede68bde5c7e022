//! Whether a tutorial works: what its chapters say to do, and what comes of it.
//!
//! What chapters say: [`code`] visits their code, [`file_blocks`] finds the blocks that say what is in a file, and [`plan`]
//! makes steps of all of it. What comes of it: [`patch`] applies a block with `diff` to a file, [`shown`] what a block shows of a
//! file in part, and [`expect`] compares what a command prints, without what [`masks`] takes out.
//!
//! [`chapter_files`] follows a chapter from one revision of its source to the next one; nothing is run. [`run`] does the steps on
//! a machine, of which [`shell`] says what it can: a container of [`engine`], with a [`terminal`] that prints [`marks`].

#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod chapter_files;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod code;
#[cfg(unix)]
pub mod engine;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod expect;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod file_blocks;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod marks;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod masks;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod patch;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod plan;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod run;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod shell;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod shown;
#[cfg(unix)]
pub mod terminal;
