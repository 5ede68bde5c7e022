//! `bindery test --record`: keeps what was found beside the book, where pages show it.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::bind::checked::{chapter_after, short};
use crate::edition::Edition;
use crate::proof::record::{self, FollowedAt};
use crate::proof::steps::ChapterPlan;
use crate::proof::summary::ReportedChapter;
use crate::read::layout::PROOF;
use crate::read::proof_basis::ProofBasis;
use crate::read::proof_record::ProofRecord;
use crate::read::{Layout, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode};

/// A book of which results are recorded.
#[derive(Clone, Copy)]
pub struct RecordedBook<'b> {
    pub layout: &'b Layout,
    /// Its files, with the record that is there.
    pub snapshot: &'b Snapshot,
    pub edition: &'b Edition,
    /// What its chapters say to do.
    pub plans: &'b [ChapterPlan],
}

/// Writes what was found of these chapters, with these settings of the book, into the record. What it has of others stays,
/// if they are still in the book.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    book: RecordedBook<'_>,
    basis: &ProofBasis,
    chapters: &[ReportedChapter<'_>],
) -> Result<ProofRecord, Diagnostic> {
    let RecordedBook { layout, snapshot, edition, plans } = book;
    let mut record = snapshot.proof.as_ref().map(|source| ProofRecord::read(source).0).unwrap_or_default();
    let paths: Vec<&String> = plans.iter().map(|plan| &plan.source.path).collect();
    record.chapters.retain(|path, _| paths.contains(&path));

    let mut before = None;
    for plan in plans {
        let path = &plan.source.path;
        if let Some(reported) = chapters.iter().find(|reported| reported.plan.source.path == *path) {
            let after = short(before);
            let seconds = i64::try_from(reported.time).unwrap_or_default();
            let time = Timestamp::from_second(seconds).unwrap_or_default();
            let date = TimeZone::UTC.to_datetime(time).date();
            let at = FollowedAt { date, systems: &reported.systems, after: &after, basis };
            record.chapters.insert(path.clone(), record::chapter(plan, &reported.chapter.outcomes, at));
        }
        let is_draft = edition.document(path).is_some_and(|document| document.front.draft);
        before = chapter_after(before, is_draft, plan.end);
    }

    replace(&layout.root.join(PROOF), &record.text()).map_err(|error| {
        let message = format!("the record cannot be written: {error}");
        Diagnostic::new(DiagnosticCode::FailedOutput, message).on(PROOF)
    })?;
    Ok(record)
}

/// Writes a file in one step: a preview never reads half of it.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let aside = path.with_extension(format!("yaml.{}.new", std::process::id()));
    fs::write(&aside, text)?;
    fs::rename(&aside, path).inspect_err(|_| drop(fs::remove_file(&aside)))
}
