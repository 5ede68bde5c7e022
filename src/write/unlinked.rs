//! Elements of raw HTML in which no term of the glossary becomes a link.

use foldhash::HashMap;

use crate::text::html::Tag;

/// The elements in which no term becomes a link.
const CLOSED: &[&str] = &[
    "a", "abbr", "button", "code", "dfn", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "kbd", "label",
    "math", "noembed", "noframes", "pre", "samp", "script", "select", "style", "summary", "svg", "textarea",
    "title", "var", "xmp",
];

/// Those of them that are in blocks.
const INLINE: &[&str] = &["a", "abbr", "button", "code", "dfn", "kbd", "label", "math", "samp", "svg", "var"];

/// The blocks in which terms become links.
const BLOCKS: &[&str] = &[
    "article",
    "aside",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "figcaption",
    "figure",
    "footer",
    "header",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Follows the elements of raw HTML through a chapter.
#[derive(Default)]
pub(super) struct Unlinked {
    /// From the outermost on in which no term becomes a link: those of [`CLOSED`] and [`BLOCKS`] that are open.
    open: Vec<&'static str>,
    /// How many of each are.
    depths: HashMap<&'static str, usize>,
    /// Whether the newest `<a>` leads anywhere.
    leads: bool,
}

impl Unlinked {
    /// Whether text is in such an element.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// A block of the chapter begins; [`end`](Self::end) takes the result.
    pub(super) fn begin(&mut self) -> usize {
        self.end_anchor();
        self.open.len()
    }

    /// The block ends, and with it what its author left open there.
    pub(super) fn end(&mut self, open: usize) {
        self.end_anchor();
        while self.open.len() > open {
            self.close();
        }
    }

    /// Ends an `<a>` that leads nowhere, the place of an old link, at the edge of a block.
    fn end_anchor(&mut self) {
        if !self.leads && self.open.last() == Some(&"a") {
            self.close();
        }
    }

    fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            *self.depths.entry(name).or_default() -= 1;
        }
    }

    /// Follows a tag of raw HTML. Authors leave elements open: they end with the block that they are in.
    pub(super) fn follow(&mut self, tag: &Tag<'_>, html: &str) {
        let among = |names: &[&'static str]| names.iter().copied().find(|name| tag.is(name));
        let closed = among(CLOSED);
        if self.open.is_empty() && (closed.is_none() || tag.is_end) {
            return;
        }
        let Some(name) = closed.or_else(|| among(BLOCKS)) else { return };
        let is_block = !INLINE.contains(&name);

        // There is no `<a>` within another.
        if (name == "a" || is_block && !self.leads) && self.open.last() == Some(&"a") {
            self.close();
        }
        if !tag.is_end {
            if !tag.is_self_closing && (closed.is_some() || !self.open.is_empty()) {
                self.open.push(name);
                *self.depths.entry(name).or_default() += 1;
            }
            if name == "a" {
                self.leads = html[tag.range.clone()].to_ascii_lowercase().contains("href");
            }
        } else if self.depths.get(name).is_some_and(|depth| *depth > 0)
            && let Some(start) = self.open.iter().rposition(|open| *open == name)
        {
            while self.open.len() > start {
                self.close();
            }
        } else if is_block {
            self.open.clear();
            self.depths.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::html::Tags;

    #[test]
    fn texts_are_those_outside_of_links_and_code() {
        for (html, expected) in [
            ("a <b>b</b> <a href=\"x\">c</a> d<code>ef</code><article>g<h2>h</h2>", "a b  dg"),
            ("<img alt=\"a > b\">c<!-- d > e -->f", "cf"),
            ("<a name=\"x\">a<p>b</p>", "b"),
            ("<p><a name=\"x\">a</p>b", "b"),
            ("<p><a name=\"x\"/>a<a name=\"x\"></a>b</p>", "ab"),
            ("<a href=\"x\"><p>a</p>b</a>c", "c"),
            ("<p><a href=\"x\">a</p>b", "b"),
            ("<p><kbd>a</p>b</kbd>c", "bc"),
            ("<ul><li><code>a<li>b</ul>c", "c"),
        ] {
            let mut unlinked = Unlinked::default();
            let (mut found, mut at) = (String::new(), 0);
            for tag in Tags::of(html) {
                found.push_str(if unlinked.is_open() { "" } else { &html[at..tag.range.start] });
                unlinked.follow(&tag, html);
                at = tag.range.end;
            }
            found.push_str(if unlinked.is_open() { "" } else { &html[at..] });
            assert_eq!(found, expected, "{html}");
        }
    }
}
