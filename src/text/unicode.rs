//! Forms of Unicode: the same name can be written with composed characters (`é`) or with separate marks (`e` and `´`).
//!
//! Keyboards type the composed form; macOS and archives made there keep names of files in the other one.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A text with composed characters (Unicode normalisation form C).
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_composed() {
        assert_eq!(composed("cafe\u{301}.svg"), "café.svg");
        assert!(matches!(composed("café.svg"), Cow::Borrowed(_)));
    }
}
