//! Attributes of headings: `## Keys {#ssh-keys .long}`.
//!
//! Braces at the end of a heading are attributes only where they can be nothing else: `## Props of {children}` and
//! `## The type struct{}` are text. [`read`] is the entry point.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::items::{Item, ItemKind};

/// What stands in the braces behind a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes<'t> {
    /// `#name`, or `id="name"`.
    pub id: Option<&'t str>,
    /// `.name`, or `class="name name"`.
    pub classes: Vec<&'t str>,
    /// Others that may stand at any element: `lang`, `dir`, `title`, and those that begin with `data-`.
    pub others: Vec<(&'t str, &'t str)>,
}

/// Whether a heading, as it is written, may end with attributes.
pub fn may_end(heading: &str) -> bool {
    heading.trim_end_matches(['=', '-', '#', '>', ' ', '\t', '\n', '\r']).ends_with('}')
}

/// Takes attributes off the ends of headings.
pub fn read<'a>(items: &mut Vec<Item<'a>>, text: &'a str) {
    let mut is_changed = false;
    let mut start = 0;
    for end in 0..items.len() {
        match items[end].markdown() {
            Some(Event::Start(Tag::Heading { .. })) => start = end,
            Some(Event::End(TagEnd::Heading(_))) => is_changed |= of_heading(&mut items[start..end], text),
            _ => {}
        }
    }
    if is_changed {
        items.retain(|item| !matches!(item.markdown(), Some(Event::Text(text)) if text.is_empty()));
    }
}

/// Takes the attributes off the end of one heading; tells whether it had some.
fn of_heading<'a>(heading: &mut [Item<'a>], text: &'a str) -> bool {
    let Some(whole) = heading.first().and_then(|item| text.get(item.span.start..item.span.end)) else {
        return false;
    };
    let Some((range, pieces)) = last_text(heading, text) else { return false };
    let last = &text[range.clone()];
    let is_escaped = |at: usize| at == 0 && text[..range.start].ends_with('\\');
    let Some((rest, attributes)) = split(last).filter(|(rest, _)| !is_escaped(rest.len())) else {
        return false;
    };
    let mut rest = rest.trim_end();
    if whole.starts_with('#') {
        rest = without_closing(rest, pieces.start == 1);
    }
    let piece = |text: &'a str| CowStr::Borrowed(text);
    if let ItemKind::Markdown(Event::Start(Tag::Heading { id, classes, attrs, .. })) = &mut heading[0].event {
        *id = attributes.id.map(piece);
        *classes = attributes.classes.into_iter().map(piece).collect();
        *attrs =
            attributes.others.into_iter().map(|(name, value)| (piece(name), Some(piece(value)))).collect();
    }
    let mut left = rest.len();
    for item in &mut heading[pieces] {
        let kept = left.min(item.span.end - item.span.start);
        item.span.end = item.span.start + kept;
        item.event = ItemKind::Markdown(Event::Text(piece(&text[item.span.start..item.span.end])));
        left -= kept;
    }
    true
}

/// The text at the end of a heading as it stands in the chapter, and the items that it is.
fn last_text(heading: &[Item<'_>], text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let end = heading.last()?.span.end;
    let (mut from, mut first) = (end, heading.len());
    for (at, item) in heading.iter().enumerate().rev() {
        let is_plain = |piece: &str| text.get(item.span.start..item.span.end) == Some(piece);
        match item.markdown() {
            Some(Event::Text(piece)) if item.span.end == from && is_plain(piece) => {
                (from, first) = (item.span.start, at);
            }
            _ => break,
        }
    }
    text[from..end].ends_with('}').then_some((from..end, first..heading.len()))
}

/// A heading's text without the signs that close it: `Keys ##`.
fn without_closing(text: &str, is_whole: bool) -> &str {
    let bare = text.trim_end_matches('#');
    let is_closing = bare.ends_with([' ', '\t']) || bare.is_empty() && is_whole;
    if is_closing { bare.trim_end() } else { text }
}

/// Parts text from the attributes behind it, if there are some and nothing else.
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

impl<'t> Attributes<'t> {
    /// Reads the first of some words, and gives what is behind it; none if it is no attribute.
    fn word(&mut self, words: &'t str) -> Option<&'t str> {
        let space = words.find(char::is_whitespace).unwrap_or(words.len());
        let (word, rest) = words.split_at(space);
        let name = |word: &'t str| {
            Some(word).filter(|word| !word.is_empty() && !word.contains(['#', '"', '\'', '=']))
        };
        if let Some(id) = word.strip_prefix('#') {
            self.id = Some(name(id)?);
            return Some(rest);
        }
        if let Some(class) = word.strip_prefix('.') {
            self.classes.push(name(class)?);
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
            "lang" | "dir" | "title" => self.others.push((key, value)),
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
