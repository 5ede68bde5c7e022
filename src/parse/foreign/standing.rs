//! What places of a chapter are, as the Markdown parser sees them: [`for_each_standing`].

use std::ops::Range;

use super::construct::word;
use crate::parse::gathered::Gathered;
use crate::parse::tree::{Block, BlockKind, Children, Code, Inline, InlineKind};
use crate::text::Span;
use crate::text::html::{Tag, Tags};

/// What a place of a chapter is.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'t> {
    /// Text of a paragraph or a heading.
    Prose,
    /// Text of a cell.
    InCell,
    /// The destination of a link or an image.
    Destination,
    /// The beginning of a tag.
    StartTag,
    /// Within a tag, after its beginning.
    InTag,
    /// Raw HTML between tags.
    Markup,
    /// The beginning of a comment.
    StartComment,
    /// The beginning of code within text.
    StartCode,
    /// A block of code between fences.
    Fenced(&'t Code),
    /// An indented block of code, and not within fences there. `after` is the block before it.
    Indented {
        /// The block before it.
        after: Span,
    },
    /// What is between fences in an indented block of code.
    IndentedFence {
        /// The block before the indented one.
        after: Span,
        /// The language that the fence names.
        language: &'t str,
    },
}

/// Visits those of some places, which are in order, that are any of this: each with its number.
pub fn for_each_standing(
    blocks: &[Block<'_>],
    places: &[usize],
    chapter: &str,
    visit: &mut dyn FnMut(usize, Standing<'_>),
) {
    Visitor { places, chapter, visit }.blocks(blocks, 0..places.len());
}

/// Elements of code.
const CODE: &[&str] = &["code", "kbd", "samp", "pre"];
/// Elements in whose text no signs mean anything.
const UNREAD: &[&str] = &["script", "style", "textarea", "pre", "svg"];

/// Whether a tag, without its `<`, is that of an element of code.
fn begins_code(tag: &str) -> bool {
    CODE.iter().any(|name| tag.starts_with(name))
}

struct Visitor<'v> {
    places: &'v [usize],
    chapter: &'v str,
    visit: &'v mut dyn FnMut(usize, Standing<'_>),
}

