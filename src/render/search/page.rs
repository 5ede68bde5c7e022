//! A chapter as it is searched: its text with its headings, without the page around it and without colours.

use std::sync::Arc;

use bindery_search_index::{SearchRecord, TextAnchor};
use html_escape::decode_html_entities;
use unicode_normalization::char::is_combining_mark;

use super::words::part_text;
use crate::text::attributes;
use crate::text::html::{Tag, Tags};
use crate::text::url::encode_path;
use crate::write::{Document, Hole, Markup, SegmentKind};

/// A chapter that is searched.
#[derive(Clone, Debug, Hash)]
pub struct Page {
    /// The page's address.
    pub address: String,
    /// The part it is in.
    pub part: Option<String>,
    /// The text.
    pub document: Arc<Document>,
}

/// What is known of a chapter besides its text: what its first described image shows, its part and its title.
pub const FIELDS: [&str; 3] = ["image_alt", "part", "title"];

impl Page {
    /// The chapter as it is indexed.
    pub fn record(&self) -> SearchRecord {
        let mut reader = MarkupReader::default();
        reader.read(&self.document.text);

        let mut title = String::new();
        part_text(&mut title, &self.document.title.text);
        let fields = [reader.image, self.part.clone(), Some(title)];
        SearchRecord {
            url: encode_path(&self.address).into_owned(),
            fields: FIELDS.into_iter().zip(fields).filter_map(|(name, value)| Some((name, value?))).collect(),
            ..reader.record
        }
    }
}

/// Reads HTML as Pagefind does.
#[derive(Default)]
struct MarkupReader<'h> {
    record: SearchRecord,
    open: Vec<OpenPart<'h>>,
    /// How many of the open elements are left out.
    ignored: usize,
    /// The alternative text of the first image that has any.
    image: Option<String>,
}

/// An element that is not closed yet.
struct OpenPart<'h> {
    name: &'h str,
    role: ElementRole,
    is_ignored: bool,
    /// Where its text begins.
    start: usize,
    /// The anchors whose text it is part of.
    anchors: Vec<usize>,
}

/// What an element means to search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ElementRole {
    /// A heading, whose words weigh so much.
    Heading(u8),
    /// Another block, at whose end a sentence ends.
    Block,
    /// It is part of the text around it.
    Inline,
    /// It has no content.
    Void,
    /// It is left out with all that is in it.
    Removed,
    /// Any other element.
    Other,
}

impl ElementRole {
    /// As Pagefind has them.
    fn of(name: &str) -> Self {
        match name {
            "h1" => ElementRole::Heading(7),
            "h2" => ElementRole::Heading(6),
            "h3" => ElementRole::Heading(5),
            "h4" => ElementRole::Heading(4),
            "h5" => ElementRole::Heading(3),
            "h6" => ElementRole::Heading(2),
            "p" | "td" | "div" | "ul" | "li" | "article" | "section" => ElementRole::Block,
            "a" | "abbr" | "acronym" | "b" | "bdo" | "big" | "button" | "cite" | "code" | "dfn" | "em"
            | "i" | "kbd" | "map" | "object" | "output" | "q" | "samp" | "select" | "small" | "span"
            | "strong" | "sub" | "sup" | "textarea" | "time" | "tt" | "var" => ElementRole::Inline,
            "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param"
            | "source" | "track" | "wbr" => ElementRole::Void,
            "head" | "style" | "script" | "noscript" | "label" | "form" | "svg" | "footer" | "nav"
            | "iframe" | "template" => ElementRole::Removed,
            _ => ElementRole::Other,
        }
    }
}

impl<'h> MarkupReader<'h> {
    /// Reads a chapter's text, without what only matters on the page.
    fn read(&mut self, markup: &'h Markup) {
        let html = &markup.html[..];
        let is_hole = |kind: SegmentKind| matches!(kind, SegmentKind::Hole);
        let places = markup.segments.iter().filter(|segment| is_hole(segment.kind));
        let mut holes = places.map(|segment| segment.start as usize).zip(&markup.holes).peekable();

        let mut written = 0;
        let end = Tag { range: html.len()..html.len(), name: "", is_end: false, is_self_closing: false };
        for tag in Tags::of(html).chain([end]) {
            while let Some((at, hole)) = holes.next_if(|(at, _)| *at <= tag.range.start) {
                self.push_text(&decode_html_entities(&html[written..at]));
                self.push_hole(hole);
                written = at;
            }
            self.push_text(&decode_html_entities(&html[written..tag.range.start]));
            written = tag.range.end;

            match tag.is_end {
                false if tag.is_start() => self.begin(&tag, html),
                false => {}
                true => self.end(tag.name),
            }
            // Holes in a tag, as for a label, are not searched.
            while holes.next_if(|(at, _)| *at < tag.range.end).is_some() {}
        }
    }

