//! Balanced raw HTML: what its author opened is closed where it must end, and nothing else is closed.
//!
//! A chapter is written once as its author wrote it. Only if that would change the page around it is it written again,
//! with the pieces that [`Balance`] makes of the raw HTML. `frame.rs` decides.

use std::ops::Range;

use super::raw::{hides, is_in};
use crate::parse::gathered::Gathered;
use crate::text::Span;
use crate::text::elements::is_component;
use crate::text::html::{Tag, Tags, Within};

/// How the raw HTML of a text is written. Each form is safer than the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum RawForm {
    /// As its author wrote it.
    #[default]
    Authored,
    /// Balanced.
    Balanced,
    /// As text that readers see.
    Shown,
}

/// What begins and ends while a chapter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    /// A quote, an item, a cell: no tag in it closes what is around it.
    Container,
    /// The text of a paragraph, or a part of it: what it opens ends with it.
    Text,
}

/// The elements of raw HTML that are open.
#[derive(Default)]
pub(super) struct Balance {
    open: Vec<OpenElement>,
    scopes: Vec<OpenScope>,
    /// What the last piece broke off in: a comment, or an element that contains only text.
    within: Within,
    /// In how many scopes that began.
    since: usize,
    /// How many of the open elements are the roots of SVG and MathML.
    foreign: usize,
    /// Whether something that hides what follows had to be closed, or anything at the end, or a tag is that of a page.
    is_cut: bool,
    /// Whether anything was changed, and whether there is a `<select>`.
    is_changed: bool,
    has_select: bool,
    /// The first tag of an element, not of a component, that was changed, and how.
    pub(super) first_edit: Option<(Span, &'static str)>,
}

struct OpenElement {
    /// The name, in lower case.
    name: String,
    /// Where its tag is. A component's is reported by itself.
    reported: Option<Span>,
    /// Whether it needs no end tag.
    is_optional: bool,
}

struct OpenScope {
    kind: ScopeKind,
    /// How many elements were open before.
    before: usize,
}

/// How many elements of raw HTML can be open. Browsers put what is deeper than 512 beside what is around it.
const DEEPEST: usize = 200;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "image", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
];

/// Elements that end where their parent ends, and where one of the same name begins (HTML, "Optional tags").
const OPTIONAL: &[&str] = &[
    "caption", "colgroup", "dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc", "tbody",
    "td", "tfoot", "th", "thead", "tr",
];

/// Elements of which a page has one, and the frames of old: a second one changes the first.
const OF_PAGE: &[&str] = &["html", "head", "body", "frameset", "frame"];

/// What becomes of an element that is still open where it must end.
const CLOSED: &str = "the end tag of this element is added";

/// What becomes of a tag.
enum TagChange {
    Kept,
    Dropped,
    /// It is text.
    Shown,
    /// These end tags come before it.
    After(String),
    /// This end tag comes after it.
    Before(String),
}

impl TagChange {
    /// What to say of it.
    fn what(&self) -> Option<&'static str> {
        match self {
            TagChange::Kept => None,
            TagChange::Dropped => Some("this tag is left out"),
            TagChange::Shown => Some("this tag is shown as text"),
            TagChange::After(_) => Some("end tags are added before this one"),
            TagChange::Before(_) => Some("`/>` does not end this element, so its end tag is added"),
        }
    }
}

impl Balance {
    /// Balances a piece of raw HTML.
    pub(super) fn edit(&mut self, html: &Gathered) -> Gathered {
        let mut out = Gathered::default();
        let mut copied = 0;
        let mut tags = Tags::resumed(&html.text, self.within);
        loop {
            let was_raw = matches!(tags.within(), Within::Raw(_));
            let Some(tag) = tags.next() else { break };
            let Range { start, end } = tag.range.clone();
            let place = Span::new(html.origin(start), html.origin(end - 1) + 1);
            let reported = (!is_component(tag.name)).then_some(place);
            let change = self.change(&tag, reported, tags.within(), was_raw);
            self.is_changed |= !matches!(change, TagChange::Kept);
            self.first_edit = self.first_edit.or(reported.zip(change.what()));

            out.push_part(html, copied..start);
            match &change {
                TagChange::Kept => out.push_part(html, start..end),
                TagChange::Dropped => {}
                TagChange::Shown => out.push_shown(html, start..end),
                TagChange::After(closing) => {
                    out.push(closing, html.origin(start));
                    out.push_part(html, start..end);
                }
                TagChange::Before(closing) => {
                    out.push_part(html, start..end);
                    out.push(closing, html.origin(end));
                }
            }
            copied = end;
        }
        out.push_part(html, copied..html.text.len());

        // A tag that never ends was made text.
        self.within = match tags.within() {
            Within::Tag(_) | Within::Declaration => Within::Text,
            within => within,
        };
        out
    }

    /// What the next piece of HTML is in.
    pub(super) fn within(&self) -> Within {
        self.within
    }

