//! Addresses: where each chapter is on the site, and what may not be an address.

use std::collections::HashMap;
use std::sync::Arc;

use super::book::{Chapter, Redirect};
use crate::parse::Document;
use crate::read::layout::CONTENT;
use crate::text::{Code, Diagnostic, Source, Span, slug};

/// Where bindery puts its own files, by the first segment of the address. A chapter cannot be there.
const OWN: &[&str] = &["assets", ".bindery"];

/// File names that Windows keeps for itself, so that a book can be built and unpacked everywhere.
const WINDOWS: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Gives every document its address. Where two would share one, both keep it and the fault names both.
pub fn assign(documents: &[&Arc<Document>], faults: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut taken: HashMap<String, &Arc<Document>> = HashMap::with_capacity(documents.len());
    let mut addresses = Vec::with_capacity(documents.len());
    for document in documents {
        let address = match &document.front.path {
            Some((path, span)) => authored(path, document).unwrap_or_else(|message| {
                faults.push(bad_path(path, &message, &document.source, *span));
                from_file(&document.source.path)
            }),
            None => {
                let address = from_file(&document.source.path);
                if let Err(message) = check(&address) {
                    let fault = Diagnostic::new(
                        Code::BadPath,
                        format!("this file's address would be `/{address}`, and {message}"),
                    );
                    faults.push(
                        fault
                            .at(&document.source, 0..0)
                            .hint("give the chapter a `path:` in its front matter, or rename the file"),
                    );
                }
                address
            }
        };
        // File systems may not tell upper from lower case.
        if let Some(other) = taken.insert(address.to_lowercase(), document) {
            faults.push(duplicate(&address, document, other));
        }
        addresses.push(address);
    }
    addresses
}

fn duplicate(address: &str, document: &Document, other: &Document) -> Diagnostic {
    let span = document.front.path.as_ref().map_or(Span::default(), |(_, span)| *span);
    let (mine, theirs) = (&document.source.path, &other.source.path);
    Diagnostic::new(Code::DuplicateAddress, format!("`{mine}` and `{theirs}` are both at `/{address}`"))
        .at(&document.source, span)
        .note(format!("the other one is `{theirs}`"))
        .hint("give one of them another `path:`; a path that ends in `/` names a folder, and the title's slug is added to it")
}

fn bad_path(path: &str, message: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BadPath, format!("`{path}` cannot be an address: {message}"))
        .at(source, span)
        .hint("write it like `/server/ssh-keys`; a path that ends in `/` gets the title's slug")
}

/// Reads an author's `path:`: `/content/blog` is that address; `/content/` names a folder.
fn authored(path: &str, document: &Document) -> Result<String, String> {
    if path == "/" {
        return Ok(String::new());
    }
    let bare = path.strip_prefix('/').unwrap_or(path);
    if bare.is_empty() {
        return Err("it is empty; the front page is `/`".to_owned());
    }
    let address = match bare.strip_suffix('/') {
        Some(folder) => {
            let slug = slug::segment(&document.title.text);
            if slug.is_empty() {
                return Err("it names a folder, and the title has no letters for a name in it".to_owned());
            }
            format!("{folder}/{slug}/")
        }
        None => format!("{bare}/"),
    };
    check(&address)?;
    Ok(address)
}

/// The address of a file: its path, numbers for the order taken off; an index is its folder.
fn from_file(path: &str) -> String {
    let below = path.strip_prefix(CONTENT).unwrap_or(path).trim_start_matches('/');
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let mut address = String::with_capacity(stem.len() + 1);
    let mut names = stem.split('/').peekable();
    while let Some(name) = names.next() {
        let is_index = names.peek().is_none() && is_index(name);
        if !is_index {
            let slug = slug::segment(slug::without_number(name));
            // A name without letters keeps what it has: `!!!.md` → `_`.
            address.push_str(if slug.is_empty() { "_" } else { &slug });
            address.push('/');
        }
    }
    address
}

