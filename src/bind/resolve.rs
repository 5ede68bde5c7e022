//! Links: from what the author wrote to where it leads, checked, anchors too.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::HashMap;

use super::address::Redirect;
use super::folder_pages::IgnoredIndex;
use super::ids::{ChapterId, numbered};
use crate::parse::address::{file_name, is_index};
use crate::read::layout::{CONTENT, STATIC};
use crate::read::{Asset, Snapshot};
use crate::text::html::escape;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, nearest, nearest_path, slug, url};
use crate::write::Document;
use crate::write::label::Numbered;
use crate::write::link::{Link, LinkKind};
use crate::write::markup::place;

/// All that a link can lead to.
pub struct Targets<'b> {
    snapshot: &'b Snapshot,
    documents: &'b [&'b Arc<Document>],
    by_path: &'b HashMap<&'b str, ChapterId>,
    by_address: HashMap<&'b str, ChapterId>,
    /// The chapters that are their folders' own pages, by the folder.
    by_folder: HashMap<&'b str, ChapterId>,
    /// The chapters by their old addresses.
    by_alias: HashMap<&'b str, ChapterId>,
    drafts: &'b [&'b str],
    /// The addresses of what bindery makes by itself.
    made: &'b [&'static str],
    /// The digest of all this.
    pub digest: Digest,
    /// How many more broken links get a suggestion, for which the whole book is searched.
    suggestions: AtomicUsize,
}

/// How many broken links of a kind get a suggestion. A book moved from elsewhere can have thousands of broken links;
/// the first ones show what is wrong.
pub const SUGGESTIONS: usize = 50;

/// Where a link leads.
enum Target {
    Chapter(ChapterId),
    /// A file beside a chapter, and its address.
    File(String, Arc<Asset>),
    /// The address of a file in `static/`, or of what bindery makes by itself.
    Output(String),
}

