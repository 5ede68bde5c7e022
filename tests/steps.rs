//! Chapters that are followed on machines that are not real: what is done, in which order, and what comes of it.
//!
//! A file in `tests/steps/` is a text archive with chapters, perhaps a `book.yaml`, and a `machine` for
//! each machine, with its name where there are several. It has commands, each after `$ `, with what they print, what they ask
//! after `? `, and a line `=> ` with how they end: a status, and where the terminal is then (`in /srv`, `venv /srv/venv`, `enter root@server`,
//! `leave`, `refused example.org`); or `asks >>>`, `goes on`, `too long`, `screen`, `unanswered`, `incomplete`, `stuck`, `closed`. A machine then `reboots` or is `off`. Of a command that is
//! there twice, each result is for one time. A command that is not there fails with status 127. `UPDATE=1` writes the
//! `report`: what the machines were asked, the verdict of each step at its line, and what is wrong.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bindery::parse::Options;
use bindery::parse::step_options::Until;
use bindery::proof::code::CodeReading;
use bindery::proof::marks::CommandEnd;
use bindery::proof::masks::Masks;
use bindery::proof::plan;
use bindery::proof::run::{self, AfterFault, BookState, ProofContext};
use bindery::proof::shell::{
    AnswerTo, CommandResult, Ending, Login, NetworkRefusal, PowerState, ProofMachines, ProofShell, TypedInput,
};
use bindery::proof::steps::ChapterPlan;
use bindery::text::Digest;
use bindery::text::report::{self, Colour};
use bindery::write::Document;
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
    let mut machines = ScriptedMachines::default();
    let book = Book::new();
    for file in files {
        let (kind, rest) = file.name.split_once([' ', ':']).unwrap_or((&file.name, ""));
        match kind {
            "machine" if file.name.contains(':') => {
                machines.world().files.insert(rest.to_owned(), file.text.clone());
            }
            "machine" => machines.read_commands(rest, &file.text),
            path => book.write(path, &file.text),
        }
    }

    let (_, edition) = book.edition();
    let config = &edition.config;
    machines.names = config.machines.iter().map(|machine| machine.name.clone()).collect();
    let options = Options::new(config);
    let with = CodeReading { options: &options, settings: &config.proof };
    let plans: Vec<_> =
        edition.documents.iter().map(|document| plan::of_source(&document.source, config, with)).collect();
    for (plan, document) in plans.iter().zip(&edition.documents) {
        assert_same_blocks(plan, document);
    }
    let masks = Masks::new(&config.proof.varies);
    let context = ProofContext {
        machines: &config.machines,
        answers: &config.proof.answers,
        masks: &masks,
        after_fault: AfterFault::GoOn,
    };
    let mut book = BookState::default();
    let follow = |plan| (plan, run::follow(plan, context, &mut machines, &mut book, &mut |_| {}));
    let proven: Vec<_> = plans.iter().map(follow).collect();

    let mut found = machines.world().asked.concat();
    for (plan, proven) in &proven {
        let line = |step: usize| plan.source.position(plan.steps[step].span.start).line;
        let name = if plans.len() > 1 { format!("{} ", plan.source.path) } else { String::new() };
        for (number, outcome) in proven.outcomes.iter().enumerate() {
            let reason =
                plan.steps[number].fate.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
            let because = outcome.because.map(|step| format!(": line {}", line(step))).unwrap_or_default();
            found += &format!("{name}line {} {}{reason}{because}\n", line(number), outcome.verdict.name());
        }
        for diagnostic in proven.diagnostics(plan) {
            let shown = report::human(&diagnostic, Colour::Plain);
            found.extend(shown.lines().map(|line| format!("{}\n", line.trim_end())));
        }
    }
    found
}

/// Checks that the steps of tests are in the blocks that pages know: a record of the one is about the other.
fn assert_same_blocks(plan: &ChapterPlan, document: &Document) {
    let mut planned: Vec<(Digest, usize)> = Vec::new();
    for digest in plan.steps.iter().filter_map(|step| step.block) {
        match planned.last_mut().filter(|(last, _)| *last == digest) {
            Some((_, steps)) => *steps += 1,
            None => planned.push((digest, 1)),
        }
    }
    let shown: Vec<_> = document.steps.iter().map(|block| (block.digest, block.steps)).collect();
    assert_eq!((planned, plan.end), (shown, document.steps_end), "{}", plan.source.path);
}

/// Machines that do what a test says.
#[derive(Clone, Default)]
struct ScriptedMachines {
    names: Vec<String>,
    world: Arc<Mutex<World>>,
}

