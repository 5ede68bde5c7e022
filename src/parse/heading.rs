//! Headings: their ids, their levels on the page, and which of them is the chapter's title.
//!
//! Ids are those that code hosts make, so that links with anchors work there and here. The top level of
//! the body becomes h2 under the page's h1, whatever it was; ids do not change by that.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::address::is_index;
use super::document::{Heading, Segment, Title};
use super::front_matter::FrontMatter;
use super::items::{Item, ItemKind};
use super::math::Converter;
use super::raw_html;
use crate::text::html::{Within, escape, escape_into};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, slug};

/// A chapter's title and headings.
#[derive(Debug)]
pub struct Outline<'a> {
    /// The title. Of a heading that was taken out of the items, its HTML is still to be written.
    pub title: Title,
    /// The inlines of that heading.
    pub lifted: Vec<Item<'a>>,
    /// The headings of the body.
    pub headings: Vec<Heading>,
}

/// A heading among the items.
struct Found {
    /// Where its start is.
    at: usize,
    /// Where its end is.
    end: usize,
    level: u8,
    phrase: Phrase,
}

/// Inline content as text and as HTML.
#[derive(Default)]
pub(super) struct Phrase {
    pub(super) text: String,
    pub(super) html: String,
}

/// Gives every heading its id and level, and takes the one that is the page's title out of the items.
pub fn outline<'a>(
    source: &Arc<Source>,
    items: &mut Vec<Item<'a>>,
    front: &FrontMatter,
    faults: &mut Vec<Diagnostic>,
) -> Outline<'a> {
    let (mut found, taken) = find(items);
    let mut ids = assign_ids(items, &found, taken, source, faults);
    // A TODO list's heading is no title: it goes when TODO lists are hidden.
    let is_todo =
        |heading: &Found| matches!(items[..heading.at].last(), Some(Item { event: ItemKind::TodoStart, .. }));
    let first = found.iter().position(|heading| !is_todo(heading));
    let title = match (&front.title, first.map(|at| (at, &found[at]))) {
        (Some(title), first) => {
            let same =
                first.filter(|(_, first)| first.phrase.text == *title && opens_chapter(items, first.at));
            let html = vec![Segment::Html(escape(title))];
            Title { text: title.clone(), html, id: same.map(|(at, _)| ids[at].clone()) }
        }
        (None, Some((at, first))) if !first.phrase.text.is_empty() => Title {
            text: first.phrase.text.clone(),
            html: vec![Segment::Html(first.phrase.html.clone())],
            id: opens_chapter(items, first.at).then(|| ids[at].clone()),
        },
        (None, _) => {
            let text = name_in_words(&source.path);
            Title { html: vec![Segment::Html(escape(&text))], text, id: None }
        }
    };
    let lifted = first.filter(|_| title.id.is_some()).map(|at| {
        ids.remove(at);
        found.remove(at)
    });
    // What is below the title begins with h2, and so does what is beside it.
    let is_beside = |heading: &Found| lifted.as_ref().is_none_or(|title| heading.level <= title.level);
    let below = found.iter().position(is_beside).unwrap_or(found.len());
    let top = |headings: &[Found]| headings.iter().map(|heading| heading.level).min().unwrap_or(2);
    let tops = [top(&found[..below]), top(&found[below..])];
    let mut headings = Vec::with_capacity(found.len());
    for (number, (heading, id)) in found.into_iter().zip(ids).enumerate() {
        let level = (heading.level + 2 - tops[usize::from(number >= below)]).clamp(2, 6);
        set(items, heading.at, level, &id);
        headings.push(Heading { level, id, html: heading.phrase.html });
    }
    let lifted = lifted.map(|lifted| items.drain(lifted.at..=lifted.end).collect::<Vec<_>>());
    let is_edge = |item: &Item<'_>| {
        let event = item.markdown();
        matches!(event, Some(Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_))))
    };
    let inlines = lifted.into_iter().flatten().filter(|item| !is_edge(item)).collect();
    Outline { title, lifted: inlines, headings }
}

/// Finds the headings, and the ids that raw HTML has.
fn find(items: &[Item<'_>]) -> (Vec<Found>, HashSet<String>) {
    let mut found: Vec<Found> = Vec::new();
    let mut ids = HashSet::new();
    let mut open: Option<Found> = None;
    for (at, item) in items.iter().enumerate() {
        match item.markdown() {
            Some(Event::Start(Tag::Heading { level, .. })) => {
                open = Some(Found { at, end: at, level: *level as u8, phrase: Phrase::default() });
            }
            Some(Event::End(TagEnd::Heading(_))) => {
                if let Some(mut heading) = open.take() {
                    heading.end = at;
                    heading.phrase.text = heading.phrase.text.trim().to_owned();
                    found.push(heading);
                }
            }
            event => {
                if let Some(Event::Html(html) | Event::InlineHtml(html)) = event {
                    let anchors = raw_html::attributes(html, Within::Text)
                        .into_iter()
                        .filter(raw_html::Attribute::is_anchor);
                    ids.extend(anchors.map(|attribute| attribute.value.to_owned()));
                }
                if let Some(heading) = &mut open {
                    heading.phrase.push(&item.event);
                }
            }
        }
    }
    (found, ids)
}

impl Phrase {
    pub(super) fn push(&mut self, event: &ItemKind<'_>) {
        match event {
            ItemKind::MarkStart => self.html.push_str("<mark>"),
            ItemKind::MarkEnd => self.html.push_str("</mark>"),
            ItemKind::Placeholder(name) => {
                self.text.push_str(&format!("<{name}>"));
                self.html.push_str(&format!("&lt;{name}&gt;"));
            }
            ItemKind::Markdown(Event::Text(text)) => self.push_text(text),
            ItemKind::Term(term) => self.push_text(term),
            ItemKind::Markdown(Event::Code(code)) => {
                self.text.push_str(code);
                self.html.push_str("<code>");
                escape_into(&mut self.html, code);
                self.html.push_str("</code>");
            }
            ItemKind::Markdown(Event::InlineMath(latex) | Event::DisplayMath(latex)) => {
                self.text.push_str(latex);
                match Converter::new().convert(latex, false) {
                    Ok(formula) => self.html.push_str(&formula.mathml),
                    Err(_) => escape_into(&mut self.html, latex),
                }
            }
            ItemKind::Markdown(Event::SoftBreak | Event::HardBreak) => {
                self.text.push(' ');
                self.html.push(' ');
            }
            ItemKind::Markdown(Event::Start(tag)) => {
                self.html.push_str(edge(&tag.to_end(), ["<em>", "<strong>", "<del>"]))
            }
            ItemKind::Markdown(Event::End(tag)) => {
                self.html.push_str(edge(tag, ["</em>", "</strong>", "</del>"]))
            }
            _ => {}
        }
    }

    fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
        escape_into(&mut self.html, text);
    }
}

