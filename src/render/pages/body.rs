//! Bodies: the markup of a document with its holes filled and its terms linked, on the chapter's own page or moved to
//! the page for print.

use std::cell::{Cell, RefCell};

use super::checked;
use super::names;
use super::placement::Placement;
use super::terms;
use crate::bind::checked_chapter::CheckedChapter;
use crate::bind::places::PRINT;
use crate::bind::terms::Use;
use crate::read::config_values::OutputSetting;
use crate::render::code::block;
use crate::render::code::head::{CheckedMark, Machines, Stuck};
use crate::render::code::highlight::Highlighter;
use crate::render::code::markup::CodeContext;
use crate::render::inputs::{ChapterJob, Frame, Reference};
use crate::text::html::{escape_into, unescape};
use crate::text::{Diagnostic, DiagnosticCode, Span};
use crate::write::code_block::CodeBlock;
use crate::write::document::BlockStart;
use crate::write::label::Numbered;
use crate::write::placeholder::{self, Token};
use crate::write::{Document, Hole, Markup, Segment, SegmentKind};

/// What a body is written with.
#[derive(Clone, Copy)]
pub struct BodyContext<'c> {
    /// What all pages have in common.
    pub frame: &'c Frame,
    /// Its number, if chapters are numbered.
    pub number: Option<&'c str>,
    /// The texts of its links without one of their own.
    pub references: &'c [(u32, Reference)],
    /// Where the document's links lead.
    pub links: &'c [Option<String>],
    /// The chapter.
    pub document: &'c Document,
    /// The terms that it uses.
    pub uses: &'c [Use],
    /// What colours code.
    pub highlighter: &'c Highlighter,
    /// Where what is wrong with its code is noted.
    pub warnings: &'c RefCell<Vec<Diagnostic>>,
    /// What of it was checked.
    pub checked: Option<&'c CheckedChapter>,
    /// Where it is on the page for print, if it is written for that.
    pub placement: Option<&'c Placement<'c>>,
}

impl<'c> BodyContext<'c> {
    /// What the body of a chapter's own page is written with.
    pub fn of_page(
        job: &'c ChapterJob,
        highlighter: &'c Highlighter,
        warnings: &'c RefCell<Vec<Diagnostic>>,
    ) -> Self {
        BodyContext {
            frame: &job.frame,
            document: &job.document,
            number: job.number.as_deref(),
            references: &job.references,
            links: &job.links,
            uses: &job.terms,
            highlighter,
            warnings,
            checked: job.checked.as_ref().map(|checked| &***checked),
            placement: None,
        }
    }

    /// The section for readers whose commands do something else: `#` and its id. There is none on the page for print,
    /// which nobody types from.
    fn stuck(self) -> Option<&'c str> {
        let own = self.document.front.stuck.as_ref().map(|(link, _)| link.as_str());
        let link = own.or(self.frame.site.stuck.as_deref())?;
        let is_there = self.document.anchors.contains(link.trim_start_matches('#'));
        (is_there && self.placement.is_none()).then_some(link)
    }
}

/// Writes the title of a chapter.
pub fn title(context: BodyContext<'_>) -> String {
    let context = BodyContext { uses: &[], ..context };
    fill(&context.document.title.html, context, |_, _| {})
}

/// Writes the body of a chapter.
pub fn body(context: BodyContext<'_>) -> String {
    let mut body = fill(&context.document.text, context, |_, _| {});
    terms::write_definitions(&mut body, context.uses, prefix(context));
    body
}

/// Where a block begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockLine {
    /// Its first byte in the HTML of the body.
    pub byte: usize,
    /// Its line in the file.
    pub line: usize,
}

/// The body of a chapter as it is on its page, and where its blocks begin.
pub fn blocks(job: &ChapterJob, highlighter: &Highlighter) -> (String, Vec<BlockLine>) {
    let document = &job.document;
    let warnings = RefCell::default();
    let context = BodyContext::of_page(job, highlighter, &warnings);

    // What is written after each segment is the HTML, byte for byte, up to the next one.
    let mut copied = vec![(0, 0)];
    let mut body = fill(&document.text, context, |from, to| copied.push((from, to)));
    terms::write_definitions(&mut body, context.uses, prefix(context));

    let place = |block: &BlockStart| {
        let (from, to) = copied[block.segments];
        BlockLine { byte: to + (block.at - from), line: document.source.position(block.source).line }
    };
    (body, document.blocks.iter().map(place).collect())
}

