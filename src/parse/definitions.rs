//! Definition lists, as authors know them from PHP Markdown Extra and its kin.
//!
//! The parser takes every colon at the beginning of a line for that of a definition. There must be a space after it:
//! `:rocket:` and `:::tip` are text. A chapter [without such a line](may_have_some) is parsed without definition lists;
//! in others, [`correct`] makes text of them again. Terms on lines of their own above one definition become terms of
//! their own.

use std::mem::take;

use memchr::memchr_iter;
use pulldown_cmark::CowStr;

use super::tree::{Block, BlockKind, Definition, Inline, InlineKind, Term, Text};
use super::visit::for_each_list;
use crate::text::Span;

/// Whether a line begins with a colon and a space, within quotes and lists too.
pub fn may_have_some(markdown: &str) -> bool {
    let bytes = markdown.as_bytes();
    memchr_iter(b':', bytes).any(|at| {
        let before = bytes[..at].iter().rev().find(|byte| !b" \t>".contains(byte));
        matches!(bytes.get(at + 1), Some(b' ' | b'\t')) && matches!(before, None | Some(b'\n'))
    })
}

/// Corrects all definition lists of a chapter.
pub fn correct<'a>(blocks: &mut Vec<Block<'a>>, chapter: &'a str) {
    for_each_list(blocks, &mut |blocks| {
        let holds_text = |block: &Block<'_>| match &block.kind {
            BlockKind::Definitions(parts) => parts.iter().any(|part| is_text(part, chapter)),
            _ => false,
        };
        if blocks.iter().any(holds_text) {
            let mut out = Vec::with_capacity(blocks.len());
            for block in take(blocks) {
                match block.kind {
                    BlockKind::Definitions(parts) => {
                        DefinitionCorrector { chapter, out: &mut out }.list(parts)
                    }
                    _ => out.push(block),
                }
            }
            *blocks = out;
        }
        for block in blocks {
            if let BlockKind::Definitions(parts) = &mut block.kind {
                *parts = take(parts).into_iter().flat_map(split_term).collect();
            }
        }
    });
}

/// Whether the colon of a definition has no space after it.
fn is_text(part: &Definition<'_>, chapter: &str) -> bool {
    match part {
        Definition::Term(_) => false,
        Definition::Meaning(_, span) => {
            let after = chapter.get(span.start..).and_then(|text| text.split_once(':'));
            after.is_some_and(|(_, text)| !text.starts_with([' ', '\t']))
        }
    }
}

/// Makes text of what the parser took for definitions.
struct DefinitionCorrector<'o, 'a> {
    chapter: &'a str,
    /// The blocks up to here. Text is added to the last one where no empty line comes before it.
    out: &'o mut Vec<Block<'a>>,
}

