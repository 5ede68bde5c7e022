//! What is wrong with a step, as diagnostics: at the line of the chapter, with the terminal's place and what was printed.

use std::sync::Arc;
use std::time::Duration;

use super::expect::{self, Comparison};
use super::marks::CommandEnd;
use super::masks::Masks;
use super::output_diff;
use super::patch::Misfit;
use super::question;
use super::seat::short_folder;
use super::shell::NetworkRefusal;
use super::steps::{PrintedLines, TutorialStep};
use super::terminals::OpenTerminal;
use crate::read::Machine;
use crate::text::{Diagnostic, DiagnosticCode, Source};

/// The most lines of output that a report shows.
const MOST_LINES: usize = 16;

/// The most hosts that a report names.
const MOST_HOSTS: usize = 5;

/// Where a step is done, for reports.
#[derive(Clone, Debug, Default)]
pub struct StepPlace {
    /// The machine.
    pub machine: usize,
    /// The shell.
    pub shell: CommandEnd,
    /// `on `server` as `keeper` in `~/app``.
    pub note: String,
}

impl StepPlace {
    /// The place of a terminal.
    pub fn of(terminal: &OpenTerminal, machines: &[Machine]) -> Self {
        let (machine, shell) = terminal.at();
        let on = machines.get(machine).map(|machine| format!("on `{}` ", machine.name)).unwrap_or_default();
        let note = format!("{on}as `{}` in `{}`", shell.user, short_folder(shell));
        StepPlace { machine, shell: shell.clone(), note }
    }
}

/// Makes the diagnostics of a chapter.
#[derive(Clone, Copy)]
pub struct Faults<'c> {
    /// The chapter.
    pub source: &'c Arc<Source>,
    /// What may vary in output.
    pub masks: &'c Masks,
}

impl Faults<'_> {
    /// A step that fails.
    pub fn failed(&self, step: &TutorialStep, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(DiagnosticCode::FailedStep, message).at(self.source, step.span)
    }

    /// A block with `diff` that does not fit.
    pub fn unfit(&self, step: &TutorialStep, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(DiagnosticCode::FailedDiff, message).at(self.source, step.span)
    }

    /// A part of such a block.
    pub fn misfit(&self, step: &TutorialStep, path: &str, misfit: &Misfit) -> Diagnostic {
        let message = format!("this does not fit `{path}` as it is here");
        let mut diagnostic = self.unfit(step, message).at(self.source, misfit.span).hint(misfit.hint);
        diagnostic.notes.extend(misfit.note.clone());
        diagnostic
    }

    /// A prompt that says something else than the terminal has.
    pub fn prompt(&self, step: &TutorialStep, message: String) -> Diagnostic {
        Diagnostic::new(DiagnosticCode::DifferingPrompt, message).at(self.source, step.span)
    }

    /// A command that goes on longer than it may.
    pub fn too_long(
        &self,
        step: &TutorialStep,
        limit: Duration,
        output: &str,
        is_stopped: bool,
    ) -> Diagnostic {
        let message = format!("this command did not end in {} s", limit.as_secs());
        let diagnostic = match is_stopped {
            true => self.failed(step, message),
            false => self.failed(step, format!("{message}, and cannot be stopped")),
        };
        let last = output.lines().last().unwrap_or_default().trim_end();
        let hint = match last.ends_with([':', '?', ']', ')', '>']) {
            true => "if it asks something, the setting `answers` in `proof` says what is typed",
            false => {
                "`timeout=` in the info string gives it more time; `until=` says that it goes on running"
            }
        };
        diagnostic.note(printed(output)).hint(hint)
    }

    /// A command that asks for a password that is not known, or for yes or no.
    pub fn unanswered(&self, step: &TutorialStep, output: &str) -> Diagnostic {
        let (message, hint) = match output.lines().last().is_some_and(question::is_choice) {
            true => (
                "this asks for yes or no, and the answer is not known",
                "the setting `answers` in `proof` says what is typed, or the text does, after the question",
            ),
            false => (
                "this asks for a password that is not known",
                "the setting `answers` in `proof`, or `login` of the machine, says what is typed",
            ),
        };
        self.failed(step, message).note(printed(output)).hint(hint)
    }

    /// A command that has not ended for the shell.
    pub fn incomplete(&self, step: &TutorialStep) -> Diagnostic {
        let hint = "write the rest of the command below it, or `skip=` in the info string";
        let message = "the shell waits for more of this command: a quote, a bracket or a pipe is open";
        self.failed(step, message).hint(hint)
    }

    /// A command that shows a screen and waits for keys that nobody knows.
    pub fn screen(&self, step: &TutorialStep) -> Diagnostic {
        let message = "this shows a screen of its own, and the chapter does not say what is typed there";
        let hint = "after `nano FILE`, show the text of the file in a block; `skip=` in the info string leaves it out";
        self.failed(step, message).hint(hint)
    }

    /// Output that is not as the chapter shows it; none if it is.
    pub fn output(&self, shown: &PrintedLines, output: &str) -> Option<Diagnostic> {
        let Comparison::Differs { at } = expect::compare(&shown.text, output, self.masks) else {
            return None;
        };

        let last = shown.text.trim_end().lines().count().saturating_sub(1);
        let span = shown.spans.get(at.min(last)).copied().unwrap_or_default();
        let message = match at <= last {
            true => "this is not what the command prints",
            false => "the command prints more than this",
        };
        let note = match output.trim().is_empty() {
            true => printed(output),
            false => format!("shown and printed:\n{}", output_diff::lines(&shown.text, output, self.masks)),
        };
        let hint = "a line of `…` stands for lines that are left out, and `…` in a line for any text";
        let diagnostic = Diagnostic::new(DiagnosticCode::DifferingOutput, message);
        Some(diagnostic.at(self.source, span).note(note).hint(hint))
    }
}

