//! Links: from what the author wrote to where it leads, checked, anchors too.

use std::sync::Arc;

use super::ids::ChapterId;
use super::meant::{Wanted, is_host};
use super::targets::{Target, Targets};
use crate::read::Asset;
use crate::text::html::escape;
use crate::text::{Diagnostic, DiagnosticCode, Hashed, url};
use crate::write::Document;
use crate::write::label::Numbered;
use crate::write::link::{Link, LinkKind};
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
            Problem::Broken => broken(link, document, targets),
            Problem::Anchor(target) => {
                broken_anchor(link.anchor.as_deref().unwrap_or_default(), target, targets)
            }
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
        let is_missing = !has_anchor(target, link.anchor.as_deref());
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

/// Whether a document has an anchor. The top of the page is always there (HTML, "Navigating to a fragment"),
/// and text fragments are the browser's business.
fn has_anchor(document: &Document, anchor: Option<&str>) -> bool {
    anchor.is_none_or(|anchor| {
        anchor.is_empty() || document.anchors.contains(anchor) || anchor == "top" || anchor.starts_with(":~:")
    })
}

/// The diagnostic for an anchor that its page does not have.
fn broken_anchor(anchor: &str, document: &Document, targets: &Targets<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        DiagnosticCode::BrokenAnchor,
        format!("`{}` has no anchor `#{anchor}`", document.source.path),
    );
    let mut known: Vec<&str> = document.anchors.iter().map(String::as_str).collect();
    known.sort_unstable();
    match targets.meant_anchor(anchor, &known) {
        Some(near) => diagnostic.hint(format!("did you mean `#{near}`?")),
        None if known.is_empty() => diagnostic.hint("that page has no headings; leave the anchor out"),
        None => {
            diagnostic.hint(format!("its first anchors: `#{}`", known[..known.len().min(8)].join("`, `#")))
        }
    }
}

/// The diagnostic for a link that leads to nothing.
fn broken(link: &Link, document: &Document, targets: &Targets<'_>) -> Diagnostic {
    if let Some(draft) = targets.draft(link) {
        let message = format!("`{draft}` is a draft, and not in this book");
        return Diagnostic::new(DiagnosticCode::UnpublishedLink, message)
            .hint("publish it, or link to it when it is ready; `--drafts` shows drafts");
    }

    let destination = &link.destination;
    if let Some(reason) = link.source.as_deref().and_then(|source| targets.why_unread(source)) {
        return unread(link, reason);
    }
    let (code, message) = match link.kind {
        LinkKind::Resource => {
            (DiagnosticCode::MissingFile, format!("the file `{destination}` does not exist"))
        }
        LinkKind::Reference => {
            (DiagnosticCode::BrokenLink, format!("`{destination}` leads to no page or file of this book"))
        }
    };
    let diagnostic = Diagnostic::new(code, message);
    let Some(wanted) = &link.source else {
        return diagnostic.hint("the path leads out of the book; what it names is not published");
    };
    let wanted_kind = match link.kind {
        LinkKind::Reference => Wanted::AnyFile,
        LinkKind::Resource => Wanted::Asset,
    };
    if is_host(destination) {
        return diagnostic.hint(format!("for a web address, write `https://{destination}`"));
    }
    match (targets.meant(wanted, wanted_kind), link.kind) {
        (Some(near), _) => {
            let path = url::relative(&document.source.path, near);
            diagnostic.hint(format!("did you mean `{path}`?"))
        }
        (None, LinkKind::Resource) => diagnostic
            .hint("put the file beside the chapter, and write its path relative to that: `images/plan.png`"),
        (None, LinkKind::Reference) => diagnostic
            .hint("write links relative to this file, with the `.md`: `[text](../part/chapter.md#anchor)`"),
    }
}

/// The diagnostic for a link to something that is there and could not be read.
fn unread(link: &Link, reason: &Diagnostic) -> Diagnostic {
    let code = match link.kind {
        LinkKind::Resource => DiagnosticCode::MissingFile,
        LinkKind::Reference => DiagnosticCode::BrokenLink,
    };
    let message = format!("`{}` is there, and cannot be used: {}", link.destination, reason.message);
    let diagnostic = Diagnostic::new(code, message);
    match &reason.hint {
        Some(hint) => diagnostic.hint(hint.clone()),
        None => diagnostic.hint("repair that file, or name another one"),
    }
}
