//! What the raw HTML of a chapter leaves open.
//!
//! Elements that are left open, or closed where they are not, are reported. `balance.rs` closes them.

use foldhash::HashMap;

use super::unlinked::Unlinked;
use crate::parse::gathered::Gathered;
use crate::text::Span;
use crate::text::elements::{is_element, needs_no_end};
use crate::text::html::{Tag, Tags, Within};

/// The raw HTML of a chapter so far.
#[derive(Default)]
pub(super) struct RawHtml {
    /// What it broke off in, and where that began.
    within: Within,
    since: Span,
    /// The tags that never end: a tag goes on in no other piece.
    endless: Vec<Span>,
    /// The elements that began; none for those that have ended.
    begun: Vec<Option<Begun>>,
    /// The numbers of those that are open, by their names in lower case.
    open: HashMap<String, Vec<usize>>,
    /// The numbers of the quotes, items and cells that are open around: no element begins in one and ends in another.
    containers: Vec<usize>,
    /// How many there were.
    entered: usize,
    /// The elements in which no term is linked.
    pub(super) unlinked: Unlinked,
    /// How many of those were open where each of the containers begins.
    unlinked_before: Vec<usize>,
}

/// An element that began.
struct Begun {
    /// Its name, as it is written.
    name: String,
    span: Span,
    container: Option<usize>,
    /// Whether its tag ends with `/>`, which closes nothing in HTML.
    is_self_closing: bool,
}

/// Elements that show nothing of what is in them, or only at times.
const HIDING: &[&str] = &[
    "audio", "canvas", "datalist", "details", "dialog", "math", "noscript", "object", "select", "svg",
    "template", "title", "video",
];

impl RawHtml {
    /// Follows what begins and ends in a piece. Tags that close nothing are reported to `stray`.
    pub(super) fn follow(&mut self, html: &Gathered, mut stray: impl FnMut(&str, Span)) {
        let mut tags = Tags::resumed(&html.text, self.within);
        for tag in tags.by_ref() {
            let end = html.origin(tag.range.end.saturating_sub(1)) + 1;
            let span = Span::new(html.origin(tag.range.start), end);
            if !tag.name.is_empty() || self.within == Within::Text {
                self.since = span;
            }
            if self.is_whole(&tag) {
                continue;
            }

            if !tag.is_end {
                self.begin(&tag, span);
            } else if !self.end(tag.name) {
                stray(tag.name, span);
            }
        }
        self.within = tags.within();
        if matches!(self.within, Within::Tag(_) | Within::Declaration) {
            self.within = Within::Text;
            self.endless.push(self.since);
        }
    }

    fn begin(&mut self, tag: &Tag<'_>, span: Span) {
        self.open.entry(tag.name.to_ascii_lowercase()).or_default().push(self.begun.len());
        self.begun.push(Some(Begun {
            name: tag.name.to_owned(),
            span,
            container: self.containers.last().copied(),
            is_self_closing: tag.is_self_closing,
        }));
    }

    /// Ends the innermost element of this name that is open in the same container; false if there is none.
    fn end(&mut self, name: &str) -> bool {
        let container = self.containers.last().copied();
        let Some(open) = self.open.get_mut(&name.to_ascii_lowercase()) else { return false };
        let Some(last) = open.last().copied() else { return false };
        if self.begun[last].as_ref().is_none_or(|begun| begun.container != container) {
            return false;
        }
        open.pop();
        self.begun[last] = None;
        true
    }

    /// Whether nothing is open after a tag: a comment, the rest of a tag, and what need not be closed. `/>` closes
    /// elements in SVG and MathML; of those that HTML does not know, and of anchors, it is taken as it is meant.
    fn is_whole(&self, tag: &Tag<'_>) -> bool {
        let is_foreign =
            |root: &&str| tag.is(root) || self.open.get(*root).is_some_and(|open| !open.is_empty());
        let closes = || tag.is("a") || !is_element(tag.name) || ["svg", "math"].iter().any(is_foreign);
        tag.name.is_empty() || needs_no_end(tag.name) || tag.is_self_closing && closes()
    }

    /// A quote, an item or a cell begins.
    pub(super) fn enter(&mut self) {
        self.entered += 1;
        self.containers.push(self.entered);
        self.unlinked_before.push(self.unlinked.begin());
    }

    /// It ends.
    pub(super) fn leave(&mut self) {
        self.containers.pop();
        if let Some(open) = self.unlinked_before.pop() {
            self.unlinked.end(open);
        }
    }

    /// What the next piece of HTML is in.
    pub(super) fn within(&self) -> Within {
        self.within
    }

    /// What is left open at the end of a chapter: what to say of it, its place and a hint.
    pub(super) fn left_open(&self) -> Vec<(String, Span, String)> {
        let open_comment = (self.within == Within::Comment).then_some(self.since);
        let message = |message: &str, span: Span, hint: &str| (message.to_owned(), span, hint.to_owned());
        let endless =
            self.endless.iter().map(|span| message("this tag never ends", *span, "end it with `>`"));
        let comment = open_comment.map(|span| message("this comment never ends", span, "end it with `-->`"));
        let mut found: Vec<_> = endless.chain(comment).collect();

        // Of a tag that never ends, the element is no other problem.
        let is_endless =
            |begun: &Begun| self.endless.binary_search_by_key(&begun.span.start, |span| span.start).is_ok();
        let open = self.begun.iter().flatten().filter(|begun| !is_endless(begun));
        found.extend(open.map(Begun::message));
        found
    }
}

impl Begun {
    /// What to say of an element that is never closed.
    fn message(&self) -> (String, Span, String) {
        let name = &self.name;
        let (message, hint) = if !is_element(name) {
            (
                format!("`<{name}>` is no element of HTML, and is not seen"),
                format!("write it as code: `` `<{name}>` ``, or as text: `\\<{name}>`"),
            )
        } else if self.is_self_closing {
            (
                format!("`<{name}>` is never closed: `/>` closes nothing here"),
                format!("write `</{name}>` after it"),
            )
        } else {
            (
                format!("`<{name}>` is never closed"),
                format!("close it with `</{name}>`; a tag that is meant as text is code: `` `<{name}>` ``"),
            )
        };
        (message, self.span, hint)
    }
}

/// Whether an element shows nothing of what is in it, or only at times.
pub(super) fn hides(name: &str) -> bool {
    is_in(HIDING, name)
}

/// Whether a name is among others, in upper or lower case.
pub(super) fn is_in(names: &[&str], name: &str) -> bool {
    names.iter().any(|one| name.eq_ignore_ascii_case(one))
}
