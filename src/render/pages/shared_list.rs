//! Lists that many pages show: the HTML of each item is made once, when the first page shows it.
//!
//! A page of a large book lists some hundred chapters and parts. Rendering these for each page took two fifths of the
//! time.

use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::OnceLock;

use super::urls::{OpenHtml, PageUrls};
use crate::text::{Diagnostic, Hashed};

/// A list, and the HTML of its items.
///
/// The HTML follows from the item and the theme alone. All jobs of a site have the same theme, and each site has lists
/// of its own.
#[derive(Debug)]
pub struct SharedList<T> {
    items: Hashed<Vec<T>>,
    html: Vec<OnceLock<Result<OpenHtml, Diagnostic>>>,
}

impl<T: Hash> SharedList<T> {
    /// Makes a list of which no HTML is made yet.
    pub fn new(items: Vec<T>) -> Self {
        let html = items.iter().map(|_| OnceLock::new()).collect();
        SharedList { items: Hashed::new(items), html }
    }
}

impl<T> SharedList<T> {
    /// Appends the HTML of an item to a page. `make` makes it for the first page that shows the item.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn write(
        &self,
        out: &mut String,
        at: usize,
        urls: &PageUrls<'_>,
        make: impl FnOnce(&T, &PageUrls<'_>) -> Result<String, Diagnostic>,
    ) -> Result<(), Diagnostic> {
        let html = self.html[at].get_or_init(|| OpenHtml::new(|open| make(&self.items[at], open)));
        html.as_ref().map_err(Clone::clone)?.write(out, urls);
        Ok(())
    }
}

impl<T> Deref for SharedList<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> Hash for SharedList<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.items.hash(state);
    }
}
