//! Sets of characters: exact for ASCII, and three answers for all others.

/// A set of characters.
///
/// Which characters beyond ASCII are in it is not known one by one: none (`some` is false), all (`all`), or some.
// Aligned as 128 bits are, trees of patterns would be half as large again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(Rust, packed(8))]
pub struct CharSet {
    /// The ASCII characters, one bit each.
    pub ascii: u128,
    /// Whether a character beyond ASCII can be in it.
    pub some: bool,
    /// Whether all characters beyond ASCII are in it.
    pub all: bool,
    /// Whether case is ignored, so that a character beyond ASCII may be spelt with ASCII letters, and several of them
    /// (`ß` is `ss`).
    pub folds: bool,
    /// Whether it may be larger than what was written, so that nothing is known of its complement.
    pub loose: bool,
    /// Whether it has characters beyond ASCII that have cases.
    pub cased: bool,
}

/// The ASCII characters of words, `\w`.
pub const WORD: u128 = ascii(&[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')]);
/// ASCII letters.
pub const LETTERS: u128 = ascii(&[(b'A', b'Z'), (b'a', b'z')]);

/// The bits of ranges of ASCII characters; both ends are in them.
pub const fn ascii(ranges: &[(u8, u8)]) -> u128 {
    let mut bits = 0;
    let mut at = 0;
    while at < ranges.len() {
        let mut byte = ranges[at].0;
        while byte <= ranges[at].1 {
            bits |= 1 << byte;
            byte += 1;
        }
        at += 1;
    }
    bits
}

impl CharSet {
    /// No character.
    pub const EMPTY: CharSet =
        CharSet { ascii: 0, some: false, all: false, folds: false, loose: false, cased: false };
    /// All characters.
    pub const ALL: CharSet = CharSet { ascii: !0, some: true, all: true, ..CharSet::EMPTY };
    /// A set of which nothing is known.
    pub const LOOSE: CharSet = CharSet { ascii: !0, some: true, loose: true, cased: true, ..CharSet::EMPTY };

    /// One character.
    pub const fn one(c: char) -> CharSet {
        if c.is_ascii() {
            CharSet { ascii: 1 << (c as u32), ..CharSet::EMPTY }
        } else {
            CharSet { some: true, cased: true, ..CharSet::EMPTY }
        }
    }

    /// A kind of characters, such as digits: these of ASCII, and some beyond.
    pub const fn kind(ascii: u128) -> CharSet {
        CharSet { ascii, some: true, cased: ascii & LETTERS != 0, ..CharSet::EMPTY }
    }

    /// All characters from one to another.
    pub fn range(low: char, high: char) -> CharSet {
        let beyond = !high.is_ascii();
        let last = if beyond { 127 } else { high as u8 };
        let ascii = if low.is_ascii() { ascii(&[(low as u8, last)]) } else { 0 };
        CharSet { ascii, some: beyond, cased: beyond, ..CharSet::EMPTY }
    }

    /// All characters that are not in it.
    #[must_use]
    pub const fn complement(self) -> CharSet {
        if self.loose {
            return CharSet { folds: self.folds, ..CharSet::LOOSE };
        }
        CharSet { ascii: !self.ascii, some: !self.all, all: !self.some, cased: true, ..self }
    }

    /// The characters of both.
    #[must_use]
    pub const fn or(self, other: CharSet) -> CharSet {
        CharSet {
            ascii: self.ascii | other.ascii,
            some: self.some | other.some,
            all: self.all | other.all,
            ..self.with_flags(other)
        }
    }

    /// The characters that are in both.
    #[must_use]
    pub const fn and(self, other: CharSet) -> CharSet {
        CharSet {
            ascii: self.ascii & other.ascii,
            some: self.some & other.some,
            all: self.all & other.all,
            ..self.with_flags(other)
        }
    }

    const fn with_flags(self, other: CharSet) -> CharSet {
        CharSet {
            folds: self.folds | other.folds,
            loose: self.loose | other.loose,
            cased: self.cased | other.cased,
            ..self
        }
    }

    /// The same in both cases.
    #[must_use]
    pub const fn fold(mut self) -> CharSet {
        let letters = self.ascii & LETTERS;
        if letters != 0 {
            // Upper and lower case are 32 apart.
            self.ascii |= ((letters >> 32) | (letters << 32)) & LETTERS;
            self.folds = true;
            self.some = true;
        }
        self
    }

    /// Whether it has this ASCII character.
    #[inline]
    pub const fn has(&self, c: u8) -> bool {
        // Faster than shifting all bits.
        let half = if c < 64 { self.ascii as u64 } else { (self.ascii >> 64) as u64 };
        half >> (c & 63) & 1 != 0
    }

    /// The character, if it is one of ASCII and no other can match.
    pub const fn single(self) -> Option<u8> {
        let is_single = self.ascii.count_ones() == 1 && !self.some && !self.folds && !self.loose;
        if is_single { Some(self.ascii.trailing_zeros() as u8) } else { None }
    }
}
