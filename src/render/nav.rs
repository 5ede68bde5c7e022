//! The way through the book: how a page links to others, and the lists of parts and chapters beside its text.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::job::{ChapterJob, Frame, Line, Listing, PartHead, Pointer, Spot};
use super::print::{self, Numbers, PRINT};
use super::template::Ready;
use super::view::{EntryView, LinkView, NavView, PartView};
use crate::text::{Digest, Hashed, url};

/// A list on a page holds at most this many lines around the current one, so that a book's output grows
/// with its size and not with the square of it.
const WINDOW: usize = 60;

/// How a page links to addresses of the site.
pub enum Way<'a> {
    /// Relative to this address.
    Relative(&'a str),
    /// Below this path, which begins and ends with `/`.
    Absolute(&'a str),
    /// On the page for print, where chapters are places.
    Within(&'a Numbers<'a>),
}

impl Way<'_> {
    /// The URL of an address.
    pub fn to(&self, address: &str) -> String {
        match self {
            Way::Relative(page) => url::relative(page, address),
            Way::Absolute(path) => format!("{path}{}", url::encode_path(address)),
            Way::Within(numbers) => match numbers.get(address) {
                Some(number) => format!("#{}", print::id(*number)),
                None => url::relative(PRINT, address),
            },
        }
    }

    /// A link to a page.
    pub fn link(&self, pointer: &Pointer) -> LinkView {
        LinkView {
            title: pointer.title.clone(),
            url: pointer.address.as_ref().map(|address| self.to(address)),
        }
    }

    /// The folder that the page's own one is in, and the page's own one; none of a page at the root.
    fn folders(&self) -> Option<(&str, &str)> {
        let Way::Relative(page) = self else { return None };
        let own = &page[..page.rfind('/')? + 1];
        Some((&own[..own[..own.len() - 1].rfind('/').map_or(0, |at| at + 1)], own))
    }
}

/// The lists of a book as pages see them, remembered.
#[derive(Debug, Default)]
pub struct Outlooks {
    parts: Outlook<PartView>,
    entries: Outlook<EntryView>,
}

/// Lists as the pages in one folder see them, by the list and the folder. URLs are relative, so these pages see
/// a list alike, but for the lines that lead to a page itself, or below it.
#[derive(Debug)]
struct Outlook<V>(Mutex<HashMap<(Digest, String), Seen<V>>>);

/// A list as the pages in one folder see it.
type Seen<V> = Arc<[Ready<V>]>;

/// How many lists are remembered. Pages are made folder by folder.
const REMEMBERED: usize = 64;

impl<V> Default for Outlook<V> {
    fn default() -> Self {
        Outlook(Mutex::default())
    }
}

impl<V: Clone + Serialize> Outlook<V> {
    /// A stretch of a list as a page sees it.
    fn of<L: Listed<View = V>>(
        &self,
        list: &Hashed<Vec<L>>,
        shown: Range<usize>,
        way: &Way<'_>,
    ) -> Vec<Ready<V>> {
        match way.folders() {
            // Of a long list, every page shows another stretch.
            Some((parent, own)) if shown.len() == list.len() => {
                let seen = self.seen(list, parent);
                let lines = list.iter().zip(seen.iter());
                let line = |(line, seen): (&L, &Ready<V>)| match line.leads_into(own) {
                    true => line.ready(way),
                    false => seen.clone(),
                };
                lines.map(line).collect()
            }
            _ => list[shown].iter().map(|line| line.ready(way)).collect(),
        }
    }

    /// A list as it is seen from a folder in this one.
    fn seen<L: Listed<View = V>>(&self, list: &Hashed<Vec<L>>, parent: &str) -> Seen<V> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (list.digest(), parent.to_owned());
        if let Some(seen) = known.get(&key) {
            return Arc::clone(seen);
        }
        // No page is here: a control character stands in no address.
        let page = format!("{parent}\0/");
        let seen: Seen<V> = list.iter().map(|line| line.ready(&Way::Relative(&page))).collect();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, Arc::clone(&seen));
        seen
    }
}

/// A line of a list.
trait Listed {
    /// What a template sees of it.
    type View: Serialize;

    /// Whether it leads into a folder.
    fn leads_into(&self, folder: &str) -> bool;

    /// The line on a page that is not the one it stands for.
    fn view(&self, way: &Way<'_>) -> Self::View;

    /// The same, ready for templates.
    fn ready(&self, way: &Way<'_>) -> Ready<Self::View> {
        Ready::new(&self.view(way))
    }
}

impl Listed for Line {
    type View = EntryView;

    fn leads_into(&self, folder: &str) -> bool {
        self.address.as_ref().is_some_and(|address| address.starts_with(folder))
    }

