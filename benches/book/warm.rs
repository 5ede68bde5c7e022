//! An author at work: a book that has been built once, one chapter of it that is saved many times, and one page
//! that is requested.
//!
//! The time of an edit is from the save to the page: all files are looked at, an edition is made, and the page is
//! rendered. The time to drop the previous edition is counted separately.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bindery::bind::{self, Reuse, has_errors};
use bindery::edition::Edition;
use bindery::engine::Engine;
use bindery::parse::{self, Options};
use bindery::read::{Layout, Overrides, Snapshot};
use bindery::render::site::SiteBefore;
use bindery::render::theme::ThemeOptions;
use bindery::render::{Site, Theme};
use bindery::text::Hashed;
use bindery::write;

use super::program::BenchError;

/// A book that is being written.
#[derive(Debug)]
pub struct EditedBook {
    layout: Layout,
    engine: Engine,
    snapshot: Snapshot,
    edition: Edition,
    /// The chapter that is edited, as it was, and the file of its page.
    chapter: PathBuf,
    original: String,
    page: String,
    edits: usize,
}

/// The part of a chapter that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A paragraph.
    Paragraph,
    /// The title.
    Title,
}

/// The times of the steps of one edit, and what it changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer {
    /// Looking at all files.
    pub scan: Duration,
    /// Making the edition.
    pub edition: Duration,
    /// Making the page.
    pub page: Duration,
    /// Dropping the previous snapshot and edition.
    pub dropping: Duration,
    /// The number of outputs with a new promise, which a build would render.
    pub renewed: usize,
}

impl Answer {
    /// From the save to the page.
    pub fn whole(&self) -> Duration {
        self.scan + self.edition + self.page
    }
}

impl EditedBook {
    /// Builds a book for the first time and renders the page of one chapter.
    ///
    /// # Errors
    /// If there is no book, or anything is wrong with it.
    pub fn new(root: &Path, chapter: &Path) -> Result<Self, BenchError> {
        let layout = Layout::at(root).map_err(|diagnostic| diagnostic.message)?;
        let mut engine = Engine::new(Overrides::default());
        let snapshot = Snapshot::take(&layout, None);
        let edition = engine.edition(&snapshot);
        if let Some(diagnostic) = edition.diagnostics.first() {
            let file = diagnostic.file().unwrap_or_default();
            return Err(format!("the generated book is not clean: {file}: {}", diagnostic.message).into());
        }
        let path = chapter.strip_prefix(root)?.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let chapters = &edition.book.chapters;
        let found = chapters.iter().find(|chapter| chapter.document.source.path == path);
        let page = format!("{}index.html", found.ok_or("the chapter is not in the book")?.address);
        let original = fs::read_to_string(chapter)?;
        let mut edited = EditedBook {
            layout,
            engine,
            snapshot,
            edition,
            chapter: chapter.to_owned(),
            original,
            page,
            edits: 0,
        };
        edited.answer(Edit::Paragraph)?;
        Ok(edited)
    }

    /// The book as it is now.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Saves an edit and renders the page.
    ///
    /// # Errors
    /// If the chapter cannot be saved, or there is something wrong with the book.
    pub fn answer(&mut self, edit: Edit) -> Result<Answer, BenchError> {
        self.save(edit)?;
        let begun = Instant::now();
        let snapshot = Snapshot::take(&self.layout, Some(&self.snapshot));
        let scan = begun.elapsed();
        let begun = Instant::now();
        let edition = self.engine.edition(&snapshot);
        let edited = begun.elapsed();
        let begun = Instant::now();
        let promise = edition.site.promises.get(&self.page).ok_or("the page is gone")?;
        promise.keep(&self.engine.renderer).map_err(|diagnostic| diagnostic.message)?;
        let page = begun.elapsed();
        if has_errors(&edition.diagnostics) {
            return Err("the edit broke the book".into());
        }
        let renewed = renewed(&self.edition.site, &edition.site);
        let before =
            (std::mem::replace(&mut self.snapshot, snapshot), std::mem::replace(&mut self.edition, edition));
        let begun = Instant::now();
        drop(before);
        Ok(Answer { scan, edition: edited, page, dropping: begun.elapsed(), renewed })
    }

    fn save(&mut self, edit: Edit) -> Result<(), BenchError> {
        self.edits += 1;
        let number = self.edits;
        let text = match edit {
            Edit::Paragraph => format!("{} It was said {number} times.\n", self.original.trim_end()),
            Edit::Title => self.original.replacen("\ntitle: ", &format!("\ntitle: Take {number}, "), 1),
        };
        Ok(fs::write(&self.chapter, text)?)
    }

    /// Parses all chapters again, one after the other.
    pub fn parse(&self) -> Duration {
        let options = Hashed::new(Options::new(&self.edition.config));
        let begun = Instant::now();
        for source in self.snapshot.chapters.values() {
            drop(std::hint::black_box(write::write(
                parse::parse(source, &options),
                &options,
                &self.snapshot,
            )));
        }
        begun.elapsed()
    }

    /// Binds the documents again, none of which has changed.
    pub fn bind(&self) -> Duration {
        let Edition { config, documents, .. } = &self.edition;
        let mut reuse = Reuse::default();
        drop(bind::bind(&self.snapshot, config, documents, None, &mut reuse));

        let begun = Instant::now();
        let book = bind::bind(&self.snapshot, config, documents, None, &mut reuse);
        let time = begun.elapsed();
        drop(std::hint::black_box(book));
        time
    }

    /// Plans the outputs again, and reuses those that are still valid.
    ///
    /// # Errors
    /// If the theme cannot be used.
    pub fn plan(&self) -> Result<Duration, BenchError> {
        let Edition { config, book, site, .. } = &self.edition;
        let theme = Theme::load(&self.snapshot, &ThemeOptions::new(config))
            .map_err(|_| "the theme cannot be used")?;
        let theme = Arc::new(theme);
        let begun = Instant::now();
        let edited = BTreeMap::new();
        let before = SiteBefore { site, edited: &edited };
        let site = Site::new(book, &self.snapshot, config, &theme, Some(before));
        let time = begun.elapsed();
        drop(std::hint::black_box(site));
        Ok(time)
    }
}

impl Drop for EditedBook {
    fn drop(&mut self) {
        // If this fails, the folder was removed, or the next `EditedBook` reports what is wrong with the chapter.
        let _ = fs::write(&self.chapter, &self.original);
    }
}

/// The number of promises of a site that the previous site did not have.
fn renewed(before: &Site, now: &Site) -> usize {
    let is_old =
        |path: &String, promise| before.promises.get(path).is_some_and(|old| Arc::ptr_eq(old, promise));
    now.promises.iter().filter(|(path, promise)| !is_old(path, promise)).count()
}
