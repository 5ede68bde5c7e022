//! Links: from what the author wrote to where it leads, checked, anchors too.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::parse::Document;
use crate::parse::address::is_index;
use crate::parse::link::{Link, LinkKind};
use crate::read::layout::STATIC;
use crate::read::{Asset, Snapshot};
use crate::text::{Code, Diagnostic, nearest, slug, url};

/// All that a link can lead to.
pub struct Targets<'b> {
    snapshot: &'b Snapshot,
    documents: &'b [&'b Arc<Document>],
    by_path: &'b HashMap<&'b str, usize>,
    by_address: HashMap<&'b str, usize>,
    /// The chapters that are their folders' own pages, by the folder.
    by_folder: HashMap<&'b str, usize>,
    drafts: &'b [&'b str],
    /// The files that links were found to lead to, by address.
    used: RefCell<BTreeMap<String, Arc<Asset>>>,
    /// How many more broken links get a suggestion: each looks at the whole book.
    suggestions: Cell<usize>,
}

/// A book moved from elsewhere can have thousands of broken links; the first ones show what is wrong.
const SUGGESTIONS: usize = 50;

/// Where a link leads.
enum Target {
    Chapter(usize),
    /// An address of a file.
    File(String),
}

impl<'b> Targets<'b> {
    /// Gathers the chapters and files of a book.
    pub fn new(
        snapshot: &'b Snapshot,
        documents: &'b [&'b Arc<Document>],
        by_path: &'b HashMap<&'b str, usize>,
        drafts: &'b [&'b str],
    ) -> Self {
        let by_address =
            documents.iter().enumerate().map(|(at, document)| (document.address.path.as_str(), at)).collect();
        let indexes = documents.iter().enumerate().filter_map(|(at, document)| {
            let (folder, name) = document.source.path.rsplit_once('/')?;
            is_index(slug::stem(name)).then_some((folder, at))
        });
        Targets {
            by_folder: indexes.collect(),
            snapshot,
            documents,
            by_path,
            by_address,
            drafts,
            used: RefCell::default(),
            suggestions: Cell::new(SUGGESTIONS),
        }
    }

    /// The files beside chapters that links led to.
    pub fn used_files(self) -> BTreeMap<String, Arc<Asset>> {
        self.used.into_inner()
    }

    /// Whether one more suggestion may be looked for.
    fn may_suggest(&self) -> bool {
        let left = self.suggestions.get();
        self.suggestions.set(left.saturating_sub(1));
        left > 0
    }

    /// Finds what a path leads to: a source file first (as on a code host), then an address of the site.
    fn find(&self, link: &Link) -> Option<Target> {
        if let Some(source) = &link.source {
            if let Some(number) = self.by_path.get(source.as_str()) {
                return Some(Target::Chapter(*number));
            }
            if let Some(asset) = self.snapshot.files.get(source) {
                return Some(Target::File(self.publish(asset)));
            }
            if let Some(number) = self.by_folder.get(source.as_str()) {
                return Some(Target::Chapter(*number));
            }
            // A book moved from a tool whose links name its output.
            if let Some(number) =
                source.strip_suffix(".html").and_then(|stem| self.by_path.get(format!("{stem}.md").as_str()))
            {
                return Some(Target::Chapter(*number));
            }
            // A link out of `content/` into `static/`, as a code host follows it.
            if let Some(file) = source.strip_prefix(STATIC).and_then(|file| file.strip_prefix('/'))
                && self.snapshot.statics.contains_key(source)
            {
                return Some(Target::File(file.to_owned()));
            }
        }
        let address = link.path.as_ref()?.strip_prefix('/')?;
        let page = address.strip_suffix("index.html").unwrap_or(address);
        let page = if page.is_empty() || page.ends_with('/') { page.to_owned() } else { format!("{page}/") };
        if let Some(number) = self.by_address.get(page.as_str()) {
            return Some(Target::Chapter(*number));
        }
        let is_static = self.snapshot.statics.contains_key(&format!("{STATIC}/{address}"));
        is_static.then(|| Target::File(address.to_owned()))
    }

    /// Gives a file beside a chapter its address: under a name with a digest, so that browsers can keep it.
    fn publish(&self, asset: &Arc<Asset>) -> String {
        let name = asset.path.rsplit('/').next().unwrap_or_default();
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => {
                (stem, format!(".{}", extension.to_ascii_lowercase()))
            }
            _ => (name, String::new()),
        };
        let stem = match slug::segment(stem) {
            slug if slug.is_empty() => "file".to_owned(),
            slug => slug.chars().take(60).collect(),
        };
        let address = format!("assets/{stem}.{}{extension}", asset.digest.short());
        self.used.borrow_mut().entry(address.clone()).or_insert_with(|| Arc::clone(asset));
        address
    }
}

