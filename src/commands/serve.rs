//! `bindery serve`: a preview in the browser, which is updated while the author writes.

use std::sync::Mutex;

use super::book::{find_layout, with_allowed};
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::{Format, ServeArgs};
use crate::edition::Edition;
use crate::read::config_values::Visibility;
use crate::read::{Layout, Overrides};
use crate::serve::{self, ServeEvent, ServeOptions};
use crate::text::report;
use crate::text::{Diagnostic, DiagnosticCode, plural};

/// Runs the command.
pub fn run(args: &ServeArgs, reporter: &Reporter) -> Outcome {
    let layout = match book(args) {
        Ok(layout) => layout,
        Err(diagnostic) => {
            reporter.report(&[diagnostic]);
            return Outcome::Failed;
        }
    };

    let options = ServeOptions {
        host: args.host.clone(),
        port: args.port,
        poll: args.poll,
        // Authors see unfinished content, even if it is hidden from readers.
        overrides: Overrides {
            drafts: Some(Visibility::Show),
            todo: Some(Visibility::Show),
            ..Overrides::default()
        },
    };

    let announcer = Announcer { reporter: reporter.clone(), open: args.open, reported: Mutex::default() };
    match serve::run(layout, options, move |event| announcer.announce(&event)) {
        Ok(()) => Outcome::Clean,
        Err(diagnostic) => {
            let diagnostics = [diagnostic];
            reporter.report(&diagnostics);
            Outcome::of(&diagnostics)
        }
    }
}

/// Finds the book. It may be without `content/` if it is named or has a `book.yaml`: the author may create or restore
/// that folder while the preview runs.
fn book(args: &ServeArgs) -> Result<Layout, Diagnostic> {
    find_layout(&args.book).or_else(|diagnostic| {
        let layout = match &args.book.root {
            Some(root) => Layout::begin(root)?,
            None => Layout::find_settings().ok_or(diagnostic)?,
        };
        with_allowed(layout, &args.book)
    })
}

/// Reports the events of the preview to the author.
struct Announcer {
    reporter: Reporter,
    /// Whether to open the browser.
    open: bool,
    /// The diagnostics of the last report, so that the same ones are not reported after every edit.
    reported: Mutex<Option<String>>,
}

impl Announcer {
    fn announce(&self, event: &ServeEvent<'_>) {
        match event {
            ServeEvent::Open(url) => self.announce_url(url),
            ServeEvent::Edition(edition) => self.announce_edition(edition),
            ServeEvent::Watching(text) => self.reporter.result(text),
            ServeEvent::Stuck(diagnostic) => self.reporter.report(std::slice::from_ref(*diagnostic)),
        }
    }

    fn announce_url(&self, url: &str) {
        // Printed even with `--quiet`: without the address, the preview is of no use.
        self.reporter.print(&match self.reporter.format() {
            Format::Json => format!("{}\n", serde_json::json!({ "url": url })),
            _ => format!("serving at {url} (Ctrl-C ends it)\n"),
        });

        if self.open
            && let Err(error) = open::that_detached(url)
        {
            let message = format!("the browser cannot be opened: {error}");
            let failed = Diagnostic::new(DiagnosticCode::FailedPreview, message);
            self.reporter.report(&[failed.hint(format!("open {url} in a browser yourself"))]);
        }
    }

    fn announce_edition(&self, edition: &Edition) {
        let diagnostics: String = edition.diagnostics.iter().map(report::json).collect();
        let Ok(mut reported) = self.reported.lock() else { return };
        if reported.as_ref() == Some(&diagnostics) {
            return;
        }

        let is_first = reported.is_none();
        if is_first {
            self.reporter.result(&plural(edition.book.chapters.len(), "chapter"));
        }
        if !diagnostics.is_empty() {
            self.reporter.report(&edition.diagnostics);
        } else if !is_first {
            self.reporter.result("nothing is wrong any more");
        }
        *reported = Some(diagnostics);
    }
}
