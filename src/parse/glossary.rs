//! The terms that a chapter with `glossary: true` defines: what stands in its definition lists.

use foldhash::{HashSet, HashSetExt};
use pulldown_cmark::{Event, Tag, TagEnd};

use super::heading::Phrase;
use super::items::Item;
use crate::text::{Span, slug};

/// A term and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The term, as plain text.
    pub term: String,
    /// The id of its place.
    pub id: String,
    /// The definition as HTML, without links.
    pub definition: String,
    /// Where it is defined.
    pub span: Span,
}

/// A term that the author marked in the text: `[term]{.term}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Marked {
    /// The text, as HTML without elements.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Takes the terms of all definition lists, in order; one for each title in them.
pub fn entries(items: &[Item<'_>]) -> Vec<Entry> {
    let mut ids = HashSet::new();
    let mut entries = Vec::new();
    let titles = items.iter().enumerate().filter(|(_, item)| starts(item, &Tag::DefinitionListTitle));
    for (at, title) in titles {
        let (term, rest) = phrase(&items[at + 1..], TagEnd::DefinitionListTitle);
        let definition = rest.iter().position(|item| starts(item, &Tag::DefinitionListDefinition));
        let (definition, _) = match definition {
            Some(at) => phrase(&rest[at + 1..], TagEnd::DefinitionListDefinition),
            None => (Phrase::default(), rest),
        };
        let term = term.text.trim().to_owned();
        let slug = format!("term-{}", slug::anchor(&term));
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let id = std::iter::once(slug.clone()).chain(numbered).find(|id| ids.insert(id.clone()));
        let definition = definition.html.trim().to_owned();
        entries.push(Entry { term, id: id.unwrap_or_default(), definition, span: title.span });
    }
    entries
}

fn starts(item: &Item<'_>, tag: &Tag<'_>) -> bool {
    matches!(item.markdown(), Some(Event::Start(start)) if start == tag)
}

/// The inline content up to an end, without blocks of code, and the items behind it.
fn phrase<'i, 'a>(items: &'i [Item<'a>], end: TagEnd) -> (Phrase, &'i [Item<'a>]) {
    let mut phrase = Phrase::default();
    let mut in_code = false;
    for (at, item) in items.iter().enumerate() {
        match item.markdown() {
            Some(Event::End(tag)) if *tag == end => return (phrase, &items[at + 1..]),
            Some(Event::Start(Tag::CodeBlock(_))) => in_code = true,
            Some(Event::End(TagEnd::CodeBlock)) => in_code = false,
            _ if in_code => {}
            // Blocks of one definition follow one another.
            Some(Event::Start(Tag::Paragraph | Tag::Item)) if !phrase.html.is_empty() => {
                phrase.html.push(' ')
            }
            _ => phrase.push(&item.event),
        }
    }
    (phrase, &[])
}
