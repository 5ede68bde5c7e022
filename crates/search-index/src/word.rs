//! What a word is indexed as, by Pagefind's rules: the client applies the same to what readers type.
//!
//! A word is what white space parts, or a dictionary. It is indexed as a whole, by its letters and digits, and by its parts:
//! `HttpServer` and `http_server` as `http` and `server` too. So that the whole of `sys.is_python` is found by the name after
//! the dot, that is a part as well. Text in scripts without spaces is also indexed by pairs of its signs, because a
//! reader's browser may split it in other places.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

use super::language::WordRules;

/// All emoji, which the build script lists. Pagefind asks the same list.
static EMOJI: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!(concat!(env!("OUT_DIR"), "/emoji.txt")).lines().collect());

/// Signs that are letters of words: Unicode's connectors.
pub const CONNECTORS: [char; 10] = ['_', '‿', '⁀', '⁔', '︳', '︴', '﹍', '﹎', '﹏', '＿'];
/// What a pair begins with that spans two words, to tell it from a word.
const SPANNING: char = ' ';
/// How long the name after a dot is at most, in characters.
const LONGEST_NAME: usize = 64;
/// How long an end of a Katakana word is at most, in characters.
const LONGEST_END: usize = 16;

/// Something that a word is indexed as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordUse {
    /// The word, without accents, and its stem if the language has stems.
    pub stem: String,
    /// The word with its accents, if it has any: it is found by both, but best as it is written.
    pub accented: Option<String>,
    /// Whether it is a part, whose weight is shared with the others.
    pub is_part: bool,
}

/// All that a word is indexed as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordUses {
    /// The whole, its parts, and emoji; then names after dots, and pairs of signs.
    pub uses: Vec<WordUse>,
    /// How many of them words of fields have too: all before names and pairs.
    pub in_fields: usize,
}

impl WordUses {
    /// Finds out what a word is indexed as, or a [`spanning_pair`].
    pub fn of(word: &str, rules: &WordRules) -> Self {
        if let Some(pair) = word.strip_prefix(SPANNING) {
            return WordUses { uses: vec![WordUse::of(pair, rules, true)], in_fields: 0 };
        }

        let whole = letters(word);
        let mut uses = Vec::new();
        if !whole.is_empty() {
            uses.push(WordUse::of(&whole, rules, false));
        }

        // The ends of Katakana words, which dictionaries do not part, are not stemmed.
        uses.extend(katakana_ends(word).into_iter().map(|end| WordUse::stemmed(end, str::to_owned, true)));
        if is_compound(word) {
            if !whole.is_empty() {
                push_parts(&mut uses, word, &whole, rules);
            }
            let emoji = word.graphemes(true).filter(|sign| !sign.is_ascii() && EMOJI.contains(sign));
            uses.extend(emoji.map(|sign| WordUse { stem: sign.to_owned(), accented: None, is_part: false }));
        }

        let in_fields = uses.len();
        let mut further = names_after_dots(word);
        if is_split(word, rules) {
            further.extend(pairs(word));
        }
        let known = uses.iter().filter(|_| !further.is_empty()).map(|found| found.stem.clone());
        let mut known: HashSet<String> = known.collect();
        let further = further.iter().map(|text| WordUse::of(text, rules, true));
        uses.extend(further.filter(|found| known.insert(found.stem.clone())));
        WordUses { uses, in_fields }
    }
}

impl WordUse {
    /// A word in lower case, or a part of one.
    pub fn of(word: &str, rules: &WordRules, is_part: bool) -> Self {
        WordUse::stemmed(word, |plain| rules.stem(plain).into_owned(), is_part)
    }

    fn stemmed(word: &str, stem: impl Fn(&str) -> String, is_part: bool) -> Self {
        let plain = without_accents(word);
        let stem = stem(plain.as_deref().unwrap_or(word));
        WordUse { stem, accented: plain.map(|_| word.to_owned()), is_part }
    }
}

/// Whether dictionaries split a text, and pairs of its signs are indexed.
pub fn is_split(text: &str, rules: &WordRules) -> bool {
    rules.is_segmented() && !text.starts_with("___")
}

/// The letters and digits of a word, in lower case.
fn letters(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().filter(|c| c.is_alphanumeric() || CONNECTORS.contains(c)) {
        if c.is_uppercase() { out.extend(c.to_lowercase()) } else { out.push(c) }
    }
    out
}

/// Whether a word may have parts: it has signs, or capitals after its beginning.
fn is_compound(word: &str) -> bool {
    word.chars().any(|c| !c.is_alphanumeric()) || word.chars().skip(1).any(char::is_uppercase)
}

/// Adds the parts of a word, unless it has only one, with which the whole begins.
fn push_parts(uses: &mut Vec<WordUse>, word: &str, whole: &str, rules: &WordRules) {
    let parts = parts(word);
    if parts.len() > 1 || !parts.iter().all(|part| whole.starts_with(part)) {
        let long = parts.iter().filter(|part| part.len() > 1);
        uses.extend(long.map(|part| WordUse::of(part, rules, true)));
    }
}

