//! Items → segments: HTML as the specification's examples have it, with holes where an address inside
//! the book or highlighted code will stand.
//!
//! [`write()`] is the entry point; `Writer` holds one page's state while it is written. Footnotes are
//! written aside where they are defined and join the page at its end.

use std::collections::{HashMap, HashSet};
use std::mem::take;
use std::sync::Arc;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::code::CodeBlock;
use super::document::{Link, LinkKind, Segment};
use super::heading::duplicate_id;
use super::items::{Item, Mark};
use super::{Options, Recorder, raw_html};
use crate::text::html::{escape, escape_into};
use crate::text::{Code, Diagnostic, Source, Span, url};

/// What writing a body gives.
#[derive(Debug, Default)]
pub struct Written {
    /// The body.
    pub segments: Vec<Segment>,
    /// Every id on the page.
    pub anchors: HashSet<String>,
    /// The links inside the book.
    pub links: Vec<Link>,
    /// The number of words.
    pub words: usize,
    /// The first paragraph's text, cut.
    pub opening: Option<String>,
    /// What is wrong.
    pub faults: Vec<Diagnostic>,
}

/// Writes the body of a chapter.
pub fn write(
    source: &Arc<Source>,
    items: Vec<Item<'_>>,
    options: &Options,
    recorder: &Recorder<'_>,
    title_id: Option<&str>,
) -> Written {
    let mut writer = Writer {
        source,
        options,
        recorder,
        page: Buffer::default(),
        aside: Vec::new(),
        done: Written { anchors: title_id.map(str::to_owned).into_iter().collect(), ..Written::default() },
        block: None,
        image: None,
        cells: Cells::default(),
        footnotes: Footnotes::default(),
        opening: Opening::Awaited,
        depth: 0,
        in_tabs: false,
        todo_title: None,
    };
    let mut rest = items.as_slice();
    while let Some((item, after)) = rest.split_first() {
        writer.item(item, after);
        rest = after;
    }
    writer.finish()
}

/// HTML in the making.
#[derive(Default)]
struct Buffer {
    segments: Vec<Segment>,
    html: String,
}

impl Buffer {
    fn hole(&mut self, segment: Segment) {
        if !self.html.is_empty() {
            self.segments.push(Segment::Html(take(&mut self.html)));
        }
        self.segments.push(segment);
    }

    fn finish(mut self) -> Vec<Segment> {
        if !self.html.is_empty() {
            self.segments.push(Segment::Html(self.html));
        }
        self.segments
    }

    /// Whether what was written ends a line. Code ends with one.
    fn at_line_start(&self) -> bool {
        match (self.html.as_bytes().last(), self.segments.last()) {
            (Some(last), _) => *last == b'\n',
            (None, last) => matches!(last, None | Some(Segment::Code(_))),
        }
    }
}

/// A code block whose text is being read.
struct Block<'a> {
    kind: CodeBlockKind<'a>,
    text: String,
    span: Span,
}

/// An image whose description is being read. Images in its description are part of that.
struct Image {
    destination: String,
    title: String,
    alt: String,
    nested: usize,
    span: Span,
}

