//! Bundles: outputs that take long to make, and are therefore kept between builds.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::search::IndexJob;
use super::social::CardJob;
use crate::text::{Diagnostic, Digest};

/// Outputs that are made together, in a folder that is named by all that they depend on: whoever has the folder
/// has its files. Their own names can come from what is in them.
#[derive(Debug)]
pub struct Bundle {
    job: BundleJob,
    made: OnceLock<Result<Files, Diagnostic>>,
}

/// Bundles by the paths of their folders in the site, which end in `/`.
pub type Bundles = BTreeMap<String, Arc<Bundle>>;

/// Files by their paths below the bundle's folder.
pub type Files = Arc<BTreeMap<String, Bytes>>;

/// What a bundle is made of.
#[derive(Debug, Hash)]
pub enum BundleJob {
    /// An index for search.
    Index(IndexJob),
    /// A social image.
    Card(CardJob),
}

/// The form of what is made. Whoever changes what a job becomes raises it: bundles are kept from build to build.
const FORM: (&str, u32) = (env!("CARGO_PKG_VERSION"), 1);

impl BundleJob {
    /// The folder of its files.
    pub fn folder(&self) -> String {
        let parent = match self {
            BundleJob::Index(_) => super::search::FOLDER,
            BundleJob::Card(_) => super::social::FOLDER,
        };
        format!("{parent}{}/", Digest::of_value(&(FORM, self)).short())
    }
}

impl Bundle {
    /// Promises the files of a job.
    pub fn new(job: BundleJob) -> Self {
        Bundle { job, made: OnceLock::new() }
    }

    /// Makes the files, or gives what was made before.
    ///
    /// # Errors
    /// [`Code::SearchIndex`](crate::text::Code::SearchIndex), and the fault of a template.
    pub fn keep(&self) -> Result<Files, Diagnostic> {
        self.made.get_or_init(|| self.make()).clone()
    }

    /// Makes the files without remembering them: for one who asks once.
    ///
    /// # Errors
    /// As of [`Bundle::keep`].
    pub fn keep_once(&self) -> Result<Files, Diagnostic> {
        self.made.get().cloned().unwrap_or_else(|| self.make())
    }

    /// Whether a template has a part in it, which can fail.
    pub fn has_template(&self) -> bool {
        matches!(self.job, BundleJob::Card(_))
    }

    fn make(&self) -> Result<Files, Diagnostic> {
        match &self.job {
            BundleJob::Index(job) => job.run(),
            BundleJob::Card(job) => job.run(),
        }
        .map(Arc::new)
    }
}