fn edge(tag: &TagEnd, [em, strong, del]: [&'static str; 3]) -> &'static str {
    match tag {
        TagEnd::Emphasis => em,
        TagEnd::Strong => strong,
        TagEnd::Strikethrough => del,
        _ => "",
    }
}

/// Whether nothing that a reader sees comes before an item: nothing but comments, and places that old links lead to.
fn opens_chapter(items: &[Item<'_>], at: usize) -> bool {
    items[..at].iter().all(|item| match item.markdown() {
        Some(Event::Start(Tag::HtmlBlock | Tag::Paragraph)) => true,
        Some(Event::End(TagEnd::HtmlBlock | TagEnd::Paragraph) | Event::SoftBreak) => true,
        Some(Event::Html(html) | Event::InlineHtml(html)) => is_unseen(html.trim()),
        _ => false,
    })
}

/// Whether HTML is a comment, or tags of an `<a>` or `<span>` that leads nowhere. What could be seen of it is text.
fn is_unseen(html: &str) -> bool {
    let is_place = |tag: &str| {
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        matches!(name, Some("a" | "span")) && !tag.contains("href")
    };
    let mut tags = html.split('<');
    html.starts_with("<!--")
        || tags.next() == Some("") && tags.all(|tag| tag.trim_end().strip_suffix('>').is_some_and(is_place))
}

/// Ids for all headings, in order: the author's own, else the code hosts', numbered where taken.
fn assign_ids(
    items: &[Item<'_>],
    found: &[Found],
    mut taken: HashSet<String>,
    source: &Arc<Source>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let mut explicit = vec![None; found.len()];
    for (heading, slot) in found.iter().zip(&mut explicit) {
        let Some(Event::Start(Tag::Heading { id: Some(id), .. })) = items[heading.at].markdown() else {
            continue;
        };
        if taken.insert(id.to_string()) {
            *slot = Some(id.to_string());
        } else {
            faults.push(duplicate_id(id, source, items[heading.at].span));
        }
    }
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut automatic = |text: &str| {
        let slug = match slug::anchor(text) {
            slug if slug.is_empty() => "section".to_owned(),
            slug => slug,
        };
        let number = numbers.entry(slug.clone()).or_insert(0);
        loop {
            let id = if *number == 0 { slug.clone() } else { format!("{slug}-{number}") };
            *number += 1;
            if taken.insert(id.clone()) {
                return id;
            }
        }
    };
    let ids = found.iter().zip(explicit);
    ids.map(|(heading, id)| id.unwrap_or_else(|| automatic(&heading.phrase.text))).collect()
}

/// The warning of an id that is on the page already.
pub fn duplicate_id(id: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::DuplicateId, format!("the id `{id}` is on this page already"))
        .at(source, span)
        .hint("links to it lead to the first one; give this one another")
}

fn set(items: &mut [Item<'_>], at: usize, new_level: u8, new_id: &str) {
    let shifted = match new_level {
        2 => HeadingLevel::H2,
        3 => HeadingLevel::H3,
        4 => HeadingLevel::H4,
        5 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    };
    for item in &mut items[at..] {
        match &mut item.event {
            ItemKind::Markdown(Event::Start(Tag::Heading { level, id, .. })) => {
                *level = shifted;
                *id = Some(new_id.to_owned().into());
            }
            ItemKind::Markdown(Event::End(TagEnd::Heading(level))) => {
                *level = shifted;
                return;
            }
            _ => {}
        }
    }
}

/// A title from a file's name: `02-ssh-keys.md` reads "Ssh keys"; an index is named by its folder.
fn name_in_words(path: &str) -> String {
    let mut names = path.rsplit('/');
    let last = slug::stem(names.next().unwrap_or_default());
    let folder = names.next().filter(|folder| is_index(last) && *folder != crate::read::layout::CONTENT);
    let name = folder.unwrap_or(last);
    let words = slug::without_number(name).replace(['-', '_'], " ");
    let words = words.trim();
    if words.is_empty() { name.to_owned() } else { slug::capitalised(words) }
}
