//! Where constructs may begin: one cheap pass over the bytes of a chapter.
//!
//! Most constructs begin with `{`, `<` or `:`, or are at the beginning of a line. Few places with such a sign get
//! further than a look at the bytes beside it. Whether a place is one where its signs mean something is not known yet,
//! and so whether a construct is there is asked later ([`constructs`]).

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr_iter, memchr3_iter};

use super::construct::{Construct, ConstructPlace};
use super::{components, containers, mdbook, mkdocs, pandoc, templates};
use crate::text::Span;

/// The families of constructs in text, in the order in which they are tried.
pub const FAMILIES: &[&[Construct]] =
    &[mkdocs::ALL, mdbook::ALL, templates::ALL, components::ALL, containers::ALL, pandoc::ALL];

/// The constructs, by their first bytes: most places are dismissed by a look into a table.
struct Index {
    /// All, by their first byte.
    by_first: Vec<Vec<&'static Construct>>,
    /// Which bytes can come second after each of [`SIGNS`].
    seconds: Vec<[bool; 256]>,
    /// Which other bytes begin a construct at the beginning of a line.
    begins_line: [bool; 256],
    /// What finds the signs of the others in text.
    in_text: Vec<Finder<'static>>,
    /// What finds the signs of those in code, apart from those of one byte.
    in_code: Vec<Finder<'static>>,
}

/// The bytes that constructs within a line begin with, as three are looked for at once.
const SIGNS: [[u8; 3]; 3] = [*b"{<:", *b"@^+", *b"[~\\"];

/// What is in the lines of code that begin with a sign of one byte, besides Rust's hidden ones: a snippet of MkDocs.
static SCISSORS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("8<-"));

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    use ConstructPlace::{Code, CodeInText, Escaped, Insert, Text};

    let mut index = Index {
        by_first: vec![Vec::new(); 256],
        seconds: vec![[false; 256]; SIGNS.as_flattened().len()],
        begins_line: [false; 256],
        in_text: Vec::new(),
        in_code: Vec::new(),
    };
    for construct in FAMILIES.iter().copied().flatten() {
        let opens = construct.opens.as_bytes();
        index.by_first[usize::from(opens[0])].push(construct);
        if matches!(construct.place, Code | Insert) && opens.len() > 1 {
            index.in_code.push(Finder::new(opens));
        }

        let sign = SIGNS.as_flattened().iter().position(|sign| *sign == opens[0]);
        match (sign, construct.place) {
            (_, Code) => {}
            (Some(sign), Text | Escaped) | (Some(sign @ ..3), _) => match opens.get(1) {
                Some(second) => index.seconds[sign][usize::from(*second)] = true,
                None => index.seconds[sign].fill(true),
            },
            (None, Text | CodeInText) => index.in_text.push(Finder::new(opens)),
            _ => index.begins_line[usize::from(opens[0])] = true,
        }
    }
    index.in_code.dedup_by(|a, b| a.needle() == b.needle());
    index
});

/// A block of code.
pub struct CodeRegion {
    /// Where it is in the chapter.
    pub span: Span,
    /// Whether it is between fences. Indented code can be text that belongs to a construct of another tool.
    pub is_fenced: bool,
    /// Whether it is Rust's.
    pub is_rust: bool,
}

/// Finds where constructs may begin in a chapter from a place on, in order. `code` are its blocks of code.
pub fn places(chapter: &str, from: usize, code: &[CodeRegion]) -> Vec<usize> {
    let bytes = chapter.as_bytes();
    let mut found = Vec::new();
    let mut start = from;
    for region in code {
        if region.is_fenced {
            in_text(bytes, start..region.span.start.max(start), &mut found);
            start = region.span.end.max(start);
        }
        in_code(bytes, region, &mut found);
    }
    in_text(bytes, start..bytes.len(), &mut found);

    found.sort_unstable();
    found.dedup();
    found
}

/// Finds where constructs may begin in text.
fn in_text(bytes: &[u8], range: Range<usize>, found: &mut Vec<usize>) {
    for number in 0..SIGNS.len() {
        signs(bytes, range.clone(), number, found);
    }
    let begins = |at: &usize| bytes.get(*at).is_some_and(|byte| INDEX.begins_line[usize::from(*byte)]);
    found.extend(line_starts(bytes, range.clone()).filter(begins));
    for finder in &INDEX.in_text {
        found.extend(finder.find_iter(&bytes[range.clone()]).map(|at| range.start + at));
    }
}

