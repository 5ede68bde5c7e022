//! A text file as it was read: its path, its text, and where its lines begin.
//!
//! Places inside the program are bytes from the start of the file ([`Span`]). Lines and columns are computed only when
//! a place is shown; they count from 1, columns in characters.

use std::ops::Range;
use std::sync::OnceLock;

use super::{Digest, scan};

/// A range of bytes in a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Makes the span from `start` up to, but not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end: end.max(start) }
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

/// A place for people: line and column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Replaces a control character, which HTML does not allow (section 13.1), by U+FFFD. For U+0000, CommonMark demands
/// the same (section 2.3).
pub fn shown(c: char) -> char {
    if c.is_control() && !matches!(c, '\t' | '\n' | '\u{C}' | '\r') { '\u{FFFD}' } else { c }
}

/// A text file of the book.
#[derive(Debug)]
pub struct Source {
    /// The path below the book's folder, with `/` between its names.
    pub path: String,
    /// The whole text, without a byte-order mark and with its lone carriage returns as line feeds.
    pub text: String,
    lines: OnceLock<Vec<usize>>,
    digest: OnceLock<Digest>,
}

/// Whether there is a carriage return without a line feed after it.
fn has_lone_return(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', text).any(|at| text.get(at + 1) != Some(&b'\n'))
}

impl Source {
    /// Makes a source. A byte-order mark is removed, and a lone carriage return, which ends lines in files of old Macs,
    /// becomes a line feed.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        if has_lone_return(text.as_bytes()) {
            let lines = text.split("\r\n").map(|line| line.replace('\r', "\n"));
            text = lines.collect::<Vec<_>>().join("\r\n");
        }
        Source { path: path.into(), text, lines: OnceLock::new(), digest: OnceLock::new() }
    }

    /// Makes the source of a chapter. Characters that are not allowed on a page are [replaced](shown).
    pub fn chapter(path: impl Into<String>, text: impl Into<String>) -> Self {
        let mut source = Source::new(path, text);
        // Few texts have a byte that such a character can begin with. Only their characters are checked one by one.
        if scan::may_have_control(source.text.as_bytes()) && source.text.chars().any(|c| shown(c) != c) {
            source.text = source.text.chars().map(shown).collect();
        }
        source
    }

    /// The digest of path and text.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| Digest::of_value(&(&self.path, &self.text)))
    }

    /// The offsets at which lines begin; the first is 0.
    fn line_starts(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let line_ends = self.text.match_indices('\n');
            std::iter::once(0).chain(line_ends.map(|(at, _)| at + 1)).collect()
        })
    }

    /// Line and column of a byte offset. An offset after the end counts as the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset);
        let column = self.text[starts[line - 1]..offset].chars().count() + 1;
        Position { line, column }
    }

    /// The byte offset of a line and a column. After the end of the line or the text, it is that end.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let Some(start) = self.line_starts().get(line.max(1) - 1).copied() else {
            return self.text.len();
        };

        let rest = &self.text[start..];
        let text = rest.split('\n').next().unwrap_or_default();
        start + text.char_indices().nth(column.max(1) - 1).map_or(text.len(), |(at, _)| at)
    }

    /// The text of a line (from 1), without its line ending.
    pub fn line(&self, line: usize) -> &str {
        let starts = self.line_starts();
        let Some(start) = starts.get(line.wrapping_sub(1)).copied() else {
            return "";
        };

        // The last line has no start after it.
        let end = starts.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a.md", "\u{feff}äöü x\r\nzwei\n");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position("äöü ".len()), Position { line: 1, column: 5 });
        assert_eq!(source.line(1), "äöü x");
        assert_eq!(source.position(source.offset(2, 3)), Position { line: 2, column: 3 });
        assert_eq!(source.position(10_000), Position { line: 3, column: 1 });
        assert_eq!(source.offset(99, 1), source.text.len());
    }

    #[test]
    fn a_lone_return_ends_a_line() {
        assert_eq!(Source::new("a.md", "---\ra: b\r---\r\rc\r\nd\r").text, "---\na: b\n---\n\nc\r\nd\n");
    }
}
