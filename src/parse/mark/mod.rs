//! `==mark==`: an inline element that the Markdown parser does not know.
//!
//! The rules are those of the `markdown-it-mark` plugin: runs of two or more `=` open and close as runs
//! of `**` do (CommonMark's left- and right-flanking), two at a time, with the same precedence as
//! emphasis. The parser has already paired `*`, `_` and `~` as if `=` were text; where a `==` stands
//! among them, those pairs are taken apart again and all four are paired together by the delimiter
//! algorithm of the specification (section "An algorithm for parsing nested emphasis and links").

mod delimiter;

use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use delimiter::{Delimiter, Token, pair};

use super::items::{Item, ItemKind};
use crate::text::Span;

/// Finds the marks in the inline content of every block.
pub fn resolve(items: &mut Vec<Item<'_>>, text: &str) {
    // Most chapters have none, and then their items are not looked at.
    if memmem::find(text.as_bytes(), b"==").is_none() {
        return;
    }
    let runs = marked_runs(items, text);
    if runs.is_empty() {
        return;
    }
    // A mark takes a text apart into five items.
    let room = Vec::with_capacity(items.len() + 8 * runs.len());
    let mut rest = std::mem::replace(items, room).into_iter();
    let mut at = 0;
    for run in runs {
        items.extend(rest.by_ref().take(run.start - at));
        resolve_run(rest.by_ref().take(run.len()), text, items);
        at = run.end;
    }
    items.extend(rest);
}

/// Where the inline content of blocks is that hold a `==` outside code.
fn marked_runs(items: &[Item<'_>], text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    // The chapter is searched as a whole: it has many more pieces of text than marks.
    let mut unmarked = 0..0;
    let mut is_marked_at = |Span { start, end }: Span| {
        if !unmarked.contains(&start) {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            unmarked = start..memmem::find(rest, b"==").map_or(text.len(), |next| start + next);
        }
        unmarked.end < end
    };
    // What was looked at: a run, or a block of code.
    let mut passed = 0;
    for (at, item) in items.iter().enumerate() {
        let is_text = matches!(item.event, ItemKind::Markdown(Event::Text(_)));
        if !is_text || at < passed || !is_marked_at(item.span) {
            continue;
        }
        let is_edge = |item: &Item<'_>| !item.is_inline();
        let start = items[..at].iter().rposition(is_edge).map_or(0, |edge| edge + 1);
        passed = items[at..].iter().position(is_edge).map_or(items.len(), |length| at + length);
        let before = start.checked_sub(1).and_then(|edge| items[edge].markdown());
        if !matches!(before, Some(Event::Start(Tag::CodeBlock(_)))) {
            runs.push(start..passed);
        }
    }
    runs
}

/// Resolves one block's inline content.
fn resolve_run<'a>(run: impl Iterator<Item = Item<'a>>, text: &str, out: &mut Vec<Item<'a>>) {
    // A link's text is a scope of its own: nothing pairs across its brackets.
    let mut scopes = vec![Scope::default()];
    for item in run {
        match item.markdown() {
            Some(Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. })) => {
                scopes.push(Scope { opening: Some(item), is_address: true, ..Scope::default() });
            }
            Some(Event::Start(Tag::Link { .. } | Tag::Image { .. })) => {
                scopes.push(Scope { opening: Some(item), ..Scope::default() });
            }
            Some(Event::End(TagEnd::Link | TagEnd::Image)) => {
                let inner = scopes.pop().unwrap_or_default();
                let outer = scopes.last_mut().expect("the outermost scope is never closed");
                outer.tokens.extend(inner.opening.clone().map(Token::Other));
                outer.tokens.extend(inner.finish().into_iter().map(Token::Other));
                outer.tokens.push(Token::Other(item));
                outer.last_end = None;
            }
            _ => scopes.last_mut().expect("the outermost scope is never closed").push(item, text),
        }
    }
    for scope in scopes {
        out.extend(scope.opening.clone());
        out.extend(scope.finish());
    }
}

/// The inline content of a block or a link.
#[derive(Default)]
struct Scope<'a> {
    /// The start of the link that this is the text of.
    opening: Option<Item<'a>>,
    /// Whether it is an address that stands for itself: `<https://example.com/?a==b>`.
    is_address: bool,
    tokens: Vec<Token<'a>>,
    /// Where the text of the last token ends, if that was text or delimiters.
    last_end: Option<usize>,
}

impl<'a> Scope<'a> {
    /// Adds an item, taking text and the parser's own emphasis apart into delimiters.
    fn push(&mut self, item: Item<'a>, text: &str) {
        let Span { start, end } = item.span;
        if self.is_address {
            self.tokens.push(Token::Other(item));
            return;
        }
        match item.markdown() {
            Some(Event::Start(tag @ (Tag::Emphasis | Tag::Strong | Tag::Strikethrough))) => {
                let length = width(&tag.to_end(), text.get(start..).unwrap_or_default());
                self.delimiters(start, length, text);
            }
            Some(Event::End(tag @ (TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough))) => {
                let length = width(tag, text.get(start..).unwrap_or_default());
                self.delimiters(end.saturating_sub(length), length, text);
            }
            // Text that is not what stands in the file was an entity, and no delimiter.
            Some(Event::Text(content)) if text.get(start..end) == Some(&**content) => {
                let escaped = text[..start].ends_with('\\') && self.last_end != Some(start);
                self.text(item, escaped, text);
            }
            _ => {
                self.tokens.push(Token::Other(item));
                self.last_end = None;
            }
        }
    }

