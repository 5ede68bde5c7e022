//! Fields: the placeholders in code, and where a reader's value may be copied to.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::parse::console::plain_values;
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

/// How many here-documents with different delimiters a script may have before values are refused in all of it.
const MOST_DELIMITERS: usize = 16;

/// Decides which values are copied at the fields of a shell's script.
pub fn place_in_shell(fields: &mut [Field<'_>], script: &str) {
    let ranges: Vec<Range<usize>> = fields.iter().map(|field| field.range.clone()).collect();
    if ranges.is_empty() {
        return;
    }

    for (field, quoting) in fields.iter_mut().zip(quoting::quoting(script, &ranges)) {
        field.values = match quoting {
            _ if plain_values::follows_variable(&script[..field.range.start]) => Values::None,
            Some(quoting) => Values::Quoted(quoting),
            None => Values::Plain,
        };
    }

    match plain_values::delimiters(script).map(BTreeSet::from_iter) {
        Some(delimiters) if delimiters.is_empty() => {}
        Some(delimiters) if delimiters.len() <= MOST_DELIMITERS => {
            keep_delimiters_out(fields, script, &delimiters);
        }
        _ => fields.iter_mut().for_each(|field| field.values = Values::None),
    }
}

/// Decides which values are copied at the fields of a diff of a shell's script. Lines that are left out when it is
/// copied may be what the others are understood by.
pub fn place_in_diff(fields: &mut [Field<'_>], text: &str) {
    if text.contains("<<") {
        fields.iter_mut().for_each(|field| field.values = Values::None);
    }
}

/// Notes the delimiters that a line can become when values are put into it.
fn keep_delimiters_out(fields: &mut [Field<'_>], script: &str, delimiters: &BTreeSet<String>) {
    let mut start = 0;
    let mut next = 0;
    for line in script.split_inclusive('\n') {
        let end = start + line.len();
        let on_line = fields[next..].iter().take_while(|field| field.range.start < end).count();
        let (first, last) = (next, next + on_line);

        // A line that goes on below it, or did so above, is a part of a longer one.
        let is_joined = line.ends_with("\\\n") || script[..end - line.len()].ends_with("\\\n");
        if is_joined {
            fields[first..last].iter_mut().for_each(|field| field.values = Values::None);
        }

        // The text before, between and after the fields. A parenthesis or backquote around the document ends it, too.
        let mut pieces = Vec::with_capacity(on_line + 1);
        for field in &fields[first..last] {
            pieces.push(script.get(start..field.range.start).unwrap_or_default().trim());
            start = field.range.end;
        }
        pieces.push(script.get(start..end).unwrap_or_default().trim());

        if let Some(at) = pieces.iter().position(|piece| piece.contains([')', '`'])) {
            pieces.truncate(at + 1);
            pieces[at] = pieces[at].split([')', '`']).next().unwrap_or_default().trim_end();
        }

        let can_be = |delimiter: &&String| pieces.iter().all(|piece| delimiter.contains(piece));
        let possible = delimiters.iter().filter(can_be).map(String::as_str).collect::<Vec<_>>().join(" ");
        for field in &mut fields[first..last] {
            field.delimiters.clone_from(&possible);
        }
        (start, next) = (end, last);
    }
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
