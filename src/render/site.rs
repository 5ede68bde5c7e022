//! A [`Site`] is a set of promises: each output path has a job whose bytes are made once, when first asked
//! for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use foldhash::{HashMap, HashMapExt, HashSet};
use rayon::prelude::*;

use super::bundle::{Bundle, Bundles};
use super::code::highlight::Highlighter;
use super::job::{Job, MadeOutput, Output};
use super::pages::page;
use super::plan::Plan;
use super::search::index::IndexMaker;
use super::theme::Theme;
use crate::bind::Book;
use crate::read::layout::{SETTINGS, STATIC};
use crate::read::{Config, Snapshot};
use crate::text::url::OWN;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Severity, Source, Span};

/// Everything that a book is published as.
#[derive(Debug, Default)]
pub struct Site {
    /// The promises, by the path of the file they fill, with `/` between names.
    pub promises: BTreeMap<String, Arc<Promise>>,
    /// Whether it can be read offline, once it is published.
    pub offline: bool,
    /// What takes long to make, by its folder: the index for search, social images.
    pub bundles: Bundles,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// The site before, whose promises can be taken over.
#[derive(Clone, Copy, Debug)]
pub struct SiteBefore<'s> {
    /// The site.
    pub site: &'s Site,
    /// The promises that were made in place of its own since.
    pub edited: &'s BTreeMap<String, Arc<Promise>>,
}

impl<'s> SiteBefore<'s> {
    /// The promise for a path.
    fn promise(&self, path: &str) -> Option<&'s Arc<Promise>> {
        self.edited.get(path).or_else(|| self.site.promises.get(path))
    }
}

/// An output that is made when it is asked for, once.
#[derive(Debug)]
pub struct Promise {
    /// What is to be made.
    pub job: Job,
    key: OnceLock<Digest>,
    made: OnceLock<Result<MadeOutput, Diagnostic>>,
}

/// Makes outputs, and counts them.
#[derive(Debug, Default)]
pub struct Renderer {
    /// Highlighted code, kept from output to output.
    pub highlighter: Highlighter,
    /// What is known of chapters for search, kept from index to index.
    pub indexes: IndexMaker,
    rendered: AtomicUsize,
    /// The origins of the outputs that are being made, numbered in the order in which they were begun.
    running: Mutex<BTreeMap<usize, String>>,
}

/// An output that is being made.
struct Running<'r> {
    renderer: &'r Renderer,
    number: usize,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.renderer.running().remove(&self.number);
    }
}

impl Renderer {
    /// How many outputs were made here; files that are copied do not count.
    pub fn rendered(&self) -> usize {
        self.rendered.load(Ordering::Relaxed)
    }

    /// The number and the origin of the output that has been in the making for the longest time.
    pub fn oldest(&self) -> Option<(usize, String)> {
        self.running().first_key_value().map(|(number, origin)| (*number, origin.clone()))
    }

    /// Counts an output that is made from now on, until the result is dropped.
    fn begin(&self, origin: String) -> Running<'_> {
        let number = self.rendered.fetch_add(1, Ordering::Relaxed);
        self.running().insert(number, origin);
        Running { renderer: self, number }
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<usize, String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Promise {
    /// Promises what a job makes.
    pub fn new(job: Job) -> Self {
        Promise { job, key: OnceLock::new(), made: OnceLock::new() }
    }

    /// The key: the digest of all that the output depends on. It is computed when it is first asked for, which a
    /// single build never does.
    pub fn key(&self) -> Digest {
        *self.key.get_or_init(|| self.job.key())
    }

    /// Keeps the promise: makes the output, or returns what was made before.
    ///
    /// # Errors
    /// The error of a template.
    pub fn keep(&self, renderer: &Renderer) -> Result<Output, Diagnostic> {
        self.made.get_or_init(|| self.make(renderer)).clone().map(|made| made.output)
    }

    /// What is wrong with what the output was made of; empty until the promise is kept.
    pub fn warnings(&self) -> &[Diagnostic] {
        self.made.get().and_then(|made| made.as_ref().ok()).map_or(&[], |made| &made.warnings)
    }

    /// Makes the output without keeping it, for a build that needs it once.
    ///
    /// # Errors
    /// The error of a template.
    pub fn keep_once(&self, renderer: &Renderer) -> Result<MadeOutput, Diagnostic> {
        self.made.get().cloned().unwrap_or_else(|| self.make(renderer))
    }

    fn make(&self, renderer: &Renderer) -> Result<MadeOutput, Diagnostic> {
        if matches!(self.job, Job::File(_)) {
            return self.job.run(&renderer.highlighter);
        }
        let _running = renderer.begin(origin(self.job.name(), &self.job));
        self.job.run(&renderer.highlighter)
    }
}

impl Site {
    /// Promises all outputs of a book. Promises of the site before that are still good are taken over.
    pub fn new(
        book: &Book,
        snapshot: &Snapshot,
        config: &Config,
        theme: &Arc<Theme>,
        before: Option<SiteBefore<'_>>,
    ) -> Site {
        let no_bundles = Bundles::new();
        let bundles_before = before.map_or(&no_bundles, |before| &before.site.bundles);
        let plan = Plan::new(book, snapshot, config, theme, bundles_before);

        let mut diagnostics = missing_templates(book, theme, snapshot);
        diagnostics.extend(missing_files(snapshot, config));
        diagnostics.extend(theme.unused(&named_templates(book)));
        diagnostics.extend(plan.bundled.diagnostic.clone());

        let (promises, misplaced) = placed(promised(plan.jobs(), before));
        diagnostics.extend(misplaced);

        Site { promises, offline: config.offline, bundles: plan.bundled.bundles, diagnostics }
    }

