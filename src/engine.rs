//! The flow from a snapshot to a site: parse → write → bind → render, and what one edition can reuse of the last one.
//!
//! An [`Engine`] makes one [`Edition`] after another as a book changes; each is complete and immutable. A document
//! is parsed again if its file, the options or an answer that it got has changed. A page is rendered again if
//! anything in its job has changed. Binding is repeated every time.
//!
//! While a chapter, the settings or the theme has an error, its last version without an error is used, so that an
//! author in the middle of a line still sees a whole book. Such an edition has errors, and is never published.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::bind::places::page_file;
use crate::bind::{self, Reuse, has_errors, order::SUMMARY};
use crate::edition::Edition;
use crate::edits::Edits;
use crate::first_page;
use crate::parse::{self, Options, summary};
use crate::read::image_size::ImageFacts;
use crate::read::layout::{CONTENT, SETTINGS, THEMES};
use crate::read::sources::{Question, SourceText};
use crate::read::{Config, Overrides, Snapshot};
use crate::render::site::{Renderer, SiteBefore};
use crate::render::theme::ThemeOptions;
use crate::render::{Promise, Site, Theme};
use crate::text::{Diagnostic, Digest, Hashed, Source};
use crate::write::{self, Document, Files};

/// Chapters per task; small, because chapters differ in length and threads should finish together.
const SHARE: usize = 8;

/// Makes editions of one book, and keeps what the next one can reuse.
#[derive(Debug, Default)]
pub struct Engine {
    overrides: Overrides,
    config: Option<Config>,
    chapters: ParsedChapters,
    reuse: Reuse,
    theme: LastTheme,
    site: Option<Arc<Site>>,
    /// The outputs that differ from the last site after edits.
    edited: BTreeMap<String, Arc<Promise>>,
    /// Makes the outputs of all editions.
    pub renderer: Arc<Renderer>,
}

/// The chapters of the last edition.
#[derive(Debug, Default)]
struct ParsedChapters {
    options: Option<Hashed<Options>>,
    known: BTreeMap<String, ParsedChapter>,
    /// How many documents were parsed, over all editions.
    parsed: usize,
}

/// A chapter of the last edition.
#[derive(Clone, Debug)]
struct ParsedChapter {
    /// The document of the current text.
    parsed: Arc<Document>,
    /// The last document without an error.
    good: Option<Arc<Document>>,
    /// The document in the book: `good` with the diagnostics of `parsed`, or `parsed` if there is no good one.
    shown: Arc<Document>,
}

/// The last theme without an error, and the digest of its files and options.
#[derive(Debug, Default)]
struct LastTheme(Option<(Digest, Arc<Theme>)>);

impl Engine {
    /// Makes an engine that has made no edition yet.
    pub fn new(overrides: Overrides) -> Self {
        Engine { overrides, ..Engine::default() }
    }

    /// Makes an edition of what was read.
    pub fn edition(&mut self, snapshot: &Snapshot) -> Edition {
        let (config, mut diagnostics) = self.config(snapshot);
        diagnostics.extend(snapshot.diagnostics.iter().cloned());

        // Chapters and theme do not depend on each other.
        let options = Hashed::new(Options::new(&config));
        let Engine { chapters, theme, .. } = self;
        let (documents, (theme, of_theme)) = rayon::join(
            || chapters.parse(snapshot, options),
            || theme.load(snapshot, ThemeOptions::new(&config)),
        );
        diagnostics.extend(of_theme);
        self.bound(snapshot, config, documents, theme, diagnostics)
    }

