//! Addresses: where a chapter is on the site, and what cannot be an address.

use std::sync::Arc;

use super::front_matter::FrontMatter;
use crate::read::layout::CONTENT;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, slug, url};

/// Where bindery puts its own files, by the first segment of the address. A chapter cannot be there.
const OWN: &[&str] = &["assets", url::OWN];

/// File names that Windows keeps for itself, so that a book can be built and unpacked everywhere.
const WINDOWS: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A chapter's address.
#[derive(Clone, Debug)]
pub struct Address {
    /// The path from the site's root: ends in `/`, the front page's is empty.
    pub path: String,
    /// The path in lower case: file systems may not tell it from upper case.
    pub key: String,
    /// What is wrong with it.
    pub diagnostic: Option<Diagnostic>,
}

/// The address of a chapter: the author's own, else that of its file.
pub fn find(source: &Arc<Source>, front: &FrontMatter, title: &str) -> Address {
    let of_file = from_file(&source.path);
    let (path, diagnostic) = match &front.path {
        Some((path, span)) => match authored(path, title) {
            Ok(address) => (address, None),
            Err(message) => (of_file, Some(bad_path(path, &message, source, *span))),
        },
        None => {
            let diagnostic = check(&of_file).err().map(|message| {
                let message = format!("this file's address would be `/{of_file}`, and {message}");
                Diagnostic::new(DiagnosticCode::InvalidPath, message)
                    .at(source, 0..0)
                    .hint("give the chapter a `path:` in its front matter, or rename the file")
            });
            (of_file, diagnostic)
        }
    };
    Address { key: path.to_lowercase(), path, diagnostic }
}

/// The diagnostic for an address that an author wrote.
pub fn bad_path(path: &str, message: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::InvalidPath, format!("`{path}` cannot be an address: {message}"))
        .at(source, span)
        .hint("write it like `/server/ssh-keys`; a path that ends in `/` gets the title's slug")
}

/// Reads an author's `path:`: `/content/blog` is that address; `/content/` names a folder.
fn authored(path: &str, title: &str) -> Result<String, String> {
    if path == "/" {
        return Ok(String::new());
    }

    let bare = path.strip_prefix('/').unwrap_or(path);
    if bare.is_empty() {
        return Err("it is empty; the front page is `/`".to_owned());
    }

    if let Some(page) = [".html", ".htm"].iter().find_map(|ending| bare.strip_suffix(ending)) {
        let page = page.strip_suffix("index").unwrap_or(page);
        return Err(format!(
            "pages are folders here; take `/{page}`, and keep the file's name in `aliases: [/{bare}]`"
        ));
    }

    let address = match bare.strip_suffix('/') {
        Some(folder) => {
            let slug = slug::segment(title);
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
pub fn check(address: &str) -> Result<(), String> {
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
