//! All that a link can lead to, and how it is found there.

use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashSet};

use super::address::Redirect;
use super::folder_pages::IgnoredIndex;
use super::ids::{ChapterId, numbered};
use super::meant::{Suggestions, Wanted};
use crate::parse::address::{file_name, is_index};
use crate::parse::named_places::Named;
use crate::read::layout::{CONTENT, STATIC};
use crate::read::{Asset, Snapshot};
use crate::text::{Diagnostic, Digest, slug, url};
use crate::write::Document;
use crate::write::link::Link;

/// All that a link can lead to.
pub struct Targets<'b> {
    snapshot: &'b Snapshot,
    documents: &'b [&'b Arc<Document>],
    by_path: &'b HashMap<&'b str, ChapterId>,
    by_address: HashMap<&'b str, ChapterId>,
    /// The chapters that are their folders' own pages, by the folder.
    by_folder: HashMap<&'b str, ChapterId>,
    /// Where the documents are in memory: those that are in it have not changed.
    current: HashSet<usize>,
    /// The chapters by their old addresses.
    by_alias: HashMap<&'b str, ChapterId>,
    drafts: &'b [&'b str],
    /// The addresses of what bindery makes by itself.
    made: &'b [&'static str],
    /// The digest of all this, but for what is in the chapters.
    pub digest: Digest,
    /// What the authors of broken links most probably meant.
    suggestions: Suggestions,
    /// The places that have names for MyST, by these; made when the first is looked for.
    named: OnceLock<HashMap<String, (ChapterId, usize)>>,
}

/// Where a link leads.
pub enum Target {
    /// To a chapter.
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

        let chapters: Vec<_> =
            documents.iter().map(|document| (&document.source.path, &document.address.path)).collect();
        let files: Vec<&Arc<Asset>> = snapshot.files.values().collect();
        let statics: Vec<&String> = snapshot.statics.keys().collect();
        Targets {
            digest: Digest::of_value(&(chapters, drafts, ignored, files, statics, redirects, made)),
            current: documents.iter().map(|document| Arc::as_ptr(document).addr()).collect(),
            by_folder,
            by_alias: redirects.iter().map(|redirect| (redirect.from.as_str(), redirect.chapter)).collect(),
            snapshot,
            documents,
            by_path,
            by_address,
            drafts,
            made,
            suggestions: Suggestions::default(),
            named: OnceLock::new(),
        }
    }

    /// A chapter.
    pub fn document(&self, id: ChapterId) -> &'b Arc<Document> {
        self.documents[id.0]
    }

    /// Whether a chapter that was in the book before is in it now, and is the same for links.
    pub fn has_same(&self, document: &Arc<Document>) -> bool {
        let is_alike = || {
            let id = self.by_path.get(document.source.path.as_str())?;
            Some(self.document(*id).face == document.face)
        };
        self.current.contains(&Arc::as_ptr(document).addr()) || is_alike() == Some(true)
    }

    /// Whether a file beside chapters is there, and the same.
    pub fn has_file(&self, asset: &Arc<Asset>) -> bool {
        self.snapshot.files.get(&asset.path).is_some_and(|now| Arc::ptr_eq(now, asset) || now == asset)
    }

    /// Why what is at a path of the book could not be read; `None` if it could, or nothing is there.
    pub fn why_unread(&self, path: &str) -> Option<&Diagnostic> {
        self.snapshot.why_unread(self.in_our_form(path))
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
    pub fn draft<'l>(&self, link: &'l Link) -> Option<&'l str> {
        link.source.as_deref().filter(|path| self.is_draft(path))
    }

    /// The path that a person most probably meant.
    pub fn meant(&self, path: &str, wanted: Wanted) -> Option<&str> {
        let known = || {
            let files = self.snapshot.files.keys().map(String::as_str);
            (self.by_path.keys().copied().collect(), files.collect())
        };
        self.suggestions.path(path, wanted, known)
    }

    /// The anchor of a page that a person most probably meant.
    pub fn meant_anchor<'a>(&self, anchor: &str, known: &[&'a str]) -> Option<&'a str> {
        self.suggestions.anchor(anchor, known)
    }

    /// The place that has a name for MyST, with its chapter.
    pub fn named(&self, name: &str) -> Option<(&'b Document, &'b Named)> {
        let (id, place) = *self.all_named().get(name)?;
        let document: &'b Document = self.document(id);
        Some((document, &document.named[place].named))
    }

    /// Whether chapters name places for MyST.
    pub fn has_names(&self) -> bool {
        !self.all_named().is_empty()
    }

    /// The places that have names, by their chapters and numbers there. Of those with one name, it is the first.
    fn all_named(&self) -> &HashMap<String, (ChapterId, usize)> {
        self.named.get_or_init(|| {
            let mut all = HashMap::default();
            for (id, document) in self.documents() {
                for (number, place) in document.named.iter().enumerate() {
                    all.entry(place.name.clone()).or_insert((id, number));
                }
            }
            all
        })
    }

    /// Whether a chapter or another file is at a path below the book's folder.
    pub fn has_source(&self, path: &str) -> bool {
        let path = self.in_our_form(path);
        self.by_path.contains_key(path) || self.snapshot.files.contains_key(path)
    }

    /// Finds what a link on the page at an address leads to: a source file first, as on a code host, then an address of the
    /// site, then what it would be to other tools.
    pub fn find(&self, link: &Link, page: &str) -> Option<Target> {
        let path = link.path.as_ref()?;
        let of_source = link.source.as_deref().and_then(|source| self.at_source(self.in_our_form(source)));
        of_source
            .or_else(|| self.at_address(path.strip_prefix('/')?))
            .or_else(|| self.in_form_of_others(link, page))
    }

    /// A path as the book's files have it, from one that may be written in another form of Unicode.
    fn in_our_form<'p>(&'p self, path: &'p str) -> &'p str {
        self.snapshot.path_of(path).unwrap_or(path)
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

        // A link out of `content/` into `static/`, as a code host follows it.
        if let Some(file) = source.strip_prefix(STATIC).and_then(|file| file.strip_prefix('/'))
            && self.snapshot.statics.contains_key(source)
        {
            return Some(Target::Output(file.to_owned()));
        }

        // The front page, which bindery makes if there is no chapter at its address.
        (source == CONTENT).then(|| Target::Output(String::new()))
    }

    /// Finds what a link leads to that is written as for another tool.
    fn in_form_of_others(&self, link: &Link, page: &str) -> Option<Target> {
        let path = link.path.as_deref()?;
        // Zola: from the top of `content/`.
        if let Some(path) = path.strip_prefix("@/") {
            return self.at_source(self.in_our_form(&url::join(CONTENT, path)?));
        }

        // The HTML file that is made of a chapter, or a chapter without its extension.
        if let Some(source) = &link.source {
            let stem = source.strip_suffix(".html").unwrap_or(source);
            let chapter = [".md", ".markdown"].iter().find_map(|extension| {
                let path = format!("{stem}{extension}");
                self.by_path.get(self.in_our_form(&path)).copied()
            });
            let of_folder = || self.by_folder.get(stem.strip_suffix("/index")?).copied();
            if let Some(id) = chapter.or_else(of_folder) {
                return Some(Target::Chapter(id));
            }
        }

        // An address, as a browser follows it from the page, or from a page without `/` at its end.
        let page = page.trim_end_matches('/');
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        [page, folder].into_iter().find_map(|from| self.at_address(&url::join(from, path)?))
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
