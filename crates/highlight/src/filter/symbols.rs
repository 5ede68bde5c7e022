//! The symbols that automata read: bytes, of which those beyond ASCII are told apart only as the first of a character
//! or a later one, and the end of the text.

use std::iter;

use crate::pattern::set::CharSet;

/// How many symbols there are.
pub const SYMBOLS: usize = 131;
/// A later byte of a character beyond ASCII.
const LATER: u8 = 128;
/// The first byte of a character beyond ASCII.
const FIRST: u8 = 129;
/// That there is no byte.
pub const END: u8 = 130;

/// The symbol of a byte.
pub const fn symbol(byte: u8) -> u8 {
    match byte {
        0..=0x7f => byte,
        0x80..=0xbf => LATER,
        _ => FIRST,
    }
}

/// A set of symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolSet {
    ascii: [u64; 2],
    beyond: u8,
}

const BEYOND: u8 = 0b011;
const NO_BYTE: u8 = 0b100;

impl SymbolSet {
    /// No symbol.
    pub const NONE: SymbolSet = SymbolSet { ascii: [0; 2], beyond: 0 };
    /// All symbols.
    pub const ALL: SymbolSet = SymbolSet { ascii: [!0; 2], beyond: BEYOND | NO_BYTE };
    /// The bytes of characters beyond ASCII.
    pub const ALL_BEYOND: SymbolSet = SymbolSet { ascii: [0; 2], beyond: BEYOND };
    /// First bytes of characters beyond ASCII.
    pub const FIRST_BEYOND: SymbolSet = SymbolSet { ascii: [0; 2], beyond: 0b010 };
    /// Later bytes of characters beyond ASCII.
    pub const LATER_BEYOND: SymbolSet = SymbolSet { ascii: [0; 2], beyond: 0b001 };
    /// The end, or the start, of the text.
    pub const TEXT_EDGE: SymbolSet = SymbolSet { ascii: [0; 2], beyond: NO_BYTE };
    /// The end, or the start, of a line.
    pub const LINE_EDGE: SymbolSet = SymbolSet { ascii: [1 << b'\n', 0], beyond: NO_BYTE };

    /// ASCII characters.
    pub const fn ascii(bits: u128) -> SymbolSet {
        SymbolSet { ascii: [bits as u64, (bits >> 64) as u64], beyond: 0 }
    }

    /// The bytes that characters of a set can begin or end with.
    pub fn of(set: CharSet) -> SymbolSet {
        let symbols = SymbolSet::ascii(set.ascii);
        if set.some || set.folds { symbols.or(SymbolSet::ALL_BEYOND) } else { symbols }
    }

    /// The symbols of which no character is in a set, and those where that is not known.
    pub fn outside(set: CharSet) -> SymbolSet {
        if set.loose {
            return SymbolSet::ALL;
        }
        let symbols = SymbolSet::ascii(!set.ascii).or(SymbolSet::TEXT_EDGE);
        if set.all { symbols } else { symbols.or(SymbolSet::ALL_BEYOND) }
    }

    /// The symbols of both.
    #[must_use]
    pub fn or(self, other: SymbolSet) -> SymbolSet {
        let ascii = [self.ascii[0] | other.ascii[0], self.ascii[1] | other.ascii[1]];
        SymbolSet { ascii, beyond: self.beyond | other.beyond }
    }

    /// The symbols that are in both.
    #[must_use]
    pub fn and(self, other: SymbolSet) -> SymbolSet {
        let ascii = [self.ascii[0] & other.ascii[0], self.ascii[1] & other.ascii[1]];
        SymbolSet { ascii, beyond: self.beyond & other.beyond }
    }

    /// All other symbols.
    #[must_use]
    pub fn complement(self) -> SymbolSet {
        SymbolSet { ascii: [!self.ascii[0], !self.ascii[1]], beyond: !self.beyond & (BEYOND | NO_BYTE) }
    }

    /// The symbols that are in it, in order.
    fn symbols(self) -> impl Iterator<Item = u8> {
        let words = [(self.ascii[0], 0), (self.ascii[1], 64), (u64::from(self.beyond), LATER)];
        words.into_iter().flat_map(|(mut word, first)| {
            iter::from_fn(move || {
                let next = (word != 0).then(|| word.trailing_zeros() as u8)?;
                word &= word - 1;
                Some(first + next)
            })
        })
    }

    /// Whether a symbol is in it.
    pub fn has(&self, symbol: u8) -> bool {
        match symbol {
            0..=127 => self.ascii[usize::from(symbol >> 6)] >> (symbol & 63) & 1 != 0,
            _ => self.beyond >> (symbol - LATER) & 1 != 0,
        }
    }
}

/// Symbols by kinds: some sets contain either all symbols of a kind or none.
#[derive(Debug)]
pub struct SymbolKinds {
    /// The kind of each symbol.
    kinds: [u8; SYMBOLS],
    /// The symbols of each kind.
    members: Vec<SymbolSet>,
    /// One of them.
    samples: Vec<u8>,
}

impl SymbolKinds {
    /// The kinds that sets make.
    pub fn new(sets: &[SymbolSet]) -> SymbolKinds {
        let mut kinds = SymbolKinds { kinds: [0; SYMBOLS], members: vec![SymbolSet::ALL], samples: vec![0] };
        for set in sets {
            kinds.divide(*set);
        }
        kinds
    }

    /// Divides the kinds of which some symbols are in a set, and others are not. Returns, for each new kind, the one that
    /// it was part of.
    pub fn divide(&mut self, set: SymbolSet) -> Vec<usize> {
        let mut divided = Vec::new();
        for kind in 0..self.members.len() {
            let (inside, outside) = (self.members[kind].and(set), self.members[kind].and(set.complement()));
            if inside == SymbolSet::NONE || outside == SymbolSet::NONE {
                continue;
            }

            let (same, other) =
                if inside.has(self.samples[kind]) { (inside, outside) } else { (outside, inside) };
            let new = self.members.len() as u8;
            for symbol in other.symbols() {
                self.kinds[usize::from(symbol)] = new;
            }
            self.samples.extend(other.symbols().next());
            self.members[kind] = same;
            self.members.push(other);
            divided.push(kind);
        }
        divided
    }

    /// A symbol of each kind.
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }

    /// The kind of a symbol.
    pub fn of(&self, symbol: u8) -> usize {
        usize::from(self.kinds[usize::from(symbol)])
    }
}
