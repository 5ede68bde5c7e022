//! Machines: the computers of the tutorial, as `book.yaml` declares them.
//!
//! A console session says by its prompt on which of them it runs: `keeper@server:~$ ` on the machine called `server`,
//! or on the one that has `server` among its hosts. A prompt without a name (`$ `) is that of the chapter's machine,
//! else of the first one.

use super::placeholder::OneOrMore;
use crate::text::yaml::{YamlReader, YamlTable};

/// A computer of the tutorial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Machine {
    /// What chapters and code blocks call it.
    pub name: String,
    /// What readers call it.
    pub label: String,
    /// The names that its prompts can have besides its own.
    pub hosts: Vec<String>,
}

impl Machine {
    /// Reads the settings of a machine.
    pub(super) fn read(reader: &mut YamlReader<'_>, name: String, mut table: YamlTable) -> Self {
        let label = reader.take_text(&mut table, "label").filter(|label| !label.trim().is_empty());
        let hosts =
            reader.take::<OneOrMore>(&mut table, "host").map(OneOrMore::into_list).unwrap_or_default();
        reader.deny_rest(table);
        Machine { label: label.unwrap_or_else(|| name.clone()), name, hosts }
    }

    /// Whether a prompt with this host is one of it.
    pub fn is_host(&self, host: &str) -> bool {
        self.name.eq_ignore_ascii_case(host) || self.hosts.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}
