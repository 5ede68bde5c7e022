//! Pages: a job's facts become a [`View`], and a template makes HTML of that.

use std::cell::RefCell;

use bytes::Bytes;
use memchr::memmem;

use crate::bind::places::{CONTENTS, FEED, NOT_FOUND, OFFLINE, PRINT};
use crate::parse::front_matter::Moment;
use crate::text::html::escape;
use crate::text::url::absolute;
use crate::text::{Diagnostic, url};
use crate::write::Document;
use crate::write::document::PageHeading;
use crate::write::placeholder::FIELD;

use crate::render::code::highlight::Highlighter;
use crate::render::inputs::{ChapterJob, Frame, ListJob, PartContents, PrintJob, RedirectJob, SiteFacts};
use crate::render::search::index::INDEX;
use crate::render::theme::cloth;
use crate::render::theme::template::Html;
use crate::render::theme::words::{self, InterfaceWords};

use super::body::{self, BodyContext};
use super::urls::PageUrls;
use super::view::{
    AssetsView, BookView, CheckedView, CoverView, DateView, LinksView, LogoView, NavView, PageView, PartView,
    RedirectView, TocView, View,
};
use super::{checked, linked_data, markdown, navigation, print};

/// The program's name and version, as pages show it. No commit: the same book gives the same bytes.
const GENERATOR: &str = concat!("bindery ", env!("CARGO_PKG_VERSION"));

/// How many titles describe a book; search engines show about as much.
const MOST_TITLES: usize = 5;

/// How many words people read in a minute (a little under the average for non-fiction, as there is code).
const WORDS_A_MINUTE: usize = 200;

/// Renders a chapter; the chapter at the site's root is the front page. Returns what is wrong with its code too.
///
/// # Errors
/// The error of a template.
pub fn chapter(job: &ChapterJob, highlighter: &Highlighter) -> Result<(Bytes, Vec<Diagnostic>), Diagnostic> {
    let document = &job.document;
    let kind = if job.contents.is_some() { PageKind::Front } else { PageKind::Chapter };
    let template = match &document.front.template {
        // A template that the theme does not have was reported for the whole site.
        Some((name, _)) if job.frame.theme.has(name) && is_for_chapters(name) => name.as_str(),
        _ => kind.template(),
    };

    let warnings = RefCell::default();
    let context = BodyContext::of_page(job, highlighter, &warnings);
    let title = body::title(context);
    let body = body::body(context);

    let urls = PageUrls::Relative(&job.address);
    let mut view = view(&job.frame, &urls, kind, &document.title.text);
    view.page = chapter_view(job, view.page, &urls, (&title, &body));

    // The lists and links around the text.
    view.nav = navigation::of_chapter(job, &urls)?;
    view.crumbs = job.crumbs.iter().map(|crumb| navigation::link(crumb, &urls)).collect();
    view.previous = job.previous.as_ref().map(|page_ref| navigation::link(page_ref, &urls));
    view.next = job.next.as_ref().map(|page_ref| navigation::link(page_ref, &urls));
    if let Some(parts) = &job.contents {
        view.contents = parts.iter().map(|part| navigation::contents_of(part, &urls)).collect();
        view.start.clone_from(&view.next);
        view.cover = Some(cover(&job.frame.site, &view.contents));
    }

    let page = job.frame.theme.render_text(template, &view, body.len())?;
    Ok((page, warnings.take()))
}