/// Where in a table the next cell is.
#[derive(Default)]
struct Cells {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

/// Footnotes: their texts, and the order in which they are first used.
#[derive(Default)]
struct Footnotes {
    /// Label → number.
    numbers: HashMap<String, usize>,
    /// By number: how often it is used.
    uses: Vec<usize>,
    /// Label → text.
    texts: HashMap<String, Vec<Segment>>,
    /// Labels in the order of their definitions.
    defined: Vec<String>,
}

/// The first paragraph's text.
enum Opening {
    Awaited,
    Reading(String),
    Found(String),
}

/// The longest opening, in characters: what search engines and social cards show of a description.
const OPENING: usize = 160;

struct Writer<'a, 'r> {
    source: &'a Arc<Source>,
    options: &'a Options,
    recorder: &'a Recorder<'r>,
    page: Buffer,
    /// Outer buffers while a footnote is written, with the footnote's label.
    aside: Vec<(String, Buffer)>,
    done: Written,
    block: Option<Block<'a>>,
    image: Option<Image>,
    cells: Cells,
    footnotes: Footnotes,
    opening: Opening,
    /// How many blocks are open around the current one.
    depth: usize,
    in_tabs: bool,
    /// The progress of the TODO section whose title is being written.
    todo_title: Option<String>,
}

impl<'a> Writer<'a, '_> {
    fn item(&mut self, item: &Item<'a>, after: &[Item<'a>]) {
        match &item.event {
            Mark::MarkStart => self.inline("<mark>"),
            Mark::MarkEnd => self.inline("</mark>"),
            Mark::TodoStart => self.todo_section(after),
            Mark::TodoEnd => {
                self.depth -= 1;
                self.line("</section>");
            }
            Mark::NoteStart => {
                self.close_tabs();
                self.line(r#"<div class="author-note" role="note">"#);
                self.depth += 1;
            }
            Mark::NoteEnd => {
                self.depth -= 1;
                self.line("</div>");
            }
            Mark::Markdown(event) => self.markdown(event, item.span, after),
        }
    }

    fn markdown(&mut self, event: &Event<'a>, span: Span, after: &[Item<'a>]) {
        match event {
            Event::Start(tag) => self.start(tag, span, after),
            Event::End(tag) => self.end(tag, span),
            Event::Text(text) => self.text(text, span),
            Event::Code(code) => {
                if self.plain(code) {
                    self.page.html.push_str("<code>");
                    escape_into(&mut self.page.html, code);
                    self.page.html.push_str("</code>");
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => self.raw(html, span),
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
                let state = if *done {
                    r#"checked disabled aria-label="done""#
                } else {
                    r#"disabled aria-label="to do""#
                };
                self.inline(&format!(r#"<input type="checkbox" {state}> "#));
            }
            // Math is not part of the dialect.
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(text, span),
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

    /// Takes note of text that readers see: words, the opening, a description. False if it goes into an
    /// image's description alone.
    fn plain(&mut self, text: &str) -> bool {
        if let Some(image) = &mut self.image {
            image.alt.push_str(text);
            return false;
        }
        self.done.words += words(text);
        if let Opening::Reading(opening) = &mut self.opening {
            opening.push_str(text);
        }
        true
    }

    fn text(&mut self, text: &CowStr<'a>, span: Span) {
        if let Some(block) = &mut self.block {
            block.text.push_str(text);
            return;
        }
        if let Some(label) = missing_footnote(text, span, &self.source.text) {
            self.done.faults.push(
                Diagnostic::new(Code::MissingFootnote, format!("there is no footnote `{label}`"))
                    .at(self.source, Span::new(span.start - 1, span.end))
                    .hint(format!("define it on a line of its own: `[^{label}]: …`")),
            );
        }
        if self.plain(text) {
            escape_into(&mut self.page.html, text);
        }
    }

    fn start(&mut self, tag: &Tag<'a>, span: Span, after: &[Item<'a>]) {
        if !is_inline(&tag.to_end()) {
            let is_tab = matches!(tag, Tag::CodeBlock(CodeBlockKind::Fenced(info)) if info.contains("tab="));
            if !is_tab {
                self.close_tabs();
            }
            self.depth += 1;
        }
        match tag {
            Tag::Paragraph => {
                self.begin(if self.todo_title.is_some() { r#"<p class="todo-title">"# } else { "<p>" });
                if self.depth == 1 && matches!(self.opening, Opening::Awaited) {
                    self.opening = Opening::Reading(String::new());
                }
            }
            Tag::Heading { level, id, classes, attrs } => {
                self.heading(*level as u8, id.as_deref(), classes, attrs, span)
            }
            Tag::BlockQuote(kind) => match kind {
                None => self.line("<blockquote>"),
                Some(kind) => self.alert(*kind),
            },
            Tag::CodeBlock(kind) => {
                self.block = Some(Block { kind: kind.clone(), text: String::new(), span });
            }
            Tag::HtmlBlock => self.fresh_line(),
            Tag::List(first) => {
                let class = if begins_with_task(after) { r#" class="task-list""# } else { "" };
                match first {
                    None => self.line(&format!("<ul{class}>")),
                    Some(1) => self.line(&format!("<ol{class}>")),
                    Some(first) => self.line(&format!(r#"<ol start="{first}"{class}>"#)),
                }
            }
            Tag::Item => {
                self.fresh_line();
                self.page.html.push_str(match task(after) {
                    None => "<li>",
                    Some(false) => r#"<li class="task">"#,
                    Some(true) => r#"<li class="task done">"#,
                });
            }
            Tag::FootnoteDefinition(label) => {
                self.aside.push((label.to_string(), take(&mut self.page)));
            }
            Tag::DefinitionList => self.line("<dl>"),
            Tag::DefinitionListTitle => self.begin("<dt>"),
            Tag::DefinitionListDefinition => self.begin("<dd>"),
            Tag::Table(alignments) => {
                self.cells = Cells { alignments: alignments.clone(), ..Cells::default() };
                self.line("<div class=\"table-scroll\">\n<table>");
            }
            Tag::TableHead => {
                self.cells.in_head = true;
                self.cells.column = 0;
                self.line("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.cells.column = 0;
                self.line("<tr>");
            }
            Tag::TableCell => {
                let class = match self.cells.alignments.get(self.cells.column) {
                    Some(Alignment::Left) => r#" class="align-left""#,
                    Some(Alignment::Center) => r#" class="align-center""#,
                    Some(Alignment::Right) => r#" class="align-right""#,
                    _ => "",
                };
                let name = if self.cells.in_head { "th" } else { "td" };
                self.begin(&format!("<{name}{class}>"));
            }
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

    fn end(&mut self, tag: &TagEnd, span: Span) {
        if !is_inline(tag) {
            self.close_tabs_unless(*tag == TagEnd::CodeBlock);
            self.depth -= 1;
        }
        match tag {
            TagEnd::Paragraph => {
                self.end_todo_title();
                self.page.html.push_str("</p>\n");
                if let Opening::Reading(text) = &mut self.opening {
                    let text = take(text);
                    self.opening =
                        if text.trim().is_empty() { Opening::Awaited } else { Opening::Found(text) };
                }
            }
            TagEnd::Heading(level) => {
                self.end_todo_title();
                self.page.html.push_str(&format!("</h{}>\n", *level as u8));
            }
            TagEnd::BlockQuote(kind) => self.line(if kind.is_some() { "</div>" } else { "</blockquote>" }),
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::HtmlBlock => {}
            TagEnd::List(true) => self.line("</ol>"),
            TagEnd::List(false) => self.line("</ul>"),
            TagEnd::Item => self.page.html.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => {
                if let Some((label, outer)) = self.aside.pop() {
                    let text = std::mem::replace(&mut self.page, outer).finish();
                    if self.footnotes.texts.insert(label.clone(), text).is_none() {
                        self.footnotes.defined.push(label);
                    }
                }
            }
            TagEnd::DefinitionList => self.line("</dl>"),
            TagEnd::DefinitionListTitle => self.page.html.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.page.html.push_str("</dd>\n"),
            TagEnd::Table => self.line("</tbody>\n</table>\n</div>"),
            TagEnd::TableHead => {
                self.cells.in_head = false;
                self.line("</tr>\n</thead>\n<tbody>");
            }
            TagEnd::TableRow => self.line("</tr>"),
            TagEnd::TableCell => {
                self.page.html.push_str(if self.cells.in_head { "</th>" } else { "</td>" });
                self.cells.column += 1;
            }
            TagEnd::Emphasis => self.inline("</em>"),
            TagEnd::Strong => self.inline("</strong>"),
            TagEnd::Strikethrough => self.inline("</del>"),
            TagEnd::Link => self.inline("</a>"),
            TagEnd::Image => self.end_image(),
            TagEnd::Superscript | TagEnd::Subscript | TagEnd::MetadataBlock(_) => {}
        }
        let _ = span;
    }

    fn heading(
        &mut self,
        level: u8,
        id: Option<&str>,
        classes: &[CowStr<'a>],
        attributes: &[(CowStr<'a>, Option<CowStr<'a>>)],
        span: Span,
    ) {
        self.fresh_line();
        let id = id.unwrap_or_default();
        let mut html = format!(r#"<h{level} id="{}""#, escape(id));
        let own = self.todo_title.as_ref().map(|_| "todo-title");
        let classes: Vec<&str> = own.into_iter().chain(classes.iter().map(|class| &**class)).collect();
        if !classes.is_empty() {
            html += &format!(r#" class="{}""#, escape(&classes.join(" ")));
        }
        for (name, value) in attributes {
            html += &format!(r#" {}="{}""#, escape(name), escape(value.as_deref().unwrap_or_default()));
        }
        html.push('>');
        self.page.html.push_str(&html);
        // The sign that readers click is the stylesheet's, so that it is in no heading's text.
        self.page.html.push_str(&format!(
            r##"<a class="anchor" href="#{}" aria-hidden="true" tabindex="-1"></a>"##,
            escape(&url::encode_authored(id))
        ));
        self.anchor(id, span);
    }

    fn anchor(&mut self, id: &str, span: Span) {
        if !self.done.anchors.insert(id.to_owned()) {
            self.done.faults.push(duplicate_id(id, self.source, span));
        }
    }

    fn alert(&mut self, kind: BlockQuoteKind) {
        let (class, title) = match kind {
            BlockQuoteKind::Note => ("note", "Note"),
            BlockQuoteKind::Tip => ("tip", "Tip"),
            BlockQuoteKind::Important => ("important", "Important"),
            BlockQuoteKind::Warning => ("warning", "Warning"),
            BlockQuoteKind::Caution => ("caution", "Caution"),
        };
        self.line(&format!(r#"<div class="alert alert-{class}" role="note">"#));
        self.line(&format!(r#"<p class="alert-title">{title}</p>"#));
    }

    /// Opens a TODO section with its progress. The title's paragraph or heading comes next.
    fn todo_section(&mut self, after: &[Item<'a>]) {
        self.close_tabs();
        self.depth += 1;
        let inside = after.iter().take_while(|item| item.event != Mark::TodoEnd);
        let marks: Vec<bool> = inside
            .filter_map(|item| match item.markdown() {
                Some(Event::TaskListMarker(done)) => Some(*done),
                _ => None,
            })
            .collect();
        let done = marks.iter().filter(|done| **done).count();
        self.line(r#"<section class="todo">"#);
        self.todo_title = Some(match marks.len() {
            0 => String::new(),
            total => format!(r#" <span class="todo-progress">{done} of {total}</span>"#),
        });
    }

    fn end_todo_title(&mut self) {
        if let Some(progress) = self.todo_title.take() {
            self.page.html.push_str(&progress);
        }
    }

    fn link(&mut self, kind: LinkType, destination: &str, title: &str, span: Span) {
        if self.image.is_some() {
            return;
        }
        self.page.html.push_str("<a href=\"");
        if kind == LinkType::Email {
            self.page.html.push_str("mailto:");
            escape_into(&mut self.page.html, &url::encode_authored(destination));
        } else {
            self.address(destination, LinkKind::Reference, span);
        }
        self.page.html.push('"');
        self.title(title);
        self.page.html.push('>');
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.page.html.push_str(" title=\"");
            escape_into(&mut self.page.html, title);
            self.page.html.push('"');
        }
    }

    /// Writes a destination: as it is, or as a hole where it lies inside the book.
    fn address(&mut self, destination: &str, kind: LinkKind, span: Span) {
        let inside =
            !destination.is_empty() && !destination.starts_with('?') && !url::is_external(destination);
        if inside {
            let number = self.done.links.len();
            self.done.links.push(Link { destination: destination.to_owned(), kind, span });
            self.page.hole(Segment::Url(number));
        } else {
            escape_into(&mut self.page.html, &url::encode_authored(destination));
        }
    }

    fn end_image(&mut self) {
        match &mut self.image {
            Some(image) if image.nested > 0 => image.nested -= 1,
            _ => {
                let Some(image) = self.image.take() else { return };
                self.page.html.push_str("<img src=\"");
                self.address(&image.destination, LinkKind::Resource, image.span);
                self.page.html.push_str("\" alt=\"");
                escape_into(&mut self.page.html, &image.alt);
                self.page.html.push('"');
                self.title(&image.title);
                if let Some((width, height)) = self.image_size(&image.destination) {
                    let size = format!(r#" width="{width}" height="{height}" loading="lazy""#);
                    self.page.html.push_str(&size);
                }
                self.page.html.push_str(" />");
            }
        }
    }

    /// The size of an image beside the chapter, so that the page does not move when it arrives.
    fn image_size(&self, destination: &str) -> Option<(usize, usize)> {
        if url::is_external(destination) || destination.starts_with(['/', '#', '?']) {
            return None;
        }
        let path = url::decode(destination.split(['?', '#']).next().unwrap_or_default())?;
        let folder = self.source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.recorder.image_size(&url::join(folder, &path)?)
    }

    fn raw(&mut self, html: &str, span: Span) {
        if self.image.is_some() {
            return;
        }
        let mut written = 0;
        for attribute in raw_html::attributes(html) {
            if attribute.is_anchor() {
                let at = span.start + attribute.range.start;
                self.anchor(attribute.value, Span::new(at, at + attribute.value.len()));
            } else if attribute.is_address() {
                self.page.html.push_str(&html[written..attribute.range.start]);
                let kind = if attribute.tag == "a" { LinkKind::Reference } else { LinkKind::Resource };
                let at = span.start + attribute.range.start;
                self.address(attribute.value, kind, Span::new(at, at + attribute.value.len()));
                written = attribute.range.end;
            }
        }
        self.page.html.push_str(&html[written..]);
    }

    fn code_block(&mut self) {
        let Some(block) = self.block.take() else { return };
        let info = match &block.kind {
            CodeBlockKind::Fenced(info) => info,
            CodeBlockKind::Indented => &CowStr::Borrowed(""),
        };
        self.done.words += words(&block.text);
        let code = CodeBlock::fenced(
            info,
            block.text,
            (self.source, block.span),
            (self.options.comment.as_deref(), self.options.wrap),
            &mut self.done.faults,
        );
        self.fresh_line();
        match (&code.tab, self.in_tabs) {
            (Some(_), false) => {
                self.line(r#"<div class="tabs">"#);
                self.in_tabs = true;
            }
            (None, true) => self.close_tabs(),
            _ => {}
        }
        self.page.hole(Segment::Code(Box::new(code)));
    }

    fn close_tabs(&mut self) {
        self.close_tabs_unless(false);
    }

    fn close_tabs_unless(&mut self, goes_on: bool) {
        if self.in_tabs && !goes_on {
            self.in_tabs = false;
            self.line("</div>");
        }
    }

    fn footnote_reference(&mut self, label: &str) {
        if self.image.is_some() {
            return;
        }
        let number = self.footnotes.number(label);
        self.footnotes.uses[number - 1] += 1;
        let id = back_id(number, self.footnotes.uses[number - 1]);
        self.page.html.push_str(&format!(
            r##"<sup class="footnote-ref"><a id="{id}" href="#fn:{number}">{number}</a></sup>"##
        ));
    }

    fn finish(mut self) -> Written {
        self.close_tabs();
        self.write_footnotes();
        self.done.segments = self.page.finish();
        if let Opening::Found(text) = self.opening {
            self.done.opening = Some(cut(&text, OPENING));
        }
        self.done
    }

    fn write_footnotes(&mut self) {
        // Notes that nothing refers to stand at the end: no word of the author's is lost.
        for label in take(&mut self.footnotes.defined) {
            self.footnotes.number(&label);
        }
        let mut labels: Vec<(usize, String)> =
            self.footnotes.numbers.drain().map(|(label, number)| (number, label)).collect();
        labels.sort_unstable();
        if labels.is_empty() {
            return;
        }
        self.line("<section class=\"footnotes\" aria-label=\"Footnotes\">\n<ol>");
        for (number, label) in labels {
            let mut text = self.footnotes.texts.remove(&label).unwrap_or_default();
            let back: String = (1..=self.footnotes.uses[number - 1])
                .map(|nth| {
                    let id = back_id(number, nth);
                    format!(r##" <a class="footnote-back" href="#{id}" aria-label="Back to reference {nth} of footnote {number}">↩</a>"##)
                })
                .collect();
            // Behind the last paragraph's text, if the note ends with one.
            match text.last_mut() {
                Some(Segment::Html(html)) if html.ends_with("</p>\n") => {
                    html.truncate(html.len() - "</p>\n".len());
                    html.push_str(&back);
                    html.push_str("</p>\n");
                }
                _ => text.push(Segment::Html(format!("<p>{back}</p>\n"))),
            }
            self.line(&format!(r#"<li id="fn:{number}">"#));
            for segment in text {
                match segment {
                    Segment::Html(html) => self.page.html.push_str(&html),
                    other => self.page.hole(other),
                }
            }
            self.line("</li>");
        }
        self.line("</ol>\n</section>");
    }
}

impl Footnotes {
    fn number(&mut self, label: &str) -> usize {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        self.uses.push(0);
        self.numbers.insert(label.to_owned(), self.uses.len());
        self.uses.len()
    }
}

/// The id of the nth reference to a footnote. The colon keeps it apart from every heading's.
fn back_id(number: usize, nth: usize) -> String {
    if nth == 1 { format!("fnref:{number}") } else { format!("fnref:{number}-{nth}") }
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
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

/// A footnote reference that the parser left as text, since nothing defines it: the label.
fn missing_footnote<'t>(text: &'t str, span: Span, source: &str) -> Option<&'t str> {
    let before = source.get(..span.start)?;
    let rest = text.strip_prefix('^').filter(|_| before.ends_with('[') && !before.ends_with("\\["))?;
    let label = rest.split(']').next().unwrap_or(rest);
    let closed = source[span.start + 1 + label.len()..].starts_with(']');
    (closed && !label.is_empty() && !label.contains(char::is_whitespace)).then_some(label)
}

/// Counts words; in scripts that do not separate them, characters.
fn words(text: &str) -> usize {
    let counts = text.split_whitespace().map(|word| {
        let wide = if word.is_ascii() { 0 } else { word.chars().filter(|c| is_unspaced(*c)).count() };
        wide.max(1)
    });
    counts.sum()
}

/// Han, kana, Thai and their like.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0x20000..=0x3FFFF)
}

/// Cuts text at a word's end.
fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}
