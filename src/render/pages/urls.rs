//! How a page links to addresses of the site.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::bind::places::PRINT;
use crate::text::html::escape_into;
use crate::text::url;

/// Addresses of the chapters on the page for print, and their numbers there, from 1.
pub type PrintNumbers<'j> = HashMap<&'j str, usize>;

/// The id of a chapter on the page for print. The colon keeps it apart from every heading's.
pub fn id(number: usize) -> String {
    format!("p:{number}")
}

/// How a page writes the URLs of addresses.
pub enum PageUrls<'a> {
    /// Relative to this address.
    Relative(&'a str),
    /// Below this path, which begins and ends with `/`.
    Absolute(&'a str),
    /// On the page for print, where each chapter has an id.
    Within(&'a PrintNumbers<'a>),
    /// Left open, for HTML that is made once for many pages; the addresses are kept here.
    Open(&'a RefCell<Vec<String>>),
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
            PageUrls::Open(addresses) => {
                let mut addresses = addresses.borrow_mut();
                addresses.push(address.to_owned());
                format!("{MARK}{}{MARK}", addresses.len() - 1)
            }
        }
    }
}

/// The character before and after an open URL's number. No text of a page has control characters.
const MARK: char = '\u{1}';

/// HTML whose URLs are left open, so that it can be written on every page.
#[derive(Debug)]
pub struct OpenHtml {
    /// Pieces of HTML, and the address whose URL follows each.
    pieces: Vec<(String, String)>,
    end: String,
}

impl OpenHtml {
    /// Makes HTML with open URLs.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn new<E>(make: impl FnOnce(&PageUrls<'_>) -> Result<String, E>) -> Result<Self, E> {
        let addresses = RefCell::default();
        let html = make(&PageUrls::Open(&addresses))?;
        let addresses = addresses.into_inner();

        let mut pieces = Vec::new();
        let mut parts = html.split(MARK);
        let mut end = parts.next().unwrap_or_default();
        while let (Some(number), Some(next)) = (parts.next(), parts.next()) {
            let address = number.parse().ok().and_then(|number: usize| addresses.get(number));
            pieces.push((end.to_owned(), address.cloned().unwrap_or_default()));
            end = next;
        }
        Ok(OpenHtml { pieces, end: end.to_owned() })
    }

    /// Appends the HTML as it is on a page.
    pub fn write(&self, out: &mut String, urls: &PageUrls<'_>) {
        for (piece, address) in &self.pieces {
            out.push_str(piece);
            escape_into(out, &urls.to(address));
        }
        out.push_str(&self.end);
    }
}
