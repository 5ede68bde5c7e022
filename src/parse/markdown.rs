//! Reads the Markdown of a chapter: [`collect`] makes the list of its items.
//!
//! Now and then a stretch of text must be read again as Markdown under other rules (an indented block
//! that is really a task list). Such a `Fragment` is parsed by itself and its items take the place of
//! the old ones; it remembers where each of its lines came from.

use std::sync::Arc;

use foldhash::HashSet;
use memchr::{memchr, memmem};
use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Parser, RefDefs, Tag, TagEnd};

use super::items::{Item, ItemKind, dialect};
use super::{Options, attributes, definitions, raw_html, shifted, todo};
use crate::text::source::shown;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span};

/// A chapter's Markdown as items.
pub struct Collected<'a> {
    /// The items.
    pub items: Vec<Item<'a>>,
    /// What is wrong.
    pub faults: Vec<Diagnostic>,
    /// Whether there can be definition lists among the items.
    pub has_definitions: bool,
    /// Whether there can be TODO lists and notes.
    pub has_unfinished: bool,
}

/// For what the events must be looked at again. A chapter has thousands, and most need none of that.
#[derive(Default)]
struct Again {
    /// Headings that may end with attributes.
    headings: bool,
    /// What may be no code and no HTML.
    suspects: bool,
    /// Definition lists.
    definitions: bool,
}

impl Again {
    /// Takes note of an event, which is written so.
    fn note(&mut self, event: &Event<'_>, written: &str) {
        match event {
            Event::End(TagEnd::Heading(_)) => self.headings |= attributes::may_end(written),
            Event::Start(Tag::DefinitionList) => self.definitions = true,
            event => self.suspects |= is_suspect(event),
        }
    }
}

/// Whether this may be something else than the parser takes it for.
fn is_suspect(event: &Event<'_>) -> bool {
    use CodeBlockKind::Indented;
    matches!(event, Event::Start(Tag::CodeBlock(Indented) | Tag::HtmlBlock) | Event::InlineHtml(_))
}

/// Parses the body of a chapter, at `body` in its source. The text is the source's own, or one of the same length in
/// which what the parser must not see is [hidden](definitions::Hidden).
pub fn collect<'a>(text: &'a str, body: Span, source: &Arc<Source>, options: &Options) -> Collected<'a> {
    let markdown = &text[body.start..body.end];
    let mut undefined = Vec::new();
    // A shortcut, `[x]`, is mostly text in brackets.
    let note = |link: BrokenLink<'_>| {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            undefined.push((shifted(link.span, body.start), link.reference.to_string()));
        }
        None
    };
    let mut events =
        Parser::new_with_broken_link_callback(markdown, dialect(options), Some(note)).into_offset_iter();
    let mut items = Vec::with_capacity(markdown.len() / 16);
    let mut again = Again::default();
    items.extend(events.by_ref().map(|(event, span)| {
        again.note(&event, &markdown[span.clone()]);
        let event = if needs_correction(&event, markdown.as_bytes(), &span) {
            corrected(event, &markdown[span.clone()])
        } else {
            event
        };
        Item::new(ItemKind::Markdown(event), shifted(span, body.start))
    }));
    let mut faults = Vec::new();
    let mut blocks = Vec::new();
    if again.suspects {
        (items, blocks) = reread(items, events.reference_definitions(), source, options, &mut faults);
    }
    drop(events);
    faults
        .extend(undefined.into_iter().filter_map(|(span, label)| undefined_reference(source, span, &label)));
    // There can be anything in what was read again.
    if again.headings || again.suspects {
        attributes::read(&mut items, text);
    }
    let has_definitions = again.definitions || again.suspects;
    if has_definitions {
        items = definitions::terms_by_line(items);
    }
    let has_unfinished = todo::find(&mut items, &blocks, text);
    Collected { items, faults, has_definitions, has_unfinished }
}

/// The fault of a link whose address is defined nowhere. `a[0][1]` is none.
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
    let is_meant = is_apart && is_name;
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    let fault = || {
        Diagnostic::new(
            DiagnosticCode::BrokenLink,
            format!("no address is defined for `[{label}]`; this is text"),
        )
        .at(source, span)
        .hint(format!(
            "define it on a line of its own: `[{label}]: address`; write `\\[` where brackets are meant"
        ))
    };
    (is_meant && !label.is_empty() && !label.starts_with('^')).then(fault)
}

/// Whether an event may be one that the parser has otherwise than the specification.
fn needs_correction(event: &Event<'_>, text: &[u8], span: &std::ops::Range<usize>) -> bool {
    match event {
        Event::Text(_) => text.get(span.start) == Some(&b'&'),
        Event::Code(_) => memchr(b'\r', &text[span.clone()]).is_some(),
        _ => false,
    }
}

