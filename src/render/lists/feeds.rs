//! Outputs for machines: `sitemap.xml` (sitemaps.org 0.9), `robots.txt` (RFC 9309), the Atom feed (RFC 4287).
//!
//! All three need absolute URLs, so without a `base_url` there is no sitemap and no feed.

use crate::bind::Chapter;
use crate::bind::places::{FEED, in_feed};
use crate::parse::front_matter::Moment;
use crate::render::inputs::SiteFacts;
use crate::text::html::escape;
use crate::text::url::absolute;

/// How many chapters the feed holds: the newest.
const LENGTH: usize = 50;

/// A page in the sitemap.
#[derive(Debug, Hash)]
pub struct SitemapEntry {
    /// The address.
    pub address: String,
    /// When it was last changed.
    pub changed: Option<Moment>,
}

/// A chapter in the feed.
#[derive(Debug, Hash)]
pub struct FeedEntry {
    url: String,
    title: String,
    summary: Option<String>,
    published: Moment,
    updated: Moment,
}

impl FeedEntry {
    /// Makes the entry of a chapter that was published at a time.
    fn new(chapter: &Chapter, base: &str, published: Moment) -> Self {
        let document = &chapter.document;
        FeedEntry {
            url: absolute(base, &chapter.address),
            title: document.title.text.clone(),
            summary: document.front.description.clone().or_else(|| document.opening.clone()),
            published,
            updated: document.front.updated.unwrap_or(published).max(published),
        }
    }
}

/// The entries of the newest chapters, the newest first.
pub fn newest(base: &str, chapters: &[Chapter]) -> Vec<FeedEntry> {
    let published = chapters.iter().filter(|chapter| in_feed(&chapter.document));
    let mut dated: Vec<(Moment, &Chapter)> =
        published.filter_map(|chapter| Some((chapter.document.front.date?, chapter))).collect();
    dated.sort_by(|(one, first), (other, second)| {
        other.cmp(one).then_with(|| first.address.cmp(&second.address))
    });
    dated.truncate(LENGTH);
    dated.into_iter().map(|(date, chapter)| FeedEntry::new(chapter, base, date)).collect()
}

/// Writes the sitemap of a site at a base URL, in the order of the URLs.
pub fn sitemap(base: &str, entries: &[SitemapEntry]) -> String {
    let mut pages: Vec<(String, Option<Moment>)> =
        entries.iter().map(|entry| (absolute(base, &entry.address), entry.changed)).collect();
    pages.sort_by(|(one, _), (other, _)| one.cmp(other));

    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (url, changed) in &pages {
        let changed = changed.map(|at| format!("<lastmod>{}</lastmod>", at.rfc3339())).unwrap_or_default();
        xml += &format!("<url><loc>{}</loc>{changed}</url>\n", text(url));
    }
    xml + "</urlset>\n"
}

/// Writes the rules for search engines: all may be visited.
pub fn robots(sitemap: Option<&str>) -> String {
    let sitemap = sitemap.map(|url| format!("\nSitemap: {url}\n")).unwrap_or_default();
    format!("User-agent: *\nAllow: /\n{sitemap}")
}

/// Writes the feed. Its entries are in order, and there is at least one.
pub fn atom(site: &SiteFacts, entries: &[FeedEntry]) -> String {
    let base = site.base_url.as_deref().unwrap_or_default();
    let updated = entries.iter().map(|entry| entry.updated).max().map(Moment::rfc3339).unwrap_or_default();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{base}</id>\n<title>{}</title>\n<updated>{updated}</updated>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{FEED}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}\"/>\n",
        text(&site.language),
        text(&site.title),
        base = text(base),
    );

    if let Some(description) = &site.description {
        xml += &format!("<subtitle>{}</subtitle>\n", text(description));
    }
    // A feed must name an author.
    xml += &format!("<author><name>{}</name></author>\n", text(site.author.as_ref().unwrap_or(&site.title)));
    xml += "<generator>bindery</generator>\n";

    for entry in entries {
        let url = text(&entry.url);
        xml += &format!(
            "<entry>\n<id>{url}</id>\n<title>{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{url}\"/>\n\
             <published>{}</published>\n<updated>{}</updated>\n",
            text(&entry.title),
            entry.published.rfc3339(),
            entry.updated.rfc3339(),
        );
        if let Some(summary) = &entry.summary {
            xml += &format!("<summary>{}</summary>\n", text(summary));
        }
        xml += "</entry>\n";
    }
    xml + "</feed>\n"
}

/// Escapes text for XML, leaving out the characters that XML 1.0 cannot hold.
fn text(text: &str) -> String {
    let allowed = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    escape(&text.chars().filter(allowed).collect::<String>())
}
