//! The reader's order: from `SUMMARY.md` where there is one, else from folders, `order` and file names.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::book::{Entry, Part};
use super::resolve::Targets;
use crate::parse::Document;
use crate::parse::address::is_index;
use crate::parse::summary::{Line, Summary};
use crate::read::layout::CONTENT;
use crate::text::{Diagnostic, DiagnosticCode, Source, slug};

/// The path of the file that holds the author's own order.
pub const SUMMARY: &str = "content/SUMMARY.md";

/// Orders a book by its summary. Chapters that it does not list are in no part.
pub fn from_summary(
    summary: &Summary,
    source: &Arc<Source>,
    targets: &Targets<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Part> {
    faults.extend(summary.faults.iter().cloned());
    let mut parts = vec![Part::default()];
    // Where a chapter itself is listed, its sections are not.
    let whole: HashSet<&str> = summary.lines.iter().filter_map(Line::chapter).collect();
    let mut listed = HashSet::new();
    for line in &summary.lines {
        let (depth, title, target, is_section, span) = match line {
            Line::Part { title, target, span } => {
                let found = target.as_ref().map(|path| chapter_at(path, targets));
                faults.extend(
                    found.iter().filter_map(|found| Some(found.as_ref().err()?.clone().at(source, *span))),
                );
                let opening = found.and_then(Result::ok).flatten().filter(|number| listed.insert(*number));
                parts.push(Part { title: Some(title.clone()), opening, entries: Vec::new() });
                continue;
            }
            Line::Entry { depth, title, target, is_section, span } => {
                (*depth, title, target.as_deref(), *is_section, *span)
            }
        };
        let chapter = target.map_or(Ok(None), |path| chapter_at(path, targets));
        let chapter = chapter.unwrap_or_else(|fault| {
            faults.push(fault.at(source, span));
            None
        });
        if let Some(number) = chapter
            && (is_section && target.is_some_and(|path| whole.contains(path)) || !listed.insert(number))
        {
            let path = &targets.document(number).source.path;
            faults.push(again(path, is_section).at(source, span));
            continue;
        }
        // A draft that is left out is a planned chapter to readers.
        let title = match chapter {
            Some(number) if title.is_empty() => &targets.document(number).title.text,
            None if title.is_empty() => "…",
            _ => title,
        };
        if let Some(part) = parts.last_mut() {
            part.entries.push(Entry { depth, title: title.to_owned(), chapter, planned: chapter.is_none() });
        }
    }
    let others = targets.documents().enumerate().filter(|(number, _)| !listed.contains(number));
    faults.extend(others.filter(|(_, document)| !is_front(document)).map(|(_, document)| unlisted(document)));
    parts.retain(|part| part.title.is_some() || !part.entries.is_empty());
    parts
}

/// The chapter at a path; none at that of a draft which is left out.
fn chapter_at(path: &str, targets: &Targets<'_>) -> Result<Option<usize>, Diagnostic> {
    let found = targets.chapter(path);
    if found.is_some() || targets.is_draft(path) {
        return Ok(found);
    }
    let is_folder = targets
        .documents()
        .any(|document| document.source.path.strip_prefix(path).is_some_and(|below| below.starts_with('/')));
    if is_folder {
        let fault = Diagnostic::new(
            DiagnosticCode::MissingChapter,
            format!("the folder `{path}` has no page of its own"),
        );
        return Err(fault.hint(format!("write `{path}/index.md`, or name one of the chapters in it")));
    }
    let fault = Diagnostic::new(DiagnosticCode::MissingChapter, format!("`{path}` does not exist"));
    Err(match targets.meant_chapter(path) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault.hint("write the file, or leave the target out while it is planned: `- [Title]()`"),
    })
}

/// The fault of an entry whose chapter has a line already.
fn again(path: &str, is_section: bool) -> Diagnostic {
    if is_section {
        Diagnostic::new(DiagnosticCode::InvalidSummary, "a section of a chapter has no line of its own")
            .hint("its page lists its headings; take this entry out, or make the section a chapter")
    } else {
        Diagnostic::new(DiagnosticCode::DuplicateEntry, format!("`{path}` is listed twice"))
            .hint("a chapter has one place in the order; link to it from elsewhere")
    }
}

/// The warning of a chapter that the summary does not list. The front page need not be.
fn unlisted(document: &Arc<Document>) -> Diagnostic {
    let path = &document.source.path;
    Diagnostic::new(DiagnosticCode::UnlistedChapter, format!("`{path}` is not listed in `SUMMARY.md`"))
        .at(&document.source, 0..0)
        .hint("it is published, but no reader comes to it; list it, or make it a `draft: true`")
}

fn is_front(document: &Document) -> bool {
    let below = document.source.path.strip_prefix(CONTENT).unwrap_or_default().trim_start_matches('/');
    !below.contains('/') && is_index(slug::stem(below))
}

