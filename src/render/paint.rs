//! Text of code as HTML, in the colours of its spans.

use super::highlight::{Class, Span};
use crate::parse::callouts::Callouts;
use crate::text::html::escape_into;

/// Writes text with its spans, from one place to the next.
pub struct Painter<'t> {
    text: &'t str,
    spans: &'t [Span],
    callouts: Option<Callouts>,
    at: usize,
}

impl<'t> Painter<'t> {
    /// Begins at the beginning of a text. Callouts are found in its comments.
    pub fn new(text: &'t str, spans: &'t [Span], callouts: Option<Callouts>) -> Self {
        Painter { text, spans, callouts, at: 0 }
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
            self.write(out, &self.text[self.at..stop], class);
            self.at = stop;
        }
    }

    /// Writes a piece that looks alike. White space at its edges is not coloured.
    fn write(&self, out: &mut String, piece: &str, class: Class) {
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
        match self.callouts.filter(|_| class == COMMENT) {
            Some(callouts) => comment(out, bare, Some(callouts)),
            None => escape_into(out, bare),
        }
        out.push_str("</span>");
        out.push_str(&piece[start + bare.len()..]);
    }
}

/// The class of comments.
const COMMENT: char = 'c';

/// Writes a comment; its callouts lead to what explains them.
pub fn comment(out: &mut String, text: &str, callouts: Option<Callouts>) {
    let mut written = 0;
    for (callouts, (start, end, number)) in
        callouts.iter().flat_map(|callouts| callouts.find(text).map(move |found| (callouts, found)))
    {
        escape_into(out, &text[written..start]);
        out.push_str(&format!("<a class=\"callout\" href=\"#{}\">({number})</a>", callouts.id(number)));
        written = end;
    }
    escape_into(out, &text[written..]);
}
