//! `bindery serve`: a preview in the browser, which is updated while the author writes.

use std::collections::BTreeMap;
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
    /// The diagnostics of the last edition, so that the same ones are not reported after every edit.
    reported: Mutex<Option<Vec<Diagnostic>>>,
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
        let Ok(mut reported) = self.reported.lock() else { return };
        let is_first = reported.is_none();
        if is_first {
            self.reporter.result(&plural(edition.book.chapters.len(), "chapter"));
        }

        let now = &edition.diagnostics;
        let before = reported.replace(now.clone()).unwrap_or_default();
        match (before.is_empty(), now.is_empty()) {
            (true, true) => {}
            (true, false) => self.reporter.report(now),
            (false, true) => self.reporter.result("nothing is wrong any more"),
            (false, false) => self.announce_changes(&before, now),
        }
    }

    /// Reports what is new, to people. Programs get all that is wrong whenever that changes.
    fn announce_changes(&self, before: &[Diagnostic], now: &[Diagnostic]) {
        let (new, mended) = compared(before, now);
        if self.reporter.format() != Format::Human {
            if before.iter().map(report::json).ne(now.iter().map(report::json)) {
                self.reporter.report(now);
            }
            return;
        }
        if new.is_empty() && mended == 0 {
            return;
        }

        let known = now.len() - new.len();
        if !new.is_empty() {
            self.reporter.report(&new);
        }
        let mended = (mended > 0).then(|| format!("{} mended", plural(mended, "problem")));
        let others = if new.is_empty() { "problem" } else { "other problem" };
        let known = (known > 0).then(|| format!("{} as before", plural(known, others)));
        self.reporter.result(&mended.into_iter().chain(known).collect::<Vec<_>>().join(", "));
    }
}

/// The diagnostics that are new, and how many are gone. One that has only moved, since lines were added above it, is the
/// same.
fn compared(before: &[Diagnostic], now: &[Diagnostic]) -> (Vec<Diagnostic>, usize) {
    let unplaced = |diagnostic: &Diagnostic| {
        let file = diagnostic.file().unwrap_or_default();
        format!("{} {file} {}", diagnostic.code.name(), diagnostic.message)
    };

    let (gone, new) = differing(before.iter().collect(), now.iter().collect(), report::json);
    let (gone, new) = differing(gone, new, unplaced);
    (new.into_iter().cloned().collect(), gone.len())
}

/// What is in one of two lists alone, each of them once for each time.
fn differing<'d>(
    before: Vec<&'d Diagnostic>,
    now: Vec<&'d Diagnostic>,
    key: impl Fn(&Diagnostic) -> String,
) -> (Vec<&'d Diagnostic>, Vec<&'d Diagnostic>) {
    let mut known: BTreeMap<String, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in before {
        known.entry(key(diagnostic)).or_default().push(diagnostic);
    }

    let is_new = |diagnostic: &&Diagnostic| known.get_mut(&key(diagnostic)).and_then(Vec::pop).is_none();
    let new = now.into_iter().filter(is_new).collect();
    (known.into_values().flatten().collect(), new)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;

    /// A diagnostic for each line that names one.
    fn found(text: &str) -> Vec<Diagnostic> {
        let source = Arc::new(Source::new("content/a.md", text.to_owned()));
        let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
        let found = lines.map(|(at, line)| {
            let start = source.offset(at + 1, 1);
            Diagnostic::new(DiagnosticCode::BrokenLink, line).at(&source, start..start + 1)
        });
        found.collect()
    }

    #[test]
    fn what_has_only_moved_is_not_new() {
        let messages = |before: &str, now: &str| {
            let (new, gone) = compared(&found(before), &found(now));
            (new.into_iter().map(|diagnostic| diagnostic.message).collect::<Vec<_>>(), gone)
        };
        assert_eq!(messages("one\ntwo\n", "\n\none\ntwo\n"), (vec![], 0));
        assert_eq!(messages("one\ntwo\n", "one\nthree\n\ntwo\n"), (vec!["three".to_owned()], 0));
        assert_eq!(messages("one\none\n", "one\none\none\n"), (vec!["one".to_owned()], 0));
        assert_eq!(messages("one\ntwo\none\n", "\none\nthree\n"), (vec!["three".to_owned()], 2));
    }
}
