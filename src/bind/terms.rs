//! Terms: what the book's glossary defines, and where chapters use it first.
//!
//! An automaton finds all terms in the prose of a chapter in one pass. The result is kept for the next edition of the
//! book, as long as neither the chapter nor the glossary has changed. A book without a glossary is not searched.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::{HashMap, HashSet, HashSetExt};

use crate::text::html::escape;
use crate::text::slug::is_unspaced;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, nearest, url};
use crate::write::document::Entry;
use crate::write::{Document, SegmentKind};

/// How many unknown terms get a suggestion, for each of which the whole glossary is searched.
const SUGGESTIONS: usize = 50;

/// A term in a chapter's text, which becomes a link to its definition.
#[derive(Clone, Debug, Hash)]
pub struct Use {
    /// Its first byte in the HTML of the body.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The number of the term in the glossary.
    pub number: usize,
    /// Where it is defined, relative to the chapter's page.
    pub url: String,
    /// The id of its place there.
    pub id: String,
    /// The definition, as HTML.
    pub definition: Arc<str>,
}

/// The terms that one chapter uses, in the order of the text.
pub type Uses = Arc<Hashed<Vec<Use>>>;

/// What a book defines.
#[derive(Debug)]
pub struct Glossary {
    definitions: Vec<GlossaryEntry>,
    /// The entry that each pattern is for.
    owners: Vec<usize>,
    matcher: AhoCorasick,
    /// The digest of all definitions and their places.
    pub digest: Digest,
}

/// A definition: an entry of a document, by its number there.
#[derive(Debug)]
struct GlossaryEntry {
    document: Arc<Document>,
    number: usize,
}

impl GlossaryEntry {
    fn entry(&self) -> &Entry {
        &self.document.entries[self.number]
    }
}

impl Glossary {
    /// Gathers the terms; `None` if the book neither defines nor marks any.
    pub fn new(documents: &[&Arc<Document>], diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        if documents.iter().all(|document| document.entries.is_empty() && document.marked.is_empty()) {
            return None;
        }

        // The definitions, of which the first of a term is taken.
        let mut definitions: Vec<GlossaryEntry> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::default();
        for document in documents {
            let entries = document.entries.iter().enumerate().filter(|(_, entry)| !entry.term.is_empty());
            for (number, entry) in entries {
                match known.entry(entry.term.to_lowercase()) {
                    std::collections::hash_map::Entry::Occupied(first) => {
                        let first = &definitions[*first.get()];
                        let source = &first.document.source;
                        let line = source.position(first.entry().span.start).line;
                        diagnostics.push(
                            Diagnostic::new(
                                DiagnosticCode::DuplicateTerm,
                                format!("`{}` is defined twice", entry.term),
                            )
                            .at(&document.source, entry.span)
                            .note(format!("the first time in {}:{line}", source.path)),
                        );
                    }
                    std::collections::hash_map::Entry::Vacant(place) => {
                        place.insert(definitions.len());
                        definitions.push(GlossaryEntry { document: Arc::clone(document), number });
                    }
                }
            }
        }

        // The matcher of all forms of all terms.
        let mut patterns = Vec::new();
        let mut owners = Vec::new();
        for (number, definition) in definitions.iter().enumerate() {
            for form in forms(&definition.entry().term) {
                patterns.push(escape(&form));
                owners.push(number);
            }
        }
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(patterns)
            .ok()?;

        let place = |definition: &GlossaryEntry| {
            Digest::of_value(&(&definition.document.address.path, definition.entry()))
        };
        let digest = Digest::of_value(&definitions.iter().map(place).collect::<Vec<_>>());
        Some(Glossary { definitions, owners, matcher, digest })
    }

    /// The first uses in a document, and all that its author marked.
    pub fn uses(&self, document: &Document) -> Vec<Use> {
        let is_glossary = document.front.glossary;
        let mut uses = Vec::new();
        let mut seen = HashSet::new();

        for segment in &document.text.segments {
            let start = segment.start as usize;
            match segment.kind {
                SegmentKind::Term(length) => {
                    let at = start..start + length as usize;
                    if let Some(number) = self.entry_of(&document.text.html[at.clone()]) {
                        seen.insert(number);
                        uses.push(self.use_of(document, number, at));
                    }
                }
                SegmentKind::Prose(length) if !is_glossary => {
                    // A term can continue in the next line.
                    let text = document.text.html[start..start + length as usize].replace('\n', " ");
                    for found in self.matcher.find_iter(&text) {
                        let number = self.owners[found.pattern().as_usize()];
                        if self.fits(number, &text, &found.range()) && seen.insert(number) {
                            let at = start + found.start()..start + found.end();
                            uses.push(self.use_of(document, number, at));
                        }
                    }
                }
                _ => {}
            }
        }
        uses
    }

