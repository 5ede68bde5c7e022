//! A [`Preview`]: one edition, from which requests are answered and tabs get their state.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use crate::bind::has_errors;
use crate::bind::places::{NOT_FOUND, OFFLINE, page_file};
use crate::edition::Edition;
use crate::edits::Edits;
use crate::read::Asset;
use crate::read::layout::{SETTINGS, STATIC};
use crate::render::pages::{body, page};
use crate::render::site::Renderer;
use crate::render::{Job, Output, Promise};
use crate::text::report::{DiagnosticFields, clip};
use crate::text::url::{OWN, decode, encode_path};
use crate::text::{Diagnostic, Digest, Severity, Source};
use crate::write::Document;

use super::inject::{PageFacts, Status};
use super::{inject, pages};

/// How many changes of files are remembered for tabs that have slept.
const REMEMBERED: usize = 100;

/// How many diagnostics a tab gets.
const MOST_DIAGNOSTICS: usize = 100;

/// One edition, ready to be served.
#[derive(Debug)]
pub struct Preview {
    /// Counts the editions.
    pub number: u64,
    /// The edition.
    pub edition: Arc<Edition>,
    /// What differs from it.
    pub edits: Edits,
    /// The only page that it has, if the other chapters have not been parsed yet.
    only: Option<String>,
    /// Whether there is nothing to show but errors.
    pub is_broken: bool,
    /// Whether there have been settings without an error.
    had_settings: bool,
    /// Files of `static/` that have changed lately: the number of the edition, and the path in the site.
    changed: VecDeque<(u64, String)>,
    renderer: Arc<Renderer>,
}

/// The files of `static/` in an edition, and in the one before.
#[derive(Clone, Copy, Debug)]
pub struct StaticFiles<'s> {
    /// Those that it was made of, by their paths.
    pub now: &'s BTreeMap<String, Arc<Asset>>,
    /// Those that the edition before was made of.
    pub before: &'s BTreeMap<String, Arc<Asset>>,
}

/// The answer to a request.
#[derive(Debug)]
pub enum Reply {
    /// A page, with the script that follows the book.
    Page(Status, String),
    /// Any other output, by its path in the site.
    Bytes(String, Bytes),
    /// A file of the author's or of the theme's, by its path in the site.
    File(Status, String, Arc<Asset>),
    /// The address with the slash that it lacks.
    Elsewhere(String),
}

/// What is at an address.
struct Served<'p> {
    status: Status,
    /// Tells whether it is still the same.
    key: String,
    output: Output,
    job: Option<&'p Job>,
    /// What is wrong that is known only when it is made.
    diagnostics: Vec<Diagnostic>,
}

/// What an open tab must know.
#[derive(Debug, Serialize)]
struct TabState<'a> {
    edition: u64,
    status: Status,
    /// Tells whether the page is the one that the tab shows.
    key: &'a str,
    /// Where the chapter is that was at this address.
    moved: Option<String>,
    /// The chapter, if the page is one.
    chapter: Option<ChapterState<'a>>,
    /// How many errors there are in the book and on this page.
    errors: usize,
    /// How many warnings there are.
    warnings: usize,
    /// What is wrong, not more than can be read: first in the chapter, then elsewhere, and of each errors first.
    diagnostics: Vec<DiagnosticView<'a>>,
    /// The files of `static/` that have changed since the tab's last state.
    changed: Vec<&'a str>,
}

/// What an author wants to know of a chapter.
#[derive(Debug, Serialize)]
struct ChapterState<'a> {
    file: &'a str,
    words: usize,
    minutes: usize,
    open_tasks: usize,
    tasks: usize,
    notes: usize,
    draft: bool,
    /// Whether this is the last good form of a chapter that has an error now: the lines of the file are others.
    is_last_good: bool,
}

/// A diagnostic with the line of the source that it is in.
#[derive(Debug, Serialize)]
pub struct DiagnosticView<'a> {
    #[serde(flatten)]
    fields: DiagnosticFields<'a>,
    source: Option<&'a str>,
}

