//! Reading YAML, and TOML as if it were YAML: a mapping whose keys are taken one by one, and diagnostics with their places.
//!
//! YAML and TOML libraries are used only in this folder. The values of `serde_yaml` have no places. If one is needed, [`marks`]
//! finds the places of all keys and values.

pub mod marks;
mod nesting;
mod table;
mod toml;
mod value;

use std::cell::OnceCell;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};

use super::diagnostic::{Diagnostic, DiagnosticCode};
use super::source::{Source, Span, shown};
use super::{nearest, scan};

use marks::{LineColumn, Mark, Marks};
use table::key_text;

pub use serde_yaml::Value as Yaml;
pub use table::YamlTable;

/// YAML text inside a source, and the problems found in it so far.
pub struct YamlReader<'a> {
    source: &'a Arc<Source>,
    /// Where the YAML is in the source.
    span: Span,
    diagnostics: Vec<Diagnostic>,
    /// Places, found when the first one is needed: most front matter has no problem.
    marks: OnceCell<Marks>,
}

impl<'a> YamlReader<'a> {
    /// Reads the YAML at `span` of a source. Empty text is an empty mapping.
    pub fn new(source: &'a Arc<Source>, span: Span) -> (Self, YamlTable) {
        let mut reader = YamlReader { source, span, diagnostics: Vec::new(), marks: OnceCell::new() };
        let entries = reader.mapping().unwrap_or_else(|diagnostic| {
            reader.diagnostics.push(diagnostic);
            Mapping::new()
        });
        (reader, YamlTable::top(entries))
    }

    /// Reads the TOML at `span` of a source, in the same way.
    pub fn of_toml(source: &'a Arc<Source>, span: Span) -> (Self, YamlTable) {
        let mut reader = YamlReader { source, span, diagnostics: Vec::new(), marks: OnceCell::new() };
        let entries = match toml::read(reader.text()) {
            Ok((entries, marks)) => {
                reader.marks = OnceCell::from(marks);
                entries
            }
            Err(error) => {
                let message = format!("this TOML does not parse: {}", error.message);
                let place = reader.token_at((span.start + error.at).min(span.end));
                let diagnostic = Diagnostic::new(DiagnosticCode::InvalidYaml, message);
                reader
                    .diagnostics
                    .push(diagnostic.at(source, place).hint("quote texts: `title = \"A title\"`"));
                Mapping::new()
            }
        };
        (reader, YamlTable::top(entries))
    }

    /// Reads the text as a mapping.
    fn mapping(&self) -> Result<Mapping, Diagnostic> {
        let invalid = |message: String, span: Span| {
            Diagnostic::new(DiagnosticCode::InvalidYaml, message).at(self.source, span)
        };
        if let Some(at) = nesting::too_deep(self.text()) {
            let start = self.span.start + at;
            let message = format!("this is nested more than {} levels deep", nesting::MOST_LEVELS);
            return Err(invalid(message, Span::new(start, start + 1)));
        }

        match value::read(self.text()) {
            Ok(Value::Mapping(entries)) => Ok(entries),
            Ok(Value::Null) => Ok(Mapping::new()),
            Ok(_) => Err(invalid("expected `key: value` lines".to_owned(), self.first_line())),
            Err(error) => {
                let span = self.error_span(&error);
                let line = self.source.text[..span.end].rsplit('\n').next().unwrap_or_default();
                let indentation = &line[..line.len() - line.trim_start().len()];
                if indentation.contains('\t') {
                    let message = "this YAML does not parse: a tab cannot indent it".to_owned();
                    return Err(invalid(message, span).hint("indent with spaces"));
                }
                let message = format!("this YAML does not parse: {}", message_of(&error));
                let hint = match () {
                    () if message.contains("duplicate") => "keep one of the two",
                    () if message.contains(value::TOO_MUCH) => "write what is needed where it is needed",
                    () => {
                        "quote values that begin with a sign such as `@` or contain `: `, `#`, quotes or brackets, and indent with spaces"
                    }
                };
                Err(invalid(message, span).hint(hint))
            }
        }
    }

