//! Raw HTML: passed through, its addresses as those of links, and looked at for what it leaves open.
//!
//! A comment without its end would swallow the rest of the page, and of the book on the page for print. So what
//! hides text is closed behind the chapter; elements that are left open, or closed where they are not, are told.

use foldhash::HashMap;

use super::Writer;
use super::links::is_inside;
use crate::parse::gathered::Gathered;
use crate::parse::link::LinkKind;
use crate::parse::raw_html;
use crate::parse::tree::{Inline, InlineKind};
use crate::text::html::{Tag, Tags, Within, unescape};
use crate::text::{Diagnostic, DiagnosticCode, Span};

/// The raw HTML of a chapter so far.
#[derive(Default)]
pub(super) struct RawHtml {
    /// What it broke off in, and where that began.
    within: Within,
    since: Span,
    /// The elements that began; none for those that have ended.
    begun: Vec<Option<Begun>>,
    /// The numbers of those that are open, by their names in lower case.
    open: HashMap<String, Vec<usize>>,
    /// The numbers of the quotes, items and cells that are open around: no element begins in one and ends in another.
    containers: Vec<usize>,
    /// How many there were.
    entered: usize,
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

/// Elements that have no end tag, and those that need none (HTML, "Optional tags").
const WITHOUT_END: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rb",
    "rp", "rt", "rtc", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// All other elements of HTML, those of old too, and the roots of SVG and MathML, in which there can be any.
const KNOWN: &str = "a abbr acronym address applet article aside audio b bdi bdo big blink blockquote button canvas \
    center cite code data datalist del details dfn dialog dir div dl em fieldset figcaption figure font footer form \
    frameset h1 h2 h3 h4 h5 h6 header hgroup i iframe ins kbd label legend main map mark marquee math menu meter nav \
    nobr noembed noframes noscript object ol output picture plaintext pre progress q ruby s samp script search section \
    select slot small span strike strong style sub summary sup svg table template textarea time title tt u ul var video \
    xmp";

/// Elements that show nothing of what is in them, or only at times.
const HIDING: &[&str] = &[
    "audio", "canvas", "datalist", "details", "dialog", "math", "noscript", "object", "select", "svg",
    "template", "title", "video",
];

impl RawHtml {
    /// Follows what begins and ends in a piece.
    fn follow(&mut self, html: &Gathered, mut stray: impl FnMut(&str, Span)) {
        let mut tags = Tags::resumed(&html.text, self.within);
        for tag in tags.by_ref() {
            let span =
                Span::new(html.origin(tag.range.start), html.origin(tag.range.end.saturating_sub(1)) + 1);
            if !tag.name.is_empty() || self.within == Within::Text {
                self.since = span;
            }
            if self.is_whole(&tag) {
                continue;
            }
            let container = self.containers.last().copied();
            let open = self.open.entry(tag.name.to_ascii_lowercase()).or_default();
            let begun = &mut self.begun;
            if !tag.is_end {
                open.push(begun.len());
                let is_self_closing = tag.is_self_closing;
                begun.push(Some(Begun { name: tag.name.to_owned(), span, container, is_self_closing }));
            } else if let Some(last) =
                open.pop_if(|last| begun[*last].as_ref().is_some_and(|begun| begun.container == container))
            {
                begun[last] = None;
            } else {
                stray(tag.name, span);
            }
        }
        self.within = tags.within();
    }

    /// Whether nothing is open behind a tag: a comment, the rest of a tag, and what need not be closed. `/>` closes
    /// elements in SVG and MathML; of those that HTML does not know, and of anchors, it is taken as it is meant.
    fn is_whole(&self, tag: &Tag<'_>) -> bool {
        let is_foreign =
            |root: &&str| tag.is(root) || self.open.get(*root).is_some_and(|open| !open.is_empty());
        let closes = || tag.is("a") || !is_known(tag.name) || ["svg", "math"].iter().any(is_foreign);
        tag.name.is_empty() || WITHOUT_END.iter().any(|name| tag.is(name)) || tag.is_self_closing && closes()
    }

    /// A quote, an item or a cell begins.
    pub(super) fn enter(&mut self) {
        self.entered += 1;
        self.containers.push(self.entered);
    }

    /// It ends.
    pub(super) fn leave(&mut self) {
        self.containers.pop();
    }

