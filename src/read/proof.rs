//! How a book is tested: the setting `proof`.

use std::collections::BTreeMap;

use super::machine_image::MachineImage;
use super::placeholder::Placeholder;
use super::proof_network::ProofNetwork;
use crate::text::nearest;
use crate::text::yaml::{YamlReader, YamlTable};

/// How a book is tested.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProofSettings {
    /// The image of the container.
    pub image: MachineImage,
    /// What the machines can reach.
    pub network: ProofNetwork,
    /// What may be another one than the chapter shows.
    pub varies: Vec<Varying>,
    /// The values of placeholders, by their names.
    pub values: BTreeMap<String, String>,
    /// Whether code of a shell is typed that has no prompts.
    pub scripts: ScriptSetting,
    /// The names of the tabs that are followed; where there is none of them, it is the first.
    pub tabs: Vec<String>,
    /// What is typed where a program asks: a part of the question, and the answer, in the author's order.
    pub answers: Vec<(String, String)>,
}

/// What may be another one each time that a command runs, the more special kinds first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Varying {
    /// `2026-11-28`, `Nov 28`
    Date,
    /// `203.0.113.7`, but not `127.0.0.1`
    Address,
    /// `10:22:33`
    Time,
    /// `3f2a9bc`, and a place in memory: `0x7f36e4c456d8`
    Hash,
    /// `3.12.3`
    Version,
    /// `12.3 MB`
    Size,
    /// `1.5 s`
    Duration,
    /// `[4711]`, `pid 4711`
    Pid,
}

impl Varying {
    /// All kinds.
    pub const ALL: &[Varying] = &[
        Varying::Date,
        Varying::Address,
        Varying::Time,
        Varying::Hash,
        Varying::Version,
        Varying::Size,
        Varying::Duration,
        Varying::Pid,
    ];

    /// What authors call it.
    pub fn name(self) -> &'static str {
        match self {
            Varying::Date => "date",
            Varying::Time => "time",
            Varying::Address => "address",
            Varying::Hash => "hash",
            Varying::Version => "version",
            Varying::Size => "size",
            Varying::Duration => "duration",
            Varying::Pid => "pid",
        }
    }
}

/// What is done with code of a shell that has no prompts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScriptSetting {
    /// Nothing: it may be the text of a script.
    #[default]
    Leave,
    /// It is typed, if all of it looks like commands.
    Type,
}

/// The image of a book that names none: with Python and git, for a tutorial about either.
const IMAGE: &str = "docker.io/library/python:3";

impl Default for ProofSettings {
    fn default() -> Self {
        ProofSettings {
            image: default_image(),
            network: ProofNetwork::Open,
            varies: Varying::ALL.to_vec(),
            values: BTreeMap::new(),
            scripts: ScriptSetting::default(),
            tabs: Vec::new(),
            answers: Vec::new(),
        }
    }
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
        let scripts = reader.take_with(&mut table, "scripts", scripts).unwrap_or_default();
        let answers = answers(reader, &mut table);
        let image = reader.take_with(&mut table, "image", MachineImage::read).unwrap_or_else(default_image);
        let network = ProofNetwork::take(reader, &mut table);
        let varies = varies(reader, &mut table);
        reader.deny_rest(table);
        ProofSettings { image, network, varies, values, scripts, tabs, answers }
    }
}

fn default_image() -> MachineImage {
    MachineImage::Named(IMAGE.to_owned())
}

/// Reads the answers to questions. An empty one is the key Enter.
fn answers(reader: &mut YamlReader<'_>, table: &mut YamlTable) -> Vec<(String, String)> {
    let mut given = reader.table(table, "answers");
    let mut answers = Vec::new();
    for (question, mut settings) in reader.named(&mut given, "answer") {
        let answer = reader.take_text(&mut settings, "answer").unwrap_or_default();
        reader.deny_rest(settings);
        answers.push((question, answer));
    }
    answers
}

fn scripts(word: String) -> Result<ScriptSetting, String> {
    match word.as_str() {
        "leave" => Ok(ScriptSetting::Leave),
        "type" => Ok(ScriptSetting::Type),
        _ => Err(format!("`{word}` is not `leave` or `type`")),
    }
}

/// Reads the kinds of what may vary; all of them, if there is no such list.
fn varies(reader: &mut YamlReader<'_>, table: &mut YamlTable) -> Vec<Varying> {
    let Some(names) = reader.take::<Vec<String>>(table, "varies") else { return Varying::ALL.to_vec() };
    let mut kinds = Vec::new();
    for name in names {
        match Varying::ALL.iter().find(|kind| kind.name() == name) {
            Some(kind) => kinds.push(*kind),
            None => {
                let known = Varying::ALL.iter().map(|kind| kind.name());
                let message = match nearest(&name, known.clone()) {
                    Some(near) => format!("`{name}` is nothing that varies; did you mean `{near}`?"),
                    None => format!(
                        "`{name}` is nothing that varies; there are `{}`",
                        known.collect::<Vec<_>>().join("`, `")
                    ),
                };
                reader.report(table, "varies", message);
            }
        }
    }
    kinds
}
