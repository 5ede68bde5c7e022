//! An [`Edition`]: a book, complete, as it is at one time.

use std::sync::Arc;

use crate::bind::Book;
use crate::read::Config;
use crate::render::Site;
use crate::text::Diagnostic;
use crate::write::Document;

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
    pub diagnostics: Vec<Diagnostic>,
}

impl Edition {
    /// The document of a file.
    pub fn document(&self, path: &str) -> Option<&Arc<Document>> {
        let at = self.documents.binary_search_by(|document| document.source.path.as_str().cmp(path)).ok()?;
        Some(&self.documents[at])
    }
}