impl<'a> DiagnosticView<'a> {
    /// Takes the line from the source.
    pub fn of(diagnostic: &'a Diagnostic) -> Self {
        let line = diagnostic.place.as_ref().map(|place| {
            let position = place.source.position(place.span.start);
            let line = place.source.line(position.line);
            &line[clip(line, place.span.start - place.source.offset(position.line, 1))]
        });
        DiagnosticView {
            fields: DiagnosticFields::of(diagnostic),
            source: line.filter(|line| !line.trim().is_empty()),
        }
    }
}

impl Preview {
    /// Makes a preview of an edition, knowing the one before.
    pub fn new(
        edition: Edition,
        before: Option<&Preview>,
        statics: StaticFiles<'_>,
        renderer: Arc<Renderer>,
    ) -> Self {
        let number = before.map_or(1, |before| before.number + 1);
        let of_settings = |diagnostic: &&Diagnostic| diagnostic.file() == Some(SETTINGS);
        let settings_diagnostics =
            edition.diagnostics.iter().filter(of_settings).cloned().collect::<Vec<_>>();
        let had_settings =
            before.is_some_and(|before| before.had_settings) || !has_errors(&settings_diagnostics);
        let mut changed = before.map_or_else(VecDeque::new, |before| before.changed.clone());
        let is_new = |old: &Arc<Asset>, asset: &Arc<Asset>| !Arc::ptr_eq(old, asset) && old != asset;
        let differs = |(path, asset): &(&String, &Arc<Asset>)| {
            before.is_some() && statics.before.get(*path).is_none_or(|old| is_new(old, asset))
        };
        let paths = statics.now.iter().filter(differs).filter_map(|(path, _)| path.strip_prefix(STATIC));
        changed.extend(paths.map(|path| (number, path.trim_start_matches('/').to_owned())));
        changed.drain(..changed.len().saturating_sub(REMEMBERED));
        let is_broken = !had_settings || edition.site.promises.is_empty() || edition.book.chapters.is_empty();
        let edition = Arc::new(edition);
        let edits = Edits::default();
        Preview { number, edition, edits, only: None, is_broken, had_settings, changed, renderer }
    }

    /// The preview of an edition that has one page, at an address.
    pub fn of_page(
        edition: Edition,
        address: &str,
        statics: StaticFiles<'_>,
        renderer: Arc<Renderer>,
    ) -> Self {
        let only = Some(page_file(address));
        Preview { only, ..Preview::new(edition, None, statics, renderer) }
    }

    /// Whether it has all pages.
    pub fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    /// Whether it has what is at the path of a request.
    pub fn can_answer(&self, path: &str) -> bool {
        let is_asset = |path: &str| {
            self.output(path)
                .is_some_and(|promise| matches!(promise.job, Job::File(_) | Job::Style(_) | Job::Script(_)))
        };
        self.only.as_ref().is_none_or(|only| *only == page_file(path) || is_asset(path))
    }

    /// The next preview of the same edition, after edits.
    pub fn edited(&self, edits: Edits) -> Self {
        Preview {
            number: self.number + 1,
            edition: Arc::clone(&self.edition),
            edits,
            only: None,
            is_broken: self.is_broken,
            had_settings: self.had_settings,
            changed: self.changed.clone(),
            renderer: Arc::clone(&self.renderer),
        }
    }

    /// Answers to the path of a request, decoded and without its leading slash.
    pub fn answer(&self, path: &str) -> Reply {
        if let Some(address) = self.with_slash(path) {
            return Reply::Elsewhere(address);
        }

        // A preview keeps nothing for reading offline, and what was kept of a book that was here before has to go.
        if path == OFFLINE && self.output(path).is_none() {
            return Reply::Bytes(path.to_owned(), b"{}".to_vec().into());
        }

        let shown = match self.bundled(path) {
            Some(Ok(bytes)) => return Reply::Bytes(path.to_owned(), bytes),
            Some(Err(diagnostic)) => Served::made(Status::Failed, pages::failed(&diagnostic)),
            None => self.shown(path),
        };

        // A page is served with the preview's own script and what that needs to know.
        match shown.output {
            Output::Bytes(bytes) if shown.job.is_none_or(is_page) => {
                let html = String::from_utf8_lossy(&bytes);
                let lines = self.lines(&html, shown.job);
                let source = shown.job.and_then(document).map(|document| &document.source);
                let facts = PageFacts {
                    key: &shown.key,
                    status: shown.status,
                    edition: self.number,
                    file: source.map(|source| source.path.as_str()),
                    text: source.map(|source| text_digest(source)),
                    lines: &lines,
                };
                Reply::Page(shown.status, inject::script(&html, &facts))
            }
            Output::Bytes(bytes) => Reply::Bytes(page_file(path), bytes),
            Output::File(asset) => Reply::File(shown.status, page_file(path), asset),
        }
    }

