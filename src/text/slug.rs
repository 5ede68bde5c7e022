//! Names for URLs and anchors, made from titles the way code hosts make them.

/// Makes an anchor of a heading's text as GitHub does: lower case, spaces become `-`, and of the
/// punctuation only `-` and `_` stay (the rules of the `github-slugger` package).
///
/// The result can be empty (a heading of punctuation alone).
pub fn anchor(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => out.push('-'),
            '-' | '_' => out.push(c),
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            c if c.is_alphanumeric() || is_combining(c) => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// Makes a path segment: an anchor without runs of `-`, nor any at its ends.
pub fn segment(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_whitespace() || "./\\:".contains(c) { ' ' } else { c }).collect();
    let anchor = anchor(&spaced);
    anchor.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// A chapter's file name without its ending: `.md`, in any case.
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if ending.eq_ignore_ascii_case("md") => stem,
        _ => name,
    }
}

/// A text with its first letter in upper case.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Takes an ordering number off a file's or folder's name: `02-server` → `server`, `1. Intro` → `Intro`.
///
/// The number alone (`2024.md`, `01`) is a name.
pub fn without_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let separated = rest.len() < name.len() && rest.starts_with(['-', '_', '.', ' ']);
    let bare = rest.trim_start_matches(['-', '_', '.', ' ']);
    if separated && !bare.is_empty() { bare } else { name }
}

/// Combining marks belong to the letters before them (`é` in two code points, Devanagari vowels).
pub fn is_combining(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x05BF..=0x05C7 | 0x0610..=0x061A
        | 0x064B..=0x065F | 0x0900..=0x0903 | 0x093A..=0x094F | 0x0981..=0x0983 | 0x09BC..=0x09CD
        | 0x0A01..=0x0A03 | 0x0A3C..=0x0A4D | 0x0B01..=0x0B03 | 0x0B3C..=0x0B4D | 0x0B82
        | 0x0BBE..=0x0BCD | 0x0C00..=0x0C04 | 0x0C3E..=0x0C4D | 0x0D00..=0x0D03 | 0x0D3B..=0x0D4D
        | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20FF | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_code_hosts() {
        for (text, expected) in [
            ("Login via SSH", "login-via-ssh"),
            ("Server Security: First Steps", "server-security-first-steps"),
            ("What's `new`?", "whats-new"),
            ("a  b", "a--b"),
            ("snake_case-and-dash", "snake_case-and-dash"),
            ("Größe", "größe"),
            ("日本語 の", "日本語-の"),
            ("!!!", ""),
        ] {
            assert_eq!(anchor(text), expected);
        }
        assert_eq!(without_number("02-server"), "server");
        assert_eq!(without_number("2024"), "2024");
        assert_eq!(segment(" -- My  Chapter (v2.0)! "), "my-chapter-v2-0");
    }
}
