//! The code of a chapter as its tests read it: which blocks are followed, their lines with values in the place of
//! placeholders, and where each line is.

use std::borrow::Cow;

use crate::parse::Options;
use crate::parse::test_note::{self, TestNote};
use crate::parse::tree::{Block, BlockKind, Children, Code};
use crate::read::ProofSettings;
use crate::text::{Source, Span};
use crate::write::placeholder::{self, Token};
use crate::write::step_chain::{code_first, followed_tab};

/// What the code of a chapter is read with.
#[derive(Clone, Copy)]
pub struct CodeReading<'o> {
    /// The options of the chapter.
    pub options: &'o Options,
    /// The values of placeholders, and the tabs that are followed.
    pub settings: &'o ProofSettings,
}

/// A block of code in its chapter.
pub struct FoundCode<'c> {
    /// The block.
    pub code: &'c Code,
    /// Where it is.
    pub span: Span,
    /// Whether it is followed: it is in no tab, or in the one that is chosen.
    pub is_followed: bool,
    /// Where the paragraph right before it is.
    pub before: Option<Span>,
    /// The code right after it, and where that is.
    pub next: Option<(&'c Code, Span)>,
}

/// What a chapter says to do, as it is written there.
pub enum FoundPart<'c> {
    /// A block of code.
    Code(FoundCode<'c>),
    /// A comment for tests.
    Note(TestNote, Span),
}

/// Visits the code of a chapter, in the order of the text. TODO lists and notes are left out.
pub fn for_each_code(blocks: &[Block<'_>], tabs: &[String], visit: &mut dyn FnMut(FoundCode<'_>)) {
    for_each_part(blocks, tabs, &mut |part| {
        if let FoundPart::Code(code) = part {
            visit(code);
        }
    });
}

/// Visits the code of a chapter and its comments for tests, in the same way.
pub fn for_each_part(blocks: &[Block<'_>], tabs: &[String], visit: &mut dyn FnMut(FoundPart<'_>)) {
    let mut rest = blocks;
    let mut before = None;
    while let Some((block, after)) = rest.split_first() {
        let group = rest.iter().map_while(tab).collect::<Vec<_>>();
        let chosen = followed_tab(&group, tabs);
        let (group, after) =
            if group.is_empty() { (std::slice::from_ref(block), after) } else { rest.split_at(group.len()) };

        for (number, block) in group.iter().enumerate() {
            match &block.kind {
                BlockKind::Code(code) => {
                    let is_followed = tab(block) == chosen;
                    let next = code_first(&rest[number + 1..]).map(|code| (code, rest[number + 1].span));
                    visit(FoundPart::Code(FoundCode { code, span: block.span, is_followed, before, next }));
                }
                BlockKind::Html(lines) => {
                    // What cannot be read is reported when the book is built.
                    if let Some(Ok(note)) = test_note::read(lines) {
                        visit(FoundPart::Note(note, block.span));
                    }
                }
                BlockKind::Todo(_) | BlockKind::Note(_) => {}
                _ => block.children(&mut |children| {
                    if let Children::Blocks(blocks) = children {
                        for_each_part(blocks, tabs, visit);
                    }
                }),
            }
            let is_text = matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::Tight(_));
            before = is_text.then_some(block.span);
        }
        rest = after;
    }
}

/// The tab that a block is in, if it is code in a tab.
fn tab<'b>(block: &'b Block<'_>) -> Option<&'b str> {
    match &block.kind {
        BlockKind::Code(code) => code.info.as_ref()?.tab.as_deref(),
        _ => None,
    }
}

/// A line with values in the place of placeholders: that of the tests, else the default, else the example.
pub fn filled<'t>(line: &'t str, tokens: &[Token], with: CodeReading<'_>) -> Cow<'t, str> {
    let places = placeholder::find(tokens, line);
    if places.is_empty() {
        return line.into();
    }

    let mut text = String::new();
    let mut written = 0;
    for (range, name) in places {
        let value = with.options.value(name);
        text.push_str(&line[written..range.start]);
        text.push_str(value.unwrap_or(&line[range.clone()]));
        written = range.end;
    }
    text.push_str(&line[written..]);
    text.into()
}

/// Where a line of code is in its chapter, on the line with this number.
pub fn line_span(source: &Source, number: usize, text: &str) -> Span {
    let start = source.offset(number, 1);
    let line = source.line(number);
    // What is before it belongs to the list or the quote that the block is in.
    let before = line.strip_suffix(text).map_or(0, str::len);
    Span::new(start + before, start + line.len())
}
