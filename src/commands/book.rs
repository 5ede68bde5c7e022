//! Finds the book that a command works on.

use std::process;

use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::BookArgs;
use crate::edition::Edition;
use crate::engine::Engine;
use crate::read::config_values::Visibility;
use crate::read::{Layout, Overrides, Snapshot, user};
use crate::text::{Diagnostic, DiagnosticCode, Severity};
use crate::watchdog;

/// Finds the book that a command works on, or reports that there is none.
///
/// # Errors
/// The outcome of the command, if there is no book.
pub fn find(book: &BookArgs, reporter: &Reporter) -> Result<Layout, Outcome> {
    match find_layout(book) {
        Ok(layout) => {
            reporter.set_book(&layout);
            Ok(layout)
        }
        Err(diagnostic) => {
            reporter.report(&[diagnostic]);
            Err(Outcome::Failed)
        }
    }
}

/// Finds the book that a command works on, and makes an edition with drafts.
///
/// # Errors
/// The outcome of the command, if there is no book.
pub fn edition_with_drafts(book: &BookArgs, reporter: &Reporter) -> Result<(Layout, Edition), Outcome> {
    let layout = find(book, reporter)?;
    let overrides = Overrides { drafts: Some(Visibility::Show), ..Overrides::default() };
    let edition = Engine::new(overrides).edition(&Snapshot::take(&layout, None));
    Ok((layout, edition))
}

/// Whether, because of a problem, a block may not have been compared. An unknown option may be a misspelled `file=`.
pub fn may_hide_block(diagnostic: &Diagnostic) -> bool {
    use DiagnosticCode::{MissingSource, UnknownOption, UnknownSource};
    diagnostic.severity == Severity::Error
        || matches!(diagnostic.code, UnknownSource | MissingSource | UnknownOption)
}

/// Ends the command if an output takes too long: a template may contain an endless loop.
pub fn end_when_stuck(engine: &Engine, reporter: &Reporter) {
    let reporter = reporter.clone();
    watchdog::watch(&engine.renderer, watchdog::LONGEST, move |diagnostic| {
        reporter.report(&[diagnostic]);
        process::exit(Outcome::Problems as i32);
    });
}

/// Finds the book that is named, else the one that the working directory is in.
///
/// # Errors
/// [`DiagnosticCode::MissingBook`].
pub fn find_layout(book: &BookArgs) -> Result<Layout, Diagnostic> {
    let unreadable = |error| {
        Diagnostic::new(DiagnosticCode::MissingBook, format!("the working directory cannot be read: {error}"))
            .hint("it may have been removed; change to one that exists")
    };
    let layout = match &book.root {
        Some(root) => Layout::at(root),
        None => Layout::find(&std::env::current_dir().map_err(unreadable)?),
    };
    with_allowed(layout?, book)
}

/// Adds the folders that the person who runs bindery allows.
///
/// # Errors
/// If one of them does not exist, or if the user's settings are invalid.
pub fn with_allowed(mut layout: Layout, book: &BookArgs) -> Result<Layout, Diagnostic> {
    for folder in book.allow_source.iter().chain(&user::settings()?.allow_source) {
        let found = folder.canonicalize().map_err(|error| {
            Diagnostic::new(DiagnosticCode::InvalidValue, format!("this folder cannot be allowed: {error}"))
                .on(folder.display().to_string())
        });
        layout.allowed.push(found?);
    }
    Ok(layout)
}