    /// The bundle that a path is in, and the path below its folder.
    pub fn bundle<'p>(&self, path: &'p str) -> Option<(&Bundle, &'p str)> {
        // The folder of a bundle is two folders deep, as in `search/DIGEST/`.
        let (end, _) = path.match_indices('/').nth(1)?;
        let (folder, file) = path.split_at(end + 1);
        self.bundles.get(folder).map(|bundle| (&**bundle, file))
    }
}

/// The diagnostics for files that `book.yaml` names and that are not in `static/`.
fn missing_files<'s>(snapshot: &'s Snapshot, config: &'s Config) -> impl Iterator<Item = Diagnostic> + 's {
    let named = [("logo", &config.logo), ("style", &config.style)];
    let named = named.into_iter().filter_map(|(key, path)| Some((key, path.as_deref()?)));
    let missing = named.filter(|(_, path)| !snapshot.statics.contains_key(&format!("{STATIC}/{path}")));
    missing.map(|(key, path)| {
        let message = format!("there is no `{STATIC}/{path}`, which `{key}` names");
        let diagnostic = Diagnostic::new(DiagnosticCode::MissingFile, message).on(SETTINGS);
        diagnostic.hint(format!("put the file into `{STATIC}/`, or leave `{key}` out"))
    })
}

/// An output at its path.
type Placed = (String, Arc<Promise>);

/// The promises of jobs. Those of the site before that have the same keys are taken over.
fn promised(jobs: Vec<(String, Job)>, before: Option<SiteBefore<'_>>) -> Vec<Placed> {
    let promise = |(path, job): (String, Job)| {
        let new = Promise::new(job);
        let old = before.and_then(|before| before.promise(&path)).filter(|old| old.key() == new.key());
        let promise = old.map_or_else(|| Arc::new(new), Arc::clone);
        (path, promise)
    };
    jobs.into_par_iter().with_min_len(32).map(promise).collect()
}

/// The outputs that can be written at their paths, and what is wrong with the paths of others.
fn placed(outputs: Vec<Placed>) -> (BTreeMap<String, Arc<Promise>>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();

    // By the path without regard to case; of two that clash, the first is kept. What a static file replaces was
    // never promised, so a path that is taken is a clash.
    let mut taken: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(outputs.len());
    let mut is_kept = vec![true; outputs.len()];
    for (number, (path, promise)) in outputs.iter().enumerate() {
        let diagnostic = match taken.entry(without_case(path)) {
            _ if is_reserved(path) => Some(reserved(path, &promise.job)),
            Entry::Occupied(other) => clash(path, &promise.job, &outputs[*other.get()].1.job),
            Entry::Vacant(place) => {
                place.insert(number);
                continue;
            }
        };
        diagnostics.extend(diagnostic);
        is_kept[number] = false;
    }
    drop(taken);

    let kept = || outputs.iter().zip(&is_kept).filter(|(_, is_kept)| **is_kept).map(|(output, _)| output);
    let folders: HashSet<&str> = kept().flat_map(|(path, _)| folders(path)).collect();
    let in_the_way = kept().filter(|(path, _)| folders.contains(path.as_str()));
    diagnostics.extend(in_the_way.map(|output| file_and_folder(output, &outputs)));

    let kept = outputs.into_iter().zip(is_kept).filter(|(_, is_kept)| *is_kept).map(|(output, _)| output);
    (kept.collect(), diagnostics)
}

/// The folders that a file at a path is in, outermost first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// A path as it is known where letters are compared without regard to case.
fn without_case(path: &str) -> Cow<'_, str> {
    if path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(path.to_lowercase())
    }
}

