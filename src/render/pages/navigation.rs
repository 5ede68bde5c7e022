//! The sidebar: the lists of parts and chapters beside the text of a page.

use std::ops::Range;

use super::shared_list::SharedList;
use super::urls::PageUrls;
use super::view::{EntryView, LinkView, NavView, PartView, SidebarLineView, SidebarPartView};
use crate::bind::places::CONTENTS;
use crate::render::inputs::{
    ChapterJob, ContentsLine, ContentsTarget, Frame, PageRef, PartContents, PartHead, SidebarPosition,
};
use crate::render::theme::Theme;
use crate::render::theme::template::Html;
use crate::text::Diagnostic;
use crate::text::url::encode_authored;

/// A list on a page holds at most this many chapters around the current one, so that a book's output grows
/// with its size and not with the square of it.
const CHAPTERS: usize = 60;

/// The same for parts: what readers look for is near, and the contents page lists all.
const PARTS: usize = 20;

/// The initial capacity for a sidebar, in bytes. Few are longer.
const CAPACITY: usize = 8 << 10;

/// The sidebar of a chapter's page: the parts, and the lines of the chapter's own part around it.
pub fn of_chapter(job: &ChapterJob, urls: &PageUrls<'_>) -> Result<NavView, Diagnostic> {
    let Some(position) = &job.position else { return of_list(&job.frame, urls) };
    let (theme, heads) = (&job.frame.theme, &job.frame.parts);
    let own = position.part.0;
    let shown = window(heads.len(), own, PARTS);

    let mut parts = String::with_capacity(CAPACITY);
    write_parts(&mut parts, heads, shown.start..own, theme, urls)?;
    parts += &own_part(position, &heads[own], theme, urls)?;
    write_parts(&mut parts, heads, own + 1..shown.end, theme, urls)?;
    Ok(NavView { parts: Html::new(&parts), more: heads.len() - shown.len() })
}

/// The sidebar of a page that is in no part.
pub fn of_list(frame: &Frame, urls: &PageUrls<'_>) -> Result<NavView, Diagnostic> {
    let heads = &frame.parts;
    let shown = window(heads.len(), 0, PARTS);
    let more = heads.len() - shown.len();

    let mut parts = String::with_capacity(CAPACITY);
    write_parts(&mut parts, heads, shown, &frame.theme, urls)?;
    Ok(NavView { parts: Html::new(&parts), more })
}

/// The stretch of a list that is shown around its current line.
fn window(length: usize, current: usize, most: usize) -> Range<usize> {
    let start = current.saturating_sub(most / 2).min(length.saturating_sub(most));
    start..length.min(start + most)
}

/// The part that a chapter is in, with its lines around the chapter's.
fn own_part(
    position: &SidebarPosition,
    head: &PartHead,
    theme: &Theme,
    urls: &PageUrls<'_>,
) -> Result<String, Diagnostic> {
    let list = &position.lines;
    let shown = window(list.len(), position.line.unwrap_or(0), CHAPTERS);
    let (before, after) = (shown.start, list.len() - shown.end);

    let mut lines = String::with_capacity(CAPACITY);
    for at in shown {
        if position.line == Some(at) {
            lines += &line(&SidebarLineView { current: true, ..line_view(&list[at], theme, urls) }, theme)?;
        } else {
            list.write(&mut lines, at, urls, |item, urls| line(&line_view(item, theme, urls), theme))?;
        }
    }

    let view = part_view(head, &lines, theme, urls);
    part(&SidebarPartView { current: true, here: position.line.is_none(), before, after, ..view }, theme)
}

/// Appends parts that the page is not in.
fn write_parts(
    out: &mut String,
    heads: &SharedList<PartHead>,
    shown: Range<usize>,
    theme: &Theme,
    urls: &PageUrls<'_>,
) -> Result<(), Diagnostic> {
    for at in shown {
        heads.write(out, at, urls, |head, urls| other_part(head, theme, urls))?;
    }
    Ok(())
}

/// A part that the page is not in.
fn other_part(head: &PartHead, theme: &Theme, urls: &PageUrls<'_>) -> Result<String, Diagnostic> {
    let mut lines = String::new();
    for item in &head.lines {
        lines += &line(&line_view(item, theme, urls), theme)?;
    }
    let folded = head.has_lines && head.lines.is_empty();
    part(&SidebarPartView { folded, ..part_view(head, &lines, theme, urls) }, theme)
}

