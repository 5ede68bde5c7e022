//! The options of parsing: what of the settings a chapter depends on.

use std::collections::BTreeMap;

use crate::read::Placeholder;
use crate::read::config::{Config, SourceSettings};
use crate::read::config_values::Visibility;
use crate::read::proof::ScriptSetting;

/// What of the settings a chapter depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Whether TODO lists are written.
    pub todo: Visibility,
    /// Whether the author's notes are written.
    pub notes: Visibility,
    /// What begins an author's comment in a console session.
    pub comment: Option<String>,
    /// Whether text between dollar signs is math.
    pub math: bool,
    /// The language whose rules prose is set by, if it is.
    pub typography: Option<String>,
    /// Whether code wraps unless a block says otherwise.
    pub wrap: bool,
    /// How many lines of code are shown unfolded.
    pub fold: Option<usize>,
    /// The declared placeholders with their names.
    pub placeholders: Vec<(String, Placeholder)>,
    /// The values that tests have for placeholders.
    pub values: BTreeMap<String, String>,
    /// The names of the machines.
    pub machines: Vec<String>,
    /// Whether tests type code of a shell that has no prompts.
    pub scripts: ScriptSetting,
    /// The names of the tabs that tests follow.
    pub tabs: Vec<String>,
    /// Where code blocks are copied from, by name.
    pub sources: Vec<(String, SourceSettings)>,
}

impl Options {
    /// Takes from the settings what parsing depends on.
    pub fn new(config: &Config) -> Self {
        Options {
            todo: config.todo,
            notes: config.notes,
            comment: config.code.comment.clone(),
            math: config.math,
            typography: config.typography.then(|| config.language.clone()),
            wrap: config.code.wrap,
            fold: config.code.fold,
            placeholders: config.placeholders.clone(),
            values: config.proof.values.clone(),
            machines: config.machines.iter().map(|machine| machine.name.clone()).collect(),
            scripts: config.proof.scripts,
            tabs: config.proof.tabs.clone(),
            sources: config.sources.clone().into_iter().collect(),
        }
    }

    /// What tests fill a placeholder with: their own value, else the default, else the example.
    pub fn value(&self, placeholder: &str) -> Option<&str> {
        let declared = || self.placeholders.iter().find(|(name, _)| name == placeholder);
        let value = self.values.get(placeholder).or_else(|| {
            let (_, placeholder) = declared()?;
            placeholder.default.as_ref().or(placeholder.example.as_ref())
        });
        value.map(String::as_str)
    }
}
