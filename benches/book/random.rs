//! Random choices that depend only on a seed, so they are the same on every machine: SplitMix64 (Steele, Lea and
//! Flood, "Fast splittable pseudorandom number generators", 2014).

/// A stream of random choices.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts the stream of a seed. Streams of neighbouring seeds are unrelated.
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, `limit`; 0 if that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        // The high bits of a product: uniform enough for small limits, and without a division.
        let high = (u128::from(self.next()) * limit as u128) >> 64;
        usize::try_from(high).unwrap_or(0)
    }

    /// One of the words, or the empty one if there are none.
    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
}
