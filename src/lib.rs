//! bindery binds a folder of Markdown chapters into a tutorial book.
//!
//! One command is one walk through these modules, from the top down:
//!
//! [`read`] takes a [`Snapshot`](read::Snapshot) of every input. [`parse`] reads each chapter into a tree, and
//! [`write`](mod@write) makes an immutable [`Document`](write::Document) of it. [`bind`] makes a
//! [`Book`](bind::Book) of them all: order, addresses, links. [`render`] promises a [`Site`](render::Site): every
//! output, each made when it is asked for. [`publish`] keeps all the promises and puts them on disk; [`serve`] keeps
//! those that a browser asks for, while the author writes. The [`engine`] runs the phases from parse to render, and
//! keeps what can be reused when a file has changed; [`first_page`] is for a large book, whose chapters take a while to parse. An [`Edition`](edition::Edition) is what it makes; [`edits`] of a
//! chapter's text need not wait for the next one. [`proof`] finds out whether what chapters say to do works.
//!
//! Beside them all goes [`Diagnostic`](text::Diagnostic): a problem is a value, collected everywhere and shown
//! at the end. A module imports only from those above it in this list.

// Text, places in it, and what is said about it.
pub mod text;

// The outside, inwards.
pub mod read;

// One file → its text as a tree.
#[deny(clippy::disallowed_methods, reason = "a pure stage: see clippy.toml")]
pub mod parse;

// A tree → a document: HTML with holes.
#[deny(clippy::disallowed_methods, reason = "a pure stage: see clippy.toml")]
pub mod write;

// All documents → a book.
#[deny(clippy::disallowed_methods, reason = "a pure stage: see clippy.toml")]
pub mod bind;

// A book and a theme → a site.
#[deny(clippy::disallowed_methods, reason = "a pure stage: see clippy.toml")]
pub mod render;

// A book at one time, and what differs from that after edits.
pub mod edition;
pub mod edits;

// The flow, and what is reused.
pub mod engine;
pub mod first_page;

// What keeps templates from running without end.
pub mod watchdog;

// A site → disk.
pub mod publish;

// A site → the browser.
pub mod serve;

// What a tutorial says to do → whether it works.
#[deny(
    clippy::disallowed_methods,
    reason = "pure, but for the modules that reach containers: see clippy.toml"
)]
pub mod proof;

// The words of the command line.
pub mod cli;

// What the words do.
pub mod commands;
