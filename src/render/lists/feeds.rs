//! Outputs for machines: `sitemap.xml` (sitemaps.org 0.9), `robots.txt` (RFC 9309), the Atom feed (RFC 4287).
//!
//! All three need absolute URLs, so without a `base_url` there is no sitemap and no feed.

use std::cmp::Ordering;

use crate::bind::Chapter;
use crate::bind::places::FEED;
use crate::parse::front_matter::Moment;
use crate::render::inputs::SiteFacts;
use crate::text::html::escape;

/// How many chapters the feed holds: the newest.
pub const LENGTH: usize = 50;

/// A page in the sitemap.
#[derive(Debug, Hash)]
pub struct SitemapEntry {
    /// The absolute URL.
    pub url: String,
    /// When it was last changed, RFC 3339.
    pub changed: Option<String>,
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
    /// Makes the entry of a chapter; `None` if that has no date.
    pub fn new(chapter: &Chapter, url: String) -> Option<Self> {
        let document = &chapter.document;
        let published = document.front.date?;
        Some(FeedEntry {
            url,
            title: document.title.text.clone(),
            summary: document.front.description.clone().or_else(|| document.opening.clone()),
            published,
            updated: document.front.updated.unwrap_or(published).max(published),
        })
    }

    /// The order of entries in a feed.
    pub fn newest_first(&self, other: &Self) -> Ordering {
        other.published.cmp(&self.published).then_with(|| self.url.cmp(&other.url))
    }
}

/// Writes the sitemap.
pub fn sitemap(entries: &[SitemapEntry]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for entry in entries {
        let changed = entry.changed.as_ref().map(|at| format!("<lastmod>{at}</lastmod>")).unwrap_or_default();
        xml += &format!("<url><loc>{}</loc>{changed}</url>\n", text(&entry.url));
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
