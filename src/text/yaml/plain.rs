//! The plainest YAML, which nearly every chapter begins with: lines of `key: some words`.
//!
//! The library takes three parts in a hundred of a cold build for these few lines. So they are read here, where it is
//! certain that the library reads them in the same way; whatever is not as plain is left to it.

use serde_yaml::{Mapping, Value};

/// Reads a mapping of words, if it is that plain.
pub fn read(text: &str) -> Option<Mapping> {
    let mut entries = Mapping::new();
    for line in text.lines() {
        let (key, value) = line.split_once(": ")?;
        let is_plain = is_key(key) && is_text(value);
        if !is_plain || entries.insert(Value::from(key), Value::from(value)).is_some() {
            return None;
        }
    }
    Some(entries)
}

fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && !is_other(key)
}

/// Whether this is a text on one line, and nothing else to YAML.
fn is_text(value: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || " ,.;!?'()/_+-".contains(c);
    let begins = value.starts_with(char::is_alphabetic) || is_date(value);
    begins && value.chars().all(is_plain) && !value.ends_with(' ') && !is_other(value)
}

/// Whether this is a day such as `2026-01-31`, which is a text to YAML.
fn is_date(value: &str) -> bool {
    let has_form =
        |(at, byte): (usize, u8)| if [4, 7].contains(&at) { byte == b'-' } else { byte.is_ascii_digit() };
    value.len() == 10 && value.bytes().enumerate().all(has_form)
}

/// Whether a word is a value of another kind.
fn is_other(word: &str) -> bool {
    ["true", "false", "null"].iter().any(|other| word.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn most_front_matter_is_plain() {
        assert!(
            read("title: Größe, and more (part 2)\ndate: 2026-01-31\ndescription: What it's for.\n")
                .is_some()
        );
        for other in [
            "a: true",
            "a: 1",
            "a: x: y",
            "a: x #y",
            "a: 'x'",
            "a:",
            "a: x\n  y",
            "a: x\na: y",
            "- a: b",
            "a: x ",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_the_library_reads(
            text in prop_oneof![
                r"([a-c]{1,2}: ?[-a-fA-F0-9 :#'.,x~_+!?()/é\t]{0,9}\r?\n){0,4}",
                r"([a-c]: (true|Null|NO|nan|inf|0x1f|1e3|2026-01-31|e5|y|a - b|a' b|\u{85}x)\n){0,3}",
            ],
        ) {
            if let Some(entries) = read(&text) {
                let read = serde_yaml::from_str::<Value>(&text).expect("YAML");
                let expected = if entries.is_empty() { Value::Null } else { Value::Mapping(entries) };
                prop_assert_eq!(expected, read);
            }
        }
    }
}
