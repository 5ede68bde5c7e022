//! Highlighting: (language, text) → spans. It is by far the most expensive step, so it is done only for pages that are
//! asked for, and its results are kept.
//!
//! The grammars name thousands of scopes; readers see thirteen classes ([`Class`](bindery_highlight::Class)), each a letter
//! in the page. A scope's class is that of the longest prefix in `CLASSES`; a scope without one has the class of the scope
//! around it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bindery_highlight::{ColouredSpan, Grammars};

use crate::parse::language::{GRAMMARS, Language};
use crate::text::Digest;

/// Prefixes of scopes, and the letter of their class. The stylesheet has a colour for each.
const CLASSES: &[(&str, u8)] = &[
    ("comment", b'c'),
    ("string", b's'),
    ("string.unquoted", 0),
    ("string.regexp", b'e'),
    ("constant", b'n'),
    ("constant.character.escape", b'e'),
    ("constant.other.placeholder", b'e'),
    ("keyword", b'k'),
    ("keyword.operator", 0),
    ("keyword.operator.word", b'k'),
    ("keyword.operator.logical.python", b'k'),
    ("storage", b'k'),
    ("entity.name.function", b'f'),
    ("variable.function", b'f'),
    ("support.function", b'b'),
    ("support.type", b'b'),
    ("support.class", b'b'),
    ("support.constant", b'b'),
    ("support.module", b'b'),
    ("entity.name.class", b't'),
    ("entity.name.struct", b't'),
    ("entity.name.enum", b't'),
    ("entity.name.trait", b't'),
    ("entity.name.type", b't'),
    ("entity.name.namespace", b't'),
    ("entity.name.impl", b't'),
    ("entity.name.tag", b't'),
    ("entity.name.section", b'm'),
    ("entity.name.label", b'm'),
    ("entity.other.inherited-class", b't'),
    ("entity.other.attribute-name", b'a'),
    ("support.type.property-name", b'a'),
    ("meta.mapping.key string", b'a'),
    ("variable.parameter", 0),
    ("variable.parameter.option", b'a'),
    ("variable.language", b'b'),
    ("variable.other.readwrite", 0),
    ("punctuation.definition.variable", 0),
    ("punctuation.section.interpolation", b'e'),
    ("punctuation.separator.key-value", 0),
    ("markup.heading", b'm'),
    ("markup.inserted", b'i'),
    ("markup.deleted", b'd'),
    ("markup.raw", b's'),
    ("meta.diff", b'm'),
    ("meta.annotation", b'm'),
    ("meta.preprocessor", b'm'),
    ("entity.name.variable", b'a'),
    ("entity.name.key", b'a'),
    ("meta.tag.sgml", b'm'),
    ("invalid", b'x'),
];

/// What has been read of the grammars, and learned of their patterns. What a text becomes does not depend on it.
static COLOURS: LazyLock<Grammars> = LazyLock::new(|| Grammars::new(&GRAMMARS, CLASSES));

/// Code with a line longer than this, in bytes, is not coloured: grammars take time in proportion to the square of it.
const LONGEST_LINE: usize = 10_000;
/// Nor is code longer than this, in bytes: it is data, not something to read.
const LONGEST_CODE: usize = 1 << 20;

/// How many blocks are kept at most.
const MOST_KNOWN: usize = 50_000;

/// Code that was highlighted.
#[derive(Clone, Debug, Default)]
pub struct HighlightedCode {
    /// The spans, which cover the text; none if it is plain.
    pub spans: Arc<[ColouredSpan]>,
    /// Whether it is plain because its grammar cannot read it to its end.
    pub has_failed: bool,
}

/// Highlights code, and keeps the results.
#[derive(Debug, Default)]
pub struct Highlighter {
    known: Mutex<HashMap<Digest, HighlightedCode>>,
}

impl Highlighter {
    /// Highlights code.
    pub fn highlight(&self, language: Option<Language>, text: &str) -> HighlightedCode {
        let too_long = text.len() > LONGEST_CODE || text.lines().any(|line| line.len() > LONGEST_LINE);
        let Some(language) = language.filter(|_| !too_long) else {
            return HighlightedCode::default();
        };

        let key = Digest::of_value(&(language, text));
        if let Some(known) = lock(&self.known).get(&key) {
            return known.clone();
        }

        // The lock is not held meanwhile, so two threads may highlight the same code.
        let highlighted = match COLOURS.highlight(language.grammar(), text) {
            Ok(spans) => HighlightedCode { spans: spans.into(), has_failed: false },
            Err(_) => HighlightedCode { has_failed: true, ..HighlightedCode::default() },
        };

        // A preview can run for days, and every letter that is typed in a block makes a new text.
        let mut known = lock(&self.known);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(key, highlighted.clone());
        highlighted
    }
}

/// Locks a map. It is whole even if the lock is poisoned, since a panic cannot leave an insertion half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::language::{Lookup, find};

    fn shown(language: &str, text: &str) -> String {
        let Lookup::Known(language) = find(language) else { panic!("no {language}") };
        let mut start = 0;
        let mut out = String::new();
        for span in Highlighter::default().highlight(Some(language), text).spans.iter() {
            let piece = &text[start..span.end as usize];
            match span.class.name() {
                Some(class) => out += &format!("{class}⟨{piece}⟩"),
                None => out += piece,
            }
            start = span.end as usize;
        }
        assert_eq!(start, text.len(), "the spans cover the text");
        out
    }

    #[test]
    fn classes_are_few_and_merged() {
        for (language, text, expected) in [
            ("python", "def f(x):\n    return 'a' # b\n", "k⟨def ⟩f⟨f⟩(x):\n    k⟨return ⟩s⟨'a' ⟩c⟨# b\n⟩"),
            ("bash", "sudo apt-get -y update\n", "f⟨sudo⟩ apt-geta⟨ -y⟩ update\n"),
        ] {
            assert_eq!(shown(language, text), expected);
        }
    }
}
