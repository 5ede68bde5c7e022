//! The attributes of tags in raw HTML, and which of them contain ids and addresses.

use std::ops::Range;

use super::html::{Tag, Tags, Within, unescape};

/// An attribute of a tag in raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute<'h> {
    /// The tag's name, lower case.
    pub tag: String,
    /// The attribute's name, lower case.
    pub name: String,
    /// The value, as written.
    pub value: &'h str,
    /// Where the value is in the HTML.
    pub range: Range<usize>,
}

impl Attribute<'_> {
    /// The addresses in the value that a reader follows or the page loads, as ranges of it, without white space around
    /// them. An address with unusual characters is left out, and so stays as the author wrote it.
    pub fn addresses(&self) -> Vec<Range<usize>> {
        let loads = match (self.tag.as_str(), self.name.as_str()) {
            ("a" | "area" | "link" | "image" | "use", "href")
            | ("image" | "use", "xlink:href")
            | ("video", "poster")
            | ("object", "data") => true,
            (tag, "src") => LOADING.contains(&tag),
            ("img" | "source", "srcset") => return candidates(self.value),
            _ => false,
        };

        let address = self.value.trim();
        if !loads || !is_plain(address) {
            return Vec::new();
        }
        let start = self.value.len() - self.value.trim_start().len();
        let range = start..start + address.len();
        vec![range]
    }

    /// Where ids begin in the value: it is an id, or refers to ids of the same page.
    pub fn ids(&self) -> Vec<usize> {
        if self.is_anchor() {
            return vec![0];
        }

        match self.name.as_str() {
            "for" | "list" | "headers" | "aria-labelledby" | "aria-describedby" | "aria-controls" => {
                let words = self.value.split_whitespace();
                words.map(|word| word.as_ptr() as usize - self.value.as_ptr() as usize).collect()
            }
            "href" if self.value.starts_with('#') => vec![1],
            // References in SVG, for example to the marker at the end of a line.
            _ if self.value.starts_with("url(#") => vec!["url(#".len()],
            _ => Vec::new(),
        }
    }

    /// Whether the value is an id, or its old form `<a name>`.
    pub fn is_anchor(&self) -> bool {
        self.name == "id" || (self.tag == "a" && self.name == "name")
    }
}

/// HTML without the tags of its links.
pub fn without_links(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut written = 0;
    for tag in Tags::of(html).filter(|tag| tag.name == "a") {
        out.push_str(&html[written..tag.range.start]);
        written = tag.range.end;
    }
    out + &html[written..]
}

/// The places in HTML where an id begins, either of an element or in a reference. If HTML is put on a page with other
/// HTML, a prefix is inserted there.
pub fn id_places(html: &str) -> Vec<usize> {
    let mut places = Vec::new();
    for attribute in attributes(html, Within::Text) {
        places.extend(attribute.ids().into_iter().map(|at| attribute.range.start + at));
    }
    places
}

/// Whether an address in an attribute has neither unusual characters nor entities that [`unescape`] does not know.
fn is_plain(address: &str) -> bool {
    let text = unescape(address);
    let is_unusual = |c: char| "<>\"'`\\".contains(c) || c != ' ' && c.is_whitespace();
    if text.contains(is_unusual) {
        return false;
    }

    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let begins_entity = |rest: &str| rest.split_once(';').is_some_and(|(name, _)| is_name(name));
    !text.split('&').skip(1).any(begins_entity)
}

/// Elements whose `src` is loaded with the page.
const LOADING: &[&str] = &["img", "video", "audio", "source", "track", "iframe", "embed", "script", "input"];

/// The addresses of a `srcset`: the first word of each part (HTML, "Srcset attributes").
fn candidates(value: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in value.split(',') {
        let at = start + part.len() - part.trim_start().len();
        let address = part.split_whitespace().next().unwrap_or_default();
        if !address.is_empty() && is_plain(address) {
            found.push(at..at + address.len());
        }
        start += part.len() + 1;
    }
    found
}

