//! A chapter's tree → segments: HTML as the specification's examples have it, with holes where an address inside the
//! book or highlighted code will be.
//!
//! [`write()`] is the entry point; `Writer` holds one page's state while it is written. Footnotes are written aside
//! where they are defined and join the page at its end.

use std::mem::take;
use std::sync::Arc;

use foldhash::HashSet;

use super::document::{BlockStart, Heading, Segment};
use super::excerpt::Stale;
use super::glossary::{Entry, Marked};
use super::heading::{Title, TitleContent};
use super::link::Link;
use super::math::Converter;
use super::plain::{self, Purpose};
use super::tree::{Block, BlockKind};
use super::{Options, Recorder};
use crate::text::html::escape;
use crate::text::{Diagnostic, Source};

mod blocks;
mod buffer;
mod code;
mod copies;
mod diagrams;
mod footnotes;
mod inlines;
mod links;
mod lists;
mod math;
mod measure;
mod raw;
mod tables;

use buffer::Buffer;
use footnotes::Footnotes;
use measure::{OPENING, cut, words};
use raw::RawHtml;

/// What writing a chapter gives.
#[derive(Debug, Default)]
pub struct Written {
    /// The title.
    pub title: Vec<Segment>,
    /// The headings of the body.
    pub headings: Vec<Heading>,
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
    /// The terms that it defines.
    pub entries: Vec<Entry>,
    /// The terms that the author marked.
    pub marked: Vec<Marked>,
    /// What is wrong.
    pub faults: Vec<Diagnostic>,
}

/// Writes the title and the body of a chapter.
pub fn write(
    source: &Arc<Source>,
    title: &Title<'_>,
    blocks: &[Block<'_>],
    options: &Options,
    recorder: &Recorder<'_>,
) -> Written {
    let mut writer = Writer {
        source,
        options,
        recorder,
        page: Buffer::default(),
        done: Written { anchors: title.id.iter().cloned().collect(), ..Written::default() },
        footnotes: Footnotes::default(),
        raw: RawHtml::default(),
        text: String::with_capacity(source.text.len()),
        is_in_link: false,
        explained: 0,
        math: Converter::new(),
        diagrams: 0,
    };
    writer.title(title);
    writer.blocks(blocks);
    writer.done.opening = opening(blocks);
    writer.finish()
}

/// The text of the first paragraph, cut.
fn opening(blocks: &[Block<'_>]) -> Option<String> {
    blocks.iter().find_map(|block| {
        let BlockKind::Paragraph(text) = &block.kind else { return None };
        let text = plain::text(text, Purpose::Reading);
        (!text.trim().is_empty()).then(|| cut(&text, OPENING))
    })
}

/// One page while it is written.
struct Writer<'s, 'r> {
    source: &'s Arc<Source>,
    options: &'s Options,
    recorder: &'s Recorder<'r>,
    page: Buffer,
    done: Written,
    footnotes: Footnotes,
    raw: RawHtml,
    /// What readers read, plain.
    text: String,
    /// Whether a link is open: an address in the text of a link is one to the parser.
    is_in_link: bool,
    /// How many blocks have callouts so far.
    explained: usize,
    math: Converter,
    diagrams: usize,
}

impl<'a> Writer<'_, '_> {
    /// Writes the title. Only a heading that was taken out of the text has links.
    fn title(&mut self, title: &Title<'a>) {
        let html = match &title.content {
            TitleContent::Lifted(text) if !text.is_empty() => {
                self.inlines(text);
                self.done.title = take(&mut self.page).finish().0;
                return;
            }
            TitleContent::OfHeading(text) => inlines::bare(text),
            TitleContent::Lifted(_) | TitleContent::Plain => escape(&title.text),
        };
        self.done.title = vec![Segment::Html(html)];
    }

    /// Writes HTML on a line of its own.
    fn line(&mut self, html: &str) {
        self.fresh_line();
        self.page.html.push_str(html);
        self.page.html.push('\n');
    }

    /// Writes HTML at the beginning of a line.
    fn begin(&mut self, html: &str) {
        self.fresh_line();
        self.page.html.push_str(html);
    }

    fn fresh_line(&mut self) {
        if !self.page.at_line_start() {
            self.page.html.push('\n');
        }
    }

    fn finish(mut self) -> Written {
        self.end_raw_html();
        self.write_footnotes();
        (self.done.segments, self.done.blocks) = self.page.finish();
        self.done.words = words(&self.text);
        self.done
    }
}
