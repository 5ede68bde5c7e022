//! The key `source` of front matter: the states of a source that a chapter leads from and to.

use crate::text::yaml::{YamlReader, YamlTable};
use crate::text::{Diagnostic, DiagnosticCode, Span};

/// The revisions of a source that a chapter leads from and to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChapterSource {
    /// The name of the source; the only one of the book, if there is none.
    pub name: Option<String>,
    /// The revision before the chapter; without one, there is no file yet.
    pub from: Option<String>,
    /// The revision after it.
    pub to: String,
    /// Files, and folders that end in `/`, that the chapter changes in another way than by writing them.
    pub except: Vec<String>,
    /// Where it is said.
    pub span: Span,
}

impl ChapterSource {
    /// Takes the key. A value that is no mapping is reported, and counts as absent.
    pub(super) fn take(
        reader: &mut YamlReader<'_>,
        table: &mut YamlTable,
        key: &'static str,
    ) -> Option<Self> {
        let is_mapping = table.is_mapping(key);
        let span = table.has(key).then(|| reader.value_span(table, key));
        let states = reader.table(table, key);
        ChapterSource::read(reader, states, span.filter(|_| is_mapping)?)
    }

    /// Reads the mapping below the key, whose value is at a place.
    fn read(reader: &mut YamlReader<'_>, mut states: YamlTable, span: Span) -> Option<Self> {
        let (name, from) = (reader.take_text(&mut states, "name"), reader.take_text(&mut states, "from"));
        let to = reader.take_text(&mut states, "to");
        let except = reader.take(&mut states, "except").unwrap_or_default();

        if to.is_none() {
            let message = "`source` does not say which revision the chapter leads to";
            let diagnostic = Diagnostic::new(DiagnosticCode::InvalidValue, message);
            reader.warn(&states, diagnostic.hint("add it: `source: {from: v0.1, to: v0.2}`"));
        }
        reader.deny_rest(states);
        Some(ChapterSource { name, from, to: to?, except, span })
    }

    /// Whether a file is one of those that the chapter changes in another way.
    pub fn is_except(&self, path: &str) -> bool {
        self.except.iter().any(|except| match except.ends_with('/') {
            true => path.starts_with(except.as_str()),
            false => path == except,
        })
    }
}
