//! Headings: their ids, their levels on the page, and which of them is the chapter's title.
//!
//! Ids are those that code hosts make, so that links with anchors work there and here. The top level of
//! the body becomes h2 under the page's h1, whatever it was; ids do not change by that.

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::address::is_index;
use super::front_matter::FrontMatter;
use super::plain::{self, Purpose};
use super::tree::{Block, BlockKind, ChildrenMut, Inline, InlineKind, Text};
use super::visit::{for_each_block_mut, for_each_inline, for_each_text};
use crate::text::attributes::{self, Attribute};
use crate::text::html::Within;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, slug};

/// A chapter's title.
#[derive(Clone, Debug)]
pub struct ChapterTitle<'a> {
    /// As plain text.
    pub text: String,
    /// As plain text, as its author wrote it: its address is made from it.
    pub written: String,
    /// The id of the heading that it was, if the chapter begins with that.
    pub id: Option<String>,
    /// The ids that the heading had before. The page begins with it, where browsers stay for an id that is not there.
    pub old_ids: Vec<&'a str>,
    /// What it is as inline content.
    pub content: TitleContent<'a>,
}

/// A title as inline content.
#[derive(Clone, Debug)]
pub enum TitleContent<'a> {
    /// The text alone: from the front matter, or the file's name.
    Plain,
    /// That of the heading that was taken out of the text.
    Lifted(Text<'a>),
    /// That of a heading that is still in the text.
    OfHeading(Text<'a>),
}

impl<'a> ChapterTitle<'a> {
    fn new(text: String, id: Option<String>, content: TitleContent<'a>) -> Self {
        ChapterTitle { written: text.clone(), text, id, old_ids: Vec::new(), content }
    }
}

/// A heading of the chapter.
struct Found<'a> {
    level: u8,
    /// The text, plain.
    text: String,
    /// The inline content, if the heading may become the title.
    content: Option<Text<'a>>,
    /// The id that the author gave it, and where.
    explicit: Option<(String, Span)>,
    /// The ids that it had before.
    old_ids: Vec<&'a str>,
    /// Whether it is the title of a TODO list: that is hidden with the list.
    is_todo: bool,
    place: HeadingPlace,
}

/// Gives every heading its id and level, and takes the one that is the page's title out of the text.
pub fn outline<'a>(
    source: &Arc<Source>,
    blocks: &mut Vec<Block<'a>>,
    front: &FrontMatter,
    diagnostics: &mut Vec<Diagnostic>,
) -> ChapterTitle<'a> {
    let mut found = find(blocks);
    let ids = assign_ids(&found, html_ids(blocks), source, diagnostics);
    let first = found.iter().position(|heading| !heading.is_todo);
    let is_lifted = first.is_some_and(|at| is_title_of_page(&found, at));
    let mut title = title(source, front, is_lifted, first.map(|at| (&mut found[at], &ids[at])));

    let lifted = first.filter(|_| title.id.is_some());
    if let Some(lifted) = lifted {
        title.old_ids = found[lifted].old_ids.clone();
        let is_title = |block: &Block<'_>| matches!(block.kind, BlockKind::Heading(_));
        if let Some(at) = blocks.iter().position(is_title) {
            blocks.remove(at);
        }
    }

    let levels = page_levels(&found, lifted);
    let mut rest = ids.into_iter().zip(levels).enumerate().filter(|(at, _)| Some(*at) != lifted);
    for_each_block_mut(blocks, &mut |block| {
        if let BlockKind::Heading(heading) = &mut block.kind
            && let Some((_, (id, level))) = rest.next()
        {
            heading.id = Some(id);
            heading.level = level;
        }
    });
    title
}

/// Whether the first heading stands for the whole chapter: it begins with that, or there is no other of the highest level, and
/// what comes before it is a badge, a picture or a word.
fn is_title_of_page(found: &[Found<'_>], first: usize) -> bool {
    let is_only =
        |level: u8| found.iter().filter(|heading| !heading.is_todo && heading.level == level).count() == 1;
    match found[first].place {
        HeadingPlace::Opening => true,
        HeadingPlace::Later => found[first].level == 1 && is_only(1),
        HeadingPlace::Within | HeadingPlace::TodoTitle => false,
    }
}

/// The title: the author's own, else the first heading, else the file's name.
fn title<'a>(
    source: &Arc<Source>,
    front: &FrontMatter,
    is_lifted: bool,
    first: Option<(&mut Found<'a>, &String)>,
) -> ChapterTitle<'a> {
    if let Some(title) = &front.title {
        let same = first.filter(|(first, _)| is_lifted && first.text == *title);
        let Some((same, id)) = same else {
            return ChapterTitle::new(title.clone(), None, TitleContent::Plain);
        };
        let content = TitleContent::Lifted(same.content.take().unwrap_or_default());
        return ChapterTitle::new(title.clone(), Some(id.clone()), content);
    }

    match first.filter(|(first, _)| !first.text.is_empty()) {
        Some((first, id)) => {
            let text = first.text.clone();
            let content = first.content.take().unwrap_or_default();
            if is_lifted {
                ChapterTitle::new(text, Some(id.clone()), TitleContent::Lifted(content))
            } else {
                ChapterTitle::new(text, None, TitleContent::OfHeading(content))
            }
        }
        None => ChapterTitle::new(name_in_words(&source.path), None, TitleContent::Plain),
    }
}

