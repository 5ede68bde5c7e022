//! Names for URLs and anchors, made from titles as code hosts make them.

/// Makes an anchor from a heading's text as GitHub does: in lower case, spaces become `-`, and other punctuation than
/// `-` and `_` is removed (the rules of the `github-slugger` package).
///
/// The anchor of a heading that is only punctuation is empty.
pub fn anchor(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => out.push('-'),
            '-' | '_' => out.push(c),
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            // Invisible joiners between letters.
            '\u{200C}' | '\u{200D}' => {}
            c if is_word(c) => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

/// Whether a character can be part of a word: a letter, a mark, a decimal digit or a connector (Unicode Technical
/// Standard 18, annex C).
pub fn is_word(c: char) -> bool {
    regex_syntax::is_word_character(c)
}

/// Whether a character is of a script that is written without spaces, such as Han, kana and Thai.
pub fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0x20000..=0x3FFFF)
}

/// Makes a path segment: an anchor with single `-` and none at its ends.
pub fn segment(text: &str) -> String {
    let separates = |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '/' | '\\' | ':');
    let mut segment = String::with_capacity(text.len());
    for word in text.split(separates).map(anchor).filter(|word| !word.is_empty()) {
        if !segment.is_empty() {
            segment.push('-');
        }
        segment.push_str(&word);
    }
    segment
}

/// A chapter's file name without its extension `.md`, in any case.
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

/// What separates an ordering number from a name.
const SEPARATORS: [char; 5] = ['-', '_', '.', ')', ' '];

/// Removes an ordering number from a file's or folder's name: `02-server` → `server`, `1. Intro` → `Intro`.
///
/// A number that is the whole name stays (`2024.md`, `01`), and so do dates (`2024-01-31-news`) and numbers of
/// sections (`1.2-tools`).
pub fn without_number(name: &str) -> &str {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &name[digits(name)..];

    // `1.2-tools` and `2024-01-31-news`.
    let is_section = rest.strip_prefix('.').is_some_and(|rest| digits(rest) > 0);
    let is_date = digits(name) == 4 && rest.strip_prefix('-').is_some_and(|rest| digits(rest) == 2);
    if is_section || is_date {
        return name;
    }

    let separated = rest.len() < name.len() && rest.starts_with(SEPARATORS);
    let bare = rest.trim_start_matches(SEPARATORS);
    if separated && !bare.is_empty() { bare } else { name }
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
            ("2½ cups, x² and Ⓐ", "2-cups-x-and-ⓐ"),
            ("ខ្មែរ", "ខ្មែរ"),
            ("👩\u{200D}💻 Setup", "-setup"),
            ("می\u{200C}خواهم", "میخواهم"),
        ] {
            assert_eq!(anchor(text), expected);
        }
        for name in ["02-server", "1. server", "1_server", "1)server", "1) server"] {
            assert_eq!(without_number(name), "server");
        }
        for name in ["2024", "2024-01-31-news", "1.2-tools", "01.1"] {
            assert_eq!(without_number(name), name);
        }
        assert_eq!(without_number("03-404-pages"), "404-pages");
        assert_eq!(segment(" -- My  Chapter (v2.0)! "), "my-chapter-v2-0");
    }
}
