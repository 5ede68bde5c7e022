//! Chapters that are followed on a machine that is not real: what is done, in which order, and what comes of it.
//!
//! A file in `tests/steps/` is a text archive with the chapter `content/index.md`, perhaps a `book.yaml`, and a `machine`:
//! its commands, each after `$ `, with what they print and a line `=> ` with their status, `too long`, `stuck` or `closed`. A command
//! that it does not know fails with status 127. `UPDATE=1` writes the `report`: what the machine was asked, the verdict of
//! each step at its line, and what is wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bindery::parse::Options;
use bindery::proof::code::CodeReading;
use bindery::proof::marks::CommandEnd;
use bindery::proof::masks::Masks;
use bindery::proof::plan;
use bindery::proof::run;
use bindery::proof::shell::{CommandResult, Ending, ProofMachine, ProofShell};
use bindery::text::report::{self, Colour};
use libtest_mimic::{Failed, Trial};

use crate::support::{self, Book, Entry};

/// A test for each file.
pub fn tests() -> Vec<Trial> {
    let case =
        |(name, text): (String, String)| Trial::test(format!("steps::{name}"), move || check(&name, &text));
    support::cases("steps").into_iter().map(case).collect()
}

fn check(name: &str, text: &str) -> Result<(), Failed> {
    let (_, mut files) = support::archive(text);
    let report = files.pop().filter(|file| file.name == "report").ok_or("the last file is `report`")?;
    let found = followed(&files);

    if std::env::var_os("UPDATE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/steps").join(format!("{name}.txt"));
        let kept = text.strip_suffix(&*report.text).ok_or("the report is at the end")?;
        return Ok(fs::write(path, format!("{kept}{found}"))?);
    }
    match found == report.text {
        true => Ok(()),
        false => Err(support::difference(&report.text, &found).into()),
    }
}

/// Follows the chapter of an archive, and says what came of it.
fn followed(files: &[Entry]) -> String {
    let mut machine = ScriptedMachine::default();
    let book = Book::new();
    for file in files {
        match file.name.as_str() {
            "machine" => machine.read_commands(&file.text),
            path if path.starts_with("machine:") => {
                machine.files.insert(path["machine:".len()..].to_owned(), file.text.clone());
            }
            path => book.write(path, &file.text),
        }
    }

    let (_, edition) = book.edition();
    let options = Options::new(&edition.config);
    let with = CodeReading { options: &options, settings: &edition.config.proof };
    let plan = plan::of_source(&edition.documents[0].source, &edition.config, with);
    let proven = run::follow(&plan, &mut machine, &Masks::new(&edition.config.proof.varies));

    let mut found = machine.asked.lock().expect("no test panics with it").concat();
    for (step, verdict) in plan.steps.iter().zip(&proven.verdicts) {
        let line = plan.source.position(step.span.start).line;
        let reason = step.fate.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
        found += &format!("line {line} {}{reason}\n", verdict.name());
    }
    for diagnostic in &proven.diagnostics {
        let shown = report::human(diagnostic, Colour::Plain);
        found.extend(shown.lines().map(|line| format!("{}\n", line.trim_end())));
    }
    found
}

/// What a machine knows.
#[derive(Clone, Default)]
struct ScriptedMachine {
    commands: BTreeMap<String, CommandResult>,
    files: BTreeMap<String, String>,
    asked: Arc<Mutex<Vec<String>>>,
}

struct ScriptedShell {
    machine: ScriptedMachine,
}

impl ScriptedMachine {
    fn read_commands(&mut self, text: &str) {
        let (mut script, mut output) = (String::new(), Vec::new());
        for line in text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                script = command.replace("\\n", "\n");
            } else if let Some(ending) = line.strip_prefix("=> ") {
                let result = CommandResult { output: output.join("\n"), ending: ending_of(ending) };
                self.commands.insert(script.clone(), result);
                output.clear();
            } else {
                output.push(line);
            }
        }
    }

    fn note(&self, asked: String) {
        self.asked.lock().expect("no test panics with it").push(asked + "\n");
    }
}

fn ending_of(words: &str) -> Ending {
    match words {
        "too long" => Ending::TooLong { is_stopped: true },
        "stuck" => Ending::TooLong { is_stopped: false },
        "closed" => Ending::Closed,
        status => {
            Ending::Ended(CommandEnd { status: status.parse().expect("a status"), ..CommandEnd::default() })
        }
    }
}

impl ProofMachine for ScriptedMachine {
    fn shell(&mut self) -> Result<Box<dyn ProofShell>, String> {
        self.note("a terminal".to_owned());
        Ok(Box::new(ScriptedShell { machine: self.clone() }))
    }

    fn read(&mut self, path: &str) -> Result<Option<String>, String> {
        Ok(self.files.get(path).cloned())
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), String> {
        if path.starts_with("/proc/") {
            return Err("it is read-only".to_owned());
        }
        self.note(format!("write {path} {text:?}"));
        self.files.insert(path.to_owned(), text.to_owned());
        Ok(())
    }
}

impl ProofShell for ScriptedShell {
    fn run(&mut self, script: &str, limit: Duration) -> CommandResult {
        self.machine.note(format!("type {script:?}, at most {} s", limit.as_secs()));
        let unknown = || CommandResult { output: "command not found".to_owned(), ending: ending_of("127") };
        self.machine.commands.get(script).cloned().unwrap_or_else(unknown)
    }

    fn folder(&self) -> &str {
        "/home/sam"
    }
}
