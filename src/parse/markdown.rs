//! Reads the Markdown of a chapter: [`parse`] is the entry point.
//!
//! The parser is pulldown-cmark. Its events become a [`tree`](super::tree) in [`build`]; what its extensions read in
//! another way than authors mean is put right by later passes.

use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashSet, HashSetExt};
use memchr::memchr_iter;
use pulldown_cmark::{BrokenLink, LinkType, Options as Dialect, Parser};

use super::build::{Built, MOST_LEVELS, build};
use super::foreign::templates::is_made_by_template;
use super::gathered::Gathered;
use super::options::Options;
use super::tree::{Block, BlockKind, Code};
use super::{definitions, reread};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span};

/// A chapter's Markdown.
pub struct Markdown<'a> {
    /// The text.
    pub blocks: Vec<Block<'a>>,
    /// The indented blocks that were read as task lists.
    pub task_blocks: Vec<Span>,
    /// Whether there are definition lists.
    pub has_definitions: bool,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses the body of a chapter.
pub fn parse<'a>(source: &'a Arc<Source>, body: Span, options: &Options) -> Markdown<'a> {
    let markdown = &source.text[body.start..body.end];
    if let Some(line) = too_expensive(markdown) {
        let at = body.start + line;
        return Markdown {
            blocks: vec![as_text(markdown, body)],
            task_blocks: Vec::new(),
            has_definitions: false,
            diagnostics: vec![cannot_be_parsed(source, Span::new(at, at))],
        };
    }

    // A shortcut, `[x]`, is mostly text in brackets.
    let mut undefined = Vec::new();
    let note_undefined = |link: BrokenLink<'_>| {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            undefined.push((shifted(link.span, body.start), link.reference.to_string()));
        }
        None
    };
    let dialect = dialect(markdown, options);
    let parser = Parser::new_with_broken_link_callback(markdown, dialect, Some(note_undefined));
    let mut events = parser.into_offset_iter();

    let moved = events.by_ref().map(|(event, span)| (event, shifted(span, body.start)));
    let Built { mut blocks, has_suspects, mut has_definitions, footnotes, too_deep } =
        build(moved, &source.text);
    let mut diagnostics: Vec<Diagnostic> =
        too_deep.map(|span| nested_too_deeply(source, span)).into_iter().collect();

    // Some blocks must be read again; anything can be in them.
    let mut task_blocks = Vec::new();
    if has_suspects {
        let references = events.reference_definitions();
        let mut reread = reread::Reread::new(source, options, dialect, references, &footnotes);
        reread.blocks(&mut blocks);
        task_blocks = reread.task_blocks;
        diagnostics.append(&mut reread.diagnostics);
        has_definitions = true;
    }

    drop(events);
    let by_templates = if undefined.is_empty() { HashSet::new() } else { made_by_templates(&source.text) };
    let undefined =
        undefined.into_iter().filter(|(_, label)| !by_templates.contains(label.to_lowercase().as_str()));
    diagnostics.extend(undefined.filter_map(|(span, label)| undefined_reference(source, span, &label)));
    Markdown { blocks, task_blocks, has_definitions, diagnostics }
}

/// How many levels of blocks the parser may look at again for all lines together. No chapter that people write comes
/// near: with 20,000 lines, one line could be nested 1,000 levels deep.
const MOST_WORK: usize = 20_000_000;

