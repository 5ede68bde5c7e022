//! Digests: of bytes for names of files, and of values to decide what can be reused.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// The first 128 bits of a BLAKE3 hash.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(u128);

impl Digest {
    /// Digests bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Digest::finish(&blake3::Hasher::new().update(bytes).clone())
    }

    /// Digests a value by its [`Hash`]. Numbers are hashed in little-endian order, so all machines give the same
    /// digest.
    pub fn of_value(value: &impl Hash) -> Self {
        let mut hasher = ValueHasher { hasher: blake3::Hasher::new(), buffer: Vec::with_capacity(BUFFER) };
        value.hash(&mut hasher);
        hasher.hasher.update(&hasher.buffer);
        Digest::finish(&hasher.hasher)
    }

    /// Digests all bytes of a reader.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn of_reader(reader: impl std::io::Read) -> std::io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(reader)?;
        Ok(Digest::finish(&hasher))
    }

    /// Its bytes.
    pub fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The short form for file names: ten hexadecimal digits (40 bits).
    pub fn short(self) -> String {
        format!("{:010x}", self.0 >> 88)
    }

    /// The long form: 32 hexadecimal digits.
    pub fn hex(self) -> String {
        format!("{:032x}", self.0)
    }

    fn finish(hasher: &blake3::Hasher) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Digest(u128::from_be_bytes(first))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Passes the pieces that `#[derive(Hash)]` gives to BLAKE3. With 128 bits, two values never have the same digest by
/// chance. The pieces are small and BLAKE3 is fast only on long input, so they are buffered.
struct ValueHasher {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
}

/// The size of the buffer in bytes.
const BUFFER: usize = 4096;

impl Hasher for ValueHasher {
    fn write(&mut self, bytes: &[u8]) {
        if self.buffer.len() + bytes.len() > BUFFER {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }

        // A long text need not be copied into the buffer.
        if bytes.len() > BUFFER {
            self.hasher.update(bytes);
        } else {
            self.buffer.extend_from_slice(bytes);
        }
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        // The trait demands this. `Digest::of_value` takes all bits instead.
        Digest::finish(&self.hasher).0 as u64
    }
}

/// A value with its digest, which is hashed in place of the value.
///
/// Shared parts of a book, such as its theme, are hashed once and not again for each of thousands of pages.
#[derive(Debug)]
pub struct Hashed<T> {
    value: T,
    digest: Digest,
}

impl<T: Hash> Hashed<T> {
    /// Digests a value and keeps both.
    pub fn new(value: T) -> Self {
        let digest = Digest::of_value(&value);
        Hashed { value, digest }
    }
}

impl<T: Default + Hash> Default for Hashed<T> {
    fn default() -> Self {
        Hashed::new(T::default())
    }
}

impl<T> Hashed<T> {
    /// The digest.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

impl<T> Hash for Hashed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl<T> Deref for Hashed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
