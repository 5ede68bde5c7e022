//! The words of the interface, in the book's language.
//!
//! A theme has a file of them for each language, `words/LANGUAGE.yaml`: groups of words, and a word is a text or
//! has a form for each plural category. For `de-AT`, English is taken first, then `de`, then `de-AT`, each from
//! the last ancestor of the theme to the theme itself; what comes later replaces single words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use serde::Serialize;
use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::text::yaml::{YamlReader, YamlTable};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, nearest};
use crate::write::markup::Wording;

/// The folder of a theme's words.
pub const FOLDER: &str = "words";
/// The language that has every word.
const ENGLISH: &str = "en";
/// The group of a theme's own words, which no other theme knows.
const OWN: &str = "theme";
/// The form that every word has.
const OTHER: &str = "other";

/// The words of one language.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct InterfaceWords {
    groups: BTreeMap<String, BTreeMap<String, Word>>,
    /// The language, as a BCP 47 tag.
    #[serde(skip)]
    pub language: String,
    /// How the language counts.
    #[serde(skip)]
    pub plural: Plural,
}

impl Hash for InterfaceWords {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.groups, &self.language).hash(state);
    }
}

/// A word, with `{name}` in place of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
enum Word {
    Plain(String),
    /// By plural category.
    Counted(BTreeMap<&'static str, String>),
}

impl Word {
    /// Reads a word with its forms by plural category; `None` if it lacks the form that every word has.
    fn read(reader: &mut YamlReader<'_>, mut forms: YamlTable) -> Option<Word> {
        let mut found = BTreeMap::new();
        for category in CATEGORIES {
            let form = reader.take_text(&mut forms, category);
            found.extend(form.map(|form| (category, form)));
        }
        reader.deny_rest(forms);

        let other = found.remove(OTHER)?;
        if found.is_empty() {
            return Some(Word::Plain(other));
        }
        found.insert(OTHER, other);
        Some(Word::Counted(found))
    }
}

/// The plural categories of the [CLDR](https://cldr.unicode.org/index/cldr-spec/plural-rules).
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", OTHER];

/// How a language counts.
#[derive(Clone)]
pub struct Plural(Option<PluralRules>);

impl fmt::Debug for Plural {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Plural").field(&self.0.as_ref().map(PluralRules::get_locale)).finish()
    }
}

impl Plural {
    fn of(tag: &LanguageIdentifier) -> Self {
        let language = LanguageIdentifier::from_parts(tag.language, None, None, &[]);
        let rules =
            |tag: &LanguageIdentifier| PluralRules::create(tag.clone(), PluralRuleType::CARDINAL).ok();
        Plural(rules(tag).or_else(|| rules(&language)))
    }

    /// The category of a number.
    pub fn category(&self, number: usize) -> &'static str {
        let category = self.0.as_ref().and_then(|rules| rules.select(number).ok());
        match category.unwrap_or(PluralCategory::OTHER) {
            PluralCategory::ZERO => "zero",
            PluralCategory::ONE => "one",
            PluralCategory::TWO => "two",
            PluralCategory::FEW => "few",
            PluralCategory::MANY => "many",
            PluralCategory::OTHER => OTHER,
        }
    }
}

impl InterfaceWords {
    /// Reads the words of a language. `files` finds the files of a name, those of the last ancestor first.
    pub fn read(
        language: &str,
        files: impl Fn(&str) -> Vec<Arc<Source>>,
    ) -> (InterfaceWords, Vec<Diagnostic>) {
        let mut words = InterfaceWords {
            groups: BTreeMap::new(),
            language: language.to_owned(),
            plural: Plural::of(&language.parse().unwrap_or_default()),
        };

        let mut diagnostics = Vec::new();
        let mut known = None;
        for tag in fallbacks(language) {
            for source in files(&format!("{FOLDER}/{tag}.yaml")) {
                words.add(&source, known.as_ref(), &mut diagnostics);
                // The first file, the embedded theme's English, has all words.
                known.get_or_insert_with(|| words.names());
            }
        }
        (words, diagnostics)
    }

