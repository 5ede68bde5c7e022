//! Arguments → one command → an exit code.

use std::process::ExitCode;

use bindery::cli::Cli;
use bindery::commands;
use clap::Parser;
use mimalloc::MiMalloc;

/// All cores make documents and pages at once, of many small pieces: the allocator of the system, where threads
/// ask it for memory page by page, takes a good deal more time for a cold build.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    commands::run(Cli::parse()).into()
}
