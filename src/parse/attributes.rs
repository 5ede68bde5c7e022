//! Attributes of headings, `## Keys {#ssh-keys .long}`, and of images, `![…](plan.svg){#plan width=300}`.
//!
//! Braces at the end of a heading are attributes only where they can be nothing else: `## Props of {children}` and
//! `## The type struct{}` are text. [`take`] is the entry point.

use memchr::memmem;
use pulldown_cmark::CowStr;

use super::image;
use super::tree::{Block, Heading, Inline, InlineKind, Style, Text};
use super::visit::for_each_text_mut;
use crate::text::Span;

/// The text of a table's caption, which is a paragraph below it that begins so, as in Pandoc's Markdown. It can end with
/// `{#id}`.
pub fn table_caption(paragraph: &str) -> Option<&str> {
    paragraph.strip_prefix("Table:").or_else(|| paragraph.strip_prefix(": ")).map(str::trim_start)
}

/// What is in the braces after a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes<'t> {
    /// `#name`, or `id="name"`.
    pub id: Option<&'t str>,
    /// `.name`, or `class="name name"`.
    pub classes: Vec<&'t str>,
    /// `old="name name"`: ids that the heading had before.
    pub old_ids: Vec<&'t str>,
    /// Others that any element may have: `lang`, `dir`, `title`, and those that begin with `data-`.
    pub others: Vec<(&'t str, &'t str)>,
}

/// Whether a heading, as it is written, may end with attributes.
pub fn may_end(heading: &str) -> bool {
    heading.trim_end_matches(['=', '-', '#', '>', ' ', '\t', '\n', '\r']).ends_with('}')
}

/// Takes the attributes off the end of a heading, which is at `span` of the chapter.
pub fn take<'a>(heading: &mut Heading<'a>, span: Span, chapter: &'a str) {
    let Some((start, first)) = last_text(heading, chapter) else { return };
    let end = heading.text.last().map_or(start, |inline| inline.span.end);
    let Some((rest, attributes)) = split(&chapter[start..end]) else { return };
    if rest.is_empty() && chapter[..start].ends_with('\\') {
        return;
    }

    // Braces begin in text of the heading itself: `*a {#b*}` is emphasised.
    let rest_end = start + rest.len();
    let begins = heading.text[first..].iter().find(|inline| rest_end < inline.span.end);
    if !begins.is_some_and(|inline| matches!(inline.kind, InlineKind::Text(_))) {
        return;
    }

    let mut rest = rest.trim_end();
    if chapter[span.start..].starts_with('#') {
        rest = without_closing(rest, &heading.text[..first]);
    }
    heading.id = attributes.id.map(str::to_owned);
    heading.classes = attributes.classes;
    heading.old_ids = attributes.old_ids;
    heading.attributes = attributes.others;
    keep_until(&mut heading.text, start + rest.len(), chapter);
}

/// Leaves of inline content what comes before a place of the chapter, which is in its text or where that ends.
fn keep_until<'a>(text: &mut Text<'a>, end: usize, chapter: &'a str) {
    text.retain(|inline| inline.span.start < end);
    if let Some(last) = text.last_mut()
        && last.span.end > end
    {
        last.span.end = end;
        last.kind = InlineKind::Text(CowStr::Borrowed(&chapter[last.span.start..end]));
    }
}

/// Where the end of a heading begins in the chapter that is shown as it is written, and the first of the inlines that
/// it is. What is emphasised counts too: the id `__init__` looks like that.
fn last_text(heading: &Heading<'_>, chapter: &str) -> Option<(usize, usize)> {
    let end = heading.text.last()?.span.end;
    let (mut start, mut first) = (end, heading.text.len());
    for (at, inline) in heading.text.iter().enumerate().rev() {
        if inline.span.end != start || !is_written(inline, chapter) {
            break;
        }
        (start, first) = (inline.span.start, at);
    }
    chapter[start..end].ends_with('}').then_some((start, first))
}

/// Whether an inline is text as it is written, or such text that is emphasised.
fn is_written(inline: &Inline<'_>, chapter: &str) -> bool {
    match &inline.kind {
        InlineKind::Text(text) => chapter.get(inline.span.start..inline.span.end) == Some(&**text),
        InlineKind::Styled(Style::Emphasis | Style::Strong, text) => {
            text.iter().all(|inline| is_written(inline, chapter))
        }
        _ => false,
    }
}

