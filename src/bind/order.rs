//! The reader's order: from `SUMMARY.md` where there is one, else from folders, `order` and file names.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::book::{BookPart, EntryTarget, PartEntry};
use super::ids::{ChapterId, numbered};
use super::meant::Wanted;
use super::targets::Targets;
use crate::parse::address::is_index;
use crate::parse::summary::{Line, LineTarget, Summary};
use crate::read::layout::CONTENT;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, slug};
use crate::write::Document;

/// The path of the file that holds the author's own order.
pub const SUMMARY: &str = "content/SUMMARY.md";

/// Orders a book by its summary. Chapters that it does not list are in no part.
pub fn from_summary(
    summary: &Summary,
    source: &Arc<Source>,
    targets: &Targets<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<BookPart> {
    diagnostics.extend(summary.diagnostics.iter().cloned());
    let whole = summary.lines.iter().filter_map(Line::chapter).collect();
    let mut listing = Listing { source, targets, whole, listed: HashSet::new(), diagnostics };

    let mut parts = vec![BookPart::default()];
    for line in &summary.lines {
        match line {
            Line::Part { title, target, span } => {
                let opening = target.as_deref().and_then(|path| listing.chapter(path, *span));
                let opening = opening.filter(|chapter| listing.listed.insert(*chapter));
                parts.push(BookPart { title: Some(title.clone()), opening, entries: Vec::new() });
            }
            Line::Entry { .. } => {
                let entry = listing.entry(line);
                parts.last_mut().expect("there is always a part").entries.extend(entry);
            }
        }
    }

    for (id, document) in targets.documents() {
        if !listing.listed.contains(&id) && !is_front(document) {
            listing.diagnostics.push(unlisted(document));
        }
    }
    parts.retain(|part| part.title.is_some() || !part.entries.is_empty());
    parts
}

/// Reads the lines of a summary.
struct Listing<'l> {
    source: &'l Arc<Source>,
    targets: &'l Targets<'l>,
    /// The paths of the chapters that are listed as a whole: their sections are not.
    whole: HashSet<&'l str>,
    /// The chapters that were listed so far.
    listed: HashSet<ChapterId>,
    diagnostics: &'l mut Vec<Diagnostic>,
}

impl Listing<'_> {
    /// Reads an entry; `None` if its chapter is listed already.
    fn entry(&mut self, line: &Line) -> Option<PartEntry> {
        let Line::Entry { depth, title, target, span } = line else { return None };
        let target = match target {
            LineTarget::Chapter { path, is_section } => {
                let chapter = self.chapter(path, *span);
                if let Some(id) = chapter {
                    self.list(id, path, *is_section, *span)?;
                }
                // A draft that is left out is a planned chapter to readers.
                chapter.map_or(EntryTarget::Planned, EntryTarget::Chapter)
            }
            LineTarget::Planned => EntryTarget::Planned,
            LineTarget::Web(url) => EntryTarget::Web(url.clone()),
        };

        let title = match &target {
            _ if !title.is_empty() => title,
            EntryTarget::Chapter(id) => &self.targets.document(*id).title.text,
            EntryTarget::Web(url) => url,
            EntryTarget::Planned | EntryTarget::Folder => "…",
        };
        Some(PartEntry { depth: *depth, title: title.to_owned(), target, number: None })
    }

    /// Takes note that a chapter is listed; `None` if it is already, or is a section of one that is.
    fn list(&mut self, chapter: ChapterId, path: &str, is_section: bool, span: Span) -> Option<()> {
        let is_of_listed = is_section && self.whole.contains(path);
        if !is_of_listed && self.listed.insert(chapter) {
            return Some(());
        }
        let path = &self.targets.document(chapter).source.path;
        let diagnostic = if is_section { listed_section() } else { listed_again(path) };
        self.diagnostics.push(diagnostic.at(self.source, span));
        None
    }

    /// The chapter at a path that the summary names in a span; none at that of a draft which is left out.
    fn chapter(&mut self, path: &str, span: Span) -> Option<ChapterId> {
        let found = self.targets.chapter(path);
        if found.is_none() && !self.targets.is_draft(path) {
            self.diagnostics.push(missing(path, self.targets).at(self.source, span));
        }
        found
    }
}

