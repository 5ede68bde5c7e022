//! Bundles: outputs that take long to make, and are therefore kept between builds.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::images::social::{self, SocialImageJob};
use super::search::index::{self, IndexJob, IndexMaker};
use super::search::page::Page;
use super::theme::Theme;
use crate::bind::{Book, Chapter, ChapterId};
use crate::read::Config;
use crate::read::layout::SETTINGS;
use crate::text::{Diagnostic, DiagnosticCode, Digest, plural};

/// Outputs that are made together, in a folder that is named after a digest of all that they depend on: a folder that
/// exists already has the right files. The files' own names may depend on what is in them.
#[derive(Debug)]
pub struct Bundle {
    job: BundleJob,
    made: OnceLock<Result<BundleFiles, Diagnostic>>,
}

/// Bundles by the paths of their folders in the site, which end in `/`.
pub type Bundles = BTreeMap<String, Arc<Bundle>>;

/// The files of a bundle by their paths below the bundle's folder.
pub type BundleFiles = Arc<BTreeMap<String, Bytes>>;

/// What a bundle is made of.
#[derive(Debug, Hash)]
pub enum BundleJob {
    /// An index for search.
    Index(IndexJob),
    /// A social image.
    SocialImage(SocialImageJob),
}

/// The version of what is made. Bundles are kept from build to build, so it must be raised when the output of a job
/// changes.
const FORM: (&str, u32) = (env!("CARGO_PKG_VERSION"), 5);

impl BundleJob {
    /// The folder of its files.
    pub fn folder(&self) -> String {
        let parent = match self {
            BundleJob::Index(_) => index::FOLDER,
            BundleJob::SocialImage(_) => social::FOLDER,
        };
        format!("{parent}{}/", Digest::of_value(&(FORM, self)).short())
    }
}

impl Bundle {
    /// Promises the files of a job.
    pub fn new(job: BundleJob) -> Self {
        Bundle { job, made: OnceLock::new() }
    }

    /// Makes the files, or returns what was made before.
    ///
    /// # Errors
    /// [`DiagnosticCode::FailedSearchIndex`], and the error of a template.
    pub fn keep(&self, maker: &IndexMaker) -> Result<BundleFiles, Diagnostic> {
        self.made.get_or_init(|| self.make(maker)).clone()
    }

    /// Makes the files without keeping them, for a build that needs them once.
    ///
    /// # Errors
    /// Those of [`Bundle::keep`].
    pub fn keep_once(&self, maker: &IndexMaker) -> Result<BundleFiles, Diagnostic> {
        self.made.get().cloned().unwrap_or_else(|| self.make(maker))
    }

    /// Whether it is made by a template, which can fail.
    pub fn has_template(&self) -> bool {
        matches!(self.job, BundleJob::SocialImage(_))
    }

    fn make(&self, maker: &IndexMaker) -> Result<BundleFiles, Diagnostic> {
        match &self.job {
            BundleJob::Index(job) => job.run(maker),
            BundleJob::SocialImage(job) => job.run(),
        }
        .map(Arc::new)
    }
}

/// The bundles of a book, and what its pages must know of them.
#[derive(Debug)]
pub struct BookBundles {
    /// All of them.
    pub bundles: Bundles,
    /// The social image of the book.
    pub image: Option<String>,
    /// The social images of chapters, where they have their own.
    pub chapter_images: Vec<Option<String>>,
    /// The folder of the index for search, if there is one.
    pub index: Option<String>,
    /// What is wrong with them.
    pub diagnostic: Option<Diagnostic>,
}

impl BookBundles {
    /// Promises the bundles of a book with this title. Those of the site before are taken over where their jobs are
    /// the same.
    pub fn new(book: &Book, title: &str, config: &Config, theme: &Arc<Theme>, before: &Bundles) -> Self {
        let mut bundles = Bundles::new();
        let mut promise = |job: BundleJob| {
            let folder = job.folder();
            let bundle = before.get(&folder).map_or_else(|| Arc::new(Bundle::new(job)), Arc::clone);
            bundles.insert(folder.clone(), bundle);
            folder
        };

        // Social images, whose addresses must be absolute.
        let has_images = config.base_url.is_some() && theme.has(social::TEMPLATE);
        let mut social_image = |page: &str, part: Option<String>| {
            let job = SocialImageJob {
                theme: Arc::clone(theme),
                book: title.to_owned(),
                accent: config.accent,
                author: config.author.clone(),
                part,
                title: page.to_owned(),
            };
            let is_drawn = has_images && social::is_covered(&job.texts());
            is_drawn.then(|| promise(BundleJob::SocialImage(job)) + social::FILE)
        };
        let image = social_image(title, None);
        let own = if config.social_images { &book.chapters[..] } else { &[] };
        let chapter_images: Vec<Option<String>> = own
            .iter()
            .map(|chapter| social_image(&chapter.document.title.text, part_of(book, chapter)))
            .collect();

        let searched = if config.search { searched(book) } else { Vec::new() };
        let job = (!searched.is_empty()).then(|| IndexJob::new(searched, &config.language));
        let index = job.map(|job| promise(BundleJob::Index(job)));

        let diagnostic = has_images.then(|| undrawn(&chapter_images)).flatten();
        BookBundles { bundles, image, chapter_images, index, diagnostic }
    }
}

/// What is searched: every chapter, in the order of the book, and then those in no list.
fn searched(book: &Book) -> Vec<Page> {
    let listed = book.sequence.iter().copied();
    let page = |id: ChapterId| {
        let chapter = book.chapter(id);
        Page {
            address: chapter.address.clone(),
            part: part_of(book, chapter),
            document: Arc::clone(&chapter.document),
        }
    };
    listed.chain(book.unlisted()).map(page).collect()
}

/// The title of the part that a chapter is in.
fn part_of(book: &Book, chapter: &Chapter) -> Option<String> {
    chapter.position.and_then(|position| book.part(position.part).title.clone())
}

/// The diagnostic for chapters whose image cannot be drawn.
fn undrawn(images: &[Option<String>]) -> Option<Diagnostic> {
    let count = images.iter().filter(|image| image.is_none()).count();

    let message = format!("{} in a script that social images cannot be drawn in", plural(count, "title"));
    let diagnostic = Diagnostic::new(DiagnosticCode::MissingGlyphs, message).on(SETTINGS);
    (count > 0)
        .then(|| diagnostic.hint("they have Latin, Greek and Cyrillic letters; leave `social_images` out"))
}
