//! One file → one [`Document`]. Pure and total: whatever the text, there is a document, and what is
//! wrong with it is in its diagnostics.
//!
//! The flow of [`parse`]: front matter is cut off ([`front_matter`]); Markdown becomes a list of [`items`]
//! ([`markdown`]), with definition lists ([`definitions`]) and the attributes of headings ([`attributes`]) as authors
//! mean them, in which the author's TODO lists and notes ([`mod@todo`]), marks ([`mark`]) and marked terms
//! ([`glossary`]) are found; the [`mod@write`] step turns the items into segments: finished HTML with holes where a
//! link's address or highlighted code will stand, which only later stages know.

pub mod address;
pub mod attributes;
pub mod callouts;
pub mod code;
pub mod console;
pub mod definitions;
pub mod diagram;
pub mod document;
pub mod excerpt;
pub mod front_matter;
pub mod gathered;
pub mod glossary;
pub mod heading;
pub mod info;
pub mod language;
pub mod link;
pub mod mark;
pub mod markdown;
pub mod math;
pub mod placeholder;
pub mod plain;
pub mod raw_html;
pub mod recorder;
pub mod reread;
pub mod summary;
pub mod todo;
pub mod tree;
pub mod write;

use std::sync::Arc;

use crate::read::Placeholder;
use crate::read::config::{Config, SourceSettings, Visibility};
use crate::text::{Digest, Hashed, Source};

use markdown::Markdown;
use todo::Unfinished;

pub use document::{Document, Segment, Task};
pub use recorder::{Files, Recorder};
pub use summary::Summary;

/// What of the settings a document depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Whether TODO lists are written.
    pub todo: Visibility,
    /// Whether the author's notes are written.
    pub notes: Visibility,
    /// What begins an author's comment in a console session.
    pub comment: Option<String>,
    /// Whether what stands between dollar signs is math.
    pub math: bool,
    /// Whether code wraps unless a block says otherwise.
    pub wrap: bool,
    /// How many lines of code are shown unfolded.
    pub fold: Option<usize>,
    /// The declared placeholders with their names.
    pub placeholders: Vec<(String, Placeholder)>,
    /// Where code blocks are copied from, by name.
    pub sources: Vec<(String, SourceSettings)>,
}

impl Options {
    /// Takes from the settings what parsing depends on.
    pub fn new(config: &Config) -> Self {
        Options {
            todo: config.todo,
            notes: config.notes,
            comment: config.code.comment.clone(),
            math: config.math,
            wrap: config.code.wrap,
            fold: config.code.fold,
            placeholders: config.placeholders.clone(),
            sources: config.sources.clone().into_iter().collect(),
        }
    }
}

/// Parses one chapter.
pub fn parse(source: &Arc<Source>, options: &Hashed<Options>, files: &dyn Files) -> Document {
    let (front, body, mut faults) = front_matter::read(source);
    let Markdown { mut blocks, task_blocks, has_definitions, faults: mut of_markdown } =
        markdown::parse(source, body, options);
    faults.append(&mut of_markdown);

    // What the parser reads in another way than authors mean.
    if has_definitions {
        definitions::correct(&mut blocks, &source.text);
    }
    if options.math {
        math::unseen::keep_money(&mut blocks, &source.text);
        math::unseen::warn(&blocks, source, &mut faults);
    }

    // What bindery adds to Markdown.
    let has_unfinished = todo::find(&mut blocks, &task_blocks, &source.text);
    mark::resolve(&mut blocks, &source.text);
    glossary::find_marked(&mut blocks, &source.text);
    let (mut unfinished, mut hidden) = (Unfinished::default(), Vec::new());
    if has_unfinished {
        unfinished = todo::inventory(&blocks);
        hidden = todo::hide(&mut blocks, options);
    }
    let title = heading::outline(source, &mut blocks, &front, &mut faults);
    if front.glossary {
        glossary::give_ids(&mut blocks);
    }

    let recorder = Recorder::new(files);
    let written = write::write(source, &title, &blocks, options, &recorder);
    faults.extend(written.faults);
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
        segments: written.segments,
        blocks: written.blocks,
        body: body.start,
        hidden,
        anchors: written.anchors,
        links: written.links,
        tasks: unfinished.tasks,
        notes: unfinished.notes,
        words: written.words,
        opening: written.opening,
        copies: written.copies,
        stale: written.stale,
        entries: written.entries,
        marked: written.marked,
        faults,
        answers: recorder.finish(),
    }
}
