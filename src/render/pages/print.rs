//! The whole book on one page, for paper.
//!
//! Each chapter's body is what stands on its own page, moved here: ids get the chapter's number before them, links
//! between chapters become links within the page, all other relative URLs lead from here, and headings are a level
//! deeper, below the chapter's title.

use std::fmt::Write as _;

use rayon::prelude::*;

use super::body;
use super::urls::{PrintNumbers, id};
use super::view::PrintChapterView;
use crate::bind::places::PRINT;
use crate::parse::raw_html::{self, Attribute};
use crate::render::code::highlight::Highlighter;
use crate::render::inputs::{PrintChapter, PrintJob};
use crate::render::theme::template::Html;
use crate::text::html::{Tags, Within, escape_into, unescape};
use crate::text::url;

/// PrintNumbers the chapters.
pub fn numbers(job: &PrintJob) -> PrintNumbers<'_> {
    job.chapters.iter().zip(1..).map(|(chapter, number)| (chapter.address.as_str(), number)).collect()
}

/// Renders the chapters.
pub fn chapters<'j>(
    job: &'j PrintJob,
    numbers: &PrintNumbers<'_>,
    highlighter: &Highlighter,
) -> Vec<PrintChapterView<'j>> {
    let view = |(at, chapter): (usize, &'j PrintChapter)| {
        let number = at + 1;
        let body = body::body(&job.frame, &chapter.document, (&chapter.links, &chapter.terms), highlighter);
        let title = &chapter.document.title;
        let title_html = body::title(&job.frame, &chapter.document, &chapter.links, highlighter);
        PrintChapterView {
            part: chapter.part.as_deref(),
            id: id(number),
            title: &title.text,
            title_html: Html::new(&moved(&title_html, number, &chapter.address, numbers)),
            title_id: title.id.as_ref().map(|own| format!("{}:{own}", id(number))),
            draft: chapter.document.front.draft,
            body: Html::new(&moved(&deeper(&body), number, &chapter.address, numbers)),
        }
    };
    job.chapters.par_iter().enumerate().map(view).collect()
}

/// Puts headings one level deeper, as far as there are levels.
fn deeper(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut written = 0;
    for tag in Tags::of(html) {
        if let &[b'h' | b'H', level @ b'1'..=b'5'] = tag.name.as_bytes() {
            let name = tag.range.start + 1 + usize::from(tag.is_end);
            out.push_str(&html[written..name]);
            out.push('h');
            out.push(char::from(level + 1));
            written = name + tag.name.len();
        }
    }
    out + &html[written..]
}

/// Makes ids and addresses right for their new place.
fn moved(html: &str, number: usize, address: &str, numbers: &PrintNumbers<'_>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut written = 0;
    for attribute in raw_html::attributes(html, Within::Text) {
        let Some(value) = new_value(&attribute, number, address, numbers) else { continue };
        out.push_str(&html[written..attribute.range.start]);
        out.push_str(&value);
        written = attribute.range.end;
    }
    out + &html[written..]
}

/// What stands for an attribute's value, if it is another one.
fn new_value(
    attribute: &Attribute<'_>,
    number: usize,
    address: &str,
    numbers: &PrintNumbers<'_>,
) -> Option<String> {
    let value = attribute.value;
    if let Some(ids) = raw_html::with_ids(attribute, &format!("{}:", id(number))) {
        return Some(ids);
    }
    match attribute.name.as_str() {
        // Paper has no later.
        "loading" => Some("eager".to_owned()),
        "href" | "src" | "poster" => {
            let mut escaped = String::new();
            escape_into(&mut escaped, &new_url(&unescape(value), number, address, numbers));
            Some(escaped)
        }
        "srcset" => {
            let mut set = String::new();
            let mut written = 0;
            for range in attribute.addresses() {
                set.push_str(&value[written..range.start]);
                set.push_str(&new_url(&value[range.clone()], number, address, numbers));
                written = range.end;
            }
            Some(set + &value[written..])
        }
        _ => None,
    }
}

/// The URL on this page of what a URL leads to on the chapter's own page.
fn new_url(target: &str, number: usize, address: &str, numbers: &PrintNumbers<'_>) -> String {
    let (path, suffix) = target.split_at(target.find(['?', '#']).unwrap_or(target.len()));
    let within = |number: usize| {
        let mut inside = format!("#{}", id(number));
        if let Some((_, anchor)) = suffix.split_once('#').filter(|(_, anchor)| !anchor.is_empty()) {
            write!(inside, ":{anchor}").expect("a String takes all");
        }
        inside
    };
    if target.is_empty() || target.starts_with('?') || target.starts_with('/') || url::is_external(target) {
        return target.to_owned();
    }
    if path.is_empty() {
        return within(number);
    }
    let folder = address.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(mut joined) = url::decode(path).and_then(|path| url::join(folder, &path)) else {
        return target.to_owned();
    };
    if path.ends_with('/') && !joined.is_empty() {
        joined.push('/');
    }
    match numbers.get(joined.as_str()) {
        Some(number) => within(*number),
        None => url::relative(PRINT, &joined) + suffix,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_deeper() {
        let html = "<h2 id=\"a\">A</h2><h6>F</h6><hr /><header><h10></h10><H3>x</H3>";
        let expected = "<h3 id=\"a\">A</h3><h6>F</h6><hr /><header><h10></h10><h4>x</h4>";
        assert_eq!(deeper(html), expected);
    }

    #[test]
    fn addresses_lead_from_the_new_place() {
        let numbers = PrintNumbers::from([("", 1), ("a/b/", 2), ("größe/", 3)]);
        for (target, expected) in [
            ("#x", "#p:2:x"),
            ("#", "#p:2"),
            ("./", "#p:2"),
            ("../../", "#p:1"),
            ("../../gr%C3%B6%C3%9Fe/#%C3%A4", "#p:3:%C3%A4"),
            ("../../contents/", "../contents/"),
            ("../../assets/x.png?a&b", "../assets/x.png?a&b"),
            ("https://example.com/", "https://example.com/"),
            ("mailto:a@b", "mailto:a@b"),
            ("../../../out", "../../../out"),
        ] {
            assert_eq!(new_url(target, 2, "a/b/", &numbers), expected, "{target}");
        }
    }

    #[test]
    fn a_body_moves() {
        let html = "<a id=\"x\" href=\"#y\"></a><img src=\"i.png?a&amp;b\" srcset=\"i.png 1x, j.png 2x\" loading=\"lazy\"><label for=\"x\">";
        let expected = "<a id=\"p:1:x\" href=\"#p:1:y\"></a><img src=\"../a/i.png?a&amp;b\" srcset=\"../a/i.png 1x, ../a/j.png 2x\" loading=\"eager\"><label for=\"p:1:x\">";
        assert_eq!(moved(html, 1, "a/", &PrintNumbers::from([("a/", 1)])), expected);
    }
}
