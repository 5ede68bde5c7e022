//! Titles in raw HTML, as `<h1 align="center">My Project</h1>`, with which many files on code hosts begin. One within another
//! element, as `<div>`, is left where it is.

use html_escape::decode_html_entities;

use super::plain::{self, Purpose};
use super::tree::{Block, BlockKind, Heading, Inline, InlineKind, Text};
use crate::text::Span;
use crate::text::attributes::attributes;
use crate::text::elements::needs_no_end;
use crate::text::html::{Tags, Within};

/// Makes a heading of the first `<h1>` in a block of raw HTML, if no heading is before it and none is of its level.
pub fn find<'a>(blocks: &mut Vec<Block<'a>>, chapter: &'a str) {
    let level = |block: &Block<'_>| match &block.kind {
        BlockKind::Heading(heading) => Some(heading.level),
        _ => None,
    };
    let before = blocks.iter().position(|block| level(block).is_some()).unwrap_or(blocks.len());
    if blocks[before..].iter().any(|block| level(block) == Some(1)) {
        return;
    }

    let of_block = |(at, block): (usize, &Block<'a>)| match block.kind {
        BlockKind::Html(_) => heading(chapter, block.span).map(|(heading, span)| (at, heading, span)),
        _ => None,
    };
    let Some((at, heading, span)) = blocks[..before].iter().enumerate().find_map(of_block) else { return };

    // What is before it and after it stays HTML.
    let block = blocks[at].span;
    let [before, after] = [Span::new(block.start, span.start), Span::new(span.end, block.end)];
    let html = |span: Span| Some(Block { kind: BlockKind::Html(lines(chapter, span)?), span });
    let heading = Block { kind: BlockKind::Heading(Box::new(heading)), span };
    blocks.splice(at..=at, html(before).into_iter().chain([heading]).chain(html(after)));
}

/// The lines of a block of HTML, from the first that is not empty on; none, if all are empty.
fn lines(chapter: &str, span: Span) -> Option<Text<'_>> {
    let mut at = span.start;
    let mut text = Text::new();
    for line in chapter[span.start..span.end].split_inclusive('\n') {
        let span = Span::new(at, at + line.len());
        at = span.end;
        if !text.is_empty() || !line.trim().is_empty() {
            text.push(Inline { kind: InlineKind::Html(line.into()), span });
        }
    }
    Some(text).filter(|text| !text.is_empty())
}

/// The heading that is in a block of HTML, in no other element, and where it is in the chapter.
fn heading(chapter: &str, block: Span) -> Option<(Heading<'_>, Span)> {
    let html = &chapter[block.start..block.end];
    let mut tags = Tags::of(html);
    let mut open = 0_usize;
    let first = loop {
        let tag = tags.next()?;
        match () {
            () if tag.is_start() && tag.is("h1") => break tag,
            () if tag.is_self_closing || needs_no_end(tag.name) => {}
            () if tag.is_end => open = open.saturating_sub(1),
            () => open += usize::from(tag.is_start()),
        }
    };
    if open > 0 {
        return None;
    }

    let start = block.start;
    let mut text: Text<'_> = Vec::new();
    let mut at = first.range.end;
    for tag in tags {
        push_text(&mut text, &html[at..tag.range.start], start + at);
        at = tag.range.end;
        if tag.is_end && tag.is("h1") {
            if let Some(Inline { kind: InlineKind::Text(last), .. }) = text.last_mut() {
                *last = last.trim_end().to_owned().into();
            }
            let is_seen = !plain::text(&text, Purpose::Name).trim().is_empty();
            let heading = Heading { level: 1, text, ..own_attributes(&html[first.range.clone()])? };
            return is_seen.then_some((heading, Span::new(start + first.range.start, start + at)));
        }
        if !INLINE.iter().any(|name| tag.is(name)) {
            return None;
        }
        let span = Span::new(start + tag.range.start, start + tag.range.end);
        text.push(Inline { kind: InlineKind::Html(html[tag.range].into()), span });
    }
    None
}

/// A heading with the attributes of a tag; none if it has some that a heading of Markdown cannot have.
fn own_attributes(tag: &str) -> Option<Heading<'_>> {
    let mut heading = Heading::default();
    for attribute in attributes(tag, Within::Text) {
        match attribute.name.as_str() {
            "id" if !attribute.value.trim().is_empty() => {
                heading.id = Some(decode_html_entities(attribute.value.trim()).into_owned());
            }
            "class" => heading.classes.extend(attribute.value.split_whitespace()),
            // The text stands where the theme has it.
            "id" | "align" => {}
            "lang" => heading.attributes.push(("lang", attribute.value)),
            "dir" => heading.attributes.push(("dir", attribute.value)),
            _ => return None,
        }
    }
    Some(heading)
}

/// Elements that can be in a title. Comments have no name.
const INLINE: &[&str] = &[
    "", "a", "b", "br", "code", "em", "i", "img", "kbd", "picture", "small", "source", "span", "strong",
    "sub", "sup",
];

/// Adds text between tags, with one space for any white space.
fn push_text(text: &mut Text<'_>, html: &str, at: usize) {
    let words = html.split_whitespace().collect::<Vec<_>>().join(" ");
    if html.is_empty() || words.is_empty() && text.is_empty() {
        return;
    }
    let before = if html.starts_with(char::is_whitespace) && !text.is_empty() { " " } else { "" };
    let after = if html.ends_with(char::is_whitespace) && !words.is_empty() { " " } else { "" };
    let decoded = decode_html_entities(&words).into_owned();
    let span = Span::new(at, at + html.len());
    text.push(Inline { kind: InlineKind::Text(format!("{before}{decoded}{after}").into()), span });
}
