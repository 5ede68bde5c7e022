//! `bindery todo`: lists tasks, notes and drafts with their places.

use serde::Serialize;

use super::book::edition_with_drafts;
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::{BookArgs, Format};
use crate::text::report;
use crate::text::{Diagnostic, Severity, plural};
use crate::write::Document;

/// A line of the list. Its fields are those of the JSON output.
#[derive(Debug, Serialize)]
struct TodoEntry<'b> {
    /// `task`, `note` or `draft`.
    kind: &'static str,
    /// Whether a task is done.
    done: bool,
    text: &'b str,
    file: &'b str,
    line: usize,
    column: usize,
}

/// Runs the command.
pub fn run(book: &BookArgs, reporter: &Reporter) -> Outcome {
    let (_, edition) = match edition_with_drafts(book, reporter) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };

    let entries: Vec<TodoEntry<'_>> =
        edition.documents.iter().flat_map(|document| entries(document)).collect();

    // Warnings have nothing to do with the list. With an error, the list may be incomplete.
    let errors: Vec<Diagnostic> = edition
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .cloned()
        .collect();
    reporter.report(&errors);
    for entry in &entries {
        reporter.print(&shown(entry, reporter));
    }

    let count = |kind| entries.iter().filter(|entry| entry.kind == kind && !entry.done).count();
    let done = entries.iter().filter(|entry| entry.done).count();
    reporter.result(&format!(
        "{} open, {done} done, {}, {}",
        plural(count("task"), "task"),
        plural(count("note"), "note"),
        plural(count("draft"), "draft"),
    ));
    Outcome::of(&errors)
}

/// The entries of one chapter, in the order of its lines.
fn entries(document: &Document) -> Vec<TodoEntry<'_>> {
    let mut entries = Vec::new();
    let mut add = |kind, done, text, offset| {
        let position = document.source.position(offset);
        let file = document.source.path.as_str();
        entries.push(TodoEntry { kind, done, text, file, line: position.line, column: position.column });
    };

    if document.front.draft {
        add("draft", false, document.title.text.as_str(), 0);
    }
    for task in &document.tasks {
        add("task", task.done, &task.text, task.span.start);
    }
    for note in &document.notes {
        add("note", false, &note.text, note.span.start);
    }

    entries.sort_by_key(|entry| (entry.line, entry.column));
    entries
}

fn shown(entry: &TodoEntry<'_>, reporter: &Reporter) -> String {
    let TodoEntry { kind, done, text, file, line, column } = entry;
    match reporter.format() {
        Format::Human => {
            let sign = match (*kind, done) {
                ("task", true) => "[x]",
                ("task", false) => "[ ]",
                ("note", _) => "//",
                (kind, _) => kind,
            };
            report::printable(&format!("{file}:{line}:{column}: {sign} {text}\n"))
        }
        Format::Json | Format::Sarif => {
            serde_json::to_string(entry).expect("strings and numbers are always JSON") + "\n"
        }
        Format::Github => {
            let file = report::github_property(&format!("{}{file}", reporter.root()));
            let text = report::github_data(text);
            format!("::notice file={file},line={line},col={column},title={kind}::{text}\n")
        }
    }
}