/// Resolves the links of a document into URLs on its page.
pub fn links(
    document: &Document,
    targets: &Targets<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Arc<Vec<Option<String>>> {
    let resolved = document.links.iter().map(|link| {
        let (url, fault) = resolve(link, document, targets);
        faults.extend(fault.map(|fault| fault.at(&document.source, link.span)));
        url
    });
    Arc::new(resolved.collect())
}

/// The URL of a link, and what is wrong with it. One that leads to nothing stays as its author wrote it; one to
/// a draft has none, and is text.
fn resolve(link: &Link, document: &Document, targets: &Targets<'_>) -> (Option<String>, Option<Diagnostic>) {
    let anchor = link.anchor.as_deref();
    if link.path.is_none() {
        return (Some(link.suffix.clone()), check_anchor(anchor, document, targets));
    }
    let Some(target) = targets.find(link) else {
        let fault = broken(link, targets);
        let url = (fault.code != Code::DraftLink).then(|| url::encode_authored(&link.destination));
        return (url, Some(fault));
    };
    let page = &document.address.path;
    let (url, fault) = match &target {
        Target::Chapter(number) => {
            let target = targets.documents[*number];
            let is_same_page = target.address.path == *page && anchor.is_some();
            let url = if is_same_page { String::new() } else { url::relative(page, &target.address.path) };
            (url, check_anchor(anchor, target, targets))
        }
        Target::File(address) => (url::relative(page, address), None),
    };
    (Some(url + &link.suffix), fault)
}

/// The fault of an anchor that its page does not have.
fn check_anchor(anchor: Option<&str>, document: &Document, targets: &Targets<'_>) -> Option<Diagnostic> {
    let anchor = anchor.filter(|anchor| !anchor.is_empty() && !anchor.starts_with(":~:"))?;
    // The top of the page is always there (HTML, "Navigating to a fragment").
    if document.anchors.contains(anchor) || anchor == "top" {
        return None;
    }
    let fault =
        Diagnostic::new(Code::BrokenAnchor, format!("`{}` has no anchor `#{anchor}`", document.source.path));
    if !targets.may_suggest() {
        return Some(fault);
    }
    let mut known: Vec<&str> = document.anchors.iter().map(String::as_str).collect();
    known.sort_unstable();
    Some(match nearest(anchor, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `#{near}`?")),
        None if known.is_empty() => fault.hint("that page has no headings; leave the anchor out"),
        None => fault.hint(format!(
            "its first anchors: `#{}`",
            known.iter().take(8).copied().collect::<Vec<_>>().join("`, `#")
        )),
    })
}

fn broken(link: &Link, targets: &Targets<'_>) -> Diagnostic {
    let destination = &link.destination;
    let joined = link.source.clone();
    if let Some(draft) = joined.as_deref().filter(|path| targets.drafts.contains(path)) {
        return Diagnostic::new(Code::DraftLink, format!("`{draft}` is a draft, and not in this book"))
            .hint("publish it, or link to it when it is ready; `--drafts` shows drafts");
    }
    let (code, message, known): (_, _, Vec<&str>) = match link.kind {
        LinkKind::Resource => (
            Code::MissingFile,
            format!("the file `{destination}` does not exist"),
            targets.snapshot.files.keys().map(String::as_str).collect(),
        ),
        LinkKind::Reference => (
            Code::BrokenLink,
            format!("`{destination}` leads to no page or file of this book"),
            targets
                .by_path
                .keys()
                .copied()
                .chain(targets.snapshot.files.keys().map(String::as_str))
                .collect(),
        ),
    };
    let fault = Diagnostic::new(code, message);
    let Some(wanted) = joined else {
        return fault.hint("the path climbs out of the book; what it names is not published");
    };
    if !targets.may_suggest() {
        return fault;
    }
    // A file of that name elsewhere, or one of a name much like it.
    let name = wanted.rsplit('/').next().unwrap_or_default();
    let moved = known.iter().filter(|path| path.rsplit('/').next() == Some(name)).min();
    match moved.copied().or_else(|| nearest(&wanted, known.iter().copied())) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault
            .hint("write links relative to this file, with the `.md`: `[text](../part/chapter.md#anchor)`"),
    }
}