/// The view of a chapter's own text and front matter. `page` has what all pages have; `title` and `body` are HTML.
fn chapter_view<'v>(
    job: &'v ChapterJob,
    page: PageView<'v>,
    urls: &PageUrls<'_>,
    (title, body): (&str, &str),
) -> PageView<'v> {
    let document = &job.document;
    let front = &document.front;
    let (site, words) = (&job.frame.site, &job.frame.theme.words);

    let description = front.description.as_deref().or(document.opening.as_deref());
    let has_data = job.contents.is_none();
    let has_fields =
        [title, body].iter().any(|html| memmem::find(html.as_bytes(), FIELD.as_bytes()).is_some());

    PageView {
        title_html: Html::new(title),
        id: document.title.id.as_deref(),
        number: job.number.as_deref(),
        description,
        image: image(&job.frame, job.image.as_deref()),
        linked_data: if has_data { linked_data::of_chapter(job, description) } else { None },
        canonical: site.base_url.as_ref().map(|base| absolute(base, &job.address)),
        draft: front.draft,
        date: front.date.map(|moment| date(moment, words)),
        updated: front.updated.map(|moment| date(moment, words)),
        checked: job
            .checked
            .as_ref()
            .map(|chapter| checked::view(chapter, words, checked::explanation(urls))),
        words: document.words,
        minutes: minutes(document.words),
        markdown: site.has_markdown.then_some(markdown::NAME),
        edit_url: edit_url(site, document),
        fields: has_fields,
        body: Html::new(body),
        toc: if front.toc.unwrap_or(true) { toc(&document.headings) } else { Vec::new() },
        extra: front.extra.iter().cloned().collect(),
        ..page
    }
}

/// Where a chapter's source can be edited.
fn edit_url(site: &SiteFacts, document: &Document) -> Option<String> {
    let pattern = site.edit_url.as_ref()?;
    Some(pattern.replace("{path}", &url::encode_path(&document.source.path)))
}

/// Whether a template can be that of a chapter's page: it writes a page, and is given what chapters have.
pub fn is_for_chapters(template: &str) -> bool {
    let others = [PageKind::Print.template(), PageKind::NotFound.template(), REDIRECT];
    template.ends_with(".html") && !template.starts_with("partials/") && !others.contains(&template)
}

/// Renders the front page of a book that has none of its own.
///
/// # Errors
/// The error of a template.
pub fn front(job: &ListJob) -> Result<Bytes, Diagnostic> {
    list(job, PageKind::Front, "")
}

/// Renders the contents page.
///
/// # Errors
/// The error of a template.
pub fn contents(job: &ListJob) -> Result<Bytes, Diagnostic> {
    list(job, PageKind::Contents, CONTENTS)
}

/// Renders a page that is a list of the book's chapters.
fn list(job: &ListJob, kind: PageKind, address: &str) -> Result<Bytes, Diagnostic> {
    let urls = PageUrls::Relative(address);
    let site = &job.frame.site;
    let contents = job.frame.theme.words.get("page", "contents");
    let title = if kind == PageKind::Front { &site.title } else { contents };

    let titles = first_titles(&job.contents);
    let mut view = view(&job.frame, &urls, kind, title);
    view.page.description = site.description.as_deref().or(titles.as_deref());
    view.page.canonical = site.base_url.as_ref().map(|base| absolute(base, address));
    view.nav = navigation::of_list(&job.frame, &urls)?;
    view.contents = job.contents.iter().map(|part| navigation::contents_of(part, &urls)).collect();
    view.start = job.start.as_ref().map(|page_ref| navigation::link(page_ref, &urls));
    view.cover = (kind == PageKind::Front).then(|| cover(site, &view.contents));
    view.page.checked = job.checked.map(|(checked, steps)| CheckedView {
        checked,
        steps,
        on: "",
        date: None,
        url: checked::explanation(&urls),
    });

    job.frame.theme.render(kind.template(), &view)
}

/// The titles of the first chapters: what a book is about whose author does not say it.
fn first_titles(parts: &[PartContents]) -> Option<String> {
    let titles = parts.iter().flat_map(|part| {
        let lines = part.lines.iter().filter(|line| line.page().is_some()).map(|line| &line.title);
        part.title.iter().chain(lines)
    });
    let first: Vec<&str> = titles.take(MOST_TITLES).map(String::as_str).collect();
    (!first.is_empty()).then(|| first.join(" · "))
}

