//! A parsed chapter → its [`Document`]: HTML as the specification's examples have it, formulas as MathML and diagrams
//! as SVG, with holes where an address inside the book or highlighted code will be.
//!
//! [`write()`] is the entry point; `Writer` holds one page's state while it is written. Footnotes are written aside
//! where they are defined and join the page at its end. Pure and total, as [`parse`](crate::parse) is.

pub mod callouts;
pub mod code_block;
pub mod diagram;
pub mod document;
pub mod excerpt;
pub mod link;
pub mod markup;
pub mod math;
pub mod placeholder;
pub mod recorder;

mod bare;
mod blocks;
mod buffer;
mod code;
mod copies;
mod diagrams;
mod footnotes;
mod formulas;
mod html;
mod inlines;
mod links;
mod lists;
mod measure;
mod raw;
mod tables;
mod unlinked;
mod writer;

use std::sync::Arc;

use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Block, BlockKind};
use crate::parse::{ChapterTree, Options, address};
use crate::text::{Digest, Hashed};

use measure::{OPENING, cut};
use writer::Writer;

pub use document::Document;
pub use markup::{Hole, Markup, Segment, SegmentKind};
pub use recorder::{Files, Recorder};

/// Writes a chapter. Other files are only looked at through a recorder, which keeps the answers.
pub fn write(chapter: ChapterTree<'_>, options: &Hashed<Options>, files: &dyn Files) -> Document {
    let recorder = Recorder::new(files);
    let mut writer = Writer::new(&chapter, options, &recorder);
    writer.title(&chapter.title);
    writer.blocks(&chapter.blocks);
    let written = writer.finish();

    let ChapterTree { source, front, title, blocks, body, unfinished, hidden, mut diagnostics } = chapter;
    diagnostics.extend(written.diagnostics);
    let address = address::find(source, &front, &title.text);
    let mut anchors: Vec<&String> = written.anchors.iter().collect();
    anchors.sort_unstable();
    Document {
        face: Digest::of_value(&(&source.path, &address.path, anchors)),
        options: options.digest(),
        source: Arc::clone(source),
        address,
        front,
        title: document::Title { text: title.text, html: written.title, id: title.id },
        headings: written.headings,
        text: written.text,
        blocks: written.blocks,
        body,
        hidden,
        anchors: written.anchors,
        links: written.links,
        tasks: unfinished.tasks,
        notes: unfinished.notes,
        words: written.words,
        opening: opening(&blocks),
        copies: written.copies,
        stale: written.stale,
        entries: written.entries,
        marked: written.marked,
        diagnostics,
        answers: recorder.finish(),
    }
}

/// The text of the first paragraph, cut.
fn opening(blocks: &[Block<'_>]) -> Option<String> {
    blocks.iter().find_map(|block| {
        let BlockKind::Paragraph(text) = &block.kind else { return None };
        let text = plain::text(text, Purpose::Reading);
        (!text.trim().is_empty()).then(|| cut(&text, OPENING))
    })
}
