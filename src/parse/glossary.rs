//! The terms that a chapter with `glossary: true` defines, which stand in its definition lists; and those that any
//! chapter marks.

use foldhash::{HashSet, HashSetExt};
use memchr::memmem;
use pulldown_cmark::{Event, Tag, TagEnd};

use super::heading::Phrase;
use super::items::{Item, ItemKind, is_inline_tag};
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
    /// The text, plain.
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

/// What stands behind the brackets of a marked term.
const MARK: &str = "{.term}";

/// Finds the terms that the author marked, `[term]{.term}`, in the inline content of every block.
pub fn find_marked(items: &mut Vec<Item<'_>>, text: &str) {
    let ends = [b"]", MARK.as_bytes()].concat();
    if memmem::find(text.as_bytes(), &ends).is_none() {
        return;
    }
    let room = Vec::with_capacity(items.len());
    let mut rest = std::mem::replace(items, room).into_iter().peekable();
    // Where the nearest bracket stands that is open.
    let mut open = None;
    let mut in_code = false;
    while let Some(item) = rest.next() {
        match item.markdown() {
            Some(Event::Start(Tag::CodeBlock(_))) => in_code = true,
            Some(Event::End(TagEnd::CodeBlock)) => in_code = false,
            _ => {}
        }
        match sign(&item) {
            Some("[") if !in_code && !is_escaped(&item, items.last(), text) => open = Some(items.len()),
            Some("]") => {
                if let Some((start, term)) = open.take().and_then(|at| Some((at, plain(&items[at + 1..])?)))
                    && rest.peek_mut().is_some_and(|next| take_mark(next, item.span.end))
                {
                    let span = Span::new(items[start].span.start, item.span.end + MARK.len());
                    items.truncate(start);
                    items.push(Item::new(ItemKind::Term(term), span));
                    continue;
                }
            }
            _ if !item.is_inline() => open = None,
            _ => {}
        }
        items.push(item);
    }
}

/// A piece of text: the parser gives each bracket that is no link's as one.
fn sign<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    match item.markdown() {
        Some(Event::Text(text)) => Some(text),
        _ => None,
    }
}

/// Whether a backslash stands before an item, and is no text itself.
fn is_escaped(item: &Item<'_>, before: Option<&Item<'_>>, text: &str) -> bool {
    let start = item.span.start;
    let is_text = before.is_some_and(|before| before.span.end == start);
    !is_text && text.get(..start).is_some_and(|text| text.ends_with('\\'))
}

/// Inline content as text alone; `None` if it is not whole, if there is none, or if it is more than text and its
/// emphasis.
fn plain(items: &[Item<'_>]) -> Option<String> {
    let is_emphasis = |tag: &TagEnd| is_inline_tag(tag) && !matches!(tag, TagEnd::Link | TagEnd::Image);
    let (mut text, mut open) = (String::new(), 0_usize);
    for item in items {
        match &item.event {
            ItemKind::Markdown(Event::Text(piece) | Event::Code(piece)) => text.push_str(piece),
            ItemKind::Markdown(Event::SoftBreak) => text.push(' '),
            ItemKind::Markdown(Event::Start(tag)) if is_emphasis(&tag.to_end()) => open += 1,
            ItemKind::Markdown(Event::End(tag)) if is_emphasis(tag) => open = open.checked_sub(1)?,
            ItemKind::MarkStart => open += 1,
            ItemKind::MarkEnd => open = open.checked_sub(1)?,
            _ => return None,
        }
    }
    (open == 0 && !text.trim().is_empty()).then_some(text)
}

/// Takes the mark off the beginning of the text behind a bracket, if it is there.
fn take_mark(behind: &mut Item<'_>, bracket: usize) -> bool {
    let ItemKind::Markdown(Event::Text(text)) = &mut behind.event else { return false };
    let Some(rest) = text.strip_prefix(MARK).filter(|_| behind.span.start == bracket) else { return false };
    *text = rest.to_owned().into();
    behind.span.start += MARK.len();
    true
}