    /// Makes an edition that is ready long before that of a large book: of its chapters, only the one at an address is whole,
    /// and the others have nothing but what lists show of them. Returns `None` if there is no such page, or if the settings or
    /// the theme have an error.
    pub fn first_page(&mut self, snapshot: &Snapshot, address: &str) -> Option<Edition> {
        let (config, diagnostics) = self.config(snapshot);
        let options = Hashed::new(Options::new(&config));
        let theme = &mut self.theme;
        let (documents, (theme, of_theme)) = rayon::join(
            || first_page::documents(snapshot, &options, &page_file(address)),
            || theme.load(snapshot, ThemeOptions::new(&config)),
        );
        if has_errors(&diagnostics) || has_errors(&of_theme) {
            return None;
        }

        let mut edition = self.bound(snapshot, config, documents, theme, Vec::new());
        // What is wrong is known when all chapters have been parsed.
        edition.diagnostics.clear();
        let is_there = edition.site.promises.contains_key(&page_file(address));
        is_there.then_some(edition)
    }

    /// Binds and plans an edition.
    fn bound(
        &mut self,
        snapshot: &Snapshot,
        config: Config,
        documents: Vec<Arc<Document>>,
        theme: Option<Arc<Theme>>,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Edition {
        let summary = snapshot.chapters.get(SUMMARY).map(summary::read);
        let book = bind::bind(snapshot, &config, &documents, summary.as_ref(), &mut self.reuse);
        diagnostics.extend(book.diagnostics.iter().cloned());
        let book = Arc::new(book);

        let site = match theme {
            Some(theme) => {
                let before = self.site.as_deref().map(|site| SiteBefore { site, edited: &self.edited });
                Arc::new(Site::new(&book, snapshot, &config, &theme, before))
            }
            None => Arc::default(),
        };
        diagnostics.extend(site.diagnostics.iter().cloned());
        self.site = Some(Arc::clone(&site));
        self.edited.clear();

        // Those of binding have been through it, before repeated ones were taken together.
        config.lints.apply(&mut diagnostics);
        diagnostics.sort_by(Diagnostic::reading_order);
        Edition { config, documents, book, site, diagnostics }
    }

    /// Adds an edit of a chapter to those since the last edition, which this engine has made. Returns `None` if there must
    /// be a new edition. Either way, that will not parse the chapter again.
    pub fn edit(
        &mut self,
        edition: &Edition,
        edits: &Edits,
        snapshot: &Snapshot,
        source: &Arc<Source>,
    ) -> Option<Edits> {
        let document = self.chapters.parse_again(source, snapshot)?;
        let edits = edits.with(edition, &document, self.reuse.glossary.as_ref())?;
        self.edited.clone_from(&edits.outputs);
        Some(edits)
    }

    /// How many documents were parsed so far, over all editions.
    pub fn parsed(&self) -> usize {
        self.chapters.parsed
    }

    /// Reads the settings; with an error, returns the last ones without.
    fn config(&mut self, snapshot: &Snapshot) -> (Config, Vec<Diagnostic>) {
        let (config, diagnostics) = Config::read(snapshot.settings.as_ref(), &self.overrides);

        let is_unread = snapshot.unread(SETTINGS).next().is_some();
        if !has_errors(&diagnostics) && !is_unread {
            self.config = Some(config.clone());
        }

        (self.config.clone().unwrap_or(config), diagnostics)
    }
}

impl ParsedChapters {
    /// Parses what has changed, and returns the documents of all chapters.
    fn parse(&mut self, snapshot: &Snapshot, options: Hashed<Options>) -> Vec<Arc<Document>> {
        let same_options = self.options.as_ref().is_some_and(|before| before.digest() == options.digest());
        let before = &self.known;
        let parsed = AtomicUsize::new(0);
        let parse_changed = |(path, source): &(&String, &Arc<Source>)| {
            let known = before.get(*path);
            if let Some(known) = known
                && same_options
                && known.still_holds(source, snapshot)
            {
                return known.clone();
            }

            parsed.fetch_add(1, Ordering::Relaxed);
            let document = write::write(parse::parse(source, &options), &options, snapshot);
            ParsedChapter::new(document, known)
        };
        let sources: Vec<_> = snapshot.chapters.iter().filter(|(path, _)| *path != SUMMARY).collect();
        let read: Vec<ParsedChapter> = sources.par_iter().with_max_len(SHARE).map(parse_changed).collect();

        // Chapters that cannot be read at the moment stay in the book.
        let mut chapters = BTreeMap::new();
        for path in snapshot.unread(CONTENT) {
            if let Some(known) = before.get(path) {
                chapters.insert(path.to_owned(), known.clone());
            }
        }
        for chapter in read {
            chapters.insert(chapter.parsed.source.path.clone(), chapter);
        }

        self.parsed += parsed.into_inner();
        self.options = Some(options);
        self.known = chapters;
        self.known.values().map(|known| Arc::clone(&known.shown)).collect()
    }