/// Renders the whole book as one page.
///
/// # Errors
/// The error of a template.
pub fn print(job: &PrintJob, highlighter: &Highlighter) -> Result<Bytes, Diagnostic> {
    let numbers = print::numbers(job);
    let urls = PageUrls::Relative(PRINT);
    let title = &job.frame.site.title;
    let mut view = view(&job.frame, &urls, PageKind::Print, title);

    let within = PageUrls::Within(&numbers);
    view.contents = job.contents.iter().map(|part| navigation::contents_of(part, &within)).collect();
    view.chapters = print::chapters(job, &numbers, highlighter);
    let text = view.chapters.iter().map(|chapter| chapter.body.len()).sum();
    job.frame.theme.render_text(PageKind::Print.template(), &view, text)
}

/// Renders the page for addresses that do not exist.
///
/// # Errors
/// The error of a template.
pub fn not_found(frame: &Frame) -> Result<Bytes, Diagnostic> {
    // Servers show this page at any depth, so its URLs begin with the path of the base URL. If that is not known, the
    // page tries the folders above the address too.
    let base = frame.site.base_url.as_deref().unwrap_or("/");
    let path = base.find("://").map_or(base, |at| {
        let rest = &base[at + 3..];
        &rest[rest.find('/').unwrap_or(rest.len())..]
    });
    let urls = PageUrls::Absolute(path);

    let title = frame.theme.words.get("missing", "title");
    let mut view = view(frame, &urls, PageKind::NotFound, title);
    view.page.description = Some(frame.theme.words.get("missing", "text"));
    view.nav = navigation::of_list(frame, &urls)?;
    view.links.ups = if frame.site.base_url.is_some() { &[] } else { UPS };
    frame.theme.render(PageKind::NotFound.template(), &view)
}

/// The folder of an address, and those above it. A browser asks for none twice: further up than the top is the top.
const UPS: &[&str] = &[
    ".",
    "..",
    "../..",
    "../../..",
    "../../../..",
    "../../../../..",
    "../../../../../..",
    "../../../../../../..",
];

/// Renders a page that leads elsewhere.
///
/// # Errors
/// The error of a template.
pub fn redirect(job: &RedirectJob) -> Result<Bytes, Diagnostic> {
    let view = RedirectView {
        generator: GENERATOR,
        words: &job.frame.theme.shown_words,
        book: book(&job.frame, &PageUrls::Relative(&job.from)),
        assets: assets(&job.frame, &PageUrls::Relative(&job.from)),
        title: &job.title,
        target: url::relative(&job.from, &job.to),
        canonical: job.frame.site.base_url.as_ref().map(|base| absolute(base, &job.to)),
    };
    job.frame.theme.render(REDIRECT, &view)
}

/// The template of pages that lead elsewhere.
const REDIRECT: &str = "redirect.html";

/// The kinds of pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PageKind {
    Chapter,
    Front,
    Contents,
    Print,
    NotFound,
}

impl PageKind {
    fn name(self) -> &'static str {
        match self {
            PageKind::Chapter => "chapter",
            PageKind::Front => "front",
            PageKind::Contents => "contents",
            PageKind::Print => "print",
            PageKind::NotFound => "not-found",
        }
    }

    fn template(self) -> &'static str {
        match self {
            PageKind::Chapter => "chapter.html",
            PageKind::Front => "front.html",
            PageKind::Contents => "contents.html",
            PageKind::Print => "print.html",
            PageKind::NotFound => NOT_FOUND,
        }
    }
}

/// The absolute URL of a page's own social image, else of the book's.
fn image(frame: &Frame, own: Option<&str>) -> Option<String> {
    let address = own.or(frame.site.image.as_deref())?;
    frame.site.base_url.as_ref().map(|base| absolute(base, address))
}

