//! A chapter's text as a tree: [`Block`]s, which hold other blocks or [`Inline`]s, each with its span in the chapter.
//!
//! [`markdown`](super::markdown) builds it from the parser's events. Whatever bindery adds to Markdown (TODO sections,
//! notes, marks, placeholders, terms) is a node of its own, which a later pass puts in the place of others. Passes
//! work on lists of children: [`for_each_list`](super::visit::for_each_list)
//! visits the lists of blocks, [`for_each_text`](super::visit::for_each_text) those of inlines.

use super::image::ImageAttributes;
use pulldown_cmark::{Alignment, BlockQuoteKind, CowStr, LinkType};

use super::gathered::Gathered;
use super::info::Info;
use crate::text::Span;

/// The inline content of a block or of another inline.
pub type Text<'a> = Vec<Inline<'a>>;

/// A block and where it is.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// What it is.
    pub kind: BlockKind<'a>,
    /// The text that made it.
    pub span: Span,
}

/// What a block is.
#[derive(Clone, Debug)]
pub enum BlockKind<'a> {
    /// A paragraph.
    Paragraph(Text<'a>),
    /// Text that is not wrapped in a paragraph: in an item of a tight list, or in a definition.
    Tight(Text<'a>),
    /// A heading.
    Heading(Box<Heading<'a>>),
    /// A quote, or an alert of GitHub's.
    Quote(Option<BlockQuoteKind>, Vec<Block<'a>>),
    /// A code block.
    Code(Box<Code>),
    /// Raw HTML: its lines, and the placeholders among them.
    Html(Text<'a>),
    /// A list.
    List(List<'a>),
    /// The definition of a footnote.
    Footnote(CowStr<'a>, Vec<Block<'a>>),
    /// A definition list.
    Definitions(Vec<Definition<'a>>),
    /// A table.
    Table(Box<Table<'a>>),
    /// A thematic break.
    Rule,
    /// A TODO section: its title, a paragraph or heading, and what is to do.
    Todo(Vec<Block<'a>>),
    /// A note of the author's: one paragraph for each question.
    Note(Vec<Block<'a>>),
}

/// A heading.
#[derive(Clone, Debug, Default)]
pub struct Heading<'a> {
    /// The level, 1 to 6.
    pub level: u8,
    /// The id; until the [`outline`](super::heading::outline) is made, only the one that the author gave it.
    pub id: Option<String>,
    /// Ids that it had before, for links from elsewhere.
    pub old_ids: Vec<&'a str>,
    /// The author's classes.
    pub classes: Vec<&'a str>,
    /// Other attributes that the author gave it.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// The text.
    pub text: Text<'a>,
}

/// A code block.
#[derive(Clone, Debug)]
pub struct Code {
    /// What the info string of a fenced block says; `None` for an indented block.
    pub info: Option<Info>,
    /// The code. Where its lines come from is kept for indented blocks only.
    pub text: Gathered,
}

/// A list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// The first number of an ordered list.
    pub first: Option<u64>,
    /// The items.
    pub items: Vec<Item<'a>>,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// What it holds.
    pub blocks: Vec<Block<'a>>,
    /// The text that made it.
    pub span: Span,
}

/// A part of a definition list.
#[derive(Clone, Debug)]
pub enum Definition<'a> {
    /// A term.
    Term(Term<'a>),
    /// What the terms above it mean, and the text that made it, from its colon on.
    Meaning(Vec<Block<'a>>, Span),
}

/// A term in a definition list.
#[derive(Clone, Debug)]
pub struct Term<'a> {
    /// The term.
    pub text: Text<'a>,
    /// The text that made it.
    pub span: Span,
    /// Its id, if the chapter is a glossary.
    pub id: Option<String>,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// How each column is aligned.
    pub alignments: Vec<Alignment>,
    /// The first row.
    pub head: Row<'a>,
    /// The other rows.
    pub rows: Vec<Row<'a>>,
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub struct Row<'a> {
    /// The cells.
    pub cells: Vec<Cell<'a>>,
    /// The text that made it.
    pub span: Span,
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub struct Cell<'a> {
    /// The text.
    pub text: Text<'a>,
    /// The text that made it.
    pub span: Span,
}

/// A piece of inline content and where it is.
#[derive(Clone, Debug)]
pub struct Inline<'a> {
    /// What it is.
    pub kind: InlineKind<'a>,
    /// The text that made it.
    pub span: Span,
}

/// What a piece of inline content is.
#[derive(Clone, Debug)]
pub enum InlineKind<'a> {
    /// Text.
    Text(CowStr<'a>),
    /// Code.
    Code(CowStr<'a>),
    /// A formula, on a line of its own if the flag says so.
    Math(CowStr<'a>, MathStyle),
    /// A tag, a comment, or a line of an HTML block.
    Html(CowStr<'a>),
    /// The end of a line in the chapter.
    SoftBreak,
    /// The end of a line on the page.
    HardBreak,
    /// A reference to the footnote of this label.
    FootnoteReference(CowStr<'a>),
    /// The box of a task, ticked or not.
    TaskMarker(bool),
    /// A placeholder that the book declares, by its name.
    Placeholder(String),
    /// A term that the author marked, as plain text.
    MarkedTerm(String),
    /// Text that is emphasised, struck out or marked.
    Styled(Style, Text<'a>),
    /// A link.
    Link(Box<LinkTarget<'a>>, LinkType, Text<'a>),
    /// An image, with its description.
    Image(Box<LinkTarget<'a>>, Text<'a>),
}

/// Where a formula is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathStyle {
    /// Within a text.
    Inline,
    /// On a line of its own.
    Display,
}

/// How a text is set apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `*text*`
    Emphasis,
    /// `**text**`
    Strong,
    /// `~~text~~`
    Strikethrough,
    /// `==text==`
    Mark,
}

/// Where a link or an image leads.
#[derive(Clone, Debug)]
pub struct LinkTarget<'a> {
    /// The destination, escapes taken off.
    pub destination: CowStr<'a>,
    /// The title; empty if there is none.
    pub title: CowStr<'a>,
    /// The attributes in braces after an image.
    pub attributes: ImageAttributes<'a>,
}

/// What a node holds.
pub enum Children<'t, 'a> {
    /// Blocks.
    Blocks(&'t [Block<'a>]),
    /// Inline content.
    Text(&'t [Inline<'a>]),
}

/// What a node holds, to be changed.
pub enum ChildrenMut<'t, 'a> {
    /// Blocks.
    Blocks(&'t mut Vec<Block<'a>>),
    /// Inline content.
    Text(&'t mut Text<'a>),
}

impl<'a> Block<'a> {
    /// Makes a block.
    pub fn new(kind: BlockKind<'a>, span: Span) -> Self {
        Block { kind, span }
    }

    /// Visits the lists of blocks and inlines that the block holds, in order.
    pub fn children(&self, visit: &mut dyn FnMut(Children<'_, 'a>)) {
        match &self.kind {
            BlockKind::Paragraph(text) | BlockKind::Tight(text) | BlockKind::Html(text) => {
                visit(Children::Text(text));
            }
            BlockKind::Heading(heading) => visit(Children::Text(&heading.text)),
            BlockKind::Quote(_, blocks) | BlockKind::Footnote(_, blocks) => visit(Children::Blocks(blocks)),
            BlockKind::Todo(blocks) | BlockKind::Note(blocks) => visit(Children::Blocks(blocks)),
            BlockKind::List(list) => {
                list.items.iter().for_each(|item| visit(Children::Blocks(&item.blocks)));
            }
            BlockKind::Definitions(parts) => parts.iter().for_each(|part| match part {
                Definition::Term(term) => visit(Children::Text(&term.text)),
                Definition::Meaning(blocks, _) => visit(Children::Blocks(blocks)),
            }),
            BlockKind::Table(table) => {
                let cells = table.head.cells.iter().chain(table.rows.iter().flat_map(|row| &row.cells));
                cells.for_each(|cell| visit(Children::Text(&cell.text)));
            }
            BlockKind::Code(_) | BlockKind::Rule => {}
        }
    }

    /// Visits the same lists to change them.
    pub fn children_mut(&mut self, visit: &mut dyn FnMut(ChildrenMut<'_, 'a>)) {
        match &mut self.kind {
            BlockKind::Paragraph(text) | BlockKind::Tight(text) | BlockKind::Html(text) => {
                visit(ChildrenMut::Text(text));
            }
            BlockKind::Heading(heading) => visit(ChildrenMut::Text(&mut heading.text)),
            BlockKind::Quote(_, blocks) | BlockKind::Footnote(_, blocks) => {
                visit(ChildrenMut::Blocks(blocks));
            }
            BlockKind::Todo(blocks) | BlockKind::Note(blocks) => visit(ChildrenMut::Blocks(blocks)),
            BlockKind::List(list) => {
                list.items.iter_mut().for_each(|item| visit(ChildrenMut::Blocks(&mut item.blocks)));
            }
            BlockKind::Definitions(parts) => parts.iter_mut().for_each(|part| match part {
                Definition::Term(term) => visit(ChildrenMut::Text(&mut term.text)),
                Definition::Meaning(blocks, _) => visit(ChildrenMut::Blocks(blocks)),
            }),
            BlockKind::Table(table) => {
                let rows = table.rows.iter_mut().flat_map(|row| &mut row.cells);
                table.head.cells.iter_mut().chain(rows).for_each(|cell| {
                    visit(ChildrenMut::Text(&mut cell.text));
                });
            }
            BlockKind::Code(_) | BlockKind::Rule => {}
        }
    }
}

impl<'a> Inline<'a> {
    /// Makes a piece of inline content.
    pub fn new(kind: InlineKind<'a>, span: Span) -> Self {
        Inline { kind, span }
    }

    /// The inline content that it holds.
    pub fn content(&self) -> Option<&Text<'a>> {
        match &self.kind {
            InlineKind::Styled(_, text) | InlineKind::Link(_, _, text) | InlineKind::Image(_, text) => {
                Some(text)
            }
            _ => None,
        }
    }

    /// The inline content that it holds, to be changed.
    pub fn content_mut(&mut self) -> Option<&mut Text<'a>> {
        match &mut self.kind {
            InlineKind::Styled(_, text) | InlineKind::Link(_, _, text) | InlineKind::Image(_, text) => {
                Some(text)
            }
            _ => None,
        }
    }

    /// Whether it ends a line.
    pub fn is_break(&self) -> bool {
        matches!(self.kind, InlineKind::SoftBreak | InlineKind::HardBreak)
    }
}

impl Item<'_> {
    /// Whether its task is done, if it is one.
    pub fn task(&self) -> Option<bool> {
        let (BlockKind::Paragraph(text) | BlockKind::Tight(text)) = &self.blocks.first()?.kind else {
            return None;
        };
        match text.first()?.kind {
            InlineKind::TaskMarker(is_done) => Some(is_done),
            _ => None,
        }
    }
}
