//! `bindery sync`: compares code blocks with the files that they are copies of. With `--write`, the lines of the files
//! are copied into the chapters.

use std::io;

use serde::Serialize;

use super::book::{edition_with_drafts, may_hide_block};
use super::chapter_file::rewrite;
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::{Format, SyncArgs};
use crate::read::Layout;
use crate::text::{Diagnostic, DiagnosticCode, plural};
use crate::text::{line_diff, report};
use crate::write::Document;
use crate::write::excerpt::{Stale, replacement};

/// A block that differs from its file. Its fields are those of the JSON output.
#[derive(Debug, Serialize)]
struct CopyDifference<'b> {
    file: &'b str,
    line: usize,
    column: usize,
    /// The file that the block is a copy of.
    source: &'b str,
    diff: String,
}

/// Runs the command.
pub fn run(args: &SyncArgs, reporter: &Reporter) -> Outcome {
    let (layout, edition) = match edition_with_drafts(&args.book, reporter) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let mut diagnostics: Vec<Diagnostic> =
        edition.diagnostics.iter().filter(|diagnostic| may_hide_block(diagnostic)).cloned().collect();

    let (mut differ, mut written) = (0, 0);
    for document in edition.documents.iter().filter(|document| !document.stale.is_empty()) {
        differ += document.stale.len();
        for stale in &document.stale {
            reporter.print(&shown(&CopyDifference::new(document, stale), reporter));
        }
        if !args.write {
            continue;
        }
        match update(document, &layout) {
            Ok((done, by_hand)) => {
                written += done;
                diagnostics.extend(by_hand);
            }
            Err(error) => diagnostics.push(failed(&document.source.path, &error)),
        }
    }

    reporter.report(&diagnostics);
    let copies: usize = edition.documents.iter().map(|document| document.copies).sum();
    let done = if args.write { format!(", {written} written") } else { String::new() };
    reporter.result(&format!("{}, {differ} outdated{done}", plural(copies, "copied block")));

    // Without `--write`, a difference is a problem of the book.
    if diagnostics.iter().any(|diagnostic| diagnostic.code == DiagnosticCode::FailedOutput) {
        Outcome::Failed
    } else if diagnostics.is_empty() && differ == written {
        Outcome::Clean
    } else {
        Outcome::Problems
    }
}

impl<'b> CopyDifference<'b> {
    fn new(document: &'b Document, stale: &'b Stale) -> Self {
        let file = document.source.path.as_str();
        let position = document.source.position(stale.span.start);
        let diff = line_diff::unified(&stale.text, &stale.wanted, file, &stale.file);
        CopyDifference { file, line: position.line, column: position.column, source: &stale.file, diff }
    }
}

fn shown(entry: &CopyDifference<'_>, reporter: &Reporter) -> String {
    let CopyDifference { file, line, column, source, diff } = entry;
    match reporter.format() {
        Format::Human => {
            let lines: String = diff.split_inclusive('\n').map(report::printable).collect();
            format!("{file}:{line}:{column}: {source}\n{lines}\n")
        }
        Format::Json | Format::Sarif => {
            serde_json::to_string(entry).expect("strings and numbers are always JSON") + "\n"
        }
        Format::Github => {
            let file = report::github_property(&format!("{}{file}", reporter.root()));
            let data = report::github_data(diff);
            let code = DiagnosticCode::OutdatedCopy.name();
            format!("::warning file={file},line={line},col={column},title={code}::{data}\n")
        }
    }
}

/// Writes the differing blocks of a chapter. Returns how many, and the problems of those that the author must write.
fn update(document: &Document, layout: &Layout) -> io::Result<(usize, Vec<Diagnostic>)> {
    let source = &document.source;
    let mut text = source.text.clone();
    let mut by_hand = Vec::new();
    // From the last to the first, so that offsets of earlier blocks stay correct.
    for stale in document.stale.iter().rev() {
        match replacement(&source.text, stale) {
            Ok((range, new)) => text.replace_range(range, &new),
            Err(why) => by_hand.push(
                Diagnostic::new(DiagnosticCode::OutdatedCopy, format!("this block cannot be written: {why}"))
                    .at(source, stale.span.start..stale.span.start + 1),
            ),
        }
    }
    by_hand.reverse();

    let written = document.stale.len() - by_hand.len();
    if written > 0 {
        rewrite(layout, source, &text)?;
    }
    Ok((written, by_hand))
}

fn failed(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::FailedOutput, format!("this chapter cannot be written: {error}")).on(path)
}