/// What the ids of the page begin with.
fn prefix<'c>(context: BodyContext<'c>) -> &'c str {
    context.placement.map_or("", |placement| &placement.prefix)
}

/// Fills the holes of markup. After each segment, calls `passed` with the byte of the HTML that comes next and its
/// place in the result.
fn fill(markup: &Markup, context: BodyContext<'_>, mut passed: impl FnMut(usize, usize)) -> String {
    let out = String::with_capacity(markup.html.len() + markup.html.len() / 2);
    let holes = markup.holes.iter();

    let asks = context.placement.is_none();
    let page = if asks { &context.document.address.path } else { PRINT };
    let mark = context.checked.map(|chapter| checked::mark(chapter, &context.frame.theme.words, page));
    let uses = context.uses;
    let mut filler =
        Filler { html: &markup.html, holes, context, uses, asks, mark, out, written: 0, segments: 0 };
    for segment in &markup.segments {
        filler.segment(*segment);
        filler.segments += 1;
        passed(filler.written, filler.out.len());
    }
    filler.copy(markup.html.len());
    filler.out
}

/// Markup while it is filled.
struct Filler<'f> {
    html: &'f str,
    /// The holes that are still to be filled, but for URLs.
    holes: std::slice::Iter<'f, Hole>,
    context: BodyContext<'f>,
    /// The terms that are still to be linked.
    uses: &'f [Use],
    /// Whether readers are still to be asked for the values that the code needs.
    asks: bool,
    /// What is said of blocks that were checked.
    mark: Option<CheckedMark>,
    out: String,
    /// Up to which byte the HTML was written.
    written: usize,
    /// How many segments were written.
    segments: usize,
}

