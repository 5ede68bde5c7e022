//! What the server adds to a page as it answers: one script, and what that must know of the page.
//!
//! The script is the first in the page, so that it sees the page before the theme's scripts change it. It is told
//! which lines of the source the elements come from, by counting tags: the page itself does not say, since it is
//! what readers get.

use std::collections::HashMap;

use serde::Serialize;

use super::preview::Status;

/// The folder of the server's own addresses. No output can be there: publishing keeps its own in a folder of the
/// same name.
pub const OWN: &str = ".bindery";

/// Where an element comes from: the name of its tag, its number among the elements of that name on the page, from
/// 0, and the line of the source.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Line(String, usize, usize);

/// What the script must know of its page.
#[derive(Debug, Serialize)]
pub struct Facts<'a> {
    /// Tells whether the page is still the same.
    pub key: &'a str,
    /// How it stands with the page.
    pub status: Status,
    /// The number of the edition that it is of.
    pub edition: u64,
    /// The file of its chapter.
    pub file: Option<&'a str>,
    /// Where its elements come from.
    pub lines: &'a [Line],
}

/// Adds the script to a page.
pub fn script(html: &str, facts: &Facts<'_>) -> String {
    let facts = serde_json::to_string(facts).expect("strings and numbers are always JSON");
    // In a script element, only this sign could end it.
    let facts = facts.replace('<', "\\u003c");
    let added = format!(
        "<script type=\"application/json\" id=\"b:live\">{facts}</script><script type=\"module\" src=\"/{OWN}/live.js\"></script>"
    );
    let at = head(html);
    [&html[..at], &added, &html[at..]].concat()
}

/// Where a page's head begins: behind `<head>`; without one, behind the document type.
fn head(html: &str) -> usize {
    let start = tags(html).take_while(|(_, name)| *name != "body").find(|(_, name)| *name == "head");
    let behind = |at: usize| html[at..].find('>').map_or(html.len(), |end| at + end + 1);
    match start {
        Some((at, _)) => behind(at),
        None if html.trim_start().get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!doctype")) => {
            behind(0)
        }
        None => 0,
    }
}

/// Tells where the elements of a page come from. `blocks` are the bytes at which blocks begin in the body, and
/// their lines. Nothing, if the theme has changed the body.
pub fn lines(html: &str, body: &str, blocks: &[(usize, usize)]) -> Vec<Line> {
    let Some(start) = (!body.is_empty()).then(|| html.find(body)).flatten() else { return Vec::new() };
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut lines = Vec::with_capacity(blocks.len());
    let mut blocks = blocks.to_vec();
    blocks.sort_unstable();
    let mut blocks = blocks.into_iter().peekable();
    for (at, name) in tags(html) {
        let name = name.to_ascii_lowercase();
        let number = counts.entry(name.clone()).or_default();
        // Of blocks that begin at one tag, the last one is the innermost.
        let mut line = None;
        while let Some((_, found)) = blocks.next_if(|(block, _)| start + block <= at) {
            line = Some(found);
        }
        if let Some(line) = line {
            lines.push(Line(name, *number, line));
        }
        *number += 1;
        if blocks.peek().is_none() {
            break;
        }
    }
    lines
}

/// Elements in which a browser sees no others.
const OPAQUE: &[&str] = &["script", "style", "template", "textarea", "title", "xmp", "iframe"];

/// The start tags of a page: where each begins, and its name.
fn tags(html: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += html[at..].find('<')?;
            let rest = &html[at + 1..];
            if rest.starts_with("!--") {
                at += html[at..].find("-->")?;
                continue;
            }
            let begin = at;
            at += 1;
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
            if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let name = &rest[..length];
                if OPAQUE.iter().any(|opaque| name.eq_ignore_ascii_case(opaque)) {
                    let mut ends = rest.match_indices("</").map(|(end, _)| end);
                    let is_end = |end: &usize| {
                        rest[end + 2..].get(..length).is_some_and(|end| end.eq_ignore_ascii_case(name))
                    };
                    at += ends.find(is_end).unwrap_or(rest.len());
                }
                return Some((begin, name));
            }
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
            let facts =
                Facts { key: "k</script>", status: Status::Found, edition: 1, file: None, lines: &[] };
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
        let blocks = [(0, 3), (second, 5), (third, 7), (third + 4, 7)];
        let line = |name: &str, number, line| Line(name.to_owned(), number, line);
        assert_eq!(
            lines(&page, body, &blocks),
            [line("p", 1, 3), line("p", 2, 5), line("ul", 0, 7), line("li", 0, 7)]
        );
        assert_eq!(lines("<p>another body</p>", body, &blocks), []);
    }
}
