//! Blocks that are read again under other rules: indented code that is really a task list, HTML blocks that begin with
//! a placeholder. Each is parsed by itself, and its blocks take its place. Placeholders among tags are shown here too.

use std::ops::Range;
use std::sync::Arc;

use foldhash::HashSet;
use memchr::memmem;
use pulldown_cmark::{BrokenLink, CowStr, Event, Options as Dialect, Parser, RefDefs};

use super::build::{Built, build};
use super::gathered::Gathered;
use super::options::Options;
use super::tree::{Block, BlockKind, ChildrenMut, Inline, InlineKind, Text};
use super::visit::for_each_inline_mut;
use super::{placeholder_tag, todo};
use crate::text::{Diagnostic, Source, Span};

/// A character for private use. With it before its bracket, a tag begins no HTML block, and what follows is a
/// paragraph; it is taken off again.
const INLINE: &str = "\u{f8ff}";

/// Reads blocks again where that is needed.
pub struct Reread<'a, 'r> {
    source: &'a Arc<Source>,
    options: &'r Options,
    dialect: Dialect,
    references: &'r RefDefs<'r>,
    /// The labels of the footnotes that the chapter defines.
    footnotes: &'r [CowStr<'a>],
    /// The elements that are closed somewhere in the chapter.
    closed: HashSet<&'a str>,
    /// The indented blocks that were read as task lists.
    pub task_blocks: Vec<Span>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a, 'r> Reread<'a, 'r> {
    /// Prepares for the blocks of a chapter.
    pub fn new(
        source: &'a Arc<Source>,
        options: &'r Options,
        dialect: Dialect,
        references: &'r RefDefs<'r>,
        footnotes: &'r [CowStr<'a>],
    ) -> Self {
        Reread {
            source,
            options,
            dialect,
            references,
            footnotes,
            closed: placeholder_tag::closed_elements(&source.text),
            task_blocks: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Reads what of these blocks must be read again. That can hold what must be read again; it is always shorter.
    pub fn blocks(&mut self, blocks: &mut Vec<Block<'a>>) {
        if blocks.iter().any(|block| self.fragment(block).is_some()) {
            let mut out = Vec::with_capacity(blocks.len());
            for block in blocks.drain(..) {
                match self.fragment(&block) {
                    Some(fragment) => out.append(&mut self.parse(&block, &fragment)),
                    None => out.push(block),
                }
            }
            *blocks = out;
        }

        // Placeholders in what is left.
        for block in blocks.iter_mut() {
            if let BlockKind::Html(lines) = &mut block.kind {
                self.placeholders_in_block(lines);
                continue;
            }
            block.children_mut(&mut |children| match children {
                ChildrenMut::Blocks(blocks) => self.blocks(blocks),
                ChildrenMut::Text(text) => for_each_inline_mut(text, &mut |inline| self.placeholder(inline)),
            });
        }
    }

    /// The text of a block that must be read again.
    fn fragment(&self, block: &Block<'a>) -> Option<Gathered> {
        match &block.kind {
            BlockKind::Code(code) if code.info.is_none() && todo::begins_with_task(&code.text.text) => {
                Some(code.text.clone())
            }
            BlockKind::Html(lines) => {
                let InlineKind::Html(first) = &lines.first()?.kind else { return None };
                let tag = &first[..first.find('>').map_or(first.trim_end().len(), |at| at + 1)];
                if !self.is_placeholder(tag) {
                    return None;
                }

                let mut fragment = Gathered::default();
                fragment.push(INLINE, block.span.start);
                for line in lines {
                    if let InlineKind::Html(html) = &line.kind {
                        fragment.push(html, line.span.start);
                    }
                }
                Some(fragment)
            }
            _ => None,
        }
    }

    /// Parses the text of a block; link references and footnotes are those of the chapter.
    fn parse(&mut self, block: &Block<'a>, fragment: &Gathered) -> Vec<Block<'a>> {
        if matches!(block.kind, BlockKind::Code(_)) {
            self.task_blocks.push(block.span);
        }
        let resolve = |link: BrokenLink<'_>| {
            let definition = self.references.get(&link.reference)?;
            let title = definition.title.clone().map_or(CowStr::Borrowed(""), CowStr::into_static);
            Some((definition.dest.clone().into_static(), title))
        };

        // The definitions of its footnotes come first, and are left out of the tree.
        let definitions = self.footnotes_of(fragment);
        let begin = definitions.len();
        let text = definitions + &fragment.text;
        let parser = Parser::new_with_broken_link_callback(&text, self.dialect, Some(resolve));
        let events = parser.into_offset_iter();

        let moved = events.filter(|(event, span)| {
            span.start >= begin && !matches!(event, Event::Text(text) if &**text == INLINE)
        });
        let moved = moved.map(|(event, span)| {
            let span = span.start - begin..span.end - begin;
            let end = fragment.origin(span.end.saturating_sub(1).max(span.start)) + 1;
            (event.into_static(), Span::new(fragment.origin(span.start), end))
        });
        let Built { mut blocks, .. } = build(moved, &self.source.text);
        self.blocks(&mut blocks);
        blocks
    }

    /// Definitions of those footnotes of the chapter that a text refers to. A comment ends the last one: what is
    /// indented after it would be part of it.
    fn footnotes_of(&self, fragment: &Gathered) -> String {
        let mut definitions = String::new();
        for at in memmem::find_iter(fragment.text.as_bytes(), b"[^") {
            let rest = &fragment.text[at + "[^".len()..];
            let Some(end) = rest.find(['[', ']', '\n']) else { continue };
            if self.footnotes.iter().any(|label| **label == rest[..end]) {
                definitions.extend(["[^", &rest[..end], "]:\n\n"]);
            }
        }
        if definitions.is_empty() { definitions } else { definitions + "<!---->\n\n" }
    }

    fn is_placeholder(&self, tag: &str) -> bool {
        placeholder_tag::placeholder(tag, &self.closed, self.options).is_some()
    }

    /// Turns a tag that is a placeholder into what readers see; one that is not declared becomes text, with a
    /// warning.
    fn placeholder(&mut self, inline: &mut Inline<'a>) {
        let InlineKind::Html(tag) = &inline.kind else { return };
        let Some(name) = placeholder_tag::placeholder(tag, &self.closed, self.options) else { return };
        if self.options.placeholders.iter().any(|(declared, _)| declared == name) {
            inline.kind = InlineKind::Placeholder(name.to_owned());
        } else {
            self.diagnostics.push(placeholder_tag::undeclared(tag, inline.span, self.source, self.options));
            inline.kind = InlineKind::Text(tag.clone());
        }
    }

    /// Shows the placeholders among the tags of an HTML block, which can go over several lines.
    fn placeholders_in_block(&mut self, lines: &mut Text<'a>) {
        let mut html = String::new();
        for line in lines.iter() {
            if let InlineKind::Html(line) = &line.kind {
                html.push_str(line);
            }
        }
        let mut tags = placeholder_tag::tags(&html);
        tags.retain(|tag| self.is_placeholder(&html[tag.clone()]));
        if tags.is_empty() {
            return;
        }

        let mut tags = tags.into_iter().peekable();
        let mut before = 0;
        for line in std::mem::take(lines) {
            let InlineKind::Html(text) = &line.kind else {
                lines.push(line);
                continue;
            };
            let piece = |range: Range<usize>| {
                let span = Span::new(line.span.start + range.start, line.span.start + range.end);
                Inline::new(InlineKind::Html(text[range].to_owned().into()), span)
            };
            let mut written = 0;
            while let Some(tag) = tags.next_if(|tag| tag.end <= before + text.len()) {
                let (from, to) = (tag.start - before, tag.end - before);
                let mut placeholder = piece(from..to);
                self.placeholder(&mut placeholder);
                lines.extend([piece(written..from), placeholder]);
                written = to;
            }
            lines.push(piece(written..text.len()));
            before += text.len();
        }
    }
}
