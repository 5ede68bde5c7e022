//! Where the keys and values of YAML text stand, and how its scalars are written.
//!
//! The library's values carry no places, only its errors do. But behind an error at a scalar it reads on, so one
//! more walk through the text, in which every scalar is an error, gives the places of all.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_yaml::{Deserializer, Mapping, Value};

/// A line and a column in characters, each from 1.
pub type LineColumn = (usize, usize);

/// The entries of all mappings, by the keys that lead to them.
#[derive(Debug, Default)]
pub struct Marks(HashMap<Vec<String>, Mark>);

/// An entry of a mapping.
#[derive(Debug)]
pub struct Mark {
    /// Where its key stands.
    pub key: LineColumn,
    /// Its value, if that is a scalar: the text as it is written (`1.10` is no `1.1`), and where it stands.
    pub scalar: Option<(String, LineColumn)>,
}

impl Marks {
    /// Walks through text that is known to hold this mapping.
    pub fn of(text: &str, known: &Mapping) -> Self {
        let mut marks = Marks::default();
        let walk = Entries { known, path: &mut Vec::new(), marks: &mut marks };
        // What has been found until then is right, whatever stops the walk.
        let _ = walk.deserialize(Deserializer::from_str(text));
        marks
    }

    /// The entry at the end of a path. A key that a shorthand stands for is not in the text; the entry around it is.
    pub fn get(&self, path: &[String]) -> Option<&Mark> {
        (1..=path.len()).rev().find_map(|depth| self.0.get(&path[..depth]))
    }
}

/// Where the value of an entry begins, in text that begins with its key: behind the colon, white space and comments.
pub fn value_in(entry: &str) -> usize {
    let quote = entry.chars().next().filter(|first| matches!(first, '"' | '\''));
    let key = quote.and_then(|quote| entry[1..].find(quote)).map_or(0, |end| end + 2);
    let is_end = |at: usize| {
        let next = entry[at + 1..].chars().next();
        at == key || next.is_none_or(|next| next.is_whitespace() || ",[]{}".contains(next))
    };
    let mut colons = entry[key..].match_indices(':').map(|(at, _)| key + at);
    let mut rest = colons.find(|at| is_end(*at)).map_or("", |at| &entry[at + 1..]).trim_start();
    while rest.starts_with('#') {
        rest = rest.split_once('\n').map_or("", |(_, next)| next.trim_start());
    }
    entry.len() - rest.len()
}

/// The place that a message of the library's names; the first one has no words for it.
pub fn named(message: &str) -> Option<LineColumn> {
    let (_, place) = message.split_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// A key as text; keys that are not strings (`1:`, `yes:`) are shown as YAML writes them.
pub fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim_end().to_owned(),
    }
}

/// Reads the entries of a mapping.
struct Entries<'v> {
    known: &'v Mapping,
    path: &'v mut Vec<String>,
    marks: &'v mut Marks,
}

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        for (key, value) in self.known {
            if !is_scalar(key) {
                map.next_entry::<IgnoredAny, IgnoredAny>()?;
                continue;
            }
            let Some((_, place)) = map.next_key_seed(Scalar)? else { break };
            self.path.push(key_text(key));
            let scalar = is_scalar(value).then(|| map.next_value_seed(Scalar)).transpose()?;
            let is_read = scalar.is_some();
            self.marks.0.insert(self.path.clone(), Mark { key: place, scalar });
            if let Value::Mapping(known) = value {
                map.next_value_seed(Entries { known, path: self.path, marks: self.marks })?;
            } else if !is_read {
                map.next_value::<IgnoredAny>()?;
            }
            self.path.pop();
        }
        Ok(())
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Mapping(_) | Value::Sequence(_) | Value::Tagged(_))
}

/// Reads a scalar: its text, and its place.
struct Scalar;

impl<'de> DeserializeSeed<'de> for Scalar {
    type Value = (String, LineColumn);

    fn deserialize<D: de::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<(String, LineColumn), D::Error> {
        let mut text = String::new();
        let error = deserializer.deserialize_str(Refused(&mut text)).err();
        let mut message = String::with_capacity(64);
        if let Some(error) = error {
            write!(message, "{error}").expect("a String takes all");
        }
        Ok((text, named(&message).unwrap_or((1, 1))))
    }
}

/// Takes a scalar's text and fails, so that the library says where it stood.
struct Refused<'t>(&'t mut String);

impl Visitor<'_> for Refused<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        text.clone_into(self.0);
        Err(E::custom(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_begin_behind_their_keys() {
        for (entry, value) in [
            ("a: 1", "1"),
            ("a:b: # no: c\n\n  # d\n  [x]", "[x]"),
            ("'a: b': {c: 1}", "{c: 1}"),
            ("\"a\":[1]", "[1]"),
            ("a:\n- b", "- b"),
            ("a:", ""),
        ] {
            assert_eq!(&entry[value_in(entry)..], value, "{entry}");
        }
    }

    #[test]
    fn entries_are_found_whatever_stands_before_them() {
        let text =
            "é: &x [ü, {a: 1}]\n? [k]\n: 1\nö: !t {b: 2}\n1: ~\nc: {d: *x, e: 'ä', f: {g: 007}}\nh: no\n";
        let known: Mapping = serde_yaml::from_str(text).expect("YAML");
        let marks = Marks::of(text, &known);
        let mark = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
            let mark = marks.get(&path).expect("it is there");
            (mark.key, mark.scalar.as_ref().map(|(text, place)| (text.as_str(), *place)))
        };
        assert_eq!(mark(&["é"]), ((1, 1), None));
        assert_eq!(mark(&["ö"]), ((4, 1), None));
        assert_eq!(mark(&["1"]), ((5, 1), Some(("~", (5, 4)))));
        assert_eq!(mark(&["c", "d"]), ((6, 5), None));
        assert_eq!(mark(&["c", "e"]), ((6, 12), Some(("ä", (6, 15)))));
        assert_eq!(mark(&["c", "f", "g", "shorthand"]), ((6, 24), Some(("007", (6, 27)))));
        assert_eq!(mark(&["h"]), ((7, 1), Some(("no", (7, 4)))));
    }
}
