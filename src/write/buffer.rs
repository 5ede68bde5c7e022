//! HTML in the making, with holes.

use crate::text::html::escape_into;
use crate::write::document::{BlockStart, Segment, Wording};

/// HTML in the making: segments that are done, and the HTML behind them.
#[derive(Default)]
pub(super) struct Buffer {
    pub(super) segments: Vec<Segment>,
    pub(super) blocks: Vec<BlockStart>,
    pub(super) html: String,
}

impl Buffer {
    pub(super) fn hole(&mut self, segment: Segment) {
        self.cut();
        self.segments.push(segment);
    }

    /// Writes a word of the interface between two pieces of HTML.
    pub(super) fn word(&mut self, before: &str, word: Wording, after: &str) {
        self.html.push_str(before);
        self.hole(Segment::Wording(word));
        self.html.push_str(after);
    }

    /// Writes an attribute of the tag that is being written.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.html.extend([" ", name, "=\""]);
        escape_into(&mut self.html, value);
        self.html.push('"');
    }

    /// Ends a segment of HTML. What is kept of it is as long as it is; the room to write in is used again.
    fn cut(&mut self) {
        if !self.html.is_empty() {
            self.segments.push(Segment::Html(self.html.as_str().into()));
            self.html.clear();
        }
    }

    /// Notes that a block begins here, which stands at this place of the chapter.
    pub(super) fn block(&mut self, source: usize) {
        self.blocks.push(BlockStart { segment: self.segments.len(), at: self.html.len(), source });
    }

    pub(super) fn finish(mut self) -> (Vec<Segment>, Vec<BlockStart>) {
        self.cut();
        (self.segments, self.blocks)
    }

    /// Whether what was written ends a line. Code ends with one.
    pub(super) fn at_line_start(&self) -> bool {
        match (self.html.as_bytes().last(), self.segments.last()) {
            (Some(last), _) => *last == b'\n',
            (None, last) => matches!(last, None | Some(Segment::Code(_))),
        }
    }
}
