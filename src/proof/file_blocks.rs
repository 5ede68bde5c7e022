//! The blocks of a chapter that say what is in a file: code with `title=` or `file=`, of which [`find`] makes a list.
//!
//! Console sessions, diagrams, TODO lists and notes are left out, and of neighbours in tabs all but those of one tab.

use std::borrow::Cow;

use crate::parse::chapter_source::ChapterSource;
use crate::parse::origin::Origin;
use crate::parse::tree::{Block, BlockKind, Children, Code};
use crate::parse::{ChapterTree, Options};
use crate::read::ProofSettings;
use crate::text::{Source, Span};
use crate::write::code_block::CodeBlock;
use crate::write::excerpt::marks_region;
use crate::write::placeholder::{self, Token};

/// A block that says what is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBlock {
    /// The file's path, as the chapter has it.
    pub path: String,
    /// What the block has of the file.
    pub form: FileForm,
    /// Its lines.
    pub lines: Vec<ListedLine>,
    /// The first line of the block, which has its info string.
    pub span: Span,
}

/// What a block has of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// All of it, if no line says that others are left out.
    Text,
    /// A part of it, which can be indented less or more than in the file.
    Part,
    /// How it changes.
    Diff,
}

/// A line of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedLine {
    /// The text, with values in the place of placeholders.
    pub text: String,
    /// Where it is in the chapter.
    pub span: Span,
}

/// What the blocks of a chapter are read with.
pub struct FileBlockOptions<'o> {
    /// The options of the chapter.
    pub options: &'o Options,
    /// The values of placeholders, and the tabs that are followed.
    pub settings: &'o ProofSettings,
    /// The source that the files are of: copies from others, and of other revisions, say nothing about them.
    pub states: &'o ChapterSource,
}

/// Finds the blocks of a chapter that say what is in a file, in order.
pub fn find(chapter: &ChapterTree<'_>, with: &FileBlockOptions<'_>) -> Vec<FileBlock> {
    let mut found = Vec::new();
    for_each_code(&chapter.blocks, &with.settings.tabs, &mut |code, span| {
        found.extend(FileBlock::read(code, span, chapter.source, with));
    });
    found
}

impl FileBlock {
    /// Reads a block; none if it says nothing about a file.
    fn read(code: &Code, span: Span, source: &Source, with: &FileBlockOptions<'_>) -> Option<Self> {
        let info = code.info.as_ref().filter(|info| !info.is_diagram())?;
        let origin = &info.origin;
        let path = origin.file.as_ref().or(info.title.as_ref())?;
        if !is_of(origin, with.states) {
            return None;
        }

        // What is wrong with the block is reported when the book is built.
        let block = CodeBlock::new(info, &code.text.text, with.options, &mut Vec::new());
        if block.session.is_some() {
            return None;
        }
        let is_part = origin.region.is_some() || !origin.lines.is_empty();
        let form = match block.name.as_str() {
            "diff" | "patch" => FileForm::Diff,
            _ if block.diff => FileForm::Diff,
            _ if is_part => FileForm::Part,
            _ => FileForm::Text,
        };

        let first = source.position(span.start).line;
        let line = |(number, text): (usize, &str)| ListedLine {
            text: filled(text, &block.tokens, with).into_owned(),
            span: line_span(source, first + 1 + number, text),
        };
        // Where regions begin and end is not compared; of a diff, it is written after a sign.
        let is_code = |(_, text): &(usize, &str)| !marks_region(text.trim_start_matches(['+', '-']));
        let lines = block.text.lines().enumerate().filter(is_code).map(line).collect();
        let path = path.trim().trim_start_matches("./").to_owned();
        Some(FileBlock {
            path,
            form,
            lines,
            span: Span::new(span.start, span.start + source.line(first).len()),
        })
    }
}

/// Whether a block is no copy, or one from the source and of the revision that the chapter leads to.
fn is_of(origin: &Origin, states: &ChapterSource) -> bool {
    let is_source = origin.source.is_none() || states.name.is_none() || origin.source == states.name;
    is_source && origin.rev.as_ref().is_none_or(|rev| *rev == states.to)
}

/// Visits the code of a chapter that is followed, in the order of the text.
fn for_each_code(blocks: &[Block<'_>], tabs: &[String], visit: &mut dyn FnMut(&Code, Span)) {
    let mut rest = blocks;
    while let Some((block, after)) = rest.split_first() {
        let group = rest.iter().map_while(tab).collect::<Vec<_>>();
        let chosen = tabs.iter().map(String::as_str).find(|tab| group.contains(tab));
        let chosen = chosen.or(group.first().copied());
        let (group, after) =
            if group.is_empty() { (std::slice::from_ref(block), after) } else { rest.split_at(group.len()) };

        for block in group.iter().filter(|block| tab(block) == chosen) {
            match &block.kind {
                BlockKind::Code(code) => visit(code, block.span),
                BlockKind::Todo(_) | BlockKind::Note(_) => {}
                _ => block.children(&mut |children| {
                    if let Children::Blocks(blocks) = children {
                        for_each_code(blocks, tabs, visit);
                    }
                }),
            }
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
fn filled<'t>(line: &'t str, tokens: &[Token], with: &FileBlockOptions<'_>) -> Cow<'t, str> {
    let places = placeholder::find(tokens, line);
    if places.is_empty() {
        return line.into();
    }

    let mut text = String::new();
    let mut written = 0;
    for (range, name) in places {
        let declared = with.options.placeholders.iter().find(|(declared, _)| declared == name);
        let value = with.settings.values.get(name).or_else(|| {
            let (_, placeholder) = declared?;
            placeholder.default.as_ref().or(placeholder.example.as_ref())
        });
        text.push_str(&line[written..range.start]);
        text.push_str(value.map_or(&line[range.clone()], String::as_str));
        written = range.end;
    }
    text.push_str(&line[written..]);
    text.into()
}

/// Where a line of code is in its chapter, on the line with this number.
fn line_span(source: &Source, number: usize, text: &str) -> Span {
    let start = source.offset(number, 1);
    let line = source.line(number);
    // What is before it belongs to the list or the quote that the block is in.
    let before = line.strip_suffix(text).map_or(0, str::len);
    Span::new(start + before, start + line.len())
}
