//! What a book is when it is bound: a [`Book`], whose chapters know their addresses, their place in the
//! order, and where their links lead.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::resolve::Resolved;
use super::terms::Uses;
use crate::parse::Document;
use crate::read::Asset;
use crate::text::{Diagnostic, Digest};

/// A bound book.
#[derive(Debug)]
pub struct Book {
    /// The chapters, in the order of their files' paths.
    pub chapters: Vec<Chapter>,
    /// The parts, in the reader's order.
    pub parts: Vec<Part>,
    /// The chapters in the reader's order, by number.
    pub sequence: Vec<usize>,
    /// The chapter at the site's root, by number.
    pub front: Option<usize>,
    /// Old addresses and where they lead.
    pub redirects: Vec<Redirect>,
    /// The files beside chapters that pages use, by the address they are published at.
    pub files: BTreeMap<String, Arc<Asset>>,
    /// The digest of all that a link can lead to.
    pub targets: Digest,
    /// The digest of its glossary, if there is one.
    pub glossary: Option<Digest>,
    /// What is wrong, in reading order.
    pub faults: Vec<Diagnostic>,
}

/// A chapter in its book.
#[derive(Debug)]
pub struct Chapter {
    /// What it says.
    pub document: Arc<Document>,
    /// The address on the site: ends in `/`, the front page's is empty.
    pub address: String,
    /// Where its links lead.
    pub links: Arc<Resolved>,
    /// The terms that become links to their definitions.
    pub terms: Uses,
    /// Its place in the reader's order; `None` where it is outside of that.
    pub place: Option<Place>,
}

/// A chapter's place in the reader's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The number of its part.
    pub part: usize,
    /// The number of its entry in the part; `None` if it opens the part.
    pub entry: Option<usize>,
    /// Its number in the sequence.
    pub turn: usize,
}

/// A part of a book: chapters under a title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Part {
    /// The title; the first part can be without.
    pub title: Option<String>,
    /// The chapter that opens the part and that its title leads to, by number; it is no entry.
    pub opening: Option<usize>,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// A line in a part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// How deep it is nested, from 0.
    pub depth: usize,
    /// The title.
    pub title: String,
    /// The chapter, by number; `None` for a planned one, or for a folder without its own page.
    pub chapter: Option<usize>,
    /// Whether the chapter is planned and not yet written.
    pub planned: bool,
}

/// An address that leads to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Redirect {
    /// The old address, as a page's or a file's (`old/`, `old.html`).
    pub from: String,
    /// The chapter's number.
    pub chapter: usize,
}

impl Book {
    /// Puts the parts of a bound book together, and gives every chapter its place.
    pub(super) fn new(
        mut chapters: Vec<Chapter>,
        parts: Vec<Part>,
        redirects: Vec<Redirect>,
        (targets, glossary): (Digest, Option<Digest>),
        mut faults: Vec<Diagnostic>,
    ) -> Self {
        let mut sequence = Vec::with_capacity(chapters.len());
        for (number, part) in parts.iter().enumerate() {
            let entries = part.entries.iter().enumerate();
            let opening = part.opening.map(|chapter| (None, chapter));
            let written = entries.filter_map(|(at, entry)| Some((Some(at), entry.chapter?)));
            for (entry, chapter) in opening.into_iter().chain(written) {
                chapters[chapter].place = Some(Place { part: number, entry, turn: sequence.len() });
                sequence.push(chapter);
            }
        }
        let files = chapters.iter().flat_map(|chapter| &chapter.links.files);
        let files = files.map(|(address, asset)| (address.clone(), Arc::clone(asset))).collect();
        let front = chapters.iter().position(|chapter| chapter.address.is_empty());
        faults.sort_by(Diagnostic::reading_order);
        Book { chapters, parts, sequence, front, redirects, files, targets, glossary, faults }
    }

    /// The chapter before or behind another in the reader's order.
    pub fn neighbour(&self, chapter: usize, step: isize) -> Option<&Chapter> {
        let turn = self.chapters[chapter].place?.turn.checked_add_signed(step)?;
        self.sequence.get(turn).map(|number| &self.chapters[*number])
    }
}
