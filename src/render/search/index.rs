//! Search: indexes of the chapters' text, made by Pagefind and searched by its script in the browser.
//!
//! Making them takes longer than all the rest of a build. So a large book has several, which are made in parallel and
//! searched together. Each is a [`Bundle`](crate::render::bundle::Bundle), which is published again only when one of its
//! chapters changes. Pagefind is given the text of a chapter with its headings, without the page around it and
//! without colours.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use pagefind::api::PagefindIndex;
use pagefind::options::PagefindServiceConfig;

use crate::text::html::{escape, escape_into};
use crate::text::url::encode_path;
use crate::text::{Diagnostic, DiagnosticCode};
use crate::write::{Document, Hole, Markup, SegmentKind};

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
    pages: Vec<Page>,
}

/// A chapter that is searched.
#[derive(Clone, Debug, Hash)]
pub struct Page {
    /// The page's address.
    pub address: String,
    /// The part it is in.
    pub part: Option<String>,
    /// The text.
    pub document: Arc<Document>,
}

/// Shares a book's chapters out to indexes.
pub fn jobs(pages: &[Page], language: &str) -> Vec<IndexJob> {
    let length: usize = pages.iter().map(|page| page.document.source.text.len()).sum();
    let share = pages.len().div_ceil(length.div_ceil(SHARE).max(1)).max(1);
    let job = |(number, pages): (usize, &[Page])| IndexJob {
        form: PAGEFIND,
        language: language.to_ascii_lowercase(),
        is_first: number == 0,
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
        Ok(files)
    }
}

impl Page {
    /// The text as Pagefind reads it.
    fn html(&self) -> String {
        let mut html = String::with_capacity(self.document.source.text.len() * 3 / 2);
        html.push_str("<html><body>");
        if let Some(part) = &self.part {
            html.push_str("<p data-pagefind-meta=part data-pagefind-ignore>");
            escape_into(&mut html, part);
            html.push_str("</p>");
        }
        html.push_str("<h1 data-pagefind-meta=title data-pagefind-ignore>");
        escape_into(&mut html, &self.document.title.text);
        html.push_str("</h1>");
        push_text(&mut html, &self.document.text);
        html.push_str("</body></html>");
        html
    }
}

/// Appends a chapter's text as HTML, without what only matters on the page.
fn push_text(out: &mut String, markup: &Markup) {
    let mut holes = markup.holes.iter();
    let mut written = 0;
    for segment in &markup.segments {
        let start = segment.start as usize;
        out.push_str(&markup.html[written..start]);
        written = start;
        match segment.kind {
            SegmentKind::Prose(length) | SegmentKind::Text(length) | SegmentKind::Term(length) => {
                written += length as usize;
                part_text(out, &markup.html[start..written]);
            }
            SegmentKind::Hole => holes.next().into_iter().for_each(|hole| push_hole(out, hole)),
            SegmentKind::Level | SegmentKind::Id | SegmentKind::Address(_) | SegmentKind::Loading(_) => {}
            SegmentKind::Url(_) | SegmentKind::Href(_) => {}
        }
    }
    out.push_str(&markup.html[written..]);
}

/// Appends what fills a hole, as far as it is searched.
fn push_hole(out: &mut String, hole: &Hole) {
    match hole {
        Hole::Math(formula) => part_text(out, &escape(&formula.latex)),
        Hole::Diagram(drawing) => {
            for text in drawing.description.iter().chain([&drawing.text]) {
                part_text(out, &escape(text));
                out.push(' ');
            }
        }
        Hole::Code(block) => {
            out.push_str("<pre>");
            for text in block.title.iter().chain(&block.tab).chain([&block.text]) {
                part_text(out, &escape(text));
                out.push('\n');
            }
            out.push_str("</pre>");
        }
        Hole::Wording(_) | Hole::Number(_) | Hole::Reference(_) => {}
    }
}

/// What separates two words: a space after a character without width, so that the script can find it and take it out
/// of what readers see.
const PARTING: &str = "\u{2060} ";

/// Appends escaped text, and separates words that punctuation joins, as in `/etc/ssh/sshd_config` or `std::fs::read`:
/// Pagefind splits words at white space only.
fn part_text(out: &mut String, text: &str) {
    let mut before = ' ';
    for c in text.chars() {
        if joins(before) && (c.is_alphanumeric() || c == '_') {
            out.push_str(PARTING);
        }
        out.push(c);
        before = c;
    }
}

/// Whether a character joins words that readers search for one by one. Hyphens and apostrophes are parts of words;
/// `&` begins a character reference.
fn joins(sign: char) -> bool {
    sign.is_ascii_punctuation() && !matches!(sign, '-' | '_' | '\'' | '&' | '#' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_signs_join_are_parted() {
        let part = |text: &str| {
            let mut out = String::new();
            part_text(&mut out, text);
            out.replace(PARTING, "|")
        };
        assert_eq!(part("see /etc/ssh/sshd_config.d, I don't"), "see /|etc/|ssh/|sshd_config.|d, I don't");
        assert_eq!(part("std::fs::read(path)? x=1"), "std::|fs::|read(|path)? x=|1");
        assert_eq!(part("c&lt;ssh-copy-id&gt;"), "c&lt;|ssh-copy-id&gt;");
        assert_eq!(part("&amp;x &#39;y"), "&amp;|x &#39;|y");
    }

    #[test]
    fn the_version_is_that_of_the_package() {
        let job = IndexJob { form: PAGEFIND, language: "en".to_owned(), is_first: true, pages: Vec::new() };
        let files = job.run().expect("an index of nothing");
        let entry = String::from_utf8_lossy(&files["pagefind-entry.json"]);
        assert!(entry.contains(&format!(r#""version":"{PAGEFIND}""#)), "{entry}");
    }
}
