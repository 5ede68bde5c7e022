//! What a template sees. Every field is documented here, and this is the documentation for theme authors.
//!
//! All URLs are relative to the page, except on the 404 page, which servers show at any address: there they
//! begin with `/` and the path of `base_url`. Without one, `links.ups` leads to where the book may be.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::render::theme::template::{EngineValue, Html};
use crate::render::theme::words::InterfaceWords;

/// The whole view: each field is a variable of the template.
#[derive(Debug, Serialize)]
pub struct View<'v> {
    /// The program's name and version.
    pub generator: &'static str,
    /// The words of the interface, by group and name.
    pub words: &'v EngineValue<InterfaceWords>,
    /// The book.
    pub book: BookView<'v>,
    /// The site's own places.
    pub links: LinksView,
    /// The theme's stylesheet and scripts.
    pub assets: AssetsView,
    /// The page.
    pub page: PageView<'v>,
    /// The sidebar: the parts of the book, and the chapters of the current one.
    pub nav: NavView,
    /// The part and the folders that the page is in.
    pub crumbs: Vec<LinkView>,
    /// The chapter before.
    pub previous: Option<LinkView>,
    /// The chapter after.
    pub next: Option<LinkView>,
    /// All parts with all their chapters; only on the contents page, the front page and the page for print.
    pub contents: Vec<PartView<'v>>,
    /// The first chapter; only on the front page.
    pub start: Option<LinkView>,
    /// The cover of the book; only on the front page.
    pub cover: Option<CoverView>,
    /// All chapters with their texts; only on the page for print.
    pub chapters: Vec<PrintChapterView<'v>>,
}

/// The cover of the book.
#[derive(Debug, Serialize)]
pub struct CoverView {
    /// The pattern of the endpaper, which is drawn from the title: the path of one tile.
    pub path: String,
    /// The width and the height of the tile, in pixels.
    pub tile: usize,
    /// The number of chapters.
    pub chapters: usize,
    /// How long they take to read, in minutes.
    pub minutes: usize,
}

/// A chapter on the page for print.
#[derive(Debug, Serialize)]
pub struct PrintChapterView<'v> {
    /// The title of the part that begins with it, if no chapter opens that part.
    pub part: Option<&'v str>,
    /// The id, to which `contents` and links lead.
    pub id: String,
    /// Its number, if chapters are numbered.
    pub number: Option<&'v str>,
    /// The title.
    pub title: &'v str,
    /// The title as HTML.
    pub title_html: Html,
    /// The id of the heading that the title was.
    pub title_id: Option<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// How many of its steps tests have found to work; only where there are some.
    pub checked: Option<CheckedView<'v>>,
    /// The text as HTML; its headings begin below the title's.
    pub body: Html,
}

/// The book.
#[derive(Debug, Serialize)]
pub struct BookView<'v> {
    /// The title.
    pub title: &'v str,
    /// Who wrote it.
    pub author: Option<&'v str>,
    /// One sentence about it.
    pub description: Option<&'v str>,
    /// The language, as a BCP 47 tag.
    pub language: &'v str,
    /// The direction of its script: `ltr` or `rtl`.
    pub direction: &'static str,
    /// Where it is published; ends in `/`.
    pub base_url: Option<&'v str>,
    /// The name of the cloth that it is bound in, for `data-cloth`.
    pub cloth: &'static str,
    /// The picture before the title.
    pub logo: Option<LogoView>,
    /// The number of values that readers can fill in.
    pub values: usize,
    /// How many chapters there are with a number of one figure, if chapters are numbered.
    pub numbered: Option<usize>,
}

/// The picture before the book's title.
#[derive(Debug, Serialize)]
pub struct LogoView {
    /// Where it is.
    pub url: String,
    /// Its width in pixels, if it is known.
    pub width: Option<usize>,
    /// Its height in pixels, if it is known.
    pub height: Option<usize>,
}