/// An event as the specification has it, where the parser has it otherwise.
fn corrected<'a>(event: Event<'a>, written: &str) -> Event<'a> {
    match event {
        Event::Code(code) if written.contains("\r\n") => Event::Code(lines_joined(&code, written).into()),
        // A control character by its number: those that stand in the text were replaced when it was read.
        Event::Text(text) if written.starts_with('&') && text.chars().any(|c| shown(c) != c) => {
            Event::Text("\u{FFFD}".into())
        }
        event => event,
    }
}

/// Code over ends of lines that are two characters: there is one space in the place of each, where the parser has two.
fn lines_joined(code: &str, written: &str) -> String {
    let mut joined = String::with_capacity(code.len());
    let (mut code, mut written) = (code, written);
    while let Some(c) = code.chars().next() {
        if written.starts_with("\r\n") && code.starts_with("  ") {
            joined.push(' ');
            (code, written) = (&code[2..], &written[2..]);
        } else if written.is_empty() || written.starts_with(c) {
            joined.push(c);
            (code, written) = (&code[c.len_utf8()..], written.get(c.len_utf8()..).unwrap_or_default());
        } else {
            // A backtick, or what lines of a quote or a list begin with.
            written = &written[written.chars().next().map_or(0, char::len_utf8)..];
        }
    }
    joined
}

/// Replaces what must be read again: indented task lists, and blocks that begin with a placeholder. Gives the places
/// of the former too.
fn reread<'a>(
    items: Vec<Item<'a>>,
    references: &RefDefs<'_>,
    source: &Arc<Source>,
    options: &Options,
    faults: &mut Vec<Diagnostic>,
) -> (Vec<Item<'a>>, Vec<Span>) {
    let mut blocks = Vec::new();
    let footnotes: HashSet<CowStr<'a>> = items.iter().filter_map(defined_footnote).cloned().collect();
    let mut placeholders =
        Placeholders { closed: raw_html::closed_elements(&source.text), source, options, faults };
    let mut out = Vec::with_capacity(items.len());
    // What is read again can hold what must be read again; it is always shorter.
    let mut open = vec![items.into_iter()];
    while let Some(rest) = open.last_mut() {
        let Some(item) = rest.next() else {
            open.pop();
            continue;
        };
        let end = match item.markdown() {
            Some(Event::Start(tag @ (Tag::CodeBlock(CodeBlockKind::Indented) | Tag::HtmlBlock))) => {
                tag.to_end()
            }
            _ => {
                out.push(placeholders.show(item));
                continue;
            }
        };
        let mut block = vec![item];
        for inner in rest.by_ref() {
            let ends = inner.markdown() == Some(&Event::End(end));
            block.push(inner);
            if ends {
                break;
            }
        }
        match fragment(&block, end, &placeholders) {
            Some(fragment) => {
                blocks.extend(block.first().filter(|_| end == TagEnd::CodeBlock).map(|item| item.span));
                open.push(fragment.parse(references, &footnotes, options).into_iter());
            }
            None if end == TagEnd::HtmlBlock => placeholders.show_within(block, &mut out),
            None => out.append(&mut block),
        }
    }
    (out, blocks)
}

/// The label of a footnote whose definition begins.
fn defined_footnote<'i, 'a>(item: &'i Item<'a>) -> Option<&'i CowStr<'a>> {
    match item.markdown() {
        Some(Event::Start(Tag::FootnoteDefinition(label))) => Some(label),
        _ => None,
    }
}

/// Tells placeholders from tags, and shows them.
struct Placeholders<'p> {
    closed: HashSet<&'p str>,
    source: &'p Arc<Source>,
    options: &'p Options,
    faults: &'p mut Vec<Diagnostic>,
}

impl Placeholders<'_> {
    fn is_one(&self, tag: &str) -> bool {
        raw_html::placeholder(tag, &self.closed, self.options).is_some()
    }

    /// Turns a tag that is a placeholder into what readers see; one that is not declared becomes text, with a
    /// warning.
    fn show<'a>(&mut self, item: Item<'a>) -> Item<'a> {
        let Some(Event::InlineHtml(tag)) = item.markdown() else { return item };
        let Some(name) = raw_html::placeholder(tag, &self.closed, self.options) else { return item };
        let kind = if self.options.placeholders.iter().any(|(declared, _)| declared == name) {
            ItemKind::Placeholder(name.to_owned())
        } else {
            self.faults.push(raw_html::undeclared(tag, item.span, self.source, self.options));
            ItemKind::Markdown(Event::Text(tag.clone()))
        };
        Item::new(kind, item.span)
    }

    /// Shows the placeholders among the tags of an HTML block.
    fn show_within<'a>(&mut self, block: Vec<Item<'a>>, out: &mut Vec<Item<'a>>) {
        let mut html = String::new();
        for item in &block {
            if let Some(Event::Html(line)) = item.markdown() {
                html.push_str(line);
            }
        }
        let mut tags = raw_html::tags(&html);
        tags.retain(|tag| self.is_one(&html[tag.clone()]));
        if tags.is_empty() {
            return out.extend(block);
        }
        let mut tags = tags.into_iter().peekable();
        let mut before = 0;
        for item in block {
            let Some(Event::Html(line)) = item.markdown() else {
                out.push(item);
                continue;
            };
            let (line, start) = (line.clone(), item.span.start);
            let piece = |range: std::ops::Range<usize>, event: fn(CowStr<'a>) -> Event<'a>| {
                let text = CowStr::from(line[range.clone()].to_owned());
                Item::new(ItemKind::Markdown(event(text)), Span::new(start + range.start, start + range.end))
            };
            let mut written = 0;
            while let Some(tag) = tags.next_if(|tag| tag.end <= before + line.len()) {
                let (from, to) = (tag.start - before, tag.end - before);
                out.push(piece(written..from, Event::Html));
                out.push(self.show(piece(from..to, Event::InlineHtml)));
                written = to;
            }
            out.push(piece(written..line.len(), Event::Html));
            before += line.len();
        }
    }
}

