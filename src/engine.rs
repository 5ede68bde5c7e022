//! The spine: read → parse → bind → render, and what is reused from the time before.
//!
//! An [`Engine`] is asked again and again as a book changes; each answer is an [`Edition`], complete and
//! immutable. A document is parsed again if its file, the options or an answer it was given has changed; a
//! page is rendered again if anything in its job has. Binding is always done anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::bind::{self, Book, order::SUMMARY};
use crate::parse::{self, Document, Files, Options, summary};
use crate::read::{Config, Overrides, Snapshot};
use crate::render::site::Workshop;
use crate::render::{Site, Theme};
use crate::text::{Diagnostic, Digest};

/// Makes editions of one book, and remembers what the next one can reuse.
#[derive(Debug, Default)]
pub struct Engine {
    overrides: Overrides,
    options: Option<Options>,
    documents: BTreeMap<String, Arc<Document>>,
    theme: Option<(Digest, Arc<Theme>)>,
    site: Option<Arc<Site>>,
    parsed: usize,
    /// Makes the outputs of all editions.
    pub workshop: Workshop,
}

/// A book as it is at one time.
#[derive(Debug)]
pub struct Edition {
    /// The settings.
    pub config: Config,
    /// All documents below `content/`, drafts too, in the order of their paths.
    pub documents: Vec<Arc<Document>>,
    /// The bound book.
    pub book: Book,
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
        let (config, mut faults) = Config::read(snapshot.settings.as_ref(), &self.overrides);
        faults.extend(snapshot.faults.iter().cloned());
        let documents = self.parse(snapshot, Options::new(&config));
        let summary = snapshot.chapters.get(SUMMARY).map(summary::read);
        let mut book = bind::bind(snapshot, &config, &documents, summary.as_ref());
        faults.append(&mut book.faults);
        let site = match self.theme(snapshot, &config) {
            Ok(theme) => Arc::new(Site::new(&book, snapshot, &config, &theme, self.site.as_deref())),
            Err(mut of_theme) => {
                faults.append(&mut of_theme);
                Arc::default()
            }
        };
        faults.extend(site.faults.iter().cloned());
        faults.sort_by(Diagnostic::reading_order);
        self.site = Some(Arc::clone(&site));
        Edition { config, documents, book, site, faults }
    }

    /// How many documents were parsed so far, over all editions.
    pub fn parsed(&self) -> usize {
        self.parsed
    }

    fn parse(&mut self, snapshot: &Snapshot, options: Options) -> Vec<Arc<Document>> {
        if self.options.as_ref() != Some(&options) {
            self.documents.clear();
        }
        let chapters: Vec<_> = snapshot.chapters.iter().filter(|(path, _)| *path != SUMMARY).collect();
        let known = &self.documents;
        let documents: Vec<(Arc<Document>, bool)> = chapters
            .par_iter()
            .map(|(path, source)| match known.get(*path) {
                Some(document)
                    if Arc::ptr_eq(&document.source, source)
                        && document.answers.iter().all(|answer| answer.still_holds(snapshot)) =>
                {
                    (Arc::clone(document), false)
                }
                _ => (Arc::new(parse::parse(source, &options, snapshot)), true),
            })
            .collect();
        self.parsed += documents.iter().filter(|(_, is_new)| *is_new).count();
        let documents: Vec<Arc<Document>> = documents.into_iter().map(|(document, _)| document).collect();
        self.documents =
            documents.iter().map(|document| (document.source.path.clone(), Arc::clone(document))).collect();
        self.options = Some(options);
        documents
    }

    fn theme(&mut self, snapshot: &Snapshot, config: &Config) -> Result<Arc<Theme>, Vec<Diagnostic>> {
        let texts: Vec<_> = snapshot.theme_texts.iter().map(|(path, source)| (path, &source.text)).collect();
        let files: Vec<_> = snapshot.theme_files.iter().map(|(path, asset)| (path, asset.digest)).collect();
        let key = Digest::of_value(&(&config.theme, &config.code, texts, files));
        if let Some((known, theme)) = &self.theme
            && *known == key
        {
            return Ok(Arc::clone(theme));
        }
        let theme = Arc::new(Theme::load(&config.theme, snapshot, &config.code)?);
        self.theme = Some((key, Arc::clone(&theme)));
        Ok(theme)
    }
}

impl Files for Snapshot {
    fn image_size(&self, path: &str) -> Option<(usize, usize)> {
        self.files.get(path)?.size
    }
}