impl<'a> DefinitionCorrector<'_, 'a> {
    /// Takes a list apart; what is left of it are lists of real definitions.
    fn list(mut self, parts: Vec<Definition<'a>>) {
        let first = self.out.len();
        // The term that no definition has followed so far: if none does, it is a paragraph.
        let mut open: Option<Term<'a>> = None;
        for part in parts {
            let is_text = is_text(&part, self.chapter);
            match part {
                Definition::Term(term) => {
                    self.end(open.replace(term));
                }
                Definition::Meaning(blocks, span) if is_text => self.text(&mut open, blocks, span),
                meaning @ Definition::Meaning(..) => self.definition(open.take(), meaning),
            }
        }
        self.end(open);
        self.out[first..].iter_mut().for_each(|block| tighten(block, self.chapter));
    }

    /// Ends a term that nothing defines.
    fn end(&mut self, term: Option<Term<'a>>) {
        if let Some(Term { text, span, .. }) = term {
            self.out.push(Block::new(BlockKind::Paragraph(text), span));
        }
    }

    /// Adds a real definition, with its term if it is the first of it.
    fn definition(&mut self, term: Option<Term<'a>>, meaning: Definition<'a>) {
        let Definition::Meaning(_, span) = &meaning else { return };
        let span = *span;
        match self.out.last_mut() {
            Some(Block { kind: BlockKind::Definitions(parts), span: whole }) => {
                parts.extend(term.map(Definition::Term));
                parts.push(meaning);
                whole.end = span.end;
            }
            _ => {
                let start = term.as_ref().map_or(span.start, |term| term.span.start);
                let parts = term.map(Definition::Term).into_iter().chain([meaning]).collect();
                self.out.push(Block::new(BlockKind::Definitions(parts), Span::new(start, span.end)));
            }
        }
    }

    /// Adds text that the parser took for a definition: to the term or the definition above it, or as a paragraph.
    fn text(&mut self, open: &mut Option<Term<'a>>, blocks: Vec<Block<'a>>, span: Span) {
        let mut blocks = blocks.into_iter().peekable();
        let first =
            blocks.next_if(|block| matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::Tight(_)));
        let mut text = match first.map(|block| block.kind) {
            Some(BlockKind::Paragraph(text) | BlockKind::Tight(text)) => text,
            // What the parser read as another block is text as it is written.
            _ => {
                blocks = Vec::new().into_iter().peekable();
                self.written(span)
            }
        };
        let colon = span.start + self.chapter[span.start..].find(':').unwrap_or(0);
        text.insert(0, Inline::new(InlineKind::Text(CowStr::Borrowed(":")), Span::new(colon, colon + 1)));
        let end = text.last().map_or(span.end, |last| last.span.end);

        let above = match open {
            Some(term) => Some((&mut term.text, &mut term.span)),
            None => self.out.last_mut().and_then(last_paragraph),
        };
        let line_start = self.chapter[..colon].rfind('\n');
        let is_apart = self.chapter[..line_start.unwrap_or(0)].rsplit('\n').next().is_none_or(is_blank);
        match above.filter(|_| !is_apart) {
            Some((above, whole)) => {
                let at = line_start.unwrap_or(colon);
                above.push(Inline::new(InlineKind::SoftBreak, Span::new(at, at + 1)));
                above.append(&mut text);
                whole.end = end;
            }
            None => {
                self.end(open.take());
                let span = Span::new(colon, end);
                self.out.push(Block::new(BlockKind::Paragraph(text), span));
            }
        }
        if blocks.peek().is_some() {
            self.end(open.take());
            self.out.extend(blocks);
        }
    }

    /// The lines of a definition as they are written, after its colon.
    fn written(&self, span: Span) -> Text<'a> {
        let whole = &self.chapter[span.start..span.end];
        let mut text = Vec::new();
        let mut start = span.start;
        for (number, line) in whole.split_inclusive('\n').enumerate() {
            let shown = if number == 0 { line.split_once(':').map_or(line, |(_, rest)| rest) } else { line };
            let shown = shown.trim();
            let at = start + line.find(shown).unwrap_or(0);
            if !text.is_empty() && !shown.is_empty() {
                text.push(Inline::new(InlineKind::SoftBreak, Span::new(start - 1, start)));
            }
            if !shown.is_empty() {
                let span = Span::new(at, at + shown.len());
                text.push(Inline::new(InlineKind::Text(CowStr::Borrowed(shown)), span));
            }
            start += line.len();
        }
        text
    }
}

/// Takes the paragraphs of a list's definitions off if no empty line is in it: it was loose for what is text now.
fn tighten(block: &mut Block<'_>, chapter: &str) {
    let BlockKind::Definitions(parts) = &mut block.kind else { return };
    let written = chapter.get(block.span.start..block.span.end).unwrap_or_default();
    if written.trim_end().lines().any(is_blank) {
        return;
    }
    for part in parts {
        let Definition::Meaning(blocks, _) = part else { continue };
        for block in blocks {
            if let BlockKind::Paragraph(text) = &mut block.kind {
                block.kind = BlockKind::Tight(take(text));
            }
        }
    }
}

fn is_blank(line: &str) -> bool {
    line.trim_start_matches(['>', ' ', '\t']).trim_end().is_empty()
}

/// The text that a line below a block goes on with, and the span of the block.
fn last_paragraph<'b, 'a>(block: &'b mut Block<'a>) -> Option<(&'b mut Text<'a>, &'b mut Span)> {
    match &mut block.kind {
        BlockKind::Paragraph(text) | BlockKind::Tight(text) => Some((text, &mut block.span)),
        BlockKind::Definitions(parts) => match parts.last_mut()? {
            Definition::Term(term) => Some((&mut term.text, &mut term.span)),
            Definition::Meaning(blocks, _) => last_paragraph(blocks.last_mut()?),
        },
        BlockKind::Quote(_, blocks) => last_paragraph(blocks.last_mut()?),
        BlockKind::List(list) => last_paragraph(list.items.last_mut()?.blocks.last_mut()?),
        _ => None,
    }
}

/// Parts the terms that are on lines of their own above one definition.
fn split_term(part: Definition<'_>) -> Vec<Definition<'_>> {
    let Definition::Term(term) = part else { return vec![part] };
    if !term.text.iter().any(Inline::is_break) {
        return vec![Definition::Term(term)];
    }

    let mut terms = Vec::new();
    let mut start = term.span.start;
    let mut rest = term.text.into_iter().peekable();
    while rest.peek().is_some() {
        let text: Text<'_> = rest.by_ref().take_while(|inline| !inline.is_break()).collect();
        let end = text.last().map_or(start, |last| last.span.end);
        terms.push(Definition::Term(Term { text, span: Span::new(start, end), id: None }));
        start = rest.peek().map_or(end, |next| next.span.start);
    }
    terms
}
