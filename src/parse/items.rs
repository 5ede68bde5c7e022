//! Markdown as a list of [`Item`]s: the parser's events with their places in the chapter, and around
//! some of them what the author meant beyond Markdown (a TODO list, a note, a mark).

use pulldown_cmark::{Event, Options as Markdown, TagEnd};

use super::Options;
use crate::text::Span;

/// An event and where it stands in the chapter.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// What it is.
    pub event: ItemKind<'a>,
    /// Where the text that made it stands.
    pub span: Span,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind<'a> {
    /// Markdown, as the parser reports it.
    Markdown(Event<'a>),
    /// `==` opens.
    MarkStart,
    /// `==` closes.
    MarkEnd,
    /// A TODO section begins.
    TodoStart,
    /// A TODO section ends.
    TodoEnd,
    /// A note of the author's begins.
    NoteStart,
    /// A note of the author's ends.
    NoteEnd,
    /// A placeholder that the book declares, by its name.
    Placeholder(String),
    /// A term that the author marked, as plain text.
    Term(String),
}

impl<'a> Item<'a> {
    /// Makes an item.
    pub fn new(event: ItemKind<'a>, span: Span) -> Self {
        Item { event, span }
    }

    /// The Markdown event, if it is one.
    pub fn markdown(&self) -> Option<&Event<'a>> {
        match &self.event {
            ItemKind::Markdown(event) => Some(event),
            _ => None,
        }
    }

    /// Whether it is inline: all but the edges of blocks and the lines of HTML blocks.
    pub fn is_inline(&self) -> bool {
        use ItemKind::{NoteEnd, NoteStart, TodoEnd, TodoStart};
        match &self.event {
            ItemKind::Markdown(Event::Start(tag)) => is_inline_tag(&tag.to_end()),
            ItemKind::Markdown(Event::End(tag)) => is_inline_tag(tag),
            ItemKind::Markdown(Event::Html(_) | Event::Rule) => false,
            TodoStart | TodoEnd | NoteStart | NoteEnd => false,
            _ => true,
        }
    }
}

/// Whether an element is inline.
pub fn is_inline_tag(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// The Markdown that the parser reads: CommonMark and GitHub's extensions, definition lists, and math if the book
/// says so.
pub fn dialect(options: &Options) -> Markdown {
    let math = if options.math { Markdown::ENABLE_MATH } else { Markdown::empty() };
    math | Markdown::ENABLE_TABLES
        | Markdown::ENABLE_FOOTNOTES
        | Markdown::ENABLE_STRIKETHROUGH
        | Markdown::ENABLE_TASKLISTS
        | Markdown::ENABLE_GFM
        | Markdown::ENABLE_DEFINITION_LIST
}