/// Decides whether a block must be read again, and as what.
fn fragment(block: &[Item<'_>], end: TagEnd, placeholders: &Placeholders<'_>) -> Option<Fragment> {
    let mut fragment = Fragment::default();
    let is_html = end == TagEnd::HtmlBlock;
    if is_html {
        fragment.0.push(INLINE, block.first()?.span.start);
    }
    for item in block {
        if let Some(Event::Text(text) | Event::Html(text)) = item.markdown() {
            fragment.0.push(text, item.span.start);
        }
    }
    let begins = if is_html {
        let line = fragment.0.text[INLINE.len()..].lines().next().unwrap_or_default();
        placeholders.is_one(&line[..line.find('>').map_or(line.len(), |at| at + 1)])
    } else {
        todo::begins_with_task(&fragment.0.text)
    };
    begins.then_some(fragment)
}

/// A character of nobody's (for private use). With it before its bracket, a tag begins no HTML block, and what
/// follows is a paragraph; it is taken off again.
const INLINE: &str = "\u{f8ff}";

/// Text gathered from pieces of a chapter.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The text.
    pub text: String,
    /// Pairs of an offset in `text` and the offset in the chapter that it came from, in order.
    pieces: Vec<(usize, usize)>,
}

impl Gathered {
    /// Adds a piece, which stands at this offset of the chapter.
    pub fn push(&mut self, text: &str, from: usize) {
        self.pieces.push((self.text.len(), from));
        self.text.push_str(text);
    }

    /// The place in the chapter of a place in the text.
    pub fn origin(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|(at, _)| *at <= offset);
        self.pieces.get(after.wrapping_sub(1)).map_or(0, |(at, from)| from + (offset - at))
    }
}

/// Text taken out of the chapter to be parsed by itself.
#[derive(Default)]
struct Fragment(Gathered);

impl Fragment {
    /// Definitions of those footnotes of the chapter that the fragment refers to. A comment ends the last one: what
    /// is indented behind it would be part of it.
    fn footnotes(&self, chapter: &HashSet<CowStr<'_>>) -> String {
        let labels = memmem::find_iter(self.0.text.as_bytes(), b"[^").filter_map(|at| {
            let rest = &self.0.text[at + "[^".len()..];
            let label = &rest[..rest.find(['[', ']', '\n'])?];
            chapter.contains(label).then(|| format!("[^{label}]:\n\n"))
        });
        let definitions: String = labels.collect();
        if definitions.is_empty() { definitions } else { definitions + "<!---->\n\n" }
    }

    /// Parses the fragment; link references and footnotes are those of the chapter.
    fn parse<'a>(
        self,
        references: &RefDefs<'_>,
        footnotes: &HashSet<CowStr<'_>>,
        options: &Options,
    ) -> Vec<Item<'a>> {
        let resolve = |link: BrokenLink<'_>| {
            let definition = references.get(&link.reference)?;
            let title = definition.title.clone().map_or(CowStr::Borrowed(""), CowStr::into_static);
            Some((definition.dest.clone().into_static(), title))
        };
        let definitions = self.footnotes(footnotes);
        let begin = definitions.len();
        let text = definitions + &self.0.text;
        let hidden = definitions::Hidden::find(&text, Span::new(0, text.len()), options);
        let text = hidden.as_ref().map_or(&text, |hidden| &hidden.text);
        let events =
            Parser::new_with_broken_link_callback(text, dialect(options), Some(resolve)).into_offset_iter();
        let mut items: Vec<Item<'a>> = events
            .filter(|(event, span)| {
                span.start >= begin && !matches!(event, Event::Text(text) if &**text == INLINE)
            })
            .map(|(event, span)| {
                let event = corrected(event, &text[span.clone()]).into_static();
                let span = span.start - begin..span.end - begin;
                let end = self.0.origin(span.end.saturating_sub(1).max(span.start)) + 1;
                Item::new(ItemKind::Markdown(event), Span::new(self.0.origin(span.start), end))
            })
            .collect();
        if let Some(hidden) = &hidden {
            hidden.show(&mut items);
        }
        items
    }
}