/// The diagnostic for a path at which there is no chapter.
fn missing(path: &str, targets: &Targets<'_>) -> Diagnostic {
    let is_below = |document: &Document| {
        document.source.path.strip_prefix(path).is_some_and(|below| below.starts_with('/'))
    };
    if targets.documents().any(|(_, document)| is_below(document)) {
        let message = format!("the folder `{path}` has no page of its own");
        return Diagnostic::new(DiagnosticCode::MissingChapter, message)
            .hint(format!("write `{path}/index.md`, or name one of the chapters in it"));
    }

    let diagnostic = Diagnostic::new(DiagnosticCode::MissingChapter, format!("`{path}` does not exist"));
    match targets.meant(path, Wanted::Chapter) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint("write the file, or leave the target out while it is planned: `- [Title]()`"),
    }
}

/// The diagnostic for an entry whose chapter is listed already.
fn listed_again(path: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::DuplicateEntry, format!("`{path}` is listed twice"))
        .hint("a chapter has one place in the order; link to it from elsewhere")
}

/// The diagnostic for an entry that is a section of a listed chapter.
fn listed_section() -> Diagnostic {
    Diagnostic::new(DiagnosticCode::InvalidSummary, "a section of a chapter has no line of its own")
        .hint("its page lists its headings; take this entry out, or make the section a chapter")
}

/// The warning about a chapter that the summary does not list.
fn unlisted(document: &Arc<Document>) -> Diagnostic {
    let path = &document.source.path;
    Diagnostic::new(DiagnosticCode::UnlistedChapter, format!("`{path}` is not listed in `SUMMARY.md`"))
        .at(&document.source, 0..0)
        .hint("it is published, but in no list of chapters; list it, or make it a `draft: true`")
}

/// Whether a document is the front page, which need not be listed.
fn is_front(document: &Document) -> bool {
    let below = below_content(document);
    !below.contains('/') && is_index(slug::stem(below))
}

/// The path of a document below `content/`.
fn below_content(document: &Document) -> &str {
    document.source.path.strip_prefix(CONTENT).unwrap_or_default().trim_start_matches('/')
}

/// A folder of chapters.
#[derive(Default)]
struct Folder {
    index: Option<ChapterId>,
    chapters: Vec<ChapterId>,
    folders: BTreeMap<String, Folder>,
}

/// A chapter or a folder in a folder, with what it is ordered by.
struct FolderItem<'f> {
    order: Option<i64>,
    name: &'f str,
    content: ItemContent<'f>,
}

enum ItemContent<'f> {
    Chapter(ChapterId),
    Folder(&'f Folder),
}

/// Orders a book by its folders: those at the top are parts, those below are nested.
pub fn from_folders(documents: &[&Arc<Document>]) -> Vec<BookPart> {
    let top = Folder::of(documents);
    let mut parts = vec![BookPart::default()];

    // The front page is in no list; every page leads to it.
    for item in top.items(documents) {
        match item.content {
            ItemContent::Chapter(chapter) => {
                // Chapters at the top that come after a part are in a part of their own, without a title.
                if parts.last().is_some_and(|part| part.title.is_some()) {
                    parts.push(BookPart::default());
                }
                let part = parts.last_mut().expect("there is always a part");
                part.entries.push(entry(0, chapter, documents));
            }
            ItemContent::Folder(folder) => {
                let title = Some(folder.title(item.name, documents));
                let entries = folder.entries(documents);
                parts.push(BookPart { title, opening: folder.index, entries });
            }
        }
    }
    parts.retain(|part| part.title.is_some() || !part.entries.is_empty());
    parts
}

fn entry(depth: usize, chapter: ChapterId, documents: &[&Arc<Document>]) -> PartEntry {
    let title = documents[chapter.0].title.text.clone();
    PartEntry { depth, title, target: EntryTarget::Chapter(chapter), number: None }
}

