//! Text and what is said about it: sources with their lines, diagnostics, reports, and the few
//! text formats that every stage writes (HTML, URLs) or reads (YAML).
//!
//! This is the bottom of the program: it imports from no other module.

pub mod attributes;
pub mod diagnostic;
pub mod digest;
pub mod html;
pub mod report;
pub mod slug;
pub mod source;
pub mod url;
pub mod yaml;

pub use diagnostic::{Diagnostic, DiagnosticCode, Severity};
pub use digest::{Digest, Hashed};
pub use source::{Source, Span};

/// Finds the candidate that a person most probably meant by `word`, for "did you mean" hints.
///
/// Returns `None` where nothing is near: at most a third of the letters may differ (Damerau-Levenshtein), and none of
/// the few of a short word may be another. The case of letters counts least.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = word.to_lowercase();
    let length = written.chars().count();
    let distance = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&written, &candidate);
        // `tilte` is `title`, `bsh` is `bash`, but `sed` is not `sld`.
        let is_other = length <= 3 && distance == strsim::hamming(&written, &candidate).unwrap_or(usize::MAX);
        (distance == 0 || distance <= length.max(3) / 3 && !is_other).then_some(distance)
    };
    let near = candidates.into_iter().filter_map(|candidate| Some((distance(candidate)?, candidate)));
    near.min().map(|(_, candidate)| candidate)
}

/// Finds the path that a person most probably meant: of a file with that name elsewhere, else of one with a name much
/// like it, the nearest.
pub fn nearest_path<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let parts = |path: &str| {
        let path = path.to_lowercase();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        (folder.to_owned(), stem.to_owned(), ending.to_owned())
    };
    let (folder, stem, ending) = parts(wanted);
    let near = candidates.into_iter().filter_map(|candidate| {
        let (of_folder, of_stem, of_ending) = parts(candidate);
        let is_named = !stem.is_empty() && of_ending == ending;
        is_named.then(|| nearest(&stem, [&*of_stem])).flatten()?;
        let name = strsim::damerau_levenshtein(&stem, &of_stem);
        Some((name, strsim::damerau_levenshtein(&folder, &of_folder), candidate))
    });
    near.min().map(|(.., candidate)| candidate)
}

/// `1 warning`, `2 warnings`.
pub fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_near() {
        let known = ["title", "date", "bash", "sld", "TWO", "updated"];
        for (word, meant) in [
            ("tilte", Some("title")),
            ("DATE", Some("date")),
            ("two", Some("TWO")),
            ("bsh", Some("bash")),
            ("sed", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        let known =
            ["content/a.md", "content/b.md", "content/é.md", "content/server/keys.md", "content/keys.png"];
        for (path, meant) in [
            ("content/B.md", Some("content/b.md")),
            ("content/nope.md", None),
            ("content/img", None),
            ("content/upper.md", None),
            ("content/servr/kesy.md", Some("content/server/keys.md")),
            ("content/keys.md", Some("content/server/keys.md")),
        ] {
            assert_eq!(nearest_path(path, known), meant, "{path}");
        }
    }
}