/// Where the line begins that opens so many levels that parsing would take long: for each line, the parser looks at all
/// blocks that are open.
fn too_expensive(markdown: &str) -> Option<usize> {
    let lines = memchr_iter(b'\n', markdown.as_bytes()).count() + 1;
    // Each level takes a byte at least.
    let most = MOST_WORK / lines;
    if markdown.len() <= most {
        return None;
    }

    let mut start = 0;
    for line in markdown.split_inclusive('\n') {
        let is_marker = |byte: &u8| byte.is_ascii_digit() || b" \t>*+-.)".contains(byte);
        let opened = line.bytes().take_while(is_marker).filter(|byte| !byte.is_ascii_digit()).count();
        if opened > most {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// A text as a block of code, with nothing in it parsed.
fn as_text<'a>(text: &str, span: Span) -> Block<'a> {
    let mut gathered = Gathered::default();
    gathered.push(text, span.start);
    Block::new(BlockKind::Code(Box::new(Code { info: None, text: gathered })), span)
}

/// The Markdown that a chapter is written in: CommonMark and GitHub's extensions, definition lists if it has some, and
/// math if the book says so.
fn dialect(markdown: &str, options: &Options) -> Dialect {
    let mut dialect = Dialect::ENABLE_TABLES
        | Dialect::ENABLE_FOOTNOTES
        | Dialect::ENABLE_STRIKETHROUGH
        | Dialect::ENABLE_TASKLISTS
        | Dialect::ENABLE_GFM;
    dialect.set(Dialect::ENABLE_MATH, options.math);
    dialect.set(Dialect::ENABLE_DEFINITION_LIST, definitions::may_have_some(markdown));
    dialect
}

/// A span moved by an offset.
pub fn shifted(span: Range<usize>, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

/// The labels whose addresses a template of another tool makes, which is reported there: `[label]: {% link a.md %}`.
fn made_by_templates(chapter: &str) -> HashSet<String> {
    let label = |line: &str| {
        let (label, address) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
        is_made_by_template(address).then(|| label.to_lowercase())
    };
    chapter.lines().filter_map(label).collect()
}

/// The diagnostic for a link whose address is defined nowhere. `a[0][1]` is none.
fn undefined_reference(source: &Arc<Source>, span: Span, label: &str) -> Option<Diagnostic> {
    let before = source.text[..span.start].chars().next_back();
    let is_apart = before.is_none_or(|before| !before.is_alphanumeric() && !"])}{\\_^$=".contains(before));

    // `[0-9][a-z]` is a pattern, `[Ctrl][C]` are keys.
    let signs: Vec<char> = label.chars().take(4).collect();
    let is_name = match signs[..] {
        [sign] => sign.is_ascii_digit(),
        [_, '-', _] => false,
        _ => true,
    };

    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    if !is_apart || !is_name || label.is_empty() || label.starts_with('^') {
        return None;
    }
    if is_object(&label) {
        let message =
            "this is markup of MkDocs for a link to an object (`[text][package.Name]`): here it is text";
        let hint = "write where its documentation is: `[text](https://…)`";
        return Some(Diagnostic::new(DiagnosticCode::ForeignMarkup, message).at(source, span).hint(hint));
    }
    let message = format!("no address is defined for `[{label}]`; this is text");
    let hint =
        format!("define it on a line of its own: `[{label}]: address`; write `\\[` where brackets are meant");
    Some(Diagnostic::new(DiagnosticCode::BrokenLink, message).at(source, span).hint(hint))
}

/// Whether a label is the name of an object in code, whose address MkDocs makes: `package.module.Name`.
fn is_object(label: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    // A file and a domain have dots, too: `plan.png`, `www.example.com`.
    let looks_like_code = |last: &str| last.contains(|c: char| c.is_ascii_uppercase() || c == '_');
    let names = label.split('.').collect::<Vec<_>>();
    let is_code = names.last().is_some_and(|last| looks_like_code(last)) || names.len() > 3;
    names.len() > 1 && names.iter().all(|name| is_name(name)) && is_code
}

/// The diagnostic for elements that are left out because they are nested too deeply.
pub fn nested_too_deeply(source: &Arc<Source>, span: Span) -> Diagnostic {
    let message = format!("this is nested more than {MOST_LEVELS} levels deep");
    Diagnostic::new(DiagnosticCode::ExcessiveNesting, message)
        .at(source, span.start..span.start)
        .hint("what is in it is shown without the deeper levels")
}

fn cannot_be_parsed(source: &Arc<Source>, span: Span) -> Diagnostic {
    let message = "this line opens more quotes and lists than can be parsed in so long a chapter";
    Diagnostic::new(DiagnosticCode::ExcessiveNesting, message)
        .at(source, span)
        .hint("the chapter is shown as plain text")
}
