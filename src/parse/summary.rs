//! `SUMMARY.md`: the author's own order of chapters, in the list form of mdBook and GitBook.
//!
//! Headings are parts; one at the top that is the only one of its level is the page's own title. List items are
//! chapters if they have a link with a target, and planned ones without; chapters can be nested. Links outside of lists
//! are chapters before and after the numbered ones, as in mdBook.

use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::attributes;
use crate::read::layout::CONTENT;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, url};

/// The order of a book.
#[derive(Debug, Default)]
pub struct Summary {
    /// The lines, from top to bottom.
    pub lines: Vec<Line>,
    /// What is neither a part nor an entry.
    pub diagnostics: Vec<Diagnostic>,
}

/// A line of the summary.
#[derive(Debug)]
pub enum Line {
    /// A part begins.
    Part {
        /// The heading's text.
        title: String,
        /// The path of the chapter that opens it, where the heading is a link.
        target: Option<String>,
        /// Where it is.
        span: Span,
    },
    /// A chapter, or a link out of the book.
    Entry {
        /// How deep it is nested, from 0.
        depth: usize,
        /// The link's text.
        title: String,
        /// Where the link leads.
        target: LineTarget,
        /// Where it is.
        span: Span,
    },
}

/// Where the link of an entry leads.
#[derive(Debug)]
pub enum LineTarget {
    /// To a chapter.
    Chapter {
        /// Its path below the book's folder.
        path: String,
        /// Whether the link leads to a section of it.
        is_section: bool,
    },
    /// Nowhere: the chapter is planned.
    Planned,
    /// Out of the book.
    Web(String),
}

impl Line {
    /// The path of the chapter, if it is one as a whole.
    pub fn chapter(&self) -> Option<&str> {
        match self {
            Line::Entry { target: LineTarget::Chapter { path, is_section: false }, .. } => Some(path),
            _ => None,
        }
    }
}

/// Reads a summary.
pub fn read(source: &Arc<Source>) -> Summary {
    let mut reader = SummaryReader {
        source,
        folder: source.path.rsplit_once('/').map_or("", |(folder, _)| folder),
        summary: Summary::default(),
        depth: 0,
        headings: Vec::new(),
        heading: None,
        link: None,
        bare: None,
    };

    let (_, body, _) = super::front_matter::read(source);
    for (event, span) in Parser::new(&source.text[body.start..]).into_offset_iter() {
        reader.event(event, super::markdown::shifted(span, body.start));
    }

    reader.without_own_title()
}

/// A summary while it is read.
struct SummaryReader<'s> {
    source: &'s Arc<Source>,
    /// The folder of the file, from which its links lead.
    folder: &'s str,
    summary: Summary,
    depth: usize,
    /// The level of each, its line, and whether it is a name of the list.
    headings: Vec<(HeadingLevel, usize, bool)>,
    /// What is open: a heading and where its link leads, a link, the text of a list item that holds no link.
    heading: Option<(HeadingLevel, String, Option<String>)>,
    link: Option<(String, String, Span)>,
    bare: Option<(String, Span)>,
}

