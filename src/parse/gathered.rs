//! Text gathered from pieces of a chapter, which remembers where each piece came from.

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

    /// The place in the chapter of a place in the text.
    pub fn origin(&self, offset: usize) -> usize {
        let after = self.pieces.partition_point(|(at, _)| *at <= offset);
        self.pieces.get(after.wrapping_sub(1)).map_or(0, |(at, from)| from + (offset - at))
    }
}
