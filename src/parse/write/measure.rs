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
        let (mut words, mut was_space) = (0, true);
        for byte in text.bytes() {
            let is_space = SPACES[usize::from(byte)];
            words += usize::from(was_space & !is_space);
            was_space = is_space;
        }
        return words;
    }
    let counts = text.split_whitespace().map(|word| {
        let wide = if word.is_ascii() { 0 } else { word.chars().filter(|c| is_unspaced(*c)).count() };
        wide.max(1)
    });
    counts.sum()
}

/// Whether a byte is white space. Every byte of a book is looked up here.
const SPACES: [bool; 256] = {
    let mut spaces = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        spaces[byte] = (byte as u8).is_ascii_whitespace();
        byte += 1;
    }
    spaces
};

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
