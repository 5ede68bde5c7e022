//! What of each chapter was checked, by the record of the book's tests, and is still as it was then.
//!
//! A record has the digest of what comes before a chapter and of each block in it. Where these are the same, pages say that it
//! works. Each chapter gets nothing but its own part of the record, so a change elsewhere does not touch its page.

use std::sync::Arc;

use super::book::{Book, Chapter};
use super::checked_chapter::{CheckedChapter, pairs};
use super::ids::ChapterId;
use crate::read::layout::PROOF;
use crate::read::proof_basis::ProofBasis;
use crate::read::proof_record::{ProofRecord, RecordedChapter, RecordedResult};
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, plural};
use crate::write::Document;
use crate::write::step_chain::{self, StepBlock};

/// What the record says of a chapter.
enum RecordState<'r> {
    /// Nothing.
    Missing,
    /// What was found with other settings.
    WithOthers(&'r RecordedChapter),
    /// What was found when other things came before it.
    AfterOthers(&'r RecordedChapter),
    /// What was found after the same things.
    Current(&'r RecordedChapter),
}

/// What the record says of each chapter, in the order in which chapters are followed.
fn states<'r>(book: &Book, record: &'r ProofRecord, basis: &ProofBasis) -> Vec<(ChapterId, RecordState<'r>)> {
    let mut before: Option<Digest> = None;
    // On the first page of a preview, most chapters are not known; what comes before is then taken to be as it was.
    let mut is_known = true;
    let mut states = Vec::new();
    for id in book.followed() {
        let document = &book.chapter(id).document;
        let after = short(before);
        let state = match record.chapters.get(&document.source.path) {
            None => RecordState::Missing,
            Some(found) if !found.basis.holds_with(basis) => RecordState::WithOthers(found),
            Some(found) if is_known && found.after != after => RecordState::AfterOthers(found),
            Some(found) => RecordState::Current(found),
        };
        states.push((id, state));

        is_known &= document.is_whole;
        before = chapter_after(before, document.front.draft, document.steps_end);
    }
    states
}

/// The digest of all that chapters say to do, after one more. Drafts do not count: a preview can have more of them.
pub fn chapter_after(before: Option<Digest>, is_draft: bool, end: Option<Digest>) -> Option<Digest> {
    match end.filter(|_| !is_draft) {
        Some(end) => Some(step_chain::after(before, end)),
        None => before,
    }
}

/// The short form of what comes before a chapter, as the record has it.
pub fn short(before: Option<Digest>) -> String {
    before.map(Digest::short).unwrap_or_default()
}

/// Gives each chapter its part of the record, as far as it still holds.
pub(super) fn mark(book: &mut Book, record: &ProofRecord, basis: &ProofBasis) {
    if record.chapters.is_empty() {
        return;
    }
    for (id, state) in states(book, record, basis) {
        let Chapter { document, checked, .. } = &mut book.chapters[id.0];
        if let RecordState::Current(recorded) = state {
            *checked = CheckedChapter::new(document, recorded).map(|chapter| Arc::new(Hashed::new(chapter)));
        }
    }
    book.is_recorded = true;
}

/// Reports what was never checked, and what has changed since.
pub fn report(book: &Book, record: &ProofRecord, basis: &ProofBasis) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (id, state) in states(book, record, basis) {
        report_chapter(&book.chapter(id).document, &state, &mut diagnostics);
    }

    let is_gone = |path: &&String| book.chapter_of(path).is_none();
    diagnostics.extend(record.chapters.keys().filter(is_gone).map(|path| {
        let message = format!("`{path}` is in the record, and not in the book");
        Diagnostic::new(DiagnosticCode::OutdatedProof, message).on(PROOF).hint(HINT)
    }));
    diagnostics
}

fn report_chapter(document: &Document, state: &RecordState, diagnostics: &mut Vec<Diagnostic>) {
    let Some(first) = document.steps.first().filter(|_| !document.front.draft) else { return };
    let steps = steps_from(document, 0);
    diagnostics.push(match state {
        RecordState::Current(found) => return report_blocks(document, found, diagnostics),
        RecordState::Missing => missing(document, first, format!("this chapter was never checked: {steps}")),
        RecordState::WithOthers(RecordedChapter { date, .. }) => {
            let what = "the settings of tests have changed since this chapter was checked";
            outdated(document, first, format!("{what} on {date}: {steps}"))
        }
        RecordState::AfterOthers(RecordedChapter { date, .. }) => {
            let what = "chapters before this one have changed since it was checked";
            outdated(document, first, format!("{what} on {date}: {steps}"))
        }
    });
}

/// Reports the blocks that did not work, up to the first one that is not as it was.
fn report_blocks(document: &Document, found: &RecordedChapter, diagnostics: &mut Vec<Diagnostic>) {
    let date = &found.date;
    for (number, (block, recorded)) in pairs(document, found).enumerate() {
        let Some(recorded) = recorded else {
            let what =
                "this block, or a comment for tests before it, is not as it was when the chapter was checked";
            let steps = steps_from(document, number);
            diagnostics.push(outdated(document, block, format!("{what} on {date}: {steps} from here on")));
            return;
        };
        if recorded.result == RecordedResult::Failed {
            let message = format!("this block did not work when it was checked on {date}");
            diagnostics.push(missing(document, block, message));
        }
    }
}

/// How many steps there are from a block on, as text.
fn steps_from(document: &Document, block: usize) -> String {
    plural(document.steps[block..].iter().map(|block| block.steps).sum(), "step")
}

/// What to do about it.
const HINT: &str = "`bindery test --record` follows what has changed, and writes down what it finds";

fn missing(document: &Document, block: &StepBlock, message: String) -> Diagnostic {
    at(Diagnostic::new(DiagnosticCode::MissingProof, message), document, block)
}

fn outdated(document: &Document, block: &StepBlock, message: String) -> Diagnostic {
    at(Diagnostic::new(DiagnosticCode::OutdatedProof, message), document, block)
}

/// A diagnostic at the first line of a block.
fn at(diagnostic: Diagnostic, document: &Document, block: &StepBlock) -> Diagnostic {
    let source = &document.source;
    let line = source.line(source.position(block.span.start).line).len();
    diagnostic.at(source, block.span.start..block.span.start + line).hint(HINT)
}
