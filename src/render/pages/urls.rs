//! How a page links to addresses of the site.

use std::collections::HashMap;

use super::view::LinkView;
use crate::bind::places::PRINT;
use crate::render::inputs::Pointer;
use crate::text::url;

/// Addresses of chapters and their numbers, from 1.
pub type Numbers<'j> = HashMap<&'j str, usize>;

/// The id of a chapter. The colon keeps it apart from every heading's.
pub fn id(number: usize) -> String {
    format!("p:{number}")
}

/// How a page links to addresses of the site.
pub enum Way<'a> {
    /// Relative to this address.
    Relative(&'a str),
    /// Below this path, which begins and ends with `/`.
    Absolute(&'a str),
    /// On the page for print, where chapters are places.
    Within(&'a Numbers<'a>),
}

impl Way<'_> {
    /// The URL of an address.
    pub fn to(&self, address: &str) -> String {
        match self {
            Way::Relative(page) => url::relative(page, address),
            Way::Absolute(path) => format!("{path}{}", url::encode_path(address)),
            Way::Within(numbers) => match numbers.get(address) {
                Some(number) => format!("#{}", id(*number)),
                None => url::relative(PRINT, address),
            },
        }
    }

    /// A link to a page.
    pub fn link(&self, pointer: &Pointer) -> LinkView {
        LinkView {
            title: pointer.title.clone(),
            url: pointer.address.as_ref().map(|address| self.to(address)),
        }
    }

    /// The page's own folder; none of a page at the root.
    pub fn folder(&self) -> Option<&str> {
        let Way::Relative(page) = self else { return None };
        Some(&page[..page.rfind('/')? + 1])
    }
}
