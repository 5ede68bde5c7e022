//! What an author leaves unfinished: TODO lists, and notes that begin with `//`.
//!
//! A TODO list is a paragraph or heading that reads `TODO`, with or without a colon, or a paragraph that begins with `TODO:`,
//! and the list right after it. A note is a paragraph that begins with `//`, or with `TODO:` where no list follows, also one of a tight
//! list or of a definition; each of its lines that begins with a slash is a question of its own, other lines go on with
//! the one above.

use std::mem::take;

use memchr::memmem;

use super::plain::{self, Purpose};
use super::tree::{Block, BlockKind, Children, Inline, InlineKind, Text};
use super::visit::for_each_list;
use crate::text::Span;

/// Tells whether text begins with a task list's item: `- [ ] `, `* [x] `, `1. [ ] `.
pub fn begins_with_task(text: &str) -> bool {
    let line = text.trim_start_matches(['\n', '\r']).lines().next().unwrap_or_default().trim_start();
    let bullet = line.strip_prefix(['-', '*', '+']).or_else(|| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.strip_prefix(['.', ')']).filter(|_| rest.len() < line.len())
    });
    bullet.is_some_and(|rest| {
        let rest = rest.trim_start().as_bytes();
        rest.len() > 3
            && rest[0] == b'['
            && b" xX".contains(&rest[1])
            && &rest[2..3] == b"]"
            && rest[3].is_ascii_whitespace()
    })
}

/// Puts TODO lists into sections, and notes in the place of their paragraphs. `task_blocks` are the indented blocks
/// that were read as task lists. Tells whether there can be any.
pub fn find<'a>(blocks: &mut Vec<Block<'a>>, task_blocks: &[Span], chapter: &'a str) -> bool {
    if memmem::find(chapter.as_bytes(), b"TODO").is_none() && !may_have_notes(chapter) {
        return false;
    }
    for_each_list(blocks, &mut |blocks| {
        find_notes(blocks, chapter);
        find_lists(blocks, task_blocks);
    });
    true
}

/// Whether `//` comes anywhere but after text: in addresses, and after code, there is no note.
fn may_have_notes(chapter: &str) -> bool {
    // A line can be as long as a chapter; no more of it is looked at.
    const NEAR: usize = 100;
    let chapter = chapter.as_bytes();
    memmem::find_iter(chapter, b"//").any(|at| {
        let near = &chapter[at.saturating_sub(NEAR)..at];
        let before = near.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        // A footnote has a name.
        !before.iter().any(u8::is_ascii_alphabetic) || before.trim_ascii_end().ends_with(b"]:")
    })
}

