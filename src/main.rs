//! The program: arguments → one command → an exit code.

use std::process::ExitCode;

use bindery::cli::Cli;
use bindery::commands;
use clap::Parser;
use mimalloc::MiMalloc;

/// Parsing and rendering allocate many small pieces on all threads at once. A cold build takes noticeably longer with
/// the allocators of common systems.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    commands::run(Cli::parse()).into()
}
