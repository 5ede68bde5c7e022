//! What pages are made of: all that the output of a job depends on, and nothing else.
//!
//! What many jobs share (the theme, the list of parts) is hashed once and is in their keys as a digest.

use std::sync::Arc;

use super::pages::shared_list::SharedList;
use super::theme::Theme;
use crate::bind::PartId;
use crate::bind::checked_chapter::CheckedChapter;
use crate::bind::resolve::Referent;
use crate::bind::terms::Uses;
use crate::read::Machine;
use crate::read::accent::Accent;
use crate::read::config_values::OutputSetting;
use crate::text::Hashed;
use crate::write::Document;

/// What every page has in common.
#[derive(Clone, Debug, Hash)]
pub struct Frame {
    /// The theme.
    pub theme: Arc<Theme>,
    /// The book's facts.
    pub site: Arc<Hashed<SiteFacts>>,
    /// The parts.
    pub parts: Arc<SharedList<PartHead>>,
}

/// What the whole site says of itself.
#[derive(Debug, Default, Hash)]
pub struct SiteFacts {
    /// The book's title.
    pub title: String,
    /// The address of its social image.
    pub image: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// The language.
    pub language: String,
    /// Where it is published; ends in `/`.
    pub base_url: Option<String>,
    /// Where sources can be edited, with `{path}` in it.
    pub edit_url: Option<String>,
    /// The colour that its author chose.
    pub accent: Option<Accent>,
    /// The address and the size of its logo.
    pub logo: Option<Logo>,
    /// The address of its own stylesheet.
    pub style: Option<String>,
    /// Whether there is a feed.
    pub has_feed: bool,
    /// Whether the text can be searched.
    pub has_search: bool,
    /// Whether it can be read offline.
    pub has_offline: bool,
    /// Whether there is a page with the whole book.
    pub has_print: bool,
    /// Whether chapters' Markdown is published beside their pages.
    pub has_markdown: bool,
    /// Whether code is coloured.
    pub highlight: bool,
    /// How many chapters are numbered, if they are.
    pub numbered: Option<usize>,
    /// Whether what commands print is folded.
    pub output: OutputSetting,
    /// How many values readers can fill in.
    pub values: usize,
    /// The computers of the tutorial.
    pub machines: Vec<Machine>,
    /// The section for readers whose commands do something else, in chapters that have it.
    pub stuck: Option<String>,
}

/// The picture before the book's title.
#[derive(Debug, Hash)]
pub struct Logo {
    /// The address.
    pub address: String,
    /// Width and height in pixels, if they are known.
    pub size: Option<(usize, usize)>,
}

/// What a link names that has no text of its own.
#[derive(Clone, Debug, Hash)]
pub struct Reference {
    /// The number of the chapter, if chapters are numbered.
    pub chapter: Option<String>,
    /// What is named, and its title.
    pub referent: Referent,
}

/// A part, without what is in it.
#[derive(Debug, Hash)]
pub struct PartHead {
    /// The title.
    pub title: Option<String>,
    /// Where it begins.
    pub address: Option<String>,
    /// Whether there are chapters in it other than the one that opens it.
    pub has_lines: bool,
    /// Its chapters, if it has no title to list instead, and they are few.
    pub lines: Vec<ContentsLine>,
}

/// A chapter in a list.
#[derive(Clone, Debug, Hash)]
pub struct ContentsLine {
    /// The title.
    pub title: String,
    /// What it leads to.
    pub target: ContentsTarget,
    /// How deep it is nested.
    pub depth: usize,
    /// Whether it is a draft.
    pub draft: bool,
    /// What its author says it is about.
    pub description: Option<String>,
    /// Its number, if chapters are numbered.
    pub number: Option<String>,
}

/// What a line of the contents leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContentsTarget {
    /// The page at an address of the site.
    Page(String),
    /// A folder without a page: nowhere.
    Folder,
    /// A chapter that is planned and not yet written: nowhere.
    Planned,
    /// A web address outside of the book.
    Web(String),
}

impl ContentsLine {
    /// The address of the page that it leads to.
    pub fn page(&self) -> Option<&str> {
        match &self.target {
            ContentsTarget::Page(address) => Some(address),
            _ => None,
        }
    }
}