/// What the machines know.
#[derive(Default)]
struct World {
    /// The results of commands, by the machine and the command.
    commands: BTreeMap<(String, String), VecDeque<ScriptedResult>>,
    files: BTreeMap<String, String>,
    /// What becomes of the machine that is turned off next.
    power: Option<PowerState>,
    asked: Vec<String>,
    terminals: usize,
    /// What the network has not let through in this step.
    refused: Vec<NetworkRefusal>,
}

#[derive(Clone, Default)]
struct ScriptedResult {
    questions: Vec<String>,
    output: String,
    ending: String,
}

struct ScriptedShell {
    machines: ScriptedMachines,
    /// The number of the terminal, and its shells: users, machines and folders.
    number: usize,
    shells: Vec<CommandEnd>,
}

impl ScriptedMachines {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test panics with it")
    }

    fn read_commands(&self, machine: &str, text: &str) {
        let (mut script, mut result) = (String::new(), ScriptedResult::default());
        for line in text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                script = command.replace("\\n", "\n");
            } else if let Some(question) = line.strip_prefix("? ") {
                result.questions.push(question.to_owned());
            } else if let Some(ending) = line.strip_prefix("=> ") {
                ending.clone_into(&mut result.ending);
                let key = (machine.to_owned(), script.clone());
                let done = std::mem::take(&mut result);
                self.world().commands.entry(key).or_default().push_back(done);
            } else {
                result.output += &format!("{}{line}", if result.output.is_empty() { "" } else { "\n" });
            }
        }
    }

    fn note(&self, asked: String) {
        self.world().asked.push(asked + "\n");
    }

    /// The name of a machine; empty, if there is one without a name.
    fn name(&self, machine: usize) -> String {
        self.names.get(machine).cloned().unwrap_or_default()
    }
}

/// A shell of a user on a machine.
fn place(user: &str, host: &str, process: usize) -> CommandEnd {
    let home = if user == "root" { "/root".to_owned() } else { format!("/home/{user}") };
    CommandEnd {
        status: 0,
        user: user.to_owned(),
        host: host.to_owned(),
        process: process.to_string(),
        environment: String::new(),
        folder: home.clone(),
        home,
    }
}

impl ProofMachines for ScriptedMachines {
    fn shell(&mut self, at: &Login<'_>) -> Result<Box<dyn ProofShell>, String> {
        let (user, name) = (at.user.unwrap_or("sam"), self.name(at.machine));
        let number = {
            let mut world = self.world();
            world.terminals += 1;
            world.terminals
        };
        let on = if name.is_empty() { String::new() } else { format!(" on {name} for {user}") };
        self.note(format!("{number}: a terminal{on}"));
        if user == "nobody" {
            return Err("there is no such user".to_owned());
        }
        Ok(Box::new(ScriptedShell {
            machines: self.clone(),
            number,
            shells: vec![place(user, &name, number)],
        }))
    }

    fn read(&mut self, _: usize, path: &str) -> Result<Option<String>, String> {
        Ok(self.world().files.get(path).cloned())
    }

    fn write(&mut self, at: &Login<'_>, path: &str, text: &str) -> Result<(), String> {
        if path.starts_with("/proc/") {
            return Err("it is read-only".to_owned());
        }
        let name = self.name(at.machine);
        let on = if name.is_empty() { String::new() } else { format!("on {name} ") };
        self.note(format!("{on}write {path} {text:?}"));
        self.world().files.insert(path.to_owned(), text.to_owned());
        Ok(())
    }

    fn get(&mut self, machine: usize, url: &str) -> Result<String, String> {
        self.note(format!("get {url}"));
        let key = (self.name(machine), format!("get {url}"));
        let page = self.world().commands.get(&key).map(|results| results[0].output.clone());
        page.ok_or_else(|| "connection refused".to_owned())
    }

    fn settle(&mut self, machine: usize) -> Result<PowerState, String> {
        self.note(format!("wait for {}", self.name(machine)));
        Ok(self.world().power.take().unwrap_or(PowerState::Running))
    }

    fn pause(&mut self) {
        self.note("wait".to_owned());
    }

    fn begin_step(&mut self) {
        self.world().refused.clear();
    }

    fn refused(&mut self) -> Vec<NetworkRefusal> {
        self.world().refused.clone()
    }
}

