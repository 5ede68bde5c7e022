//! Where constructs may begin: one cheap pass over the bytes of a chapter.
//!
//! Most constructs begin with `{`, `<` or `:`, or are at the beginning of a line. Few places with such a sign get
//! further than a look at the bytes beside it. Whether a place is one where its signs mean something is not known yet.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr_iter, memchr3_iter};

use super::construct::{Construct, ConstructPlace, Sight};
use super::{components, containers, mdbook, mkdocs, pandoc, templates};

/// A place where a construct may begin.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The place in the chapter.
    pub at: usize,
    /// What it would be.
    pub construct: &'static Construct,
}

/// The families of constructs in text, in the order in which they are tried.
pub const FAMILIES: &[&[Construct]] =
    &[mkdocs::ALL, mdbook::ALL, templates::ALL, components::ALL, containers::ALL, pandoc::ALL];

/// The constructs, by their first two bytes: most places are dismissed by a look into a table.
struct Index {
    /// Those that begin with each of [`SIGNS`], by the byte after it.
    signs: Vec<Vec<Vec<&'static Construct>>>,
    /// Those at the beginning of a line that begin with another byte.
    lines: Vec<&'static Construct>,
    /// Which bytes those begin with.
    begins_line: [bool; 256],
    /// The others, with what finds their signs.
    others: Vec<(Finder<'static>, &'static Construct)>,
}

/// The bytes that constructs within a line begin with, as three are looked for at once.
const SIGNS: [[u8; 3]; 2] = [*b"{<:", *b"@^+"];

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index {
        signs: vec![vec![Vec::new(); 256]; 6],
        lines: Vec::new(),
        begins_line: [false; 256],
        others: Vec::new(),
    };
    for construct in FAMILIES.iter().copied().flatten() {
        let opens = construct.opens.as_bytes();
        let sign = SIGNS.as_flattened().iter().position(|sign| *sign == opens[0]);
        match (sign, construct.place) {
            (Some(sign), ConstructPlace::Text | ConstructPlace::Escaped) | (Some(sign @ ..3), _) => {
                let seconds = &mut index.signs[sign];
                let is_next = |next: &usize| opens.get(1).is_none_or(|second| usize::from(*second) == *next);
                (0..256).filter(is_next).for_each(|next| seconds[next].push(construct));
            }
            (None, ConstructPlace::Text | ConstructPlace::Code | ConstructPlace::CodeInText) => {
                index.others.push((Finder::new(construct.opens), construct))
            }
            _ => {
                index.lines.push(construct);
                index.begins_line[usize::from(opens[0])] = true;
            }
        }
    }
    index
});

/// Finds where constructs may begin in a chapter from a place on, in order.
pub fn candidates(chapter: &str, from: usize) -> Vec<Candidate> {
    let mut found = Vec::new();
    for number in 0..SIGNS.len() {
        signs(chapter, from, number, &mut found);
    }
    for at in line_starts(chapter, from) {
        if chapter.as_bytes().get(at).is_some_and(|byte| INDEX.begins_line[usize::from(*byte)]) {
            found.extend(first(chapter, at, &INDEX.lines));
        }
    }
    for (finder, construct) in &INDEX.others {
        let signs = finder.find_iter(&chapter.as_bytes()[from..]).map(|at| from + at);
        found.extend(signs.filter_map(|at| first(chapter, at, &[construct])));
    }
    found.sort_by_key(|candidate| candidate.at);
    found.dedup_by_key(|candidate| candidate.at);
    found
}

/// Finds what begins with three of the [`SIGNS`]. Of a run of equal signs, only the first begins something.
fn signs(chapter: &str, from: usize, number: usize, found: &mut Vec<Candidate>) {
    let bytes = chapter.as_bytes();
    let three = SIGNS[number];
    for at in memchr3_iter(three[0], three[1], three[2], &bytes[from..]) {
        let at = from + at;
        let Some(next) = bytes.get(at + 1) else { return };
        let sign = number * 3 + three.iter().position(|sign| *sign == bytes[at]).unwrap_or_default();
        let constructs = &INDEX.signs[sign][usize::from(*next)];
        if !constructs.is_empty() && may_begin(bytes, at, *next) {
            found.extend(first(chapter, at, constructs));
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
        _ => true,
    };
    may_follow && before != bytes[at]
}

/// Where the lines begin, after the signs of quotes and the one of an item.
fn line_starts(chapter: &str, from: usize) -> impl Iterator<Item = usize> {
    let bytes = chapter.as_bytes();
    let starts = memchr_iter(b'\n', &bytes[from..]).map(move |at| from + at + 1);
    std::iter::once(from).chain(starts).map(move |start| {
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

/// The first of some constructs that may begin at a place.
fn first(chapter: &str, at: usize, constructs: &[&'static Construct]) -> Option<Candidate> {
    let (before, rest) = chapter.split_at(at);
    let is_escaped = before.ends_with('\\');
    let sight = Sight { before, rest };
    let is_one = |construct: &&&'static Construct| {
        rest.starts_with(construct.opens)
            && is_escaped == (construct.place == ConstructPlace::Escaped)
            && (construct.place != ConstructPlace::Line || begins_line(before))
            && (construct.is)(&sight)
    };
    constructs.iter().find(is_one).map(|construct| Candidate { at, construct })
}

/// Whether a line begins after a text, with signs of quotes and one of an item before.
fn begins_line(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = line.trim_start_matches([' ', '\t', '>']).as_bytes();
    line.is_empty() || marker(line) > 0 && line[marker(line)..].iter().all(u8::is_ascii_whitespace)
}
