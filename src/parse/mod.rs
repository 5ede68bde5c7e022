//! One file → its [`ChapterTree`]: what the front matter says, and the text as a [`tree`]. Pure and total: whatever the
//! text, there is a chapter, and what is wrong with it is in its diagnostics.
//!
//! The flow of [`parse`]: front matter is cut off ([`front_matter`]); [`markdown`] builds the tree from the Markdown
//! parser's events, with info strings ([`info`]) and the attributes of headings ([`attributes`]) read. Markup of other tools is
//! reported ([`foreign`]), and what only looks like a link or a table ([`lookalike`]). Passes over the tree then correct
//! definition lists ([`definitions`]) and find what bindery adds to Markdown: TODO sections and notes ([`mod@todo`]), marks
//! ([`mark`]), marked terms ([`glossary`]). Last, a title in raw HTML becomes a heading ([`html_title`]), headings get their
//! ids and levels ([`heading`]), names for MyST are kept with what they are of ([`named_places`]), and prose is set as its
//! language asks ([`typography`]).

pub mod address;
pub mod alert;
pub mod attributes;
pub mod build;
pub mod chapter_source;
pub mod console;
pub mod definitions;
pub mod exercises;
pub mod foreign;
mod front_fence;
pub mod front_matter;
pub mod gathered;
pub mod glossary;
pub mod heading;
pub mod hide;
pub mod html_title;
pub mod image;
pub mod info;
pub mod language;
pub mod lookalike;
pub mod mark;
pub mod markdown;
pub mod named_places;
pub mod option_hints;
pub mod options;
pub mod origin;
pub mod placeholder_tag;
pub mod plain;
pub mod reread;
pub mod step_options;
pub mod summary;
pub mod test_note;
pub mod todo;
pub mod tree;
pub mod typography;
pub mod unseen_math;
pub mod visit;

use std::sync::Arc;

use crate::text::{Diagnostic, Source, Span};

use front_matter::FrontMatter;
use heading::ChapterTitle;
use markdown::Markdown;
use named_places::{NamedPlace, Names};
use todo::Unfinished;
use tree::Block;

pub use options::Options;
pub use summary::Summary;

/// One chapter, parsed.
#[derive(Debug)]
pub struct ChapterTree<'a> {
    /// The file.
    pub source: &'a Arc<Source>,
    /// What its front matter says.
    pub front: FrontMatter,
    /// The title.
    pub title: ChapterTitle<'a>,
    /// The text, without what is hidden and without the heading that became the title.
    pub blocks: Vec<Block<'a>>,
    /// Where in the file the text begins.
    pub body: usize,
    /// The places that have names for MyST.
    pub named: Vec<NamedPlace>,
    /// The tasks and notes, also where they are hidden.
    pub unfinished: Unfinished,
    /// What of the file is hidden: TODO lists and notes, if the settings say so.
    pub hidden: Vec<Span>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses one chapter.
pub fn parse<'a>(source: &'a Arc<Source>, options: &Options) -> ChapterTree<'a> {
    let (front, body, mut diagnostics) = front_matter::read(source);
    let Markdown { mut blocks, task_blocks, has_definitions, diagnostics: mut of_markdown } =
        markdown::parse(source, body, options);
    diagnostics.append(&mut of_markdown);

    // What the parser reads in another way than authors mean.
    if has_definitions {
        definitions::correct(&mut blocks, &source.text);
    }
    if options.math {
        unseen_math::keep_money(&mut blocks, &source.text);
        unseen_math::warn(&blocks, source, &mut diagnostics);
    }
    foreign::report(&blocks, source, body.start, &mut diagnostics);
    lookalike::warn(&blocks, source, body.start, &mut diagnostics);

    // What bindery adds to Markdown.
    let has_unfinished = todo::find(&mut blocks, &task_blocks, &source.text);
    attributes::take_of_images(&mut blocks, &source.text);
    let too_deep = mark::resolve(&mut blocks, &source.text);
    diagnostics.extend(too_deep.map(|span| markdown::nested_too_deeply(source, span)));
    glossary::find_marked(&mut blocks, &source.text);
    let (mut unfinished, mut hidden) = (Unfinished::default(), Vec::new());
    if has_unfinished {
        unfinished = todo::inventory(&blocks);
        hidden = hide::hide(&mut blocks, options);
    }
    if front.glossary {
        glossary::give_ids(&mut blocks);
    }

    html_title::find(&mut blocks, &source.text);
    let names = Names::find(&blocks, &source.text);
    let mut title = heading::outline(source, &mut blocks, &front, &mut diagnostics);
    let named = names.located(&blocks, &title);
    if let Some(language) = &options.typography {
        typography::set(language, source, &mut title, &mut blocks);
    }
    ChapterTree { source, front, title, blocks, body: body.start, named, unfinished, hidden, diagnostics }
}
