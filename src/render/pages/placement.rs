//! Where a chapter is on the page for print: its ids are prefixed by the chapter's number, links between chapters
//! become links within the page, and all other relative URLs are made relative to this page.

use super::urls::{PrintNumbers, id};
use crate::bind::places::PRINT;
use crate::text::url;

/// The place of a chapter on the page for print.
pub struct Placement<'p> {
    /// What all ids of the chapter begin with there.
    pub prefix: String,
    number: usize,
    address: &'p str,
    numbers: &'p PrintNumbers<'p>,
}

impl<'p> Placement<'p> {
    /// The place of the chapter with this number and address.
    pub fn new(number: usize, address: &'p str, numbers: &'p PrintNumbers<'p>) -> Self {
        Placement { prefix: format!("{}:", id(number)), number, address, numbers }
    }

    /// The URL on this page of what a URL leads to on the chapter's own page.
    pub fn url(&self, target: &str) -> String {
        if target.is_empty() || target.starts_with(['?', '/']) || url::is_external(target) {
            return target.to_owned();
        }
        let (path, suffix) = target.split_at(target.find(['?', '#']).unwrap_or(target.len()));
        if path.is_empty() {
            return within(self.number, suffix);
        }

        let folder = self.address.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(mut joined) = url::decode(path).and_then(|path| url::join(folder, &path)) else {
            return target.to_owned();
        };
        if path.ends_with('/') && !joined.is_empty() {
            joined.push('/');
        }
        match self.numbers.get(joined.as_str()) {
            Some(number) => within(*number, suffix),
            None => url::relative(PRINT, &joined) + suffix,
        }
    }
}

/// The place on this page of an anchor of a chapter, or of the chapter itself.
fn within(number: usize, suffix: &str) -> String {
    match suffix.split_once('#') {
        Some((_, anchor)) if !anchor.is_empty() => format!("#{}:{anchor}", id(number)),
        _ => format!("#{}", id(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_from_the_new_place() {
        let numbers = PrintNumbers::from([("", 1), ("a/b/", 2), ("größe/", 3)]);
        for (target, expected) in [
            ("#x", "#p:2:x"),
            ("#", "#p:2"),
            ("./", "#p:2"),
            ("../../", "#p:1"),
            ("../../gr%C3%B6%C3%9Fe/#%C3%A4", "#p:3:%C3%A4"),
            ("../../contents/", "../contents/"),
            ("../../assets/x.png?a&b", "../assets/x.png?a&b"),
            ("https://example.com/", "https://example.com/"),
            ("mailto:a@b", "mailto:a@b"),
            ("../../../out", "../../../out"),
        ] {
            assert_eq!(Placement::new(2, "a/b/", &numbers).url(target), expected, "{target}");
        }
    }
}
