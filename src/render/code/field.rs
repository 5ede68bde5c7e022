//! Fields: the placeholders in code, and where a reader's value may be copied to.

use std::borrow::Cow;
use std::ops::Range;

use crate::parse::console::quoting::{self, Quoting};
use crate::text::html::escape_into;
use crate::write::placeholder::{self, FIELD, Token};

/// A placeholder in code.
#[derive(Clone)]
pub struct Field<'t> {
    /// Where it is.
    pub range: Range<usize>,
    /// The placeholder's name.
    name: &'t str,
    /// Which values are copied.
    values: Values,
    /// The words that end here-documents, if a line with the value could be one; separated by spaces.
    delimiters: String,
}

/// Which values are copied at a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    /// None.
    None,
    /// Those of plain characters.
    Plain,
    /// All; those that are not plain are quoted.
    Quoted(Quoting),
}

/// Finds the fields of a text.
pub fn find<'t>(text: &str, tokens: &'t [Token]) -> Vec<Field<'t>> {
    let places = placeholder::find(tokens, text).into_iter();
    let field = |(range, name)| Field { range, name, values: Values::Plain, delimiters: String::new() };
    places.map(field).collect()
}

/// Decides which values are copied at the fields of a shell's script.
pub fn place_in_shell(fields: &mut [Field<'_>], script: &str) {
    let ranges: Vec<Range<usize>> = fields.iter().map(|field| field.range.clone()).collect();
    let delimiters = if ranges.is_empty() { Vec::new() } else { quoting::delimiters(script) };

    for (field, quoting) in fields.iter_mut().zip(quoting::quoting(script, &ranges)) {
        field.values = match quoting {
            _ if quoting::follows_variable(&script[..field.range.start]) => Values::None,
            Some(quoting) => Values::Quoted(quoting),
            None => Values::Plain,
        };
        if !delimiters.is_empty() {
            let on_line = line_around(&ranges, script, &field.range);
            field.delimiters = delimiters_of(&delimiters, &on_line).join(" ");
        }
    }
}

/// The text around fields on the line of a field: what is before, between and after them.
fn line_around<'s>(fields: &[Range<usize>], script: &'s str, field: &Range<usize>) -> Vec<&'s str> {
    let start = script[..field.start].rfind('\n').map_or(0, |at| at + 1);
    let end = script[field.end..].find('\n').map_or(script.len(), |at| field.end + at);

    let mut pieces = Vec::new();
    let mut at = start;
    let first = fields.partition_point(|other| other.start < start);
    for other in fields[first..].iter().take_while(|other| other.end <= end) {
        pieces.push(&script[at..other.start]);
        at = other.end;
    }
    pieces.push(&script[at..end]);
    pieces
}

/// Those delimiters that a line of these pieces can be, with values between them.
fn delimiters_of<'d>(delimiters: &'d [String], pieces: &[&str]) -> Vec<&'d str> {
    let can_be = |delimiter: &&String| pieces.iter().all(|piece| delimiter.contains(piece.trim()));
    delimiters.iter().filter(can_be).map(String::as_str).collect()
}

/// A text for the highlighter, to which the brackets of a placeholder would be redirections: placeholders become
/// letters, byte for byte.
pub fn mask<'t>(text: &'t str, fields: &[Field<'_>]) -> Cow<'t, str> {
    let mut masked = Cow::Borrowed(text);
    for Field { range, .. } in fields {
        masked.to_mut().replace_range(range.clone(), &"x".repeat(range.len()));
    }
    masked
}

impl Field<'_> {
    /// The same field in a text that its own begins at a place of.
    pub fn moved(&self, by: usize) -> Self {
        Field { range: self.range.start + by..self.range.end + by, ..self.clone() }
    }

    /// Restricts the values to those that are copied at the same field in a longer text, too.
    pub fn agree_with(&mut self, other: Option<Field<'_>>) {
        let Some(other) = other else { return };
        if self.values != other.values {
            let is_none = self.values == Values::None || other.values == Values::None;
            self.values = if is_none { Values::None } else { Values::Plain };
        }
        self.delimiters = other.delimiters;
    }

    /// Writes the field with the text of the chapter. The page's scripts read which values are copied.
    pub fn write(&self, out: &mut String, text: &str) {
        out.push_str(FIELD);
        escape_into(out, self.name);
        match self.values {
            Values::None => out.push_str("\" data-quoting=\"never"),
            Values::Plain => {}
            Values::Quoted(quoting) => {
                out.push_str("\" data-quoting=\"");
                out.push_str(match quoting {
                    Quoting::Argument => "argument",
                    Quoting::Double => "double",
                    Quoting::Single => "single",
                });
            }
        }
        if !self.delimiters.is_empty() {
            out.push_str("\" data-delimiters=\"");
            escape_into(out, &self.delimiters);
        }
        out.push_str("\">");
        escape_into(out, text);
        out.push_str("</var>");
    }
}
