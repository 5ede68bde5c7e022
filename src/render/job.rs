//! Jobs: the list of every kind of output.
//!
//! A job holds all that its output depends on, and nothing else; its key is the hash of that. What the jobs of pages
//! hold is in [`inputs`](super::inputs).

use std::sync::Arc;

use bytes::Bytes;

use super::code::highlight::Highlighter;
use super::inputs::{ChapterJob, Frame, ListJob, MarkdownJob, PrintJob, RedirectJob, SiteFacts};
use super::lists::feeds::{FeedEntry, SitemapEntry};
use super::lists::{feeds, llms};
use super::pages::{markdown, page};
use super::search::index;
use super::theme::{script, style};
use crate::read::Asset;
use crate::text::{Diagnostic, Digest, Hashed};

/// Something to be made.
#[derive(Debug, Hash)]
pub enum Job {
    /// A chapter's page.
    Chapter(Box<ChapterJob>),
    /// The front page of a book whose author wrote none.
    Front(ListJob),
    /// The list of all parts and chapters.
    Contents(ListJob),
    /// The whole book on one page.
    Print(PrintJob),
    /// A chapter's Markdown.
    Markdown(MarkdownJob),
    /// The list of the chapters' Markdown.
    Llms(ListJob),
    /// The page for addresses that do not exist.
    NotFound(Frame),
    /// A page that leads from an old address to a chapter.
    Redirect(RedirectJob),
    /// The list of addresses for search engines; holds the base URL.
    Sitemap(String, Vec<SitemapEntry>),
    /// What search engines may visit; holds the sitemap's URL.
    Robots(Option<String>),
    /// The Atom feed.
    Feed(Arc<Hashed<SiteFacts>>, Vec<FeedEntry>),
    /// Where the index for search is: its folder.
    IndexPlace(String),
    /// The theme's stylesheet.
    Style(Arc<Hashed<String>>),
    /// A script of the theme.
    Script(Arc<Hashed<String>>),
    /// A file as it is.
    File(Arc<Asset>),
}

/// What a job has made.
#[derive(Clone, Debug)]
pub struct MadeOutput {
    /// The output.
    pub output: Output,
    /// What is wrong with what it was made of.
    pub warnings: Vec<Diagnostic>,
}

/// What a job makes.
#[derive(Clone, Debug)]
pub enum Output {
    /// Bytes.
    Bytes(Bytes),
    /// A file as it is.
    File(Arc<Asset>),
}

impl Job {
    /// The hash of all that the job holds.
    pub fn key(&self) -> Digest {
        Digest::of_value(self)
    }

    /// What the output is, for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Job::Chapter(_) => "a chapter",
            Job::Front(_) => "the front page",
            Job::Contents(_) => "the contents page",
            Job::Print(_) => "the page for print",
            Job::Markdown(_) => "a chapter's Markdown",
            Job::Llms(_) => "llms.txt",
            Job::NotFound(_) => "404.html",
            Job::Redirect(_) => "a redirect",
            Job::Sitemap(..) => "sitemap.xml",
            Job::Robots(_) => "robots.txt",
            Job::Feed(..) => "feed.xml",
            Job::IndexPlace(_) => "the place of the search index",
            Job::Style(_) => "the stylesheet",
            Job::Script(_) => "a script",
            Job::File(_) => "a file",
        }
    }

    /// Whether it can find a problem: a template can fail, and code be such that no grammar reads it.
    pub fn can_fail(&self) -> bool {
        match self {
            Job::Chapter(_) | Job::Front(_) | Job::Contents(_) | Job::Print(_) => true,
            Job::NotFound(_) | Job::Redirect(_) => true,
            Job::Markdown(_) | Job::Llms(_) | Job::Sitemap(..) | Job::Robots(_) | Job::Feed(..) => false,
            Job::IndexPlace(_) | Job::Style(_) | Job::Script(_) | Job::File(_) => false,
        }
    }

    /// Does the job.
    ///
    /// # Errors
    /// The error of a template.
    pub fn run(&self, highlighter: &Highlighter) -> Result<MadeOutput, Diagnostic> {
        let mut warnings = Vec::new();
        let bytes = match self {
            Job::Chapter(job) => {
                let (page, of_code) = page::chapter(job, highlighter)?;
                warnings = of_code;
                page
            }
            Job::Front(job) => page::front(job)?,
            Job::Contents(job) => page::contents(job)?,
            Job::Print(job) => page::print(job, highlighter)?,
            Job::Markdown(job) => markdown::chapter(job).into(),
            Job::Llms(job) => llms::list(job).into(),
            Job::NotFound(frame) => page::not_found(frame)?,
            Job::Redirect(job) => page::redirect(job)?,
            Job::Sitemap(base, entries) => feeds::sitemap(base, entries).into(),
            Job::Robots(sitemap) => feeds::robots(sitemap.as_deref()).into(),
            Job::Feed(site, entries) => feeds::atom(site, entries).into(),
            Job::IndexPlace(folder) => index::place(folder).into(),
            Job::Style(text) => style::minify(text).into(),
            Job::Script(text) => script::minify(text).into(),
            Job::File(asset) => return Ok(MadeOutput { output: Output::File(Arc::clone(asset)), warnings }),
        };
        Ok(MadeOutput { output: Output::Bytes(bytes), warnings })
    }
}
