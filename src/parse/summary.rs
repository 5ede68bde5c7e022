//! `SUMMARY.md`: the author's own order of chapters, in the list form of mdBook and GitBook.
//!
//! Headings are parts (the one at the top, if it is the only one of its level, is the page's own title), list items are chapters with a
//! link, or planned ones without a target; nesting is nesting. Links outside of lists are chapters before
//! and behind the numbered ones, as in mdBook.

use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::attributes;
use crate::text::{Code, Diagnostic, Source, Span, url};

/// The order of a book.
#[derive(Debug, Default)]
pub struct Summary {
    /// The lines, from top to bottom.
    pub lines: Vec<Line>,
    /// What is neither a part nor an entry.
    pub faults: Vec<Diagnostic>,
}

/// A line of the summary.
#[derive(Debug)]
pub enum Line {
    /// A part begins.
    Part(String),
    /// A chapter.
    Entry {
        /// How deep it is nested, from 0.
        depth: usize,
        /// The link's text.
        title: String,
        /// The path below the book's folder; `None` for a planned chapter.
        target: Option<String>,
        /// Whether the link leads to a section of the chapter.
        is_section: bool,
        /// Where it stands.
        span: Span,
    },
}

impl Line {
    /// The path of the chapter, if it is one as a whole.
    pub fn chapter(&self) -> Option<&str> {
        match self {
            Line::Entry { target, is_section: false, .. } => target.as_deref(),
            _ => None,
        }
    }
}

/// Reads a summary.
pub fn read(source: &Arc<Source>) -> Summary {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut summary = Summary::default();
    let mut depth = 0_usize;
    // The level of each, its line, and whether it is a name of the list.
    let mut headings: Vec<(HeadingLevel, usize, bool)> = Vec::new();
    let mut heading: Option<(HeadingLevel, String)> = None;
    let mut link: Option<(String, String, Span)> = None;
    // The text of a list item that holds no link.
    let mut bare: Option<(String, Span)> = None;
    let (_, body, _) = super::front_matter::read(source);
    for (event, span) in Parser::new(&source.text[body.start..]).into_offset_iter() {
        let span = super::shifted(span, body.start);
        match event {
            Event::Start(Tag::List(_)) => {
                summary.planned(depth, bare.take());
                depth += 1;
            }
            Event::End(TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Item) => bare = Some((String::new(), span)),
            Event::End(TagEnd::Item) => summary.planned(depth, bare.take()),
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, title)) = heading.take() {
                    let title = attributes::split(&title).map_or(&*title, |(title, _)| title.trim_end());
                    headings.push((level, summary.lines.len(), is_own_title(title)));
                    summary.lines.push(Line::Part(title.to_owned()));
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                bare = None;
                link = Some((dest_url.to_string(), String::new(), span));
            }
            Event::End(TagEnd::Link) => {
                if let Some((destination, title, span)) = link.take() {
                    summary.entry(source, folder, depth, (destination, title, span));
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, title)) = &mut heading {
                    title.push_str(&text);
                } else if let Some((_, title, _)) = &mut link {
                    title.push_str(&text);
                } else if let Some((title, _)) = &mut bare {
                    title.push_str(&text);
                } else if !text.trim().is_empty() {
                    let fault =
                        Diagnostic::new(Code::SummaryForm, "this text is neither a part nor an entry");
                    let fault = fault.at(source, span).hint(
                        "parts are headings, chapters are list items with a link: `- [Title](file.md)`",
                    );
                    summary.faults.push(fault);
                }
            }
            _ => {}
        }
    }
    // The page's own title stands above all, and no part is named at its level.
    let levels = headings.iter().map(|(level, ..)| *level);
    if let Some((HeadingLevel::H1, 0, is_named)) = headings.first()
        && (*is_named || levels.filter(|level| *level == HeadingLevel::H1).count() == 1)
    {
        summary.lines.remove(0);
    }
    summary
}

/// The names that GitBook and mdBook give to the list.
fn is_own_title(title: &str) -> bool {
    matches!(title.to_ascii_lowercase().as_str(), "summary" | "table of contents" | "contents")
}

impl Summary {
    fn planned(&mut self, depth: usize, bare: Option<(String, Span)>) {
        if let Some((title, span)) = bare.filter(|(title, _)| !title.trim().is_empty()) {
            let title = title.trim().to_owned();
            self.lines.push(Line::Entry {
                depth: depth.saturating_sub(1),
                title,
                target: None,
                is_section: false,
                span,
            });
        }
    }

    fn entry(
        &mut self,
        source: &Arc<Source>,
        folder: &str,
        depth: usize,
        (destination, title, span): (String, String, Span),
    ) {
        let depth = depth.saturating_sub(1);
        if destination.is_empty() {
            self.lines.push(Line::Entry { depth, title, target: None, is_section: false, span });
            return;
        }
        let path = destination.split(['#', '?']).next().unwrap_or_default();
        let target = url::decode(path).and_then(|path| url::join(folder, &path));
        match target.filter(|_| !url::is_external(&destination)) {
            Some(target) => {
                let is_section = destination.contains('#');
                self.lines.push(Line::Entry { depth, title, target: Some(target), is_section, span });
            }
            None => self.faults.push(
                Diagnostic::new(Code::SummaryForm, format!("`{destination}` is no chapter of this book"))
                    .at(source, span)
                    .hint("entries lead to Markdown files below `content/`"),
            ),
        }
    }
}
