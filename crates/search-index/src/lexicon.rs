//! What is known of words: the terms that each is indexed as, by number. Each distinct word is analysed once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::HashMap;

use super::language::WordRules;
use super::word::{WordUse, WordUses};

/// A term: what pages are found by.
#[derive(Debug)]
pub struct IndexTerm {
    /// The word, or a form of it with accents.
    pub text: Box<str>,
    /// The term without accents; the term itself, if it has none.
    pub plain: u32,
}

/// A term that a word is indexed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermUse {
    /// The number of the term.
    pub term: u32,
    /// The number of the term without accents.
    pub plain: u32,
    /// Whether it is a part of the word, whose weight is shared with the others.
    pub is_part: bool,
}

/// What a word is indexed as: all, and how many of them words of fields have too.
type KnownUses = (Arc<[TermUse]>, usize);

/// What some words are indexed as, in their order.
#[derive(Debug)]
pub struct KnownWords(Vec<KnownUses>);

/// Words and terms.
#[derive(Debug, Default)]
pub struct Lexicon {
    words: HashMap<Box<str>, KnownUses>,
    /// The terms, by their numbers.
    pub terms: Vec<IndexTerm>,
    numbers: HashMap<Box<str>, u32>,
    /// The numbers of forms with accents, by their terms without.
    accented: HashMap<(u32, Box<str>), u32>,
    /// How many terms the last index had.
    pub used: usize,
}

impl KnownWords {
    /// Looks up words, and analyses those that are not known yet.
    pub fn of(words: &[&str], rules: &WordRules, lexicon: &Mutex<Lexicon>) -> Self {
        let known = lock(lexicon);
        let unknown: Vec<&str> =
            words.iter().filter(|word| !known.words.contains_key(**word)).copied().collect();
        drop(known);

        // The lock is not held meanwhile, so two threads may analyse the same word.
        let analysed: Vec<WordUses> = unknown.iter().map(|word| WordUses::of(word, rules)).collect();

        let mut known = lock(lexicon);
        for (word, uses) in unknown.iter().zip(&analysed) {
            known.learn(word, uses);
        }

        KnownWords(words.iter().map(|word| known.words[*word].clone()).collect())
    }

    /// All that a word of the text is indexed as.
    pub fn in_text(&self, word: u32) -> &[TermUse] {
        &self.0[word as usize].0
    }

    /// All that a word of a field is indexed as.
    pub fn in_field(&self, word: u32) -> &[TermUse] {
        let (uses, in_fields) = &self.0[word as usize];
        &uses[..*in_fields]
    }
}

impl Lexicon {
    /// Remembers what a word is indexed as.
    fn learn(&mut self, word: &str, WordUses { uses, in_fields }: &WordUses) {
        if !self.words.contains_key(word) {
            let known: Arc<[TermUse]> = uses.iter().map(|found| self.term(found)).collect();
            self.words.insert(word.into(), (known, *in_fields));
        }
    }

    /// The number of a term, and of the same without accents.
    fn term(&mut self, WordUse { stem, accented, is_part }: &WordUse) -> TermUse {
        let next = self.terms.len() as u32;
        let plain = match self.numbers.get(&**stem) {
            Some(number) => *number,
            None => {
                self.numbers.insert(stem.as_str().into(), next);
                self.terms.push(IndexTerm { text: stem.as_str().into(), plain: next });
                next
            }
        };

        let mut term = plain;
        if let Some(form) = accented {
            let next = self.terms.len() as u32;
            term = *self.accented.entry((plain, form.as_str().into())).or_insert(next);
            if term == next {
                self.terms.push(IndexTerm { text: form.as_str().into(), plain });
            }
        }
        TermUse { term, plain, is_part: *is_part }
    }
}

fn lock(lexicon: &Mutex<Lexicon>) -> MutexGuard<'_, Lexicon> {
    // A panic cannot leave a word half known: it is inserted after its terms.
    lexicon.lock().unwrap_or_else(PoisonError::into_inner)
}
