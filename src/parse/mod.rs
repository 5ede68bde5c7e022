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
pub mod glossary;
pub mod heading;
pub mod items;
pub mod language;
pub mod link;
pub mod mark;
pub mod markdown;
pub mod math;
pub mod placeholder;
pub mod raw_html;
pub mod recorder;
pub mod summary;
pub mod todo;
pub mod write;

use std::sync::Arc;

use crate::read::Placeholder;
use crate::read::config::{Config, SourceSettings, Visibility};
use crate::text::{Digest, Hashed, Source, Span};

use markdown::Collected;

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
    let recorder = Recorder::new(files);
    let (front, body, mut faults) = front_matter::read(source);
    let hidden: Option<definitions::Hidden>;
    let mut collected = markdown::collect(&source.text, body, source, options);
    if collected.has_definitions && definitions::hold_unspaced(&collected.items, &source.text) {
        hidden = definitions::Hidden::find(&source.text, body, options);
        if let Some(hidden) = &hidden {
            collected = markdown::collect(&hidden.text, body, source, options);
            hidden.show(&mut collected.items);
        }
    }
    let Collected { mut items, faults: mut of_items, has_unfinished, .. } = collected;
    faults.append(&mut of_items);
    if options.math {
        math::unseen::keep_money(&mut items, source);
        math::unseen::warn(&items, source, &mut faults);
    }
    mark::resolve(&mut items, &source.text);
    glossary::find_marked(&mut items, &source.text);
    let (unfinished, hidden) = match has_unfinished {
        true => (todo::inventory(&items), todo::hide(&mut items, options)),
        false => Default::default(),
    };
    let mut outline = heading::outline(source, &mut items, &front, &mut faults);
    let entries = if front.glossary { glossary::entries(&items) } else { Vec::new() };
    let ids = entries.iter().map(|entry| entry.id.clone()).collect();
    let title = &mut outline.title;
    let text =
        write::Text { title: &outline.lifted, title_id: title.id.as_deref(), body: &items, term_ids: ids };
    let written = write::write(source, text, options, &recorder);
    if !outline.lifted.is_empty() {
        title.html = written.title;
    }
    faults.extend(written.faults);
    let answers = recorder.finish();
    let address = address::find(source, &front, &outline.title.text);
    let mut anchors: Vec<&String> = written.anchors.iter().collect();
    anchors.sort_unstable();
    Document {
        face: Digest::of_value(&(&source.path, &address.path, anchors)),
        options: options.digest(),
        source: Arc::clone(source),
        address,
        front,
        title: outline.title,
        headings: outline.headings,
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
        entries,
        marked: written.marked,
        faults,
        answers,
    }
}

/// A span moved by an offset.
fn shifted(span: std::ops::Range<usize>, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}
