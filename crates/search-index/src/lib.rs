//! An index for [Pagefind](https://pagefind.app/)'s script, which searches a site in the reader's browser: the same files
//! as Pagefind itself writes, in a fraction of the time and memory.
//!
//! A library in its own right, which knows nothing of books. [`SearchIndexer`] is its door: it takes [`SearchRecord`]s, each
//! the text of a page with its anchors and weights, and returns the files. The script and its WebAssembly, which are
//! Pagefind's own, go beside them.
//!
//! ```
//! use bindery_search_index::{IndexOptions, SearchIndexer, SearchRecord};
//!
//! let mut indexer = SearchIndexer::new(IndexOptions { fields: vec!["title"], ..IndexOptions::of("en") });
//! let record = SearchRecord {
//!     url: "server/keys/".to_owned(),
//!     fields: [("title", "Keys".to_owned())].into(),
//!     text: "Keys open the server.".to_owned(),
//!     ..SearchRecord::default()
//! };
//!
//! let index = indexer.index(&[1], |_| record.clone());
//! let fragment = index.fragments[0].as_ref().expect("the page has words");
//! assert!(index.files.contains_key(&format!("fragment/{fragment}.pf_fragment")));
//! ```
//!
//! # How it works
//!
//! Pagefind keeps every word of every page as a string, in maps that are cloned, and analyses it wherever it is met. Here:
//!
//! 1. `lexicon` analyses each distinct word once, by the rules in `word`, and gives each term a number. Threads share it.
//! 2. `fragment` reads a page: its words become numbers, and what the browser shows of it is packed at once.
//! 3. `postings` sorts the places of a page's terms, and encodes them. This does not depend on other pages, so the next
//!    index takes it over if the page's key is the same.
//! 4. `chunks` puts the terms of all pages in order and cuts them into files, each of which is written by itself.
//! 5. `output` names and packs the files, and writes the lists that lead to them.
//!
//! The result depends neither on the number of threads nor on what was indexed before.
//!
//! # The files
//!
//! Pagefind has not documented them, and they may change with its version, so they are compared with those of the package
//! in the tests. Those of [`VERSION`] are, all compressed with gzip after the bytes `pagefind_dcd`:
//!
//! - `fragment/*.pf_fragment`, one for each page: its address, text, fields and anchors as JSON.
//! - `index/*.pf_index`, the chunks of the index as CBOR: words in the order of their bytes, each with its pages; in a page,
//!   the places in the text, and those in fields. A number below zero changes the weight or the field of those after it.
//!   Numbers of pages and places are differences from those before. Forms of a word that differ in accents follow it.
//! - `pagefind.*.pf_meta`: the pages, between which words each chunk is, and the names of the fields, as CBOR.
//! - `pagefind-entry.json`, which is not compressed: the name of the list.

#![deny(clippy::disallowed_methods, reason = "a pure library: see clippy.toml")]

mod cbor;
mod chunks;
mod fragment;
mod language;
mod lexicon;
mod output;
mod packing;
mod postings;
mod record;
mod word;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use fragment::ReadPage;
use language::WordRules;
use lexicon::Lexicon;

pub use output::{SearchIndex, VERSION};
pub use record::{IndexOptions, SearchRecord, TextAnchor};

/// Makes indexes, and keeps what the next one can use again.
#[derive(Debug)]
pub struct SearchIndexer {
    options: IndexOptions,
    rules: WordRules,
    lexicon: Mutex<Lexicon>,
    /// The pages of the last index, by their keys; none for one without a word.
    pages: HashMap<u128, Option<Arc<ReadPage>>>,
}

/// How many words are kept of what is no longer in any page, before all is forgotten.
const MOST_FORGOTTEN: usize = 200_000;

impl SearchIndexer {
    /// Makes an indexer that has indexed nothing yet.
    pub fn new(mut options: IndexOptions) -> Self {
        options.tidy();
        let rules = WordRules::of(&options.language);
        SearchIndexer { options, rules, lexicon: Mutex::default(), pages: HashMap::new() }
    }

    /// What the indexes are like.
    pub fn options(&self) -> &IndexOptions {
        &self.options
    }

    /// Makes the index of pages, in their order. A page whose key the last index had is not read again, so a key must change
    /// with the page. If two have the same key, the second one is left out.
    pub fn index(&mut self, keys: &[u128], read: impl Fn(usize) -> SearchRecord + Sync) -> SearchIndex {
        self.forget();

        let read_page = |(number, key): (usize, &u128)| match self.pages.get(key) {
            Some(known) => known.clone(),
            None => ReadPage::of(&read(number), &self.options, &self.rules, &self.lexicon).map(Arc::new),
        };
        let mut pages: Vec<_> = keys.par_iter().enumerate().map(read_page).collect();

        self.pages.clear();
        for (key, page) in keys.iter().zip(&mut pages) {
            if self.pages.insert(*key, page.clone()).is_some() {
                *page = None;
            }
        }

        let lexicon = self.lexicon.get_mut().unwrap_or_else(PoisonError::into_inner);
        output::write(&pages, lexicon, &self.options, &self.rules)
    }

    /// Forgets everything if too much of it is of no use any more: a preview can run for days.
    fn forget(&mut self) {
        let lexicon = self.lexicon.get_mut().unwrap_or_else(PoisonError::into_inner);
        if lexicon.terms.len() > 2 * lexicon.used + MOST_FORGOTTEN {
            *lexicon = Lexicon::default();
            self.pages.clear();
        }
    }
}

#[cfg(test)]
mod tests;
