//! HTML in the making, with holes.

use std::mem::take;

use crate::parse::document::Segment;

/// HTML in the making: segments that are done, and the HTML behind them.
#[derive(Default)]
pub(super) struct Buffer {
    pub(super) segments: Vec<Segment>,
    pub(super) html: String,
}

impl Buffer {
    pub(super) fn hole(&mut self, segment: Segment) {
        if !self.html.is_empty() {
            self.segments.push(Segment::Html(take(&mut self.html)));
        }
        self.segments.push(segment);
    }

    pub(super) fn finish(mut self) -> Vec<Segment> {
        if !self.html.is_empty() {
            self.segments.push(Segment::Html(self.html));
        }
        self.segments
    }

    /// Whether what was written ends a line. Code ends with one.
    pub(super) fn at_line_start(&self) -> bool {
        match (self.html.as_bytes().last(), self.segments.last()) {
            (Some(last), _) => *last == b'\n',
            (None, last) => matches!(last, None | Some(Segment::Code(_))),
        }
    }
}