/// Whether a file, by its name without ending, is its folder's own page.
pub fn is_index(stem: &str) -> bool {
    let bare = slug::without_number(stem);
    bare.eq_ignore_ascii_case("index") || bare.eq_ignore_ascii_case("readme")
}

/// Checks that an address is one that every server and file system can have.
fn check(address: &str) -> Result<(), String> {
    if address.is_empty() {
        return Ok(());
    }
    let path = address.strip_suffix('/').unwrap_or(address);
    for (at, name) in path.split('/').enumerate() {
        let lower = name.to_lowercase();
        let stem = lower.split('.').next().unwrap_or_default();
        let reason = match name {
            "" => "it has an empty segment",
            "." | ".." => "it may not hold `.` or `..`",
            _ if name.chars().any(char::is_control) => "it holds a control character",
            _ if name.contains(['\\', ':', '*', '?', '"', '<', '>', '|', '#', '%']) => {
                "it holds one of `\\ : * ? \" < > | # %`"
            }
            _ if name.ends_with(['.', ' ']) || name.starts_with(' ') => {
                "a name in it begins or ends with a space, or ends with a dot"
            }
            _ if name.len() > 200 => "a name in it is longer than 200 bytes",
            _ if WINDOWS.contains(&stem) => "Windows keeps that name for itself",
            _ if at == 0 && OWN.contains(&lower.as_str()) => "bindery's own files are there",
            _ => continue,
        };
        return Err(reason.to_owned());
    }
    Ok(())
}

/// The old addresses that chapters name as their `aliases`.
pub fn redirects(chapters: &[Chapter], faults: &mut Vec<Diagnostic>) -> Vec<Redirect> {
    let mut taken: HashMap<String, &Chapter> =
        chapters.iter().map(|chapter| (chapter.address.to_lowercase(), chapter)).collect();
    let mut redirects = Vec::new();
    for (number, chapter) in chapters.iter().enumerate() {
        let source = &chapter.document.source;
        for (alias, span) in &chapter.document.front.aliases {
            let bare = alias.trim_start_matches('/');
            let is_file = bare.ends_with(".html") || bare.ends_with(".htm") || bare.ends_with('/');
            let is_root = bare.is_empty() && alias.starts_with('/');
            let address = if is_file || is_root { bare.to_owned() } else { format!("{bare}/") };
            // `old/index.html` is the page at `old/`.
            let address = address.strip_suffix("index.html").map_or(address.clone(), str::to_owned);
            if let Err(message) = check(&address) {
                faults.push(bad_path(alias, &message, source, *span));
            } else if let Some(other) = taken.insert(address.to_lowercase(), chapter) {
                let theirs = &other.document.source.path;
                faults.push(
                    Diagnostic::new(
                        Code::DuplicateAddress,
                        format!("the alias `{alias}` is an address of `{theirs}` already"),
                    )
                    .at(source, *span)
                    .hint("an address can lead to one chapter only; take the alias out here or there"),
                );
            } else {
                redirects.push(Redirect { from: address, chapter: number });
            }
        }
    }
    redirects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_files() {
        for (path, expected) in [
            ("content/index.md", ""),
            ("content/README.md", ""),
            ("content/02-server/03-ssh-keys.md", "server/ssh-keys/"),
            ("content/02-server/index.md", "server/"),
            ("content/My Chapter.md", "my-chapter/"),
            ("content/2024.md", "2024/"),
            ("content/Größe/日本.md", "größe/日本/"),
            ("content/!!!.md", "_/"),
        ] {
            assert_eq!(from_file(path), expected);
        }
    }

    #[test]
    fn bad_addresses() {
        for bad in
            ["a//b/", "../x/", "a/./b/", "a\u{7}/", "con/", "a/NUL.txt/", "assets/", "a?b/", "a /", "/", "//"]
        {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        for good in ["", "content/blog/", "größe/", "v1.2/", "old.html"] {
            assert_eq!(check(good), Ok(()), "{good:?}");
        }
    }
}
