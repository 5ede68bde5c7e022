//! Text gathered from pieces of a chapter, which remembers where each piece came from.

use std::ops::Range;

/// Text gathered from pieces of a chapter.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// The text.
    pub text: String,
    /// Pairs of an offset in `text` and the offset in the chapter that it came from, in order.
    pieces: Vec<(usize, usize)>,
}

impl Gathered {
    /// Adds a piece, which is at this offset of the chapter.
    pub fn push(&mut self, text: &str, from: usize) {
        self.pieces.push((self.text.len(), from));
        self.text.push_str(text);
    }

    /// Adds a part of another.
    pub fn push_part(&mut self, from: &Gathered, part: Range<usize>) {
        let mut at = part.start;
        while at < part.end {
            let after = from.pieces.partition_point(|(start, _)| *start <= at);
            let end = from.pieces.get(after).map_or(part.end, |(start, _)| part.end.min(*start));
            self.push(&from.text[at..end], from.origin(at));
            at = end;
        }
    }

    /// Adds a part of another with every `<` escaped: readers see it.
    pub fn push_shown(&mut self, from: &Gathered, part: Range<usize>) {
        let mut at = part.start;
        for (sign, _) in from.text[part.clone()].match_indices('<') {
            let sign = part.start + sign;
            self.push_part(from, at..sign);
            self.push("&lt;", from.origin(sign));
            at = sign + 1;
        }
        self.push_part(from, at..part.end);
    }

    /// The place in the chapter of a place in the text.
    pub fn origin(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|(at, _)| *at <= offset);
        self.pieces.get(after.wrapping_sub(1)).map_or(0, |(at, from)| from + (offset - at))
    }
}
