//! What is counted and cut of a text: its words, its opening.

use crate::text::scan;
use crate::text::slug::is_unspaced;

/// The longest opening, in characters: what search engines and social cards show of a description.
pub(super) const OPENING: usize = 160;

/// Counts words; in scripts that do not separate them, characters. Control characters count as white space; white
/// space beyond ASCII is mostly a way to keep words together, and does not.
pub(super) fn words(text: &str) -> usize {
    if scan::may_be_unspaced(text.as_bytes()) {
        return mixed_words(text);
    }
    scan::word_starts(text.as_bytes())
}

/// Counts the words of a text in which some scripts may not separate them.
fn mixed_words(text: &str) -> usize {
    let words = text.split(|c| c <= ' ').filter(|word| !word.is_empty());
    words.map(|word| word.chars().filter(|c| is_unspaced(*c)).count().max(1)).sum()
}

/// Cuts text at a word's end.
pub(super) fn cut(text: &str, most: usize) -> String {
    let mut start = String::new();
    let mut rest = text.split_whitespace();
    // No more of it than is needed to see that it is too long.
    while start.chars().count() <= most
        && let Some(word) = rest.next()
    {
        start.extend([if start.is_empty() { "" } else { " " }, word]);
    }
    let Some((end, _)) = start.char_indices().nth(most) else { return start };
    let end = start[..end].rfind(' ').unwrap_or(end);
    format!("{}…", start[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_wherever_they_begin() {
        for text in [
            "",
            " ",
            "a",
            " a ",
            "one two",
            "  eight ch\taracters\r\nand some more~ ~",
            "x y z x y z x y z x",
        ] {
            assert_eq!(words(text), text.split_whitespace().count(), "{text:?}");
        }
        assert_eq!(words("a\u{a0}b c") + 2, words("a\u{a0}b c\n日本"));
        assert_eq!(words("ä öü ● ├── é"), 5);
        assert_eq!(words("ä öü 日本 x"), 5);
    }
}
