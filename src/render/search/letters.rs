//! Letters that readers type as others, such as `ß` as `ss` and `ø` as `o`.
//!
//! Pagefind knows the letters that Unicode takes apart into one and its accents. For others, its index has the letters
//! that are typed, and signs after the word say which of them stand for one: the script of the theme, `letters.js`,
//! puts that back in what readers see, and replaces the same letters in what they type.

/// A letter as it is in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// What is typed.
    pub typed: &'static str,
    /// The sign that says which letter it is.
    pub sign: char,
}

/// The sign of a letter that stands for itself. Like the others it is not shown, and not part of a word.
pub const SELF: char = '\u{2063}';
/// The sign of most letters.
const FIRST: char = '\u{2062}';
/// The sign of letters that are typed like one of the first, or end like it.
const SECOND: char = '\u{2064}';

/// How a letter is typed, if otherwise.
pub fn spelling(letter: char) -> Option<Spelling> {
    let first = |typed| Some(Spelling { typed, sign: FIRST });
    let second = |typed| Some(Spelling { typed, sign: SECOND });
    match letter {
        'ß' => first("ss"),
        'ẞ' => first("SS"),
        'æ' => first("ae"),
        'Æ' => first("Ae"),
        'œ' => first("oe"),
        'Œ' => first("Oe"),
        'ø' => first("o"),
        'Ø' => first("O"),
        'ł' => first("l"),
        'Ł' => first("L"),
        'đ' => first("d"),
        'Đ' => first("D"),
        'þ' => first("th"),
        'Þ' => first("Th"),
        'ı' => first("i"),
        'ð' => second("d"),
        'Ð' => second("D"),
        'ħ' => second("h"),
        'Ħ' => second("H"),
        'ŧ' => second("t"),
        'Ŧ' => second("T"),
        _ => None,
    }
}
