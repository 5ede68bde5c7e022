//! What is counted and cut while a text is written: its words, its opening.

use std::ops::Range;

use crate::text::slug::is_unspaced;

/// The first paragraph, as a place in the text.
pub(super) enum Opening {
    Awaited,
    /// It begins here.
    Reading(usize),
    Found(Range<usize>),
}

/// The longest opening, in characters: what search engines and social cards show of a description.
pub(super) const OPENING: usize = 160;

/// Counts words; in scripts that do not separate them, characters.
pub(super) fn words(text: &str) -> usize {
    // In pieces, without a branch in them, as below.
    let holds_unspaced =
        |chunk: &[u8]| chunk.iter().fold(false, |found, byte| found | begins_unspaced(*byte));
    if !text.as_bytes().chunks(256).any(holds_unspaced) {
        return spaced_words(text.as_bytes());
    }
    // Parted as below, so that a word of one script counts the same beside another.
    let counts = text.split(|c| c <= ' ').filter(|word| !word.is_empty()).map(|word| {
        let wide = if word.is_ascii() { 0 } else { word.chars().filter(|c| is_unspaced(*c)).count() };
        wide.max(1)
    });
    counts.sum()
}

/// Counts the places where a word begins. Every byte of a book is looked at here: without a branch in it, the inner
/// loop becomes one of vectors. Control characters are taken for white space, and white space beyond ASCII for what
/// it mostly is: a way to keep words together.
fn spaced_words(text: &[u8]) -> usize {
    // A byte can count so many pairs, and vectors hold them without a rest.
    const STRETCH: usize = 128;
    let is_letter = |byte: &u8| *byte > b' ';
    let Some((first, rest)) = text.split_first() else { return 0 };
    let begin = |before: &[u8], after: &[u8]| {
        let begins = before.iter().zip(after).map(|(before, after)| !is_letter(before) & is_letter(after));
        usize::from(begins.map(u8::from).sum::<u8>())
    };
    let (stretches, last) = rest.as_chunks::<STRETCH>();
    let before = text.as_chunks::<STRETCH>().0.iter();
    let whole: usize = before.zip(stretches).map(|(before, after)| begin(before, after)).sum();
    usize::from(is_letter(first)) + whole + begin(&text[text.len() - 1 - last.len()..], last)
}

/// Whether a character that begins with this byte can be one of [those](is_unspaced).
fn begins_unspaced(byte: u8) -> bool {
    matches!(byte, 0xE0 | 0xE3..=0xE9 | 0xF0)
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
        for length in [0, 63, 64, 65, 127, 128, 129, 200] {
            assert_eq!(words(&"a ".repeat(length)), length);
            assert_eq!(words(&" a".repeat(length)), length);
        }
        assert_eq!(words("a\u{a0}b c") + 2, words("a\u{a0}b c\n日本"));
        assert_eq!(words("ä öü ● ├── é"), 5);
        assert_eq!(words("ä öü 日本 x"), 5);
    }
}
