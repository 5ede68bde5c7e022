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

/// Counts the places where a word begins. Every byte of a book is looked at here, mostly in short texts, so blocks of
/// them are looked at together; the last one overlaps the one before it. Control characters are taken for white space,
/// and white space beyond ASCII for what it mostly is: a way to keep words together.
fn spaced_words(text: &[u8]) -> usize {
    let Some((first, after)) = text.split_first() else { return 0 };
    let before = &text[..after.len()];
    let (befores, afters) = (before.as_chunks::<BLOCK>().0, after.as_chunks::<BLOCK>());
    let mut count = usize::from(is_letter(*first));
    for (before, after) in befores.iter().zip(afters.0) {
        count += begins(before, after, 0);
    }
    let rest = afters.1.len();
    count
        + match (before.last_chunk(), after.last_chunk()) {
            (Some(before), Some(after)) if rest > 0 => begins(before, after, BLOCK - rest),
            _ => (before.len() - rest..before.len())
                .filter(|at| !is_letter(before[*at]) & is_letter(after[*at]))
                .count(),
        }
}

/// How many bytes are looked at together.
const BLOCK: usize = 16;

/// How many words begin in a block from a byte on, beside the bytes before each. Without a branch, the loop becomes
/// one of vectors.
fn begins(before: &[u8; BLOCK], after: &[u8; BLOCK], from: usize) -> usize {
    let mut count = 0_u8;
    for at in 0..BLOCK {
        count += u8::from((at >= from) & !is_letter(before[at]) & is_letter(after[at]));
    }
    usize::from(count)
}

fn is_letter(byte: u8) -> bool {
    byte > b' '
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
            "sixteen bytes he",
            "seventeen bytes h",
            "  a text that is longer than two of the blocks of it, and ends with a word x",
        ] {
            assert_eq!(words(text), text.split_whitespace().count(), "{text:?}");
        }
        assert_eq!(words("ä öü ● ├── é"), 5);
        assert_eq!(words("ä öü 日本 x"), 5);
    }
}
