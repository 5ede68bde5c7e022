//! Addresses of different chapters: none is taken twice, and old ones lead to new ones.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::ids::{ChapterId, numbered};
use super::places::NOT_FOUND;
use crate::parse::address::{bad_path, check, is_index};
use crate::text::{Diagnostic, DiagnosticCode, Severity, Span, slug, url};
use crate::write::Document;

/// An address that leads to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Redirect {
    /// The old address, as a page's or a file's (`old/`, `old.html`).
    pub from: String,
    /// The chapter that it leads to.
    pub chapter: ChapterId,
}

/// Reports addresses that no page can have, and those that two documents share. Of these, one keeps the address; those
/// that have it from their files' names are returned, each at an address of its own.
pub fn check_all(
    documents: &[&Arc<Document>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(ChapterId, Arc<Document>)> {
    let mut keepers: HashMap<&str, &Document> = HashMap::with_capacity(documents.len());
    for document in documents {
        diagnostics.extend(document.address.diagnostic.iter().cloned());
        let keeper = keepers.entry(&document.address.key).or_insert(document);
        if claim(document) < claim(keeper) {
            *keeper = document;
        }
    }
    if keepers.len() == documents.len() {
        return Vec::new();
    }

    let mut taken: HashSet<String> = keepers.keys().map(|key| (*key).to_owned()).collect();
    let mut moved = Vec::new();
    for (chapter, document) in numbered(documents) {
        let keeper = keepers[document.address.key.as_str()];
        if keeper.source.path == document.source.path {
            continue;
        }
        if document.front.path.is_some() {
            diagnostics.push(shared(document, keeper));
            continue;
        }
        let address = free_address(document, &taken);
        diagnostics.push(elsewhere(document, keeper, &address));
        taken.insert(address.to_lowercase());
        moved.push((chapter, Arc::new(document.at_address(address))));
    }
    moved
}

/// How good a document's claim to its address is, the best first: it is written, it is that of a folder's page, or it
/// is that of any other file.
fn claim(document: &Document) -> u8 {
    match (&document.front.path, is_index(slug::stem(document.file_name()))) {
        (Some(_), _) => 0,
        (None, true) => 1,
        (None, false) => 2,
    }
}

/// An address near a document's own that is not taken: with the number of its file, else with an ending.
fn free_address(document: &Document, taken: &HashSet<String>) -> String {
    let own = document.address.path.trim_end_matches('/');
    let folder = own.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let file = slug::of_name(slug::stem(document.file_name()));
    let name = if own.is_empty() { &file } else { &own[folder.len()..] };

    let with_number = (!is_index(&file)).then(|| format!("{folder}{file}/"));
    let with_ending = (1..).map(|nth| match nth {
        1 => format!("{folder}{name}-page/"),
        _ => format!("{folder}{name}-page-{nth}/"),
    });
    let is_free = |address: &String| !taken.contains(&address.to_lowercase()) && check(address).is_ok();
    with_number.into_iter().chain(with_ending).find(is_free).expect("there is no last number")
}

/// The error about two documents for which the same address is written.
fn shared(document: &Document, other: &Document) -> Diagnostic {
    let span = document.front.path.as_ref().map_or(Span::default(), |(_, span)| *span);
    let (mine, theirs) = (&document.source.path, &other.source.path);
    let address = &document.address.path;
    let hint = "give one of them another `path:`; a path that ends in `/` names a folder, and the title's slug is \
                added to it";
    Diagnostic::new(
        DiagnosticCode::DuplicateAddress,
        format!("`{mine}` and `{theirs}` are both at `/{address}`"),
    )
    .at(&document.source, span)
    .note(format!("the other one is `{theirs}`"))
    .hint(hint)
}

/// The warning about a document whose address is another's.
fn elsewhere(document: &Document, other: &Document, address: &str) -> Diagnostic {
    let (mine, theirs) = (&document.source.path, &other.source.path);
    let shared = &document.address.path;
    let message = format!("`{theirs}` is at `/{shared}`, so `{mine}` is at `/{address}`");
    let hint = "rename one of the files, or give one of them a `path:` in its front matter";
    let diagnostic = Diagnostic::new(DiagnosticCode::DuplicateAddress, message);
    Diagnostic { severity: Severity::Warning, ..diagnostic.at(&document.source, 0..0).hint(hint) }
}

/// The old addresses that chapters name as their `aliases`. `made` are the addresses of what bindery makes by itself.
pub fn redirects(
    documents: &[&Arc<Document>],
    made: &[&str],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Redirect> {
    if documents.iter().all(|document| document.front.aliases.is_empty()) {
        return Vec::new();
    }
    let mut taken: HashMap<String, &Arc<Document>> =
        documents.iter().map(|document| (document.address.key.clone(), *document)).collect();
    let mut redirects = Vec::new();

    for (chapter, document) in numbered(documents) {
        let source = &document.source;
        for (alias, span) in &document.front.aliases {
            let address = address_of(alias);
            let key = address.to_lowercase();
            // The page is there without it.
            let warning = |diagnostic| Diagnostic { severity: Severity::Warning, ..diagnostic };
            let duplicate = |message: String, hint: &str| {
                let diagnostic = Diagnostic::new(DiagnosticCode::DuplicateAddress, message);
                warning(diagnostic.at(source, *span).hint(hint))
            };

            if let Err(message) = check(&address) {
                diagnostics.push(warning(bad_path(alias, &message, source, *span)));
            } else if key == document.address.key {
                // An old address that is the new one leads there without help.
            } else if let Some(other) = taken.insert(key, document) {
                let message = format!("the alias `{alias}` is already an address of `{}`", other.source.path);
                let hint = "an address can lead to one chapter only; take the alias out here or there";
                diagnostics.push(duplicate(message, hint));
            } else if made.contains(&address.as_str()) || address == NOT_FOUND {
                let message = format!("the alias `{alias}` is the address of a page that bindery makes");
                let hint = "take the alias out; to put a chapter there, use `path:`";
                diagnostics.push(duplicate(message, hint));
            } else {
                redirects.push(Redirect { from: address, chapter });
            }
        }
    }
    redirects
}

/// The address that an author's alias means: a file's, or a page's, which ends in `/`.
fn address_of(alias: &str) -> String {
    let bare = alias.trim_start_matches('/');
    let is_file = bare.ends_with(".html") || bare.ends_with(".htm") || bare.ends_with('/');
    let is_root = bare.is_empty() && alias.starts_with('/');
    let address = if is_file || is_root { bare.to_owned() } else { format!("{bare}/") };

    // `old/index.html` is the page at `old/`.
    url::without_index(&address).to_owned()
}
