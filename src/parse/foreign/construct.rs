//! What an entry of the table is: a [`Construct`] of another tool, how it is recognised, and what to write instead.

use memchr::memmem;

use super::instead::Instead;
use crate::text::{Diagnostic, DiagnosticCode};

/// A piece of markup that means something to another tool, and nothing here.
#[derive(Debug)]
pub struct Construct {
    /// Its own name.
    pub name: &'static str,
    /// Whose it is.
    pub tool: &'static str,
    /// What it is there.
    pub what: &'static str,
    /// What becomes of it here.
    pub here: &'static str,
    /// The signs that it begins with.
    pub opens: &'static str,
    /// The signs that it ends with; it ends with its line if there are none.
    pub ends: &'static str,
    /// Where it is one.
    pub place: ConstructPlace,
    /// Whether what begins with its signs is one.
    pub is: fn(&Sight<'_>) -> bool,
    /// What to write instead.
    pub instead: Instead,
}

/// Where a construct is one; elsewhere, its signs are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstructPlace {
    /// At the beginning of a line.
    Line,
    /// At the beginning of a line. What is indented below belongs to it, which Markdown takes for code.
    Head,
    /// At the beginning of a line, which it fills, also within a code block.
    Insert,
    /// Anywhere in text.
    Text,
    /// In text, after a `\`.
    Escaped,
    /// In a block of code between fences, whatever its language.
    Code,
    /// At the beginning of code within text.
    CodeInText,
    /// At the beginning of a line of code in Rust.
    RustCode,
    /// A tag.
    Tag,
    /// A comment of HTML.
    Comment,
}

/// What is above, in the table, if a construct is shown as it is written.
pub const AS_TEXT: &str = "here it is text";
/// The same, if what is indented below becomes code.
pub const AS_CODE: &str = "here it is text, and what is indented below it is code";
/// The same, if it can be in code too.
pub const AS_WRITTEN: &str = "here it stays as it is written";
/// The same, if nothing of it is shown.
pub const UNSEEN: &str = "nothing of it is seen here";

/// A place of the chapter where a construct may begin.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'s> {
    /// The chapter before it.
    pub before: &'s str,
    /// The chapter from its signs on.
    pub rest: &'s str,
}

impl<'s> Sight<'s> {
    /// A place of a chapter.
    pub fn of(chapter: &'s str, at: usize) -> Self {
        let (before, rest) = chapter.split_at(at);
        Self { before, rest }
    }

    /// The rest of the line, without white space at its end.
    pub fn line(&self) -> &'s str {
        self.rest.lines().next().unwrap_or_default().trim_end()
    }

    /// What is between signs, if it begins with the first and the last come soon after.
    pub fn between(&self, opens: &str, ends: &str) -> Option<&'s str> {
        let inner = near(self.rest.strip_prefix(opens)?);
        Some(inner[..inner.find(ends)?].trim())
    }

    /// The byte before it; a space at the beginning of the chapter.
    pub fn byte_before(&self) -> u8 {
        self.before.bytes().next_back().unwrap_or(b' ')
    }

    /// The name of the tag or component that it begins with: `Tabs` of `<Tabs>`.
    pub fn tag(&self) -> &'s str {
        word(self.rest.trim_start_matches('<'))
    }

    /// How many bytes of the chapter a construct that begins here takes, on its first line.
    pub fn extent(&self, construct: &Construct) -> usize {
        let line = self.line();
        let opens = construct.opens.len();
        if construct.ends.is_empty() {
            return if matches!(construct.place, ConstructPlace::Text | ConstructPlace::Code) {
                opens + word(&line[opens..]).len()
            } else {
                line.len()
            };
        }
        line[opens..].find(construct.ends).map_or(line.len(), |at| opens + at + construct.ends.len())
    }
}

/// The beginning of a text, as far as a construct can go: to the next empty line, and not for ever.
pub(super) fn near(text: &str) -> &str {
    const FARTHEST: usize = 2000;
    let mut end = text.len().min(FARTHEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let near = &text[..end];
    memmem::find(near.as_bytes(), b"\n\n").map_or(near, |end| &near[..end])
}

/// The word that a text begins with: letters, digits, `-` and `_`.
pub fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
    &text[..end.unwrap_or(text.len())]
}

/// Whether a text is a word alone.
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && word(text).len() == text.len()
}

impl Construct {
    /// The diagnostic for a place with the construct, as it is written on its line.
    pub fn diagnostic(&self, line: &str) -> Diagnostic {
        let message = format!("this is markup of {} for {}: {}", self.tool, self.what, self.here);
        Diagnostic::new(DiagnosticCode::ForeignMarkup, message).hint(self.instead.hint(line))
    }
}
