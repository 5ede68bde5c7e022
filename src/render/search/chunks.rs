//! Cuts Pagefind's index into smaller files.
//!
//! A word is in one file of the index, and a reader loads the files of all words of a query: at Pagefind's size these
//! are 30 KB each. The size can only be set in the environment, so [`cut`] divides the files afterwards. Both they and
//! the list of them are CBOR (RFC 8949), of which only the lengths of items are read here.

use std::collections::BTreeMap;
use std::error::Error;

use bytes::Bytes;

use crate::text::Digest;
use crate::text::gzip::{pack, unpack};

/// How long a file becomes before it is cut, in bytes; compressed, it has about two thirds.
const LENGTH: usize = 12 << 10;
/// What Pagefind's files begin with, once they are unpacked.
const MAGIC: &[u8] = b"pagefind_dcd";
/// CBOR's types.
const TEXT: u8 = 3;
const ARRAY: u8 = 4;

/// Cuts the files of an index. Returns nothing, and changes nothing, if they do not have the form that is known.
pub fn cut(files: &mut BTreeMap<String, Bytes>) -> Option<()> {
    let (name, packed) = files.iter().find(|(name, _)| name.ends_with(".pf_meta"))?;
    let (name, meta) = (name.clone(), content(packed).ok()?);

    // Of the list: its version, its pages, and then its chunks.
    let (_, at) = head(&meta, 0, ARRAY)?;
    let start = skip(&meta, skip(&meta, at)?)?;
    let (count, mut at) = head(&meta, start, ARRAY)?;

    let mut made = BTreeMap::new();
    let mut listed = Vec::new();
    let mut gone = Vec::new();
    for _ in 0..count {
        let (_, begin) = head(&meta, at, ARRAY)?;
        let (from, next) = text(&meta, begin)?;
        let (to, next) = text(&meta, next)?;
        let (id, next) = text(&meta, next)?;
        at = next;

        let file = format!("index/{id}.pf_index");
        let chunk = content(files.get(&file)?).ok()?;
        let language = id.rsplit_once('_')?.0;
        for (from, to, words) in pieces(&chunk, from, to)? {
            let id = format!("{language}_{}", Digest::of(&words).short());
            made.insert(format!("index/{id}.pf_index"), pack(&[MAGIC, &words]).ok()?.into());
            listed.push([from, to, id]);
        }
        gone.push(file);
    }

    let mut list = meta[..start].to_vec();
    push_head(&mut list, ARRAY, listed.len());
    for entry in &listed {
        push_head(&mut list, ARRAY, entry.len());
        entry.iter().for_each(|text| {
            push_head(&mut list, TEXT, text.len());
            list.extend(text.as_bytes());
        });
    }
    list.extend(&meta[at..]);

    files.retain(|name, _| !gone.contains(name));
    files.extend(made);
    files.insert(name, pack(&[MAGIC, &list]).ok()?.into());
    Some(())
}

/// The content of one of Pagefind's files.
///
/// # Errors
/// If it is not compressed.
pub fn content(packed: &[u8]) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let content = unpack(packed)?;
    Ok(content.strip_prefix(MAGIC).map(<[u8]>::to_vec).unwrap_or(content))
}

/// The pieces of a chunk: between which words each is, and its bytes. The words of all are between `from` and `to`.
fn pieces(chunk: &[u8], from: &str, to: &str) -> Option<Vec<(String, String, Vec<u8>)>> {
    let (1, at) = head(chunk, 0, ARRAY)? else { return None };
    let (count, mut at) = head(chunk, at, ARRAY)?;

    let mut cuts: Vec<(String, String, Vec<u8>)> = Vec::new();
    let mut from = from.to_owned();
    let (mut start, mut words, mut last) = (at, 0, "");
    for _ in 0..count {
        let (_, begin) = head(chunk, at, ARRAY)?;
        let (word, _) = text(chunk, begin)?;

        // As in Pagefind, the borders are the shortest beginnings that part two words.
        if words > 0 && at - start >= LENGTH {
            let shared = word.chars().zip(last.chars()).take_while(|(a, b)| a == b).count();
            let short = |word: &str| word.chars().take(shared + 1).collect::<String>();
            let end = if short(last) >= from { short(last) } else { last.to_owned() };
            cuts.push((from, end, piece(words, &chunk[start..at])));
            (from, start, words) = (short(word), at, 0);
        }

        at = skip(chunk, at)?;
        words += 1;
        last = word;
    }
    cuts.push((from, to.to_owned(), piece(words, &chunk[start..at])));
    Some(cuts)
}

/// A chunk of so many words.
fn piece(words: usize, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    push_head(&mut out, ARRAY, 1);
    push_head(&mut out, ARRAY, words);
    out.extend(bytes);
    out
}

/// The type of the item at a place, its number, and the place after its head.
fn item(bytes: &[u8], at: usize) -> Option<(u8, usize, usize)> {
    let first = *bytes.get(at)?;
    let (kind, short) = (first >> 5, first & 31);
    let length = match short {
        0..24 => return Some((kind, usize::from(short), at + 1)),
        24..28 => 1 << (short - 24),
        _ => return None,
    };
    let number =
        bytes.get(at + 1..at + 1 + length)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    Some((kind, number, at + 1 + length))
}

/// The number of an item of this type, and the place after its head.
fn head(bytes: &[u8], at: usize, kind: u8) -> Option<(usize, usize)> {
    item(bytes, at).filter(|(found, ..)| *found == kind).map(|(_, number, next)| (number, next))
}

fn text(bytes: &[u8], at: usize) -> Option<(&str, usize)> {
    let (length, at) = head(bytes, at, TEXT)?;
    let end = at.checked_add(length)?;
    Some((std::str::from_utf8(bytes.get(at..end)?).ok()?, end))
}

/// The place after an item and all that is in it.
fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at;
    let mut open = 1_usize;
    while open > 0 {
        let (kind, number, next) = item(bytes, at)?;
        at = next;
        open -= 1;
        match kind {
            0 | 1 | 7 => {}
            2 | TEXT => at = at.checked_add(number).filter(|end| *end <= bytes.len())?,
            ARRAY => open = open.checked_add(number)?,
            _ => return None,
        }
    }
    Some(at)
}

fn push_head(out: &mut Vec<u8>, kind: u8, number: usize) {
    let kind = kind << 5;
    match number {
        0..24 => out.push(kind | u8::try_from(number).expect("below 24")),
        24..0x100 => out.extend([kind | 24, u8::try_from(number).expect("below 256")]),
        0x100..0x1_0000 => {
            out.push(kind | 25);
            out.extend(u16::try_from(number).expect("below 65536").to_be_bytes());
        }
        _ => {
            out.push(kind | 27);
            out.extend((number as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_an_unknown_form_stay() {
        let text = |text: &str| Bytes::from(pack(&[text.as_bytes()]).expect("memory"));
        let files = BTreeMap::from([
            ("pagefind.en_1.pf_meta".to_owned(), text("{}")),
            ("index/en_1.pf_index".to_owned(), text("[]")),
        ]);
        let mut cut_files = files.clone();
        assert!(cut(&mut cut_files).is_none());
        assert_eq!(cut_files, files);
    }

    #[test]
    fn heads_of_all_lengths_are_read() {
        for number in [0, 23, 24, 255, 256, 65_535, 65_536] {
            let mut bytes = Vec::new();
            push_head(&mut bytes, ARRAY, number);
            assert_eq!(head(&bytes, 0, ARRAY), Some((number, bytes.len())));
        }
    }
}
