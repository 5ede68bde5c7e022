//! Reads a page: which words are where, and the fragment, which a browser loads of a page that was found.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Mutex;

use bytes::Bytes;
use foldhash::HashMap;
use serde::Serialize;

use super::language::WordRules;
use super::lexicon::{KnownWords, Lexicon, TermUse};
use super::packing::{full_name, pack};
use super::postings::{PagePlaces, Postings};
use super::record::{IndexOptions, SearchRecord, TextAnchor};
use super::word::{core, is_split, spanning_pair, without};

/// How much a word of the text weighs; weights in bytes are multiples of it.
const WEIGHT: u8 = 24;
/// How often a word can weigh that at most.
const HEAVIEST: u8 = 10;
/// Between words that a dictionary has parted is this in a fragment, so that the browser parts them there too.
const BREAK: char = '\u{200b}';

/// A page of an index.
#[derive(Debug)]
pub struct ReadPage {
    /// The name of the fragment, by all that is in it; as much of it is used as tells it from others.
    pub name: String,
    /// The fragment, compressed.
    pub fragment: Bytes,
    /// How many words it has.
    pub words: usize,
    /// Where its terms are.
    pub postings: Postings,
}

/// The fragment, with names and in the order as Pagefind has them.
#[derive(Serialize)]
struct FragmentJson<'r> {
    url: &'r str,
    content: String,
    word_count: usize,
    filters: BTreeMap<&'r str, Vec<&'r str>>,
    meta: BTreeMap<&'r str, String>,
    anchors: Vec<AnchorJson<'r>>,
}

#[derive(Serialize)]
struct AnchorJson<'r> {
    element: &'r str,
    id: &'r str,
    text: String,
    location: usize,
}

/// The words of a page's text, in order.
#[derive(Default)]
struct PageWords<'r> {
    content: String,
    anchors: Vec<AnchorJson<'r>>,
    places: Vec<PlacedWord>,
    distinct: DistinctWords<'r>,
}

/// A word at a place of the text.
struct PlacedWord {
    word: u32,
    weight: u8,
    /// The pair of the last sign of the word before and the first of this one, if a dictionary has parted them.
    pair: Option<u32>,
}

/// The distinct words of a page, by number.
#[derive(Default)]
struct DistinctWords<'r> {
    words: Vec<Cow<'r, str>>,
    numbers: HashMap<Cow<'r, str>, u32>,
}

impl ReadPage {
    /// Reads a page; none if its text has no word.
    pub fn of(
        record: &SearchRecord,
        options: &IndexOptions,
        rules: &WordRules,
        lexicon: &Mutex<Lexicon>,
    ) -> Option<Self> {
        let mut page = PageWords::of(record, rules);
        let meta: BTreeMap<&str, String> =
            record.fields.iter().map(|(name, value)| (*name, one_line(value))).collect();
        let of_fields = field_words(&meta, &options.fields, &mut page.distinct);

        let PageWords { content, anchors, places, distinct } = page;
        let known = distinct.look_up(&options.silent, rules, lexicon);
        let mut found = PagePlaces::default();
        push_text(&mut found, &places, &known);
        if found.is_empty() {
            return None;
        }
        for (field, at, word) in of_fields {
            known.in_field(word).iter().for_each(|of_word| found.push_in_field(of_word.term, field, at));
        }

        let (url, word_count, filters) = (record.url.as_str(), places.len(), BTreeMap::new());
        let fragment = FragmentJson { url, content, word_count, filters, meta, anchors };
        let json = serde_json::to_vec(&fragment).expect("a struct of strings and numbers is always JSON");
        let name = full_name(&options.language, &json);
        Some(ReadPage { name, fragment: pack(&json), words: word_count, postings: found.encode() })
    }
}

impl<'r> PageWords<'r> {
    /// Finds the words of a record, and where its anchors and weights are among them.
    fn of(record: &'r SearchRecord, rules: &WordRules) -> Self {
        let mut page =
            PageWords { content: String::with_capacity(record.text.len()), ..PageWords::default() };
        let mut anchors = record.anchors.iter().peekable();
        let mut weights = record.weights.iter().peekable();

        // After the last word, what is left of the anchors.
        for (at, text) in tokens(&record.text).chain([(usize::MAX, "")]) {
            while let Some(TextAnchor { element, id, text, .. }) = anchors.next_if(|anchor| anchor.at <= at) {
                let (text, location) = (one_line(text), page.places.len());
                page.anchors.push(AnchorJson { element, id, text, location });
            }
            while weights.next_if(|(range, _)| range.end <= at).is_some() {}
            let heavy = weights.peek().filter(|(range, _)| range.start <= at);
            let weight = heavy.map_or(WEIGHT, |(_, weight)| WEIGHT * (*weight).clamp(1, HEAVIEST));

            let (whole, split) = ([text], is_split(text, rules).then(|| rules.words(text)));
            page.push_words(split.as_deref().unwrap_or(&whole), weight, rules);
        }

        let content = page.content.strip_suffix(BREAK).unwrap_or(&page.content);
        page.content.truncate(content.strip_suffix(' ').unwrap_or(content).len());
        page
    }

