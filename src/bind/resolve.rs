//! Links: from what the author wrote to where it leads, checked, anchors too.

use std::sync::Arc;

use super::broken;
use super::ids::ChapterId;
use super::targets::{Target, Targets};
use crate::read::Asset;
use crate::text::html::escape;
use crate::text::{Diagnostic, Hashed, url};
use crate::write::Document;
use crate::write::label::Numbered;
use crate::write::link::Link;
use crate::write::markup::place;

/// The links of one document, resolved.
#[derive(Debug, Default)]
pub struct ResolvedLinks {
    /// The URLs on the document's page, by the links' numbers. A link that leads to nothing stays as its author
    /// wrote it; one to a draft has none, and is text.
    pub urls: Arc<Hashed<Vec<Option<String>>>>,
    /// The files beside chapters that they lead to, with their addresses.
    pub files: Vec<(String, Arc<Asset>)>,
    /// What the links without a text of their own name, by their numbers.
    pub referents: Vec<(u32, Referent)>,
    /// The links that are wrong, by their numbers.
    problems: Vec<(usize, Problem)>,
    /// The chapters that they lead to.
    chapters: Vec<Arc<Document>>,
    /// Whether each leads to the very file that its author wrote, whatever else there is.
    is_plain: bool,
}

impl ResolvedLinks {
    /// Whether resolving them again would give the same. `is_same_book` tells whether the book has the same files at the
    /// same addresses.
    pub fn still_hold(&self, targets: &Targets<'_>, is_same_book: bool) -> bool {
        let is_plain = self.is_plain && self.files.iter().all(|(_, asset)| targets.has_file(asset));
        (is_same_book || is_plain) && self.chapters.iter().all(|chapter| targets.has_same(chapter))
    }
}

/// What a link names that has no text of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Referent {
    /// The chapter that it leads to.
    pub chapter: ChapterId,
    /// Which listing or table of the chapter; `None` for the chapter itself or a section.
    pub number: Option<Numbered>,
    /// Whether it is a section.
    pub is_section: bool,
    /// Its title, as HTML.
    pub title: String,
}

/// What is wrong with a link.
#[derive(Debug)]
enum Problem {
    /// It leads to nothing.
    Broken,
    /// It leads to a document that does not have its anchor.
    Anchor(Arc<Document>),
}

/// Resolves the links of a document.
pub fn links(document: &Arc<Document>, targets: &Targets<'_>) -> ResolvedLinks {
    let mut resolved = ResolvedLinks { is_plain: true, ..ResolvedLinks::default() };
    let mut urls = Vec::with_capacity(document.links.len());
    for (number, link) in document.links.iter().enumerate() {
        let (url, problem) = resolve(link, document, targets, &mut resolved);
        if link.is_bare && problem.is_none() {
            // It has the number of a chapter.
            resolved.is_plain = false;
            let referent = referent(link, document, targets);
            resolved.referents.extend(referent.map(|referent| (place(number), referent)));
        }
        resolved.problems.extend(problem.map(|problem| (number, problem)));
        urls.push(url);
    }

    resolved.chapters.sort_unstable_by_key(|chapter| Arc::as_ptr(chapter).addr());
    resolved.chapters.dedup_by(|one, other| Arc::ptr_eq(one, other));
    resolved.urls = Arc::new(Hashed::new(urls));
    resolved
}

/// What a link leads to inside the book, by the name that readers know.
fn referent(link: &Link, document: &Document, targets: &Targets<'_>) -> Option<Referent> {
    let chapter = match &link.path {
        None => targets.chapter(&document.source.path)?,
        Some(_) => match targets.find(link, &document.address.path)? {
            Target::Chapter(id) => id,
            Target::File(..) | Target::Output(_) => return None,
        },
    };
    let target = targets.document(chapter);
    let id = link.anchor.as_deref().filter(|id| !id.is_empty());

    let label = target.labels.iter().find(|label| Some(label.id.as_str()) == id);
    let heading = target.headings.iter().find(|heading| Some(heading.id.as_str()) == id);
    let title = match (label, heading) {
        (Some(label), _) => escape(&label.text),
        (None, Some(heading)) => heading.html.clone(),
        (None, None) => escape(&target.title.text),
    };
    Some(Referent { chapter, number: label.map(|label| label.number), is_section: heading.is_some(), title })
}

/// Reports what is wrong with a document's links, in order, so that what is meant is looked for in the order of the book.
pub fn report(
    resolved: &ResolvedLinks,
    document: &Document,
    targets: &Targets<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (number, problem) in &resolved.problems {
        let link = &document.links[*number];
        let diagnostic = match problem {
            Problem::Broken => broken::link(link, document, targets),
            Problem::Anchor(target) => broken::anchor(link, document, target, targets),
        };
        diagnostics.push(diagnostic.at(&document.source, link.span));
    }
}

/// The URL of a link on the document's page, and what is wrong with it. What it leads to is added to `resolved`.
fn resolve(
    link: &Link,
    document: &Arc<Document>,
    targets: &Targets<'_>,
    resolved: &mut ResolvedLinks,
) -> (Option<String>, Option<Problem>) {
    let missing_anchor = |target: &Arc<Document>| {
        let is_missing = !target.has_anchor(link.anchor.as_deref());
        is_missing.then(|| Problem::Anchor(Arc::clone(target)))
    };
    if link.path.is_none() {
        return (Some(link.suffix.clone()), missing_anchor(document));
    }

    let Some(target) = targets.find(link, &document.address.path) else {
        resolved.is_plain = false;
        let url = targets.draft(link).is_none().then(|| url::encode_authored(&link.destination).into_owned());
        return (url, Some(Problem::Broken));
    };

    let page = &document.address.path;
    let written = link.source.as_deref();
    let (url, problem) = match target {
        Target::Chapter(id) => {
            let target = targets.document(id);
            resolved.is_plain &= written == Some(&target.source.path);
            resolved.chapters.push(Arc::clone(target));
            let is_same_page = target.address.path == *page && link.anchor.is_some();
            let url = if is_same_page { String::new() } else { url::relative(page, &target.address.path) };
            (url, missing_anchor(target))
        }
        Target::File(address, asset) => {
            resolved.is_plain &= written == Some(&asset.path);
            let url = url::relative(page, &address);
            resolved.files.push((address, asset));
            (url, None)
        }
        Target::Output(address) => {
            resolved.is_plain = false;
            (url::relative(page, &address), None)
        }
    };
    (Some(url + &link.suffix), problem)
}