/// The levels that headings have on the page. What is below the title begins with h2, and so does what is beside it.
fn page_levels(found: &[Found<'_>], lifted: Option<usize>) -> Vec<u8> {
    let title_level = lifted.map(|at| found[at].level);
    let is_beside = |(at, heading): (usize, &Found<'_>)| {
        Some(at) != lifted && title_level.is_none_or(|level| heading.level <= level)
    };

    let below = found.iter().enumerate().position(is_beside).unwrap_or(found.len());
    let top = |range: std::ops::Range<usize>| {
        let levels = range.filter(|at| Some(*at) != lifted).map(|at| found[at].level);
        levels.min().unwrap_or(2)
    };

    let tops = [top(0..below), top(below..found.len())];
    let level = |(at, heading): (usize, &Found<'_>)| {
        (heading.level + 2).saturating_sub(tops[usize::from(at >= below)]).clamp(2, 6)
    };
    found.iter().enumerate().map(level).collect()
}

/// Finds the headings, in order.
fn find<'a>(blocks: &mut [Block<'a>]) -> Vec<Found<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    let mut opens_chapter = true;
    for block in blocks.iter_mut() {
        let place = if opens_chapter { HeadingPlace::Opening } else { HeadingPlace::Later };
        find_in(block, place, &mut found);
        opens_chapter &= is_unseen_block(block);
    }
    found
}

/// Where a block is.
#[derive(Clone, Copy, PartialEq)]
enum HeadingPlace {
    /// At the beginning of the chapter: readers see nothing of what comes before it.
    Opening,
    /// Later in the chapter, in no other block.
    Later,
    /// In another block.
    Within,
    /// At the beginning of a TODO section.
    TodoTitle,
}

/// Finds the headings in a block.
fn find_in<'a>(block: &mut Block<'a>, place: HeadingPlace, found: &mut Vec<Found<'a>>) {
    let is_section = matches!(block.kind, BlockKind::Todo(_));
    if let BlockKind::Heading(heading) = &block.kind {
        let is_todo = place == HeadingPlace::TodoTitle;
        let may_be_title = !is_todo && found.iter().all(|heading| heading.is_todo);
        found.push(Found {
            level: heading.level,
            text: plain::text(&heading.text, Purpose::Name).trim().to_owned(),
            content: may_be_title.then(|| heading.text.clone()),
            explicit: heading.id.clone().map(|id| (id, block.span)),
            old_ids: heading.old_ids.clone(),
            is_todo,
            place,
        });
        return;
    }
    block.children_mut(&mut |children| {
        if let ChildrenMut::Blocks(blocks) = children {
            for (number, block) in blocks.iter_mut().enumerate() {
                let is_title = is_section && number == 0;
                find_in(block, if is_title { HeadingPlace::TodoTitle } else { HeadingPlace::Within }, found);
            }
        }
    });
}

/// The ids that raw HTML has.
fn html_ids(blocks: &[Block<'_>]) -> HashSet<String> {
    let mut ids = HashSet::default();
    for_each_text(blocks, &mut |text| {
        for_each_inline(text, &mut |inline| {
            let InlineKind::Html(html) = &inline.kind else { return };
            let attributes = attributes::attributes(html, Within::Text).into_iter();
            let anchors = attributes.filter(Attribute::is_anchor);
            ids.extend(anchors.map(|attribute| attribute.value.to_owned()));
        });
    });
    ids
}

/// Whether readers see nothing of a block: comments, and places that old links lead to.
fn is_unseen_block(block: &Block<'_>) -> bool {
    let (BlockKind::Html(text) | BlockKind::Paragraph(text)) = &block.kind else { return false };
    text.iter().all(|inline: &Inline<'_>| match &inline.kind {
        InlineKind::Html(html) => is_unseen(html.trim()),
        InlineKind::SoftBreak => true,
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
    found: &[Found<'_>],
    mut taken: HashSet<String>,
    source: &Arc<Source>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let mut explicit = vec![None; found.len()];
    for (heading, slot) in found.iter().zip(&mut explicit) {
        let Some((id, span)) = &heading.explicit else { continue };
        if taken.insert(id.clone()) {
            *slot = Some(id.clone());
        } else {
            diagnostics.push(duplicate_id(id, source, *span));
        }
    }

    // An automatic id is not one that another heading had before.
    taken.extend(found.iter().flat_map(|heading| &heading.old_ids).map(|id| (*id).to_owned()));

    let mut numbers: HashMap<String, usize> = HashMap::default();
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
    ids.map(|(heading, id)| id.unwrap_or_else(|| automatic(&heading.text))).collect()
}

/// The warning of an id that is on the page already.
pub fn duplicate_id(id: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::DuplicateId, format!("the id `{id}` is on this page already"))
        .at(source, span)
        .hint("links to it lead to the first one; give this one another")
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