impl Filler<'_> {
    /// Copies the HTML up to a place.
    fn copy(&mut self, to: usize) {
        self.out.push_str(&self.html[self.written..to]);
        self.written = to;
    }

    /// Writes a segment, or what replaces it.
    fn segment(&mut self, segment: Segment) {
        let start = segment.start as usize;
        match segment.kind {
            SegmentKind::Prose(length) | SegmentKind::Term(length) => {
                self.link_terms(start + length as usize);
            }
            SegmentKind::Text(_) => {}
            SegmentKind::Url(number) => {
                self.copy(start);
                self.url(number);
            }
            SegmentKind::Href(number) => {
                self.copy(start);
                if self.context.links[number as usize].is_some() {
                    self.out.push_str(" href=\"");
                    self.url(number);
                    self.out.push('"');
                }
            }
            SegmentKind::Hole => {
                self.copy(start);
                if let Some(hole) = self.holes.next() {
                    self.hole(hole);
                }
            }
            // The other kinds matter only on the page for print.
            _ => {
                if let Some(placement) = self.context.placement {
                    self.move_segment(segment, placement);
                }
            }
        }
    }

    /// Writes what differs on the page for print.
    fn move_segment(&mut self, segment: Segment, placement: &Placement<'_>) {
        let start = segment.start as usize;
        self.copy(start);

        match segment.kind {
            // Headings of chapters are a level deeper, as far as there are levels.
            SegmentKind::Level => {
                let level = self.html.as_bytes()[start];
                self.out.push(char::from(if level < b'6' { level + 1 } else { level }));
                self.written = start + 1;
            }
            SegmentKind::Id => self.out.push_str(&placement.prefix),
            SegmentKind::Address(length) => {
                self.written = start + length as usize;
                let address = unescape(&self.html[start..self.written]);
                escape_into(&mut self.out, &placement.url(&address));
            }
            // A browser that prints does not wait for images that load later.
            SegmentKind::Loading(length) => {
                self.out.push_str("eager");
                self.written = start + length as usize;
            }
            _ => {}
        }
    }

    /// Links the terms in text that ends here.
    fn link_terms(&mut self, end: usize) {
        while let Some((one, rest)) = self.uses.split_first().filter(|(one, _)| one.start < end) {
            self.copy(one.start);
            terms::open(&mut self.out, one, self.context.placement);
            self.copy(one.end);
            self.out.push_str("</a>");
            self.uses = rest;
        }
    }

    fn hole(&mut self, hole: &Hole) {
        match hole {
            Hole::Code(code) => self.code(code),
            Hole::Math(formula) => self.ids(&formula.mathml, &formula.ids),
            Hole::Diagram(drawing) => self.ids(&drawing.svg, &drawing.ids),
            Hole::Number(number) => self.number(*number),
            Hole::Reference(link) => self.reference(*link),
            Hole::Wording(wording) => {
                escape_into(&mut self.out, &self.context.frame.theme.words.wording(wording));
            }
        }
    }

    /// Writes a code block; before the first one that has some, the values that it needs.
    fn code(&mut self, code: &CodeBlock) {
        if self.asks && !code.tokens.is_empty() && code.tab.is_none() {
            self.ask_for_values(code);
        }

        let BodyContext { frame, document, highlighter, number, placement, .. } = self.context;
        let site = &frame.site;
        let listing = |nth| names::numbered(Numbered::Listing(nth), number, frame);
        let stuck = |url| Stuck { url, text: frame.theme.words.get("text", "stuck") };
        let has_failed = Cell::new(false);
        let context = CodeContext {
            highlighter: site.highlight.then_some(highlighter),
            has_failed: &has_failed,
            words: &frame.theme.words,
            listing: code.listing.and_then(listing),
            // Nobody can unfold paper.
            output: if placement.is_some() { OutputSetting::Shown } else { site.output },
            machines: Machines {
                all: &site.machines,
                of_chapter: document.front.machine.as_ref().map(|(name, _)| name.as_str()),
            },
            stuck: self.context.stuck().map(stuck),
            id_prefix: prefix(self.context),
            checked: self
                .context
                .checked
                .and_then(|chapter| chapter.block(code.step))
                .zip(self.mark.as_ref()),
        };
        block::write(&mut self.out, code, &context);
        if has_failed.get() {
            self.warn(code);
        }
    }

    /// Notes that the grammar of a code block cannot read it.
    fn warn(&self, code: &CodeBlock) {
        let document = self.context.document;
        let begun = document.blocks.partition_point(|block| block.segments <= self.segments);
        let Some(block) = begun.checked_sub(1).and_then(|last| document.blocks.get(last)) else { return };

        let message =
            format!("the grammar of `{}` cannot read this block, which is shown without colours", code.name);
        let diagnostic = Diagnostic::new(DiagnosticCode::FailedHighlighting, message);
        let span = Span::new(block.source, block.source);
        let diagnostic = diagnostic.at(&document.source, span).hint(
            "it comes to no end at some place; write `text` as the language, or change the code a little",
        );
        self.context.warnings.borrow_mut().push(diagnostic);
    }

    /// Writes the number of a table, if there are numbers.
    fn number(&mut self, number: Numbered) {
        if let Some(text) = names::numbered(number, self.context.number, self.context.frame) {
            self.out.push_str("<span class=\"number\">");
            escape_into(&mut self.out, &text);
            self.out.push_str("</span> ");
        }
    }

    /// Writes the text of a link that has none of its own.
    fn reference(&mut self, link: u32) {
        let found = self.context.references.iter().find(|(number, _)| *number == link);
        if let Some((_, reference)) = found {
            self.out.push_str(&names::of_reference(reference, self.context.frame));
        }
    }

    /// Shows, before the first block that has some, all values that the code of the chapter needs.
    fn ask_for_values(&mut self, first: &CodeBlock) {
        self.asks = false;
        let blocks = self.holes.as_slice().iter().filter_map(|hole| match hole {
            Hole::Code(code) => Some(&**code),
            _ => None,
        });
        let mut tokens: Vec<&Token> = Vec::new();
        for token in [first].into_iter().chain(blocks).flat_map(|code| &code.tokens) {
            if !tokens.iter().any(|known| known.name == token.name) {
                tokens.push(token);
            }
        }

        self.out.push_str("<p class=\"needs\">");
        escape_into(&mut self.out, self.context.frame.theme.words.get("text", "needs"));
        for token in tokens {
            self.out.push(' ');
            placeholder::mark(&mut self.out, &token.name, &token.text);
        }
        self.out.push_str("</p>\n");
    }

    /// Writes where a link leads.
    fn url(&mut self, number: u32) {
        let url = self.context.links[number as usize].as_deref().unwrap_or_default();
        match self.context.placement {
            Some(placement) => escape_into(&mut self.out, &placement.url(url)),
            None => escape_into(&mut self.out, url),
        }
    }

    /// Writes HTML in which ids begin at these places.
    fn ids(&mut self, html: &str, places: &[usize]) {
        let Some(placement) = self.context.placement else { return self.out.push_str(html) };

        let mut written = 0;
        for place in places {
            self.out.push_str(&html[written..*place]);
            self.out.push_str(&placement.prefix);
            written = *place;
        }
        self.out.push_str(&html[written..]);
    }
}
