//! The spine: read → parse → bind → render, and what is reused from the time before.
//!
//! An [`Engine`] is asked again and again as a book changes; each answer is an [`Edition`], complete and
//! immutable. A document is parsed again if its file, the options or an answer it was given has changed; a
//! page is rendered again if anything in its job has. Binding is always done anew.
//!
//! While something has an error (a chapter, the settings, the theme), its last good form stands in for it, so
//! that an author who is half-way through a line still sees a whole book. Such an edition has errors, and is
//! never published.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::bind::{self, Book, Reuse, has_errors, order::SUMMARY};
use crate::parse::{self, Options, summary};
use crate::read::layout::{CONTENT, SETTINGS, THEMES};
use crate::read::sources::{Question, SourceText};
use crate::read::{Config, Overrides, Snapshot};
use crate::render::site::Renderer;
use crate::render::theme::ThemeOptions;
use crate::render::{Site, Theme};
use crate::text::{Diagnostic, Digest, Hashed, Source};
use crate::write::{self, Document, Files};

/// So many chapters are one thread's own. ParsedChapters are not equally long: where shares are small, all threads are done
/// at the same time.
const SHARE: usize = 8;

/// Makes editions of one book, and remembers what the next one can reuse.
#[derive(Debug, Default)]
pub struct Engine {
    overrides: Overrides,
    config: Option<Config>,
    chapters: ParsedChapters,
    reuse: Reuse,
    theme: LastTheme,
    site: Option<Arc<Site>>,
    /// Makes the outputs of all editions.
    pub renderer: Arc<Renderer>,
}

/// The chapters as they were parsed before, and how many were parsed so far.
#[derive(Debug, Default)]
struct ParsedChapters {
    options: Option<Hashed<Options>>,
    known: BTreeMap<String, ParsedChapter>,
    parsed: usize,
}

/// A chapter that was parsed before.
#[derive(Clone, Debug)]
struct ParsedChapter {
    /// As it is.
    parsed: Arc<Document>,
    /// As it was when it last had no error.
    good: Option<Arc<Document>>,
    /// As it is in the book: the good one with the faults of the other, if there is one.
    shown: Arc<Document>,
}

/// The theme that was last fit for use, and the digest of what it was made of.
#[derive(Debug, Default)]
struct LastTheme(Option<(Digest, Arc<Theme>)>);

/// A book as it is at one time.
#[derive(Debug)]
pub struct Edition {
    /// The settings.
    pub config: Config,
    /// All documents below `content/`, drafts too, in the order of their paths.
    pub documents: Vec<Arc<Document>>,
    /// The bound book.
    pub book: Arc<Book>,
    /// The outputs; none if the theme cannot be used.
    pub site: Arc<Site>,
    /// Everything that is wrong, in reading order.
    pub faults: Vec<Diagnostic>,
}

impl Engine {
    /// Makes an engine that knows no book yet.
    pub fn new(overrides: Overrides) -> Self {
        Engine { overrides, ..Engine::default() }
    }

    /// Makes an edition of what was read.
    pub fn edition(&mut self, snapshot: &Snapshot) -> Edition {
        let (config, mut faults) = self.config(snapshot);
        faults.extend(snapshot.faults.iter().cloned());
        let options = Hashed::new(Options::new(&config));
        let Engine { chapters, theme, .. } = self;
        let (documents, (theme, of_theme)) = rayon::join(
            || chapters.parse(snapshot, options),
            || theme.load(snapshot, ThemeOptions::new(&config)),
        );
        faults.extend(of_theme);
        let summary = snapshot.chapters.get(SUMMARY).map(summary::read);
        let book = bind::bind(snapshot, &config, &documents, summary.as_ref(), &mut self.reuse);
        faults.extend(book.faults.iter().cloned());
        let book = Arc::new(book);
        let site = match theme {
            Some(theme) => Arc::new(Site::new(&book, snapshot, &config, &theme, self.site.as_deref())),
            None => Arc::default(),
        };
        faults.extend(site.faults.iter().cloned());
        faults.sort_by(Diagnostic::reading_order);
        self.site = Some(Arc::clone(&site));
        Edition { config, documents, book, site, faults }
    }

    /// How many documents were parsed so far, over all editions.
    pub fn parsed(&self) -> usize {
        self.chapters.parsed
    }

