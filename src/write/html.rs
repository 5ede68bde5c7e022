//! Raw HTML: passed through, its addresses as those of links.

use std::mem::take;
use std::ops::Range;

use super::balance::RawForm;
use super::buffer::Linking;
use super::code_block::unknown_machine;
use super::link::LinkKind;
use super::links::{is_inside, undescribed};
use super::markup::{self, SegmentKind};
use super::unread_markdown;
use super::writer::Writer;
use crate::parse::gathered::Gathered;
use crate::parse::placeholder_tag::{closed_elements, opened_elements};
use crate::parse::test_note;
use crate::parse::tree::{Inline, InlineKind};
use crate::text::elements::is_component;
use crate::text::html::{Tags, Within, unescape};
use crate::text::{Diagnostic, DiagnosticCode, Span, attributes};

/// What is at a place of raw HTML.
enum HtmlPart {
    /// Something to know.
    Segment(SegmentKind),
    /// An address inside the book, which is left out: the link of this number fills the hole.
    Hole(u32),
    /// Text.
    Text(Linking),
}

/// How many attributes a tag can have: to find those of one name, parsers compare each with all before it.
const MOST_ATTRIBUTES: usize = 1000;

/// The diagnostic for an end tag of an element that is not open.
fn unopened(name: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::UnopenedHtml, format!("`</{name}>` closes what is not open here"))
        .hint("it may close an element of the page around the text; take it out")
}

