//! Text and what is said about it: sources with their lines, diagnostics, reports, and the few
//! text formats that every stage writes (HTML, URLs) or reads (YAML).
//!
//! This is the bottom of the program: it imports from no other module.

pub mod diagnostic;
pub mod digest;
pub mod html;
pub mod report;
pub mod slug;
pub mod source;
pub mod url;
pub mod yaml;

pub use diagnostic::{Code, Diagnostic, Severity};
pub use digest::{Digest, Hashed};
pub use source::{Source, Span};

/// Finds the candidate that a person most probably meant by `word`, for "did you mean" hints.
///
/// Returns `None` where nothing is near: at most a third of the letters may differ (Damerau-Levenshtein).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count().max(3)) / 3;
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `1 warning`, `2 warnings`.
pub fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
