//! Builds a [`tree`](super::tree) from the events of the Markdown parser: [`build`] is the entry point.
//!
//! Where the parser's text differs from the specification, it is corrected on its way.

use memchr::memchr;
use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, Tag};

use super::attributes;
use super::gathered::Gathered;
use super::image::ImageAttributes;
use super::info::Info;
use super::tree::{
    Block, BlockKind, Cell, Code, Definition, Heading, Inline, InlineKind, Item, LinkTarget, List, MathStyle,
    Row, Style, Table, Term, Text,
};
use crate::text::Span;
use crate::text::source::shown;

/// How deep blocks or inlines can be nested. The tree is walked by functions that call themselves; browsers, too, stop
/// nesting at 512 elements.
pub const MOST_LEVELS: usize = 500;

/// A tree, and what was seen while it was built.
pub struct Built<'a> {
    /// The tree.
    pub blocks: Vec<Block<'a>>,
    /// Whether there are indented code blocks or raw HTML, which may be something else.
    pub has_suspects: bool,
    /// Whether there are definition lists.
    pub has_definitions: bool,
    /// The labels of the footnotes that are defined.
    pub footnotes: Vec<CowStr<'a>>,
    /// The first element that was nested too deeply.
    pub too_deep: Option<Span>,
}

/// Builds a tree from events whose spans are places in the chapter.
pub fn build<'a>(events: impl Iterator<Item = (Event<'a>, Span)>, chapter: &'a str) -> Built<'a> {
    let mut builder = Builder {
        events,
        chapter,
        text: Vec::new(),
        depth: 0,
        has_suspects: false,
        has_definitions: false,
        footnotes: Vec::new(),
        too_deep: None,
    };
    let blocks = builder.blocks();
    Built {
        blocks,
        has_suspects: builder.has_suspects,
        has_definitions: builder.has_definitions,
        footnotes: builder.footnotes,
        too_deep: builder.too_deep,
    }
}

/// Builds a tree by recursive descent: each method reads up to the end of what it builds.
struct Builder<'a, I> {
    events: I,
    chapter: &'a str,
    /// The inline content of all texts that are open, one after another.
    text: Text<'a>,
    /// How deep the current list of blocks or inlines is nested.
    depth: usize,
    has_suspects: bool,
    has_definitions: bool,
    footnotes: Vec<CowStr<'a>>,
    too_deep: Option<Span>,
}