impl<'b> Targets<'b> {
    /// Gathers the chapters and files of a book.
    pub fn new(
        snapshot: &'b Snapshot,
        (documents, by_path): (&'b [&'b Arc<Document>], &'b HashMap<&'b str, ChapterId>),
        (drafts, ignored): (&'b [&'b str], &[IgnoredIndex<'_>]),
        (redirects, made): (&'b [Redirect], &'b [&'static str]),
    ) -> Self {
        let by_address =
            numbered(documents).map(|(id, document)| (document.address.path.as_str(), id)).collect();
        let mut by_folder = HashMap::default();
        for (id, document) in numbered(documents) {
            if let Some((folder, name)) = document.source.path.rsplit_once('/')
                && is_index(slug::stem(name))
            {
                by_folder.insert(folder, id);
            }
        }

        let faces: Vec<Digest> = documents.iter().map(|document| document.face).collect();
        let files: Vec<&Arc<Asset>> = snapshot.files.values().collect();
        let statics: Vec<&String> = snapshot.statics.keys().collect();
        Targets {
            digest: Digest::of_value(&(faces, drafts, ignored, files, statics, redirects, made)),
            by_folder,
            by_alias: redirects.iter().map(|redirect| (redirect.from.as_str(), redirect.chapter)).collect(),
            snapshot,
            documents,
            by_path,
            by_address,
            drafts,
            made,
            suggestions: AtomicUsize::new(SUGGESTIONS),
        }
    }

    /// A chapter.
    pub fn document(&self, id: ChapterId) -> &'b Arc<Document> {
        self.documents[id.0]
    }

    /// All chapters.
    pub fn documents(&self) -> impl Iterator<Item = (ChapterId, &'b Arc<Document>)> {
        numbered(self.documents)
    }

    /// The chapter that a path names: its own, or the folder whose page it is, as on a code host.
    pub fn chapter(&self, path: &str) -> Option<ChapterId> {
        let path = self.snapshot.path_of(path).unwrap_or(path);
        self.by_path.get(path).or_else(|| self.by_folder.get(path)).copied()
    }

    /// Whether a path is that of a draft which is not in this book.
    pub fn is_draft(&self, path: &str) -> bool {
        self.drafts.contains(&path)
    }

    /// The path of the draft that a link leads to.
    fn draft<'l>(&self, link: &'l Link) -> Option<&'l str> {
        link.source.as_deref().filter(|path| self.is_draft(path))
    }

    /// The chapter whose path a person most probably meant, while more suggestions may be looked for.
    pub fn meant_chapter(&self, wanted: &str) -> Option<&'b str> {
        self.may_suggest().then(|| nearest_path(wanted, self.by_path.keys().copied())).flatten()
    }

    /// Whether one more suggestion may be looked for.
    fn may_suggest(&self) -> bool {
        let fewer = |left: usize| left.checked_sub(1);
        self.suggestions.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer).is_ok()
    }

    /// Finds what a path leads to: a source file first (as on a code host), then an address of the site.
    fn find(&self, link: &Link) -> Option<Target> {
        let in_any_form = |source: &str| self.at_source(self.snapshot.path_of(source).unwrap_or(source));
        let of_source = link.source.as_deref().and_then(in_any_form);
        of_source.or_else(|| self.at_address(link.path.as_ref()?.strip_prefix('/')?))
    }

    /// Finds what is at a path below the book's folder.
    fn at_source(&self, source: &str) -> Option<Target> {
        if let Some(id) = self.by_path.get(source) {
            return Some(Target::Chapter(*id));
        }
        if let Some(asset) = self.snapshot.files.get(source) {
            return Some(Target::File(published_address(asset), Arc::clone(asset)));
        }
        if let Some(id) = self.by_folder.get(source) {
            return Some(Target::Chapter(*id));
        }

        // A link to an HTML file, in a book moved from a tool whose links name its output.
        if let Some(stem) = source.strip_suffix(".html") {
            let of_folder = || self.by_folder.get(stem.strip_suffix("/index")?);
            if let Some(id) = self.by_path.get(format!("{stem}.md").as_str()).or_else(of_folder) {
                return Some(Target::Chapter(*id));
            }
        }

        // A link out of `content/` into `static/`, as a code host follows it.
        if let Some(file) = source.strip_prefix(STATIC).and_then(|file| file.strip_prefix('/'))
            && self.snapshot.statics.contains_key(source)
        {
            return Some(Target::Output(file.to_owned()));
        }

        // The front page, which bindery makes if there is no chapter at its address.
        (source == CONTENT).then(|| Target::Output(String::new()))
    }

    /// Finds what is at an address of the site.
    fn at_address(&self, address: &str) -> Option<Target> {
        let page = url::without_index(address);
        let folder = if page.is_empty() || page.ends_with('/') { page } else { &format!("{page}/") };

        let chapter = self.by_address.get(folder).or_else(|| self.by_alias.get(folder));
        if let Some(id) = chapter.or_else(|| self.by_alias.get(page)) {
            return Some(Target::Chapter(*id));
        }
        if let Some(made) = self.made.iter().find(|made| **made == page || **made == folder) {
            return Some(Target::Output((*made).to_owned()));
        }
        let file = format!("{STATIC}/{address}");
        let file = self.snapshot.path_of(&file).filter(|file| self.snapshot.statics.contains_key(*file))?;
        Some(Target::Output(file.strip_prefix(STATIC)?.trim_start_matches('/').to_owned()))
    }
}

/// The address of a file beside a chapter: in a folder with its digest, so that browsers can keep the file, and under its
/// own name, which readers need when they save it.
fn published_address(asset: &Asset) -> String {
    let name = asset.path.rsplit('/').next().unwrap_or_default();
    format!("assets/{}/{}", asset.digest.short(), file_name(name))
}

/// The links of one document, resolved.
#[derive(Debug)]
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
    let mut problems = Vec::new();
    let mut files = Vec::new();
    let mut urls = Vec::with_capacity(document.links.len());
    let mut referents = Vec::new();
    for (number, link) in document.links.iter().enumerate() {
        let (url, problem) = resolve(link, document, targets, &mut files);
        if link.is_bare && problem.is_none() {
            let referent = referent(link, document, targets);
            referents.extend(referent.map(|referent| (place(number), referent)));
        }
        problems.extend(problem.map(|problem| (number, problem)));
        urls.push(url);
    }
    ResolvedLinks { urls: Arc::new(Hashed::new(urls)), files, referents, problems }
}

