//! Characters beyond ASCII of which it is known what they are: those that texts have most.

/// Whether a text begins with a letter of Latin or Cyrillic that has two cases and is not spelt in other ways, or with a
/// Chinese, Japanese or Korean sign. `ß`, for example, may be spelt `ss` where case does not count.
pub fn is_letter(text: &[u8]) -> bool {
    match first(text) {
        Some('×' | '÷' | 'ß' | '\u{130}' | '\u{131}' | '\u{149}' | '\u{17f}' | '\u{1f0}') => false,
        Some('\u{c0}'..='\u{24f}' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}') => true,
        Some('\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}') => true,
        Some('\u{4e00}'..='\u{9fa5}' | '\u{ac00}'..='\u{d7a3}') => true,
        _ => false,
    }
}

/// Whether the character that a text begins with is of a word, if it is known.
pub fn is_of_word(text: &[u8]) -> Option<bool> {
    match first(text)? {
        '×' | '÷' => Some(false),
        '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3002}' | '\u{ff0c}' => Some(false),
        _ => is_letter(text).then_some(true),
    }
}

/// The character that a text begins with, if it has two or three bytes.
fn first(text: &[u8]) -> Option<char> {
    let low = |byte: u8| u32::from(byte & 0x3f);
    match *text {
        [a @ 0xc2..=0xdf, b, ..] => char::from_u32(u32::from(a & 0x1f) << 6 | low(b)),
        [a @ 0xe0..=0xef, b, c, ..] => char::from_u32(u32::from(a & 0xf) << 12 | low(b) << 6 | low(c)),
        _ => None,
    }
}
