//! Search: the index of the chapters' text, which Pagefind's script searches in the browser.
//!
//! It is a [`Bundle`](crate::render::bundle::Bundle), which is published again only when a chapter changes. The program that
//! searches is put beside it, and so are the titles.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bindery_search_index::{IndexOptions, SearchIndexer, VERSION};
use bytes::Bytes;

use super::page::{FIELDS, Page};
use super::words::SILENT;
use super::{client, titles};
use crate::text::{Diagnostic, DiagnosticCode, Hashed};

/// The folder of all that search needs.
pub const FOLDER: &str = "search/";
/// The file that says where the index is, for the script that searches.
pub const INDEX: &str = "search/index.json";
/// How many numbers a file of the index has, about. A reader loads the list of all files, and those of the words of a query:
/// for two words some 17 kB in a book of 100 chapters and 54 kB in one of 1,000, where Pagefind's 20,000 would be 65 kB and
/// 116 kB. With smaller files, the list grows by as much as they save.
const CHUNK: usize = 1_500;

/// All that the index depends on.
#[derive(Debug, Hash)]
pub struct IndexJob {
    /// The version of Pagefind.
    form: &'static str,
    /// A BCP 47 tag in lower case.
    language: String,
    pages: Vec<Hashed<Page>>,
}

/// Makes indexes, and keeps what it knows of chapters for the next one.
#[derive(Debug, Default)]
pub struct IndexMaker {
    indexer: Mutex<Option<SearchIndexer>>,
}

impl IndexJob {
    /// The job of indexing a book's chapters.
    pub fn new(pages: Vec<Page>, language: &str) -> Self {
        let pages = pages.into_iter().map(Hashed::new).collect();
        IndexJob { form: VERSION, language: language.to_ascii_lowercase(), pages }
    }

    /// Makes the index.
    ///
    /// # Errors
    /// [`DiagnosticCode::FailedSearchIndex`].
    pub fn run(&self, maker: &IndexMaker) -> Result<BTreeMap<String, Bytes>, Diagnostic> {
        let keys: Vec<u128> =
            self.pages.iter().map(|page| u128::from_be_bytes(page.digest().bytes())).collect();
        let index =
            maker.with(&self.language, |indexer| indexer.index(&keys, |number| self.pages[number].record()));

        let pages: Vec<&Page> = self.pages.iter().map(|page| &**page).collect();
        let titles = titles::list(&pages, &index.fragments).map_err(|error| {
            let message = format!("the search index could not be made: {error}");
            Diagnostic::new(DiagnosticCode::FailedSearchIndex, message)
                .hint("publish without search: `search: false` in `book.yaml`")
        })?;

        let mut files = index.files;
        files.extend(client::files(&self.language));
        files.insert(titles::FILE.to_owned(), titles);
        Ok(files)
    }
}

impl IndexMaker {
    /// Indexes with what is known from before, if that is of the same language.
    fn with<T>(&self, language: &str, index: impl FnOnce(&mut SearchIndexer) -> T) -> T {
        // What a panic left behind would be half an index.
        let mut known = self.indexer.lock().unwrap_or_else(|poisoned| {
            self.indexer.clear_poison();
            let mut known = PoisonError::into_inner(poisoned);
            *known = None;
            known
        });
        let options = IndexOptions {
            fields: FIELDS.to_vec(),
            silent: SILENT.to_vec(),
            chunk: CHUNK,
            ..IndexOptions::of(language)
        };
        if known.as_ref().is_some_and(|known| *known.options() != options) {
            *known = None;
        }
        index(known.get_or_insert_with(|| SearchIndexer::new(options)))
    }
}

/// Writes where the index is: its folder, relative to the file's own.
pub fn place(folder: &str) -> String {
    let folder = folder.strip_prefix(FOLDER).unwrap_or(folder);
    serde_json::json!({ "folder": folder }).to_string()
}