/// A part with what is in it.
#[derive(Debug, Hash)]
pub struct PartContents {
    /// The title.
    pub title: Option<String>,
    /// Where it begins.
    pub address: Option<String>,
    /// What its author says it is about.
    pub description: Option<String>,
    /// Whether the chapter that opens it is a draft.
    pub draft: bool,
    /// Its chapters.
    pub lines: Arc<SharedList<ContentsLine>>,
    /// How long each of them takes to read, in minutes; 0 for one that is not there.
    pub minutes: Vec<usize>,
    /// How many steps of each of them were checked, and how many it has.
    pub checked: Vec<Option<(usize, usize)>>,
    /// The same of the chapter that opens it.
    pub opening_checked: Option<(usize, usize)>,
}

/// The title and address of a page.
#[derive(Clone, Debug, Hash)]
pub struct PageRef {
    /// The title.
    pub title: String,
    /// The address; `None` for a name without a page.
    pub address: Option<String>,
    /// Its number, if chapters are numbered.
    pub number: Option<String>,
}

/// A chapter's place among others.
#[derive(Clone, Debug, Hash)]
pub struct SidebarPosition {
    /// The part that it is in.
    pub part: PartId,
    /// What is in that part.
    pub lines: Arc<SharedList<ContentsLine>>,
    /// The number of its own line; `None` if it opens the part.
    pub line: Option<usize>,
}

/// All that a chapter's page depends on.
#[derive(Clone, Debug, Hash)]
pub struct ChapterJob {
    /// What all pages have in common.
    pub frame: Frame,
    /// The text.
    pub document: Arc<Document>,
    /// The page's address.
    pub address: String,
    /// Its number, if chapters are numbered.
    pub number: Option<String>,
    /// The URLs for the document's holes; `None` where a page is not published.
    pub links: Arc<Hashed<Vec<Option<String>>>>,
    /// The texts of links without one of their own, by the links' numbers.
    pub references: Vec<(u32, Reference)>,
    /// The terms in the text.
    pub terms: Uses,
    /// What of it was checked.
    pub checked: Option<Arc<Hashed<CheckedChapter>>>,
    /// Its place in the book; `None` where it is in no list.
    pub position: Option<SidebarPosition>,
    /// The part and folders it is in.
    pub crumbs: Vec<PageRef>,
    /// The chapter before.
    pub previous: Option<PageRef>,
    /// The chapter after.
    pub next: Option<PageRef>,
    /// The address of its own social image.
    pub image: Option<String>,
    /// For the front page: all that is in the book.
    pub contents: Option<Arc<Hashed<Vec<PartContents>>>>,
}

/// All that a page made of lists depends on.
#[derive(Debug, Hash)]
pub struct ListJob {
    /// What all pages have in common.
    pub frame: Frame,
    /// All that is in the book.
    pub contents: Arc<Hashed<Vec<PartContents>>>,
    /// The first chapter.
    pub start: Option<PageRef>,
    /// How many steps of the book were checked, and how many there are.
    pub checked: Option<(usize, usize)>,
}

/// All that the page with the whole book depends on.
#[derive(Debug, Hash)]
pub struct PrintJob {
    /// What all pages have in common.
    pub frame: Frame,
    /// All that is in the book.
    pub contents: Arc<Hashed<Vec<PartContents>>>,
    /// The chapters in the reader's order.
    pub chapters: Vec<PrintChapter>,
}

/// A chapter bound into the whole book.
#[derive(Debug, Hash)]
pub struct PrintChapter {
    /// The title of the part that begins with it, if no chapter opens that part.
    pub part: Option<String>,
    /// The text.
    pub document: Arc<Document>,
    /// The address of its own page.
    pub address: String,
    /// The URLs for the document's holes, on its own page.
    pub links: Arc<Hashed<Vec<Option<String>>>>,
    /// Its number, if chapters are numbered.
    pub number: Option<String>,
    /// The texts of links without one of their own, by the links' numbers.
    pub references: Vec<(u32, Reference)>,
    /// The terms in the text.
    pub terms: Uses,
    /// What of it was checked.
    pub checked: Option<Arc<Hashed<CheckedChapter>>>,
}

/// All that a chapter's Markdown depends on.
#[derive(Debug, Hash)]
pub struct MarkdownJob {
    /// The text.
    pub document: Arc<Document>,
    /// The URLs of its links on its page; `None` where a page is not published.
    pub links: Arc<Hashed<Vec<Option<String>>>>,
    /// What is said of its steps that were checked.
    pub checked: Option<String>,
}

/// All that a redirect depends on.
#[derive(Debug, Hash)]
pub struct RedirectJob {
    /// What all pages have in common.
    pub frame: Frame,
    /// The chapter's file.
    pub source: String,
    /// The old address.
    pub from: String,
    /// The chapter's title.
    pub title: String,
    /// The chapter's address.
    pub to: String,
}