impl ScriptedShell {
    /// Plays the result of a command.
    fn play(&mut self, script: &str, answer: &mut AnswerTo<'_>) -> CommandResult {
        let host = self.place().host.clone();
        let result = {
            let mut world = self.machines.world();
            match world.commands.get_mut(&(host, script.to_owned())) {
                Some(results) if results.len() > 1 => results.pop_front().unwrap_or_default(),
                Some(results) => results[0].clone(),
                None => {
                    let (output, ending) = ("command not found".to_owned(), "127".to_owned());
                    ScriptedResult { output, ending, ..ScriptedResult::default() }
                }
            }
        };

        let mut output = Vec::new();
        for question in &result.questions {
            let Some(typed) = answer(question) else {
                return CommandResult {
                    output: question.clone(),
                    ending: Ending::TooLong { is_stopped: true },
                };
            };
            self.machines.note(format!("{}: answer {question:?} with {typed:?}", self.number));
            // A password is not shown.
            let shown = if question.contains("assword") { "" } else { typed.as_str() };
            output.push(format!("{} {shown}", question.trim_end()).trim_end().to_owned());
        }
        output.extend((!result.output.is_empty()).then_some(result.output));
        CommandResult { output: output.join("\n"), ending: self.ending(&result.ending) }
    }

    fn ending(&mut self, words: &str) -> Ending {
        match words {
            "too long" => return Ending::TooLong { is_stopped: true },
            "incomplete" => return Ending::Incomplete { is_stopped: true },
            "unanswered" => return Ending::Unanswered { is_stopped: true },
            "screen" => return Ending::Screen { is_left: true },
            "stuck" => return Ending::TooLong { is_stopped: false },
            "closed" => return Ending::Closed,
            "goes on" => return Ending::GoesOn,
            words if words.starts_with("asks ") => return Ending::Asks(words["asks ".len()..].to_owned()),
            _ => {}
        }

        let mut words = words.split_whitespace();
        let status = words.next().and_then(|status| status.parse().ok()).expect("a status");
        while let Some(word) = words.next() {
            match word {
                "venv" => words.next().expect("a folder").clone_into(&mut self.top().environment),
                "in" => words.next().expect("a folder").clone_into(&mut self.top().folder),
                "enter" => {
                    let (user, host) = words.next().and_then(|who| who.split_once('@')).expect("a user");
                    let process = 100 * self.number + self.shells.len();
                    self.shells.push(place(user, host, process));
                }
                "leave" => drop(self.shells.pop()),
                "reboots" => self.machines.world().power = Some(PowerState::Rebooted),
                "off" => self.machines.world().power = Some(PowerState::Off),
                "refused" => {
                    let host = words.next().expect("a host").to_owned();
                    self.machines.world().refused.push(NetworkRefusal::NotAllowed { host });
                }
                word => panic!("`{word}` is no ending"),
            }
        }
        Ending::Ended(CommandEnd { status, ..self.place().clone() })
    }

    fn top(&mut self) -> &mut CommandEnd {
        self.shells.last_mut().expect("a shell")
    }
}

impl ProofShell for ScriptedShell {
    fn run(&mut self, typed: &TypedInput<'_>, answer: &mut AnswerTo<'_>) -> CommandResult {
        let until = typed.until.map(|until| match until {
            Until::Printed(text) => format!(", until {text:?}"),
            Until::Seconds(seconds) => format!(", until {seconds} s"),
        });
        let limit = match typed.limit.as_secs() {
            120 => String::new(),
            limit => format!(", at most {limit} s"),
        };
        let typed_text =
            format!("{}: type {:?}{limit}{}", self.number, typed.script, until.unwrap_or_default());
        self.machines.note(typed_text);
        self.play(typed.script, answer)
    }

    fn edit(&mut self, typed: &TypedInput<'_>, text: &str, answer: &mut AnswerTo<'_>) -> CommandResult {
        self.machines.note(format!("{}: type {:?}, and in the editor {text:?}", self.number, typed.script));
        let result = self.play(typed.script, answer);
        if result.ending == Ending::GoesOn {
            let path = typed.script.split(' ').next_back().unwrap_or_default();
            let path = if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("{}/{path}", self.place().folder)
            };
            self.machines.world().files.insert(path, text.to_owned());
            return CommandResult { ending: Ending::Ended(self.place().clone()), ..result };
        }
        CommandResult { ending: Ending::NoEditor, ..result }
    }

    fn listen(&mut self, time: Duration) -> CommandResult {
        self.machines.note(format!("{}: listen for {} ms", self.number, time.as_millis()));
        CommandResult { output: String::new(), ending: Ending::TooLong { is_stopped: false } }
    }

    fn stop(&mut self) -> CommandResult {
        self.machines.note(format!("{}: stop", self.number));
        CommandResult { output: String::new(), ending: Ending::Ended(self.place().clone()) }
    }

    fn place(&self) -> &CommandEnd {
        self.shells.last().expect("a shell")
    }
}
