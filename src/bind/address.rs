//! Addresses of different chapters: none is taken twice, and old ones lead to new ones.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::book::Redirect;
use super::places::NOT_FOUND;
use crate::parse::Document;
use crate::parse::address::{bad_path, check};
use crate::text::{Diagnostic, DiagnosticCode, Span, url};

/// Reports addresses that cannot be, and those that two documents share.
pub fn check_all(documents: &[&Arc<Document>], faults: &mut Vec<Diagnostic>) {
    let mut taken: HashMap<&str, &Arc<Document>> = HashMap::with_capacity(documents.len());
    for document in documents {
        faults.extend(document.address.fault.iter().cloned());
        if let Some(other) = taken.insert(&document.address.key, document) {
            faults.push(duplicate(&document.address.path, document, other));
        }
    }
}

fn duplicate(address: &str, document: &Document, other: &Document) -> Diagnostic {
    let span = document.front.path.as_ref().map_or(Span::default(), |(_, span)| *span);
    let (mine, theirs) = (&document.source.path, &other.source.path);
    Diagnostic::new(DiagnosticCode::DuplicateAddress, format!("`{mine}` and `{theirs}` are both at `/{address}`"))
        .at(&document.source, span)
        .note(format!("the other one is `{theirs}`"))
        .hint("give one of them another `path:`; a path that ends in `/` names a folder, and the title's slug is added to it")
}

/// The old addresses that chapters name as their `aliases`.
pub fn redirects(documents: &[&Arc<Document>], made: &[&str], faults: &mut Vec<Diagnostic>) -> Vec<Redirect> {
    let mut taken: HashMap<String, &Arc<Document>> =
        documents.iter().map(|document| (document.address.key.clone(), *document)).collect();
    let mut redirects = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let source = &document.source;
        for (alias, span) in &document.front.aliases {
            let bare = alias.trim_start_matches('/');
            let is_file = bare.ends_with(".html") || bare.ends_with(".htm") || bare.ends_with('/');
            let is_root = bare.is_empty() && alias.starts_with('/');
            let address = if is_file || is_root { bare.to_owned() } else { format!("{bare}/") };
            // `old/index.html` is the page at `old/`.
            let address = url::without_index(&address).to_owned();
            let key = address.to_lowercase();
            if let Err(message) = check(&address) {
                faults.push(bad_path(alias, &message, source, *span));
            } else if key == document.address.key {
                // An old address that is the new one leads there without help.
            } else if let Some(other) = taken.insert(key, document) {
                let theirs = &other.source.path;
                let message = format!("the alias `{alias}` is an address of `{theirs}` already");
                let hint = "an address can lead to one chapter only; take the alias out here or there";
                faults.push(
                    Diagnostic::new(DiagnosticCode::DuplicateAddress, message).at(source, *span).hint(hint),
                );
            } else if made.contains(&address.as_str()) || address == NOT_FOUND {
                let message = format!("the alias `{alias}` is the address of a page that bindery makes");
                let hint = "take the alias out; `path:` puts a chapter there";
                faults.push(
                    Diagnostic::new(DiagnosticCode::DuplicateAddress, message).at(source, *span).hint(hint),
                );
            } else {
                redirects.push(Redirect { from: address, chapter: number });
            }
        }
    }
    redirects
}
