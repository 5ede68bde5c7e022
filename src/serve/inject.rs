//! What the server adds to a page as it answers: one script, and what that must know of the page.
//!
//! The script is the first in the page, so that it sees the page before the theme's scripts change it. It gets
//! the lines of the source that elements come from, by counting tags: the page itself does not say them, since it is
//! what readers get.

use std::collections::HashMap;

use serde::Serialize;

use crate::render::pages::body::BlockLine;
use crate::text::html::{Tag, Tags};
use crate::text::url::OWN;

/// The status of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is part of the book.
    Found,
    /// The book has no such thing.
    Missing,
    /// It cannot be shown.
    Failed,
}

/// Where an element comes from.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ElementLine {
    /// The name of its tag.
    name: String,
    /// Its number among the elements of that name on the page, from 0.
    number: usize,
    /// The line of the source.
    line: usize,
}

/// What the script must know of its page.
#[derive(Debug, Serialize)]
pub struct PageFacts<'a> {
    /// Tells whether the page is still the same.
    pub key: &'a str,
    /// The status of the page.
    pub status: Status,
    /// The number of the edition that it is of.
    pub edition: u64,
    /// The file of its chapter.
    pub file: Option<&'a str>,
    /// The digest of the text of that file.
    pub text: Option<String>,
    /// Where its elements come from.
    pub lines: &'a [ElementLine],
}

/// Adds the script to a page.
pub fn script(html: &str, facts: &PageFacts<'_>) -> String {
    let facts = serde_json::to_string(facts).expect("strings and numbers are always JSON");
    // In a script element, only this sign could end it.
    let facts = facts.replace('<', "\\u003c");
    let added = format!(
        "<script type=\"application/json\" id=\"b:live\">{facts}</script><script type=\"module\" src=\"/{OWN}/live.js\"></script>"
    );
    let at = head(html);
    [&html[..at], &added, &html[at..]].concat()
}

/// Where a page's head begins: after `<head>`; without one, after the document type.
fn head(html: &str) -> usize {
    let is_doctype = |tag: &Tag<'_>| {
        html[tag.range.clone()].get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
    };
    let start = tags(html).take_while(|tag| !tag.is("body")).find(|tag| tag.is("head"));
    start.or_else(|| Tags::of(html).next().filter(is_doctype)).map_or(0, |tag| tag.range.end)
}

/// Tells where the elements of a page come from. `blocks` says where blocks begin in the body. Nothing, if
/// the theme has changed the body.
pub fn lines(html: &str, body: &str, blocks: &[BlockLine]) -> Vec<ElementLine> {
    let Some(start) = (!body.is_empty()).then(|| html.find(body)).flatten() else { return Vec::new() };

    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut lines = Vec::with_capacity(blocks.len());
    let mut blocks = blocks.to_vec();
    blocks.sort_unstable();

    let mut blocks = blocks.into_iter().peekable();
    for tag in tags(html) {
        let name = tag.name.to_ascii_lowercase();
        let number = counts.entry(name.clone()).or_default();

        // Of blocks that begin at one tag, the last one is the innermost.
        let mut line = None;
        while let Some(block) = blocks.next_if(|block| start + block.byte <= tag.range.start) {
            line = Some(block.line);
        }

        if let Some(line) = line {
            lines.push(ElementLine { name, number: *number, line });
        }
        *number += 1;
        if blocks.peek().is_none() {
            break;
        }
    }
    lines
}

/// Elements in which a browser sees no others, beside those that hold text alone.
const OPAQUE: &[&str] = &["template", "title"];

/// The start tags of a page.
fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut inside: Option<&str> = None;
    Tags::of(html).filter(move |tag| match inside {
        Some(name) => {
            inside = inside.filter(|_| !(tag.is_end && tag.is(name)));
            false
        }
        None => {
            inside = OPAQUE.iter().copied().find(|name| tag.is_start() && tag.is(name));
            tag.is_start()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_the_first_thing_in_the_head() {
        for (page, before) in [
            ("<!doctype html><html lang=\"en\"><head class='a'><title>x</title></head></html>", "class='a'>"),
            ("<!DOCTYPE html>\n<title>x</title><header>y</header>", "html>"),
            ("<p>x</p>", ""),
        ] {
            let facts = PageFacts {
                key: "k</script>",
                status: Status::Found,
                edition: 1,
                file: None,
                text: None,
                lines: &[],
            };
            let with = script(page, &facts);
            let at = page.find(before).expect("it is there") + before.len();
            assert!(with.starts_with(&page[..at]) && with.ends_with(&page[at..]), "{with}");
            assert!(with[at..].starts_with("<script type=\"application/json\""), "{with}");
            assert!(!with.contains("k</script>"), "{with}");
        }
    }

    #[test]
    fn elements_know_their_lines() {
        let body = "<p>a</p>\n<!-- <p> --><script>'<p>'</script><P>b</P>\n<ul>\n<li>c</li></ul>";
        let page = format!("<html><p>menu</p><main>{body}</main>");
        let second = body.find("<P>").expect("it is there");
        let third = body.find("<ul>").expect("it is there");
        let blocks =
            [(0, 3), (second, 5), (third, 7), (third + 4, 7)].map(|(byte, line)| BlockLine { byte, line });
        let line = |name: &str, number, line| ElementLine { name: name.to_owned(), number, line };
        assert_eq!(
            lines(&page, body, &blocks),
            [line("p", 1, 3), line("p", 2, 5), line("ul", 0, 7), line("li", 0, 7)]
        );
        assert_eq!(lines("<p>another body</p>", body, &blocks), []);
    }
}
