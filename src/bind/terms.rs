//! Terms: what the book's glossary defines, and where chapters use it first.
//!
//! All terms are looked for at once, by an automaton, in the text of a chapter that is in no heading, link or code.
//! What was found is taken over from the book before as long as neither the chapter nor the glossary is another. A
//! book without a glossary is not looked at.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use foldhash::{HashMap, HashSet, HashSetExt};

use super::resolve::SUGGESTIONS;
use crate::parse::glossary::Entry;
use crate::parse::{Document, Segment};
use crate::text::html::{Tag, Tags, Within, escape};
use crate::text::slug::is_unspaced;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, nearest, url};

/// A term in a chapter's text, which becomes a link to its definition.
#[derive(Clone, Debug, Hash)]
pub struct Use {
    /// The number of the segment.
    pub segment: usize,
    /// The first byte in that segment, if it is HTML.
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
pub struct Glossary<'b> {
    entries: Vec<(&'b Document, &'b Entry)>,
    /// The entry that each pattern is for.
    owners: Vec<usize>,
    matcher: AhoCorasick,
    /// The digest of all definitions and their places.
    pub digest: Digest,
}

impl<'b> Glossary<'b> {
    /// Gathers the terms; `None` if the book neither defines nor marks any.
    pub fn new(documents: &[&'b Arc<Document>], faults: &mut Vec<Diagnostic>) -> Option<Self> {
        if documents.iter().all(|document| document.entries.is_empty() && document.marked.is_empty()) {
            return None;
        }
        let mut entries: Vec<(&Document, &Entry)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::default();
        for document in documents {
            for entry in document.entries.iter().filter(|entry| !entry.term.is_empty()) {
                match known.entry(entry.term.to_lowercase()) {
                    std::collections::hash_map::Entry::Occupied(first) => {
                        let (of, first) = entries[*first.get()];
                        let line = of.source.position(first.span.start).line;
                        faults.push(
                            Diagnostic::new(
                                DiagnosticCode::DuplicateTerm,
                                format!("`{}` is defined twice", entry.term),
                            )
                            .at(&document.source, entry.span)
                            .note(format!("the first time in {}:{line}", of.source.path)),
                        );
                    }
                    std::collections::hash_map::Entry::Vacant(place) => {
                        place.insert(entries.len());
                        entries.push((document, entry));
                    }
                }
            }
        }
        let mut patterns = Vec::new();
        let mut owners = Vec::new();
        for (number, (_, entry)) in entries.iter().enumerate() {
            for form in forms(&entry.term) {
                patterns.push(escape(&form));
                owners.push(number);
            }
        }
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(patterns)
            .ok()?;
        let places: Vec<_> =
            entries.iter().map(|(document, entry)| (&document.address.path, entry)).collect();
        let digest = Digest::of_value(&places);
        Some(Glossary { entries, owners, matcher, digest })
    }

    /// The first uses in a document, and all that its author marked.
    pub fn uses(&self, document: &Document) -> Vec<Use> {
        let is_glossary = document.front.glossary;
        let mut uses = Vec::new();
        let mut seen = HashSet::new();
        let mut elements = Elements::default();
        for (segment, content) in document.segments.iter().enumerate() {
            match content {
                Segment::Term(text) => {
                    if let Some(number) = self.entry_of(text) {
                        seen.insert(number);
                        uses.push(self.use_of(document, number, segment, 0..text.len()));
                    }
                }
                Segment::Html(html) => {
                    // A term can go on in the next line.
                    let text = html.replace('\n', " ");
                    elements.texts(html, |range| {
                        if is_glossary {
                            return;
                        }
                        for found in self.matcher.find_iter(&text[range.clone()]) {
                            let at = range.start + found.start()..range.start + found.end();
                            let number = self.owners[found.pattern().as_usize()];
                            if self.fits(number, &text, &at) && seen.insert(number) {
                                uses.push(self.use_of(document, number, segment, at));
                            }
                        }
                    });
                }
                Segment::Href(_) => elements.leads = true,
                _ => {}
            }
        }
        uses
    }

    fn use_of(&self, document: &Document, number: usize, segment: usize, at: Range<usize>) -> Use {
        let (of, entry) = self.entries[number];
        let page = &document.address.path;
        let path =
            if of.address.path == *page { String::new() } else { url::relative(page, &of.address.path) };
        Use {
            segment,
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
        let term = &self.entries[number].1.term;
        let joins = |c: char| (c.is_alphanumeric() && !is_unspaced(c)) || c == '_' || c == '-';
        let found = &text[at.clone()];
        let begins = !text[..at.start].chars().next_back().is_some_and(joins);
        let ends = !text[at.end..].chars().next().is_some_and(joins);
        let is_abbreviation = !term.chars().any(char::is_lowercase);
        let unspaced = term.chars().all(is_unspaced);
        (unspaced || (begins && ends)) && (!is_abbreviation || found.starts_with(&escape(term)))
    }

    /// Finds terms that nothing uses, and marked ones that nothing defines.
    pub fn faults(&self, documents: &[&Arc<Document>], uses: &[Uses], faults: &mut Vec<Diagnostic>) {
        let used: HashSet<usize> = uses.iter().flat_map(|uses| uses.iter().map(|one| one.number)).collect();
        let unused = self.entries.iter().enumerate().filter(|(number, _)| !used.contains(number));
        faults.extend(unused.map(|(_, (document, entry))| {
            Diagnostic::new(DiagnosticCode::UnusedTerm, format!("no chapter uses `{}`", entry.term))
                .at(&document.source, entry.span)
        }));
        // Each suggestion looks at the whole glossary; the first ones show what is wrong.
        let mut suggestions = SUGGESTIONS;
        for document in documents {
            for marked in
                document.marked.iter().filter(|marked| self.entry_of(&escape(&marked.text)).is_none())
            {
                let text = &marked.text;
                let fault =
                    Diagnostic::new(DiagnosticCode::UnknownTerm, format!("no glossary defines `{text}`"))
                        .at(&document.source, marked.span);
                suggestions = suggestions.saturating_sub(1);
                let known = self.entries.iter().map(|(_, entry)| entry.term.as_str());
                faults.push(match (suggestions > 0).then(|| nearest(text, known)).flatten() {
                    Some(near) => fault.hint(format!("did you mean `{near}`?")),
                    None => fault.hint("define it in a definition list of a chapter with `glossary: true`"),
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

/// Follows the elements of a text from segment to segment.
#[derive(Default)]
struct Elements {
    within: Within,
    /// From the outermost on in which no term becomes a link: those of [`CLOSED`] and [`BLOCKS`] that are open.
    open: Vec<&'static str>,
    /// How many of each are.
    depths: HashMap<&'static str, usize>,
    /// Whether the newest `<a>` leads anywhere.
    leads: bool,
}

/// The elements in which no term becomes a link.
const CLOSED: &[&str] = &[
    "a", "abbr", "button", "code", "dfn", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "kbd", "label",
    "math", "noembed", "noframes", "pre", "samp", "script", "select", "style", "summary", "svg", "textarea",
    "title", "var", "xmp",
];

/// Those of them that are in blocks.
const INLINE: &[&str] = &["a", "abbr", "button", "code", "dfn", "kbd", "label", "math", "samp", "svg", "var"];

/// The blocks in which terms become links.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "figcaption",
    "figure",
    "footer",
    "header",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

impl Elements {
    /// Calls back for each stretch of text in which terms can be.
    fn texts(&mut self, html: &str, mut found: impl FnMut(Range<usize>)) {
        let mut tags = Tags::resumed(html, self.within);
        let mut at = 0;
        for tag in tags.by_ref() {
            if self.open.is_empty() && at < tag.range.start {
                found(at..tag.range.start);
            }
            at = tag.range.end;
            self.tag(&tag, html);
        }
        if self.open.is_empty() && at < html.len() {
            found(at..html.len());
        }
        self.within = tags.within();
    }

    /// Takes note of a tag. Authors leave elements open: they end with the block that they are in, and an `<a>` that
    /// leads nowhere, the place of an old link, with the next edge of any block.
    fn tag(&mut self, tag: &Tag<'_>, html: &str) {
        let among = |names: &[&'static str]| names.iter().copied().find(|name| tag.is(name));
        let closed = among(CLOSED);
        if self.open.is_empty() && (closed.is_none() || tag.is_end) {
            return;
        }
        let Some(name) = closed.or_else(|| among(BLOCKS)) else { return };
        let is_block = !INLINE.contains(&name);
        // There is no `<a>` within another.
        if (name == "a" || is_block && !self.leads) && self.open.pop_if(|open| *open == "a").is_some() {
            *self.depths.entry("a").or_default() -= 1;
        }
        if !tag.is_end {
            if !tag.is_self_closing && (closed.is_some() || !self.open.is_empty()) {
                self.open.push(name);
                *self.depths.entry(name).or_default() += 1;
            }
            if name == "a" {
                self.leads = html[tag.range.clone()].to_ascii_lowercase().contains("href");
            }
        } else if self.depths.get(name).is_some_and(|depth| *depth > 0)
            && let Some(start) = self.open.iter().rposition(|open| *open == name)
        {
            for closed in self.open.drain(start..) {
                *self.depths.entry(closed).or_default() -= 1;
            }
        } else if is_block {
            self.open.clear();
            self.depths.clear();
        }
    }
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

    #[test]
    fn texts_are_those_outside_of_links_and_code() {
        let found = |pieces: &[&str]| {
            let mut elements = Elements::default();
            let mut found = String::new();
            for html in pieces {
                elements.texts(html, |range| found.push_str(&html[range]));
            }
            found
        };
        let pieces = ["a <b>b</b> <a href=\"", "x\">c</a> d<code>e", "f</code>", "<article>g<h2>h</h2>"];
        assert_eq!(found(&pieces), "a b  dg");
        for (html, expected) in [
            ("<img alt=\"a > b\">c<!-- d > e -->f", "cf"),
            ("<a name=\"x\">a<p>b</p>", "b"),
            ("<p><a name=\"x\">a</p>b", "b"),
            ("<p><a name=\"x\"/>a<a name=\"x\"></a>b</p>", "ab"),
            ("<a href=\"x\"><p>a</p>b</a>c", "c"),
            ("<p><a href=\"x\">a</p>b", "b"),
            ("<p><kbd>a</p>b</kbd>c", "bc"),
            ("<ul><li><code>a<li>b</ul>c", "c"),
        ] {
            assert_eq!(found(&[html]), expected, "{html}");
        }
    }
}