/// Puts the TODO lists among some blocks into sections.
fn find_lists(blocks: &mut Vec<Block<'_>>, task_blocks: &[Span]) {
    let begins = |pair: &[Block<'_>]| is_title(&pair[0]) && matches!(pair[1].kind, BlockKind::List(_));
    if !blocks.windows(2).any(begins) {
        return;
    }
    let mut rest = take(blocks).into_iter().peekable();
    while let Some(mut title) = rest.next() {
        let next_is_list = rest.peek().is_some_and(|next| matches!(next.kind, BlockKind::List(_)));
        let Some(list) = rest.next_if(|_| is_title(&title) && next_is_list) else {
            blocks.push(title);
            continue;
        };

        if let BlockKind::Tight(text) = &mut title.kind {
            title.kind = BlockKind::Paragraph(take(text));
        }
        let mut span = Span::new(title.span.start, list.span.end);
        let start = list.span.start;

        let mut section = vec![title, list];

        // A list in an indented block goes on to the end of the block, whatever signs its items have.
        let task_block = task_blocks.iter().find(|block| (block.start..block.end).contains(&start));
        if let Some(task_block) = task_block {
            let mut more = Vec::new();
            while let Some(block) = rest.next_if(|next| next.span.start < task_block.end) {
                span.end = block.span.end;
                more.push(block);
            }
            find_lists(&mut more, task_blocks);
            section.append(&mut more);
        }
        blocks.push(Block::new(BlockKind::Todo(section), span));
    }
}

/// Whether a block reads `TODO`, or is a paragraph that begins with `TODO:`.
fn is_title(block: &Block<'_>) -> bool {
    let text = match &block.kind {
        BlockKind::Paragraph(text) | BlockKind::Tight(text) => text,
        BlockKind::Heading(heading) => &heading.text,
        _ => return false,
    };
    match text.as_slice() {
        [Inline { kind: InlineKind::Text(text), .. }] if is_title_text(text) => true,
        [Inline { kind: InlineKind::Text(text), .. }, ..] => {
            begins_todo(text) && !matches!(block.kind, BlockKind::Heading(_))
        }
        _ => false,
    }
}

/// Whether text says what is to be done: `TODO: explain this`, also with a name, `TODO(sam): …`.
fn begins_todo(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("TODO") else { return false };
    let named = rest.trim_start().strip_prefix('(').and_then(|name| Some(name.split_once(')')?.1));
    named.unwrap_or(rest).starts_with(": ")
}

/// Whether a text is the title of a TODO list, if there is a list below it.
pub fn is_title_text(text: &str) -> bool {
    matches!(text.trim_end(), "TODO" | "TODO:")
}

/// Puts notes in the place of the paragraphs among some blocks that are some.
fn find_notes<'a>(blocks: &mut [Block<'a>], chapter: &'a str) {
    for at in 0..blocks.len() {
        // With a list below it, what is to be done is the title of a TODO list.
        let has_list = blocks.get(at + 1).is_some_and(|next| matches!(next.kind, BlockKind::List(_)));
        let block = &mut blocks[at];
        let (BlockKind::Paragraph(text) | BlockKind::Tight(text)) = &mut block.kind else { continue };
        let line = chapter.get(block.span.start..).and_then(|text| text.lines().next());
        if line.is_some_and(|line| begins_note(line) || !has_list && begins_todo(line)) {
            block.kind = BlockKind::Note(questions(take(text), block.span, chapter));
        }
    }
}

/// A line that begins with `//` and is neither a URL without its scheme nor a row of slashes.
fn begins_note(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("//") else { return false };
    let word = rest.split_whitespace().next().unwrap_or_default();
    if rest.starts_with('/') || rest.trim_start().is_empty() {
        return false;
    }

    let host = word.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let top = host.rsplit_once('.').map_or("", |(_, top)| top);
    let is_host = host.len() > top.len() + 1
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_lowercase())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));

    let is_local = word.starts_with("localhost:") || word.starts_with("localhost/");
    !(is_host || is_local) || rest.starts_with(' ')
}

/// Whether a line of a note begins with a slash, and not with a path.
fn begins_question(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    line.starts_with("//") || word.starts_with('/') && !word[1..].contains('/')
}

/// The text of a note as one paragraph for each question.
fn questions<'a>(text: Text<'a>, span: Span, chapter: &'a str) -> Vec<Block<'a>> {
    let mut questions = Vec::new();
    let mut question: Text<'a> = Vec::new();
    let mut at_line_start = true;
    let mut rest = text.into_iter().peekable();
    while let Some(mut inline) = rest.next() {
        if inline.is_break() {
            let next = rest.peek().and_then(|next| chapter.get(next.span.start..));
            at_line_start = next.is_some_and(begins_question);
            if at_line_start {
                questions.push(take(&mut question));
            } else {
                question.push(inline);
            }
            continue;
        }
        if at_line_start
            && let InlineKind::Text(line) = &mut inline.kind
            && begins_question(line)
        {
            let bare = line.trim_start_matches('/').trim_start();
            inline.span.start = inline.span.start + line.len() - bare.len();
            inline.span.end = inline.span.end.max(inline.span.start);
            *line = bare.to_owned().into();
        }
        question.push(inline);
        at_line_start = false;
    }
    questions.push(question);

    let paragraph = |text: Text<'a>| {
        let span = text.first().map_or(span, |first| Span::new(first.span.start, span.end));
        Block::new(BlockKind::Paragraph(text), span)
    };
    questions.into_iter().map(paragraph).collect()
}

