//! Text of code as HTML: the colours of its spans, placeholders, callouts.

use bindery_highlight::{Class, ColouredSpan};

use super::field::Field;
use super::markup::{CalloutLinks, CodeContext};
use crate::text::html::{escape_code_into, escape_into};
use crate::write::code_block::CodeBlock;
use crate::write::placeholder;

/// Writes text with its spans, from one place to the next.
pub struct Painter<'t> {
    text: &'t str,
    spans: &'t [ColouredSpan],
    fields: &'t [Field<'t>],
    callouts: Option<CalloutLinks<'t>>,
    /// Writes a piece of text.
    escape: fn(&mut String, &str),
    at: usize,
}

impl<'t> Painter<'t> {
    /// Begins at the start of a text, which has these fields. Callouts are found in comments.
    pub fn new(
        text: &'t str,
        spans: &'t [ColouredSpan],
        fields: &'t [Field<'t>],
        callouts: Option<CalloutLinks<'t>>,
    ) -> Self {
        // Plain blocks are what CommonMark's reference output has, to the byte.
        let escape = if spans.is_empty() { escape_into } else { escape_code_into };
        Painter { text, spans, fields, callouts, escape, at: 0 }
    }

    /// Leaves out the text before a place.
    pub fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Writes the text up to a place that has not been written yet.
    pub fn paint(&mut self, out: &mut String, end: usize) {
        while self.at < end {
            // The placeholder that is here or comes next.
            let next = self.fields.partition_point(|field| field.range.end <= self.at);
            let field = self.fields.get(next);
            if let Some(field) = field.filter(|field| field.range.start <= self.at) {
                field.write(out, &self.text[field.range.clone()]);
                self.at = field.range.end;
                continue;
            }

            // The rest of the span that is here, up to the placeholder.
            let end = field.map_or(end, |field| field.range.start.min(end));
            let next = self.spans.partition_point(|span| span.end as usize <= self.at);
            let (stop, class) = match self.spans.get(next) {
                Some(span) => ((span.end as usize).min(end), span.class),
                None => (end, Class::default()),
            };
            self.write(out, &self.text[self.at..stop], class);
            self.at = stop;
        }
    }

    /// Writes a piece in one class. White space at its edges is not coloured.
    fn write(&self, out: &mut String, piece: &str, class: Class) {
        let bare = piece.trim();
        let Some(class) = class.name().filter(|_| !bare.is_empty()) else {
            (self.escape)(out, piece);
            return;
        };

        let start = piece.len() - piece.trim_start().len();
        out.push_str(&piece[..start]);
        // An element with a name of its own takes half the bytes of a `<span>` with a class, and a page has hundreds.
        out.push_str("<c-");
        out.push(class);
        out.push('>');
        match self.callouts.filter(|_| class == COMMENT) {
            Some(callouts) => with_callouts(out, bare, callouts, &mut self.escape.clone()),
            None => (self.escape)(out, bare),
        }
        out.push_str("</c-");
        out.push(class);
        out.push('>');
        out.push_str(&piece[start + bare.len()..]);
    }
}

/// The class of comments.
const COMMENT: char = 'c';

/// Writes an author's comment: its placeholders are marked, its callouts lead to what explains them.
pub fn comment(out: &mut String, text: &str, block: &CodeBlock, context: &CodeContext<'_>) {
    let mut plain = |out: &mut String, text: &str| placeholder::write(out, text, &block.tokens);
    match context.callouts(block) {
        Some(callouts) => with_callouts(out, text, callouts, &mut plain),
        None => plain(out, text),
    }
}

fn with_callouts(
    out: &mut String,
    text: &str,
    links: CalloutLinks<'_>,
    plain: &mut dyn FnMut(&mut String, &str),
) {
    let mut written = 0;
    for (start, end, number) in links.callouts.find(text) {
        plain(out, &text[written..start]);
        let CalloutLinks { callouts, id_prefix } = links;
        let id = callouts.id(number);
        out.push_str(&format!("<a class=\"callout\" href=\"#{id_prefix}{id}\">({number})</a>"));
        written = end;
    }
    plain(out, &text[written..]);
}