/// A folder of chapters.
#[derive(Default)]
struct Folder {
    index: Option<usize>,
    chapters: Vec<usize>,
    folders: BTreeMap<String, Folder>,
}

/// What stands in a folder: a chapter or a folder, with what it is ordered by.
struct Child<'f> {
    order: Option<i64>,
    name: &'f str,
    what: What<'f>,
}

enum What<'f> {
    Chapter(usize),
    Folder(&'f Folder),
}

/// Orders a book by its folders: those at the top are parts, those below are nested.
pub fn from_folders(documents: &[&Arc<Document>]) -> Vec<Part> {
    let mut top = Folder::default();
    for (number, document) in documents.iter().enumerate() {
        let below = document.source.path.strip_prefix(CONTENT).unwrap_or_default().trim_start_matches('/');
        let mut folder = &mut top;
        let mut names = below.split('/').peekable();
        while let Some(name) = names.next() {
            if names.peek().is_some() {
                folder = folder.folders.entry(name.to_owned()).or_default();
            } else if is_index(slug::stem(name)) && folder.index.is_none() {
                folder.index = Some(number);
            } else {
                folder.chapters.push(number);
            }
        }
    }
    let mut parts = vec![Part::default()];
    // The front page is in no list; every page leads to it.
    for child in top.children(documents) {
        match child.what {
            What::Chapter(number) => {
                // Chapters at the top behind a part are in a part of their own, without a title.
                if parts.last().is_some_and(|part| part.title.is_some()) {
                    parts.push(Part::default());
                }
                let part = parts.last_mut().expect("there is always a part");
                part.entries.push(entry(0, number, documents));
            }
            What::Folder(folder) => {
                let title = folder.title(child.name, documents);
                let mut part = Part { title: Some(title), opening: folder.index, entries: Vec::new() };
                folder.list(documents, &mut part.entries);
                parts.push(part);
            }
        }
    }
    parts.retain(|part| part.title.is_some() || !part.entries.is_empty());
    parts
}

fn entry(depth: usize, number: usize, documents: &[&Arc<Document>]) -> Entry {
    Entry { depth, title: documents[number].title.text.clone(), chapter: Some(number), planned: false }
}

impl Folder {
    fn title(&self, name: &str, documents: &[&Arc<Document>]) -> String {
        match self.index {
            Some(number) => documents[number].title.text.clone(),
            None => slug::capitalised(&slug::without_number(name).replace(['-', '_'], " ")),
        }
    }

    /// Lists what is below a folder: its chapters, and its folders with what is nested in them.
    fn list(&self, documents: &[&Arc<Document>], entries: &mut Vec<Entry>) {
        // No recursion: folders can be nested as deep as the file system allows.
        let mut open = vec![self.children(documents).into_iter()];
        while let Some(children) = open.last_mut() {
            let Some(child) = children.next() else {
                open.pop();
                continue;
            };
            let depth = open.len() - 1;
            match child.what {
                What::Chapter(number) => entries.push(entry(depth, number, documents)),
                What::Folder(folder) => {
                    let title = folder.title(child.name, documents);
                    entries.push(Entry { depth, title, chapter: folder.index, planned: false });
                    open.push(folder.children(documents).into_iter());
                }
            }
        }
    }

    fn children<'f>(&'f self, documents: &'f [&Arc<Document>]) -> Vec<Child<'f>> {
        let chapters = self.chapters.iter().map(|number| {
            let document = documents[*number];
            let name = document.source.path.rsplit('/').next().unwrap_or_default();
            Child { order: document.front.order, name, what: What::Chapter(*number) }
        });
        let folders = self.folders.iter().map(|(name, folder)| {
            let order = folder.index.and_then(|number| documents[number].front.order);
            Child { order, name, what: What::Folder(folder) }
        });
        let mut children: Vec<Child<'_>> = chapters.chain(folders).collect();
        // Those with an `order` come first, then the others by their names.
        children.sort_by(|a, b| {
            let order = |child: &Child<'_>| (child.order.is_none(), child.order);
            order(a).cmp(&order(b)).then_with(|| natural(a.name, b.name))
        });
        children
    }
}

/// Compares names as people count: `2-x` before `10-x`, `a` before `B`.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (Some(l), Some(r)) = (left.chars().next(), right.chars().next()) else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };
        if l.is_ascii_digit() && r.is_ascii_digit() {
            let (x, y) = (digits(left), digits(right));
            let (m, n) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
            match m.len().cmp(&n.len()).then_with(|| m.cmp(n)) {
                Ordering::Equal => (left, right) = (&left[x.len()..], &right[y.len()..]),
                unequal => return unequal,
            }
        } else {
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