/// Finds where constructs may begin in code.
fn in_code(bytes: &[u8], region: &CodeRegion, found: &mut Vec<usize>) {
    let Span { start, end } = region.span;
    let text = &bytes[start..end];
    for finder in &INDEX.in_code {
        found.extend(finder.find_iter(text).map(|at| start + at));
    }
    if region.is_rust || SCISSORS.find(text).is_some() {
        let begins = |at: &usize| bytes.get(*at).is_some_and(|byte| b"-#".contains(byte));
        found.extend(line_starts(bytes, start..end).filter(begins));
    }
}

/// The constructs that begin with the signs at a place, in the order in which they are tried.
pub fn constructs(chapter: &str, at: usize) -> impl Iterator<Item = &'static Construct> {
    let (before, rest) = chapter.split_at(at);
    let is_escaped = before.ends_with('\\');
    INDEX.by_first[usize::from(chapter.as_bytes()[at])].iter().copied().filter(move |construct| {
        rest.starts_with(construct.opens)
            && is_escaped == (construct.place == ConstructPlace::Escaped)
            && (construct.place != ConstructPlace::Line || begins_line(before))
    })
}

/// Finds three of the [`SIGNS`] where they may begin something. Of a run of equal signs, only the first does.
fn signs(bytes: &[u8], range: Range<usize>, number: usize, found: &mut Vec<usize>) {
    let three = SIGNS[number];
    for at in memchr3_iter(three[0], three[1], three[2], &bytes[range.clone()]) {
        let at = range.start + at;
        let Some(next) = bytes.get(at + 1) else { return };
        let sign = number * 3 + three.iter().position(|sign| *sign == bytes[at]).unwrap_or_default();
        if INDEX.seconds[sign][usize::from(*next)] && may_begin(bytes, at, *next) {
            found.push(at);
        }
    }
}

/// Whether the bytes around a sign are such that something can begin there: names begin with letters, and no word with
/// a sign in it is a construct.
fn may_begin(bytes: &[u8], at: usize, next: u8) -> bool {
    let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
    let may_follow = match bytes[at] {
        b'{' => !next.is_ascii_digit() && !b"\n\r}\"'(),".contains(&next),
        b'<' => next.is_ascii_alphabetic() || b"!<".contains(&next),
        b':' => next == b':' || next.is_ascii_lowercase() && !before.is_ascii_alphanumeric(),
        b'@' => !before.is_ascii_alphanumeric(),
        b'\\' => next.is_ascii_lowercase(),
        b'~' => before.is_ascii_alphanumeric(),
        _ => true,
    };
    may_follow && before != bytes[at]
}

/// Where the lines begin, after the signs of quotes and the one of an item.
fn line_starts(bytes: &[u8], range: Range<usize>) -> impl Iterator<Item = usize> {
    let first = range.start;
    let starts = memchr_iter(b'\n', &bytes[range]).map(move |at| first + at + 1);
    std::iter::once(first).chain(starts).map(move |start| {
        let at = after_quotes(bytes, start);
        if bytes.get(at).is_none_or(u8::is_ascii_alphabetic) {
            return at;
        }
        let marker = marker(&bytes[at..]);
        if marker > 0 { after_quotes(bytes, at + marker) } else { at }
    })
}

/// The first byte from a place on that is no white space and no sign of a quote.
fn after_quotes(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take_while(|byte| b" \t>".contains(byte)).count()
}

/// How long the sign of an item at the beginning of a line is: `- `, `1. `; 0 if there is none.
fn marker(line: &[u8]) -> usize {
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let signs: &[u8] = if digits > 0 { b".)" } else { b"-*+" };
    let is_marker = line.get(digits).is_some_and(|sign| signs.contains(sign))
        && line.get(digits + 1).is_some_and(|space| b" \t".contains(space));
    if is_marker { digits + 2 } else { 0 }
}

/// Whether a line begins after a text, with signs of quotes and one of an item before.
fn begins_line(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = line.trim_start_matches([' ', '\t', '>']).as_bytes();
    line.is_empty() || marker(line) > 0 && line[marker(line)..].iter().all(u8::is_ascii_whitespace)
}
