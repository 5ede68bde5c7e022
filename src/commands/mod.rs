//! The commands: each takes its arguments, runs the pipeline, and returns an exit code.

pub mod book;
pub mod build;
mod chapter_file;
pub mod check;
pub mod new;
pub mod outcome;
pub mod reporter;
pub mod serve;
pub mod sync;
pub mod terminal;
#[cfg(unix)]
pub mod test;
#[cfg(unix)]
mod test_book;
pub mod test_files;
#[cfg(unix)]
mod test_on;
#[cfg(unix)]
mod test_record;
#[cfg(unix)]
mod test_update;
pub mod todo;

use std::error::Error;

use clap::CommandFactory;
use clap::error::ErrorKind;

use crate::cli::{Cli, CommandArgs, Format};
use crate::render::theme::template::STACK;
use crate::text::{Diagnostic, DiagnosticCode};

use outcome::Outcome;
use reporter::Reporter;

/// Runs the command that the arguments name.
pub fn run(cli: Cli) -> Outcome {
    if cli.report.message_format == Format::Sarif
        && !matches!(cli.command, CommandArgs::Build(_) | CommandArgs::Check(_))
    {
        let message = "only `build` and `check` report in SARIF";
        let _ = Cli::command().error(ErrorKind::ArgumentConflict, message).print();
        return Outcome::Failed;
    }
    let reporter = Reporter::new(cli.report);

    // In tests there may be a pool already. That is fine, and the error has no source then.
    let threads = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    if let Some(reason) = threads.as_ref().err().and_then(Error::source)
        && !matches!(cli.command, CommandArgs::New { .. })
    {
        let diagnostic =
            Diagnostic::new(DiagnosticCode::MissingThreads, format!("threads cannot be started: {reason}"));
        reporter.report(&[diagnostic.hint("the system limits how many a user or a container can have")]);
        return Outcome::Failed;
    }

    let outcome = match cli.command {
        CommandArgs::New { dir } => new::run(&dir, &reporter),
        CommandArgs::Build(args) => build::run(&args, &reporter),
        CommandArgs::Serve(args) => serve::run(&args, &reporter),
        CommandArgs::Check(args) => check::run(&args, &reporter),
        CommandArgs::Sync(args) => sync::run(&args, &reporter),
        #[cfg(unix)]
        CommandArgs::Test(args) => test::run(&args, &reporter),
        #[cfg(not(unix))]
        CommandArgs::Test(args) => test_files::run(&args, &reporter),
        CommandArgs::Todo(book) => todo::run(&book, &reporter),
        CommandArgs::Completions { shell } => terminal::completions(shell, &reporter),
        CommandArgs::Man { dir } => terminal::man(dir.as_deref(), &reporter),
    };

    if reporter.has_lost() { Outcome::Failed } else { outcome }
}
