//! `==mark==`: an inline element that the Markdown parser does not know.
//!
//! The rules are those of the `markdown-it-mark` plugin: runs of two or more `=` open and close as runs
//! of `**` do (CommonMark's left- and right-flanking), two at a time, with the same precedence as
//! emphasis. The parser has already paired `*`, `_` and `~` as if `=` were text; where a `==` is
//! among them, those pairs are taken apart again and all four are paired together by the delimiter
//! algorithm of the specification (section "An algorithm for parsing nested emphasis and links").
//!
//! The same is done where Chinese, Japanese or Korean text ends emphasis with punctuation and goes on without a space, which
//! the rules of CommonMark do not foresee.

mod delimiter;

use std::mem::take;
use std::slice::from_mut;

use memchr::{memchr2_iter, memmem};
use pulldown_cmark::LinkType;

use delimiter::{Delimiter, InlineToken, build, is_in_east_asian_text, pair};

use super::build::MOST_LEVELS;
use super::tree::{Block, Inline, InlineKind, Style, Text};
use super::visit::for_each_text_mut;
use crate::text::Span;

/// Finds the marks in the inline content of every block. Returns the first element that would be nested too deeply.
pub fn resolve<'a>(blocks: &mut [Block<'a>], chapter: &'a str) -> Option<Span> {
    // Most `==` are in code, so few blocks are looked at, and none in most chapters.
    let mut delimiters: Vec<usize> = memmem::find_iter(chapter.as_bytes(), b"==").collect();
    delimiters.extend(in_east_asian_text(chapter));
    delimiters.sort_unstable();
    let has_delimiter = |span: Span| {
        let next = delimiters.partition_point(|at| *at < span.start);
        delimiters.get(next).is_some_and(|at| *at < span.end)
    };
    if delimiters.is_empty() {
        return None;
    }

    let mut resolver = Resolver { chapter, too_deep: None };
    for block in blocks.iter_mut().filter(|block| has_delimiter(block.span)) {
        for_each_text_mut(from_mut(block), &mut |text| {
            if may_hold_marks(text, &has_delimiter) {
                resolver.text(text, Scope::Block, 0);
            }
        });
    }
    resolver.too_deep
}

/// Where `*` and `~` are beside punctuation and letters of Chinese, Japanese and Korean.
fn in_east_asian_text(chapter: &str) -> impl Iterator<Item = usize> {
    let bytes = chapter.as_bytes();
    let is_ascii = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(u8::is_ascii);
    memchr2_iter(b'*', b'~', bytes).filter(move |at| {
        let end = at + bytes[*at..].iter().take_while(|byte| **byte == bytes[*at]).count();
        if is_ascii(at.checked_sub(1)) && is_ascii(Some(end)) {
            return false;
        }
        let before = chapter[..*at].chars().next_back().unwrap_or(' ');
        is_in_east_asian_text(before, chapter[end..].chars().next().unwrap_or(' '))
    })
}

/// Whether a delimiter that is looked for is in a text outside of code.
fn may_hold_marks(text: &[Inline<'_>], has_delimiter: &impl Fn(Span) -> bool) -> bool {
    text.iter().any(|inline| match &inline.kind {
        InlineKind::Text(_) => has_delimiter(inline.span),
        _ => inline.content().is_some_and(|content| may_hold_marks(content, has_delimiter)),
    })
}

/// What a text is the inline content of. Nothing pairs across the brackets of a link.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Block,
    Link,
}

/// Resolves the texts of one chapter.
struct Resolver<'a> {
    chapter: &'a str,
    /// The first element that would be nested too deeply.
    too_deep: Option<Span>,
}

impl<'a> Resolver<'a> {
    /// Resolves one text, which is in this many other inlines, and then those of the links in it.
    fn text(&mut self, text: &mut Text<'a>, scope: Scope, depth: usize) {
        let mut tokens =
            Tokens { chapter: self.chapter, list: Vec::with_capacity(text.len() + 8), last_end: None };
        take(text).into_iter().for_each(|inline| tokens.push(inline));
        tokens.flank(scope);
        pair(&mut tokens.list);
        *text = build(tokens.list, MOST_LEVELS.saturating_sub(depth), &mut self.too_deep);
        self.links(text, depth);
    }

    /// Resolves the texts of the links and images in a text.
    fn links(&mut self, text: &mut Text<'a>, depth: usize) {
        for inline in text {
            match &mut inline.kind {
                InlineKind::Styled(_, content) => self.links(content, depth + 1),
                // An address in angle brackets, such as `<https://example.com/?a==b>`, is taken as it is.
                InlineKind::Link(_, LinkType::Autolink | LinkType::Email, _) => {}
                InlineKind::Link(_, _, content) | InlineKind::Image(_, content) => {
                    self.text(content, Scope::Link, depth + 1);
                }
                _ => {}
            }
        }
    }
}

/// A text taken apart into delimiters and what is between them.
struct Tokens<'a> {
    chapter: &'a str,
    list: Vec<InlineToken<'a>>,
    /// Where the text of the last token ends, if that was text or delimiters.
    last_end: Option<usize>,
}