    /// Returns the diagnostics that were found.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Takes a key's value. A value of the wrong type is reported, and counts as absent.
    pub fn take<T: DeserializeOwned>(&mut self, table: &mut YamlTable, key: &'static str) -> Option<T> {
        let value = table.take(key)?;
        match serde_yaml::from_value(value) {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("`{}` is not valid: {}", table.dotted(key), message_of(&error));
                self.report(table, key, message);
                None
            }
        }
    }

    /// Takes a key's value as the text that the author wrote, also if YAML reads it as a number or a boolean: a version
    /// `1.10` stays `1.10`.
    pub fn take_text(&mut self, table: &mut YamlTable, key: &'static str) -> Option<String> {
        match table.take(key)? {
            Value::String(text) => {
                self.report_cut(table, key);
                let may_have_some = scan::may_have_control(text.as_bytes());
                Some(if may_have_some { text.chars().map(shown).collect() } else { text })
            }
            Value::Number(_) | Value::Bool(_) => {
                let mark = self.mark(&table.path_to(key))?;
                mark.scalar.as_deref().map(str::to_owned)
            }
            _ => {
                let message =
                    format!("`{}` is not valid: expected text; put it in quotes", table.dotted(key));
                self.report(table, key, message);
                None
            }
        }
    }

    /// Reports a text without quotes that ends before ` #`, where a comment begins: `title: Issue #3`.
    fn report_cut(&mut self, table: &YamlTable, key: &str) {
        if !self.text().contains(" #") {
            return;
        }
        let Some(mark) = self.mark(&table.path_to(key)) else { return };
        let start = self.offset(mark.value);
        let line = self.source.text[start..self.span.end].lines().next().unwrap_or_default();
        let Some((text, comment)) = line.split_once(" #") else { return };
        let is_quoted = text.starts_with(['"', '\'', '|', '>', '&', '*', '#']);
        if is_quoted || !comment.starts_with(char::is_alphanumeric) {
            return;
        }

        let span = Span::new(start + text.len() + 1, start + line.trim_end().len());
        let message = format!("`{}` ends here: ` #` begins a comment", table.dotted(key));
        let diagnostic = Diagnostic::new(DiagnosticCode::CutText, message).at(self.source, span);
        self.diagnostics
            .push(diagnostic.hint(format!("put the whole text in quotes: `\"{}\"`", line.trim_end())));
    }

    /// Takes a key's value as [text](Self::take_text) and converts it. An error of `read` becomes a diagnostic.
    pub fn take_with<T>(
        &mut self,
        table: &mut YamlTable,
        key: &'static str,
        read: impl FnOnce(String) -> Result<T, String>,
    ) -> Option<T> {
        match read(self.take_text(table, key)?) {
            Ok(value) => Some(value),
            Err(message) => {
                self.report(table, key, message);
                None
            }
        }
    }

    /// Takes a key whose value is a mapping. An absent or invalid one is empty.
    pub fn table(&mut self, table: &mut YamlTable, key: &'static str) -> YamlTable {
        let entries = self.take::<Option<Mapping>>(table, key).flatten().unwrap_or_default();
        table.child(key, entries)
    }

    /// Takes all entries of a mapping whose keys the author chooses, in their order.
    ///
    /// Each value becomes a table. A value that is not a mapping is short for one with the single key `shorthand`.
    pub fn named(&mut self, table: &mut YamlTable, shorthand: &'static str) -> Vec<(String, YamlTable)> {
        let mut all = Vec::new();
        for (key, value) in std::mem::take(&mut table.entries) {
            let name = key_text(&key);
            let entries = match value {
                Value::Mapping(entries) => entries,
                Value::Null => Mapping::new(),
                value => Mapping::from_iter([(Value::from(shorthand), value)]),
            };
            let child = table.child(&name, entries);
            all.push((name, child));
        }
        all
    }

    /// Reports every key that was not taken as an unknown setting.
    pub fn deny_rest(&mut self, table: YamlTable) {
        for (name, _) in table.rest() {
            let hint = match nearest(&name, table.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: `{}`", table.known.join("`, `")),
            };
            let message = format!("there is no setting `{}`", table.dotted(&name));
            let diagnostic = Diagnostic::new(DiagnosticCode::UnknownSetting, message).hint(hint);
            self.diagnostics.push(diagnostic.at(self.source, self.key_span(&table, &name)));
        }
    }

    /// Takes the keys that are left, with a warning for each. `elsewhere` are keys of other tools, and what is written for
    /// them here; `sidebar.order` is the key `order` of a mapping.
    pub fn keep_rest(&mut self, table: YamlTable, elsewhere: &[(&str, &str)]) -> Vec<(String, Yaml)> {
        let rest = table.rest();
        for (name, value) in &rest {
            let known = elsewhere.iter().find(|(theirs, _)| {
                *theirs == name
                    || theirs
                        .split_once('.')
                        .is_some_and(|(outer, inner)| outer == name && value.get(inner).is_some())
            });
            let (written, hint) = match (known, nearest(name, table.known.iter().copied())) {
                (Some((theirs, ours)), _) => (*theirs, format!("here it is {ours}")),
                (None, Some(near)) => {
                    (name.as_str(), format!("did you mean `{near}`? It is kept in `extra`"))
                }
                (None, None) => (
                    name.as_str(),
                    "templates find it in `page.extra`; put it under `extra:` if that is what you mean"
                        .to_owned(),
                ),
            };
            let message = format!("`{written}` is not a key of bindery's");
            let diagnostic = Diagnostic::new(DiagnosticCode::UnknownKey, message).hint(hint);
            self.diagnostics.push(diagnostic.at(self.source, self.key_span(&table, name)));
        }
        rest
    }

    /// Reports an invalid value at a key's value.
    pub fn report(&mut self, table: &YamlTable, key: &str, message: impl Into<String>) {
        self.report_as(table, key, Diagnostic::new(DiagnosticCode::InvalidValue, message));
    }

    /// Reports any diagnostic at a key's value.
    pub fn report_as(&mut self, table: &YamlTable, key: &str, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic.at(self.source, self.value_span(table, key)));
    }

    /// Reports a diagnostic at the key whose value the table is.
    pub fn warn(&mut self, table: &YamlTable, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic.at(self.source, self.key_at(&table.path)));
    }

    /// Where a key's value is.
    pub fn value_span(&self, table: &YamlTable, key: &str) -> Span {
        match self.mark(&table.path_to(key)) {
            Some(mark) => self.token_at(self.offset(mark.value)),
            None => self.first_line(),
        }
    }

    fn key_span(&self, table: &YamlTable, key: &str) -> Span {
        self.key_at(&table.path_to(key))
    }

    fn key_at(&self, path: &[String]) -> Span {
        match self.mark(path) {
            Some(mark) => self.token_at(self.offset(mark.key)),
            None => self.first_line(),
        }
    }

    fn mark(&self, path: &[String]) -> Option<&Mark> {
        self.marks().get(path)
    }

    fn marks(&self) -> &Marks {
        self.marks.get_or_init(|| Marks::of(self.text()))
    }

    /// The offset in the source of a place in the YAML. A library may report a place after the end.
    fn offset(&self, (line, column): LineColumn) -> usize {
        let line = self.source.position(self.span.start).line + line.max(1) - 1;
        self.source.offset(line, column).min(self.span.end)
    }

    fn text(&self) -> &str {
        &self.source.text[self.span.start..self.span.end]
    }

    fn first_line(&self) -> Span {
        self.token_at(self.span.start)
    }

    /// Where text that does not parse has its error.
    fn error_span(&self, error: &serde_yaml::Error) -> Span {
        // `serde_yaml` rejects a key that is there twice, and reports the place of the mapping.
        if let Some((place, key)) = &self.marks().duplicate {
            let start = self.offset(*place);
            return Span::new(start, start + key.len());
        }

        let library = || error.location().map(|location| (location.line(), location.column()));
        match self.marks().error.or_else(library) {
            Some(place) => self.token_at(self.offset(place)),
            None => self.first_line(),
        }
    }

    /// The rest of the line at an offset, without a comment or trailing white space.
    fn token_at(&self, start: usize) -> Span {
        let rest = self.source.text[start..self.span.end.max(start)].lines().next().unwrap_or_default();
        let text = rest.split(" #").next().unwrap_or(rest).trim_end();
        Span::new(start, start + text.len())
    }
}

