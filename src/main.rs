//! Arguments → one command → an exit code.

use std::process::ExitCode;

use bindery::cli::Cli;
use bindery::commands;
use clap::Parser;

fn main() -> ExitCode {
    commands::run(Cli::parse()).into()
}
