//! What a book is when it is bound: a [`Book`], whose chapters know their addresses, their position in the reader's
//! order, and where their links lead.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::address::Redirect;
use super::checked_chapter::CheckedChapter;
use super::ids::{ChapterId, PartId};
use super::resolve::ResolvedLinks;
use super::terms::Uses;
use crate::read::Asset;
use crate::text::{Diagnostic, Hashed};
use crate::write::Document;

/// A bound book.
#[derive(Debug)]
pub struct Book {
    /// The chapters, in the order of their files' paths: each at the place that its id says.
    pub chapters: Vec<Chapter>,
    /// The parts, in the reader's order: each at the place that its id says.
    pub parts: Vec<BookPart>,
    /// The chapters in the reader's order.
    pub sequence: Vec<ChapterId>,
    /// The chapter at the site's root.
    pub front: Option<ChapterId>,
    /// Whether there is a record of the book's tests.
    pub is_recorded: bool,
    /// Old addresses and where they lead.
    pub redirects: Vec<Redirect>,
    /// The files beside chapters that pages use, by the address they are published at.
    pub files: BTreeMap<String, Arc<Asset>>,
    /// What is wrong, in reading order.
    pub diagnostics: Vec<Diagnostic>,
}

/// A chapter in its book.
#[derive(Debug)]
pub struct Chapter {
    /// What it says.
    pub document: Arc<Document>,
    /// The address on the site: ends in `/`, the front page's is empty.
    pub address: String,
    /// Where its links lead.
    pub links: Arc<ResolvedLinks>,
    /// What of it was checked and is as it was then.
    pub checked: Option<Arc<Hashed<CheckedChapter>>>,
    /// The terms that become links to their definitions.
    pub terms: Uses,
    /// Its position in the reader's order; `None` if it is outside of that.
    pub position: Option<ChapterPosition>,
}

/// A chapter's position in the reader's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChapterPosition {
    /// The part that it is in.
    pub part: PartId,
    /// The number of its entry in the part; `None` if it opens the part.
    pub entry: Option<usize>,
    /// Its number in the book's sequence.
    pub nth: usize,
}

/// A part of a book: chapters under a title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BookPart {
    /// The title; the first part can be without.
    pub title: Option<String>,
    /// The chapter that opens the part and that its title leads to; it is no entry.
    pub opening: Option<ChapterId>,
    /// What is in it.
    pub entries: Vec<PartEntry>,
}

/// A line in a part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PartEntry {
    /// How deep it is nested, from 0.
    pub depth: usize,
    /// The title.
    pub title: String,
    /// What it leads to.
    pub target: EntryTarget,
    /// The number, as `6` or `6.1`, of chapters and folders. It counts through all parts.
    pub number: Option<String>,
}

/// What a line in a part leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EntryTarget {
    /// A chapter.
    Chapter(ChapterId),
    /// A folder without a page of its own: nowhere.
    Folder,
    /// A chapter that is planned and not yet written: nowhere.
    Planned,
    /// A web address outside of the book.
    Web(String),
}

impl PartEntry {
    /// The chapter that it leads to.
    pub fn chapter(&self) -> Option<ChapterId> {
        match self.target {
            EntryTarget::Chapter(id) => Some(id),
            _ => None,
        }
    }

    /// Whether it is counted among the chapters.
    fn is_numbered(&self) -> bool {
        matches!(self.target, EntryTarget::Chapter(_) | EntryTarget::Folder)
    }
}

