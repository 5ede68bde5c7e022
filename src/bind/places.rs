//! The addresses of what bindery makes by itself, beside the chapters and what their authors put there.

use std::sync::Arc;

use crate::read::Config;
use crate::write::Document;

/// The contents page.
pub const CONTENTS: &str = "contents/";
/// The whole book on one page, for print.
pub const PRINT: &str = "print/";
/// The page that servers show for addresses that do not exist.
pub const NOT_FOUND: &str = "404.html";
/// The list of all pages, for search engines.
pub const SITEMAP: &str = "sitemap.xml";
/// What search engines may look at.
pub const ROBOTS: &str = "robots.txt";
/// The Atom feed.
pub const FEED: &str = "feed.xml";
/// The list of all chapters as Markdown, for programs that read it.
pub const LLMS: &str = "llms.txt";

/// The sizes of what is kept for reading offline.
pub const OFFLINE: &str = "offline.json";
/// The service worker that keeps it.
pub const OFFLINE_WORKER: &str = "offline-worker.js";

/// The file that holds the page at an address.
pub fn page_file(address: &str) -> String {
    if address.is_empty() || address.ends_with('/') {
        format!("{address}index.html")
    } else {
        address.to_owned()
    }
}

/// Whether a chapter is in the feed.
pub fn in_feed(document: &Document) -> bool {
    document.front.date.is_some() && !document.front.draft
}

/// Whether there is a feed: it needs full addresses, and chapters with dates.
pub fn has_feed<'d>(config: &Config, mut documents: impl Iterator<Item = &'d Arc<Document>>) -> bool {
    config.base_url.is_some() && documents.any(|document| in_feed(document))
}

/// What is made of a book with these settings and chapters, and can be linked to.
pub fn made(config: &Config, documents: &[&Arc<Document>]) -> Vec<&'static str> {
    let has_feed = has_feed(config, documents.iter().copied());
    [
        (true, ""),
        (true, CONTENTS),
        (true, ROBOTS),
        (config.print, PRINT),
        (config.base_url.is_some(), SITEMAP),
        (has_feed, FEED),
        (config.markdown, LLMS),
    ]
    .into_iter()
    .filter_map(|(is_made, address)| is_made.then_some(address))
    .collect()
}
