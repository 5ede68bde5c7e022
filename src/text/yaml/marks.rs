//! The places of keys and values in YAML text, and its scalars as they are written.
//!
//! The values of `serde_yaml` have no places. If one is needed, the text is read again, by a parser whose events have
//! places.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser};

/// A line and a column in characters, each from 1.
pub type LineColumn = (usize, usize);

/// The entries of all mappings, by the keys that lead to them.
#[derive(Debug, Default)]
pub struct Marks {
    entries: HashMap<Vec<String>, Mark>,
    /// The first key that its mapping has twice: its second place and its text.
    pub duplicate: Option<(LineColumn, String)>,
    /// Where the text stops being YAML.
    pub error: Option<LineColumn>,
}

/// An entry of a mapping.
#[derive(Debug)]
pub struct Mark {
    /// Where its key is.
    pub key: LineColumn,
    /// Where its value is.
    pub value: LineColumn,
    /// Its value as it is written, if it is a scalar: `1.10` and not `1.1`.
    pub scalar: Option<Rc<str>>,
}

impl Marks {
    /// Reads a text up to its first error.
    pub fn of(text: &str) -> Self {
        let mut walk = EventWalk::default();
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => walk.event(event, place(span.start)),
                Err(error) => {
                    walk.marks.error = Some(place(*error.marker()));
                    break;
                }
            }
        }
        walk.marks
    }

    /// Adds an entry.
    pub fn insert(&mut self, path: Vec<String>, mark: Mark) {
        self.entries.insert(path, mark);
    }

    /// The entry at the end of a path. The key of a shorthand is not in the text, so the entry around it is returned.
    pub fn get(&self, path: &[String]) -> Option<&Mark> {
        (1..=path.len()).rev().find_map(|depth| self.entries.get(&path[..depth]))
    }
}

fn place(marker: Marker) -> LineColumn {
    (marker.line(), marker.col() + 1)
}

/// A walk through the events of a text.
#[derive(Default)]
struct EventWalk {
    marks: Marks,
    /// The open mappings and sequences.
    open: Vec<Open>,
    /// The keys from the top to the current entry.
    path: Vec<String>,
    /// The scalars that aliases can name.
    anchors: HashMap<usize, Rc<str>>,
}

/// An open mapping or sequence.
enum Open {
    /// A mapping: the place of its current key, and whether that key's value has begun.
    Mapping(Option<LineColumn>, bool),
    Sequence,
}

/// The path segment of a sequence, or of a key that is not a scalar.
const UNNAMED: &str = "\0";

impl EventWalk {
    fn event(&mut self, event: Event<'_>, at: LineColumn) {
        match event {
            Event::Scalar(text, _, anchor, tag) => {
                // With an author's own tag, the value can be something else than the text.
                let is_plain = tag.is_none_or(|tag| tag.is_yaml_core_schema());
                let text = is_plain.then(|| Rc::from(&*text));

                // Anchors are numbered from 1.
                if anchor > 0
                    && let Some(text) = &text
                {
                    self.anchors.insert(anchor, Rc::clone(text));
                }
                self.begin_node(at, text);
                self.end_node();
            }
            Event::Alias(anchor) => {
                self.begin_node(at, self.anchors.get(&anchor).cloned());
                self.end_node();
            }
            Event::MappingStart(..) => {
                self.begin_node(at, None);
                self.open.push(Open::Mapping(None, false));
            }
            Event::SequenceStart(..) => {
                self.begin_node(at, None);
                self.open.push(Open::Sequence);
                self.path.push(UNNAMED.to_owned());
            }
            Event::MappingEnd => {
                self.open.pop();
                self.end_node();
            }
            Event::SequenceEnd => {
                self.open.pop();
                self.path.pop();
                self.end_node();
            }
            _ => {}
        }
    }

    /// Begins a key, a value of a mapping, or an item of a sequence.
    fn begin_node(&mut self, at: LineColumn, scalar: Option<Rc<str>>) {
        let Some(Open::Mapping(key, has_value)) = self.open.last_mut() else { return };
        let Some(key) = *key else {
            *key = Some(at);
            self.path.push(scalar.as_deref().unwrap_or(UNNAMED).to_owned());
            return;
        };

        *has_value = true;
        let mark = Mark { key, value: at, scalar };
        let is_known = self.marks.entries.insert(self.path.clone(), mark).is_some();
        if is_known && self.marks.duplicate.is_none() {
            self.marks.duplicate = self.path.last().map(|name| (key, name.clone()));
        }
    }

    /// Ends the node that was begun last. The value of a key ends its entry too.
    fn end_node(&mut self) {
        if let Some(Open::Mapping(key, has_value @ true)) = self.open.last_mut() {
            (*key, *has_value) = (None, false);
            self.path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_whatever_is_before_them() {
        let text = "é: &x [ü, {a: 1}]\n? [k]\n: 1\nö: !t {b: 2}\n1: ~\nc: {d: *x, e: 'ä', f: {g: &y 007}}\nh: *y\nh: no\n";
        let marks = Marks::of(text);
        let mark = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|step| (*step).to_owned()).collect();
            let mark = marks.get(&path).expect("it is there");
            (mark.key, mark.value, mark.scalar.as_deref())
        };
        assert_eq!(mark(&["é"]), ((1, 1), (1, 4), None));
        assert_eq!(mark(&["ö"]), ((4, 1), (4, 4), None));
        assert_eq!(mark(&["1"]), ((5, 1), (5, 4), Some("~")));
        assert_eq!(mark(&["c", "d"]), ((6, 5), (6, 8), None));
        assert_eq!(mark(&["c", "e"]), ((6, 12), (6, 15), Some("ä")));
        assert_eq!(mark(&["c", "f", "g", "shorthand"]), ((6, 24), (6, 27), Some("007")));
        assert_eq!(mark(&["h"]), ((8, 1), (8, 4), Some("no")));
        assert_eq!(marks.duplicate, Some(((8, 1), "h".to_owned())));
    }
}