    /// Parses a chapter that was there before. Returns its document if the book takes that as it is.
    fn parse_again(&mut self, source: &Arc<Source>, snapshot: &Snapshot) -> Option<Arc<Document>> {
        let options = self.options.as_ref()?;
        let known = self.known.get_mut(&source.path)?;
        let document = write::write(parse::parse(source, options), options, snapshot);
        *known = ParsedChapter::new(document, Some(known));
        self.parsed += 1;
        Arc::ptr_eq(&known.parsed, &known.shown).then(|| Arc::clone(&known.shown))
    }
}

impl LastTheme {
    /// Loads the theme if it has changed. Returns the last one without an error, and what is wrong.
    fn load(&mut self, snapshot: &Snapshot, options: ThemeOptions) -> (Option<Arc<Theme>>, Vec<Diagnostic>) {
        let texts: Vec<_> = snapshot.theme_texts.iter().map(|(path, source)| (path, &source.text)).collect();
        let files: Vec<_> = snapshot.theme_files.iter().map(|(path, asset)| (path, asset.digest)).collect();
        let key = Digest::of_value(&(&options, texts, files));

        // With unreadable files it would be another theme, so the last one stays.
        let is_known = self.0.as_ref().is_some_and(|(known, _)| *known == key);
        let is_unread = self.0.is_some() && snapshot.unread(THEMES).next().is_some();
        let mut diagnostics = Vec::new();
        if !is_known && !is_unread {
            match Theme::load(snapshot, &options) {
                Ok(theme) => self.0 = Some((key, Arc::new(theme))),
                Err(of_theme) => diagnostics = of_theme,
            }
        }

        let theme = self.0.as_ref().map(|(_, theme)| Arc::clone(theme));
        diagnostics.extend(theme.iter().flat_map(|theme| theme.diagnostics.iter().cloned()));
        (theme, diagnostics)
    }
}

impl ParsedChapter {
    fn new(parsed: Document, before: Option<&ParsedChapter>) -> Self {
        let parsed = Arc::new(parsed);
        if !has_errors(&parsed.diagnostics) {
            return ParsedChapter { good: Some(Arc::clone(&parsed)), shown: Arc::clone(&parsed), parsed };
        }

        let good = before.and_then(|before| before.good.clone());
        let shown = match &good {
            Some(good) => Arc::new(Document { diagnostics: parsed.diagnostics.clone(), ..(**good).clone() }),
            None => Arc::clone(&parsed),
        };
        ParsedChapter { parsed, good, shown }
    }

    /// Whether parsing it again would give the same document.
    fn still_holds(&self, source: &Arc<Source>, snapshot: &Snapshot) -> bool {
        Arc::ptr_eq(&self.parsed.source, source)
            && self.parsed.answers.iter().all(|answer| answer.still_holds(snapshot))
    }
}

impl Files for Snapshot {
    fn image(&self, path: &str) -> Option<ImageFacts> {
        let path = self.path_of(path)?;
        self.files.get(path).or_else(|| self.statics.get(path))?.image
    }

    fn source(&self, question: &Question) -> Arc<SourceText> {
        self.sources.ask(question)
    }
}
