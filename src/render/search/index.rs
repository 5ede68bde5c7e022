//! Search: indexes of the chapters' text, made by Pagefind and searched by its script in the browser.
//!
//! Making them takes longer than all the rest of a build. So a large book has several, which are made in parallel and
//! searched together. Each is a [`Bundle`](crate::render::bundle::Bundle), which is published again only when one of
//! its chapters changes. Its files are cut smaller, and the titles are put beside them.

use std::collections::BTreeMap;
use std::error::Error;

use bytes::Bytes;
use pagefind::api::PagefindIndex;
use pagefind::options::PagefindServiceConfig;

use super::page::Page;
use super::{chunks, titles};
use crate::text::url::encode_path;
use crate::text::{Diagnostic, DiagnosticCode};

/// The folder of all that search needs.
pub const FOLDER: &str = "search/";
/// The list of the indexes, for the script that searches.
pub const INDEXES: &str = "search/indexes.json";
/// The version of Pagefind, on which the form of an index depends.
const PAGEFIND: &str = "1.6.0";
/// How much text goes into one index, in bytes of Markdown. With more indexes, more cores could work and a change
/// would cost less, but each costs readers requests and some 30 KB.
const SHARE: usize = 8 << 20;

/// All that an index depends on.
#[derive(Debug, Hash)]
pub struct IndexJob {
    /// The version of Pagefind.
    form: &'static str,
    /// A BCP 47 tag in lower case.
    language: String,
    /// Whether Pagefind's program goes with it, which searches the others too.
    is_first: bool,
    /// How many indexes the book has.
    indexes: usize,
    pages: Vec<Page>,
}

/// Shares a book's chapters out to indexes.
pub fn jobs(pages: &[Page], language: &str) -> Vec<IndexJob> {
    let length: usize = pages.iter().map(|page| page.document.source.text.len()).sum();
    let share = pages.len().div_ceil(length.div_ceil(SHARE).max(1)).max(1);
    let count = pages.len().div_ceil(share);
    let job = |(number, pages): (usize, &[Page])| IndexJob {
        form: PAGEFIND,
        language: language.to_ascii_lowercase(),
        is_first: number == 0,
        indexes: count,
        pages: pages.to_vec(),
    };
    pages.chunks(share).enumerate().map(job).collect()
}

/// Writes the list of indexes: their folders, relative to its own. The first one's program searches them all.
pub fn list(folders: &[String]) -> String {
    let folders: Vec<&str> = folders.iter().map(|folder| &folder[FOLDER.len()..]).collect();
    serde_json::json!({ "indexes": folders }).to_string()
}

impl IndexJob {
    /// Makes the index.
    ///
    /// # Errors
    /// [`DiagnosticCode::FailedSearchIndex`].
    pub fn run(&self) -> Result<BTreeMap<String, Bytes>, Diagnostic> {
        // Pagefind's interface is asynchronous, though all it does is work. It also asks for the working directory,
        // where it would look for pages if it were not given any.
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let files = runtime.map_err(Box::from).and_then(|runtime| runtime.block_on(self.index()));
        files.map_err(|error: Box<dyn Error + Send + Sync>| {
            Diagnostic::new(
                DiagnosticCode::FailedSearchIndex,
                format!("the search index could not be made: {error}"),
            )
            .hint("publish without search: `search: false` in `book.yaml`")
        })
    }

    async fn index(&self) -> Result<BTreeMap<String, Bytes>, Box<dyn Error + Send + Sync>> {
        let settings = PagefindServiceConfig::builder()
            .force_language(self.language.clone())
            .exclude_selectors([".footnote-ref", ".footnote-back"].map(str::to_owned).to_vec())
            .build();

        let mut index = PagefindIndex::new(Some(settings))?;
        for page in &self.pages {
            index.add_html_file(None, Some(encode_path(&page.address).into_owned()), page.html()).await?;
        }

        let files = index.get_files().await?;
        let named = files.into_iter().map(|file| {
            let name = file.filename.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
            (name, file.contents)
        });
        let mut files: BTreeMap<String, Bytes> =
            named.map(|(name, bytes)| (name, Bytes::from(bytes))).collect();

        // The program that knows the language's word stems, if there is one.
        let stems = format!("wasm.{}.pagefind", self.language);
        let program = if files.contains_key(&stems) { stems } else { "wasm.unknown.pagefind".to_owned() };
        files.retain(|name, _| {
            let is_program = *name == program || name == "pagefind.js";
            // The other files are Pagefind's own user interfaces.
            let is_data = name == "pagefind-entry.json" || name.contains('/') || name.ends_with(".pf_meta");
            is_data || (self.is_first && is_program)
        });

        let titles = titles::list(&self.pages, &files, self.indexes)?;
        files.insert(titles::FILE.to_owned(), titles);
        // In a form that is not known, the index is left as it is.
        let _ = chunks::cut(&mut files);
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_package() {
        let job = IndexJob {
            form: PAGEFIND,
            language: "en".to_owned(),
            is_first: true,
            indexes: 1,
            pages: Vec::new(),
        };
        let files = job.run().expect("an index of nothing");
        let entry = String::from_utf8_lossy(&files["pagefind-entry.json"]);
        assert!(entry.contains(&format!(r#""version":"{PAGEFIND}""#)), "{entry}");
    }
}
