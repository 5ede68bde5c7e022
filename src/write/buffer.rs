//! Markup in the making.

use super::document::BlockStart;
use super::markup::{Hole, Markup, Segment, SegmentKind, Wording, place};
use crate::text::html::escape_into;

/// Markup in the making.
#[derive(Default)]
pub(super) struct Buffer {
    pub(super) html: String,
    segments: Vec<Segment>,
    holes: Vec<Hole>,
    blocks: Vec<BlockStart>,
}

/// Whether terms of the glossary may be linked in a text.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Linking {
    Allowed,
    Never,
}

impl Buffer {
    /// Notes what is at the end of what was written so far.
    pub(super) fn segment(&mut self, kind: SegmentKind) {
        self.segments.push(Segment { start: place(self.html.len()), kind });
    }

    /// Leaves a hole at the end of what was written so far.
    pub(super) fn hole(&mut self, hole: Hole) {
        self.segment(SegmentKind::Hole);
        self.holes.push(hole);
    }

    /// Writes text, escaped.
    pub(super) fn text(&mut self, text: &str, linking: Linking) {
        let start = self.html.len();
        escape_into(&mut self.html, text);
        self.is_text(start, linking);
    }

    /// Notes that what was written from a place on is text. It goes on with text of the same kind right before it.
    pub(super) fn is_text(&mut self, start: usize, linking: Linking) {
        let length = place(self.html.len() - start);
        if length == 0 {
            return;
        }
        match self.segments.last_mut() {
            Some(Segment { start: first, kind: SegmentKind::Prose(before) })
                if linking == Linking::Allowed && *first + *before == place(start) =>
            {
                *before += length;
            }
            Some(Segment { start: first, kind: SegmentKind::Text(before) })
                if linking == Linking::Never && *first + *before == place(start) =>
            {
                *before += length;
            }
            _ => {
                let kind = match linking {
                    Linking::Allowed => SegmentKind::Prose(length),
                    Linking::Never => SegmentKind::Text(length),
                };
                self.segments.push(Segment { start: place(start), kind });
            }
        }
    }

    /// Writes words of the interface between two pieces of HTML.
    pub(super) fn wording(&mut self, before: &str, wording: Wording, after: &str) {
        self.html.push_str(before);
        self.hole(Hole::Wording(wording));
        self.html.push_str(after);
    }

    /// Writes an attribute of the tag that is being written.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.html.extend([" ", name, "=\""]);
        escape_into(&mut self.html, value);
        self.html.push('"');
    }

    /// Writes an attribute that is an id, or refers to one: `value` is what comes before the id.
    pub(super) fn id_attribute(&mut self, start: &str, id: &str) {
        self.html.push_str(start);
        self.segment(SegmentKind::Id);
        escape_into(&mut self.html, id);
        self.html.push('"');
    }

    /// Notes that a block begins here, which is at this place of the chapter.
    pub(super) fn block(&mut self, source: usize) {
        self.blocks.push(BlockStart { at: self.html.len(), segments: self.segments.len(), source });
    }

    /// Appends markup that was written aside.
    pub(super) fn append(&mut self, markup: Markup) {
        let start = place(self.html.len());
        self.html.push_str(&markup.html);
        let moved = markup.segments.into_iter();
        self.segments.extend(moved.map(|segment| Segment { start: segment.start + start, ..segment }));
        self.holes.extend(markup.holes);
    }

    pub(super) fn finish(self) -> (Markup, Vec<BlockStart>) {
        let Buffer { mut html, mut segments, holes, blocks } = self;
        html.shrink_to_fit();
        segments.shrink_to_fit();
        (Markup { html, segments, holes }, blocks)
    }

    /// Whether what was written ends a line. Code ends with one.
    pub(super) fn at_line_start(&self) -> bool {
        match self.segments.last() {
            Some(last) if last.kind.is_hole() && last.start == place(self.html.len()) => {
                last.kind == SegmentKind::Hole && matches!(self.holes.last(), Some(Hole::Code(_)))
            }
            _ => self.html.is_empty() || self.html.ends_with('\n'),
        }
    }
}
