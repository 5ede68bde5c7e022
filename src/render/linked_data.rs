//! What a chapter is, for machines: [JSON-LD](https://www.w3.org/TR/json-ld11/) in the words of schema.org, a
//! `TechArticle` and the `BreadcrumbList` that leads to it.
//!
//! Its URLs must be absolute, so there is none without a `base_url`.

use serde_json::{Value, json};

use super::job::ChapterJob;
use crate::text::url::absolute;

/// Writes a chapter's linked data, ready to stand in a script element.
pub fn of_chapter(job: &ChapterJob, description: Option<&str>) -> Option<String> {
    let site = &job.frame.site;
    let base = site.base_url.as_deref()?;
    let (document, url) = (&job.document, absolute(base, &job.address));
    let mut article = json!({
        "@type": "TechArticle",
        "headline": document.title.text,
        "url": url,
        "mainEntityOfPage": url,
        "inLanguage": site.language,
        "wordCount": document.words,
        "isPartOf": { "@type": "Book", "name": site.title, "url": base },
    });
    let mut say = |name: &str, value: Option<Value>| {
        if let (Some(value), Some(article)) = (value, article.as_object_mut()) {
            article.insert(name.to_owned(), value);
        }
    };
    say("description", description.map(Value::from));
    say("author", site.author.as_ref().map(|name| json!({ "@type": "Person", "name": name })));
    say("datePublished", document.front.date.map(|date| date.rfc3339().into()));
    say("dateModified", document.front.updated.or(document.front.date).map(|date| date.rfc3339().into()));
    let crumbs = job.crumbs.iter().map(|crumb| (&crumb.title, crumb.address.as_deref()));
    let front = (&site.title, Some(""));
    let trail = [front].into_iter().chain(crumbs).chain([(&document.title.text, Some(job.address.as_str()))]);
    let item = |(number, (title, address)): (usize, (&String, Option<&str>))| {
        let mut item = json!({ "@type": "ListItem", "position": number + 1, "name": title });
        if let Some(address) = address {
            item["item"] = absolute(base, address).into();
        }
        item
    };
    let items: Vec<Value> = trail.enumerate().map(item).collect();
    let breadcrumbs = json!({ "@type": "BreadcrumbList", "itemListElement": items });
    let graph = json!({ "@context": "https://schema.org", "@graph": [article, breadcrumbs] });
    // In a script element, only this sign could end it.
    Some(graph.to_string().replace('<', "\\u003c"))
}
