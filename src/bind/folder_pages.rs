//! The pages of folders. Of several files that could be the page of a folder, one is; the others are not in the book.
//!
//! Repositories often have a `README.md` for contributors beside the `index.md` of the book.

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use crate::parse::Summary;
use crate::parse::address::index_rank;
use crate::parse::summary::Line;
use crate::text::{Diagnostic, DiagnosticCode, slug};
use crate::write::Document;

/// A file that is not in the book, because another one is its folder's page.
#[derive(Debug, Hash)]
pub struct IgnoredIndex<'d> {
    /// The path of the file.
    pub path: &'d str,
    /// The path of the page.
    pub page: &'d str,
}

/// Takes the files out of the book that are not their folders' pages. A file that has a `path` of its own is another
/// chapter; of the others, one that the summary lists comes first.
pub fn take_ignored<'d>(
    documents: &mut Vec<&'d Arc<Document>>,
    summary: Option<&Summary>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<IgnoredIndex<'d>> {
    let listed: HashSet<&str> =
        summary.iter().flat_map(|summary| &summary.lines).filter_map(Line::chapter).collect();
    let rank = |document: &'d Document| {
        let (folder, name) = document.source.path.rsplit_once('/')?;
        let rank = index_rank(slug::stem(name)).filter(|_| document.front.path.is_none())?;
        let path = document.source.path.as_str();
        Some((folder, (!listed.contains(path), rank, path)))
    };

    let mut pages = HashMap::default();
    for (folder, rank) in documents.iter().filter_map(|document| rank(document)) {
        let first = pages.entry(folder).or_insert(rank);
        *first = rank.min(*first);
    }

    let mut ignored = Vec::new();
    documents.retain(|document| {
        let Some((folder, (_, _, path))) = rank(document) else { return true };
        let (_, _, page) = pages[folder];
        if path != page {
            diagnostics.push(passed_over(document, page));
            ignored.push(IgnoredIndex { path, page });
        }
        path == page
    });
    ignored
}

/// The warning about a file that is not in the book.
fn passed_over(document: &Arc<Document>, page: &str) -> Diagnostic {
    let path = &document.source.path;
    let message = format!("`{path}` is not in the book: `{page}` is the page of this folder");
    Diagnostic::new(DiagnosticCode::IgnoredIndex, message).at(&document.source, 0..0).hint(
        "delete one of them, or keep both: give this one a name or a `path` of its own, such as `path: /about`",
    )
}