/// The site's own places.
#[derive(Debug, Serialize)]
pub struct LinksView {
    /// The site's root: `./`, `../` …
    pub root: String,
    /// The front page.
    pub front: String,
    /// The contents page.
    pub contents: String,
    /// The whole book on one page, if there is one.
    pub print: Option<String>,
    /// The Atom feed, if there is one.
    pub feed: Option<String>,
    /// The sizes of what is kept for reading offline, if the book can be.
    pub offline: Option<String>,
    /// The file that says where the index for search is, if the book can be searched.
    pub search: Option<String>,
    /// What may lead to the site's root, before a URL that begins with `/`: `.`, `..` … Only on the 404 page of a book
    /// without `base_url`.
    pub ups: &'static [&'static str],
}

/// The theme's stylesheet and scripts.
#[derive(Debug, Serialize)]
pub struct AssetsView {
    /// The stylesheet.
    pub stylesheet: String,
    /// The book's own stylesheet, if it has one; it comes after the other.
    pub style: Option<String>,
    /// The scripts that run before the page is shown (classic scripts).
    pub early: Vec<String>,
    /// The theme's modules, as one classic script.
    pub script: Option<String>,
    /// The modules that can wait until the page is shown, which that script loads.
    pub late: Option<String>,
    /// The folder of all files in the theme's `assets/`, ending in `/`: `{{ assets.folder }}icon.svg`.
    pub folder: String,
}

/// A page.
#[derive(Debug, Default, Serialize)]
pub struct PageView<'v> {
    /// `chapter`, `front`, `contents`, `print` or `not-found`.
    pub kind: &'static str,
    /// The title as plain text.
    pub title: &'v str,
    /// The title as HTML.
    pub title_html: Html,
    /// The id of the heading that the title was, for links to it.
    pub id: Option<&'v str>,
    /// The number of the chapter, as `6` or `6.1`, if chapters are numbered.
    pub number: Option<&'v str>,
    /// The author's description, else how the text begins.
    pub description: Option<&'v str>,
    /// The page's own absolute URL.
    pub canonical: Option<String>,
    /// The absolute URL of its social image, which is 1200 × 630 pixels.
    pub image: Option<String>,
    /// What it is, for machines: JSON-LD for a script element; only on chapters of a book with a
    /// `base_url`.
    pub linked_data: Option<Html>,
    /// Whether it is a draft.
    pub draft: bool,
    /// When it was published.
    pub date: Option<DateView>,
    /// When it was last changed.
    pub updated: Option<DateView>,
    /// How many steps tests have found to work, of the chapter or, on the contents page, of the book; only where there are some.
    pub checked: Option<CheckedView<'v>>,
    /// The number of words.
    pub words: usize,
    /// How long it takes to read, in minutes.
    pub minutes: usize,
    /// A chapter's Markdown, if it is published.
    pub markdown: Option<&'static str>,
    /// Where its source can be edited.
    pub edit_url: Option<String>,
    /// The text as HTML.
    pub body: Html,
    /// Whether a reader can fill in values in it or in the title.
    pub fields: bool,
    /// The headings of the text, as a tree; empty if the chapter says `toc: false`.
    pub toc: Vec<TocView<'v>>,
    /// The front matter's `extra`, and its unknown keys.
    pub extra: Map<String, Value>,
}

/// What tests have found to work.
#[derive(Debug, Serialize)]
pub struct CheckedView<'v> {
    /// How many steps work.
    pub checked: usize,
    /// How many steps there are.
    pub steps: usize,
    /// The systems on which that was: `Debian 12`; empty on the contents page.
    pub on: &'v str,
    /// The day; none on the contents page.
    pub date: Option<DateView>,
    /// The section of the contents page that says what it means.
    pub url: String,
}

/// A date.
#[derive(Debug, Serialize)]
pub struct DateView {
    /// RFC 3339.
    pub iso: String,
    /// For people: `31 December 2021`.
    pub text: String,
}

/// A heading and those under it.
#[derive(Debug, Serialize)]
pub struct TocView<'v> {
    /// The id.
    pub id: &'v str,
    /// The text as HTML, without links.
    pub html: Html,
    /// The headings under it.
    pub children: Vec<TocView<'v>>,
}

