//! Addresses inside a site: percent-encoding, joining, and relative URLs between pages.
//!
//! An address is a path from the site's root, without a leading slash and not encoded. A page's address ends in `/`
//! (the front page's is empty), a file's does not.

use std::borrow::Cow;

use memchr::memrchr;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::scan;

/// The folder that is reserved for the program, in the output and in the addresses of a preview. No output is in it.
pub const OWN: &str = ".bindery";

/// The characters that must be encoded anywhere in a URL.
const AUTHORED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The characters that must be encoded in the path of a URL (RFC 3986, section 3.3), and `%`. An apostrophe would end
/// the value of an attribute of raw HTML.
const PATH: &AsciiSet = &AUTHORED.add(b'#').add(b'%').add(b'?').add(b'\'');

/// Percent-encodes a path.
pub fn encode_path(path: &str) -> Cow<'_, str> {
    utf8_percent_encode(path, PATH).into()
}

/// Decodes percent-encoding; `None` if the result is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

/// Encodes the destination of a link as CommonMark's reference implementations do: existing percent-encoding stays,
/// and characters that are not allowed in a URL are encoded.
pub fn encode_authored(destination: &str) -> Cow<'_, str> {
    utf8_percent_encode(destination, AUTHORED).into()
}

/// The address of the page in a file: `old/` for `old/index.html`.
pub fn without_index(address: &str) -> &str {
    match address.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => address,
    }
}

/// The absolute URL of an address.
pub fn absolute(base: &str, address: &str) -> String {
    [base, &encode_path(address)].concat()
}

/// The relative URL from a page to the site's root: `./`, `../`, `../../` …
pub fn to_root(page: &str) -> String {
    match page.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// The URL of `target` for a link on the page at address `page`: relative, encoded, never empty.
pub fn relative(page: &str, target: &str) -> String {
    // The folders that both have in common.
    let page = page.as_bytes();
    let same = scan::common_start(page, target.as_bytes());
    let common = memrchr(b'/', &page[..same]).map_or(0, |at| at + 1);
    let up = page[common..].iter().filter(|byte| **byte == b'/').count();
    let down = &target[common..];

    let mut url = String::with_capacity(3 * up + down.len() + 2);
    // A colon in the first segment would make it a scheme.
    if up == 0 && (down.is_empty() || down.split('/').next().unwrap_or_default().contains(':')) {
        url.push_str("./");
    }
    for _ in 0..up {
        url.push_str("../");
    }
    if scan::is_plain_path(down.as_bytes()) {
        url.push_str(down);
    } else {
        url.extend(utf8_percent_encode(down, PATH));
    }
    url
}

/// Joins a relative path to a folder, resolving `.` and `..`.
///
/// `folder` is empty or has no `/` at its end. `None` if the path leads out of the top folder.
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut joined = String::with_capacity(folder.len() + 1 + path.len());
    joined.push_str(folder);
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            name => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(name);
            }
        }
    }
    Some(joined)
}

/// Whether a destination has a scheme (`https:`, `mailto:`) or a host (`//host/`).
pub fn is_external(destination: &str) -> bool {
    if destination.starts_with("//") {
        return true;
    }
    let Some((scheme, _)) = destination.split_once(':') else {
        return false;
    };

    // One letter is a drive of Windows.
    scheme.len() >= 2
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_urls() {
        for (page, target, expected) in [
            ("", "", "./"),
            ("", "a/b/", "a/b/"),
            ("a/b/", "", "../../"),
            ("a/b/", "a/b/", "./"),
            ("a/b/", "a/c/", "../c/"),
            ("a/b/", "ab/", "../../ab/"),
            ("a/b/", "assets/x y.png", "../../assets/x%20y.png"),
            ("a/", "a/b/c.png", "b/c.png"),
            ("", "c:/", "./c:/"),
            ("404.html", "a/", "a/"),
        ] {
            assert_eq!(relative(page, target), expected, "{page} to {target}");
        }
    }

    #[test]
    fn joining_does_not_climb_out() {
        assert_eq!(join("a/b", "../c.md").as_deref(), Some("a/c.md"));
        assert_eq!(join("a", "../../c.md"), None);
    }

    #[test]
    fn schemes() {
        assert!(is_external("https://a") && is_external("mailto:x@y") && is_external("//h/x"));
        assert!(!is_external("a/b:c") && !is_external("C:/x") && !is_external("#a"));
    }
}
