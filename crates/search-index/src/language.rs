//! What depends on the language: the stems of words, and where words end that no space parts.

use std::borrow::Cow;

use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use pagefind_stem::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// The rules of one language.
#[derive(Debug)]
pub struct WordRules {
    language: String,
    segmenter: Option<WordSegmenterBorrowed<'static>>,
}

impl WordRules {
    /// The rules of the language that a tag begins with.
    pub fn of(tag: &str) -> Self {
        let language = tag.split('-').next().unwrap_or_default();
        let is_segmented = matches!(language, "zh" | "ja" | "th");
        WordRules {
            language: language.to_owned(),
            segmenter: is_segmented.then(|| WordSegmenter::new_dictionary(Default::default())),
        }
    }

    /// Whether words are indexed by their stems, for which there is a WebAssembly of the language.
    pub fn has_stems(&self) -> bool {
        algorithm(&self.language).is_some()
    }

    /// Whether text is split by dictionaries.
    pub fn is_segmented(&self) -> bool {
        self.segmenter.is_some()
    }

    /// The stem of a word in lower case.
    pub fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        algorithm(&self.language).map_or(Cow::Borrowed(word), |stems| Stemmer::create(stems).stem(word))
    }

    /// The words of text without white space: one, unless the language is split by dictionaries.
    pub fn words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let Some(segmenter) = &self.segmenter else { return vec![text] };

        // Dictionaries may part a letter and its marks where they do not know a word; no word begins with a mark.
        let mut clusters = text.grapheme_indices(true).map(|(start, _)| start).peekable();
        let mut start = 0;
        let mut words = Vec::new();
        for end in segmenter.segment_str(text).skip(1) {
            while clusters.next_if(|cluster| *cluster < end).is_some() {}
            if end == text.len() || clusters.peek() == Some(&end) {
                words.push(&text[start..end]);
                start = end;
            }
        }
        words
    }
}

/// How Pagefind finds stems in a language.
fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ar" => Algorithm::Arabic,
        "ca" => Algorithm::Catalan,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "eo" => Algorithm::Esperanto,
        "es" => Algorithm::Spanish,
        "et" => Algorithm::Estonian,
        "eu" => Algorithm::Basque,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "ga" => Algorithm::Irish,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "hy" => Algorithm::Armenian,
        "id" => Algorithm::Indonesian,
        "it" => Algorithm::Italian,
        "lt" => Algorithm::Lithuanian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "ne" => Algorithm::Nepali,
        "nl" => Algorithm::Dutch,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sr" => Algorithm::Serbian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "yi" => Algorithm::Yiddish,
        _ => return None,
    })
}