impl<'a> Writer<'_, '_> {
    /// Writes an HTML block. A tag can go over several of its lines.
    pub(super) fn html_block(&mut self, lines: &[Inline<'a>], span: Span) {
        // Comments for tests are not on the page.
        if let Some(note) = test_note::read(lines) {
            match note {
                Ok(note) if self.may_be_step(span) => {
                    let unknown = note
                        .machine()
                        .filter(|name| !self.options.machines.iter().any(|known| known == name));
                    let unknown = unknown.map(|name| unknown_machine(name, &self.options.machines));
                    self.done.diagnostics.extend(unknown.map(|diagnostic| diagnostic.at(self.source, span)));
                    self.chain.note(&note);
                }
                Ok(_) => {}
                Err(diagnostic) => self.done.diagnostics.push(diagnostic.at(self.source, span)),
            }
            return;
        }
        self.unread_markdown(lines);
        self.fresh_line();
        let mut pending = Gathered::default();
        for inline in lines {
            if let InlineKind::Html(line) = &inline.kind {
                pending.push(line, inline.span.start);
            } else {
                self.raw_html(&take(&mut pending));
                self.block_text(std::slice::from_ref(inline));
            }
        }
        self.raw_html(&pending);
        let closing = self.balance.end_block();
        self.close_raw(&closing);
    }

    /// Reports the first line of an HTML block that its author meant as Markdown.
    fn unread_markdown(&mut self, lines: &[Inline<'a>]) {
        let mut html = Gathered::default();
        for inline in lines {
            if let InlineKind::Html(line) = &inline.kind {
                html.push(line, inline.span.start);
            }
        }
        if self.raw.within() != Within::Text {
            return;
        }
        if let Some(line) = unread_markdown::find(&html.text) {
            let span = Span::new(html.origin(line.start), html.origin(line.end - 1) + 1);
            let message = "this is inside of raw HTML, and not read as Markdown";
            let diagnostic = Diagnostic::new(DiagnosticCode::UnreadMarkdown, message).at(self.source, span);
            self.done
                .diagnostics
                .push(diagnostic.hint("leave an empty line above it, which ends the HTML there"));
        }
    }

    /// Writes a tag among text.
    pub(super) fn raw_inline(&mut self, html: &str, span: Span) {
        let mut piece = Gathered::default();
        piece.push(html, span.start);
        self.raw_html(&piece);
    }

    /// Writes raw HTML in its form, and notes what is in it.
    fn raw_html(&mut self, html: &Gathered) {
        if html.text.is_empty() {
            return;
        }
        self.has_raw = true;
        self.images_of(html, self.raw.within());
        let line = html.text.lines().next().unwrap_or_default();
        self.done.raw.get_or_insert(Span::new(html.origin(0), html.origin(0) + line.len()));
        match self.form {
            RawForm::Authored => {
                self.balance.edit(html);
                self.write_html(html, self.raw.within());
            }
            RawForm::Balanced => {
                let within = self.balance.within();
                let balanced = self.balance.edit(html);
                self.write_html(&balanced, within);
            }
            RawForm::Shown => {
                let mut shown = Gathered::default();
                shown.push_shown(html, 0..html.text.len());
                self.write_html(&shown, Within::Text);
            }
        }
        self.follow(html);
    }

    /// Writes HTML that begins within something, and notes what is in it.
    fn write_html(&mut self, html: &Gathered, within: Within) {
        let mut parts = self.attributes_of(html, within);
        self.text_and_levels(&html.text, within, &mut parts);
        parts.sort_by_key(|(range, _)| range.start);

        let mut written = 0;
        for (range, part) in parts {
            self.page.html.push_str(&html.text[written..range.start]);
            written = range.start;
            match part {
                HtmlPart::Segment(kind) => self.page.segment(kind),
                HtmlPart::Hole(number) => {
                    self.page.segment(SegmentKind::Url(number));
                    written = range.end;
                }
                HtmlPart::Text(linking) => {
                    let start = self.page.html.len();
                    self.page.html.push_str(&html.text[range.clone()]);
                    self.page.is_text(start, linking);
                    written = range.end;
                }
            }
        }
        self.page.html.push_str(&html.text[written..]);
    }

    /// Follows what begins and ends in raw HTML.
    fn follow(&mut self, html: &Gathered) {
        let (source, diagnostics) = (self.source, &mut self.done.diagnostics);
        let components = &mut self.components;
        self.raw.follow(html, |name, span| {
            // Components are reported where they begin, and need not be balanced as elements are.
            if is_component(name) {
                components.push((name.to_owned(), span));
            } else {
                diagnostics.push(unopened(name).at(source, span));
            }
        });
    }

    /// Reports images that do not say what they show.
    fn images_of(&mut self, html: &Gathered, within: Within) {
        if !["img", "IMG", "Img"].iter().any(|name| html.text.contains(name)) {
            return;
        }
        let images = Tags::resumed(&html.text, within).filter(|tag| tag.is("img") && tag.is_start());
        for tag in images.filter(|tag| !attributes::is_described(tag, &html.text)) {
            let span = Span::new(html.origin(tag.range.start), html.origin(tag.range.end - 1) + 1);
            self.done.diagnostics.push(undescribed().at(self.source, span));
        }
    }

    /// What attributes hold: ids, addresses, and how images are loaded.
    fn attributes_of(&mut self, html: &Gathered, within: Within) -> Vec<(Range<usize>, HtmlPart)> {
        let mut parts = Vec::new();
        for attribute in attributes::attributes(&html.text, within) {
            let start = attribute.range.start;
            let place = |range: &Range<usize>| Span::new(html.origin(range.start), html.origin(range.end));
            if attribute.is_anchor() {
                self.anchor(attribute.value, place(&attribute.range));
            }

            let mut has_holes = false;
            for range in attribute.addresses() {
                let range = start + range.start..start + range.end;
                let destination = unescape(&html.text[range.clone()]);
                if is_inside(&destination) {
                    let kind = if attribute.tag == "a" { LinkKind::Reference } else { LinkKind::Resource };
                    let number = self.inside(&destination, kind, place(&range));
                    parts.push((range, HtmlPart::Hole(number)));
                    has_holes = true;
                }
            }
            if has_holes {
                continue;
            }

            let length = markup::place(attribute.value.len());
            let kind = match attribute.name.as_str() {
                "loading" => Some(SegmentKind::Loading(length)),
                "href" | "src" | "poster" if !attribute.value.starts_with('#') => {
                    Some(SegmentKind::Address(length))
                }
                _ => None,
            };
            parts.extend(kind.map(|kind| (attribute.range.clone(), HtmlPart::Segment(kind))));
            let ids = attribute.ids().into_iter().map(|at| start + at);
            parts.extend(ids.map(|at| (at..at, HtmlPart::Segment(SegmentKind::Id))));
        }
        parts
    }

    /// Text between tags, and the levels of headings.
    fn text_and_levels(&mut self, html: &str, within: Within, parts: &mut Vec<(Range<usize>, HtmlPart)>) {
        let mut end = 0;
        for tag in Tags::resumed(html, within) {
            if end < tag.range.start {
                parts.push((end..tag.range.start, HtmlPart::Text(self.linking())));
            }
            end = tag.range.end;
            self.has_huge_tag |=
                tag.range.len() > MOST_ATTRIBUTES && attributes::count(&tag, html) > MOST_ATTRIBUTES;
            self.raw.unlinked.follow(&tag, html);
            if let [b'h' | b'H', b'1'..=b'6'] = tag.name.as_bytes() {
                let at = tag.range.start + 2 + usize::from(tag.is_end);
                parts.push((at..at, HtmlPart::Segment(SegmentKind::Level)));
            }
        }
        if end < html.len() {
            parts.push((end..html.len(), HtmlPart::Text(self.linking())));
        }
    }

    /// Closes and reports what is left open at the end of the chapter.
    pub(super) fn end_raw_html(&mut self) {
        let closing = self.balance.finish();
        if self.form == RawForm::Balanced && !closing.is_empty() {
            self.line(&closing);
        }
        let opened = if self.components.is_empty() { None } else { Some(opened_elements(&self.source.text)) };
        for (name, span) in take(&mut self.components) {
            if opened.as_ref().is_none_or(|opened| !opened.contains(name.as_str())) {
                self.done.diagnostics.push(unopened(&name).at(self.source, span));
            }
        }

        let mut closed = None;
        for (message, span, hint) in self.raw.left_open() {
            // `{{<ref page >}}` is a shortcode, which is reported where it begins.
            let (before, rest) = self.source.text.split_at(span.start);
            if before.ends_with("{{") {
                continue;
            }
            let name = rest.trim_start_matches('<');
            let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
            if is_component(name)
                && closed.get_or_insert_with(|| closed_elements(&self.source.text)).contains(name)
            {
                continue;
            }
            let diagnostic = Diagnostic::new(DiagnosticCode::UnclosedHtml, message);
            self.done.diagnostics.push(diagnostic.at(self.source, span).hint(hint));
        }
    }
}
