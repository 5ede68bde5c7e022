//! What files are called, and how they are compressed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha1::{Digest as _, Sha1};

/// What a file begins with, once it is unpacked.
const MAGIC: &[u8] = b"pagefind_dcd";
/// How many digits of a file's hash its name has, unless another file begins with the same.
const DIGITS: usize = 7;
/// How hard files are compressed, from 0 to 9. Level 9, which Pagefind uses, takes more than twice as long as this one
/// and makes files 1 % smaller.
const LEVEL: u32 = 5;

/// The longest name of a file: the language, and all of the hash of what is in it.
pub fn full_name(language: &str, bytes: &[u8]) -> String {
    format!("{language}_{}", hash(bytes))
}

/// The name of the list of files.
pub fn list_name(language: &str, bytes: &[u8]) -> String {
    // Pagefind counts the language twice.
    let hash = hash(bytes);
    format!("{language}_{}", hash.get(..language.len() + 1 + DIGITS).unwrap_or(&hash))
}

fn hash(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(40);
    for byte in Sha1::digest(bytes) {
        // Pagefind leaves out a zero at the beginning of a byte.
        let _ = write!(digits, "{byte:x}");
    }
    digits
}

/// As much of a name as tells it from others.
pub fn short_name(full: &str, language: &str, names: &mut BTreeSet<String>) -> String {
    let shortest = language.len() + 1 + DIGITS;
    let beginnings = (shortest..=full.len()).map(|length| full[..length].to_owned());
    // Then a number, for files that are the same all through.
    let numbered = (1..).map(|number| format!("{full}{number:04}"));
    let free = beginnings.chain(numbered).find(|name| names.insert(name.clone()));
    free.expect("one of all numbers is free")
}

/// Compresses a file.
pub fn pack(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(LEVEL));
    let packed =
        encoder.write_all(MAGIC).and_then(|()| encoder.write_all(bytes)).and_then(|()| encoder.finish());
    let mut packed = packed.expect("writing to memory cannot fail");
    packed.shrink_to_fit();
    packed.into()
}