impl SummaryReader<'_> {
    /// Reads the next event.
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(Tag::List(_)) => {
                self.planned();
                self.depth += 1;
            }
            Event::End(TagEnd::List(_)) => self.depth -= 1,
            Event::Start(Tag::Item) => self.bare = Some((String::new(), span)),
            Event::End(TagEnd::Item) => self.planned(),

            Event::Start(Tag::Heading { level, .. }) => self.heading = Some((level, String::new(), None)),
            Event::End(TagEnd::Heading(_)) => self.part(span),

            // A link in a heading is that of a part; elsewhere it is a chapter's.
            Event::Start(Tag::Link { dest_url, .. }) => match &mut self.heading {
                Some((.., target)) => *target = Some(dest_url.to_string()),
                None => {
                    if let Some((_, span)) = self.bare.take().filter(|(text, _)| !text.trim().is_empty()) {
                        self.stray(span);
                    }
                    self.link = Some((dest_url.to_string(), String::new(), span));
                }
            },
            Event::End(TagEnd::Link) => {
                if let Some((destination, title, span)) = self.link.take() {
                    self.entry(&destination, title, span);
                }
            }

            Event::Text(text) | Event::Code(text) => self.text(&text, span),
            Event::SoftBreak | Event::HardBreak => self.text(" ", span),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        let open = self.heading.as_mut().map(|(_, title, _)| title);

        let open = open.or(self.link.as_mut().map(|(_, title, _)| title));
        match open.or(self.bare.as_mut().map(|(title, _)| title)) {
            Some(title) => title.push_str(text),
            None if text.trim().is_empty() => {}
            None => self.stray(span),
        }
    }

    fn stray(&mut self, span: Span) {
        let diagnostic =
            Diagnostic::new(DiagnosticCode::InvalidSummary, "this text is neither a part nor an entry");
        let hint = "parts are headings, chapters are list items with a link: `- [Title](file.md)`";
        self.summary.diagnostics.push(diagnostic.at(self.source, span).hint(hint));
    }

    fn part(&mut self, span: Span) {
        let Some((level, title, target)) = self.heading.take() else { return };

        let title = attributes::split(&title).map_or(&*title, |(title, _)| title.trim_end());
        self.headings.push((level, self.summary.lines.len(), is_own_title(title)));
        let target = target.and_then(|destination| {
            let is_out = self.leads_out(&destination, span);
            self.target(&destination).filter(|_| !is_out)
        });
        self.summary.lines.push(Line::Part { title: title.to_owned(), target, span });
    }

    /// Ends a list item that holds no link.
    fn planned(&mut self) {
        if let Some((title, span)) = self.bare.take().filter(|(title, _)| !title.trim().is_empty()) {
            self.line(title.trim().to_owned(), LineTarget::Planned, span);
        }
    }

    fn entry(&mut self, destination: &str, title: String, span: Span) {
        // What editors and other tools leave where a chapter is planned.
        if destination.is_empty() || destination == "#" {
            self.line(title, LineTarget::Planned, span);
        } else if is_web(destination) {
            self.line(title, LineTarget::Web(destination.to_owned()), span);
        } else if let Some(path) = self.target(destination).filter(|path| is_content(path)) {
            self.line(title, LineTarget::Chapter { path, is_section: destination.contains('#') }, span);
        } else if !self.leads_out(destination, span) {
            let message = format!("`{destination}` is no chapter of this book");
            let diagnostic = Diagnostic::new(DiagnosticCode::InvalidSummary, message).at(self.source, span);
            self.summary.diagnostics.push(
                diagnostic.hint("entries lead to Markdown files below `content/`, or to web addresses"),
            );
        }
    }

    /// Adds an entry.
    fn line(&mut self, title: String, target: LineTarget, span: Span) {
        let depth = self.depth.saturating_sub(1);
        self.summary.lines.push(Line::Entry { depth, title, target, span });
    }

    /// The path that a destination names, below the book's folder.
    fn target(&self, destination: &str) -> Option<String> {
        let path = destination.split(['#', '?']).next().unwrap_or_default();
        let target = url::decode(path).and_then(|path| url::join(self.folder, &path));
        target.filter(|target| !url::is_external(destination) && *target != self.source.path)
    }

    /// Whether a destination is a path that leads out of the folder of chapters; that is reported.
    fn leads_out(&mut self, destination: &str, span: Span) -> bool {
        let path = destination.split(['#', '?']).next().unwrap_or_default();
        let Some(path) = url::decode(path).filter(|path| !path.is_empty() && !url::is_external(destination))
        else {
            return false;
        };
        if url::join(self.folder, &path).is_some_and(|path| is_content(&path)) {
            return false;
        }

        let message = format!("`{destination}` leads out of `{CONTENT}/`, where all chapters are");
        let diagnostic = Diagnostic::new(DiagnosticCode::InvalidSummary, message).at(self.source, span);
        self.summary.diagnostics.push(diagnostic.hint(format!(
            "move the file into `{CONTENT}/` and write its path from there, or give its web address"
        )));
        true
    }

    /// Takes off the page's own title, which is above all others, and at whose level no part is named.
    fn without_own_title(mut self) -> Summary {
        let levels = self.headings.iter().map(|(level, ..)| *level);
        if let Some((HeadingLevel::H1, 0, is_named)) = self.headings.first()
            && (*is_named || levels.filter(|level| *level == HeadingLevel::H1).count() == 1)
        {
            self.summary.lines.remove(0);
        }
        self.summary
    }
}

/// Whether a path below the book's folder is in the folder of chapters, or that folder.
fn is_content(path: &str) -> bool {
    path.strip_prefix(CONTENT).is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// Whether a destination is a web address.
fn is_web(destination: &str) -> bool {
    let scheme = destination.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)))
}

/// The names that GitBook and mdBook give to the list.
fn is_own_title(title: &str) -> bool {
    matches!(title.to_ascii_lowercase().as_str(), "summary" | "table of contents" | "contents")
}