    /// The state for a tab at this address, as JSON. `known` is the chapter that the tab shows, and `last` the number
    /// of the edition whose state it received last.
    pub fn state(&self, path: &str, known: Option<&Source>, last: u64) -> String {
        let shown = self.shown(path);
        let chapter = shown.job.and_then(document);

        // Where the chapter that the tab shows has moved, and what has changed since its last state.
        let elsewhere = |known: &&Source| chapter.is_none_or(|now| now.source.path != known.path);
        let moved = known.filter(elsewhere).and_then(|known| self.address_of(known));
        let changed = self.changed.iter().filter(|(number, _)| *number > last);

        let mut diagnostics: Vec<&Diagnostic> =
            self.edits.diagnostics(&self.edition).chain(&shown.diagnostics).collect();
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        let warnings = diagnostics.len() - errors;

        // No error is left out for warnings. Of what is sent, that of the open chapter comes first.
        let of_chapter =
            chapter.map(|document| &*document.source).or(known).map(|source| source.path.as_str());
        let is_elsewhere = |diagnostic: &Diagnostic| of_chapter.is_none() || diagnostic.file() != of_chapter;
        diagnostics.sort_by_key(|diagnostic| (diagnostic.severity, is_elsewhere(diagnostic)));
        diagnostics.truncate(MOST_DIAGNOSTICS);
        diagnostics.sort_by_key(|diagnostic| is_elsewhere(diagnostic));

        let state = TabState {
            edition: self.number,
            status: shown.status,
            key: &shown.key,
            moved: moved.map(|address| format!("/{}", encode_path(address))),
            chapter: chapter.map(|document| ChapterState::of(document)),
            errors,
            warnings,
            diagnostics: diagnostics.into_iter().map(DiagnosticView::of).collect(),
            changed: changed.map(|(_, path)| path.as_str()).collect(),
        };
        serde_json::to_string(&state).expect("a struct of strings and numbers is always JSON")
    }