impl Folder {
    /// Sorts the documents of a book into their folders.
    fn of(documents: &[&Arc<Document>]) -> Self {
        let mut top = Folder::default();
        for (chapter, document) in numbered(documents) {
            let (folders, name) =
                below_content(document).rsplit_once('/').unwrap_or(("", below_content(document)));
            let mut folder = &mut top;
            for name in folders.split('/').filter(|name| !name.is_empty()) {
                folder = folder.folders.entry(name.to_owned()).or_default();
            }
            if is_index(slug::stem(name)) && folder.index.is_none() {
                folder.index = Some(chapter);
            } else {
                folder.chapters.push(chapter);
            }
        }
        top
    }

    fn title(&self, name: &str, documents: &[&Arc<Document>]) -> String {
        match self.index {
            Some(chapter) => documents[chapter.0].title.text.clone(),
            None => slug::capitalised(&slug::without_number(name).replace(['-', '_'], " ")),
        }
    }

    /// Lists what is below a folder: its chapters, and its folders with what is nested in them.
    fn entries(&self, documents: &[&Arc<Document>]) -> Vec<PartEntry> {
        let mut entries = Vec::new();
        // No recursion: folders can be nested as deep as the file system allows.
        let mut open = vec![self.items(documents).into_iter()];
        while let Some(items) = open.last_mut() {
            let Some(item) = items.next() else {
                open.pop();
                continue;
            };
            let depth = open.len() - 1;
            match item.content {
                ItemContent::Chapter(chapter) => entries.push(entry(depth, chapter, documents)),
                ItemContent::Folder(folder) => {
                    let title = folder.title(item.name, documents);
                    let target = folder.index.map_or(EntryTarget::Folder, EntryTarget::Chapter);
                    entries.push(PartEntry { depth, title, target, number: None });
                    open.push(folder.items(documents).into_iter());
                }
            }
        }
        entries
    }

    /// What is in a folder, in order: first what has an `order`, then the rest by their names.
    fn items<'f>(&'f self, documents: &'f [&Arc<Document>]) -> Vec<FolderItem<'f>> {
        let mut items = Vec::with_capacity(self.chapters.len() + self.folders.len());
        for chapter in &self.chapters {
            let document = documents[chapter.0];
            let name = document.file_name();
            let content = ItemContent::Chapter(*chapter);
            items.push(FolderItem { order: document.front.order, name, content });
        }
        for (name, folder) in &self.folders {
            let order = folder.index.and_then(|chapter| documents[chapter.0].front.order);
            items.push(FolderItem { order, name, content: ItemContent::Folder(folder) });
        }

        items.sort_by(|a, b| {
            let order = |item: &FolderItem<'_>| (item.order.is_none(), item.order);
            order(a).cmp(&order(b)).then_with(|| natural(a.name, b.name))
        });
        items
    }
}

/// Compares names as people count: `2-x` before `10-x`, `a` before `B`.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (Some(l), Some(r)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };

        // Numbers by their value: of two without leading zeros, the longer one is greater.
        if l.is_ascii_digit() && r.is_ascii_digit() {
            let (x, y) = (digits(left), digits(right));
            let (m, n) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
            match m.len().cmp(&n.len()).then_with(|| m.cmp(n)) {
                Ordering::Equal => (left, right) = (&left[x.len()..], &right[y.len()..]),
                unequal => return unequal,
            }
        } else {
            // Other characters one by one, without regard to case.
            let unequal = match (l.is_ascii(), r.is_ascii()) {
                (true, true) => l.to_ascii_lowercase().cmp(&r.to_ascii_lowercase()),
                _ => l.to_lowercase().cmp(r.to_lowercase()),
            };
            match unequal {
                Ordering::Equal => (left, right) = (&left[l.len_utf8()..], &right[r.len_utf8()..]),
                unequal => return unequal,
            }
        }
    }
}

fn digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_order() {
        let mut names = ["10-x", "2-x", "b", "A", "a2", "a10", "01-y", "1-z"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["01-y", "1-z", "2-x", "10-x", "A", "a2", "a10", "b"]);
    }
}
