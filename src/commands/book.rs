//! The book that a command is about.

use std::process;

use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::BookArgs;
use crate::engine::{Edition, Engine};
use crate::read::config::Visibility;
use crate::read::{Layout, Overrides, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode};
use crate::watchdog;

/// Finds the book that a command is about, or reports that there is none.
///
/// # Errors
/// The outcome of the command, if there is none.
pub fn find(book: &BookArgs, reporter: &Reporter) -> Result<Layout, Outcome> {
    look(book).inspect(|layout| reporter.set_book(layout)).map_err(|fault| {
        reporter.report(&[fault]);
        Outcome::Failed
    })
}

/// Finds the book that a command is about, and makes an edition of all of it, drafts too.
///
/// # Errors
/// The outcome of the command, if there is none.
pub fn survey(book: &BookArgs, reporter: &Reporter) -> Result<(Layout, Edition), Outcome> {
    let layout = find(book, reporter)?;
    let overrides = Overrides { drafts: Some(Visibility::Show), ..Overrides::default() };
    let edition = Engine::new(overrides).edition(&Snapshot::take(&layout, None));
    Ok((layout, edition))
}

/// Ends the command where an output takes too long: a template may loop without end.
pub fn end_when_stuck(engine: &Engine, reporter: &Reporter) {
    let reporter = reporter.clone();
    watchdog::watch(&engine.renderer, watchdog::LONGEST, move |fault| {
        reporter.report(&[fault]);
        process::exit(Outcome::Faults as i32);
    });
}

/// Finds the book that is named, else the one that the working directory is in.
///
/// # Errors
/// [`DiagnosticCode::MissingBook`].
pub fn look(book: &BookArgs) -> Result<Layout, Diagnostic> {
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