    fn view(&self, way: &Way<'_>) -> EntryView {
        EntryView {
            title: self.title.clone(),
            url: self.address.as_ref().map(|address| way.to(address)),
            depth: self.depth,
            current: false,
            planned: self.planned,
            draft: self.draft,
            description: None,
        }
    }
}

impl Listed for PartHead {
    type View = PartView;

    fn leads_into(&self, folder: &str) -> bool {
        let own = self.address.as_ref().is_some_and(|address| address.starts_with(folder));
        own || self.lines.iter().any(|line| line.leads_into(folder))
    }

    fn view(&self, way: &Way<'_>) -> PartView {
        PartView {
            title: self.title.clone(),
            url: self.address.as_ref().map(|address| way.to(address)),
            current: false,
            description: None,
            folded: self.has_lines && self.lines.is_empty(),
            entries: self.lines.iter().map(|line| line.ready(way)).collect(),
            before: 0,
            after: 0,
        }
    }
}

/// The lists on a chapter's page: the parts, with the lines of the chapter's own one around it.
pub fn of_chapter(job: &ChapterJob, way: &Way<'_>, outlooks: &Outlooks) -> NavView {
    let heads = &job.frame.parts;
    let Some(Spot { part, lines, line: current }) = &job.place else {
        return parts(heads, None, |shown| outlooks.parts.of(heads, shown, way));
    };
    let shown = window(lines.len(), current.unwrap_or(0));
    let (before, after) = (shown.start, lines.len() - shown.end);
    let mut entries = outlooks.entries.of(lines, shown, way);
    if let Some(current) = current {
        entries[current - before] = Ready::new(&EntryView { current: true, ..lines[*current].view(way) });
    }
    let own = PartView { current: true, folded: false, entries, before, after, ..heads[*part].view(way) };
    parts(heads, Some((*part, own)), |shown| outlooks.parts.of(heads, shown, way))
}

/// The parts, on a page that is in none.
pub fn of_list(frame: &Frame, way: &Way<'_>) -> NavView {
    parts(&frame.parts, None, |shown| frame.parts[shown].iter().map(|head| head.ready(way)).collect())
}

/// The parts around the current one; `others` tells how all look that are not.
fn parts(
    heads: &[PartHead],
    current: Option<(usize, PartView)>,
    others: impl FnOnce(Range<usize>) -> Vec<Ready<PartView>>,
) -> NavView {
    let shown = window(heads.len(), current.as_ref().map_or(0, |(number, _)| *number));
    let more = heads.len() - shown.len();
    // A part without a title is nothing but its chapters.
    let part = |(number, other): (usize, _)| match (&current, &heads[number]) {
        (Some((own, part)), _) if *own == number => {
            (part.title.is_some() || !part.entries.is_empty()).then(|| Ready::new(part))
        }
        (_, head) => (head.title.is_some() || !head.lines.is_empty()).then_some(other),
    };
    NavView { parts: shown.clone().zip(others(shown)).filter_map(part).collect(), more }
}

/// The stretch of a list that is shown around its current line.
fn window(length: usize, current: usize) -> Range<usize> {
    if length <= WINDOW {
        return 0..length;
    }
    let start = current.saturating_sub(WINDOW / 2).min(length - WINDOW);
    start..start + WINDOW
}

/// A part as the contents page lists it.
pub fn listing(listing: &Listing, way: &Way<'_>) -> PartView {
    let described = |line: &Line| EntryView { description: line.description.clone(), ..line.view(way) };
    PartView {
        title: listing.title.clone(),
        url: listing.address.as_ref().map(|address| way.to(address)),
        current: false,
        description: listing.description.clone(),
        folded: false,
        entries: listing.lines.iter().map(|line| Ready::new(&described(line))).collect(),
        before: 0,
        after: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_a_page_sees() {
        let line = |address: &str| Line {
            title: String::new(),
            address: Some(address.to_owned()),
            depth: 0,
            planned: false,
            draft: false,
            description: None,
        };
        let addresses = ["", "a/", "a/b/", "a/bc/", "a/b/d/", "a/e.html", "f/", "g.html"];
        let list = Hashed::new(addresses.map(line).to_vec());
        let json = |lines: Vec<Ready<EntryView>>| serde_json::to_value(&lines).expect("JSON");
        let outlook = Outlook::default();
        for page in addresses.iter().chain(&addresses) {
            let way = Way::Relative(page);
            let seen = list.iter().map(|line| line.ready(&way)).collect();
            assert_eq!(json(outlook.of(&list, 0..list.len(), &way)), json(seen), "from `{page}`");
        }
    }
}
