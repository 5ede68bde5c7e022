//! How much text the aliases of YAML stand for: `*name` is all that `&name` is put before, however often it is there.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

use super::marks::{LineColumn, place};

/// How many times as long as the text what it stands for may be, and how many bytes more.
const MOST: (usize, usize) = (10, 100_000);

/// The place of the first alias with which a text stands for too much.
pub fn too_much(text: &str) -> Option<LineColumn> {
    if !text.contains('&') || !text.contains('*') {
        return None;
    }

    let most = MOST.0 * text.len() + MOST.1;
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    // The anchors of the open mappings and sequences, and how much was before each.
    let mut open = Vec::new();
    let mut total = 0_usize;
    for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
        match event {
            Event::Scalar(scalar, _, anchor, _) => {
                total += scalar.len();
                sizes.insert(anchor, scalar.len());
            }
            Event::MappingStart(anchor, _) | Event::SequenceStart(anchor, _) => open.push((anchor, total)),
            Event::MappingEnd | Event::SequenceEnd => {
                let (anchor, before) = open.pop().unwrap_or_default();
                sizes.insert(anchor, total - before);
            }
            Event::Alias(anchor) => {
                total += sizes.get(&anchor).copied().unwrap_or(0);
                if total > most {
                    return Some(place(span.start));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aliases_stand_for_is_counted() {
        let long = "x".repeat(50_000);
        assert_eq!(too_much(&format!("a: &a {long}\nb: [*a, *a]\n")), None);
        let often = vec!["*a"; 100].join(", ");
        assert_eq!(too_much(&format!("a: &a {long}\nb: [{often}]\n")).map(|place| place.0), Some(2));
        assert_eq!(
            too_much(&format!("a: &a {{k: {long}}}\nb: &b [{often}]\n")).map(|place| place.0),
            Some(2)
        );
        assert_eq!(too_much(&format!("title: R&B * {long}\n")), None);
    }

    #[test]
    fn aliases_of_aliases_are_counted() {
        let mut text = String::from("a0: &a0 [xxxx, xxxx, xxxx, xxxx]\n");
        for n in 1..60 {
            text += &format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1);
        }
        assert!(too_much(&text).is_some());
    }
}