/// The text at the end of a heading without the signs that close it: `Keys ##`.
fn without_closing<'t>(text: &'t str, before: &[Inline<'_>]) -> &'t str {
    let bare = text.trim_end_matches('#');
    let is_closing = bare.ends_with([' ', '\t']) || bare.is_empty() && before.is_empty();
    if is_closing { bare.trim_end() } else { text }
}

/// Parts text from the attributes after it, if there are some and nothing else.
pub fn split(text: &str) -> Option<(&str, Attributes<'_>)> {
    let open = text.strip_suffix('}')?.rfind('{')?;
    let inner = &text[open + 1..text.len() - 1];
    let mut words = inner.strip_prefix(':').unwrap_or(inner).trim();

    let mut attributes = Attributes::default();
    if words.is_empty() {
        return None;
    }
    while !words.is_empty() {
        words = attributes.word(words)?.trim_start();
    }
    Some((&text[..open], attributes))
}

/// Takes the attributes off the text after images, and gives them to these.
pub fn take_of_images<'a>(blocks: &mut [Block<'a>], chapter: &'a str) {
    if memmem::find(chapter.as_bytes(), b"){").is_some() || memmem::find(chapter.as_bytes(), b"]{").is_some()
    {
        for_each_text_mut(blocks, &mut |text| take_in_text(text, chapter));
    }
}

fn take_in_text<'a>(text: &mut Text<'a>, chapter: &'a str) {
    for at in 0..text.len() {
        let (before, after) = text.split_at_mut(at + 1);
        let end = before[at].span.end;
        let image = match &mut before[at].kind {
            InlineKind::Image(target, _) => target,
            InlineKind::Link(_, _, inner) | InlineKind::Styled(_, inner) => {
                take_in_text(inner, chapter);
                continue;
            }
            _ => continue,
        };

        // Only text as it is written right after the image: an entity, or what comes after a backslash, is no brace.
        let is_next = |next: &&mut Inline<'a>| next.span.start == end && is_written(next, chapter);
        let Some(next) = after.first_mut().filter(is_next) else { continue };
        if let InlineKind::Text(_) = next.kind
            && let Some((attributes, rest)) = image::read(&chapter[next.span.start..next.span.end])
        {
            image.attributes = attributes;
            next.span.start = next.span.end - rest.len();
            next.kind = InlineKind::Text(CowStr::Borrowed(rest));
        }
    }
    text.retain(|inline| !matches!(&inline.kind, InlineKind::Text(text) if text.is_empty()));
}

impl<'t> Attributes<'t> {
    /// Reads the first of some words, and returns what is after it; none if it is no attribute.
    fn word(&mut self, words: &'t str) -> Option<&'t str> {
        let space = words.find(char::is_whitespace).unwrap_or(words.len());
        let (word, rest) = words.split_at(space);
        let name = |word: &'t str| {
            Some(word).filter(|word| !word.is_empty() && !word.contains(['#', '"', '\'', '=']))
        };
        // `{...}` and `{.*}` are no classes.
        let begins =
            |class: &str| class.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':'));

        if let Some(id) = word.strip_prefix('#') {
            self.id = Some(name(id)?);
            return Some(rest);
        }
        if let Some(class) = word.strip_prefix('.') {
            self.classes.push(name(class).filter(|class| begins(class))?);
            return Some(rest);
        }

        let (key, value) = words.split_once('=').filter(|(key, _)| !key.contains(char::is_whitespace))?;
        let (value, rest) = match value.chars().next().filter(|quote| ['"', '\''].contains(quote)) {
            Some(quote) => value[1..].split_once(quote)?,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };

        let is_data = || {
            key.strip_prefix("data-")
                .is_some_and(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        };

        match key {
            "id" if !value.is_empty() && !value.contains(char::is_whitespace) => self.id = Some(value),
            "class" => self.classes.extend(value.split_whitespace()),
            "old" => self.old_ids.extend(value.split_whitespace()),
            "lang" | "dir" | "title" if !value.is_empty() => self.others.push((key, value)),
            _ if is_data() => self.others.push((key, value)),
            _ => return None,
        }
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_attributes_only_where_they_can_be_nothing_else() {
        for text in [
            "Props of {children}",
            "A set {1,2}",
            "struct{}",
            "{onclick=alert(1)}",
            "{#}",
            "{.}",
            "{ }",
            "Templates {...}",
            "Properties \\p{...}",
            "M {lang=}",
            "M {.*}",
            "a {#b} c",
            "{#a",
        ] {
            assert_eq!(split(text), None, "{text}");
        }

        let keys = Attributes { id: Some("keys"), ..Attributes::default() };
        for text in
            ["Keys {#keys}", "Keys { #keys }", "Keys {: #keys}", "Keys {id=keys}", "Keys { id=\"keys\" }"]
        {
            let (rest, attributes) = split(text).expect("attributes");
            assert_eq!((rest, attributes), ("Keys ", keys.clone()), "{text}");
        }

        let (_, many) = split("K {.a #k .b lang=\"de AT\" data-x=1}").expect("attributes");
        assert_eq!(
            (many.id, many.classes, many.others),
            (Some("k"), vec!["a", "b"], vec![("lang", "de AT"), ("data-x", "1")])
        );
    }
}
