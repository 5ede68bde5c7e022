//! Edits of a chapter's text that leave the rest of the book as it is.
//!
//! An edition looks at every chapter, which takes longer the larger a book is, and an author who has changed a sentence
//! need not wait for that. [`Edits`] are what differs from an edition after such edits: the pages of these chapters and
//! their Markdown, and the places of what is wrong with them. All else stays, because nothing that other pages show of a
//! chapter has changed. What is made of the whole text of all chapters (the page for print, the index for search, the
//! feed, the reading times in lists) follows with the next edition.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use crate::bind::places::page_file;
use crate::bind::terms::{Glossary, Uses};
use crate::edition::Edition;
use crate::render::inputs::{ChapterJob, MarkdownJob};
use crate::render::pages::markdown;
use crate::render::{Job, Promise};
use crate::text::diagnostic::Location;
use crate::text::{Diagnostic, Hashed, Span};
use crate::write::Document;

/// What differs from an edition after edits of chapters.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// The outputs that differ, by their paths.
    pub outputs: BTreeMap<String, Arc<Promise>>,
    /// The edited chapters, by the paths of their files.
    documents: BTreeMap<String, Arc<Document>>,
    /// The diagnostics that are at other places now, by their numbers in the edition.
    moved: HashMap<usize, Diagnostic>,
}

impl Edits {
    /// Adds an edited chapter. Returns `None` if anything but its own page and Markdown can depend on the edit; then
    /// there must be a new edition.
    pub fn with(
        &self,
        edition: &Edition,
        document: &Arc<Document>,
        glossary: Option<&Glossary>,
    ) -> Option<Edits> {
        let path = &document.source.path;
        let chapter = edition.book.chapter_of(path)?;
        let old = self.documents.get(path).unwrap_or(&chapter.document);
        let terms = glossary.map_or_else(
            || Arc::clone(&chapter.terms),
            |glossary| Arc::new(Hashed::new(glossary.uses(document))),
        );
        // What later chapters say of their tests depends on it.
        if edition.book.is_recorded && old.steps_end != document.steps_end {
            return None;
        }
        if !is_alike(old, document) || numbers(&terms) != numbers(&chapter.terms) {
            return None;
        }

        let page_path = page_file(&chapter.address);
        let Job::Chapter(job) = &self.output(edition, &page_path)?.job else { return None };
        let job = ChapterJob { document: Arc::clone(document), terms, ..(**job).clone() };

        let mut edits = self.clone();
        edits.move_diagnostics(edition, old, document)?;
        edits.promise(page_path, Job::Chapter(Box::new(job)));
        let markdown_path = format!("{}{}", chapter.address, markdown::NAME);
        if let Some(Promise { job: Job::Markdown(old), .. }) =
            self.output(edition, &markdown_path).map(|old| &**old)
        {
            let links = Arc::clone(&old.links);
            let markdown =
                MarkdownJob { document: Arc::clone(document), links, checked: old.checked.clone() };
            edits.promise(markdown_path, Job::Markdown(markdown));
        }
        edits.documents.insert(path.clone(), Arc::clone(document));
        Some(edits)
    }

    /// The output at a path.
    pub fn output<'e>(&'e self, edition: &'e Edition, path: &str) -> Option<&'e Arc<Promise>> {
        self.outputs.get(path).or_else(|| edition.site.promises.get(path))
    }

    /// The document of a file.
    pub fn document<'e>(&'e self, edition: &'e Edition, path: &str) -> Option<&'e Arc<Document>> {
        self.documents.get(path).or_else(|| edition.document(path))
    }

    /// Everything that is wrong.
    pub fn diagnostics<'e>(&'e self, edition: &'e Edition) -> impl Iterator<Item = &'e Diagnostic> {
        let numbered = edition.diagnostics.iter().enumerate();
        numbered.map(|(number, diagnostic)| self.moved.get(&number).unwrap_or(diagnostic))
    }

    fn promise(&mut self, path: String, job: Job) {
        self.outputs.insert(path, Arc::new(Promise::new(job)));
    }

    /// Finds the new places of what is wrong with a chapter. Returns `None` if one cannot be told.
    fn move_diagnostics(&mut self, edition: &Edition, old: &Document, new: &Document) -> Option<()> {
        let moves = moves(old, new);
        let mut moved = Vec::new();
        for (number, diagnostic) in self.diagnostics(edition).enumerate() {
            let Some(place) =
                diagnostic.place.as_ref().filter(|place| Arc::ptr_eq(&place.source, &old.source))
            else {
                continue;
            };
            // What is before the text is the same.
            let is_before = place.span.end <= old.body;
            let span = if is_before { place.span } else { *moves.get(&place.span)? };
            let place = Location { source: Arc::clone(&new.source), span };
            moved.push((number, Diagnostic { place: Some(place), ..diagnostic.clone() }));
        }
        self.moved.extend(moved);
        Some(())
    }
}

/// Whether all that the rest of the book knows of a chapter is the same in two documents of it, and what is wrong with
/// them.
fn is_alike(old: &Document, new: &Document) -> bool {
    (old.face, old.options, &old.title, &old.answers) == (new.face, new.options, &new.title, &new.answers)
        && before_text(old) == before_text(new)
        && old.address.path == new.address.path
        && old.entries == new.entries
        && old.links.len() == new.links.len()
        && old.links.iter().zip(&new.links).all(|(old, new)| old.is_same_but_place(new))
        && old.marked.iter().map(|marked| &marked.text).eq(new.marked.iter().map(|marked| &marked.text))
        && old.tasks.iter().map(|task| task.done).eq(new.tasks.iter().map(|task| task.done))
        && old.notes.len() == new.notes.len()
        && old.diagnostics.len() == new.diagnostics.len()
        && old.diagnostics.iter().zip(&new.diagnostics).all(|(old, new)| is_same_but_place(old, new))
}

/// What comes before the text of a chapter: its front matter.
fn before_text(document: &Document) -> &str {
    &document.source.text[..document.body]
}

fn is_same_but_place(one: &Diagnostic, other: &Diagnostic) -> bool {
    (one.severity, one.code, &one.message, &one.notes, &one.hint, one.place.is_some())
        == (other.severity, other.code, &other.message, &other.notes, &other.hint, other.place.is_some())
}

/// The terms that a chapter uses.
fn numbers(uses: &Uses) -> HashSet<usize> {
    uses.iter().map(|one| one.number).collect()
}

/// Where the places of diagnostics in one document of a chapter are in another: those of its own, of its links and of its
/// terms.
fn moves(old: &Document, new: &Document) -> HashMap<Span, Span> {
    let places = |document: &Document| {
        let own = document.diagnostics.iter().filter_map(|diagnostic| Some(diagnostic.place.as_ref()?.span));
        let links = document.links.iter().map(|link| link.span);
        let terms = document.marked.iter().map(|marked| marked.span);
        own.chain(links).chain(terms).collect::<Vec<_>>()
    };
    places(old).into_iter().zip(places(new)).collect()
}