    fn config(&mut self, snapshot: &Snapshot) -> (Config, Vec<Diagnostic>) {
        let (config, faults) = Config::read(snapshot.settings.as_ref(), &self.overrides);
        if !has_errors(&faults) && !snapshot.unread(SETTINGS).any(|_| true) {
            self.config = Some(config.clone());
        }
        (self.config.clone().unwrap_or(config), faults)
    }
}

impl ParsedChapters {
    /// Parses what has changed, and gives the documents of all chapters.
    fn parse(&mut self, snapshot: &Snapshot, options: Hashed<Options>) -> Vec<Arc<Document>> {
        let same_options = self.options.as_ref().is_some_and(|before| before.digest() == options.digest());
        let chapters: Vec<_> = snapshot.chapters.iter().filter(|(path, _)| *path != SUMMARY).collect();
        let before = &self.known;
        let documents: Vec<(ParsedChapter, bool)> = chapters
            .par_iter()
            .with_max_len(SHARE)
            .map(|(path, source)| match before.get(*path) {
                Some(known) if same_options && known.still_holds(source, snapshot) => (known.clone(), false),
                known => (
                    ParsedChapter::new(
                        write::write(parse::parse(source, &options), &options, snapshot),
                        known,
                    ),
                    true,
                ),
            })
            .collect();
        self.parsed += documents.iter().filter(|(_, is_new)| *is_new).count();
        // What cannot be read now stays as it was.
        let unread =
            snapshot.unread(CONTENT).filter_map(|path| Some((path.to_owned(), before.get(path)?.clone())));
        let read = documents.into_iter().map(|(known, _)| (known.parsed.source.path.clone(), known));
        self.known = unread.chain(read).collect();
        self.options = Some(options);
        self.known.values().map(|known| Arc::clone(&known.shown)).collect()
    }
}

impl LastTheme {
    /// Loads the theme if it has changed; gives the last one that can be used, and what is wrong.
    fn load(&mut self, snapshot: &Snapshot, options: ThemeOptions) -> (Option<Arc<Theme>>, Vec<Diagnostic>) {
        let texts: Vec<_> = snapshot.theme_texts.iter().map(|(path, source)| (path, &source.text)).collect();
        let files: Vec<_> = snapshot.theme_files.iter().map(|(path, asset)| (path, asset.digest)).collect();
        let key = Digest::of_value(&(&options, texts, files));
        let is_known = self.0.as_ref().is_some_and(|(known, _)| *known == key);
        let is_unread = self.0.is_some() && snapshot.unread(THEMES).any(|_| true);
        let mut faults = Vec::new();
        if !is_known && !is_unread {
            match Theme::load(snapshot, &options) {
                Ok(theme) => self.0 = Some((key, Arc::new(theme))),
                Err(of_theme) => faults = of_theme,
            }
        }
        let theme = self.0.as_ref().map(|(_, theme)| Arc::clone(theme));
        faults.extend(theme.iter().flat_map(|theme| theme.faults.iter().cloned()));
        (theme, faults)
    }
}

impl ParsedChapter {
    fn new(parsed: Document, before: Option<&ParsedChapter>) -> Self {
        let parsed = Arc::new(parsed);
        if !has_errors(&parsed.faults) {
            return ParsedChapter { good: Some(Arc::clone(&parsed)), shown: Arc::clone(&parsed), parsed };
        }
        let good = before.and_then(|before| before.good.clone());
        let shown = match &good {
            Some(good) => Arc::new(Document { faults: parsed.faults.clone(), ..(**good).clone() }),
            None => Arc::clone(&parsed),
        };
        ParsedChapter { parsed, good, shown }
    }

    fn still_holds(&self, source: &Arc<Source>, snapshot: &Snapshot) -> bool {
        Arc::ptr_eq(&self.parsed.source, source)
            && self.parsed.answers.iter().all(|answer| answer.still_holds(snapshot))
    }
}

impl Files for Snapshot {
    fn image_size(&self, path: &str) -> Option<(usize, usize)> {
        self.files.get(path).or_else(|| self.statics.get(path))?.size
    }

    fn source(&self, question: &Question) -> Arc<SourceText> {
        self.sources.ask(question)
    }
}
