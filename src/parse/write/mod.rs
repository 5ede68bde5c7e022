//! Items → segments: HTML as the specification's examples have it, with holes where an address inside
//! the book or highlighted code will stand.
//!
//! [`write()`] is the entry point; `Writer` holds one page's state while it is written. Footnotes are
//! written aside where they are defined and join the page at its end.

use std::mem::take;
use std::sync::Arc;

use foldhash::HashSet;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd};

use crate::parse::callouts::Callouts;
use crate::parse::document::{BlockStart, Segment, Wording};
use crate::parse::excerpt::Stale;
use crate::parse::glossary::Marked;
use crate::parse::items::{Item, ItemKind, is_inline_tag};
use crate::parse::link::Link;
use crate::parse::math::Converter;
use crate::parse::{Options, Recorder, placeholder, raw_html};
use crate::text::html::escape_into;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span};

mod blocks;
mod buffer;
mod copies;
mod diagrams;
mod footnotes;
mod links;
mod math;
mod measure;
mod raw;
mod tables;
mod terms;

use blocks::{Block, digit};
use buffer::Buffer;
use footnotes::{Footnotes, missing_footnote};
use links::Image;
use measure::{OPENING, Opening, cut, words};
use raw::RawHtml;
use tables::Cells;

/// What writing a body gives.
#[derive(Debug, Default)]
pub struct Written {
    /// The title, if it was a heading of the chapter.
    pub title: Vec<Segment>,
    /// The body.
    pub segments: Vec<Segment>,
    /// Where its blocks begin.
    pub blocks: Vec<BlockStart>,
    /// Every id on the page.
    pub anchors: HashSet<String>,
    /// The links inside the book.
    pub links: Vec<Link>,
    /// The number of words.
    pub words: usize,
    /// The first paragraph's text, cut.
    pub opening: Option<String>,
    /// The number of code blocks that were compared with what they are copies of.
    pub copies: usize,
    /// Those of them that are something else.
    pub stale: Vec<Stale>,
    /// The terms that the author marked.
    pub marked: Vec<Marked>,
    /// What is wrong.
    pub faults: Vec<Diagnostic>,
}

/// What is to be written.
#[derive(Debug)]
pub struct Text<'t, 'a> {
    /// The inlines of the title, if it was a heading of the chapter.
    pub title: &'t [Item<'a>],
    /// The id of that heading.
    pub title_id: Option<&'t str>,
    /// The body.
    pub body: &'t [Item<'a>],
    /// The ids of the terms that the body defines.
    pub term_ids: Vec<String>,
}

/// Writes the title and the body of a chapter.
pub fn write(
    source: &Arc<Source>,
    text: Text<'_, '_>,
    options: &Options,
    recorder: &Recorder<'_>,
) -> Written {
    let mut writer = Writer {
        source,
        options,
        recorder,
        page: Buffer::default(),
        aside: Vec::new(),
        done: Written {
            anchors: text.title_id.map(str::to_owned).into_iter().collect(),
            ..Written::default()
        },
        block: None,
        image: None,
        links: 0,
        cells: Cells::default(),
        footnotes: Footnotes::default(),
        raw: RawHtml::default(),
        text: String::with_capacity(source.text.len()),
        opening: Opening::Awaited,
        depth: 0,
        in_tabs: false,
        explained: 0,
        explaining: None,
        todo_title: None,
        math: Converter::new(),
        term_ids: text.term_ids.into_iter(),
        diagrams: 0,
    };
    writer.items(text.title);
    writer.done.title = take(&mut writer.page).finish().0;
    writer.text.clear();
    writer.items(text.body);
    writer.finish()
}

