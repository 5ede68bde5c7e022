//! How a page links to addresses of the site.

use std::collections::HashMap;

use super::view::LinkView;
use crate::bind::places::PRINT;
use crate::render::inputs::PageRef;
use crate::text::url;

/// Addresses of chapters and their numbers, from 1.
pub type PrintNumbers<'j> = HashMap<&'j str, usize>;

/// The id of a chapter. The colon keeps it apart from every heading's.
pub fn id(number: usize) -> String {
    format!("p:{number}")
}

/// How a page links to addresses of the site.
pub enum PageUrls<'a> {
    /// Relative to this address.
    Relative(&'a str),
    /// Below this path, which begins and ends with `/`.
    Absolute(&'a str),
    /// On the page for print, where chapters are places.
    Within(&'a PrintNumbers<'a>),
}

impl PageUrls<'_> {
    /// The URL of an address.
    pub fn to(&self, address: &str) -> String {
        match self {
            PageUrls::Relative(page) => url::relative(page, address),
            PageUrls::Absolute(path) => format!("{path}{}", url::encode_path(address)),
            PageUrls::Within(numbers) => match numbers.get(address) {
                Some(number) => format!("#{}", id(*number)),
                None => url::relative(PRINT, address),
            },
        }
    }

    /// A link to a page.
    pub fn link(&self, page_ref: &PageRef) -> LinkView {
        LinkView {
            title: page_ref.title.clone(),
            url: page_ref.address.as_ref().map(|address| self.to(address)),
        }
    }

    /// The page's own folder; none of a page at the root.
    pub fn folder(&self) -> Option<&str> {
        let PageUrls::Relative(page) = self else { return None };
        Some(&page[..page.rfind('/')? + 1])
    }
}