/// A part in the sidebar. One without a title is nothing but its lines.
fn part(view: &SidebarPartView<'_>, theme: &Theme) -> Result<String, Diagnostic> {
    if view.title.is_none() && view.lines.is_empty() {
        return Ok(String::new());
    }
    theme.piece("partials/part.html", view)
}

/// A chapter's line in the sidebar.
fn line(view: &SidebarLineView<'_>, theme: &Theme) -> Result<String, Diagnostic> {
    theme.piece("partials/line.html", view)
}

fn part_view<'v>(
    head: &'v PartHead,
    lines: &str,
    theme: &'v Theme,
    urls: &PageUrls<'_>,
) -> SidebarPartView<'v> {
    SidebarPartView {
        words: &theme.shown_words,
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

fn line_view<'v>(line: &'v ContentsLine, theme: &'v Theme, urls: &PageUrls<'_>) -> SidebarLineView<'v> {
    SidebarLineView {
        words: &theme.shown_words,
        title: &line.title,
        url: url(&line.target, urls),
        depth: line.depth,
        current: false,
        planned: line.target == ContentsTarget::Planned,
        draft: line.draft,
        number: line.number.as_deref(),
    }
}

/// The URL of what a line leads to.
fn url(target: &ContentsTarget, urls: &PageUrls<'_>) -> Option<String> {
    match target {
        ContentsTarget::Page(address) => Some(urls.to(address)),
        ContentsTarget::Web(url) => Some(encode_authored(url).into_owned()),
        ContentsTarget::Folder | ContentsTarget::Planned => None,
    }
}

/// A link to a page.
pub fn link(page: &PageRef, urls: &PageUrls<'_>) -> LinkView {
    LinkView {
        title: page.title.clone(),
        url: page.address.as_ref().map(|address| urls.to(address)),
        number: page.number.clone(),
    }
}

/// A part as the contents page lists it.
pub fn contents_of<'v>(part: &'v PartContents, urls: &PageUrls<'_>) -> PartView<'v> {
    let entry = |(line, minutes): (&'v ContentsLine, &usize)| EntryView {
        title: &line.title,
        url: url(&line.target, urls),
        depth: line.depth,
        planned: line.target == ContentsTarget::Planned,
        draft: line.draft,
        description: line.description.as_deref(),
        number: line.number.as_deref(),
        minutes: *minutes,
    };
    PartView {
        title: part.title.as_deref(),
        url: part.address.as_ref().map(|address| urls.to(address)),
        description: part.description.as_deref(),
        entries: part.lines.iter().zip(&part.minutes).map(entry).collect(),
        written: part.minutes.iter().filter(|minutes| **minutes > 0).count(),
        minutes: part.minutes.iter().sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Config, Snapshot};
    use crate::render::theme::ThemeOptions;

    #[test]
    fn what_is_made_once_is_what_each_page_shows() {
        let line_at = |address: &str| ContentsLine {
            title: "\u{fffd} & <b>".to_owned(),
            target: match address {
                "" => ContentsTarget::Planned,
                "g.html" => ContentsTarget::Web("https://example.org/?a&b".to_owned()),
                address => ContentsTarget::Page(address.to_owned()),
            },
            depth: 0,
            draft: false,
            description: None,
            number: None,
        };
        let addresses =
            ["", "a/", "a/b/", "a/b&c/", "a/b/d 'e'/", "a/e.html", "f/", "f/b/", "f/c/d/h/", "g.html"];
        let options = ThemeOptions::new(&Config::default());
        let theme = Theme::load(&Snapshot::default(), &options).expect("the default theme");
        let list = SharedList::new(addresses.map(line_at).to_vec());

        for page in addresses {
            let urls = PageUrls::Relative(page);
            let (mut shared, mut own) = (String::new(), String::new());
            for (at, item) in list.iter().enumerate() {
                let make =
                    |item: &ContentsLine, urls: &PageUrls<'_>| line(&line_view(item, &theme, urls), &theme);
                list.write(&mut shared, at, &urls, make).expect("a line");
                own += &make(item, &urls).expect("a line");
            }
            assert_eq!(shared, own, "on `{page}`");
        }
    }
}
