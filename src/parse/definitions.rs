//! Definition lists, as authors know them from PHP Markdown Extra and its kin.
//!
//! The parser takes every colon at the beginning of a line for that of a definition. There must be a space behind
//! it: `:rocket:` and `:::tip` are text. Such colons are [hidden](Hidden) from the parser, and shown again in what it
//! makes of the chapter. Terms on lines of their own above one definition are [parted](terms_by_line).

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};

use super::Options;
use super::items::{Item, ItemKind, dialect};
use crate::text::Span;

/// How often a chapter is looked at: where one colon is hidden, another one can become that of a definition.
const ROUNDS: usize = 4;

/// A chapter in which some colons stand for text.
#[derive(Debug)]
pub struct Hidden {
    /// The chapter, with another sign in the place of such a colon.
    pub text: String,
    sign: char,
}

impl Hidden {
    /// Hides the colons that begin no definition from the parser; none if there are no such.
    pub fn find(text: &str, body: Span, options: &Options) -> Option<Hidden> {
        // A character that nobody writes, as long as a colon.
        let sign = ('\u{1}'..='\u{8}').find(|sign| !text.contains(*sign))?;
        let mut hidden = text.to_owned();
        for _ in 0..ROUNDS {
            let found = unspaced(&hidden[body.start..body.end], options);
            if found.is_empty() {
                break;
            }
            for at in found {
                hidden.replace_range(body.start + at..=body.start + at, sign.encode_utf8(&mut [0; 1]));
            }
        }
        hidden.contains(sign).then_some(Hidden { text: hidden, sign })
    }

    /// Shows the colons again.
    pub fn show(&self, items: &mut [Item<'_>]) {
        for item in items {
            let ItemKind::Markdown(event) = &mut item.event else { continue };
            let text = match event {
                Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => text,
                Event::InlineMath(text) | Event::DisplayMath(text) => text,
                Event::Start(Tag::Link { title, .. } | Tag::Image { title, .. }) => title,
                _ => continue,
            };
            if text.contains(self.sign) {
                *text = CowStr::from(text.replace(self.sign, ":"));
            }
        }
    }
}

/// Whether the parser took a colon without a space behind it for that of a definition.
pub fn hold_unspaced(items: &[Item<'_>], text: &str) -> bool {
    let is_definition =
        |item: &&Item<'_>| matches!(item.markdown(), Some(Event::Start(Tag::DefinitionListDefinition)));
    items.iter().filter(is_definition).any(|item| unspaced_colon(text, item.span.start).is_some())
}

/// Where the colon of a definition stands that begins at a place, if there is no space behind it.
fn unspaced_colon(text: &str, start: usize) -> Option<usize> {
    let colon = start + text.get(start..)?.find(':')?;
    (!text[colon + 1..].starts_with([' ', '\t'])).then_some(colon)
}

/// Where the parser takes a colon without a space behind it for that of a definition.
fn unspaced(text: &str, options: &Options) -> Vec<usize> {
    let definitions =
        Parser::new_ext(text, dialect(options)).into_offset_iter().filter_map(|(event, span)| {
            matches!(event, Event::Start(Tag::DefinitionListDefinition)).then_some(span.start)
        });
    definitions.filter_map(|start| unspaced_colon(text, start)).collect()
}

/// Parts the terms that stand on lines of their own above one definition.
pub fn terms_by_line(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let starts = |item: &Item<'_>| matches!(item.markdown(), Some(Event::Start(Tag::DefinitionListTitle)));
    let ends = |item: &Item<'_>| matches!(item.markdown(), Some(Event::End(TagEnd::DefinitionListTitle)));
    if !items.iter().any(starts) {
        return items;
    }
    let mut in_title = false;
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        in_title = starts(&item) || in_title && !ends(&item);
        if in_title && matches!(item.markdown(), Some(Event::SoftBreak | Event::HardBreak)) {
            let next = Span::new(item.span.end, item.span.end);
            let edges = [
                (Event::End(TagEnd::DefinitionListTitle), item.span),
                (Event::Start(Tag::DefinitionListTitle), next),
            ];
            out.extend(edges.map(|(event, span)| Item::new(ItemKind::Markdown(event), span)));
        } else {
            out.push(item);
        }
    }
    out
}
