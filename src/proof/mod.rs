//! Whether a tutorial works: what its chapters say to do, and what comes of it.
//!
//! What chapters say: [`code`] visits their code, [`file_blocks`] finds the blocks that say what is in a file
//! and [`named_files`] those of which only the text before them does, and [`plan`]
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
//! network of [`addresses`] (`container_network`, with a `gate` to some hosts), with terminals that print [`marks`] on a [`screen`], or they are [of the author's own](remote_machines). What was done need not be done again:
//! [`state_digest`] says what counts, [`states`] has the machines after chapters, and [`saved`] what came of these. [`summary`]
//! counts, [`junit`] reports for other programs, [`record`] says what pages show, [`update`] how a
//! chapter shows what was printed, and [`updated`] what is known of it then.

pub mod addresses;
pub mod answers;
pub mod chapter_files;
mod choosing;
pub mod code;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
mod container_network;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod containers;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod engine;
pub mod expect;
pub mod faults;
pub mod file_blocks;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
mod gate;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod images;
pub mod junit;
pub mod limits;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
mod machine_box;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
mod machine_scripts;
pub mod marks;
pub mod masks;
pub mod named_files;
pub mod output_diff;
pub mod patch;
pub mod plan;
mod question;
pub mod record;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
mod remote;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod remote_machines;
pub mod run;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod saved;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod screen;
pub mod scripts;
pub mod seat;
mod session_steps;
pub mod shell;
pub mod shown;
pub mod state_digest;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod states;
pub mod steps;
pub mod summary;
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "it reaches containers, files or the clock")]
pub mod terminal;
pub mod terminals;
mod typing;
pub mod update;
pub mod updated;
pub mod verdict;
mod writing;
