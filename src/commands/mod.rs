//! The commands: each takes its words, runs the pipeline, and ends in an exit code.

pub mod book;
pub mod build;
pub mod check;
pub mod new;
pub mod outcome;
pub mod serve;
pub mod sync;
pub mod todo;
pub mod voice;

use std::error::Error;

use crate::cli::{Cli, Command};
use crate::render::theme::template::STACK;
use crate::text::{Diagnostic, DiagnosticCode};

use outcome::Outcome;
use voice::Speaker;

/// Runs the command that the words ask for.
pub fn run(cli: Cli) -> Outcome {
    let speaker = Speaker::new(cli.voice);
    let threads = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    // Where there is such a pool already, it stays, and that error has no source.
    if let Some(reason) = threads.as_ref().err().and_then(Error::source)
        && !matches!(cli.command, Command::New { .. })
    {
        let fault =
            Diagnostic::new(DiagnosticCode::MissingThreads, format!("threads cannot be started: {reason}"));
        speaker.report(&[fault.hint("the system limits how many a user or a container can have")]);
        return Outcome::Failed;
    }
    let outcome = match cli.command {
        Command::New { dir } => new::run(&dir, &speaker),
        // All on threads of rayon's: what one step gives back of memory, the next uses again.
        Command::Build(args) => rayon::scope(|_| build::run(&args, &speaker)),
        Command::Serve(args) => serve::run(&args, &speaker),
        Command::Check { book, drafts } => check::run(&book, drafts, &speaker),
        Command::Sync { book, write } => sync::run(&book, write, &speaker),
        Command::Todo { book } => todo::run(&book, &speaker),
    };
    if speaker.has_lost() { Outcome::Failed } else { outcome }
}
