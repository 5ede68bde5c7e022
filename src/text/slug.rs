//! Names for URLs and anchors, made from titles as code hosts make them.

use std::borrow::Cow;

use super::unicode::composed;

/// Makes an anchor from a heading's text as GitHub does: in lower case, spaces become `-`, and other punctuation than
/// `-` and `_` is removed (the rules of the `github-slugger` package).
///
/// The anchor of a heading that is only punctuation is empty.
pub fn anchor(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in composed(text).chars() {
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

/// The extensions of chapters, in any case.
const CHAPTERS: &[&str] = &["md", "markdown"];

/// Whether a file is a chapter, by its name or path.
pub fn is_chapter(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    CHAPTERS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The name or path of a chapter without its extension.
pub fn stem(name: &str) -> &str {
    if is_chapter(name) { name.rsplit_once('.').map_or(name, |(stem, _)| stem) } else { name }
}

/// Names for the signs of ASCII, for the addresses of files whose names have no letters.
const SIGNS: &[(char, &str)] = &[
    ('!', "exclamation-mark"),
    ('"', "quotation-mark"),
    ('#', "number-sign"),
    ('$', "dollar-sign"),
    ('%', "percent-sign"),
    ('&', "ampersand"),
    ('\'', "apostrophe"),
    ('(', "left-parenthesis"),
    (')', "right-parenthesis"),
    ('*', "asterisk"),
    ('+', "plus-sign"),
    (',', "comma"),
    ('-', "hyphen"),
    ('.', "dot"),
    ('/', "slash"),
    (':', "colon"),
    (';', "semicolon"),
    ('<', "less-than-sign"),
    ('=', "equals-sign"),
    ('>', "greater-than-sign"),
    ('?', "question-mark"),
    ('@', "at-sign"),
    ('[', "left-bracket"),
    ('\\', "backslash"),
    (']', "right-bracket"),
    ('^', "caret"),
    ('`', "backtick"),
    ('{', "left-brace"),
    ('|', "vertical-bar"),
    ('}', "right-brace"),
    ('~', "tilde"),
];

/// Makes a path segment from a file's name. Names that only signs tell apart keep them in words: `c++` → `c-plus-plus`,
/// `c#` → `c-sharp`, `!` → `exclamation-mark`.
pub fn of_name(name: &str) -> String {
    let slug = segment(&with_endings(name));
    if !slug.is_empty() {
        return slug;
    }
    let words = name.chars().filter(|c| !c.is_whitespace()).map(|sign| {
        let known = SIGNS.iter().find(|(known, _)| *known == sign);
        known.map_or_else(|| format!("u{:x}", u32::from(sign)), |(_, word)| (*word).to_owned())
    });
    words.collect::<Vec<_>>().join("-")
}

/// A name with the signs that end its words written out: `c++` → `c-plus-plus`, but not `a+b`.
fn with_endings(name: &str) -> Cow<'_, str> {
    let is_ending = |sign: char| matches!(sign, '+' | '#');
    if !name.contains(is_ending) {
        return Cow::Borrowed(name);
    }

    let mut out = String::with_capacity(name.len() + 16);
    let mut rest = name;
    while let Some(at) = rest.find(is_ending) {
        let (before, signs) = rest.split_at(at);
        let after = signs.trim_start_matches(is_ending);
        let ends_word = before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        out.push_str(before);
        for sign in signs[..signs.len() - after.len()].chars() {
            match sign {
                _ if !ends_word => out.push(sign),
                '+' => out.push_str("-plus"),
                _ => out.push_str("-sharp"),
            }
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
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
/// A number that is the whole name stays (`2024.md`, `01`), and so do years (`2024-news`), dates (`2024-01-31-news`) and
/// numbers of sections (`1.2-tools`).
pub fn without_number(name: &str) -> &str {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &name[digits(name)..];

    // `1.2-tools` and `2024-01-31-news`.
    let is_section = rest.strip_prefix('.').is_some_and(|rest| digits(rest) > 0);
    let is_date = digits(name) == 4 && rest.strip_prefix('-').is_some_and(|rest| digits(rest) == 2);
    let is_year = digits(name) == 4 && (name.starts_with("19") || name.starts_with("20"));
    if is_section || is_date || is_year {
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
        for name in ["2024", "2024-01-31-news", "2024-news", "1.2-tools", "01.1"] {
            assert_eq!(without_number(name), name);
        }
        assert_eq!(without_number("03-404-pages"), "404-pages");
        assert_eq!(segment(" -- My  Chapter (v2.0)! "), "my-chapter-v2-0");
        for (name, expected) in [
            ("c", "c"),
            ("c++", "c-plus-plus"),
            ("C#", "c-sharp"),
            ("c++ basics", "c-plus-plus-basics"),
            ("a+b", "ab"),
            ("!", "exclamation-mark"),
            ("!=", "exclamation-mark-equals-sign"),
            ("__", "__"),
            ("\u{1F389}", "u1f389"),
        ] {
            assert_eq!(of_name(name), expected);
        }
    }
}
