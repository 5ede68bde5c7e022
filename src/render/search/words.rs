//! The words of a chapter's text as readers search them.
//!
//! Pagefind splits words at white space only, so words that signs join are parted here; the script that shows what was
//! found puts them together again.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::letters::{self, Spelling};

/// What separates two words: a space after a character without width, so that the script can find it and take it out
/// of what readers see.
const PARTING: &str = "\u{2060} ";
/// The characters of the text that are in no word.
pub const SILENT: [char; 4] = ['\u{2060}', '\u{2062}', '\u{2063}', '\u{2064}'];

/// Appends text, and separates words that punctuation joins, as in `/etc/ssh/sshd_config` or `std::fs::read`,
/// and those that an elision joins: Pagefind splits words at white space only. Accents are part of their letters, and
/// letters are as they are typed, with the signs after the word that say which they are.
pub fn part_text(out: &mut String, text: &str) {
    let text: Cow<'_, str> = if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
    let mut signs = String::new();
    let (mut before, mut earlier) = (' ', ' ');
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_';
        let is_elided = matches!(before, '\'' | '’') && earlier.is_alphanumeric() && elides(&text[at..]);
        if is_word && (joins(before) || is_elided) {
            out.push_str(PARTING);
        }

        if !is_word {
            out.push_str(&std::mem::take(&mut signs));
        }
        match letters::spelling(c) {
            Some(Spelling { typed, sign }) => {
                out.push_str(typed);
                signs.push(sign);
            }
            None => {
                out.push(c);
                signs.extend((is_word && !signs.is_empty()).then_some(letters::SELF));
            }
        }
        (earlier, before) = (before, c);
    }
    out.push_str(&signs);
}

/// Whether an apostrophe before a text parts two words, as in `l’harmonie`: what follows in `don’t` or `we’re` is
/// shorter.
fn elides(text: &str) -> bool {
    text.chars().take_while(|c| c.is_alphanumeric()).take(3).count() == 3
}

/// Whether a character joins words that readers search for one by one. Hyphens are parts of words.
fn joins(sign: char) -> bool {
    sign.is_ascii_punctuation() && !matches!(sign, '-' | '_' | '\'' | '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_as_they_are_typed() {
        let part = |text: &str| {
            let mut out = String::new();
            part_text(&mut out, text);
            out.replace('\u{2062}', "1").replace('\u{2064}', "2").replace('\u{2063}', "0")
        };
        assert_eq!(part("die Straße, große"), "die Strasse10, grosse10");
        assert_eq!(part("Æbler på søen"), "Aebler10000 på soen100");
        assert_eq!(part("Łódź, cœur, faðir"), "Lódź1000, coeur100, fadir200");
        assert_eq!(part("e\u{301}te\u{301} l’e\u{301}quilibre"), part("été l’équilibre"));
    }

    #[test]
    fn words_that_signs_join_are_parted() {
        let part = |text: &str| {
            let mut out = String::new();
            part_text(&mut out, text);
            out.replace(PARTING, "|")
        };
        assert_eq!(part("see /etc/ssh/sshd_config.d, I don't"), "see /|etc/|ssh/|sshd_config.|d, I don't");
        assert_eq!(part("std::fs::read(path)? x=1"), "std::|fs::|read(|path)? x=|1");
        assert_eq!(part("c<ssh-copy-id>x & #[y"), "c<|ssh-copy-id>|x & #[|y");
        assert_eq!(part("l’harmonie, d'Apache, dell’albero"), "l’|harmonie, d'|Apache, dell’|albero");
        assert_eq!(part("we’re 'here’s’ one"), "we’re 'here’s’ one");
    }
}
