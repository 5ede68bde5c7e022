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
use super::tree::{Block, Code};
use crate::text::{Diagnostic, Source, Span};

use construct::{Construct, ConstructPlace, Sight, word};
use scan::Candidate;
use standing::Standing;

/// Reports the constructs of other tools in the text of a chapter, which begins at `body`.
pub fn report(blocks: &[Block<'_>], source: &Arc<Source>, body: usize, diagnostics: &mut Vec<Diagnostic>) {
    let candidates = scan::candidates(&source.text, body);
    if candidates.is_empty() {
        return;
    }

    let places: Vec<usize> = candidates.iter().map(|candidate| candidate.at).collect();
    let mut judge = Judge { chapter: &source.text, closed: OnceCell::new(), last_head: None, end: 0 };
    standing::for_each_standing(blocks, &places, &source.text, &mut |number, standing| {
        let candidate = candidates[number];
        if judge.is_one(candidate, standing) {
            let (diagnostic, end) = foreign(candidate, source);
            diagnostics.push(diagnostic);
            judge.end = end;
        }
    });
}

/// The diagnostic for a construct, and where that ends.
fn foreign(Candidate { at, construct }: Candidate, source: &Arc<Source>) -> (Diagnostic, usize) {
    let (before, rest) = source.text.split_at(at);
    let sight = Sight { before, rest };
    let end = at + sight.extent(construct);
    (construct.diagnostic(sight.line()).at(source, Span::new(at, end)), end)
}

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
    fn is_one(&mut self, Candidate { at, construct }: Candidate, standing: Standing<'_>) -> bool {
        use ConstructPlace::{Code, CodeInText, Comment, Escaped, Head, Insert, Line, RustCode, Tag, Text};
        let is_one = match (construct.place, standing) {
            _ if at < self.end => false,
            (RustCode, Standing::Fenced(code)) => is_in(code, &["rust", "rs"]),
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
            (Text, Standing::Destination) => ["{{", "{%", "':include"].contains(&construct.opens),
            (Text, Standing::InTag) => ["{{", "{%"].contains(&construct.opens),
            (Text | Escaped | Insert, Standing::InCell) => true,
            (Line | Head | Insert | Text | Escaped, Standing::Prose) => true,
            (Line | Head | Insert | Text, Standing::Indented { after }) => self.is_of_head(after),
            _ => false,
        };
        if is_one && construct.place == Head && !matches!(standing, Standing::Indented { .. }) {
            self.last_head = Some(at);
        }
        is_one
    }

    /// Whether what is after a block belongs to the newest construct that takes indented text.
    fn is_of_head(&self, after: Span) -> bool {
        self.last_head.is_some_and(|head| after.start <= head && head < after.end)
    }

    /// Whether a construct and its line are the same.
    fn fills_line(&self, at: usize, construct: &Construct) -> bool {
        let (before, rest) = self.chapter.split_at(at);
        let sight = Sight { before, rest };
        let begins = before.trim_end_matches([' ', '\t', '>']);
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
