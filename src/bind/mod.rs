//! All Documents → one [`Book`]: which chapters are in it, at which addresses, in which order, and where
//! every link leads.
//!
//! Pure, and run again for every change of any file, so its result is never out of date, and it must stay cheap. The
//! two expensive parts, where the links of a chapter lead and which terms it uses, are reused from the edition before
//! while neither the chapter nor anything else that they depend on has changed ([`reuse`]). What is wrong between files
//! (two chapters at one address, a link to nothing) is found here.

pub mod address;
pub mod book;
pub mod broken;
pub mod checked;
pub mod checked_chapter;
pub mod folder_pages;
pub mod foreign_files;
pub mod ids;
pub mod meant;
pub mod once;
pub mod order;
pub mod places;
pub mod resolve;
pub mod reuse;
pub mod targets;
pub mod terms;

use std::sync::Arc;

use foldhash::HashMap;

use crate::parse::Summary;
use crate::read::config_values::Visibility;
use crate::read::layout::CONTENT;
use crate::read::proof_basis::ProofBasis;
use crate::read::{Config, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode, Hashed, Severity};
use crate::write::Document;

pub use address::Redirect;
pub use book::{Book, BookPart, Chapter, EntryTarget, PartEntry};
pub use ids::{ChapterId, PartId};
use resolve::ResolvedLinks;
pub use reuse::Reuse;

/// Binds a book of its documents (those below `content/`, in the order of their paths).
pub fn bind(
    snapshot: &Snapshot,
    config: &Config,
    documents: &[Arc<Document>],
    summary: Option<&Summary>,
    reuse: &mut Reuse,
) -> Book {
    let mut diagnostics = Vec::new();

    // Drafts are in the book only if the settings say so.
    let is_in_book = |document: &&Arc<Document>| !document.front.draft || config.drafts == Visibility::Show;
    let (mut in_book, drafts): (Vec<&Arc<Document>>, Vec<&Arc<Document>>) =
        documents.iter().partition(is_in_book);
    let drafts: Vec<&str> = drafts.iter().map(|document| document.source.path.as_str()).collect();
    let ignored = folder_pages::take_ignored(&mut in_book, summary, &mut diagnostics);

    // Addresses, and with them all that a link can lead to.
    let moved = address::check_all(&in_book, &mut diagnostics);
    for (chapter, document) in &moved {
        in_book[chapter.0] = document;
    }
    let mut by_path: HashMap<&str, ChapterId> =
        ids::numbered(&in_book).map(|(id, document)| (document.source.path.as_str(), id)).collect();
    // A link to a file that is not in the book leads to the page of its folder.
    for file in &ignored {
        by_path.insert(file.path, by_path[file.page]);
    }
    let made = places::made(config, &in_book);
    let redirects = address::redirects(&in_book, &made, &mut diagnostics);
    let targets =
        targets::Targets::new(snapshot, (&in_book, &by_path), (&drafts, &ignored), (&redirects, &made));

    // The reader's order.
    let parts = match summary.zip(snapshot.chapters.get(order::SUMMARY)) {
        Some((summary, source)) => order::from_summary(summary, source, &targets, &mut diagnostics),
        None => order::from_folders(&in_book),
    };

    // Links and terms, chapter by chapter.
    let still_hold = |links: &ResolvedLinks, is_same| links.still_hold(&targets, is_same);
    let links = reuse
        .links
        .update(targets.digest, &in_book, still_hold, |document| resolve::links(document, &targets));
    let terms = terms(&in_book, reuse, &mut diagnostics);
    let mut chapters = Vec::with_capacity(in_book.len());
    for (document, (links, terms)) in in_book.iter().zip(links.into_iter().zip(terms)) {
        diagnostics.extend(document.diagnostics.iter().cloned());
        resolve::report(&links, document, &targets, &mut diagnostics);
        let address = document.address.path.clone();
        chapters.push(Chapter {
            document: Arc::clone(document),
            address,
            links,
            terms,
            checked: None,
            position: None,
        });
    }

    // A book whose chapters cannot be read is reported as that.
    if chapters.is_empty() && !snapshot.unread(CONTENT).any(|_| true) {
        let diagnostic = Diagnostic::new(DiagnosticCode::EmptyBook, "this book has no chapters").on(CONTENT);
        diagnostics
            .push(diagnostic.hint("write Markdown files in it: `content/hello.md`; drafts need `--drafts`"));
    }
    let record = reuse.record(snapshot.proof.as_ref(), &mut diagnostics);
    foreign_files::report(snapshot, &chapters, &mut diagnostics);
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| is_of_link(diagnostic)) {
        diagnostic.severity = config.links;
    }
    // What is ignored in one place is reported at the next.
    config.lints.apply(&mut diagnostics);
    once::said_once(&mut diagnostics);
    let mut book = Book::new(chapters, parts, redirects, diagnostics);
    checked::mark(&mut book, &record, &ProofBasis::of(config));
    book
}

/// The terms that each chapter uses; none without a glossary.
fn terms(
    in_book: &[&Arc<Document>],
    reuse: &mut Reuse,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<terms::Uses> {
    reuse.glossary = terms::Glossary::new(in_book, diagnostics);
    let Some(glossary) = &reuse.glossary else {
        return vec![terms::Uses::new(Hashed::new(Vec::new())); in_book.len()];
    };
    let uses = |document: &Arc<Document>| Hashed::new(glossary.uses(document));
    let uses = reuse.terms.update(glossary.digest, in_book, |_, is_same| is_same, uses);
    glossary.report(in_book, &uses, diagnostics);
    uses
}

/// Whether a diagnostic is one whose severity the settings choose.
fn is_of_link(diagnostic: &Diagnostic) -> bool {
    use DiagnosticCode::{BrokenAnchor, BrokenLink, MissingFile};
    matches!(diagnostic.code, BrokenLink | BrokenAnchor | MissingFile)
}

/// Whether a book with these diagnostics may not be published.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}
