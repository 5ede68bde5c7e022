//! Where constructs may begin: one cheap pass over the bytes of a chapter.
//!
//! Most constructs begin with `{`, `<` or `:`, or are at the beginning of a line; the signs of the few others are
//! looked for one after another. Whether a place is one where its signs mean something is not known yet.

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

/// The constructs, by what their first signs are.
struct Index {
    /// Those that begin with each of [`COMMON`].
    common: [Vec<&'static Construct>; 3],
    /// Those at the beginning of a line that begin with another byte.
    lines: Vec<&'static Construct>,
    /// Which bytes those begin with.
    begins_line: [bool; 256],
    /// The others, with what finds their signs.
    others: Vec<(Finder<'static>, &'static Construct)>,
}

/// The bytes that most constructs begin with.
const COMMON: [u8; 3] = *b"{<:";

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index {
        common: Default::default(),
        lines: Vec::new(),
        begins_line: [false; 256],
        others: Vec::new(),
    };
    for construct in FAMILIES.iter().copied().flatten() {
        let first = construct.opens.as_bytes()[0];
        if let Some(common) = COMMON.iter().position(|byte| *byte == first) {
            index.common[common].push(construct);
        } else if construct.place == ConstructPlace::Text {
            index.others.push((Finder::new(construct.opens), construct));
        } else {
            index.lines.push(construct);
            index.begins_line[usize::from(first)] = true;
        }
    }
    index
});

/// Finds where constructs may begin in a chapter from a place on, in order.
pub fn candidates(chapter: &str, from: usize) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, constructs) in common_signs(chapter, from) {
        found.extend(first(chapter, at, constructs));
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

/// The places of the [`COMMON`] signs that may begin something, each with what. Of a run of equal signs, that is the
/// first.
fn common_signs(chapter: &str, from: usize) -> impl Iterator<Item = (usize, &'static [&'static Construct])> {
    let bytes = chapter.as_bytes();
    memchr3_iter(COMMON[0], COMMON[1], COMMON[2], &bytes[from..]).filter_map(move |at| {
        let at = from + at;
        let (sign, next) = (bytes[at], *bytes.get(at + 1)?);
        let may_begin = match sign {
            b'{' => true,
            b'<' => next.is_ascii_uppercase() || b"!<s".contains(&next),
            _ => next.is_ascii_lowercase() || next == b':',
        };
        let is_first = at == 0 || bytes[at - 1] != sign;
        let common = COMMON.iter().position(|byte| *byte == sign)?;
        (may_begin && is_first).then(|| (at, INDEX.common[common].as_slice()))
    })
}

/// Where the lines begin, after the signs of quotes and the one of an item.
fn line_starts(chapter: &str, from: usize) -> impl Iterator<Item = usize> {
    let bytes = chapter.as_bytes();
    let starts = memchr_iter(b'\n', &bytes[from..]).map(move |at| from + at + 1);
    std::iter::once(from).chain(starts).map(move |start| {
        let at = after_quotes(bytes, start);
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
    if before.ends_with('\\') {
        return None;
    }
    let sight = Sight { before, rest };
    let is_one = |construct: &&&'static Construct| {
        rest.starts_with(construct.opens)
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
