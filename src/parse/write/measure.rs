//! What is counted and cut while a text is written: its words, its opening.

use crate::text::slug::is_unspaced;

/// The first paragraph's text.
pub(super) enum Opening {
    Awaited,
    Reading(String),
    Found(String),
}

/// The longest opening, in characters: what search engines and social cards show of a description.
pub(super) const OPENING: usize = 160;

/// Counts words; in scripts that do not separate them, characters.
pub(super) fn words(text: &str) -> usize {
    if text.is_ascii() || !text.bytes().any(begins_unspaced) {
        return spaced_words(text.as_bytes());
    }
    let counts = text.split_whitespace().map(|word| {
        let wide = if word.is_ascii() { 0 } else { word.chars().filter(|c| is_unspaced(*c)).count() };
        wide.max(1)
    });
    counts.sum()
}

/// Counts the places where a word begins. Every byte of a book is looked at here: without a branch in it, the inner
/// loop becomes one of vectors. Control characters are taken for white space, and white space beyond ASCII for what
/// it mostly is: a way to keep words together.
fn spaced_words(text: &[u8]) -> usize {
    // So many pairs that a byte can count them.
    const STRETCH: usize = u8::MAX as usize;
    let is_letter = |byte: &u8| *byte > b' ';
    let Some((first, rest)) = text.split_first() else { return 0 };
    let stretches = text.chunks(STRETCH).zip(rest.chunks(STRETCH)).map(|(before, after)| {
        let begins = before.iter().zip(after).map(|(before, after)| !is_letter(before) & is_letter(after));
        usize::from(begins.map(u8::from).sum::<u8>())
    });
    usize::from(is_letter(first)) + stretches.sum::<usize>()
}

/// Whether a character that begins with this byte can be one of [those](is_unspaced).
fn begins_unspaced(byte: u8) -> bool {
    matches!(byte, 0xE0 | 0xE3..=0xE9 | 0xF0)
}

/// Cuts text at a word's end.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', ';', ':', '.', ' ']))
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
        assert_eq!(words("ä öü ● ├── é"), 5);
        assert_eq!(words("ä öü 日本 x"), 5);
    }
}