/// What a link leads to inside the book, by the name that readers know.
fn referent(link: &Link, document: &Document, targets: &Targets<'_>) -> Option<Referent> {
    let chapter = match &link.path {
        None => targets.by_path.get(document.source.path.as_str()).copied()?,
        Some(_) => match targets.find(link)? {
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

/// Reports what is wrong with a document's links, in order. Looking for what was meant is expensive, so it is done
/// here, one link after the other, and only for the first of a book.
pub fn report(
    resolved: &ResolvedLinks,
    document: &Document,
    targets: &Targets<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (number, problem) in &resolved.problems {
        let link = &document.links[*number];
        let diagnostic = match problem {
            Problem::Broken => broken(link, targets),
            Problem::Anchor(target) => {
                broken_anchor(link.anchor.as_deref().unwrap_or_default(), target, targets)
            }
        };
        diagnostics.push(diagnostic.at(&document.source, link.span));
    }
}

/// The URL of a link on the document's page, and what is wrong with it; a file that it leads to is added to `files`.
fn resolve(
    link: &Link,
    document: &Arc<Document>,
    targets: &Targets<'_>,
    files: &mut Vec<(String, Arc<Asset>)>,
) -> (Option<String>, Option<Problem>) {
    let missing_anchor = |target: &Arc<Document>| {
        let is_missing = !has_anchor(target, link.anchor.as_deref());
        is_missing.then(|| Problem::Anchor(Arc::clone(target)))
    };
    if link.path.is_none() {
        return (Some(link.suffix.clone()), missing_anchor(document));
    }

    let Some(target) = targets.find(link) else {
        let url = targets.draft(link).is_none().then(|| url::encode_authored(&link.destination).into_owned());
        return (url, Some(Problem::Broken));
    };

    let page = &document.address.path;
    let (url, problem) = match target {
        Target::Chapter(id) => {
            let target = targets.document(id);
            let is_same_page = target.address.path == *page && link.anchor.is_some();
            let url = if is_same_page { String::new() } else { url::relative(page, &target.address.path) };
            (url, missing_anchor(target))
        }
        Target::File(address, asset) => {
            let url = url::relative(page, &address);
            files.push((address, asset));
            (url, None)
        }
        Target::Output(address) => (url::relative(page, &address), None),
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
    if !targets.may_suggest() {
        return diagnostic;
    }

    let mut known: Vec<&str> = document.anchors.iter().map(String::as_str).collect();
    known.sort_unstable();
    match nearest(anchor, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `#{near}`?")),
        None if known.is_empty() => diagnostic.hint("that page has no headings; leave the anchor out"),
        None => {
            diagnostic.hint(format!("its first anchors: `#{}`", known[..known.len().min(8)].join("`, `#")))
        }
    }
}

/// The diagnostic for a link that leads to nothing.
fn broken(link: &Link, targets: &Targets<'_>) -> Diagnostic {
    if let Some(draft) = targets.draft(link) {
        let message = format!("`{draft}` is a draft, and not in this book");
        return Diagnostic::new(DiagnosticCode::UnpublishedLink, message)
            .hint("publish it, or link to it when it is ready; `--drafts` shows drafts");
    }

    let destination = &link.destination;
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
    if !targets.may_suggest() {
        return diagnostic;
    }

    let mut known: Vec<&str> = targets.snapshot.files.keys().map(String::as_str).collect();
    if link.kind == LinkKind::Reference {
        known.extend(targets.by_path.keys());
    }
    match (nearest_path(wanted, known), link.kind) {
        (Some(near), _) => diagnostic.hint(format!("did you mean `{near}`?")),
        (None, LinkKind::Resource) => diagnostic
            .hint("put the file beside the chapter, and write its path relative to that: `images/plan.png`"),
        (None, LinkKind::Reference) => diagnostic
            .hint("write links relative to this file, with the `.md`: `[text](../part/chapter.md#anchor)`"),
    }
}
