//! The attributes of tags in raw HTML, and which of them hold ids and addresses.

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
    /// Where the value stands in the HTML.
    pub range: Range<usize>,
}

impl Attribute<'_> {
    /// The addresses in the value, as ranges of it: what a reader follows or the page loads. White space around one
    /// is none of it. What holds odd characters passes through as it is.
    pub fn addresses(&self) -> Vec<Range<usize>> {
        let loads = match (self.tag.as_str(), self.name.as_str()) {
            ("a" | "area" | "link", "href") | ("video", "poster") | ("object", "data") => true,
            (tag, "src") => LOADING.contains(&tag),
            ("img" | "source", "srcset") => return candidates(self.value),
            _ => false,
        };
        let may_hold_spaces = self.tag != "a";
        let address = self.value.trim();
        let start = self.value.len() - self.value.trim_start().len();
        let whole = (loads && is_plain(address, may_hold_spaces)).then_some(start..start + address.len());
        whole.into_iter().collect()
    }

    /// Where ids begin in the value: it is one, or refers to one or several of the same page.
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
            // What an SVG takes its ends of lines and the like from.
            _ if self.value.starts_with("url(#") => vec!["url(#".len()],
            _ => Vec::new(),
        }
    }

    /// Whether the value is an id (or the old form of one).
    pub fn is_anchor(&self) -> bool {
        self.name == "id" || (self.tag == "a" && self.name == "name")
    }
}

/// HTML that a library wrote, without the links around parts of it.
pub fn without_links(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut written = 0;
    for tag in Tags::of(html).filter(|tag| tag.name == "a") {
        out.push_str(&html[written..tag.range.start]);
        written = tag.range.end;
    }
    out + &html[written..]
}

/// The places in HTML where an id begins: where an element has it, or refers to it. When HTML is moved to a page with
/// other HTML, ids get a prefix there.
pub fn id_places(html: &str) -> Vec<usize> {
    let mut places = Vec::new();
    for attribute in attributes(html, Within::Text) {
        places.extend(attribute.ids().into_iter().map(|at| attribute.range.start + at));
    }
    places
}

/// Whether an address in an attribute has no odd characters, nor entities that have names of their own.
fn is_plain(address: &str, may_hold_spaces: bool) -> bool {
    let is_odd = |c: char| "<>\"'`\\".contains(c) || c.is_whitespace() && !(c == ' ' && may_hold_spaces);
    let text = unescape(address);
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let begins_entity = |rest: &str| rest.split_once(';').is_some_and(|(name, _)| is_name(name));
    !text.contains(is_odd) && !text.split('&').skip(1).any(begins_entity)
}

/// Elements whose `src` is loaded with the page.
const LOADING: &[&str] = &["img", "video", "audio", "source", "track", "iframe", "embed", "script", "input"];

/// The addresses of a `srcset`: the first word of each of its parts (HTML, "Srcset attributes").
fn candidates(value: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in value.split(',') {
        let at = start + part.len() - part.trim_start().len();
        let address = part.split_whitespace().next().unwrap_or_default();
        if !address.is_empty() && is_plain(address, false) {
            found.push(at..at + address.len());
        }
        start += part.len() + 1;
    }
    found
}

/// Finds the attributes with a value in a piece of raw HTML; the piece before it broke off in this.
pub fn attributes(html: &str, within: Within) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    for tag in Tags::resumed(html, within).filter(Tag::is_start) {
        attributes_of(&tag, html, &mut found);
    }
    found
}

/// Finds those of one tag.
fn attributes_of<'h>(tag: &Tag<'h>, html: &'h str, found: &mut Vec<Attribute<'h>>) {
    let bytes = &html.as_bytes()[..tag.range.end];
    let mut at = tag.range.start + 1 + tag.name.len();
    loop {
        at = end_of(bytes, at, |b| b.is_ascii_whitespace() || b == b'/');
        let start = at;
        at = end_of(bytes, at, |b| !b.is_ascii_whitespace() && !b"=>/".contains(&b));
        if at == start {
            return;
        }
        let name = html[start..at].to_ascii_lowercase();
        let equals = end_of(bytes, at, |b| b.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            continue;
        }
        at = end_of(bytes, equals + 1, |b| b.is_ascii_whitespace());
        let range = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let quote = *quote;
                let end = end_of(bytes, at + 1, |b| b != quote);
                let range = at + 1..end;
                at = (end + 1).min(bytes.len());
                range
            }
            _ => {
                let start = at;
                at = end_of(bytes, at, |b| !b.is_ascii_whitespace() && b != b'>');
                start..at
            }
        };
        found.push(Attribute {
            tag: tag.name.to_ascii_lowercase(),
            name,
            value: &html[range.clone()],
            range,
        });
    }
}

/// The end of the run of bytes from `at` that `holds` allows. Runs end at ASCII bytes only, so the
/// result is a character boundary.
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
