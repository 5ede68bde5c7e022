//! Highlighting: (language, text) → spans. It is by far the most expensive step, so it is done only for pages that are
//! asked for, and its results are kept.
//!
//! The grammars name thousands of scopes; readers see thirteen classes ([`Class`]), each a letter in the page. A scope's
//! class is that of the longest prefix in `CLASSES`; a scope without one has the class of the scope around it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp};

use crate::parse::language::Language;
use crate::text::Digest;

/// A stretch of code in one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColouredSpan {
    /// Where it ends, in bytes; it begins where the one before ends.
    pub end: u32,
    /// Its class.
    pub class: Class,
}

/// The class of code: a letter in the page, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class(Option<u8>);

impl Class {
    /// The class as an attribute's value.
    pub fn name(self) -> Option<char> {
        self.0.map(char::from)
    }
}

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

static PREFIXES: LazyLock<Vec<(Scope, u8)>> = LazyLock::new(|| {
    let mut prefixes: Vec<(Scope, u8)> =
        CLASSES.iter().filter_map(|(name, class)| Some((Scope::new(name).ok()?, *class))).collect();
    // The longest first, so that the first that fits is the one.
    prefixes.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
    prefixes
});

/// Code with a line longer than this, in bytes, is not coloured: grammars take time in proportion to the square of it.
const LONGEST_LINE: usize = 10_000;
/// Nor is code longer than this, in bytes: it is data, not something to read.
const LONGEST_CODE: usize = 1 << 20;

/// How many blocks are kept at most.
const MOST_KNOWN: usize = 50_000;

/// Highlights code, and keeps the results.
#[derive(Debug, Default)]
pub struct Highlighter {
    known: Mutex<HashMap<Digest, Arc<[ColouredSpan]>>>,
    classes: Mutex<HashMap<Scope, Option<Class>>>,
}

impl Highlighter {
    /// Highlights code. The spans cover the text; plain text is one span, or none.
    pub fn spans(&self, language: Option<Language>, text: &str) -> Arc<[ColouredSpan]> {
        let too_long = text.len() > LONGEST_CODE || text.lines().any(|line| line.len() > LONGEST_LINE);
        let Some(language) = language.filter(|_| !too_long) else { return Arc::default() };

        let key = Digest::of_value(&(language, text));
        if let Some(spans) = lock(&self.known).get(&key) {
            return Arc::clone(spans);
        }

        // The lock is not held meanwhile, so two threads may highlight the same code.
        let spans: Arc<[ColouredSpan]> = self.highlight(language, text).unwrap_or_default().into();

        // A preview can run for days, and every letter that is typed in a block makes a new text.
        let mut known = lock(&self.known);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(key, Arc::clone(&spans));
        spans
    }

    /// Highlights line by line; `None` where the grammar itself is wrong.
    fn highlight(&self, language: Language, text: &str) -> Option<Vec<ColouredSpan>> {
        let (grammar, grammars) = language.grammar();
        let mut state = ParseState::new(grammar);
        let mut classes =
            ScopeClasses { stack: vec![Class::default()], cleared: Vec::new(), classes: &self.classes };
        let mut spans = Spans { text, spans: Vec::new() };

        let mut start = 0;
        for line in text.split_inclusive('\n') {
            for (at, op) in state.parse_line(line, grammars).ok()? {
                spans.push(start + at, classes.now());
                classes.apply(&op);
            }
            start += line.len();
            spans.push(start, classes.now());
        }
        Some(spans.spans)
    }
}

/// Locks a map. It is whole even if the lock is poisoned, since a panic cannot leave an insertion half done.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The classes of the scopes that are open.
struct ScopeClasses<'h> {
    stack: Vec<Class>,
    cleared: Vec<Vec<Class>>,
    classes: &'h Mutex<HashMap<Scope, Option<Class>>>,
}

impl ScopeClasses<'_> {
    fn now(&self) -> Class {
        self.stack.last().copied().unwrap_or_default()
    }

    fn apply(&mut self, op: &ScopeStackOp) {
        match op {
            ScopeStackOp::Push(scope) => {
                let class = self.class(*scope).unwrap_or(self.now());
                self.stack.push(class);
            }
            ScopeStackOp::Pop(count) => self.stack.truncate(self.stack.len().saturating_sub(*count).max(1)),
            ScopeStackOp::Clear(ClearAmount::TopN(count)) => {
                let from = self.stack.len().saturating_sub(*count).max(1);
                self.cleared.push(self.stack.split_off(from));
            }
            ScopeStackOp::Clear(ClearAmount::All) => self.cleared.push(self.stack.split_off(1)),
            ScopeStackOp::Restore => self.stack.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }

    /// The class of a scope; `None` if it has that of the scope around it.
    fn class(&self, scope: Scope) -> Option<Class> {
        let mut classes = lock(self.classes);
        *classes.entry(scope).or_insert_with(|| {
            let (_, class) = PREFIXES.iter().find(|(prefix, _)| prefix.is_prefix_of(scope))?;
            Some(Class((*class != 0).then_some(*class)))
        })
    }
}

/// Spans in the making; neighbours of one class become one.
struct Spans<'t> {
    text: &'t str,
    spans: Vec<ColouredSpan>,
}

impl Spans<'_> {
    fn push(&mut self, end: usize, class: Class) {
        let start = self.spans.last().map_or(0, |span| span.end as usize);
        if end <= start {
            return;
        }
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        // White space looks the same in all classes, so it is added to the span before it.
        let is_space = self.text.get(start..end as usize).is_some_and(|text| text.trim().is_empty());
        match self.spans.last_mut() {
            Some(last) if last.class == class || is_space => last.end = end,
            _ => self.spans.push(ColouredSpan { end, class }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::language::{Lookup, find};

    fn shown(language: &str, text: &str) -> String {
        let Lookup::Known(language) = find(language) else { panic!("no {language}") };
        let mut start = 0;
        let mut out = String::new();
        for span in Highlighter::default().spans(Some(language), text).iter() {
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
