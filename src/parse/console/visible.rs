//! The text of a session as a terminal shows it.
//!
//! Word processors and web pages put spaces and signs into text that look like nothing, or like a space. A shell would
//! read them as parts of words.

use std::borrow::Cow;

/// Text as a terminal would have shown it: spaces that are spaces, and nothing that cannot be seen. What joins
/// letters of other scripts or the parts of a sign stays.
pub fn plain(text: &str) -> Cow<'_, str> {
    let is_plain = |line: &str| line.is_ascii() || !line.contains(|c| is_wide_space(c) || is_unseen(c));
    if text.is_ascii() || text.lines().all(is_plain) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}') && out.ends_with(|before: char| !before.is_ascii());
        match c {
            c if is_wide_space(c) => out.push(' '),
            c if is_unseen(c) && !joins => {}
            c => out.push(c),
        }
    }
    out.into()
}

/// Whether a character looks like a space.
fn is_wide_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Whether a character cannot be seen.
fn is_unseen(c: char) -> bool {
    let is_sign = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    is_sign || matches!(c, '\u{ad}' | '\u{feff}')
}
