//! The documents of a large book's first page: one chapter is whole, and others are read up to their titles.
//!
//! To parse thousands of chapters takes longer than an author wants to wait for the page that was asked for. What that shows
//! of other chapters (titles, addresses, drafts, their order) is in front matter and in first headings.

use std::sync::Arc;

use memchr::memchr;
use rayon::prelude::*;

use crate::bind::order::SUMMARY;
use crate::bind::places::page_file;
use crate::parse::heading::TitleContent;
use crate::parse::{self, Options, front_matter, todo};
use crate::read::Snapshot;
use crate::text::{Hashed, Source};
use crate::write::{self, Document};

/// Chapters per task.
const SHARE: usize = 64;

/// Makes the documents of all chapters. The one whose page is in `file` is whole.
pub fn documents(snapshot: &Snapshot, options: &Hashed<Options>, file: &str) -> Vec<Arc<Document>> {
    let sources: Vec<_> = snapshot.chapters.iter().filter(|(path, _)| *path != SUMMARY).collect();
    let document = |(_, source): &(&String, &Arc<Source>)| {
        let opening = opening(source, options, snapshot);
        let is_whole = opening.as_ref().is_none_or(|opening| page_file(&opening.address.path) == file);
        let whole = || write::write(parse::parse(source, options), options, snapshot);
        Arc::new(opening.filter(|_| !is_whole).unwrap_or_else(whole))
    };
    sources.par_iter().with_max_len(SHARE).map(document).collect()
}

/// The document of a chapter's front matter and title; `None` if all of its text is needed: to find the title, or because
/// it defines terms.
fn opening(source: &Arc<Source>, options: &Hashed<Options>, snapshot: &Snapshot) -> Option<Document> {
    let (front, body, _) = front_matter::read(source);
    if front.glossary {
        return None;
    }

    let end = body.start + end_of_heading(&source.text[body.start..body.end])?;
    let start = Arc::new(Source::new(source.path.clone(), source.text[..end].to_owned()));
    let tree = parse::parse(&start, options);
    let is_heading =
        !matches!(tree.title.content, TitleContent::Plain) && !todo::is_title_text(&tree.title.text);
    let is_found = tree.front.title.is_some() || is_heading;
    is_found.then(|| Document { is_whole: false, ..write::write(tree, options, snapshot) })
}

/// Where the first line ends that looks like a heading.
fn end_of_heading(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let end = memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length + 1);
        let line = text[at..end].trim();
        if line.starts_with('#') || !line.is_empty() && line.bytes().all(|byte| byte == b'=') {
            return Some(end);
        }
        at = end;
    }
    None
}