    fn text(&mut self, item: Item<'a>, escaped: bool, text: &str) {
        let Span { start, end } = item.span;
        let bytes = text.as_bytes();
        let mut from = start;
        let mut at = if escaped { start + 1 } else { start };
        while at < end {
            if !b"=*_~".contains(&bytes[at]) {
                at += 1;
                continue;
            }
            let length = bytes[at..end].iter().take_while(|byte| **byte == bytes[at]).count();
            self.plain(from, at, text);
            self.delimiters(at, length, text);
            at += length;
            from = at;
        }
        self.plain(from, end, text);
    }

    fn plain(&mut self, start: usize, end: usize, text: &str) {
        if start < end {
            let event = Event::Text(text[start..end].to_owned().into());
            self.tokens.push(Token::Other(Item::new(ItemKind::Markdown(event), Span::new(start, end))));
            self.last_end = Some(end);
        }
    }

    /// Adds delimiter characters, joining them to a run of the same that they continue.
    fn delimiters(&mut self, start: usize, length: usize, text: &str) {
        // A delimiter always stands in the text; a place that is off would cost its emphasis, no more.
        let character = text.as_bytes().get(start).copied().unwrap_or_default();
        if let Some(Token::Delimiter(last)) = self.tokens.last_mut()
            && last.character == character
            && last.start + last.length == start
        {
            last.length += length;
        } else {
            self.tokens.push(Token::Delimiter(Delimiter::new(character, length, start)));
        }
        self.last_end = Some(start + length);
    }

    /// Pairs the delimiters and gives the items back.
    fn finish(mut self) -> Vec<Item<'a>> {
        let total = self.tokens.len();
        for at in 0..total {
            let at_start = at == 0 && self.opening.is_none() || at > 0 && self.is_break(at - 1);
            let at_end = at + 1 == total && self.opening.is_none() || at + 1 < total && self.is_break(at + 1);
            let (before, after) = self.neighbours(at, at_start, at_end);
            if let Token::Delimiter(delimiter) = &mut self.tokens[at] {
                delimiter.flank(before, after);
            }
        }
        pair(&mut self.tokens);
        let mut out = Vec::with_capacity(total);
        for token in self.tokens {
            match token {
                Token::Other(item) => out.push(item),
                Token::Delimiter(delimiter) => delimiter.write(&mut out),
            }
        }
        out
    }

    fn is_break(&self, at: usize) -> bool {
        matches!(
            &self.tokens[at],
            Token::Other(item) if matches!(item.markdown(), Some(Event::SoftBreak | Event::HardBreak))
        )
    }

    /// The characters before and after a token; at the edge of a line, a space.
    fn neighbours(&self, at: usize, at_start: bool, at_end: bool) -> (char, char) {
        let edge = |token: Option<&Token<'_>>, last: bool, none: char| match token {
            None => none,
            Some(Token::Delimiter(delimiter)) => char::from(delimiter.character),
            Some(Token::Other(item)) => match item.markdown() {
                Some(Event::Text(text)) => {
                    (if last { text.chars().next_back() } else { text.chars().next() }).unwrap_or(' ')
                }
                Some(Event::Code(_)) => '`',
                Some(Event::InlineMath(_) | Event::DisplayMath(_)) => '$',
                // A placeholder is an element to Markdown.
                Some(Event::InlineHtml(_)) | None => {
                    if last {
                        '>'
                    } else {
                        '<'
                    }
                }
                Some(Event::Start(Tag::Image { .. })) => '!',
                Some(Event::Start(Tag::Link { .. }) | Event::FootnoteReference(_)) => {
                    if last {
                        ']'
                    } else {
                        '['
                    }
                }
                Some(Event::End(_)) => ')',
                _ => ' ',
            },
        };
        // A scope that is a link's text stands between brackets.
        let (open, close) = if self.opening.is_some() { ('[', ']') } else { (' ', ' ') };
        let before =
            if at_start { ' ' } else { edge(at.checked_sub(1).map(|at| &self.tokens[at]), true, open) };
        let after = if at_end { ' ' } else { edge(self.tokens.get(at + 1), false, close) };
        (before, after)
    }
}

/// How many characters the parser's delimiter has: two for strong, one or two for strikethrough.
fn width(tag: &TagEnd, text: &str) -> usize {
    match tag {
        TagEnd::Emphasis => 1,
        TagEnd::Strikethrough if !text.starts_with("~~") => 1,
        _ => 2,
    }
}
