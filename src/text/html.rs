//! Writing HTML: escaping, and taking the text out of markup that this program wrote.

use std::borrow::Cow;
use std::io::{self, Write};

/// Appends text with `&`, `<`, `>` and `"` escaped, as CommonMark's reference output has them.
pub fn escape_into(out: &mut String, text: &str) {
    for (plain, entity) in escaped(text) {
        out.push_str(plain);
        out.push_str(entity);
    }
}

/// The same, for what bytes are written to.
///
/// # Errors
/// Those of the writer.
pub fn escape_to(out: &mut (impl Write + ?Sized), text: &str) -> io::Result<()> {
    escaped(text).try_for_each(|(plain, entity)| {
        out.write_all(plain.as_bytes())?;
        out.write_all(entity.as_bytes())
    })
}

/// Text in pieces: what stands as it is, and the entity behind it.
fn escaped(text: &str) -> impl Iterator<Item = (&str, &'static str)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some(at) = first_special(text.as_bytes()) else { return Some((text, "")) };
        rest = Some(&text[at + 1..]);
        let entity = match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        };
        Some((&text[..at], entity))
    })
}

/// Takes the escapes of [`escape_into`] off, and those that name characters by their numbers.
pub fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut out = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let name = &rest[at + 1..];
        let end = name.bytes().take(LONGEST_NAME).position(|byte| byte == b';');
        let character = end.and_then(|end| Some((character(&name[..end])?, end + "&;".len())));
        let (c, length) = character.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[at + length..];
    }
    (out + rest).into()
}

/// The longest name of an entity that is looked for, in bytes, with what ends it.
const LONGEST_NAME: usize = 10;

/// The character that an entity stands for, by its name without `&` and `;`.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// Where the first byte stands that an entity stands for. Every byte of a book is looked at here, so blocks of
/// them are looked at together: without a branch in it, the inner loop becomes one of vectors. The last block
/// overlaps the one before it, so that no byte of a longer text is looked at alone.
fn first_special(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 16;
    // `"` and `&` differ in one bit, and so do `<` and `>`.
    let is_special = |byte: &u8| (*byte & !4 == b'"') | (*byte | 2 == b'>');
    let is_plain = |block: &[u8; BLOCK]| !block.iter().fold(false, |found, byte| found | is_special(byte));
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    let plain = match blocks.iter().position(|block| !is_plain(block)) {
        Some(block) => block * BLOCK,
        None if bytes.last_chunk().is_some_and(is_plain) => return None,
        None => bytes.len() - rest.len(),
    };
    bytes[plain..].iter().position(is_special).map(|at| plain + at)
}

/// Escapes text for element content and for attribute values in double quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entity_stands_for_is_found_wherever_it_is() {
        let naive = |text: &str| {
            text.chars().fold(String::new(), |out, c| match c {
                '&' => out + "&amp;",
                '<' => out + "&lt;",
                '>' => out + "&gt;",
                '"' => out + "&quot;",
                c => out + c.encode_utf8(&mut [0; 4]),
            })
        };
        for length in 0..20 {
            for at in 0..length {
                for signs in
                    ["&", "<", ">", "\"", "!", "#", "'", "=", "\u{1}", "?\"", "&\u{1}<", "é", "\u{a6}\u{bc}"]
                {
                    let text = format!("{}{signs}{}", "x".repeat(at), "\0y".repeat(length - at));
                    assert_eq!(escape(&text), naive(&text), "{text:?}");
                }
            }
        }
    }
}