impl<'a, I: Iterator<Item = (Event<'a>, Span)>> Builder<'a, I> {
    /// Reads blocks up to the end of what they are in.
    fn blocks(&mut self) -> Vec<Block<'a>> {
        let mut blocks = Vec::new();
        let text_start = self.text.len();
        // Containers that would be nested too deeply are left out; what they hold is put here.
        let mut left_out = 0_usize;
        self.depth += 1;

        while let Some((event, span)) = self.events.next() {
            let is_edge = match &event {
                Event::Start(tag) => !is_inline(tag),
                Event::End(_) | Event::Rule => true,
                _ => false,
            };
            if !is_edge {
                self.inline(event, span);
                continue;
            }

            self.end_tight_text(text_start, &mut blocks);
            match event {
                Event::Start(tag) if self.depth >= MOST_LEVELS && holds_blocks(&tag) => {
                    self.too_deep.get_or_insert(span);
                    left_out += 1;
                }
                Event::Start(tag) => blocks.extend(self.block(tag, span)),
                Event::Rule => blocks.push(Block::new(BlockKind::Rule, span)),
                _ if left_out > 0 => left_out -= 1,
                _ => break,
            }
        }

        self.end_tight_text(text_start, &mut blocks);
        self.depth -= 1;
        blocks
    }

    /// Makes a block of text between other blocks, if there is some.
    fn end_tight_text(&mut self, start: usize, blocks: &mut Vec<Block<'a>>) {
        if self.text.len() == start {
            return;
        }
        let text = self.text.split_off(start);
        let span = Span::new(text[0].span.start, text[text.len() - 1].span.end);
        blocks.push(Block::new(BlockKind::Tight(text), span));
    }

    /// Reads one block, whose start was read.
    fn block(&mut self, tag: Tag<'a>, span: Span) -> Option<Block<'a>> {
        let kind = match tag {
            Tag::Paragraph => BlockKind::Paragraph(self.text()),
            Tag::Heading { level, .. } => BlockKind::Heading(Box::new(self.heading(level as u8, span))),
            Tag::BlockQuote(alert) => BlockKind::Quote(alert, self.blocks()),
            Tag::CodeBlock(kind) => BlockKind::Code(Box::new(self.code(kind))),
            Tag::HtmlBlock => {
                self.has_suspects = true;
                BlockKind::Html(self.text())
            }
            Tag::List(first) => BlockKind::List(List { first, items: self.items() }),
            Tag::FootnoteDefinition(label) => {
                self.footnotes.push(label.clone());
                BlockKind::Footnote(label, self.blocks())
            }
            Tag::DefinitionList => {
                self.has_definitions = true;
                BlockKind::Definitions(self.definitions())
            }
            Tag::Table(alignments) => BlockKind::Table(Box::new(self.table(alignments))),
            // Parts of blocks, which are read with these, and what is not part of the dialect.
            _ => return None,
        };
        Some(Block::new(kind, span))
    }

    /// Reads a heading, and takes its attributes off.
    fn heading(&mut self, level: u8, span: Span) -> Heading<'a> {
        let mut heading = Heading {
            level,
            id: None,
            old_ids: Vec::new(),
            classes: Vec::new(),
            attributes: Vec::new(),
            text: self.text(),
        };
        if self.chapter.get(span.start..span.end).is_some_and(attributes::may_end) {
            attributes::take(&mut heading, span, self.chapter);
        }
        heading
    }

    /// Reads the text of a code block.
    fn code(&mut self, kind: CodeBlockKind<'a>) -> Code {
        let info = match kind {
            CodeBlockKind::Fenced(info) => Some(Info::read(&info)),
            CodeBlockKind::Indented => None,
        };
        self.has_suspects |= info.is_none();

        let mut text = Gathered::default();
        while let Some((Event::Text(line), span)) = self.events.next() {
            match &info {
                Some(_) => text.text.push_str(&line),
                None => text.push(&line, span.start),
            }
        }
        Code { info, text }
    }

    /// Reads the items of a list.
    fn items(&mut self) -> Vec<Item<'a>> {
        let mut items = Vec::new();
        while let Some((Event::Start(Tag::Item), span)) = self.events.next() {
            items.push(Item { blocks: self.blocks(), span });
        }
        items
    }

    /// Reads the parts of a definition list.
    fn definitions(&mut self) -> Vec<Definition<'a>> {
        let mut parts = Vec::new();
        while let Some((Event::Start(tag), span)) = self.events.next() {
            parts.push(match tag {
                Tag::DefinitionListTitle => Definition::Term(Term { text: self.text(), span, id: None }),
                _ => Definition::Meaning(self.blocks(), span),
            });
        }
        parts
    }

    /// Reads the rows of a table.
    fn table(&mut self, alignments: Vec<Alignment>) -> Table<'a> {
        let mut table = Table { alignments, head: Row::default(), rows: Vec::new() };
        while let Some((Event::Start(tag), span)) = self.events.next() {
            let row = Row { cells: self.cells(), span };
            match tag {
                Tag::TableHead => table.head = row,
                _ => table.rows.push(row),
            }
        }
        table
    }

    fn cells(&mut self) -> Vec<Cell<'a>> {
        let mut cells = Vec::new();
        while let Some((Event::Start(Tag::TableCell), span)) = self.events.next() {
            cells.push(Cell { text: self.text(), span });
        }
        cells
    }

    /// Reads inline content up to the end of what it is in.
    fn text(&mut self) -> Text<'a> {
        let start = self.text.len();
        let mut left_out = 0_usize;
        self.depth += 1;

        while let Some((event, span)) = self.events.next() {
            match event {
                Event::Start(_) if self.depth >= MOST_LEVELS => {
                    self.too_deep.get_or_insert(span);
                    left_out += 1;
                }
                Event::End(_) if left_out > 0 => left_out -= 1,
                Event::End(_) => break,
                event => self.inline(event, span),
            }
        }

        self.depth -= 1;
        self.text.split_off(start)
    }

    /// Reads a piece of inline content, whose first event was read.
    fn inline(&mut self, event: Event<'a>, span: Span) {
        let kind = match event {
            Event::Text(text) => InlineKind::Text(self.corrected_text(text, span)),
            Event::Code(code) => InlineKind::Code(self.corrected_code(code, span)),
            Event::InlineMath(latex) => InlineKind::Math(latex, MathStyle::Inline),
            Event::DisplayMath(latex) => InlineKind::Math(latex, MathStyle::Display),
            Event::InlineHtml(html) => {
                self.has_suspects = true;
                InlineKind::Html(html)
            }
            Event::Html(html) => InlineKind::Html(html),
            Event::SoftBreak => InlineKind::SoftBreak,
            Event::HardBreak => InlineKind::HardBreak,
            Event::FootnoteReference(label) => InlineKind::FootnoteReference(label),
            Event::TaskListMarker(is_done) => InlineKind::TaskMarker(is_done),

            // These have inline content of their own.
            Event::Start(Tag::Emphasis) => InlineKind::Styled(Style::Emphasis, self.text()),
            Event::Start(Tag::Strong) => InlineKind::Styled(Style::Strong, self.text()),
            Event::Start(Tag::Strikethrough) => InlineKind::Styled(Style::Strikethrough, self.text()),
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                InlineKind::Link(Box::new(target(dest_url, title)), link_type, self.text())
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                InlineKind::Image(Box::new(target(dest_url, title)), self.text())
            }

            // Blocks are read elsewhere; the rest is not part of the dialect.
            Event::Start(_) | Event::End(_) | Event::Rule => return,
        };

        self.text.push(Inline::new(kind, span));
    }

    /// Text as the specification has it: a control character that is written by its number is replaced. Those that are
    /// in the chapter itself were replaced when it was read.
    fn corrected_text(&self, text: CowStr<'a>, span: Span) -> CowStr<'a> {
        let is_reference = self.chapter.as_bytes().get(span.start) == Some(&b'&');
        if is_reference && text.chars().any(|c| shown(c) != c) { "\u{FFFD}".into() } else { text }
    }

    /// Code as the specification has it: there is one space for the end of a line, also if that is two characters.
    fn corrected_code(&self, code: CowStr<'a>, span: Span) -> CowStr<'a> {
        match self.chapter.get(span.start..span.end) {
            Some(written) if memchr(b'\r', written.as_bytes()).is_some() => {
                lines_joined(&code, written).into()
            }
            _ => code,
        }
    }
}

/// Whether an element is inline.
fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

/// Whether a block holds blocks, or is a part of one that does.
fn holds_blocks(tag: &Tag<'_>) -> bool {
    use Tag::{
        BlockQuote, DefinitionList, DefinitionListDefinition, DefinitionListTitle, FootnoteDefinition, Item,
        List,
    };
    matches!(
        tag,
        BlockQuote(_)
            | List(_)
            | Item
            | FootnoteDefinition(_)
            | DefinitionList
            | DefinitionListTitle
            | DefinitionListDefinition
    )
}

/// Code over ends of lines that are two characters: there is one space in the place of each, where the parser has two.
fn lines_joined(code: &str, written: &str) -> String {
    let mut joined = String::with_capacity(code.len());
    let (mut code, mut written) = (code, written);
    while let Some(c) = code.chars().next() {
        if written.starts_with("\r\n") && code.starts_with("  ") {
            joined.push(' ');
            (code, written) = (&code[2..], &written[2..]);
        } else if written.is_empty() || written.starts_with(c) {
            joined.push(c);
            (code, written) = (&code[c.len_utf8()..], written.get(c.len_utf8()..).unwrap_or_default());
        } else {
            // A backtick, or what lines of a quote or a list begin with.
            written = &written[written.chars().next().map_or(0, char::len_utf8)..];
        }
    }
    joined
}

/// Where a link or an image leads.
fn target<'a>(destination: CowStr<'a>, title: CowStr<'a>) -> LinkTarget<'a> {
    LinkTarget { destination, title, attributes: ImageAttributes::default() }
}
