//! TOML as chapters of Hugo and Zola have it at their head, read as the same values as YAML.

use serde_yaml::{Mapping, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::marks::{LineColumn, Mark, Marks};

/// What is wrong with a text, and where.
pub(super) struct TomlError {
    pub(super) message: String,
    pub(super) at: usize,
}

/// Reads a text: its values, and where its keys and values are.
pub(super) fn read(text: &str) -> Result<(Mapping, Marks), TomlError> {
    let table = DeTable::parse(text).map_err(|error| TomlError {
        message: error.message().lines().next().unwrap_or_default().to_owned(),
        at: error.span().map_or(0, |span| span.start),
    })?;

    let mut reader = TomlReader { text, marks: Marks::default(), path: Vec::new() };
    let entries = reader.table(table.get_ref());
    Ok((entries, reader.marks))
}

/// Walks through the tables of a text.
struct TomlReader<'t> {
    text: &'t str,
    marks: Marks,
    /// The keys from the top to the current entry.
    path: Vec<String>,
}

impl TomlReader<'_> {
    fn table(&mut self, table: &DeTable<'_>) -> Mapping {
        let mut entries = Mapping::new();
        for (key, value) in table {
            self.path.push(key.get_ref().to_string());
            self.mark(key, value);
            entries.insert(Value::from(key.get_ref().as_ref()), self.value(value));
            self.path.pop();
        }
        entries
    }

    /// Takes note of where an entry is.
    fn mark(&mut self, key: &Spanned<impl AsRef<str>>, value: &Spanned<DeValue<'_>>) {
        let is_scalar = !matches!(value.get_ref(), DeValue::Array(_) | DeValue::Table(_));
        let mark = Mark {
            key: self.place(key.span().start),
            value: self.place(value.span().start),
            scalar: is_scalar.then(|| self.text[value.span()].into()),
        };
        self.marks.insert(self.path.clone(), mark);
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Value {
        let written = &self.text[value.span()];
        match value.get_ref() {
            DeValue::String(text) => Value::from(text.as_ref()),
            DeValue::Boolean(value) => Value::from(*value),
            // In a base or with separators that YAML does not have, a number is its text.
            DeValue::Integer(_) => written.parse::<i64>().map_or_else(|_| Value::from(written), Value::from),
            DeValue::Float(_) => written.parse::<f64>().map_or_else(|_| Value::from(written), Value::from),
            DeValue::Datetime(_) => Value::from(written),
            DeValue::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            DeValue::Table(table) => Value::Mapping(self.table(table)),
        }
    }

    /// The line and the column of an offset.
    fn place(&self, at: usize) -> LineColumn {
        let before = &self.text[..at.min(self.text.len())];
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}