/// The parts of a word in lower case: what signs of ASCII part, and what the case of letters and digits do.
fn parts(word: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for run in word.split(|c: char| c.is_ascii_punctuation()) {
        let signs: Vec<(usize, char)> =
            run.grapheme_indices(true).map(|(at, sign)| (at, shape(sign))).collect();
        let mut start = 0;
        for (at, pair) in signs.windows(2).enumerate() {
            let next = signs.get(at + 2).map_or('\0', |(_, next)| *next);
            if is_border(pair[0].1, pair[1].1, next) {
                parts.push(run[start..pair[1].0].to_lowercase());
                start = pair[1].0;
            }
        }
        parts.push(run[start..].to_lowercase());
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The character of a sign that says whether it is a capital; a digit with marks is none.
fn shape(sign: &str) -> char {
    sign.chars().next().filter(|c| !c.is_ascii_digit() || sign.len() == 1).unwrap_or('\0')
}

/// Whether a part ends between two signs. The last capital of several begins the next part, as in `HTMLElement`.
fn is_border(before: char, after: char, next: char) -> bool {
    let is_letter = |c: char| c.is_lowercase() || c.is_uppercase();
    match before {
        _ if before.is_ascii_digit() => is_letter(after),
        _ if after.is_ascii_digit() => is_letter(before),
        _ => after.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && next.is_lowercase()),
    }
}

/// What follows each dot of a word, if it has parts itself: otherwise it is a part of the word.
fn names_after_dots(word: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (dot, _) in word.match_indices('.') {
        let rest = &word[dot + 1..];
        let name = &rest[..rest.char_indices().nth(LONGEST_NAME).map_or(rest.len(), |(end, _)| end)];
        let text = if is_compound(name) { letters(name) } else { String::new() };
        if text.chars().nth(1).is_some() {
            names.push(text);
        }
    }
    names
}

/// The ends of a word in Katakana, each once, without their ends where they are long.
fn katakana_ends(word: &str) -> Vec<&str> {
    let is_katakana = |c: char| matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}');
    let signs: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    if signs.len() < 3 || !word.chars().all(is_katakana) {
        return Vec::new();
    }
    let end = |at: usize| signs.get(at + LONGEST_END).copied().unwrap_or(word.len());
    let mut known = HashSet::new();
    let ends = (1..signs.len() - 1).map(|at| &word[signs[at]..end(at)]);
    ends.filter(|end| known.insert(*end)).collect()
}

/// The pairs of neighbouring signs of a script without spaces.
fn pairs(word: &str) -> Vec<String> {
    let signs: Vec<&str> = word.graphemes(true).collect();
    let pairs = signs.windows(2).filter(|pair| pair.iter().all(|sign| is_unspaced(sign)));
    pairs.map(<[&str]>::concat).collect()
}

/// The last sign of a word and the first of the next as a word of its own, if both are of a script without spaces.
pub fn spanning_pair(before: &str, word: &str) -> Option<String> {
    let (last, first) = (before.graphemes(true).next_back()?, word.graphemes(true).next()?);
    (is_unspaced(last) && is_unspaced(first)).then(|| format!("{SPANNING}{last}{first}"))
}

/// Whether a sign is of a script that Pagefind knows to have no spaces: Han, Kana, Thai, Lao, Burmese and Khmer.
fn is_unspaced(sign: &str) -> bool {
    sign.chars().next().is_some_and(|c| {
        matches!(
            c,
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
                | '\u{20000}'..='\u{2fa1f}' | '\u{30000}'..='\u{323af}'
                | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}'
                | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        )
    })
}

/// A word without accents; none if it has none. The two marks of Kana stay: they make other letters. Hangul stays taken
/// apart into its letters, so that a syllable is found while it is being typed.
fn without_accents(word: &str) -> Option<String> {
    if word.is_ascii() || !word.chars().any(has_marks) {
        return None;
    }

    let is_voicing = |c: char| matches!(c, '\u{3099}' | '\u{309a}');
    let plain: String = word.nfd().filter(|c| !is_combining_mark(*c) || is_voicing(*c)).collect();
    let plain = if plain.contains(is_voicing) { plain.nfc().collect() } else { plain };
    (plain != word).then_some(plain)
}

/// Whether a character is a mark, or one that Unicode takes apart.
fn has_marks(c: char) -> bool {
    let mut first = None;
    decompose_canonical(c, |part| first = first.or(Some(part)));
    is_combining_mark(c) || first != Some(c)
}

/// The part of a word that decides what it is indexed as: signs of ASCII around lower-case letters do not.
pub fn core(word: &str) -> &str {
    let is_sign = |c: char| c.is_ascii_punctuation() && c != '_';
    let core = word.trim_matches(is_sign);
    // `ℹ` is a letter in lower case, and an emoji.
    let is_plain = !core.is_empty() && core.chars().all(|c| c.is_lowercase() && c != 'ℹ');
    if is_plain { core } else { word }
}

/// A word without characters that are in no word.
pub fn without<'w>(word: &'w str, silent: &[char]) -> Cow<'w, str> {
    if word.contains(silent) { word.replace(silent, "").into() } else { word.into() }
}