/// Finds the attributes with a value in a piece of raw HTML. `within` is where the piece before it ended.
pub fn attributes(html: &str, within: Within) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    for tag in Tags::resumed(html, within).filter(Tag::is_start) {
        attributes_of(&tag, html, &mut found);
    }
    found
}

/// The value of one attribute of a tag, as written; empty if it has no value.
pub fn value<'h>(tag: &Tag<'_>, html: &'h str, name: &str) -> Option<&'h str> {
    let (_, value) = written(tag, html).find(|(found, _)| html[found.clone()].eq_ignore_ascii_case(name))?;
    Some(value.map_or("", |value| &html[value]))
}

/// The number of attributes of a tag, also without values.
pub fn count(tag: &Tag<'_>, html: &str) -> usize {
    written(tag, html).count()
}

/// Whether an image says what it shows, or that it only decorates: `alt=""`.
pub fn is_described(image: &Tag<'_>, html: &str) -> bool {
    let describes =
        |name: &str| ["alt", "aria-label", "aria-labelledby", "aria-hidden", "role"].contains(&name);
    written(image, html).any(|(name, _)| describes(&html[name].to_ascii_lowercase()))
}

/// Finds the attributes with a value of one tag.
fn attributes_of<'h>(tag: &Tag<'h>, html: &'h str, found: &mut Vec<Attribute<'h>>) {
    found.extend(written(tag, html).filter_map(|(name, range)| {
        let range = range?;
        let value = &html[range.clone()];
        Some(Attribute {
            tag: tag.name.to_ascii_lowercase(),
            name: html[name].to_ascii_lowercase(),
            value,
            range,
        })
    }));
}

/// The names of a tag's attributes, with their values.
fn written(tag: &Tag<'_>, html: &str) -> impl Iterator<Item = (Range<usize>, Option<Range<usize>>)> {
    let bytes = &html.as_bytes()[..tag.range.end];
    let mut at = tag.range.start + 1 + tag.name.len();
    std::iter::from_fn(move || {
        let start = end_of(bytes, at, |b| b.is_ascii_whitespace() || b == b'/');
        // A name can begin with `=`.
        let first = usize::from(bytes.get(start) == Some(&b'='));
        at = end_of(bytes, start + first, |b| !b.is_ascii_whitespace() && !b"=>/".contains(&b));
        let name = start..at;
        if name.is_empty() {
            return None;
        }

        // An attribute without a value.
        let equals = end_of(bytes, at, |b| b.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            return Some((name, None));
        }

        at = end_of(bytes, equals + 1, |b| b.is_ascii_whitespace());
        let value = match bytes.get(at).copied() {
            Some(quote @ (b'"' | b'\'')) => {
                let end = end_of(bytes, at + 1, |b| b != quote);
                let value = at + 1..end;
                at = (end + 1).min(bytes.len());
                value
            }
            _ => {
                let start = at;
                at = end_of(bytes, at, |b| !b.is_ascii_whitespace() && b != b'>');
                start..at
            }
        };
        Some((name, Some(value)))
    })
}

/// The end of the run of bytes from `at` for which `holds` is true. Runs end only at ASCII bytes, so the end is a
/// character boundary.
fn end_of(bytes: &[u8], at: usize, holds: impl Fn(u8) -> bool) -> usize {
    at + bytes[at.min(bytes.len())..].iter().take_while(|byte| holds(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_with_values() {
        let html = r#"<!-- <a href="no"> --><IMG alt='a > b' src = "x.png" hidden><a href=y.md id=z>"#;
        let found: Vec<_> = attributes(html, Within::Text)
            .into_iter()
            .map(|a| format!("{} {}={}", a.tag, a.name, a.value))
            .collect();
        assert_eq!(found, ["img alt=a > b", "img src=x.png", "a href=y.md", "a id=z"]);
    }
}
