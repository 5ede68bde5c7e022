//! What a chapter is, for machines: [JSON-LD](https://www.w3.org/TR/json-ld11/) in the words of schema.org, a
//! `TechArticle` and the `BreadcrumbList` that leads to it.
//!
//! Its URLs must be absolute, so there is none without a `base_url`.

use serde::Serialize;

use crate::render::inputs::ChapterJob;
use crate::render::theme::template::Html;
use crate::text::url::absolute;

/// The initial capacity, in bytes.
const CAPACITY: usize = 2 << 10;

/// Writes a chapter's linked data for a script element.
pub fn of_chapter(job: &ChapterJob, description: Option<&str>) -> Option<Html> {
    let site = &job.frame.site;
    let base = site.base_url.as_deref()?;
    let (document, url) = (&job.document, &absolute(base, &job.address));

    let reviewed =
        job.checked.as_ref().map(|chapter| ReviewedPage { url, last_reviewed: chapter.day.to_string() });
    let article = TechArticle {
        author: site.author.as_deref().map(|name| Person { name }),
        date_modified: document.front.updated.or(document.front.date).map(|date| date.rfc3339()),
        date_published: document.front.date.map(|date| date.rfc3339()),
        description,
        headline: &document.title.text,
        in_language: &site.language,
        is_part_of: BookItem { name: &site.title, url: base },
        main_entity_of_page: reviewed,
        url,
        word_count: document.words,
    };

    // The way from the front page to the chapter. Search engines refuse a list with an item that has no page.
    let crumbs = job.crumbs.iter().filter_map(|crumb| Some((&crumb.title, crumb.address.as_deref()?)));
    let front = (&site.title, "");
    let trail = [front].into_iter().chain(crumbs).chain([(&document.title.text, job.address.as_str())]);
    let items = trail.zip(1..).map(|((name, address), position)| ListItem {
        item: absolute(base, address),
        name,
        position,
    });
    let breadcrumbs = BreadcrumbList { item_list_element: items.collect() };

    let data = LinkedData { context: "https://schema.org", graph: (article, breadcrumbs) };
    let mut json = Vec::with_capacity(CAPACITY);
    serde_json::to_writer(&mut json, &data).expect("text and numbers are always JSON");
    let json = String::from_utf8(json).expect("JSON is text");

    // Only this character could end a script element.
    Some(match json.contains('<') {
        true => Html::new(&json.replace('<', "\\u003c")),
        false => Html::new(&json),
    })
}

#[derive(Serialize)]
struct LinkedData<'j> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: (TechArticle<'j>, BreadcrumbList<'j>),
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct TechArticle<'j> {
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Person<'j>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'j str>,
    headline: &'j str,
    in_language: &'j str,
    is_part_of: BookItem<'j>,
    #[serde(skip_serializing_if = "Option::is_none")]
    main_entity_of_page: Option<ReviewedPage<'j>>,
    url: &'j str,
    word_count: usize,
}

/// The page, and when its steps were last checked.
#[derive(Serialize)]
#[serde(tag = "@type", rename = "WebPage", rename_all = "camelCase")]
struct ReviewedPage<'j> {
    url: &'j str,
    last_reviewed: String,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct Person<'j> {
    name: &'j str,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "Book")]
struct BookItem<'j> {
    name: &'j str,
    url: &'j str,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct BreadcrumbList<'j> {
    item_list_element: Vec<ListItem<'j>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct ListItem<'j> {
    item: String,
    name: &'j str,
    position: usize,
}