/// One page while it is written.
struct Writer<'a, 'r> {
    source: &'a Arc<Source>,
    options: &'a Options,
    recorder: &'a Recorder<'r>,
    page: Buffer,
    /// Outer buffers while a footnote is written, with the footnote's label and place.
    aside: Vec<(String, Span, Buffer)>,
    done: Written,
    block: Option<Block<'a>>,
    image: Option<Image>,
    /// How many links are open: an address in the text of a link is one to the parser.
    links: usize,
    cells: Cells,
    footnotes: Footnotes,
    raw: RawHtml,
    /// What readers read, plain.
    text: String,
    opening: Opening,
    /// How many blocks are open around the current one.
    depth: usize,
    in_tabs: bool,
    /// How many blocks have callouts so far.
    explained: usize,
    /// While the list after such a block is written: its callouts, how deep it is, and how many items have begun.
    explaining: Option<(Callouts, usize, usize)>,
    /// While the title of a TODO section is being written: its progress, if it has tasks.
    todo_title: Option<Option<Wording>>,
    math: Converter,
    term_ids: std::vec::IntoIter<String>,
    diagrams: usize,
}

impl<'a> Writer<'a, '_> {
    fn items(&mut self, items: &[Item<'a>]) {
        let mut rest = items;
        while let Some((item, after)) = rest.split_first() {
            self.item(item, after);
            rest = after;
        }
    }

    fn item(&mut self, item: &Item<'a>, after: &[Item<'a>]) {
        if !matches!(item.markdown(), Some(Event::Html(_))) {
            self.write_raw_lines();
        }
        match &item.event {
            ItemKind::MarkStart => self.inline("<mark>"),
            ItemKind::MarkEnd => self.inline("</mark>"),
            ItemKind::TodoStart => self.todo_section(after),
            ItemKind::TodoEnd => {
                self.depth -= 1;
                self.line("</div>");
            }
            ItemKind::NoteStart => {
                self.close_tabs();
                self.fresh_line();
                let start = r#"<div class="author-note" role="note" aria-label=""#;
                self.page.word(start, Wording::Named("author_note"), "\">\n");
                self.depth += 1;
            }
            ItemKind::NoteEnd => {
                self.depth -= 1;
                self.line("</div>");
            }
            ItemKind::Placeholder(name) => {
                if self.plain(&format!("<{name}>")) {
                    self.page.html.push_str(&raw_html::field(name, self.options));
                }
            }
            ItemKind::Term(term) => self.marked_term(term, item.span),
            ItemKind::Markdown(event) => self.markdown(event, item.span, after),
        }
    }

    fn markdown(&mut self, event: &Event<'a>, span: Span, after: &[Item<'a>]) {
        match event {
            Event::Start(tag) => self.start(tag, span, after),
            Event::End(tag) => self.end(tag, after),
            Event::Text(text) => self.text(text, span),
            Event::Code(code) => {
                if self.plain(code) {
                    self.page.html.push_str("<code>");
                    placeholder::write(&mut self.page.html, code, &placeholder::tokens(code, self.options));
                    self.page.html.push_str("</code>");
                }
            }
            Event::Html(html) => self.raw_line(html, span),
            Event::InlineHtml(html) => self.raw_inline(html, span),
            Event::SoftBreak => {
                self.plain(" ");
                self.inline("\n");
            }
            Event::HardBreak => {
                self.plain(" ");
                self.inline("<br />\n");
            }
            Event::Rule => {
                self.close_tabs();
                self.line("<hr />");
            }
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::TaskListMarker(done) => {
                let (state, label) = if *done { ("checked ", "done") } else { ("", "open") };
                let start = format!(r#"<input type="checkbox" {state}disabled aria-label=""#);
                self.page.word(&start, Wording::Named(label), "\"> ");
            }
            Event::InlineMath(latex) => self.formula(latex, false, span),
            Event::DisplayMath(latex) => self.formula(latex, true, span),
        }
    }

    /// Writes inline HTML, unless it would be inside an image's description.
    fn inline(&mut self, html: &str) {
        if self.image.is_none() {
            self.page.html.push_str(html);
        }
    }

    /// Writes HTML on a line of its own.
    fn line(&mut self, html: &str) {
        self.fresh_line();
        self.page.html.push_str(html);
        self.page.html.push('\n');
    }

    fn fresh_line(&mut self) {
        if !self.page.at_line_start() {
            self.page.html.push('\n');
        }
    }

    /// Takes note of text that readers see. False if it goes into an image's description alone.
    fn plain(&mut self, text: &str) -> bool {
        if let Some(image) = &mut self.image {
            image.alt.push_str(text);
            return false;
        }
        self.text.push_str(text);
        true
    }

    fn text(&mut self, text: &CowStr<'a>, span: Span) {
        if let Some(block) = &mut self.block {
            block.text.push_str(text);
            return;
        }
        if let Some(label) = missing_footnote(text, span, &self.source.text) {
            self.done.faults.push(
                Diagnostic::new(DiagnosticCode::MissingFootnote, format!("there is no footnote `{label}`"))
                    .at(self.source, Span::new(span.start - 1, span.end))
                    .hint(format!("define it on a line of its own: `[^{label}]: …`")),
            );
        }
        if self.plain(text) {
            escape_into(&mut self.page.html, text);
        }
    }

    fn start(&mut self, tag: &Tag<'a>, span: Span, after: &[Item<'a>]) {
        if !is_inline_tag(&tag.to_end()) {
            let is_tab = matches!(tag, Tag::CodeBlock(CodeBlockKind::Fenced(info)) if info.contains("tab="));
            if !is_tab {
                self.close_tabs();
            }
            self.depth += 1;
            self.text.push('\n');
            self.page.block(span.start);
        }
        if is_container(&tag.to_end()) {
            self.raw.enter();
        }
        match tag {
            Tag::Paragraph => {
                self.begin(if self.todo_title.is_some() { r#"<p class="todo-title">"# } else { "<p>" });
                if self.depth == 1 && matches!(self.opening, Opening::Awaited) {
                    self.opening = Opening::Reading(self.text.len());
                }
            }
            Tag::Heading { level, id, classes, attrs } => {
                self.heading(*level as u8, id.as_deref(), classes, attrs, span)
            }
            Tag::BlockQuote(kind) => match kind {
                None => {
                    self.unknown_alert(span);
                    self.line("<blockquote>");
                }
                Some(kind) => self.alert(*kind),
            },
            Tag::CodeBlock(kind) => {
                self.block = Some(Block { kind: kind.clone(), text: String::new(), span });
            }
            Tag::HtmlBlock => self.fresh_line(),
            Tag::List(first) => {
                let explains = self.explaining.is_some_and(|(_, depth, _)| self.depth == depth);
                let class = match (begins_with_task(after), explains) {
                    (true, _) => r#" class="task-list""#,
                    (false, true) => r#" class="callouts""#,
                    (false, false) => "",
                };
                self.begin(if first.is_some() { "<ol" } else { "<ul" });
                if let Some(first) = first.filter(|first| *first != 1) {
                    self.page.attribute("start", &first.to_string());
                }
                self.page.html.extend([class, ">\n"]);
            }
            Tag::Item => {
                self.fresh_line();
                let id = self.explanation();
                self.page.html.push_str(match task(after) {
                    None if id.is_some() => "<li",
                    None => "<li>",
                    Some(false) => r#"<li class="task">"#,
                    Some(true) => r#"<li class="task done">"#,
                });
                if let Some(id) = id.filter(|_| task(after).is_none()) {
                    self.page.html.push_str(&format!(r#" id="{id}">"#));
                }
            }
            Tag::FootnoteDefinition(label) => {
                self.aside.push((label.to_string(), span, take(&mut self.page)));
            }
            Tag::DefinitionList => self.line("<dl>"),
            Tag::DefinitionListTitle => self.defined_term(span),
            Tag::DefinitionListDefinition => self.begin("<dd>"),
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => self.begin_table(tag, span),
            Tag::Emphasis => self.inline("<em>"),
            Tag::Strong => self.inline("<strong>"),
            Tag::Strikethrough => self.inline("<del>"),
            Tag::Link { link_type, dest_url, title, .. } => self.link(*link_type, dest_url, title, span),
            Tag::Image { dest_url, title, .. } => match &mut self.image {
                Some(image) => image.nested += 1,
                None => {
                    self.image = Some(Image {
                        destination: dest_url.to_string(),
                        title: title.to_string(),
                        alt: String::new(),
                        nested: 0,
                        span,
                    });
                }
            },
            // Not part of the dialect.
            Tag::Superscript | Tag::Subscript | Tag::MetadataBlock(_) => {}
        }
    }

    fn begin(&mut self, html: &str) {
        self.fresh_line();
        self.page.html.push_str(html);
    }

    fn end(&mut self, tag: &TagEnd, after: &[Item<'a>]) {
        if !is_inline_tag(tag) {
            self.close_tabs_unless(*tag == TagEnd::CodeBlock);
            self.depth -= 1;
            self.text.push('\n');
        }
        if is_container(tag) {
            self.raw.leave();
        }
        match tag {
            TagEnd::Paragraph => {
                self.end_todo_title();
                self.page.html.push_str("</p>\n");
                if let Opening::Reading(start) = self.opening {
                    let is_empty = self.text[start..].trim().is_empty();
                    self.opening =
                        if is_empty { Opening::Awaited } else { Opening::Found(start..self.text.len()) };
                }
            }
            TagEnd::Heading(level) => {
                self.end_todo_title();
                self.page.html.extend(["</h", digit(*level as u8), ">\n"]);
            }
            TagEnd::BlockQuote(kind) => self.line(if kind.is_some() { "</div>" } else { "</blockquote>" }),
            TagEnd::CodeBlock => self.code_block(after),
            TagEnd::HtmlBlock => {}
            TagEnd::List(true) => {
                self.explaining = self.explaining.filter(|(_, depth, _)| self.depth >= *depth);
                self.line("</ol>");
            }
            TagEnd::List(false) => self.line("</ul>"),
            TagEnd::Item => self.page.html.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::DefinitionList => self.line("</dl>"),
            TagEnd::DefinitionListTitle => self.page.html.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.page.html.push_str("</dd>\n"),
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => self.end_table(tag),
            TagEnd::Emphasis => self.inline("</em>"),
            TagEnd::Strong => self.inline("</strong>"),
            TagEnd::Strikethrough => self.inline("</del>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.end_image(),
            TagEnd::Superscript | TagEnd::Subscript | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn finish(mut self) -> Written {
        self.close_tabs();
        self.end_raw_html();
        self.write_footnotes();
        (self.done.segments, self.done.blocks) = self.page.finish();
        self.done.words = words(&self.text);
        if let Opening::Found(range) = self.opening {
            self.done.opening = Some(cut(&self.text[range], OPENING));
        }
        self.done
    }
}

/// Whether no element of HTML goes on behind it.
fn is_container(tag: &TagEnd) -> bool {
    use TagEnd::{BlockQuote, DefinitionListDefinition, FootnoteDefinition, Item, TableCell};
    matches!(tag, BlockQuote(_) | DefinitionListDefinition | FootnoteDefinition | Item | TableCell)
}

/// If an item that has just begun has a check box: whether it is ticked.
fn task(after: &[Item<'_>]) -> Option<bool> {
    let mut events = after.iter().map(Item::markdown);
    let first = match events.next()? {
        Some(Event::Start(Tag::Paragraph)) => events.next()?,
        first => first,
    };
    match first {
        Some(Event::TaskListMarker(done)) => Some(*done),
        _ => None,
    }
}

/// Whether a list that has just begun is one of tasks.
fn begins_with_task(after: &[Item<'_>]) -> bool {
    after.split_first().is_some_and(|(_, after)| task(after).is_some())
}