    /// What is at an address: an output, the page for addresses that do not exist, or the error of a template.
    fn shown(&self, path: &str) -> Served<'_> {
        if self.is_broken {
            return Served::made(Status::Failed, pages::broken(&self.edition.diagnostics));
        }
        if path.strip_prefix(OWN) == Some("/") {
            return Served::made(Status::Found, pages::chapters(&self.edition));
        }
        let not_found = || Some((Status::Missing, self.output(NOT_FOUND)?));
        match self.find(path).map(|promise| (Status::Found, promise)).or_else(not_found) {
            None => Served::made(Status::Missing, pages::not_found()),
            Some((status, promise)) => match promise.keep(&self.renderer) {
                Ok(output) => {
                    let mut diagnostics = promise.warnings().to_vec();
                    self.edition.config.lints.apply(&mut diagnostics);
                    let key = promise.key().short();
                    Served { status, key, output, job: Some(&promise.job), diagnostics }
                }
                Err(diagnostic) => {
                    let page = pages::failed(&diagnostic);
                    Served { diagnostics: vec![diagnostic], ..Served::made(Status::Failed, page) }
                }
            },
        }
    }

    /// The promise for a path, which may also begin with the path of `base_url`, as links on the page for
    /// addresses that do not exist do.
    fn find(&self, path: &str) -> Option<&Arc<Promise>> {
        let below = || self.output(&page_file(self.below_base(path)?));
        self.output(&page_file(path)).or_else(below)
    }

    /// What comes after the path of `base_url`, if the path begins with it.
    fn below_base<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.base_path()?.as_str())
    }

    /// The promise of a file of the site.
    fn output(&self, path: &str) -> Option<&Arc<Promise>> {
        self.edits.output(&self.edition, path)
    }

    /// A file of a bundle, whose names are not known before it is made.
    fn bundled(&self, path: &str) -> Option<Result<Bytes, Diagnostic>> {
        let site = &self.edition.site;
        let (bundle, file) = site.bundle(path).or_else(|| site.bundle(self.below_base(path)?))?;
        bundle.keep(&self.renderer.indexes).map(|files| files.get(file).cloned()).transpose()
    }

    /// The path of `base_url`, decoded and without its leading slash, if it has one.
    fn base_path(&self) -> Option<String> {
        let (_, rest) = self.edition.config.base_url.as_deref()?.split_once("://")?;
        let (_, path) = rest.split_once('/').filter(|(_, path)| !path.is_empty())?;
        decode(path)
    }

    /// The address with a slash at its end, if there is a page at that and none without.
    fn with_slash(&self, path: &str) -> Option<String> {
        let address = format!("{path}/");
        let lacks = !path.is_empty() && !path.ends_with('/') && self.find(path).is_none();
        (lacks && (path == OWN || self.find(&address).is_some())).then_some(address)
    }

    /// The lines of the source that the elements of a page come from.
    fn lines(&self, html: &str, job: Option<&Job>) -> Vec<inject::ElementLine> {
        let Some(Job::Chapter(job)) = job else { return Vec::new() };
        let (body, blocks) = body::blocks(job, &self.renderer.highlighter);
        inject::lines(html, &body, &blocks)
    }

    /// The chapter that is shown at an address.
    pub fn source(&self, path: &str) -> Option<&Arc<Source>> {
        document(&self.find(path)?.job).map(|document| &document.source)
    }

    /// The chapter of a file; if that is gone, the one with the same text, by its digest.
    pub fn source_of(&self, file: &str, text: Option<&str>) -> Option<&Arc<Source>> {
        let of_file = self.edits.document(&self.edition, file).map(|document| &document.source);
        let same_text = || {
            let mut sources = self.edition.book.chapters.iter().map(|chapter| &chapter.document.source);
            sources.find(|source| text.is_some_and(|text| text_digest(source) == text))
        };
        of_file.or_else(same_text)
    }

    /// Whether a path, below the book's folder, is that of a source which the author can be shown.
    pub fn is_source(&self, file: &str) -> bool {
        self.edition.document(file).is_some()
            || self.edition.diagnostics.iter().any(|diagnostic| diagnostic.file() == Some(file))
    }

    /// Where a chapter is now: the one in that file, else one with the same text, since files are renamed too.
    fn address_of(&self, known: &Source) -> Option<&str> {
        let book = &self.edition.book;
        let same_file = book.chapter_of(&known.path);
        let same_text = || {
            let mut same = book.chapters.iter().filter(|chapter| chapter.document.source.text == known.text);
            // Of several, it could be any.
            same.next().filter(|_| same.next().is_none())
        };
        same_file.or_else(same_text).map(|chapter| chapter.address.as_str())
    }
}

/// The digest of a source's text, whatever file it is in.
fn text_digest(source: &Source) -> String {
    Digest::of(source.text.as_bytes()).short()
}

impl Served<'_> {
    /// A page that the server made.
    fn made(status: Status, html: String) -> Self {
        let key = Digest::of(html.as_bytes()).short();
        Served { status, key, output: Output::Bytes(html.into()), job: None, diagnostics: Vec::new() }
    }
}

/// Whether an output is a page of the book, which follows it.
fn is_page(job: &Job) -> bool {
    matches!(job, Job::Chapter(_) | Job::Front(_) | Job::Contents(_) | Job::Print(_) | Job::NotFound(_))
}

/// The chapter that an output shows.
fn document(job: &Job) -> Option<&Arc<Document>> {
    match job {
        Job::Chapter(job) => Some(&job.document),
        _ => None,
    }
}

impl<'a> ChapterState<'a> {
    fn of(document: &'a Document) -> Self {
        ChapterState {
            file: &document.source.path,
            words: document.words,
            minutes: page::minutes(document.words),
            open_tasks: document.tasks.iter().filter(|task| !task.done).count(),
            tasks: document.tasks.len(),
            notes: document.notes.len(),
            draft: document.front.draft,
            is_last_good: is_last_good(document),
        }
    }
}

/// Whether a document is the last good form of a chapter: what is wrong with it is in another text.
fn is_last_good(document: &Document) -> bool {
    let mut places = document.diagnostics.iter().filter_map(|diagnostic| diagnostic.place.as_ref());
    places.any(|place| !Arc::ptr_eq(&place.source, &document.source))
}
