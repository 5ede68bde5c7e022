//! How deep lists and mappings in brackets are nested. Parsers of YAML look at every open bracket again for each one,
//! so this is checked before.

/// How deep YAML may be nested. `serde_yaml` has the same limit.
pub const MOST_LEVELS: usize = 128;

/// The offset of the first bracket that opens a level too many.
pub fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    // Brackets and quotes have a meaning only where a value can begin.
    let mut begins_value = true;
    // How many levels this line opens by `- `, `? ` and `: `.
    let mut on_line = 0_usize;
    let mut at = 0;

    while let Some(byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' if begins_value => {
                depth += 1;
                if depth > MOST_LEVELS {
                    return Some(at);
                }
            }
            b'-' | b'?' | b':' if begins_value && bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) => {
                on_line += 1;
                if on_line > MOST_LEVELS {
                    return Some(at);
                }
            }
            b'\n' => on_line = 0,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' if begins_value => at = end_of_quotes(bytes, at),
            b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
            }
            _ => {}
        }
        let byte = bytes.get(at).copied().unwrap_or(b'\n');
        begins_value = b"[{,:-?\n\r".contains(&byte) || begins_value && byte.is_ascii_whitespace();
        at += 1;
    }
    None
}

/// Where the text in quotes that begins at a place ends: the place of the second quote, or of the last byte.
fn end_of_quotes(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if bytes[start] == b'"' => at += 1,
            byte if *byte == bytes[start] => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_brackets_that_open_something_are_counted() {
        let deep = "[".repeat(MOST_LEVELS + 1);
        assert_eq!(too_deep(&format!("a: {deep}")), Some(3 + MOST_LEVELS));
        assert_eq!(too_deep(&format!("a: {}", "{b: ".repeat(200))), Some(3 + 4 * MOST_LEVELS));
        assert_eq!(too_deep(&format!("- - ? [ {deep}")), Some(7 + MOST_LEVELS));
        for sign in ["- ", "? ", ": ", "- ? "] {
            assert!(too_deep(&format!("a: 1\n{}", sign.repeat(MOST_LEVELS + 1))).is_some(), "{sign}");
        }
        for text in [
            "- a\n".repeat(1000),
            "[".repeat(MOST_LEVELS),
            "[a], ".repeat(1000),
            format!("a: x{deep}"),
            format!("a: it's {deep}"),
            format!("a: 'it''s {deep}'"),
            format!("a: \"\\\"{deep}\""),
            format!("a: b # {deep}"),
            format!("a: \"{deep}"),
            String::new(),
        ] {
            assert_eq!(too_deep(&text), None, "{text}");
        }
    }
}
