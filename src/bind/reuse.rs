//! What binding makes of each chapter by itself, kept for the next edition.

use std::mem;
use std::sync::Arc;

use rayon::prelude::*;

use super::resolve::ResolvedLinks;
use super::terms::{Glossary, Use};
use crate::text::{Digest, Hashed};
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
    /// Returns the values of some documents. Those that are known and still good are reused, the others are made, in
    /// parallel; `shared` is the digest of all that `make` looks at, beside the document.
    pub fn update(
        &mut self,
        shared: Digest,
        documents: &[&Arc<Document>],
        make: impl Fn(&Arc<Document>) -> T + Sync,
    ) -> Vec<Arc<T>> {
        let known = mem::take(&mut self.known);
        let is_same = self.shared == Some(shared);

        let value = |(number, document): (usize, &&Arc<Document>)| match known.get(number) {
            Some((before, value)) if is_same && Arc::ptr_eq(before, document) => Arc::clone(value),
            _ => Arc::new(make(document)),
        };
        let values: Vec<Arc<T>> =
            documents.par_iter().enumerate().with_min_len(CHAPTERS_PER_TASK).map(value).collect();

        self.shared = Some(shared);
        self.known = documents.iter().map(|document| Arc::clone(document)).zip(values.clone()).collect();
        values
    }
}
