//! The blocks of a chapter that say what is in a file: code with `title=` or `file=`, of which [`find`] makes a list.
//!
//! Console sessions, diagrams, TODO lists and notes are left out, and of neighbours in tabs all but those of one tab.

use super::code::{CodeReading, FoundCode, filled, for_each_code, line_span};
use crate::parse::ChapterTree;
use crate::parse::chapter_source::ChapterSource;
use crate::parse::info::Info;
use crate::parse::origin::Origin;
use crate::text::{Source, Span};
use crate::write::code_block::CodeBlock;
use crate::write::excerpt::marks_region;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// Finds the blocks of a chapter that say what is in a file of its source, in order. Copies from other sources, and of
/// other revisions, say nothing about that.
pub fn find(chapter: &ChapterTree<'_>, states: &ChapterSource, with: CodeReading<'_>) -> Vec<FileBlock> {
    let mut found = Vec::new();
    for_each_code(&chapter.blocks, &with.settings.tabs, &mut |code| {
        let is_of = |info: &Info| is_of(&info.origin, states);
        if code.is_followed && code.code.info.as_ref().is_some_and(is_of) {
            found.extend(FileBlock::read(&code, chapter.source, with).map(FileBlock::without_marks));
        }
    });
    found
}

impl FileBlock {
    /// Reads a block; none if it says nothing about a file.
    pub fn read(found: &FoundCode<'_>, source: &Source, with: CodeReading<'_>) -> Option<Self> {
        let code = found.code;
        let info = code.info.as_ref().filter(|info| !info.is_diagram())?;
        let origin = &info.origin;
        let path = origin.file.as_ref().or(info.title.as_ref())?;

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

        let path = path.trim().trim_start_matches("./").to_owned();
        let lines = lines(found, &block, source, with);
        Some(FileBlock { path, form, lines, span: first_line(found, source) })
    }

    /// The text of a file that a command before has opened in an editor.
    pub fn of_text(found: &FoundCode<'_>, block: &CodeBlock, source: &Source, with: CodeReading<'_>) -> Self {
        FileBlock {
            path: String::new(),
            form: FileForm::Text,
            lines: lines(found, block, source, with),
            span: first_line(found, source),
        }
    }

    /// The block without lines that only mark a region; of a diff, these are after a sign.
    fn without_marks(mut self) -> Self {
        self.lines.retain(|line| !marks_region(line.text.trim_start_matches(['+', '-'])));
        self
    }
}

/// The lines of a block.
fn lines(
    found: &FoundCode<'_>,
    block: &CodeBlock,
    source: &Source,
    with: CodeReading<'_>,
) -> Vec<ListedLine> {
    let first = source.position(found.span.start).line;
    let line = |(number, text): (usize, &str)| ListedLine {
        text: filled(text, &block.tokens, with).into_owned(),
        span: line_span(source, first + 1 + number, text),
    };
    block.text.lines().enumerate().map(line).collect()
}

/// The first line of a block, which has its info string.
fn first_line(found: &FoundCode<'_>, source: &Source) -> Span {
    let start = found.span.start;
    Span::new(start, start + source.line(source.position(start).line).len())
}

/// Whether a block is no copy, or one from the source and of the revision that the chapter leads to.
fn is_of(origin: &Origin, states: &ChapterSource) -> bool {
    let is_source = origin.source.is_none() || states.name.is_none() || origin.source == states.name;
    is_source && origin.rev.as_ref().is_none_or(|rev| *rev == states.to)
}