    /// Adds what fills a hole, as far as it is searched.
    fn push_hole(&mut self, hole: &Hole) {
        match hole {
            Hole::Math(formula) => self.push_text(&formula.latex),
            Hole::Diagram(drawing) => {
                for text in drawing.description.iter().chain([&drawing.text]) {
                    self.push_text(text);
                    self.push_space();
                }
            }
            Hole::Code(block) => {
                self.open("pre", ElementRole::Other, false, Vec::new());
                let caption = block.caption().into_iter();
                for text in caption.chain(block.tab.as_deref()).chain([block.text.as_str()]) {
                    self.push_text(text);
                    self.push_space();
                }
                self.open.pop();
            }
            Hole::Wording(_) | Hole::Number(_) | Hole::Reference(_) => {}
        }
    }

    fn push_text(&mut self, text: &str) {
        if self.ignored > 0 || text.is_empty() {
            return;
        }
        let start = self.record.text.len();
        part_text(&mut self.record.text, text);
        let SearchRecord { text, anchors, .. } = &mut self.record;
        for anchor in self.open.last().iter().flat_map(|open| &open.anchors) {
            anchors[*anchor].text.push_str(&text[start..]);
        }
    }

    fn push_space(&mut self) {
        self.push_text(" ");
    }

    /// Begins an element.
    fn begin(&mut self, tag: &Tag<'h>, html: &'h str) {
        let name = tag.name.to_ascii_lowercase();
        let role = ElementRole::of(&name);
        // Most tags have no attributes.
        let has_attributes = tag.range.len() > "<>".len() + name.len();
        let value = |name: &str| attributes::value(tag, html, name).filter(|_| has_attributes);
        let is_reference = |class: &str| matches!(class, "footnote-ref" | "footnote-back");
        let is_marked = value("data-pagefind-ignore").is_some();
        let is_left_out = value("class").is_some_and(|classes| classes.split_whitespace().any(is_reference));

        let mut anchors = match self.open.last() {
            Some(outer) if role == ElementRole::Inline => outer.anchors.clone(),
            _ => Vec::new(),
        };
        if let Some(id) = value("id")
            && self.ignored == 0
            && !is_marked
        {
            anchors.push(self.record.anchors.len());
            let id: String = decode_html_entities(id).split_whitespace().collect();
            let at = self.record.text.len() + 1;
            self.record.text.push(' ');
            self.record.anchors.push(TextAnchor { at, element: name.clone(), id, text: String::new() });
        }

        match role {
            ElementRole::Void if name == "br" => self.push_space(),
            ElementRole::Void if name == "img" && self.image.is_none() => {
                let text = value("alt").map(|text| decode_html_entities(text).into_owned());
                self.image = text.filter(|text| !text.trim().is_empty());
            }
            ElementRole::Void => {}
            _ => self.open(tag.name, role, is_marked || is_left_out || role == ElementRole::Removed, anchors),
        }
    }

    fn open(&mut self, name: &'h str, role: ElementRole, is_ignored: bool, anchors: Vec<usize>) {
        self.ignored += usize::from(is_ignored);
        if matches!(role, ElementRole::Heading(_) | ElementRole::Block) && self.ignored == 0 {
            self.record.text.push(' ');
        }
        let start = self.record.text.len();
        self.open.push(OpenPart { name, role, is_ignored, start, anchors });
    }

    /// Ends an element, and those in it that are still open.
    fn end(&mut self, name: &str) {
        let is_it = |open: &OpenPart<'_>| open.name.eq_ignore_ascii_case(name);
        let Some(depth) = self.open.iter().rposition(is_it) else { return };
        while self.open.len() > depth {
            let Some(OpenPart { role, is_ignored, start, .. }) = self.open.pop() else { return };
            if self.ignored == 0 {
                self.end_block(role, start);
            }
            self.ignored -= usize::from(is_ignored);
        }
    }

    /// Ends a block: its last sentence, and what its words weigh. In a heading in a heading, the outer one counts.
    fn end_block(&mut self, role: ElementRole, start: usize) {
        let text = &mut self.record.text;
        if matches!(role, ElementRole::Heading(_) | ElementRole::Block) {
            if text[start..].chars().next_back().is_some_and(needs_stop) {
                text.push('.');
            }
            text.push(' ');
        }
        if let ElementRole::Heading(weight) = role {
            let weights = &mut self.record.weights;
            weights.retain(|(range, _)| range.start < start);
            weights.push((start..text.len(), weight));
        }
    }
}

