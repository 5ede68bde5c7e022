//! Markup of other tools, which means nothing here: the table of it, and where a chapter has some.
//!
//! Every construct is one entry ([`Construct`]) in the table of its family: whose it is, how it is recognised, and
//! what to write instead. [`scan`] finds where one may begin; [`standing`] says what these places are to the Markdown
//! parser, because signs in code, in raw HTML and in formulas are only shown. Info strings in braces
//! ([`directives`]) are looked at where info strings are read. [`report`] is the entry point for all else; each place
//! is a diagnostic, and `bind` leaves the first one of a kind.

pub mod components;
pub mod construct;
pub mod containers;
pub mod directives;
pub mod instead;
pub mod mdbook;
pub mod mkdocs;
pub mod pandoc;
pub mod scan;
pub mod standing;
pub mod templates;

use std::cell::OnceCell;
use std::sync::Arc;

use foldhash::HashSet;

use super::placeholder_tag::closed_elements;
use super::tree::{Block, BlockKind, Children, Code};
use crate::text::{Diagnostic, Source, Span};

use construct::{Construct, ConstructPlace, Sight, word};
use scan::CodeRegion;
use standing::Standing;

/// Reports the constructs of other tools in the text of a chapter, which begins at `body`.
pub fn report(blocks: &[Block<'_>], source: &Arc<Source>, body: usize, diagnostics: &mut Vec<Diagnostic>) {
    let mut code = Vec::new();
    code_regions(blocks, &mut code);
    code.sort_unstable_by_key(|region| region.span.start);
    let places = scan::places(&source.text, body, &code);
    let mut judge = Judge { chapter: &source.text, closed: OnceCell::new(), last_head: None, end: 0 };
    standing::for_each_standing(blocks, &places, &source.text, &mut |number, standing| {
        if let Some(construct) = judge.construct(places[number], standing) {
            let span = Span::new(places[number], judge.end);
            let line = Sight::of(&source.text, span.start).line();
            diagnostics.push(construct.diagnostic(line).at(source, span));
        }
    });
}

/// Adds the blocks of code.
fn code_regions(blocks: &[Block<'_>], regions: &mut Vec<CodeRegion>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Code(code) => regions.push(CodeRegion {
                span: block.span,
                is_fenced: code.info.is_some(),
                is_rust: is_in(code, RUST),
            }),
            _ => block.children(&mut |children| {
                if let Children::Blocks(blocks) = children {
                    code_regions(blocks, regions);
                }
            }),
        }
    }
}

/// The names of Rust.
const RUST: &[&str] = &["rust", "rs"];
/// The languages of code about Markdown.
const ABOUT_MARKDOWN: &[&str] = &["md", "markdown", "mdx", "qmd", "rst"];

/// Decides whether candidates are constructs, by what their places are.
struct Judge<'s> {
    chapter: &'s str,
    /// The elements that are closed somewhere in the chapter.
    closed: OnceCell<HashSet<&'s str>>,
    /// The newest construct to which indented text belongs.
    last_head: Option<usize>,
    /// Where the newest construct ends: what is in it is a part of it.
    end: usize,
}

impl<'s> Judge<'s> {
    /// The construct at a place, which ends at `self.end` then.
    fn construct(&mut self, at: usize, standing: Standing<'_>) -> Option<&'static Construct> {
        if at < self.end {
            return None;
        }

        let sight = Sight::of(self.chapter, at);
        let construct = scan::constructs(self.chapter, at)
            .find(|construct| self.is_place_of(construct, at, standing) && (construct.is)(&sight))?;
        self.end = at + sight.extent(construct);
        if construct.place == ConstructPlace::Head && !matches!(standing, Standing::Indented { .. }) {
            self.last_head = Some(at);
        }
        Some(construct)
    }

    /// Whether a construct can be where its signs are.
    fn is_place_of(&self, construct: &Construct, at: usize, standing: Standing<'_>) -> bool {
        use ConstructPlace::{Code, CodeInText, Comment, Escaped, Head, Insert, Line, RustCode, Tag, Text};
        match (construct.place, standing) {
            (RustCode, Standing::Fenced(code)) => is_in(code, RUST),
            (Code, Standing::Fenced(code)) => !is_in(code, ABOUT_MARKDOWN),
            (Code | Insert, Standing::IndentedFence { after, language }) => {
                let about = if construct.place == Code { ABOUT_MARKDOWN } else { mdbook::ABOUT };
                self.is_of_head(after)
                    && !is_one_of(language, about)
                    && (construct.place == Code || self.fills_line(at, construct))
            }
            (CodeInText, Standing::StartCode) => true,
            (Insert, Standing::Markup) => self.fills_line(at, construct),
            (Insert, Standing::Fenced(code)) => !is_in(code, mdbook::ABOUT) && self.fills_line(at, construct),
            (Tag, Standing::StartTag) => construct.opens.len() > 1 || self.is_component(at),
            (Tag, Standing::Prose | Standing::InCell) => self.has_jsx(at),
            (Comment, Standing::StartComment) => true,
            (Text, Standing::Destination) => ["{{", "{%", "':include", "':"].contains(&construct.opens),
            (Text, Standing::InTag) => ["{{", "{%"].contains(&construct.opens),
            (Text | Escaped | Insert, Standing::InCell) => true,
            (Line | Head | Insert | Text | Escaped, Standing::Prose) => true,
            (Line | Head | Insert | Text, Standing::Indented { after }) => self.is_of_head(after),
            _ => false,
        }
    }

    /// Whether what is after a block belongs to the newest construct that takes indented text.
    fn is_of_head(&self, after: Span) -> bool {
        self.last_head.is_some_and(|head| after.start <= head && head < after.end)
    }

    /// Whether a construct and its line are the same.
    fn fills_line(&self, at: usize, construct: &Construct) -> bool {
        let sight = Sight::of(self.chapter, at);
        let begins = sight.before.trim_end_matches([' ', '\t', '>']);
        (begins.is_empty() || begins.ends_with('\n')) && sight.extent(construct) == sight.line().len()
    }

    /// Whether a tag is that of a component: it has attributes, or an end. Others are reported as tags without one.
    fn is_component(&self, at: usize) -> bool {
        let tag = &self.chapter[at + 1..];
        let name = word(tag);
        let closed = self.closed.get_or_init(|| closed_elements(self.chapter));
        let rest = tag[name.len()..].trim_start();
        rest.starts_with("/>") || !rest.starts_with('>') || closed.contains(name)
    }

    /// Whether text is a tag with a value that HTML does not have: `<Card style={{…}}>`.
    fn has_jsx(&self, at: usize) -> bool {
        let tag = &self.chapter[at + 1..];
        let attribute = tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.');
        let name = attribute.trim_start().trim_start_matches(['@', ':', '#']);
        let rest = &name[word(name).len()..];
        let has_name = rest.len() < name.len() && attribute.starts_with(char::is_whitespace);
        has_name && ["={", "=\"", "='"].iter().any(|value| rest.starts_with(value))
    }
}

/// Whether a block of code is in one of these languages.
fn is_in(code: &Code, languages: &[&str]) -> bool {
    is_one_of(code.info.as_ref().map_or("", |info| info.language.as_str()), languages)
}

/// Whether a language is one of these.
fn is_one_of(language: &str, languages: &[&str]) -> bool {
    languages.iter().any(|name| language.eq_ignore_ascii_case(name))
}