    /// What becomes of a tag. `reported` is its place, if it is not a component's; `after` is what follows it.
    fn change(&mut self, tag: &Tag<'_>, reported: Option<Span>, after: Within, was_raw: bool) -> TagChange {
        if matches!(after, Within::Tag(_) | Within::Declaration) || tag.is("plaintext") && tag.is_start() {
            return TagChange::Shown;
        }
        if matches!(after, Within::Comment | Within::Raw(_)) {
            self.since = self.scopes.len();
            return TagChange::Kept;
        }
        // Comments, and the end of an element that contains only text.
        if tag.name.is_empty() || was_raw && tag.is_end {
            return TagChange::Kept;
        }
        if is_in(OF_PAGE, tag.name) && self.foreign == 0 {
            self.is_cut = true;
            return TagChange::Dropped;
        }
        if tag.is_end { self.end_tag(tag) } else { self.start_tag(tag, reported) }
    }

    fn start_tag(&mut self, tag: &Tag<'_>, reported: Option<Span>) -> TagChange {
        let name = tag.name.to_ascii_lowercase();
        self.has_select |= name == "select";
        let is_foreign = self.foreign > 0 || is_root(&name);
        if !is_foreign && is_in(VOID, &name) || is_foreign && tag.is_self_closing {
            return TagChange::Kept;
        }

        // One of the same name ends, if only such elements are in it.
        let is_optional = is_in(OPTIONAL, &name);
        if tag.is_self_closing && !is_optional {
            return TagChange::Before(format!("</{name}>"));
        }
        if is_optional {
            let floor = self.open.iter().rposition(|open| !open.is_optional).map_or(0, |at| at + 1);
            let floor = floor.max(self.floor());
            if let Some(at) = self.open[floor..].iter().position(|open| open.name == name) {
                self.open.truncate(floor + at);
            }
        }

        if self.open.len() >= DEEPEST {
            return TagChange::Shown;
        }
        self.foreign += usize::from(is_root(&name));
        self.open.push(OpenElement { name, reported, is_optional });
        TagChange::Kept
    }

    fn end_tag(&mut self, tag: &Tag<'_>) -> TagChange {
        let floor = self.floor();
        match self.open[floor..].iter().rposition(|open| tag.is(&open.name)) {
            Some(at) => {
                let closing = self.close_to(floor + at + 1);
                self.close_to(floor + at);
                if closing.is_empty() { TagChange::Kept } else { TagChange::After(closing) }
            }
            None => TagChange::Dropped,
        }
    }

    /// How many of the open elements are around the innermost container.
    fn floor(&self) -> usize {
        let container = self.scopes.iter().rev().find(|scope| scope.kind == ScopeKind::Container);
        container.map_or(0, |scope| scope.before)
    }

    /// A scope begins.
    pub(super) fn begin(&mut self, kind: ScopeKind) {
        self.scopes.push(OpenScope { kind, before: self.open.len() });
    }

    /// A scope ends: the end tags of what is open in it.
    pub(super) fn end(&mut self) -> String {
        let text = self.end_text();
        let Some(scope) = self.scopes.pop() else { return text };
        let hides_more = |open: &OpenElement| hides(&open.name);
        self.is_cut |= self.open[scope.before.min(self.open.len())..].iter().any(hides_more);
        let closing = text + &self.close_open(scope.before);
        self.is_changed |= !closing.is_empty();
        closing
    }

    /// A block of HTML ends: the end of a comment, of what contains only text, and of `<select>`. Browsers ignore most
    /// tags in that, or all, and differ.
    pub(super) fn end_block(&mut self) -> String {
        let text = self.end_text();
        let floor = self.floor();
        let select = self.open[floor..].iter().position(|open| open.name == "select");
        let closing = text + &select.map(|at| self.close_open(floor + at)).unwrap_or_default();
        self.is_changed |= !closing.is_empty();
        closing
    }

    /// The chapter ends.
    pub(super) fn finish(&mut self) -> String {
        let closing = self.end_text() + &self.close_open(0);
        self.is_cut |= !closing.is_empty();
        closing
    }

    /// Whether the HTML must be balanced even if the page around it stays as it is: something hides what follows, or
    /// browsers that know an older `<select>` see another page.
    pub(super) fn is_needed(&self) -> bool {
        self.is_cut || self.has_select && self.is_changed
    }

    /// Ends a comment, or an element that contains only text, that began in the innermost scope.
    fn end_text(&mut self) -> String {
        if self.within == Within::Text || self.since < self.scopes.len() {
            return String::new();
        }
        match std::mem::take(&mut self.within) {
            Within::Comment => "-->".to_owned(),
            Within::Raw(name) => format!("</{name}>"),
            _ => String::new(),
        }
    }

    /// The end tags of elements that are still open where they must end: all but so many.
    fn close_open(&mut self, length: usize) -> String {
        let mut left = self.open.iter().skip(length).filter(|open| !open.is_optional);
        let place = left.find_map(|open| open.reported);
        self.first_edit = self.first_edit.or(place.map(|place| (place, CLOSED)));
        self.close_to(length)
    }

    /// The end tags of the open elements, but for so many.
    fn close_to(&mut self, length: usize) -> String {
        let mut closing = String::new();
        while self.open.len() > length
            && let Some(open) = self.open.pop()
        {
            self.foreign -= usize::from(is_root(&open.name));
            if !open.is_optional {
                closing.extend(["</", &open.name, ">"]);
            }
        }
        closing
    }
}

/// Whether an element is the root of SVG or MathML.
fn is_root(name: &str) -> bool {
    ["svg", "math"].contains(&name)
}
