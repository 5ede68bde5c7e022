//! Titles in raw HTML, as `<h1 align="center">My Project</h1>`, with which many files on code hosts begin.

use html_escape::decode_html_entities;

use super::plain::{self, Purpose};
use super::tree::{Block, BlockKind, Heading, Inline, InlineKind, Text};
use crate::text::Span;
use crate::text::attributes::attributes;
use crate::text::html::{Tags, Within};

/// Makes a heading of the `<h1>` that a block of raw HTML begins with, if no heading is before it and none is of its level.
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
        BlockKind::Html(_) => heading(chapter, block.span).map(|(heading, end)| (at, heading, end)),
        _ => None,
    };
    let Some((at, heading, end)) = blocks[..before].iter().enumerate().find_map(of_block) else { return };

    let span = blocks[at].span;
    let rest = lines(chapter, Span::new(end, span.end));
    blocks[at] = Block { kind: BlockKind::Heading(Box::new(heading)), span: Span::new(span.start, end) };
    if !rest.is_empty() {
        blocks.insert(at + 1, Block { kind: BlockKind::Html(rest), span: Span::new(end, span.end) });
    }
}

/// The lines of a block of HTML, from the first that is not empty on.
fn lines(chapter: &str, span: Span) -> Text<'_> {
    let mut at = span.start;
    let mut text = Text::new();
    for line in chapter[span.start..span.end].split_inclusive('\n') {
        let span = Span::new(at, at + line.len());
        at = span.end;
        if !text.is_empty() || !line.trim().is_empty() {
            text.push(Inline { kind: InlineKind::Html(line.into()), span });
        }
    }
    text
}

/// The heading that a block of HTML begins with, and where it ends in the chapter.
fn heading(chapter: &str, block: Span) -> Option<(Heading<'_>, usize)> {
    let start = block.start + chapter[block.start..block.end].find('<')?;
    let html = &chapter[start..block.end];
    let mut tags = Tags::of(html);
    let first = tags.next().filter(|tag| tag.range.start == 0 && tag.is_start() && tag.is("h1"))?;

    let mut text: Text<'_> = Vec::new();
    let mut at = first.range.end;
    for tag in tags {
        push_text(&mut text, &html[at..tag.range.start], start + at);
        at = tag.range.end;
        if tag.is_end && tag.is("h1") {
            let id = attributes(&html[first.range], Within::Text);
            let id = id.iter().find(|attribute| attribute.name == "id").map(|id| id.value.to_owned());
            if let Some(Inline { kind: InlineKind::Text(last), .. }) = text.last_mut() {
                *last = last.trim_end().to_owned().into();
            }
            let is_seen = !plain::text(&text, Purpose::Name).trim().is_empty();
            let heading = Heading { level: 1, id, text, ..Heading::default() };
            return is_seen.then_some((heading, start + at));
        }
        if !INLINE.iter().any(|name| tag.is(name)) {
            return None;
        }
        let span = Span::new(start + tag.range.start, start + tag.range.end);
        text.push(Inline { kind: InlineKind::Html(html[tag.range].into()), span });
    }
    None
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