/// Whether a sentence that ends with a character needs a full stop.
fn needs_stop(last: char) -> bool {
    last.is_alphanumeric() || is_combining_mark(last) || "_'\")$*".contains(last)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use bindery_search_index::{IndexOptions, SearchIndex, SearchIndexer};
    use bindery_search_reference::{assert_same, made_by_pagefind};

    use super::*;
    use crate::engine::Engine;
    use crate::read::layout::Layout;
    use crate::read::{Overrides, Snapshot};
    use crate::text::html::escape_code_into;

    /// A chapter as HTML for Pagefind, which has its own parser.
    fn html(page: &Page) -> String {
        let parted = |out: &mut String, text: &str| {
            let mut parted = String::new();
            part_text(&mut parted, text);
            escape_code_into(out, &parted);
        };
        let mut out = String::from("<html><body>");
        for (name, value) in page.record().fields {
            let text = value.replace('&', "&amp;").replace('<', "&lt;");
            out += &format!("<p data-pagefind-meta={name} data-pagefind-ignore>{text} </p>");
        }

        let Markup { html, segments, holes } = &page.document.text;
        let places = segments.iter().filter(|segment| matches!(segment.kind, SegmentKind::Hole));
        let mut holes = places.map(|segment| segment.start as usize).zip(holes).peekable();
        let mut written = 0;
        for tag in Tags::of(&format!("{html}<end>")) {
            while let Some((at, hole)) = holes.next_if(|(at, _)| *at <= tag.range.start) {
                parted(&mut out, &decode_html_entities(&html[written..at]));
                written = at;
                let texts: Vec<&str> = match hole {
                    Hole::Math(formula) => vec![&formula.latex],
                    Hole::Diagram(drawing) => {
                        drawing.description.as_deref().into_iter().chain([drawing.text.as_str()]).collect()
                    }
                    Hole::Code(code) => {
                        let caption = code.caption().into_iter();
                        caption.chain(code.tab.as_deref()).chain([code.text.as_str()]).collect()
                    }
                    _ => Vec::new(),
                };
                let is_code = matches!(hole, Hole::Code(_));
                out += if is_code { "<pre>" } else { "" };
                for text in texts {
                    parted(&mut out, text);
                    out += if matches!(hole, Hole::Math(_)) { "" } else { "\n" };
                }
                out += if is_code { "</pre>" } else { "" };
            }
            parted(&mut out, &decode_html_entities(&html[written..tag.range.start]));
            // What pictures show is among the fields already.
            if tag.range.end <= html.len() && !tag.is("img") {
                out += &html[tag.range.clone()];
            }
            written = tag.range.end;
            while holes.next_if(|(at, _)| *at < tag.range.end).is_some() {}
        }
        out + "</body></html>"
    }

    /// Indexes a book with both, and compares what they make.
    fn compare(folder: &Path) -> SearchIndex {
        let snapshot = Snapshot::take(&Layout::at(folder).expect("a book"), None);
        let edition = Engine::new(Overrides::default()).edition(&snapshot);
        let pages = edition.book.chapters.iter().map(|chapter| Page {
            address: chapter.address.clone(),
            part: chapter.position.and_then(|position| edition.book.part(position.part).title.clone()),
            document: Arc::clone(&chapter.document),
        });
        let pages: Vec<Page> = pages.collect();
        let records: Vec<SearchRecord> = pages.iter().map(Page::record).collect();

        let language = edition.config.language.to_ascii_lowercase();
        let fields =
            FIELDS.into_iter().filter(|name| records.iter().any(|record| record.fields.contains_key(name)));
        let options = IndexOptions { fields: fields.collect(), ..IndexOptions::of(&language) };
        let keys: Vec<u128> = (0..pages.len() as u128).collect();
        let index = SearchIndexer::new(options).index(&keys, |number| records[number].clone());

        let urls = records.iter().map(|record| record.url.as_str());
        let of_pagefind = made_by_pagefind(&language, &urls.zip(pages.iter().map(html)).collect::<Vec<_>>());
        assert_same(&index.files, &of_pagefind);
        index
    }

    #[test]
    fn chapters_are_read_as_pagefind_reads_them() {
        // The book of this repository, and the manual.
        assert!(compare(Path::new(".")).fragments.len() > 5);
        assert!(compare(Path::new("manual")).fragments.len() > 20);
    }
}
