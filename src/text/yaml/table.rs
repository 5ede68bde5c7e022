//! A mapping of which the known keys are taken, and what is left at the end.

use serde_yaml::{Mapping, Value};

/// A mapping from which known keys are taken. The keys that are left at the end are unknown.
pub struct YamlTable {
    pub(super) entries: Mapping,
    /// The keys from the top to this mapping.
    pub(super) path: Vec<String>,
    /// The keys that were asked for.
    pub(super) known: Vec<&'static str>,
}

impl YamlTable {
    /// The mapping that everything else is in.
    pub(super) fn top(entries: Mapping) -> Self {
        YamlTable { entries, path: Vec::new(), known: Vec::new() }
    }

    /// Whether the mapping has a key.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Whether a key's value is a mapping.
    pub fn is_mapping(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(Value::is_mapping)
    }

    /// Takes a key's value out that is not used.
    pub fn leave_out(&mut self, key: &str) {
        self.entries.remove(key);
    }

    /// Takes a key's value; an empty one counts as absent.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.entries.remove(key).filter(|value| !value.is_null())
    }

    /// A mapping in this one.
    pub(super) fn child(&self, key: &str, entries: Mapping) -> YamlTable {
        YamlTable { entries, path: self.path_to(key), known: Vec::new() }
    }

    /// The keys from the top to a key of this mapping.
    pub(super) fn path_to(&self, key: &str) -> Vec<String> {
        let mut path = self.path.clone();
        path.push(key.to_owned());
        path
    }

    /// A key as authors name it: `code.wrap`.
    pub(super) fn dotted(&self, key: &str) -> String {
        self.path_to(key).join(".")
    }

    /// The entries that were not taken.
    pub(super) fn rest(&self) -> Vec<(String, Value)> {
        self.entries.iter().map(|(key, value)| (key_text(key), value.clone())).collect()
    }
}

/// A key as text. Keys that are not strings, such as `1:`, are written as YAML.
pub(super) fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim_end().to_owned(),
    }
}
