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
pub mod label;
pub mod link;
pub mod markup;
pub mod math;
pub mod placeholder;
pub mod recorder;
pub mod step_chain;

mod alerts;
mod balance;
mod bare;
mod blocks;
mod buffer;
mod code;
mod copies;
mod diagrams;
mod figures;
mod footnotes;
mod formulas;
mod frame;
mod html;
mod inlines;
mod links;
mod lists;
mod measure;
mod page_tree;
mod raw;
mod steps;
mod tables;
mod unlinked;
mod unread_markdown;
mod writer;

use std::mem::take;
use std::sync::Arc;

use crate::parse::front_matter::FrontMatter;
use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Block, BlockKind};
use crate::parse::{ChapterTree, Options, address};
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, Source};

use foldhash::HashSet;
use measure::{OPENING, cut};
use recorder::Answer;
use writer::{RawForms, Writer, Written};

pub use document::Document;
pub use markup::{Hole, Markup, Segment, SegmentKind};
pub use recorder::{Files, Recorder};

/// Writes a chapter. Other files are only looked at through a recorder, which keeps the answers.
pub fn write(chapter: ChapterTree<'_>, options: &Hashed<Options>, files: &dyn Files) -> Document {
    let (written, answers) = written(&chapter, options, files);
    let ChapterTree { source, front, title, blocks, body, named, unfinished, hidden, mut diagnostics } =
        chapter;
    diagnostics.extend(written.diagnostics);
    diagnostics.extend(missing_names(&front, &written.anchors, options, source));

    let address = address::find(source, &front, &title.written);
    let mut anchors: Vec<&String> = written.anchors.iter().collect();
    anchors.sort_unstable();
    let names = (anchors, &title.text, &written.headings, &written.labels, &named);
    let face = (&source.path, &address.path, names);

    Document {
        face: Digest::of_value(&face),
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
        labels: written.labels,
        named,
        tasks: unfinished.tasks,
        notes: unfinished.notes,
        words: written.words,
        opening: opening(&blocks),
        copies: written.copies,
        stale: written.stale,
        entries: written.entries,
        marked: written.marked,
        is_whole: true,
        steps: written.step_blocks,
        steps_end: written.steps_end,
        diagnostics,
        answers,
    }
}

/// Writes a chapter's title and text. If its raw HTML would change the page around it, it is written again, in a form
/// that does not. What is wrong with it is what was found first.
fn written(chapter: &ChapterTree<'_>, options: &Options, files: &dyn Files) -> (Written, Vec<Answer>) {
    let mut forms = RawForms::default();
    let mut diagnostics = None;
    loop {
        let recorder = Recorder::new(files);
        let mut writer = Writer::new(chapter, options, &recorder, forms);
        writer.title(&chapter.title);
        writer.text(&chapter.blocks);
        let mut written = writer.finish();

        if written.needed == forms {
            let mut found = diagnostics.unwrap_or_else(|| take(&mut written.diagnostics));
            found.extend(written.changed(chapter.source, &found));
            written.diagnostics = found;
            return (written, recorder.finish());
        }
        forms = written.needed;
        diagnostics.get_or_insert(written.diagnostics);
    }
}

/// The problems of what front matter names: a machine and a source of the book, and a section of the chapter.
fn missing_names(
    front: &FrontMatter,
    anchors: &HashSet<String>,
    options: &Options,
    source: &Arc<Source>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if let Some((machine, span)) = &front.machine
        && !options.machines.contains(machine)
    {
        diagnostics.push(code_block::unknown_machine(machine, &options.machines).at(source, *span));
    }
    if let Some(states) = &front.source
        && let Err(unknown) =
            excerpt::source::find(states.name.as_deref(), &options.sources, |name| format!("name: {name}"))
    {
        diagnostics.push(unknown.at(source, states.span));
    }
    if let Some((link, span)) = &front.stuck
        && !anchors.contains(link.trim_start_matches('#'))
    {
        let message = format!("this chapter has no section `{link}`");
        let diagnostic = Diagnostic::new(DiagnosticCode::BrokenAnchor, message).at(source, *span);
        diagnostics.push(diagnostic.hint("name the id of a heading: `#when-it-goes-wrong`"));
    }
    diagnostics
}

/// The text of the first paragraph, cut.
fn opening(blocks: &[Block<'_>]) -> Option<String> {
    blocks.iter().find_map(|block| {
        let BlockKind::Paragraph(text) = &block.kind else { return None };
        let text = plain::text(text, Purpose::Reading);
        (!text.trim().is_empty()).then(|| cut(&text, OPENING))
    })
}
