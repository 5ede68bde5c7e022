//! What several stages need to read and write text: sources and places in them, diagnostics and their reports, digests
//! of values, slugs, forms of Unicode, scans of bytes, and the formats that several stages know: HTML with its attributes, URLs and YAML.
//!
//! This is the lowest module: it imports from no other.

pub mod attributes;
pub mod diagnostic;
pub mod digest;
pub mod elements;
pub mod gzip;
pub mod html;
pub mod line_diff;
pub mod report;
pub mod sarif;
pub mod scan;
pub mod slug;
pub mod source;
pub mod unicode;
pub mod url;
pub mod yaml;

use std::cmp::Reverse;

pub use diagnostic::{Diagnostic, DiagnosticCode, Severity};
pub use digest::{Digest, Hashed};
pub use source::{Source, Span};

/// Finds the candidate that was most likely meant by `word`, for "did you mean" hints.
///
/// Returns `None` if none is near. At most a third of the letters may differ (Damerau-Levenshtein); in words of up to
/// three letters, none may be replaced by another, and one letter alone must be the same. Upper and lower case count as the same.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();

    let mut near = Vec::new();
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&word, &lower);
        // `tilte` is near `title` and `bsh` near `bash`, but `sed` is not near `sld`.
        let is_replaced = length <= 3 && strsim::hamming(&word, &lower) == Ok(distance);
        let is_one_letter = length == 1 || lower.chars().nth(1).is_none();
        if distance == 0 || (distance <= length.max(3) / 3 && !is_replaced && !is_one_letter) {
            // Of equally near ones, `pyton` has more in common with `python` than with `pycon`.
            let likeness = (strsim::jaro_winkler(&word, &lower) * 1000.0) as u32;
            near.push((distance, Reverse(likeness), candidate));
        }
    }
    near.into_iter().min().map(|(_, _, candidate)| candidate)
}

/// A count with its noun: `1 warning`, `2 warnings`.
pub fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_near() {
        let known = ["title", "date", "bash", "sld", "TWO", "updated", "pycon", "python", "sh"];
        for (word, meant) in [
            ("tilte", Some("title")),
            ("DATE", Some("date")),
            ("two", Some("TWO")),
            ("bsh", Some("bash")),
            ("pyton", Some("python")),
            ("sed", None),
            ("x", None),
            ("s", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }
}