/// The templates that chapters name.
fn named_templates(book: &Book) -> Vec<&str> {
    let fronts = book.chapters.iter().map(|chapter| &chapter.document.front);
    fronts.filter_map(|front| Some(front.template.as_ref()?.0.as_str())).collect()
}

/// The diagnostics for chapters whose template the theme does not have.
fn missing_templates(book: &Book, theme: &Theme, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let has_themes = !snapshot.theme_texts.is_empty();
    let chapters = book.chapters.iter().map(|chapter| &chapter.document);
    let missing = chapters.filter_map(|document| {
        let (name, span) = document.front.template.as_ref()?;

        let message = match theme.has(name) {
            true if page::is_for_chapters(name) => return None,
            true => format!("the template `{name}` is not one of a chapter's page"),
            false => format!("the theme has no template `{name}`"),
        };

        let diagnostic = Diagnostic::new(DiagnosticCode::InvalidTemplate, message);
        let diagnostic = diagnostic.at(&document.source, *span);
        // A book without a theme of its own has this key from another tool.
        Some(match has_themes {
            true => diagnostic.hint("it names a file in the theme's `templates/`"),
            false => Diagnostic { severity: Severity::Warning, ..diagnostic }
                .hint("the usual one is used; take the key out, or write a theme with this template"),
        })
    });
    missing.collect()
}

/// Whether a path is in the folder of the program's own files.
fn is_reserved(path: &str) -> bool {
    path.strip_prefix(OWN).is_some_and(|rest| rest.starts_with('/'))
}

/// The diagnostic for an output in the folder of the program's own files.
fn reserved(path: &str, job: &Job) -> Diagnostic {
    let message = format!("`{path}` is where bindery keeps its own");
    Diagnostic::new(DiagnosticCode::DuplicateAddress, message).on(origin(path, job)).hint("rename the folder")
}

/// The diagnostic for a file at the path of a folder that another output is in.
fn file_and_folder(file: &Placed, outputs: &[Placed]) -> Diagnostic {
    let (path, promise) = file;
    let is_below = |other: &str| other.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'));
    let below = outputs.iter().find(|(other, _)| is_below(other));

    let message = format!("`{path}` is a file, and the folder of a page too");
    let diagnostic = Diagnostic::new(DiagnosticCode::DuplicateAddress, message);
    let mut both = vec![(path.as_str(), &promise.job)];
    both.extend(below.map(|(path, promise)| (path.as_str(), &promise.job)));
    at_origin(diagnostic, &both).hint("rename the file or give the chapter another `path:`")
}

/// The diagnostic for two outputs at one path. Two chapters there were reported when the book was bound.
fn clash(path: &str, job: &Job, other: &Job) -> Option<Diagnostic> {
    if matches!((job, other), (Job::Chapter(_), Job::Chapter(_)) | (Job::Markdown(_), Job::Markdown(_))) {
        return None;
    }

    let (mine, theirs) = (origin(path, job), origin(path, other));
    let diagnostic = Diagnostic::new(
        DiagnosticCode::DuplicateAddress,
        format!("`{mine}` and `{theirs}` would both be `{path}`"),
    );
    let diagnostic = at_origin(diagnostic, &[(path, job), (path, other)]);
    Some(diagnostic.hint("rename one of them, or give the chapter another `path:`"))
}

/// A diagnostic for outputs, at the place where it can be fixed: an address that an author wrote, else an input.
fn at_origin(diagnostic: Diagnostic, outputs: &[(&str, &Job)]) -> Diagnostic {
    if let Some((source, span)) = outputs.iter().find_map(|(_, job)| written(job)) {
        return diagnostic.at(source, span);
    }

    let input = outputs.iter().find(|(_, job)| is_input(job)).or(outputs.first());
    input.map_or(diagnostic.clone(), |(path, job)| diagnostic.on(origin(path, job)))
}

/// Whether an output is made of a file of the author's.
fn is_input(job: &Job) -> bool {
    matches!(job, Job::Chapter(_) | Job::Redirect(_) | Job::File(_))
}

/// Where a chapter's author wrote its address.
fn written(job: &Job) -> Option<(&Arc<Source>, Span)> {
    let Job::Chapter(job) = job else { return None };
    job.document.front.path.as_ref().map(|(_, span)| (&job.document.source, *span))
}

/// The input that an output is made of, for errors.
fn origin(path: &str, job: &Job) -> String {
    match job {
        Job::Chapter(job) => job.document.source.path.clone(),
        Job::Redirect(job) => job.source.clone(),
        Job::File(asset) => asset.path.clone(),
        _ => format!("{path} (made by bindery)"),
    }
}
