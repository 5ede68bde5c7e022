//! The urls through the book: the lists of parts and chapters beside the text of a page.

use std::cell::LazyCell;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::HashMap;

use super::urls::PageUrls;
use super::view::{EntryView, NavView, PartView, SidebarLineView, SidebarPartView};
use crate::bind::places::CONTENTS;
use crate::render::inputs::{ChapterJob, ContentsLine, Frame, PartContents, PartHead, SidebarPosition};
use crate::render::theme::template::Html;
use crate::text::{Diagnostic, Digest, Hashed};

/// A list on a page holds at most this many lines around the current one, so that a book's output grows
/// with its size and not with the square of it.
const WINDOW: usize = 60;

/// Few sidebars are longer, in bytes.
const ROOM: usize = 8 << 10;

/// The sidebar's lines as pages see them, remembered by the list that they are in and the folder of the pages.
/// URLs are relative, so these pages see a list alike, but for the lines that lead to a page itself, or below it; and
/// where a line leads to another top folder, all pages that are as deep see it alike.
#[derive(Debug, Default)]
pub struct SidebarCache(Mutex<HashMap<SidebarKey, CachedLines>>);

/// A list, the frame that it is shown in, and the folder that it is seen from.
#[derive(Debug, PartialEq, Eq, Hash)]
struct SidebarKey {
    list: Digest,
    site: Digest,
    theme: Digest,
    folder: String,
}

/// The lines of a list as HTML, each written when a page first shows it.
type CachedLines = Arc<[OnceLock<Result<String, Diagnostic>>]>;

/// A folder that no page is in: a control character stands in no address.
const NOWHERE: &str = "\0/";

/// How many lists are remembered. Pages are made folder by folder.
const REMEMBERED: usize = 64;

impl SidebarCache {
    /// Writes lines of a list as a page sees them that is none of them.
    fn write<L: Listed>(
        &self,
        out: &mut String,
        (list, shown): (&Hashed<Vec<L>>, Range<usize>),
        frame: &Frame,
        urls: &PageUrls<'_>,
    ) -> Result<(), Diagnostic> {
        let Some(own) = urls.folder() else {
            return list[shown]
                .iter()
                .try_for_each(|line| line.html(frame, urls).map(|html| out.push_str(&html)));
        };
        let slashes = || own.match_indices('/').map(|(at, _)| at + 1);
        let (top, parent) = (slashes().next().unwrap_or(0), slashes().nth_back(1).unwrap_or(0));
        let elsewhere = NOWHERE.repeat(slashes().count() - 1);
        let near = LazyCell::new(|| self.seen(list, frame, &own[..parent]));
        let far = LazyCell::new(|| self.seen(list, frame, &elsewhere));
        for at in shown {
            let line = &list[at];
            if line.leads_into(own) {
                out.push_str(&line.html(frame, urls)?);
                continue;
            }
            let (folder, seen) = if line.leads_into(&own[..top]) {
                (&own[..parent], &near[at])
            } else {
                (&*elsewhere, &far[at])
            };
            let html =
                seen.get_or_init(|| line.html(frame, &PageUrls::Relative(&[folder, NOWHERE].concat())));
            out.push_str(html.as_ref().map_err(Clone::clone)?);
        }
        Ok(())
    }

    /// A list as it is seen from the pages in a folder.
    fn seen<L>(&self, list: &Hashed<Vec<L>>, frame: &Frame, folder: &str) -> CachedLines {
        let key = SidebarKey {
            list: list.digest(),
            site: frame.site.digest(),
            theme: frame.theme.digest(),
            folder: folder.to_owned(),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED && !known.contains_key(&key) {
            known.clear();
        }
        let unseen = || list.iter().map(|_| OnceLock::new()).collect();
        Arc::clone(known.entry(key).or_insert_with(unseen))
    }
}

/// A line of the sidebar.
trait Listed {
    /// Whether it leads into a folder.
    fn leads_into(&self, folder: &str) -> bool;

    /// The line on a page that is not the one it stands for.
    fn html(&self, frame: &Frame, urls: &PageUrls<'_>) -> Result<String, Diagnostic>;
}

impl Listed for ContentsLine {
    fn leads_into(&self, folder: &str) -> bool {
        self.address.as_ref().is_some_and(|address| address.starts_with(folder))
    }

    fn html(&self, frame: &Frame, urls: &PageUrls<'_>) -> Result<String, Diagnostic> {
        line(self, false, frame, urls)
    }
}

impl Listed for PartHead {
    fn leads_into(&self, folder: &str) -> bool {
        let own = self.address.as_ref().is_some_and(|address| address.starts_with(folder));
        own || self.lines.iter().any(|line| line.leads_into(folder))
    }

