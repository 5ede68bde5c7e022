//! How a book is tested: the setting `proof`.

use std::collections::BTreeMap;

use super::placeholder::Placeholder;
use crate::text::nearest;
use crate::text::yaml::{YamlReader, YamlTable};

/// How a book is tested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProofSettings {
    /// The values of placeholders, by their names.
    pub values: BTreeMap<String, String>,
    /// The names of the tabs that are followed; where there is none of them, it is the first.
    pub tabs: Vec<String>,
}

impl ProofSettings {
    /// Reads the setting. Values are for the placeholders that the book declares.
    pub(super) fn read(
        reader: &mut YamlReader<'_>,
        mut table: YamlTable,
        placeholders: &[(String, Placeholder)],
    ) -> Self {
        let mut values = BTreeMap::new();
        let mut given = reader.table(&mut table, "values");
        for (name, mut settings) in reader.named(&mut given, "value") {
            let value = reader.take_text(&mut settings, "value");
            if !placeholders.iter().any(|(known, _)| *known == name) {
                let known = placeholders.iter().map(|(known, _)| known.as_str());
                let near = nearest(&name, known).map(|near| format!("; did you mean `{near}`?"));
                let message = format!("no placeholder is called `{name}`{}", near.unwrap_or_default());
                reader.report(&given, &name, message);
            }
            values.extend(value.map(|value| (name, value)));
            reader.deny_rest(settings);
        }

        let tabs = reader.take(&mut table, "tabs").unwrap_or_default();
        reader.deny_rest(table);
        ProofSettings { values, tabs }
    }
}