/// The library's message in words for authors, without the place, which the report shows.
fn message_of(error: &serde_yaml::Error) -> String {
    let text = error.to_string();
    let end = text.find(" at line ").unwrap_or(text.len());
    text[..end]
        .replace("expected i64", "expected a whole number")
        .replace("expected usize", "expected a whole number from 0")
        .replace("expected a YAML mapping", "expected `key: value` lines below it")
        .replace("expected any YAML value", "it contains a number that is too large; put it in quotes")
        .replace("expected a boolean", "expected `true` or `false`")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOK: &str = "title: 'A: b'\ncode:\n  light: {a: 1}\n  wrap: maybe # no\ntypo: x\n";

    fn source() -> Arc<Source> {
        Arc::new(Source::new("book.yaml", BOOK))
    }

    #[test]
    fn errors_have_their_places() {
        let source = source();
        let (mut reader, mut top) = YamlReader::new(&source, Span::new(0, BOOK.len()));
        assert_eq!(reader.take::<String>(&mut top, "title").as_deref(), Some("A: b"));
        let mut code = reader.table(&mut top, "code");
        assert_eq!(reader.take::<bool>(&mut code, "wrap"), None);
        assert_eq!(reader.take::<String>(&mut code, "light"), None);
        reader.deny_rest(code);
        top.known.push("type");
        reader.deny_rest(top);
        let shown: Vec<_> = reader
            .finish()
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.place.as_ref().expect("every diagnostic in YAML has a place");
                (diagnostic.code.name(), place.source.text[place.span.start..place.span.end].to_owned())
            })
            .collect();
        let expected =
            [("invalid-value", "maybe"), ("invalid-value", "{a: 1}"), ("unknown-setting", "typo: x")];
        assert_eq!(shown, expected.map(|(code, text)| (code, text.to_owned())));
    }

    #[test]
    fn text_is_taken_as_it_was_written() {
        let rest: String = (0..200).map(|n| format!("k{n}: {{v: 1.{n}0}}\n")).collect();
        let text = format!("a: 1.10\nb: [x]\nc: &x 0x1F # no\nd: *x\ne: true\nf: {{v: {{s: 007}}}}\n{rest}");
        let source = Arc::new(Source::new("book.yaml", text.as_str()));
        let (mut reader, mut top) = YamlReader::new(&source, Span::new(0, text.len()));
        for (key, written) in [("a", "1.10"), ("c", "0x1F"), ("d", "0x1F"), ("e", "true")] {
            assert_eq!(reader.take_text(&mut top, key).as_deref(), Some(written));
        }
        let mut inner = reader.table(&mut top, "f");
        for (name, mut table) in reader.named(&mut inner, "value") {
            assert_eq!((name.as_str(), reader.take_text(&mut table, "s").as_deref()), ("v", Some("007")));
        }
        assert_eq!(reader.take_text(&mut top, "b"), None);
        for (name, mut table) in reader.named(&mut top, "value") {
            let written = format!("1.{}0", &name[1..]);
            assert_eq!(reader.take_text(&mut table, "v"), Some(written));
        }
    }

    #[test]
    fn an_alias_bomb_is_an_error() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for n in 1..12 {
            let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
            text += &format!("a{n}: &a{n} [{aliases}]\n");
        }
        let source = Arc::new(Source::new("a.md", text.as_str()));
        let (reader, _) = YamlReader::new(&source, Span::new(0, text.len()));
        assert_eq!(reader.finish()[0].code, DiagnosticCode::InvalidYaml);
    }
}