/// An item of a TODO list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Task {
    /// Whether it is ticked.
    pub done: bool,
    /// Its first line, as plain text.
    pub text: String,
    /// Where it is.
    pub span: Span,
}

/// A question that the author left in the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// Its text, plain.
    pub text: String,
    /// Where it is.
    pub span: Span,
}

/// What an author has still to do in a chapter.
#[derive(Debug, Default)]
pub struct Unfinished {
    /// The items of TODO lists.
    pub tasks: Vec<Task>,
    /// The notes.
    pub notes: Vec<Note>,
}

/// Lists the tasks and notes of a chapter, in the order of the text.
pub fn inventory(blocks: &[Block<'_>]) -> Unfinished {
    let mut unfinished = Unfinished::default();
    unfinished.list(blocks, Items::Plain);
    unfinished
}

/// What the items of a list are.
#[derive(Clone, Copy, PartialEq)]
enum Items {
    /// Text.
    Plain,
    /// Tasks, as in a TODO section.
    Tasks,
}

impl Unfinished {
    fn list(&mut self, blocks: &[Block<'_>], items: Items) {
        for block in blocks {
            match &block.kind {
                BlockKind::Todo(section) => self.list(section, Items::Tasks),
                BlockKind::Note(questions) => self.notes.extend(questions.iter().filter_map(note)),
                BlockKind::List(list) if items == Items::Tasks => {
                    for item in &list.items {
                        let first = item.blocks.first().and_then(first_line);
                        let text = first.map(|line| plain::text(line, Purpose::Name)).unwrap_or_default();
                        let done = item.task().unwrap_or(false);
                        self.tasks.push(Task { done, text, span: item.span });
                        self.list(&item.blocks, items);
                    }
                }
                _ => block.children(&mut |children| {
                    if let Children::Blocks(blocks) = children {
                        self.list(blocks, items);
                    }
                }),
            }
        }
    }
}

/// The first line of a paragraph or heading.
fn first_line<'b, 'a>(block: &'b Block<'a>) -> Option<&'b [Inline<'a>]> {
    match &block.kind {
        BlockKind::Paragraph(text) | BlockKind::Tight(text) => text.split(Inline::is_break).next(),
        BlockKind::Heading(heading) => Some(&heading.text),
        _ => None,
    }
}

/// A question of a note, and where its text begins.
fn note(question: &Block<'_>) -> Option<Note> {
    let BlockKind::Paragraph(text) = &question.kind else { return None };
    let first = text.iter().find(|inline| matches!(inline.kind, InlineKind::Text(_) | InlineKind::Code(_)));
    let span = first.map_or(question.span, |first| first.span);
    Some(Note { text: plain::text(text, Purpose::Name), span })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_begin_with_a_box() {
        for yes in ["- [ ] a", "* [x] b", "1. [X] c", "\n  - [ ] a"] {
            assert!(begins_with_task(yes), "{yes}");
        }
        for no in ["- a", "[ ] a", "- [link](x)", "-[ ] a".trim_start_matches('-'), "- [ ]"] {
            assert!(!begins_with_task(no), "{no}");
        }
    }

    #[test]
    fn urls_are_not_notes() {
        for yes in
            ["//what is this?", "// and this", "//You may ... e.g.x", "//OpenSSH_8.2p1 Ubuntu", "//see a.b"]
        {
            assert!(begins_note(yes), "{yes}");
        }
        for no in ["//cdn.example.com/x.js", "//localhost:3000", "///", "//", "/etc"] {
            assert!(!begins_note(no), "{no}");
        }
    }
}
