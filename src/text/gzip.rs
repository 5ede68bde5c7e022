//! Compressed text, as browsers know it (RFC 1952).

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// Compresses text that is in pieces.
///
/// # Errors
/// None that memory does not have.
pub fn pack(pieces: &[&[u8]]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    pieces.iter().try_for_each(|piece| encoder.write_all(piece))?;
    encoder.finish()
}

/// Unpacks what is compressed.
///
/// # Errors
/// If it has another form.
pub fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut content)?;
    Ok(content)
}