    /// Adds what white space parts: a word, or several that a dictionary has parted. Breaks that are in the text already
    /// are no part of a word.
    fn push_words(&mut self, words: &[&'r str], weight: u8, rules: &WordRules) {
        for (at, whole) in words.iter().enumerate() {
            let word = without(whole, &[BREAK]);
            if word.is_empty() {
                continue;
            }
            self.content.push_str(&word);
            self.content.extend((at + 1 == words.len()).then_some(' '));
            self.content.extend(rules.is_segmented().then_some(BREAK));

            let pair = at.checked_sub(1).and_then(|before| spanning_pair(words[before], whole));
            let pair = pair.map(|pair| self.distinct.number(pair.into()));
            self.places.push(PlacedWord { word: self.distinct.number(word), weight, pair });
        }
    }
}

impl<'r> DistinctWords<'r> {
    /// The number of a word.
    fn number(&mut self, word: Cow<'r, str>) -> u32 {
        if let Some(number) = self.numbers.get(&word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.clone());
        self.numbers.insert(word, number);
        number
    }

    /// Finds out what all of them are indexed as.
    fn look_up(&self, silent: &[char], rules: &WordRules, lexicon: &Mutex<Lexicon>) -> KnownWords {
        let heard: Vec<Cow<'_, str>> = self.words.iter().map(|word| without(word, silent)).collect();
        let cores: Vec<&str> = heard.iter().map(|word| core(word)).collect();
        KnownWords::of(&cores, rules, lexicon)
    }
}

/// The words of a text that white space parts, and where each begins.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr().addr();
    text.split_whitespace().map(move |token| (token.as_ptr().addr() - start, token))
}

/// The words of fields: the number of the field, the place in it, and the word.
fn field_words(
    fields: &BTreeMap<&str, String>,
    names: &[&str],
    distinct: &mut DistinctWords<'_>,
) -> Vec<(u8, u32, u32)> {
    let mut words = Vec::new();
    for (name, value) in fields {
        let Some(field) = names.iter().position(|known| known == name) else { continue };
        for (at, word) in value.split_whitespace().enumerate() {
            words.push((field as u8, at as u32, distinct.number(word.to_owned().into())));
        }
    }
    words
}

/// Adds the places of the text's words. The weight of a word is shared by its parts.
fn push_text(places: &mut PagePlaces, words: &[PlacedWord], known: &KnownWords) {
    let mut before: &[TermUse] = &[];
    for (place, PlacedWord { word, weight, pair }) in words.iter().enumerate() {
        let uses = known.in_text(*word);
        let is_new = |pair: &&TermUse| uses.iter().all(|known| known.plain != pair.plain);
        let pair = pair.and_then(|pair| known.in_text(pair).first()).filter(is_new);

        let parts = uses.iter().filter(|found| found.is_part).count() + usize::from(pair.is_some());
        let share = (weight / u8::try_from(parts).unwrap_or(u8::MAX).max(1)).max(1);
        for TermUse { term, is_part, .. } in uses {
            places.push_in_text(*term, if *is_part { share } else { *weight }, place as u32);
        }

        // A pair is where it begins, in the word before, which may have the same one.
        if let Some(pair) = pair
            && place > 0
            && before.iter().all(|known| known.plain != pair.plain)
        {
            places.push_in_text(pair.term, share, place as u32 - 1);
        }
        before = uses;
    }
}

/// A text in one line, without white space around it and with no more than one space between two words.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = "";
    for part in text.trim().split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        if word.is_empty() {
            gap = " ";
            continue;
        }
        out.push_str(gap);
        out.push_str(word);
        // A space that is alone stays as it is, such as one at which no line breaks.
        gap = Some(&part[word.len()..]).filter(|gap| *gap != "\n").unwrap_or(" ");
    }
    out
}