    fn names(&self) -> BTreeSet<(String, String)> {
        let names = |(group, words): (&String, &BTreeMap<String, Word>)| {
            words.keys().map(|name| (group.clone(), name.clone())).collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(names).collect()
    }

    /// Adds the words of a file, of which only those in `known` and a theme's own are taken.
    fn add(
        &mut self,
        source: &Arc<Source>,
        known: Option<&BTreeSet<(String, String)>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let (mut reader, mut top) = YamlReader::new(source, Span::new(0, source.text.len()));
        for (group, mut table) in reader.named(&mut top, OTHER) {
            for (name, forms) in reader.named(&mut table, OTHER) {
                let key = (group.clone(), name);
                match known.filter(|known| group != OWN && !known.contains(&key)) {
                    Some(known) => reader.warn(&forms, unknown_word(&key, known)),
                    None => {
                        let word = Word::read(&mut reader, forms);
                        self.groups.entry(key.0).or_default().extend(word.map(|word| (key.1, word)));
                    }
                }
            }
        }
        diagnostics.extend(reader.finish());
    }

    /// A word; an empty text if no theme has it.
    pub fn get(&self, group: &str, name: &str) -> &str {
        match self.groups.get(group).and_then(|words| words.get(name)) {
            Some(Word::Plain(text)) => text,
            Some(Word::Counted(forms)) => forms.get(OTHER).map_or("", String::as_str),
            None => "",
        }
    }

    /// A word with a number in it, in the form for that number.
    pub fn counted(&self, group: &str, name: &str, count: usize) -> String {
        let form = match self.groups.get(group).and_then(|words| words.get(name)) {
            Some(Word::Counted(forms)) => forms.get(self.plural.category(count)),
            _ => None,
        };
        fill(form.map_or_else(|| self.get(group, name), String::as_str), "count", &count)
    }

    /// A word with a value in it.
    pub fn with(&self, group: &str, word: &str, name: &str, value: &str) -> String {
        fill(self.get(group, word), name, &value)
    }

    /// The text of a wording in a chapter's body.
    pub fn wording(&self, wording: &Wording) -> String {
        let (name, values) = match wording {
            Wording::Named(name) => return self.get("text", name).to_owned(),
            Wording::Progress { done, total } => ("progress", [("done", done), ("total", total)]),
            Wording::FootnoteBack { nth, number } => ("footnote_back", [("nth", nth), ("number", number)]),
        };
        values.iter().fold(self.get("text", name).to_owned(), |text, (name, value)| fill(&text, name, value))
    }

    /// A day, as people write it.
    pub fn day(&self, (year, month, day): (i16, i8, i8)) -> String {
        let form = self.get("date", if day == 1 { "first" } else { "form" });
        let month = self.get("months", &month.to_string());
        fill(&fill(&fill(form, "year", &year), "month", &month), "day", &day)
    }

    /// The words that scripts put on the page, as JSON.
    pub fn for_scripts(&self) -> String {
        let groups: BTreeMap<_, _> = self
            .groups
            .iter()
            .filter(|(name, _)| ["scripts", "search", OWN].contains(&name.as_str()))
            .collect();
        serde_json::to_string(&groups).expect("strings by strings are always JSON")
    }
}

/// Replaces the name of a value in a word by the value.
pub fn fill(word: &str, name: &str, value: &impl ToString) -> String {
    word.replace(&format!("{{{name}}}"), &value.to_string())
}

/// The direction of a language's script, as HTML's `dir` says it.
pub fn direction(language: &str) -> &'static str {
    match language.parse::<LanguageIdentifier>().unwrap_or_default().character_direction() {
        CharacterDirection::RTL => "rtl",
        _ => "ltr",
    }
}

/// The languages whose words are used for a language, the last resort first: `en`, `de`, `de-AT`.
fn fallbacks(language: &str) -> Vec<&str> {
    let ends = language.match_indices('-').map(|(at, _)| at).chain([language.len()]);
    let own = ends.map(|end| &language[..end]).filter(|tag| *tag != ENGLISH);
    [ENGLISH].into_iter().chain(own).collect()
}

/// The diagnostic for a word that the interface does not have.
fn unknown_word((group, name): &(String, String), known: &BTreeSet<(String, String)>) -> Diagnostic {
    let names: Vec<String> = known.iter().map(|(group, name)| format!("{group}.{name}")).collect();
    let near = nearest(&format!("{group}.{name}"), names.iter().map(String::as_str));

    let message = format!("the interface has no word `{group}.{name}`");
    Diagnostic::new(DiagnosticCode::UnknownInterfaceWord, message).hint(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("put words of your own templates into the group `{OWN}`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_falls_back() {
        assert_eq!(fallbacks("en"), ["en"]);
        assert_eq!(fallbacks("en-GB"), ["en", "en-GB"]);
        assert_eq!(fallbacks("zh-Hant-TW"), ["en", "zh", "zh-Hant", "zh-Hant-TW"]);
    }

    #[test]
    fn directions() {
        for tag in ["ar", "he", "fa-IR", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "az-Arab"] {
            assert_eq!(direction(tag), "rtl", "{tag}");
        }
        for tag in ["en", "de-AT", "ja", "az", "ar-Latn", "nonsense"] {
            assert_eq!(direction(tag), "ltr", "{tag}");
        }
    }

    #[test]
    fn languages_count_differently() {
        let category = |tag: &str, number| Plural::of(&tag.parse().expect("a tag")).category(number);
        assert_eq!((category("en-GB", 1), category("en-GB", 0)), ("one", OTHER));
        assert_eq!((category("fr", 0), category("ja", 1)), ("one", OTHER));
        assert_eq!((category("ar", 2), category("ar", 5), category("ar", 11)), ("two", "few", "many"));
    }
}