/// Says what the network did not let through while a step was done, and how it is allowed.
pub fn say_refused(fault: &mut Diagnostic, refused: &[NetworkRefusal]) {
    let not_allowed: Vec<&str> = refused.iter().filter_map(not_allowed).collect();
    if let [first, ..] = *not_allowed {
        fault.hint = Some(format!("to allow it, add `{first}` to the list `network` in `proof`"));
        fault.notes.push(format!("the network of this book does not allow {}", in_list(&not_allowed)));
    } else if refused.iter().any(|refusal| matches!(refusal, NetworkRefusal::Protocol { .. })) {
        fault.hint = Some("use a URL that begins with `https://`, or write `network: open`".to_owned());
    }

    let others = refused.iter().filter_map(said_of_one);
    fault.notes.extend(others.take(MOST_HOSTS));
}

/// The host of a refusal that is for its name.
fn not_allowed(refusal: &NetworkRefusal) -> Option<&str> {
    match refusal {
        NetworkRefusal::NotAllowed { host } => Some(host),
        _ => None,
    }
}

/// Names, the first of them if there are many.
fn in_list(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_HOSTS).map(|name| format!("`{name}`")).collect();
    let left = names.len() - shown.len();
    let more = if left > 0 { format!(", and {left} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// What is said of another refusal.
fn said_of_one(refusal: &NetworkRefusal) -> Option<String> {
    let led_to = |host: &Option<String>| {
        host.as_ref().map(|host| format!(", probably to `{host}`,")).unwrap_or_default()
    };
    Some(match refusal {
        NetworkRefusal::NotAllowed { .. } => return None,
        NetworkRefusal::Unreachable { host, why } => {
            format!("`{host}` is allowed, and cannot be reached from this computer: {why}")
        }
        NetworkRefusal::Protocol { port, host, protocol } => format!(
            "a connection at port {port}{} was refused: that is the port of {protocol}, and only HTTP and HTTPS pass",
            led_to(host)
        ),
        NetworkRefusal::Faulty { port, host, why } => {
            format!("a connection at port {port}{} was refused: {why}", led_to(host))
        }
        NetworkRefusal::Gone { why } => {
            format!("the gate of the network lets nothing through any more: {why}")
        }
    })
}

/// The last lines that a command printed.
pub fn printed(output: &str) -> String {
    match output.trim().is_empty() {
        true => "it printed nothing".to_owned(),
        false => last_lines("it printed", output),
    }
}

/// The last lines of a text, below these words.
pub fn last_lines(words: &str, text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(MOST_LINES);
    let left = if first > 0 { format!("({first} lines before)\n") } else { String::new() };
    format!("{words}:\n{left}{}", lines[first..].join("\n"))
}
