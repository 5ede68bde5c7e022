//! `bindery sync`: which code blocks differ from the files that they are copies of, and how; with `--write`, the
//! chapters take over what the files hold.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use similar::TextDiff;

use super::book::survey;
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::{Format, SyncArgs};
use crate::read::Layout;
use crate::text::report;
use crate::text::{Diagnostic, DiagnosticCode, Severity, Source, plural};
use crate::write::Document;
use crate::write::excerpt::{Stale, replacement};

/// A block that differs; as JSON, an object with these fields.
#[derive(Debug, Serialize)]
struct CopyDifference<'b> {
    file: &'b str,
    line: usize,
    column: usize,
    /// The file that it is a copy of.
    source: &'b str,
    diff: String,
}

/// Runs the command.
pub fn run(args: &SyncArgs, reporter: &Reporter) -> Outcome {
    let (layout, edition) = match survey(&args.book, reporter) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let mut faults: Vec<Diagnostic> =
        edition.faults.iter().filter(|fault| concerns(fault)).cloned().collect();

    // What differs, and what of it could be written.
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
                faults.extend(by_hand);
            }
            Err(error) => faults.push(failed(&document.source.path, &error)),
        }
    }

    reporter.report(&faults);
    let copies: usize = edition.documents.iter().map(|document| document.copies).sum();
    let done = if args.write { format!(", {written} written") } else { String::new() };
    reporter.result(&format!("{}, {differ} differ{done}", plural(copies, "copied block")));

    if faults.iter().any(|fault| fault.code == DiagnosticCode::FailedOutput) {
        Outcome::Failed
    } else if faults.is_empty() && differ == written {
        Outcome::Clean
    } else {
        Outcome::Faults
    }
}

/// Whether a fault can keep a block from being compared. A word that is not known may have named what it is a copy of.
fn concerns(fault: &Diagnostic) -> bool {
    use DiagnosticCode::{MissingSource, UnknownSource, UnknownWord};
    fault.severity == Severity::Error || matches!(fault.code, UnknownSource | MissingSource | UnknownWord)
}

impl<'b> CopyDifference<'b> {
    fn new(document: &'b Document, stale: &'b Stale) -> Self {
        let file = document.source.path.as_str();
        let position = document.source.position(stale.span.start);
        let diff = TextDiff::from_lines(&stale.text, &stale.wanted);
        let diff = diff.unified_diff().header(file, &stale.file).to_string();
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
        Format::Json => serde_json::to_string(entry).expect("strings and numbers are always JSON") + "\n",
        Format::Github => {
            let file = report::github_property(&format!("{}{file}", reporter.root()));
            let data = report::github_data(diff);
            format!("::warning file={file},line={line},col={column},title=code-differs::{data}\n")
        }
    }
}

/// Writes the blocks of a chapter that differ. Gives how many, and the faults of those that must be written by hand.
fn update(document: &Document, layout: &Layout) -> io::Result<(usize, Vec<Diagnostic>)> {
    let source = &document.source;
    // Where a symbolic link leads, so that the link stays one.
    let path = layout.root.join(&source.path).canonicalize()?;
    let bytes = fs::read(&path)?;

    // What was read must be what is there, or the author's text would be lost.
    let mark = if bytes.starts_with(MARK) { MARK } else { b"" };
    if bytes[mark.len()..] != *source.text.as_bytes() {
        let is_same = Source::chapter(&source.path, String::from_utf8_lossy(&bytes)).text == source.text;
        let reason = if is_same {
            "it holds control characters, which would be lost"
        } else {
            "it has changed while it was read"
        };
        return Err(io::Error::other(reason));
    }

    let mut text = source.text.clone();
    let mut by_hand = Vec::new();
    // From the last to the first, so that earlier places stay right.
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
        replace(&path, &[mark, text.as_bytes()].concat())?;
    }
    Ok((written, by_hand))
}

/// The byte-order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Replaces a file at once, or not at all.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    // Never into a file that is there already: it is not ours, or a link.
    let mut file = File::options().write(true).create_new(true).open(&aside)?;
    let mut write = || {
        file.write_all(bytes)?;
        file.set_permissions(fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        fs::rename(&aside, path)
    };
    write().inspect_err(|_| drop(fs::remove_file(&aside)))
}

fn failed(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::FailedOutput, format!("this chapter cannot be written: {error}")).on(path)
}
