//! Text of code as HTML, in the colours of its spans.

use super::highlight::{Class, Span};
use crate::text::html::escape_into;

/// Writes text with its spans, from one place to the next.
pub struct Painter<'t> {
    text: &'t str,
    spans: &'t [Span],
    at: usize,
}

impl<'t> Painter<'t> {
    /// Begins at the beginning of a text.
    pub fn new(text: &'t str, spans: &'t [Span]) -> Self {
        Painter { text, spans, at: 0 }
    }

    /// Leaves out what stands before a place.
    pub fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Writes what stands before a place and has not been written.
    pub fn paint(&mut self, out: &mut String, end: usize) {
        while self.at < end {
            let next = self.spans.partition_point(|span| span.end as usize <= self.at);
            let (stop, class) = match self.spans.get(next) {
                Some(span) => ((span.end as usize).min(end), span.class),
                None => (end, Class::default()),
            };
            write(out, &self.text[self.at..stop], class);
            self.at = stop;
        }
    }
}

/// Writes a piece that looks alike. White space at its edges is not coloured.
fn write(out: &mut String, piece: &str, class: Class) {
    let bare = piece.trim();
    let Some(class) = class.name().filter(|_| !bare.is_empty()) else {
        escape_into(out, piece);
        return;
    };
    let start = piece.len() - piece.trim_start().len();
    out.push_str(&piece[..start]);
    out.push_str("<span class=\"");
    out.push(class);
    out.push_str("\">");
    escape_into(out, bare);
    out.push_str("</span>");
    out.push_str(&piece[start + bare.len()..]);
}
