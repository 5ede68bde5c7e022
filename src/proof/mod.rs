//! Whether a tutorial works: what its chapters say to do, and what comes of it.
//!
//! [`file_blocks`] finds the blocks of a chapter that say what is in a file, with placeholders filled in. [`patch`]
//! applies a block with `diff` to a file, and [`shown`] what a block shows of a file in part. [`chapter_files`] follows a
//! chapter from one revision of its source to the next one, and compares the result.

#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod chapter_files;
#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod expect;
#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod file_blocks;
#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod marks;
#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod masks;
#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod patch;
#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod shell;
#[deny(clippy::disallowed_methods, reason = "pure: what a chapter writes depends on its text alone")]
pub mod shown;
#[cfg(unix)]
pub mod terminal;
