//! Escapes of characters and of sets of characters, and the names of sets.

use super::cursor::{Cursor, NotUnderstood};
use super::set::{CharSet, WORD, ascii};

/// What an escape means.
pub enum Escaped {
    /// A character.
    Char(char),
    /// A set of characters.
    Chars(CharSet),
}

const DIGITS: u128 = ascii(&[(b'0', b'9')]);
const HEX: u128 = ascii(&[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')]);
const SPACE: u128 = ascii(&[(9, 13), (b' ', b' ')]);
/// A set without ASCII characters, of which nothing else is known.
const BEYOND: CharSet = CharSet { some: true, loose: true, ..CharSet::EMPTY };

/// Reads what follows a backslash.
pub fn escape(cursor: &mut Cursor<'_>) -> Result<Escaped, NotUnderstood> {
    let set = |set: CharSet| Ok(Escaped::Chars(set));
    let c = cursor.next()?;
    let one = match c {
        'd' => return set(CharSet::kind(DIGITS)),
        'D' => return set(CharSet::kind(DIGITS).complement()),
        'w' => return set(CharSet::kind(WORD)),
        'W' => return set(CharSet::kind(WORD).complement()),
        's' => return set(CharSet::kind(SPACE)),
        'S' => return set(CharSet::kind(SPACE).complement()),
        'h' => return set(CharSet { ascii: HEX, ..CharSet::EMPTY }),
        'H' => return set(CharSet { ascii: HEX, ..CharSet::EMPTY }.complement()),
        'p' | 'P' => return Ok(Escaped::Chars(property(cursor, c == 'P')?)),
        'x' => return hexadecimal(cursor),
        'u' => four_digits(cursor)?,
        '0'..='7' => octal(cursor, c)?,
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\x0c',
        'v' => '\x0b',
        'a' => '\x07',
        'e' => '\x1b',
        'b' => '\x08',
        'c' | 'C' | 'M' => return Err(NotUnderstood),
        c => c,
    };
    Ok(Escaped::Char(one))
}

/// `\xHH` or `\x{H…}`. Two digits from 80 on are a raw byte.
fn hexadecimal(cursor: &mut Cursor<'_>) -> Result<Escaped, NotUnderstood> {
    let digits =
        if cursor.eat("{") { cursor.until('}')? } else { cursor.eat_some(2, |c| c.is_ascii_hexdigit()) };

    let code = u32::from_str_radix(digits.trim(), 16).map_err(|_| NotUnderstood)?;
    let is_byte = digits.len() <= 2 && code >= 0x80;
    Ok(match char::from_u32(code).filter(|_| !is_byte) {
        Some(c) => Escaped::Char(c),
        None => Escaped::Chars(BEYOND),
    })
}

/// `\uHHHH`
fn four_digits(cursor: &mut Cursor<'_>) -> Result<char, NotUnderstood> {
    let digits = cursor.eat_some(4, |_| true);
    let code = u32::from_str_radix(digits, 16).map_err(|_| NotUnderstood)?;
    char::from_u32(code).ok_or(NotUnderstood)
}

/// `\0` to `\177`
fn octal(cursor: &mut Cursor<'_>, first: char) -> Result<char, NotUnderstood> {
    let more = cursor.eat_some(2, |c| c.is_digit(8));
    let code = u8::from_str_radix(&format!("{first}{more}"), 8).map_err(|_| NotUnderstood)?;
    Some(char::from(code)).filter(char::is_ascii).ok_or(NotUnderstood)
}

/// `\p{Name}`, `\p{^Name}`, `\P{Name}`
fn property(cursor: &mut Cursor<'_>, is_negative: bool) -> Result<CharSet, NotUnderstood> {
    if !cursor.eat("{") {
        return Err(NotUnderstood);
    }
    let is_negative = is_negative ^ cursor.eat("^");
    let name = cursor.until('}')?.replace([' ', '_', '-'], "").to_ascii_lowercase();
    Ok(match named(&name) {
        Some(set) if is_negative => set.complement(),
        Some(set) => set,
        None => CharSet::LOOSE,
    })
}

/// The set that a name means.
pub fn named(name: &str) -> Option<CharSet> {
    let among = |some: &str| CharSet::kind(some.bytes().fold(0, |bits, byte| bits | 1 << byte));
    Some(match name {
        "alnum" => CharSet::kind(WORD & !(1 << b'_')),
        "alpha" | "alphabetic" | "l" | "letter" | "l&" | "idstart" | "xidstart" => {
            CharSet::kind(ascii(&[(b'A', b'Z'), (b'a', b'z')]))
        }
        "blank" => among(" \t"),
        "z" | "zs" => among(" "),
        "cntrl" | "cc" | "c" => CharSet::kind(ascii(&[(0, 31), (127, 127)])),
        "digit" | "nd" | "n" | "number" => CharSet::kind(DIGITS),
        "lower" | "ll" => CharSet::kind(ascii(&[(b'a', b'z')])),
        "upper" | "lu" => CharSet::kind(ascii(&[(b'A', b'Z')])),
        "space" | "whitespace" => CharSet::kind(SPACE),
        "xdigit" => CharSet::kind(HEX),
        "word" | "w" | "idcontinue" | "xidcontinue" => CharSet::kind(WORD),
        "ascii" => CharSet { ascii: !0, ..CharSet::EMPTY },
        "s" | "symbol" => among("$+<=>^`|~"),
        "sc" => among("$"),
        "sm" => among("+<=>|~"),
        "sk" => among("^`"),
        "p" | "punctuation" => among("!\"#%&'()*,-./:;?@[\\]_{}"),
        "pd" => among("-"),
        "pc" => among("_"),
        "ps" => among("([{"),
        "pe" => among(")]}"),
        "po" => among("!\"#%&'*,./:;?@\\"),
        // Which signs belong to these differs between versions of Oniguruma.
        "punct" => {
            let signs = ascii(&[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')]);
            CharSet { loose: true, ..CharSet::kind(signs) }
        }
        "print" | "graph" => CharSet { loose: true, ..CharSet::kind(ascii(&[(9, 9), (b' ', b'~')])) },
        "m" | "mn" | "mc" | "me" | "lt" | "lm" | "lo" | "nl" | "no" | "so" | "cf" | "cn" | "co" | "zl"
        | "zp" | "pi" | "pf" | "mark" | "han" | "hiragana" | "katakana" | "greek" | "cyrillic" | "hebrew"
        | "arabic" => CharSet { cased: true, ..CharSet::kind(0) },
        _ => return None,
    })
}
