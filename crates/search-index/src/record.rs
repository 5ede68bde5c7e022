//! What is indexed: the text of pages, and what an index is like.

use std::collections::BTreeMap;
use std::ops::Range;

/// What an index is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexOptions {
    /// A BCP 47 tag in lower case. Words of some languages are indexed by their stems, and text in others is split by
    /// dictionaries. Files are named after it; with signs other than letters, digits and `-`, it is `unknown`.
    pub language: String,
    /// The names of the fields that records may have, such as `title`.
    pub fields: Vec<&'static str>,
    /// Characters that are part of the text, but of no word.
    pub silent: Vec<char>,
    /// How many numbers, most of them places of words, a chunk has, about. A reader loads the chunks of all words of a query, and the list of all
    /// chunks.
    pub chunk: usize,
}

/// What is searched of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRecord {
    /// Its address.
    pub url: String,
    /// What is known of it, by the names of fields: its title, for example, whose words are searched too.
    pub fields: BTreeMap<&'static str, String>,
    /// The text. White space parts words, and how much of it does not matter.
    pub text: String,
    /// The places that results can lead to, in the order of the text.
    pub anchors: Vec<TextAnchor>,
    /// Parts of the text whose words weigh more, up to ten times, in the order of the text; they do not overlap.
    pub weights: Vec<(Range<usize>, u8)>,
}

/// A place that results can lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextAnchor {
    /// The byte of the text.
    pub at: usize,
    /// The name of the element: results lead to headings, as `h2`.
    pub element: String,
    /// Its id.
    pub id: String,
    /// Its text.
    pub text: String,
}

impl IndexOptions {
    /// The options of Pagefind itself for a language.
    pub fn of(language: &str) -> Self {
        IndexOptions { language: language.to_owned(), fields: Vec::new(), silent: Vec::new(), chunk: 20_000 }
    }

    /// Leaves no options that have no meaning.
    pub(super) fn tidy(&mut self) {
        let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.language.is_empty() || !self.language.chars().all(is_tag) {
            "unknown".clone_into(&mut self.language);
        }
        self.fields.sort_unstable();
        self.fields.dedup();
    }
}
