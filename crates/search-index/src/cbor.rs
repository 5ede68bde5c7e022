//! CBOR (RFC 8949), as far as an index needs it: numbers, text and arrays, in their shortest form.

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;

/// Writes the beginning of an array of so many items, which are written next.
pub fn push_array(out: &mut Vec<u8>, length: usize) {
    push_head(out, ARRAY, length as u64);
}

/// Writes a number.
pub fn push_number(out: &mut Vec<u8>, number: i64) {
    match u64::try_from(number) {
        Ok(number) => push_head(out, UNSIGNED, number),
        Err(_) => push_head(out, NEGATIVE, number.unsigned_abs() - 1),
    }
}

/// Writes text.
pub fn push_text(out: &mut Vec<u8>, text: &str) {
    push_head(out, TEXT, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Writes the head of an item: its type, and a number in as few bytes as it needs.
fn push_head(out: &mut Vec<u8>, kind: u8, number: u64) {
    let kind = kind << 5;
    let bytes = number.to_be_bytes();
    // The number is in the head itself, or in 1, 2, 4 or 8 bytes after it.
    let size = match number {
        0..24 => return out.push(kind | bytes[7]),
        24..0x100 => 0,
        0x100..0x1_0000 => 1,
        0x1_0000..0x1_0000_0000 => 2,
        _ => 3,
    };
    out.push(kind | (24 + size));
    out.extend_from_slice(&bytes[8 - (1 << size)..]);
}
