//! Whether a tutorial works: what its chapters say to do, and what comes of it.
//!
//! What chapters say: [`code`] visits their code, [`file_blocks`] finds the blocks that say what is in a file, and [`plan`]
//! makes [`steps`] of all of it, those of a session by `session_steps`. A [`seat`] is where a step is done. What comes of it:
//! [`patch`] applies a block with `diff` to a file, [`shown`] what a block shows of a file in part, [`expect`] compares what a
//! command prints, without what [`masks`] takes out, and [`output_diff`] shows how it differs.
//!
//! [`chapter_files`] follows a chapter from one revision of its source to the next one; nothing is run. [`run`] does the steps on
//! machines, and gives each a [`verdict`]: `choosing` chooses among the [`terminals`], `typing` types, and `writing` writes files.
//! [`scripts`] says what can be told of a command by its words, [`limits`] what a container cannot do, [`answers`] what a program
//! is told that asks, and [`faults`] what is wrong.
//!
//! [`shell`] says what machines and terminals can do. The real ones are [`containers`], made of [`images`] by an [`engine`] on a
//! network of [`addresses`], with terminals that print [`marks`] on a [`screen`]. What was done need not be done again:
//! [`state_digest`] says what counts, [`states`] has the machines after chapters, and [`saved`] what came of these. [`summary`]
//! counts, and [`junit`] reports for other programs.

#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod addresses;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod answers;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod chapter_files;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
mod choosing;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod code;
#[cfg(unix)]
pub mod containers;
#[cfg(unix)]
pub mod engine;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod expect;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod faults;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod file_blocks;
#[cfg(unix)]
pub mod images;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod junit;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod limits;
#[cfg(unix)]
mod machine_box;
#[cfg(unix)]
mod machine_scripts;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod marks;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod masks;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod output_diff;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod patch;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod plan;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
mod question;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod run;
#[cfg(unix)]
pub mod saved;
#[cfg(unix)]
pub mod screen;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod scripts;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod seat;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
mod session_steps;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod shell;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod shown;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod state_digest;
#[cfg(unix)]
pub mod states;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod steps;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod summary;
#[cfg(unix)]
pub mod terminal;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod terminals;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
mod typing;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
pub mod verdict;
#[deny(clippy::disallowed_methods, reason = "pure: it sees nothing but its arguments")]
mod writing;
