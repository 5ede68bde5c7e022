//! The commands: each takes its words, runs the pipeline, and ends in an exit code.

pub mod build;
pub mod check;
pub mod new;
pub mod serve;
pub mod sync;
pub mod todo;
pub mod voice;

use std::error::Error;
use std::process::ExitCode;

use crate::cli::{BookArgs, Cli, Command};
use crate::engine::{Edition, Engine};
use crate::read::config::Visibility;
use crate::read::{Layout, Overrides, Snapshot};
use crate::render::template::STACK;
use crate::text::{Diagnostic, DiagnosticCode, Severity};

use voice::Speaker;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well: exit code 0.
    Clean,
    /// Something is wrong with the book: exit code 1.
    Faults,
    /// The command could not do its work: exit code 2.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome as u8)
    }
}

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

/// Finds the book that a command is about, or says that there is none.
fn find(book: &BookArgs, speaker: &Speaker) -> Result<Layout, Outcome> {
    look(book).inspect(|layout| speaker.speak_of(layout)).map_err(|fault| {
        speaker.report(&[fault]);
        Outcome::Failed
    })
}

/// Finds the book that a command is about, and makes an edition of all of it, drafts too.
fn survey(book: &BookArgs, speaker: &Speaker) -> Result<(Layout, Edition), Outcome> {
    let layout = find(book, speaker)?;
    let overrides = Overrides { drafts: Some(Visibility::Show), ..Overrides::default() };
    let edition = Engine::new(overrides).edition(&Snapshot::take(&layout, None));
    Ok((layout, edition))
}

fn look(book: &BookArgs) -> Result<Layout, Diagnostic> {
    // Also where the book is named: Pagefind does not work without a working directory.
    let here = std::env::current_dir().map_err(|error| {
        Diagnostic::new(DiagnosticCode::MissingBook, format!("the working directory cannot be read: {error}"))
            .hint("it may have been removed; change to one that is there")
    })?;
    match &book.root {
        Some(root) => Layout::at(root),
        None => Layout::find(&here),
    }
}

/// How a command with these faults ends, if they keep it from its work.
fn outcome(faults: &[Diagnostic]) -> Outcome {
    let cannot_work = |fault: &Diagnostic| {
        use DiagnosticCode::{FailedOutput, FailedPreview, MissingBook, RefusedOutput, TakenPort};
        matches!(fault.code, MissingBook | RefusedOutput | FailedOutput | TakenPort | FailedPreview)
    };
    if faults.iter().any(cannot_work) {
        Outcome::Failed
    } else if faults.iter().any(|fault| fault.severity == Severity::Error) {
        Outcome::Faults
    } else {
        Outcome::Clean
    }
}