/// The sidebar.
#[derive(Debug, Default, Serialize)]
pub struct NavView {
    /// The parts as HTML, each written by `partials/part.html`.
    pub parts: Html,
    /// How many parts were left out.
    pub more: usize,
}

/// What `partials/part.html` sees. Its HTML is made once and then written on many pages, so it knows nothing of the
/// page but what `current` and `here` say.
#[derive(Debug, Serialize)]
pub struct SidebarPartView<'v> {
    /// The words of the interface, by group and name.
    pub words: &'v EngineValue<InterfaceWords>,
    /// The contents page.
    pub contents: String,
    /// The title; the first part can be without.
    pub title: Option<&'v str>,
    /// The chapter that opens it, else its first one.
    pub url: Option<String>,
    /// Whether the page is in it.
    pub current: bool,
    /// Whether the page opens it.
    pub here: bool,
    /// Whether it has chapters, and none of them is listed here.
    pub folded: bool,
    /// The chapters of the current part, and the few that are in no part, as HTML, each written by
    /// `partials/line.html`.
    pub lines: Html,
    /// How many lines before these were left out.
    pub before: usize,
    /// How many lines after these were left out.
    pub after: usize,
}

/// What `partials/line.html` sees; made as [parts](SidebarPartView) are.
#[derive(Debug, Serialize)]
pub struct SidebarLineView<'v> {
    /// The words of the interface, by group and name.
    pub words: &'v EngineValue<InterfaceWords>,
    /// The title.
    pub title: &'v str,
    /// Where it is; `null` for a planned chapter or a folder without a page.
    pub url: Option<String>,
    /// How deep it is nested, from 0.
    pub depth: usize,
    /// Its number, if chapters are numbered.
    pub number: Option<&'v str>,
    /// Whether it is this page.
    pub current: bool,
    /// Whether the chapter is planned and not yet written.
    pub planned: bool,
    /// Whether it is a draft.
    pub draft: bool,
}

/// A part in `contents`.
#[derive(Debug, Serialize)]
pub struct PartView<'v> {
    /// The title; the first part can be without.
    pub title: Option<&'v str>,
    /// The chapter that opens it, else its first one.
    pub url: Option<String>,
    /// What it is about, from its opening chapter.
    pub description: Option<&'v str>,
    /// The chapters.
    pub entries: Vec<EntryView<'v>>,
    /// The number of chapters that are written.
    pub written: usize,
    /// How long they take to read, in minutes.
    pub minutes: usize,
}

/// A chapter in `contents`.
#[derive(Debug, Serialize)]
pub struct EntryView<'v> {
    /// The title.
    pub title: &'v str,
    /// Where it is; `null` for a planned chapter or a folder without a page.
    pub url: Option<String>,
    /// How deep it is nested, from 0.
    pub depth: usize,
    /// Whether the chapter is planned and not yet written.
    pub planned: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// What it is about.
    pub description: Option<&'v str>,
    /// Its number, if chapters are numbered.
    pub number: Option<&'v str>,
    /// How long it takes to read, in minutes; 0 if it is not there.
    pub minutes: usize,
}

/// A link.
#[derive(Clone, Debug, Serialize)]
pub struct LinkView {
    /// The title.
    pub title: String,
    /// Where it leads; `null` for a name without a page.
    pub url: Option<String>,
    /// The number of the chapter, if chapters are numbered.
    pub number: Option<String>,
}

/// What `redirect.html` sees.
#[derive(Debug, Serialize)]
pub struct RedirectView<'v> {
    /// The program's name and version.
    pub generator: &'static str,
    /// The words of the interface, by group and name.
    pub words: &'v EngineValue<InterfaceWords>,
    /// The book.
    pub book: BookView<'v>,
    /// The theme's files.
    pub assets: AssetsView,
    /// The title of the chapter that it leads to.
    pub title: &'v str,
    /// Where it leads.
    pub target: String,
    /// The absolute URL of that.
    pub canonical: Option<String>,
}
