//! What binding makes of each chapter by itself, kept for the next edition.

use std::mem;
use std::sync::Arc;

use rayon::prelude::*;

use super::resolve::ResolvedLinks;
use super::terms::{Glossary, Use};
use crate::read::proof_record::ProofRecord;
use crate::text::{Diagnostic, Digest, Hashed, Source};
use crate::write::Document;

/// The fewest chapters that one task looks at: most of them take no time.
const CHAPTERS_PER_TASK: usize = 32;

/// What binding can reuse from the edition before. The engine keeps it.
#[derive(Debug, Default)]
pub struct Reuse {
    /// Where the links of chapters lead.
    pub links: PerChapter<ResolvedLinks>,
    /// Which terms chapters use.
    pub terms: PerChapter<Hashed<Vec<Use>>>,
    /// The glossary, if there is one.
    pub glossary: Option<Glossary>,
    /// The record of tests, and what it was read from.
    record: Option<(Arc<Source>, ReadRecord)>,
}

/// The record of a book's tests, and what is wrong with it.
type ReadRecord = (Arc<ProofRecord>, Vec<Diagnostic>);

impl Reuse {
    /// Reads the record of tests, if it has changed.
    pub(super) fn record(
        &mut self,
        source: Option<&Arc<Source>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Arc<ProofRecord> {
        let Some(source) = source else { return Arc::default() };
        let known = self.record.take().filter(|(known, _)| Arc::ptr_eq(known, source));
        let read = || {
            let (record, wrong) = ProofRecord::read(source);
            (Arc::clone(source), (Arc::new(record), wrong))
        };
        let (_, (record, wrong)) = self.record.insert(known.unwrap_or_else(read));
        diagnostics.extend(wrong.iter().cloned());
        Arc::clone(record)
    }
}

/// Values that were made of chapters.
///
/// A value is good while its document is the same and the digest of everything else that it depends on is, too.
#[derive(Debug)]
pub struct PerChapter<T> {
    shared: Option<Digest>,
    known: Vec<(Arc<Document>, Arc<T>)>,
}

impl<T> Default for PerChapter<T> {
    fn default() -> Self {
        PerChapter { shared: None, known: Vec::new() }
    }
}

impl<T: Send + Sync> PerChapter<T> {
    /// Returns the values of some documents, in the order of their paths. Those that are known and still good are reused,
    /// the others are made, in parallel. `shared` is the digest of what values depend on, beside the document; `holds` tells
    /// whether a value is still good, knowing whether that is as it was.
    pub fn update(
        &mut self,
        shared: Digest,
        documents: &[&Arc<Document>],
        holds: impl Fn(&T, bool) -> bool + Sync,
        make: impl Fn(&Arc<Document>) -> T + Sync,
    ) -> Vec<Arc<T>> {
        let known = mem::take(&mut self.known);
        let is_same = self.shared == Some(shared);

        let value = |(document, before): (&&Arc<Document>, Option<&Arc<T>>)| match before {
            Some(value) if holds(value, is_same) => Arc::clone(value),
            _ => Arc::new(make(document)),
        };
        let before = values_before(&known, documents);
        let values: Vec<Arc<T>> =
            documents.par_iter().zip(before).with_min_len(CHAPTERS_PER_TASK).map(value).collect();

        self.shared = Some(shared);
        self.known = documents.iter().map(|document| Arc::clone(document)).zip(values.clone()).collect();
        values
    }
}

/// The known values of documents that are the same. Both lists are in the order of the documents' paths.
fn values_before<'k, T>(
    known: &'k [(Arc<Document>, Arc<T>)],
    documents: &[&Arc<Document>],
) -> Vec<Option<&'k Arc<T>>> {
    let mut known = known.iter().peekable();
    let mut value_before = |document: &&Arc<Document>| {
        let is_before = |(other, _): &&(Arc<Document>, Arc<T>)| {
            !Arc::ptr_eq(other, document) && other.source.path < document.source.path
        };
        while known.next_if(is_before).is_some() {}
        known.next_if(|(other, _)| Arc::ptr_eq(other, document)).map(|(_, value)| value)
    };
    documents.iter().map(&mut value_before).collect()
}
