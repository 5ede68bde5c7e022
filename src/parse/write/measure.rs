//! What is counted and cut while a text is written: its words, its opening.

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
    if text.is_ascii() {
        return ascii_words(text.as_bytes());
    }
    let counts = text.split_whitespace().map(|word| {
        let wide = if word.is_ascii() { 0 } else { word.chars().filter(|c| is_unspaced(*c)).count() };
        wide.max(1)
    });
    counts.sum()
}

/// Counts the places where a word begins. Every byte of a book is looked at here, so in blocks so short that a
/// byte can count them: such a loop becomes one of vectors.
fn ascii_words(text: &[u8]) -> usize {
    const BLOCK: usize = 128;
    let Some((first, rest)) = text.split_first() else { return 0 };
    let begins = |before: &u8, byte: &u8| before.is_ascii_whitespace() & !byte.is_ascii_whitespace();
    let in_block = |(before, bytes): (&[u8], &[u8])| {
        let words: u8 = before.iter().zip(bytes).map(|(before, byte)| u8::from(begins(before, byte))).sum();
        usize::from(words)
    };
    usize::from(begins(&b' ', first))
        + text.chunks(BLOCK).zip(rest.chunks(BLOCK)).map(in_block).sum::<usize>()
}

/// Han, kana, Thai and their like.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0x20000..=0x3FFFF)
}

/// Cuts text at a word's end.
pub(super) fn cut(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([',', ';', ':', '.', ' ']))
}