impl Visitor<'_> {
    /// The places among those of a range that are in a span.
    fn within(&self, range: &Range<usize>, span: Span) -> Range<usize> {
        let places = &self.places[range.clone()];
        let start = places.partition_point(|at| *at < span.start);
        let end = places.partition_point(|at| *at < span.end);
        range.start + start..range.start + end.max(start)
    }

    fn blocks(&mut self, blocks: &[Block<'_>], range: Range<usize>) {
        let mut after = Span::default();
        for block in blocks {
            let here = self.within(&range, block.span);
            if !here.is_empty() {
                self.block(block, here, after);
            }
            after = block.span;
        }
    }

    fn block(&mut self, block: &Block<'_>, here: Range<usize>, after: Span) {
        match &block.kind {
            BlockKind::Code(code) if code.info.is_some() => {
                here.for_each(|number| (self.visit)(number, Standing::Fenced(code)));
            }
            BlockKind::Code(_) => self.indented(block.span, here, after),
            BlockKind::Html(lines) => self.html(lines, here),
            BlockKind::Table(_) => block.children(&mut |children| {
                if let Children::Text(text) = children {
                    self.text(text, &here, Standing::InCell);
                }
            }),
            _ => block.children(&mut |children| match children {
                Children::Blocks(blocks) => self.blocks(blocks, here.clone()),
                Children::Text(text) => self.text(text, &here, Standing::Prose),
            }),
        }
    }

    /// Inline content, whose text is of a kind.
    fn text(&mut self, text: &[Inline<'_>], range: &Range<usize>, standing: Standing<'_>) {
        // Text between tags of code is code: `<code>{{ x }}</code>`.
        let mut is_code = false;
        for inline in text {
            if let InlineKind::Html(html) = &inline.kind {
                is_code = match html.strip_prefix("</") {
                    Some(tag) => is_code && !begins_code(tag),
                    None => is_code || begins_code(&html[1..]),
                };
            }

            let here = self.within(range, inline.span);
            let is_only_shown = is_code && matches!(inline.kind, InlineKind::Text(_));
            if !here.is_empty() && !is_only_shown {
                self.inline(inline, here, standing);
            }
        }
    }

    /// A piece of inline content.
    fn inline(&mut self, inline: &Inline<'_>, here: Range<usize>, standing: Standing<'_>) {
        let is_at_start = self.places[here.start] == inline.span.start;
        match &inline.kind {
            InlineKind::Text(_) => here.for_each(|number| (self.visit)(number, standing)),
            InlineKind::Html(html) => self.tag(inline.span, html, here),
            InlineKind::Code(_) if is_at_start => (self.visit)(here.start, Standing::StartCode),
            InlineKind::Link(_, _, content) | InlineKind::Image(_, content) => {
                self.text(content, &here, standing);
                let end = content.last().map_or(inline.span.start, |last| last.span.end);
                let destination = self.within(&here, Span::new(end, inline.span.end));
                destination.for_each(|number| (self.visit)(number, Standing::Destination));
            }
            InlineKind::Styled(_, content) => {
                // The signs of other tools can be those of a style here: `H~2~O`.
                if is_at_start {
                    (self.visit)(here.start, standing);
                }
                self.text(content, &here, standing);
            }
            _ => {}
        }
    }

    /// A tag or a comment within text. What is in a comment is nothing.
    fn tag(&mut self, span: Span, html: &str, here: Range<usize>) {
        let is_comment = html.starts_with("<!");
        for number in here {
            let standing = match (is_comment, self.places[number] == span.start) {
                (true, true) => Standing::StartComment,
                (true, false) => return,
                (false, true) => Standing::StartTag,
                (false, false) => Standing::InTag,
            };
            (self.visit)(number, standing);
        }
    }

    /// A block of raw HTML: where its tags and comments begin.
    fn html(&mut self, lines: &[Inline<'_>], here: Range<usize>) {
        let mut html = Gathered::default();
        for line in lines {
            if let InlineKind::Html(text) = &line.kind {
                html.push(text, line.span.start);
            }
        }

        let begins = |tag: &Tag<'_>| html.origin(tag.range.start);
        let ends = |tag: &Tag<'_>| html.origin(tag.range.end.saturating_sub(1));
        let mut tags = Tags::of(&html.text).peekable();
        let mut is_shown = true;
        for number in here {
            let at = self.places[number];
            while let Some(tag) = tags.next_if(|tag| ends(tag) < at) {
                if UNREAD.contains(&tag.name) {
                    is_shown = tag.is_end;
                }
            }

            let standing = match tags.peek().filter(|tag| begins(tag) <= at) {
                Some(tag) if tag.is_end => continue,
                Some(tag) if begins(tag) == at && tag.name.is_empty() => Standing::StartComment,
                Some(tag) if begins(tag) == at => Standing::StartTag,
                Some(tag) if tag.name.is_empty() => continue,
                Some(_) => Standing::InTag,
                None if is_shown => Standing::Markup,
                None => continue,
            };
            (self.visit)(number, standing);
        }
    }

    /// An indented block of code: what is not between fences that are indented too.
    fn indented(&mut self, span: Span, mut here: Range<usize>, after: Span) {
        let mut fence: Option<(&str, &str)> = None;
        let mut start = span.start;
        for line in self.chapter[span.start..span.end].split_inclusive('\n') {
            let bare = line.trim();
            let signs = &bare[..bare.len() - bare.trim_start_matches(['`', '~']).len()];
            let is_edge = signs.len() >= 3;
            match fence {
                None if is_edge => fence = Some((signs, word(bare[signs.len()..].trim_start()))),
                Some((open, _)) if bare == signs && signs.starts_with(open) => fence = None,
                _ => {}
            }

            let end = self.within(&here, Span::new(start, start + line.len())).end;
            for number in here.start..end {
                let standing = match fence {
                    None => Standing::Indented { after },
                    Some((_, language)) => Standing::IndentedFence { after, language },
                };
                (self.visit)(number, standing);
            }
            here.start = end;
            start += line.len();
        }
    }
}
