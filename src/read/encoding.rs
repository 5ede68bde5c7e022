//! The encoding of text files: UTF-8, and what is said of others.

use std::sync::Arc;

use crate::text::{Diagnostic, DiagnosticCode, Source};

/// The text of a file.
///
/// # Errors
/// It is in another encoding.
pub fn decode(path: &str, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    // In UTF-16, plain letters are UTF-8 too, with a zero byte beside each.
    match String::from_utf8(bytes) {
        Ok(text) if utf16(text.as_bytes()).is_none() => Ok(text),
        Ok(text) => Err(Box::new(not_utf8(path, text.as_bytes(), 0))),
        Err(error) => Err(Box::new(not_utf8(path, error.as_bytes(), error.utf8_error().valid_up_to()))),
    }
}

/// The diagnostic for a file in another encoding, which is not UTF-8 from a byte on.
fn not_utf8(path: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let lossy = String::from_utf8_lossy(bytes).into_owned();
    let length = lossy[at..].chars().next().map_or(0, char::len_utf8);
    // The source does not have the file's mark.
    let start = if lossy.starts_with('\u{feff}') { at.saturating_sub('\u{feff}'.len_utf8()) } else { at };
    let source = Arc::new(Source::new(path, lossy));

    let (message, encoding) = match utf16(bytes) {
        Some(encoding) => (format!("this file is not UTF-8, but {encoding}"), encoding),
        None => (format!("this file is not UTF-8: byte {at} begins no character"), "LATIN1"),
    };
    Diagnostic::new(DiagnosticCode::InvalidUtf8, message)
        .at(&source, start..start + length)
        .hint(format!("save it as UTF-8 in your editor, or convert it: `iconv -f {encoding} -t UTF-8`"))
}

/// The form of UTF-16 that bytes are in: its mark says so, or every second byte of most characters, which is zero.
fn utf16(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some("UTF-16");
    }
    let zeros = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let is_most = |zeros: usize| zeros * 3 > bytes.len();
    if bytes.len() < 4 || !bytes.contains(&0) {
        return None;
    }
    match (is_most(zeros(0)), is_most(zeros(1))) {
        (_, true) => Some("UTF-16LE"),
        (true, _) => Some("UTF-16BE"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_named() {
        let hint = |bytes: &[u8]| {
            let diagnostic = decode("a.md", bytes.to_vec()).expect_err("it is not UTF-8");
            diagnostic.hint.unwrap_or_default()
        };
        let both =
            |bytes: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
        for text in ["# A title\r\n", "# Über Größe und Maß\n"] {
            assert!(hint(&both(u16::to_le_bytes, text)).contains("-f UTF-16LE"), "{text}");
            assert!(hint(&both(u16::to_be_bytes, text)).contains("-f UTF-16BE"), "{text}");
        }
        assert!(hint(b"\xff\xfe#\0 \0").contains("-f UTF-16 "));
        assert!(hint(b"Gr\xf6\xdfe").contains("LATIN1"));
    }

    #[test]
    fn a_few_zeros_are_text() {
        for text in ["a\0b", "\0", "", "a zero: \0\0\0, and so on"] {
            assert!(decode("a.md", text.into()).is_ok(), "{text:?}");
        }
    }
}