    fn html(&self, frame: &Frame, urls: &PageUrls<'_>) -> Result<String, Diagnostic> {
        let lines = self.lines.iter().map(|line| line.html(frame, urls)).collect::<Result<String, _>>()?;
        let folded = self.has_lines && self.lines.is_empty();
        part(frame, &SidebarPartView { folded, ..part_view(self, &lines, frame, urls) })
    }
}

/// A chapter's line in the sidebar.
fn line(
    line: &ContentsLine,
    current: bool,
    frame: &Frame,
    urls: &PageUrls<'_>,
) -> Result<String, Diagnostic> {
    let view = SidebarLineView {
        words: &frame.theme.shown_words,
        title: &line.title,
        url: line.address.as_ref().map(|address| urls.to(address)),
        depth: line.depth,
        current,
        planned: line.planned,
        draft: line.draft,
    };
    frame.theme.piece("partials/line.html", &view)
}

/// A part in the sidebar. One without a title is nothing but its lines.
fn part(frame: &Frame, view: &SidebarPartView<'_>) -> Result<String, Diagnostic> {
    if view.title.is_none() && view.lines.is_empty() {
        return Ok(String::new());
    }
    frame.theme.piece("partials/part.html", view)
}

fn part_view<'v>(
    head: &'v PartHead,
    lines: &str,
    frame: &'v Frame,
    urls: &PageUrls<'_>,
) -> SidebarPartView<'v> {
    SidebarPartView {
        words: &frame.theme.shown_words,
        contents: urls.to(CONTENTS),
        title: head.title.as_deref(),
        url: head.address.as_ref().map(|address| urls.to(address)),
        current: false,
        here: false,
        folded: false,
        lines: Html::new(lines),
        before: 0,
        after: 0,
    }
}

/// The sidebar of a chapter's page: the parts, with the lines of the chapter's own one around it.
pub fn of_chapter(
    job: &ChapterJob,
    urls: &PageUrls<'_>,
    sidebars: &SidebarCache,
) -> Result<NavView, Diagnostic> {
    let (frame, heads) = (&job.frame, &job.frame.parts);
    let Some(place) = &job.place else { return of_list(frame, urls) };
    let part = place.part.0;
    let shown = window(heads.len(), part);
    let mut parts = String::with_capacity(ROOM);
    sidebars.write(&mut parts, (heads, shown.start..part), frame, urls)?;
    parts += &own_part(place, frame, urls, sidebars)?;
    sidebars.write(&mut parts, (heads, part + 1..shown.end), frame, urls)?;
    Ok(NavView { parts: Html::new(&parts), more: heads.len() - shown.len() })
}

/// The part that a chapter is in, with its lines around the chapter's.
fn own_part(
    place: &SidebarPosition,
    frame: &Frame,
    urls: &PageUrls<'_>,
    sidebars: &SidebarCache,
) -> Result<String, Diagnostic> {
    let list = &place.lines;
    let shown = window(list.len(), place.line.unwrap_or(0));
    let (before, after) = (shown.start, list.len() - shown.end);
    let mut lines = String::with_capacity(ROOM);
    match place.line {
        None => sidebars.write(&mut lines, (list, shown), frame, urls)?,
        Some(current) => {
            sidebars.write(&mut lines, (list, shown.start..current), frame, urls)?;
            lines += &line(&list[current], true, frame, urls)?;
            sidebars.write(&mut lines, (list, current + 1..shown.end), frame, urls)?;
        }
    }
    let view = part_view(&frame.parts[place.part.0], &lines, frame, urls);
    part(frame, &SidebarPartView { current: true, here: place.line.is_none(), before, after, ..view })
}

/// The sidebar of a page that is in no part.
pub fn of_list(frame: &Frame, urls: &PageUrls<'_>) -> Result<NavView, Diagnostic> {
    let shown = window(frame.parts.len(), 0);
    let more = frame.parts.len() - shown.len();
    let parts =
        frame.parts[shown].iter().map(|head| head.html(frame, urls)).collect::<Result<String, _>>()?;
    Ok(NavView { parts: Html::new(&parts), more })
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
pub fn listing<'v>(listing: &'v PartContents, urls: &PageUrls<'_>) -> PartView<'v> {
    let entry = |line: &'v ContentsLine| EntryView {
        title: &line.title,
        url: line.address.as_ref().map(|address| urls.to(address)),
        depth: line.depth,
        planned: line.planned,
        draft: line.draft,
        description: line.description.as_deref(),
    };
    PartView {
        title: listing.title.as_deref(),
        url: listing.address.as_ref().map(|address| urls.to(address)),
        description: listing.description.as_deref(),
        entries: listing.lines.iter().map(entry).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Config, Snapshot};
    use crate::render::inputs::SiteFacts;
    use crate::render::theme::Theme;

    #[test]
    fn what_is_remembered_is_what_a_page_sees() {
        let line = |address: &str| ContentsLine {
            title: String::new(),
            address: Some(address.to_owned()),
            depth: 0,
            planned: false,
            draft: false,
            description: None,
        };
        let addresses =
            ["", "a/", "a/b/", "a/bc/", "a/b/d/", "a/e.html", "f/", "f/b/", "f/b/d/", "f/c/d/h/", "g.html"];
        let list = Hashed::new(addresses.map(line).to_vec());
        let theme = Theme::load(&Snapshot::default(), &Config::default()).expect("the default theme");
        let frame = Frame {
            theme: Arc::new(theme),
            site: Arc::new(Hashed::new(SiteFacts::default())),
            parts: Arc::new(Hashed::new(Vec::new())),
        };
        let sidebars = SidebarCache::default();
        for page in addresses.iter().chain(&addresses) {
            let urls = PageUrls::Relative(page);
            let mut seen = String::new();
            sidebars.write(&mut seen, (&list, 0..list.len()), &frame, &urls).expect("the lines");
            let fresh: String = list.iter().map(|line| line.html(&frame, &urls).expect("a line")).collect();
            assert_eq!(seen, fresh, "from `{page}`");
        }
    }
}