    /// What must stand behind the chapter so that what follows is seen.
    fn closing(&self) -> String {
        let begun = match self.within {
            Within::Comment => "-->".to_owned(),
            Within::Raw(name) => format!("</{name}>"),
            // Those end with the next tag of the page.
            Within::Text | Within::Declaration | Within::Tag(_) => String::new(),
        };
        let hides = |name: &&str| HIDING.iter().any(|hiding| name.eq_ignore_ascii_case(hiding));
        let open = self.begun.iter().rev().flatten().map(|begun| begun.name.as_str()).filter(hides);
        open.fold(begun, |closing, name| closing + &format!("</{name}>"))
    }
}

/// Whether HTML has an element of this name.
fn is_known(name: &str) -> bool {
    KNOWN.split(' ').any(|known| name.eq_ignore_ascii_case(known))
}

impl<'a> Writer<'_, '_> {
    /// Writes an HTML block. A tag can go over several of its lines.
    pub(super) fn html_block(&mut self, lines: &[Inline<'a>]) {
        self.fresh_line();
        let mut pending = Gathered::default();
        for inline in lines {
            if let InlineKind::Html(line) = &inline.kind {
                pending.push(line, inline.span.start);
            } else {
                self.raw_html(&std::mem::take(&mut pending));
                self.block_text(std::slice::from_ref(inline));
            }
        }
        self.raw_html(&pending);
    }

    /// Writes a tag among text.
    pub(super) fn raw_inline(&mut self, html: &str, span: Span) {
        let mut piece = Gathered::default();
        piece.push(html, span.start);
        self.raw_html(&piece);
    }

    fn raw_html(&mut self, html: &Gathered) {
        let Gathered { text, .. } = html;
        if text.is_empty() {
            return;
        }
        let place =
            |range: std::ops::Range<usize>| Span::new(html.origin(range.start), html.origin(range.end));
        let mut written = 0;
        for attribute in raw_html::attributes(text, self.raw.within) {
            let start = attribute.range.start;
            if attribute.is_anchor() {
                self.anchor(attribute.value, place(start..attribute.range.end));
                continue;
            }
            for range in attribute.addresses() {
                let range = start + range.start..start + range.end;
                let destination = unescape(&text[range.clone()]);
                if !is_inside(&destination) {
                    continue;
                }
                self.page.html.push_str(&text[written..range.start]);
                let kind = if attribute.tag == "a" { LinkKind::Reference } else { LinkKind::Resource };
                self.address(&destination, kind, place(range.clone()));
                written = range.end;
            }
        }
        self.page.html.push_str(&text[written..]);
        let (source, faults) = (self.source, &mut self.done.faults);
        self.raw.follow(html, |name, span| {
            let message = format!("`</{name}>` closes what is not open here");
            let fault = Diagnostic::new(DiagnosticCode::UnopenedHtml, message).at(source, span);
            faults.push(fault.hint("it may close an element of the page around the text; take it out"));
        });
    }

    /// Closes what would hide what follows, and tells what is left open.
    pub(super) fn end_raw_html(&mut self) {
        let closing = self.raw.closing();
        self.page.html.push_str(&closing);
        let hidden = match self.raw.within {
            Within::Text | Within::Raw(_) => None,
            Within::Comment => Some(("this comment never ends", "end it with `-->`")),
            Within::Declaration | Within::Tag(_) => Some(("this tag never ends", "end it with `>`")),
        };
        // Of a tag that never ends, the element is no other fault.
        let since = self.raw.since;
        let open = self.raw.begun.drain(..).flatten().filter(|begun| hidden.is_none() || begun.span != since);
        let open = open.map(|Begun { name, span, is_self_closing, .. }| match is_known(&name) {
            true if is_self_closing => (
                format!("`<{name}>` is never closed: `/>` closes nothing here"),
                span,
                format!("write `</{name}>` behind it"),
            ),
            true => (
                format!("`<{name}>` is never closed"),
                span,
                format!("close it with `</{name}>`; a tag that is meant as text is code: `` `<{name}>` ``"),
            ),
            false => (
                format!("`<{name}>` is no element of HTML, and is not seen"),
                span,
                format!("write it as code: `` `<{name}>` ``, or as text: `\\<{name}>`"),
            ),
        });
        let hidden = hidden.map(|(message, hint)| (message.to_owned(), since, hint.to_owned()));
        let faults = hidden.into_iter().chain(open);
        let fault = |(message, span, hint): (String, Span, String)| {
            Diagnostic::new(DiagnosticCode::UnclosedHtml, message).at(self.source, span).hint(hint)
        };
        self.done.faults.extend(faults.map(fault));
    }
}
