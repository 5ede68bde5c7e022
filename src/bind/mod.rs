//! All Documents → one [`Book`]: which chapters are in it, at which addresses, in which order, and where
//! every link leads.
//!
//! Pure, and done anew for every change of any file, so it is never stale, and it must stay cheap. The dearest
//! part, where the links of a chapter lead, is taken over from the book before if one digest says that neither the
//! chapter nor anything that any link can lead to has changed. What is wrong between files (two chapters at one address, a link to nothing) is found
//! here.

pub mod address;
pub mod book;
pub mod order;
pub mod places;
pub mod resolve;
pub mod terms;

use std::sync::Arc;

use foldhash::HashMap;

use crate::parse::{Document, Summary};
use crate::read::layout::CONTENT;
use crate::read::{Config, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode, Hashed, Severity};

pub use book::{Book, Chapter, Entry, Part, Redirect};

/// Binds a book of its documents (those below `content/`, in the order of their paths). Where the links of a
/// document lead is taken over from the book before, if neither it nor anything that a link can lead to is another.
pub fn bind(
    snapshot: &Snapshot,
    config: &Config,
    documents: &[Arc<Document>],
    summary: Option<&Summary>,
    before: Option<&Book>,
) -> Book {
    let mut faults = Vec::new();
    let in_book: Vec<&Arc<Document>> = documents
        .iter()
        .filter(|document| !document.front.draft || config.drafts == crate::read::config::Visibility::Show)
        .collect();
    address::check_all(&in_book, &mut faults);
    let by_path: HashMap<&str, usize> =
        in_book.iter().enumerate().map(|(at, document)| (document.source.path.as_str(), at)).collect();
    let drafts: Vec<&str> = documents
        .iter()
        .map(|document| document.source.path.as_str())
        .filter(|path| !by_path.contains_key(path))
        .collect();
    let made = places::made(config, &in_book);
    let redirects = address::redirects(&in_book, &made, &mut faults);
    let site = resolve::Targets::new(snapshot, (&in_book, &by_path), &drafts, (&redirects, &made));
    let order = match summary.zip(snapshot.chapters.get(order::SUMMARY)) {
        Some((summary, source)) => order::from_summary(summary, source, &site, &mut faults),
        None => order::from_folders(&in_book),
    };
    let resolved = resolve::all(&site, before);
    let glossary = terms::Glossary::new(&in_book, &mut faults);
    let uses = match &glossary {
        Some(glossary) => glossary.all(&in_book, before),
        None => vec![terms::Uses::new(Hashed::new(Vec::new())); in_book.len()],
    };
    if let Some(glossary) = &glossary {
        glossary.faults(&in_book, &uses, &mut faults);
    }
    let defined = glossary.map(|glossary| glossary.digest);
    let chapters: Vec<Chapter> = in_book
        .iter()
        .zip(resolved.into_iter().zip(uses))
        .map(|(document, (resolved, terms))| {
            faults.extend(document.faults.iter().cloned());
            resolve::faults(&resolved, document, &site, &mut faults);
            Chapter {
                document: Arc::clone(document),
                address: document.address.path.clone(),
                links: resolved,
                terms,
                place: None,
            }
        })
        .collect();
    // One that cannot be read is reported as that.
    if chapters.is_empty() && !snapshot.unread(CONTENT).any(|_| true) {
        faults.push(
            Diagnostic::new(DiagnosticCode::EmptyBook, "this book has no chapters")
                .on(CONTENT)
                .hint("write Markdown files in it: `content/hello.md`; drafts need `--drafts`"),
        );
    }
    for fault in &mut faults {
        if matches!(
            fault.code,
            DiagnosticCode::BrokenLink | DiagnosticCode::BrokenAnchor | DiagnosticCode::MissingFile
        ) {
            fault.severity = config.links;
        }
    }
    let digests = (site.digest, defined);
    Book::new(chapters, order, redirects, digests, faults)
}

/// Tells whether a book with these faults may be published.
pub fn has_errors(faults: &[Diagnostic]) -> bool {
    faults.iter().any(|fault| fault.severity == Severity::Error)
}