impl<'a> Tokens<'a> {
    /// Adds an inline, taking text and the parser's own emphasis apart into delimiters.
    fn push(&mut self, mut inline: Inline<'a>) {
        let Span { start, end } = inline.span;
        match &mut inline.kind {
            InlineKind::Styled(style, content) if *style != Style::Mark => {
                let width = width(*style, self.chapter.get(start..).unwrap_or_default());
                let content = take(content);
                self.delimiters(start, width);
                content.into_iter().for_each(|inline| self.push(inline));
                self.delimiters(end.saturating_sub(width), width);
                return;
            }
            // An entity is other text than what is in the file, and no delimiter.
            InlineKind::Text(content) if self.chapter.get(start..end) == Some(&**content) => {
                self.text(start, end);
                return;
            }
            _ => {}
        }
        self.list.push(InlineToken::Other(inline));
        self.last_end = None;
    }

    /// Adds text of the chapter.
    fn text(&mut self, start: usize, end: usize) {
        let bytes = self.chapter.as_bytes();
        let is_escaped = self.chapter[..start].ends_with('\\') && self.last_end != Some(start);
        let mut from = start;
        let mut at = start + usize::from(is_escaped);
        while at < end {
            if !b"=*_~".contains(&bytes[at]) {
                at += 1;
                continue;
            }
            let length = bytes[at..end].iter().take_while(|byte| **byte == bytes[at]).count();
            self.plain(from, at);
            self.delimiters(at, length);
            at += length;
            from = at;
        }
        self.plain(from, end);
    }

    fn plain(&mut self, start: usize, end: usize) {
        if start < end {
            let text = InlineKind::Text(self.chapter[start..end].into());
            self.list.push(InlineToken::Other(Inline::new(text, Span::new(start, end))));
            self.last_end = Some(end);
        }
    }

    /// Adds delimiter characters, joining them to a run of the same that they continue.
    fn delimiters(&mut self, start: usize, length: usize) {
        // A delimiter always is in the text; a place that is off would cost its emphasis, no more.
        let character = self.chapter.as_bytes().get(start).copied().unwrap_or_default();
        if let Some(InlineToken::Delimiter(last)) = self.list.last_mut()
            && last.character == character
            && last.start + last.length == start
        {
            last.length += length;
        } else {
            self.list.push(InlineToken::Delimiter(Delimiter::new(character, length, start)));
        }
        self.last_end = Some(start + length);
    }

    /// Decides which delimiters can open and close.
    fn flank(&mut self, scope: Scope) {
        for at in 0..self.list.len() {
            if matches!(self.list[at], InlineToken::Delimiter(_)) {
                let before = at.checked_sub(1).map_or(scope.edges().0, |at| last_character(&self.list[at]));
                let after = self.list.get(at + 1).map_or(scope.edges().1, first_character);
                if let InlineToken::Delimiter(delimiter) = &mut self.list[at] {
                    delimiter.flank(before, after);
                }
            }
        }
    }
}

impl Scope {
    /// The characters around a text: at the edges of a block, a space; around the text of a link, its brackets.
    fn edges(self) -> (char, char) {
        match self {
            Scope::Block => (' ', ' '),
            Scope::Link => ('[', ']'),
        }
    }
}

/// The first character of a token, as it is written; at the end of a line, a space.
fn first_character(token: &InlineToken<'_>) -> char {
    match token {
        InlineToken::Delimiter(delimiter) => char::from(delimiter.character),
        InlineToken::Other(inline) => match &inline.kind {
            InlineKind::Text(text) => text.chars().next().unwrap_or(' '),
            InlineKind::Code(_) => '`',
            InlineKind::Math(..) => '$',
            InlineKind::Html(_) | InlineKind::Placeholder(_) | InlineKind::MarkedTerm(_) => '<',
            InlineKind::Image(..) => '!',
            InlineKind::Link(..) | InlineKind::FootnoteReference(_) => '[',
            _ => ' ',
        },
    }
}

/// The last character of a token, as it is written; at the beginning of a line, a space.
fn last_character(token: &InlineToken<'_>) -> char {
    match token {
        InlineToken::Delimiter(delimiter) => char::from(delimiter.character),
        InlineToken::Other(inline) => match &inline.kind {
            InlineKind::Text(text) => text.chars().next_back().unwrap_or(' '),
            InlineKind::Code(_) => '`',
            InlineKind::Math(..) => '$',
            InlineKind::Html(_) | InlineKind::Placeholder(_) | InlineKind::MarkedTerm(_) => '>',
            InlineKind::Image(..) | InlineKind::Link(..) => ')',
            InlineKind::FootnoteReference(_) => ']',
            _ => ' ',
        },
    }
}

/// How many characters the parser's delimiter has: two for strong, one or two for strikethrough.
fn width(style: Style, text: &str) -> usize {
    match style {
        Style::Emphasis => 1,
        Style::Strikethrough if !text.starts_with("~~") => 1,
        _ => 2,
    }
}