/// The cover of the book, on the front page.
fn cover(site: &SiteFacts, parts: &[PartView<'_>]) -> CoverView {
    CoverView {
        path: cloth::endpaper(&site.title),
        tile: cloth::TILE,
        chapters: parts.iter().map(|part| part.written).sum(),
        minutes: parts.iter().map(|part| part.minutes).sum(),
    }
}

/// The view that all pages begin with.
fn view<'v>(frame: &'v Frame, urls: &PageUrls<'_>, kind: PageKind, title: &'v str) -> View<'v> {
    let page = PageView {
        kind: kind.name(),
        title,
        title_html: Html::new(&escape(title)),
        image: image(frame, None),
        ..PageView::default()
    };
    View {
        generator: GENERATOR,
        words: &frame.theme.shown_words,
        book: book(frame, urls),
        links: links(frame, urls),
        assets: assets(frame, urls),
        page,
        nav: NavView::default(),
        crumbs: Vec::new(),
        previous: None,
        next: None,
        contents: Vec::new(),
        start: None,
        cover: None,
        chapters: Vec::new(),
    }
}

fn links(frame: &Frame, urls: &PageUrls<'_>) -> LinksView {
    let site = &frame.site;
    LinksView {
        root: match urls {
            PageUrls::Relative(page) => url::to_root(page),
            PageUrls::Absolute(path) => (*path).to_owned(),
            PageUrls::Within(_) | PageUrls::Open(_) => url::to_root(PRINT),
        },
        front: urls.to(""),
        contents: urls.to(CONTENTS),
        print: site.has_print.then(|| urls.to(PRINT)),
        feed: site.has_feed.then(|| urls.to(FEED)),
        offline: site.has_offline.then(|| urls.to(OFFLINE)),
        search: site.has_search.then(|| urls.to(INDEX)),
        ups: &[],
    }
}

fn assets(frame: &Frame, urls: &PageUrls<'_>) -> AssetsView {
    let theme = &frame.theme;
    AssetsView {
        stylesheet: urls.to(&theme.stylesheet),
        style: frame.site.style.as_ref().map(|address| urls.to(address)),
        early: theme.early.iter().map(|script| urls.to(script)).collect(),
        script: theme.script.as_ref().map(|script| urls.to(script)),
        late: theme.late.as_ref().map(|script| urls.to(script)),
        folder: urls.to(&theme.folder),
    }
}

fn book<'f>(frame: &'f Frame, urls: &PageUrls<'_>) -> BookView<'f> {
    let site = &frame.site;
    BookView {
        title: &site.title,
        author: site.author.as_deref(),
        description: site.description.as_deref(),
        language: &site.language,
        direction: words::direction(&site.language),
        base_url: site.base_url.as_deref(),
        cloth: cloth::name(site.accent, &site.title),
        logo: site.logo.as_ref().map(|logo| LogoView {
            url: urls.to(&logo.address),
            width: logo.size.map(|(width, _)| width),
            height: logo.size.map(|(_, height)| height),
        }),
        values: site.values,
        numbered: site.numbered,
    }
}

fn date(moment: Moment, words: &InterfaceWords) -> DateView {
    DateView { iso: moment.rfc3339(), text: words.day(moment.date()) }
}

/// How many minutes a number of words takes to read.
pub fn minutes(words: usize) -> usize {
    words.div_ceil(WORDS_A_MINUTE).max(1)
}

/// The headings as a tree. Where a level is left out (h2, h4), the deeper heading is a child all the same.
fn toc(mut headings: &[PageHeading]) -> Vec<TocView<'_>> {
    let mut siblings = Vec::new();
    while let Some((heading, rest)) = headings.split_first() {
        let end = rest.iter().position(|next| next.level <= heading.level).unwrap_or(rest.len());
        let (below, after) = rest.split_at(end);
        siblings.push(TocView { id: &heading.id, html: Html::new(&heading.html), children: toc(below) });
        headings = after;
    }
    siblings
}
