//! `bindery serve`: a preview in the browser, which follows the book while its author writes.

use std::sync::Mutex;

use super::book::look;
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::{Format, ServeArgs};
use crate::engine::Edition;
use crate::read::config::Visibility;
use crate::read::{Layout, Overrides};
use crate::serve::{self, ServeEvent, ServeOptions};
use crate::text::report;
use crate::text::{Diagnostic, DiagnosticCode, plural};

/// Runs the command.
pub fn run(args: &ServeArgs, reporter: &Reporter) -> Outcome {
    let layout = match book(args) {
        Ok(layout) => layout,
        Err(fault) => {
            reporter.report(&[fault]);
            return Outcome::Failed;
        }
    };
    let options = ServeOptions {
        host: args.host.clone(),
        port: args.port,
        poll: args.poll,
        // An author sees what is unfinished, whatever readers will see.
        overrides: Overrides {
            drafts: Some(Visibility::Show),
            todo: Some(Visibility::Show),
            ..Overrides::default()
        },
    };
    let announcer = Announcer { reporter: reporter.clone(), open: args.open, said: Mutex::default() };
    match serve::run(layout, options, move |news| announcer.tell(&news)) {
        Ok(()) => Outcome::Clean,
        Err(fault) => {
            let faults = [fault];
            reporter.report(&faults);
            Outcome::of(&faults)
        }
    }
}

/// The book that is meant: also one that has lost its `content/`, if it is named or has a `book.yaml`.
fn book(args: &ServeArgs) -> Result<Layout, Diagnostic> {
    look(&args.book).or_else(|fault| match &args.book.root {
        Some(root) => Layout::begin(root),
        None => Layout::find_settings().ok_or(fault),
    })
}

/// Tells the author what happens.
struct Announcer {
    reporter: Reporter,
    open: bool,
    /// The faults that were reported last, to say only what is new.
    said: Mutex<Option<String>>,
}

impl Announcer {
    fn tell(&self, news: &ServeEvent<'_>) {
        match news {
            ServeEvent::Open(url) => {
                // This is what the command was asked for, so it is said to all.
                self.reporter.print(&match self.reporter.format() {
                    Format::Json => format!("{}\n", serde_json::json!({ "url": url })),
                    _ => format!("serving at {url} (Ctrl-C ends it)\n"),
                });
                if self.open
                    && let Err(error) = open::that_detached(url)
                {
                    let message = format!("the browser cannot be opened: {error}");
                    self.reporter.report(&[Diagnostic::new(DiagnosticCode::FailedPreview, message)]);
                }
            }
            ServeEvent::Edition(edition) => self.edition(edition),
            ServeEvent::Watching(text) => self.reporter.result(text),
            ServeEvent::Stuck(fault) => self.reporter.report(std::slice::from_ref(*fault)),
        }
    }

    fn edition(&self, edition: &Edition) {
        let faults: String = edition.faults.iter().map(report::json).collect();
        let Ok(mut said) = self.said.lock() else { return };
        if said.is_none() {
            self.reporter.result(&plural(edition.book.chapters.len(), "chapter"));
        }
        if said.as_ref().is_none_or(|said| *said != faults) {
            if !faults.is_empty() {
                self.reporter.report(&edition.faults);
            } else if said.is_some() {
                self.reporter.result("nothing is wrong any more");
            }
            *said = Some(faults);
        }
    }
}