    fn use_of(&self, document: &Document, number: usize, at: Range<usize>) -> Use {
        let definition = &self.definitions[number];
        let (entry, address) = (definition.entry(), &definition.document.address.path);
        let page = &document.address.path;
        let path = if address == page { String::new() } else { url::relative(page, address) };
        Use {
            start: at.start,
            end: at.end,
            number,
            url: format!("{path}#{}", url::encode_authored(&entry.id)),
            id: entry.id.clone(),
            definition: entry.definition.as_str().into(),
        }
    }

    /// The entry of a text that is a term as a whole.
    fn entry_of(&self, text: &str) -> Option<usize> {
        let found = self.matcher.find(text).filter(|found| found.range() == (0..text.len()))?;
        Some(self.owners[found.pattern().as_usize()])
    }

    /// Whether what was found is a word of its own, and written as an abbreviation is if the term is one.
    fn fits(&self, number: usize, text: &str, at: &Range<usize>) -> bool {
        let term = &self.definitions[number].entry().term;
        let joins = |c: char| (c.is_alphanumeric() && !is_unspaced(c)) || c == '_' || c == '-';
        let found = &text[at.clone()];
        let begins = !text[..at.start].chars().next_back().is_some_and(joins);
        let ends = !text[at.end..].chars().next().is_some_and(joins);
        let is_abbreviation = !term.chars().any(char::is_lowercase);
        let unspaced = term.chars().all(is_unspaced);
        (unspaced || (begins && ends)) && (!is_abbreviation || found.starts_with(&escape(term)))
    }

    /// Finds terms that nothing uses, and marked ones that nothing defines.
    pub fn report(&self, documents: &[&Arc<Document>], uses: &[Uses], diagnostics: &mut Vec<Diagnostic>) {
        let used: HashSet<usize> = uses.iter().flat_map(|uses| uses.iter().map(|one| one.number)).collect();
        let unused = self.definitions.iter().enumerate().filter(|(number, _)| !used.contains(number));
        diagnostics.extend(unused.map(|(_, definition)| {
            let entry = definition.entry();
            Diagnostic::new(DiagnosticCode::UnusedTerm, format!("no chapter uses `{}`", entry.term))
                .at(&definition.document.source, entry.span)
        }));

        // Each suggestion looks at the whole glossary; the first ones show what is wrong.
        let mut suggestions = SUGGESTIONS;
        for document in documents {
            for marked in
                document.marked.iter().filter(|marked| self.entry_of(&escape(&marked.text)).is_none())
            {
                let text = &marked.text;
                let diagnostic =
                    Diagnostic::new(DiagnosticCode::UnknownTerm, format!("no glossary defines `{text}`"))
                        .at(&document.source, marked.span);

                suggestions = suggestions.saturating_sub(1);
                let known = self.definitions.iter().map(|definition| definition.entry().term.as_str());
                diagnostics.push(match (suggestions > 0).then(|| nearest(text, known)).flatten() {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => {
                        diagnostic.hint("define it in a definition list of a chapter with `glossary: true`")
                    }
                });
            }
        }
    }
}

/// A term and its simple plurals.
fn forms(term: &str) -> Vec<String> {
    let mut forms = vec![term.to_owned()];
    let lower = term.to_lowercase();
    if term.ends_with(|c: char| c.is_ascii_alphabetic()) {
        forms.push(format!("{term}s"));
        if ["s", "x", "z", "ch", "sh"].iter().any(|end| lower.ends_with(end)) {
            forms.push(format!("{term}es"));
        }
        if let Some(stem) = term.strip_suffix('y') {
            forms.push(format!("{stem}ies"));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals() {
        assert_eq!(forms("proxy"), ["proxy", "proxys", "proxies"]);
        assert_eq!(forms("Box"), ["Box", "Boxs", "Boxes"]);
        assert_eq!(forms("C++"), ["C++"]);
    }
}
