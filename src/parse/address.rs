//! Addresses: where a chapter is on the site, and what cannot be an address.

use std::sync::Arc;

use super::front_matter::FrontMatter;
use crate::read::layout::CONTENT;
use crate::text::unicode::composed;
use crate::text::{Diagnostic, DiagnosticCode, Severity, Source, Span, slug, url};

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
        None => match check(&of_file).and_then(|()| check_made(&of_file)) {
            Ok(()) => (of_file, None),
            Err(message) => {
                let free = freed(&of_file);
                let diagnostic = taken(&of_file, &free, &message).at(source, 0..0);
                (free, Some(diagnostic))
            }
        },
    };
    Address { key: path.to_lowercase(), path, diagnostic }
}

/// The diagnostic for an address that an author wrote.
pub fn bad_path(path: &str, message: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::InvalidPath, format!("`{path}` cannot be an address: {message}"))
        .at(source, span)
        .hint("write it like `/server/ssh-keys`; a path that ends in `/` gets the title's slug")
}

/// The warning about a file whose address would be one that it cannot have.
fn taken(address: &str, free: &str, message: &str) -> Diagnostic {
    let message = format!("this file's address would be `/{address}`, and {message}: it is at `/{free}`");
    let diagnostic = Diagnostic::new(DiagnosticCode::InvalidPath, message)
        .hint("rename the file, or give the chapter a `path:` in its front matter");
    Diagnostic { severity: Severity::Warning, ..diagnostic }
}

/// An address that a page can have, from that of a file which cannot: names that are taken get an ending, and long ones
/// are cut.
fn freed(address: &str) -> String {
    let mut free = String::with_capacity(address.len() + 8);
    for name in address.split_terminator('/') {
        let mut name = name.to_owned();
        while name.len() > LONGEST {
            name.pop();
        }
        let so_far = format!("{free}{name}/");
        let is_taken = check(&so_far).and_then(|()| check_made(&so_far)).is_err();
        free.extend([name.as_str(), if is_taken { "-page/" } else { "/" }]);
    }
    free
}

/// Checks that an address is not that of the contents page, to which every page leads.
fn check_made(address: &str) -> Result<(), String> {
    if address == "contents/" { Err("bindery's own list of contents is there".to_owned()) } else { Ok(()) }
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

    let stem = &composed(slug::stem(below));
    let mut address = String::with_capacity(stem.len() + 1);
    let mut names = stem.split('/').peekable();
    while let Some(name) = names.next() {
        let is_index = names.peek().is_none() && is_index(name);
        if !is_index {
            address.push_str(&slug::of_name(slug::without_number(name)));
            address.push('/');
        }
    }
    address
}

/// The names of a folder's own page, without extension; the first that is there is the page. Hugo and Zola call it
/// `_index`, and code hosts show `README`.
const INDEXES: &[&str] = &["index", "_index", "readme"];

/// Whether a file, by its name without extension, is its folder's own page.
pub fn is_index(stem: &str) -> bool {
    index_rank(stem).is_some()
}

/// Which of the names of a folder's own page a file has, by its name without extension: 0 is the first.
pub fn index_rank(stem: &str) -> Option<usize> {
    let bare = slug::without_number(stem);
    INDEXES.iter().position(|name| bare.eq_ignore_ascii_case(name))
}

/// A file's name as it is published: composed, and one that every server and file system can have.
pub fn file_name(name: &str) -> String {
    let mut name = composed(name).into_owned();
    let is_fine = |name: &str| check(&format!("files/{name}")).is_ok();
    if is_fine(&name) {
        return name;
    }

    name.retain(|c| !c.is_control());
    let mut name = name.replace(RESERVED, "-").trim().trim_end_matches('.').to_owned();
    if !is_fine(&name) {
        name.insert_str(0, "file-");
    }
    // The end of a name that is too long holds its extension.
    while name.len() > LONGEST {
        name.remove(0);
    }
    name
}

/// The characters that no name in an address may hold: Windows, or a URL, uses them for something else.
const RESERVED: [char; 11] = ['\\', ':', '*', '?', '"', '<', '>', '|', '#', '%', '/'];

/// The longest name in an address, in bytes.
const LONGEST: usize = 200;

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
            _ if name.contains(RESERVED) => "it holds one of `\\ : * ? \" < > | # %`",
            _ if name.ends_with(['.', ' ']) || name.starts_with(' ') => {
                "a name in it begins or ends with a space, or ends with a dot"
            }
            _ if name.len() > LONGEST => "a name in it is longer than 200 bytes",
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
            ("content/!.md", "exclamation-mark/"),
            ("content/server/_index.md", "server/"),
            ("content/u\u{308}bersicht.markdown", "\u{fc}bersicht/"),
        ] {
            assert_eq!(from_file(path), expected);
        }
    }

    #[test]
    fn names_of_files() {
        for (name, expected) in [
            ("Makefile", "Makefile"),
            ("Project v1.tar.gz", "Project v1.tar.gz"),
            ("cafe\u{301}.svg", "caf\u{e9}.svg"),
            ("a:b?.txt", "a-b-.txt"),
            ("con.txt", "file-con.txt"),
            ("100%.", "100-"),
        ] {
            assert_eq!(file_name(name), expected);
        }
        assert_eq!(file_name(&"x".repeat(300)).len(), LONGEST);
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