impl Book {
    /// Puts the parts of a bound book together, and gives every chapter its position.
    pub(super) fn new(
        mut chapters: Vec<Chapter>,
        mut parts: Vec<BookPart>,
        redirects: Vec<Redirect>,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Self {
        number_entries(&mut parts);

        // The opening chapter of a part comes before its entries.
        let mut sequence = Vec::with_capacity(chapters.len());
        for (number, part) in parts.iter().enumerate() {
            let opening = part.opening.map(|chapter| (None, chapter));
            let entries = part.entries.iter().enumerate();
            let written = entries.filter_map(|(at, entry)| Some((Some(at), entry.chapter()?)));

            for (entry, chapter) in opening.into_iter().chain(written) {
                let position = ChapterPosition { part: PartId(number), entry, nth: sequence.len() };
                chapters[chapter.0].position = Some(position);
                sequence.push(chapter);
            }
        }

        let files = chapters.iter().flat_map(|chapter| &chapter.links.files);
        let files = files.map(|(address, asset)| (address.clone(), Arc::clone(asset))).collect();
        let front = chapters.iter().position(|chapter| chapter.address.is_empty()).map(ChapterId);

        diagnostics.sort_by(Diagnostic::reading_order);
        Book { chapters, parts, sequence, front, is_recorded: false, redirects, files, diagnostics }
    }

    /// The ids of all chapters, in the order of their files' paths.
    pub fn ids(&self) -> impl Iterator<Item = ChapterId> + use<> {
        (0..self.chapters.len()).map(ChapterId)
    }

    /// The ids of all chapters in the order in which tests follow them: the front page, the others in the reader's order, and
    /// those outside of it.
    pub fn followed(&self) -> impl Iterator<Item = ChapterId> {
        let front = self.front.into_iter().filter(|front| self.chapter(*front).position.is_none());
        let others = self.unlisted().filter(|id| Some(*id) != self.front);
        front.chain(self.sequence.iter().copied()).chain(others)
    }

    /// The ids of the chapters that are outside of the reader's order.
    pub fn unlisted(&self) -> impl Iterator<Item = ChapterId> {
        self.ids().filter(|id| self.chapter(*id).position.is_none())
    }

    /// A chapter.
    pub fn chapter(&self, id: ChapterId) -> &Chapter {
        &self.chapters[id.0]
    }

    /// The chapter of a file, by its path.
    pub fn chapter_of(&self, path: &str) -> Option<&Chapter> {
        let at =
            self.chapters.binary_search_by(|chapter| chapter.document.source.path.as_str().cmp(path)).ok()?;
        Some(&self.chapters[at])
    }

    /// A part.
    pub fn part(&self, id: PartId) -> &BookPart {
        &self.parts[id.0]
    }

    /// How many steps were checked, and how many there are; none if no step was checked.
    pub fn checked(&self) -> Option<(usize, usize)> {
        let checked: usize =
            self.chapters.iter().filter_map(|chapter| Some(chapter.checked.as_ref()?.checked)).sum();
        let steps = self.chapters.iter().flat_map(|chapter| &chapter.document.steps);
        (checked > 0).then(|| (checked, steps.map(|block| block.steps).sum()))
    }

    /// The number of chapters that are numbered without a dot.
    pub fn count(&self) -> usize {
        let entries = self.parts.iter().flat_map(|part| &part.entries);
        entries.filter(|entry| entry.depth == 0 && entry.number.is_some()).count()
    }

    /// The number of a chapter; those that open a part, and those outside the order, have none.
    pub fn number(&self, chapter: &Chapter) -> Option<&str> {
        let ChapterPosition { part, entry, .. } = chapter.position?;
        self.part(part).entries[entry?].number.as_deref()
    }

    /// The chapter that is some steps before or after another in the reader's order.
    pub fn neighbour(&self, chapter: ChapterId, steps: isize) -> Option<&Chapter> {
        let nth = self.chapter(chapter).position?.nth.checked_add_signed(steps)?;
        self.sequence.get(nth).map(|id| self.chapter(*id))
    }
}

/// Gives the entries of all parts their numbers.
fn number_entries(parts: &mut [BookPart]) {
    // How many entries there were so far at each depth, below the entry above it.
    let mut counts: Vec<usize> = vec![0];
    for part in parts {
        // What is nested in a part belongs to nothing above its first entry.
        counts.truncate(1);
        for entry in part.entries.iter_mut().filter(|entry| entry.is_numbered()) {
            counts.resize(entry.depth + 1, 0);
            counts[entry.depth] += 1;
            let numbers: Vec<String> = counts.iter().map(usize::to_string).collect();
            entry.number = Some(numbers.join("."));
        }
    }
}
