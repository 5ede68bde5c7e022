//! Addresses of different chapters: none is taken twice, and old ones lead to new ones.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::ids::{ChapterId, numbered};
use super::places::NOT_FOUND;
use crate::parse::address::{bad_path, check};
use crate::text::{Diagnostic, DiagnosticCode, Severity, Span, url};
use crate::write::Document;

/// An address that leads to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Redirect {
    /// The old address, as a page's or a file's (`old/`, `old.html`).
    pub from: String,
    /// The chapter that it leads to.
    pub chapter: ChapterId,
}

/// Reports addresses that no page can have, and those that two documents share.
pub fn check_all(documents: &[&Arc<Document>], diagnostics: &mut Vec<Diagnostic>) {
    let mut taken: HashMap<&str, &Arc<Document>> = HashMap::with_capacity(documents.len());
    for document in documents {
        diagnostics.extend(document.address.diagnostic.iter().cloned());
        if let Some(other) = taken.insert(&document.address.key, document) {
            diagnostics.push(shared(&document.address.path, document, other));
        }
    }
}

/// The diagnostic for two documents at one address.
fn shared(address: &str, document: &Document, other: &Document) -> Diagnostic {
    let span = document.front.path.as_ref().map_or(Span::default(), |(_, span)| *span);
    let (mine, theirs) = (&document.source.path, &other.source.path);
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

/// The old addresses that chapters name as their `aliases`. `made` are the addresses of what bindery makes by itself.
pub fn redirects(
    documents: &[&Arc<Document>],
    made: &[&str],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Redirect> {
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
