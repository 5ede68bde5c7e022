//! Follows chapters on a machine: each step is done, and gets a [`Verdict`].
//!
//! A step that fails does not stop those after it. But if the terminal is lost, so are its folder and its variables: the rest
//! of the chapter is not reached. Each chapter begins with a new terminal.

use std::time::Duration;

use super::expect::{self, Comparison};
use super::file_blocks::{FileBlock, FileForm};
use super::masks::Masks;
use super::patch::{self, FileLine};
use super::plan::{ChapterPlan, Fate, StepAction, TutorialStep, TypedCommand};
use super::shell::{Ending, ProofMachine, ProofShell};
use crate::text::{Diagnostic, DiagnosticCode};

/// How long a command may take, unless its block says otherwise.
const LIMIT: Duration = Duration::from_secs(120);

/// The most lines of output that a report shows.
const MOST_LINES: usize = 16;

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It works as the chapter says.
    Proven,
    /// It works, and prints something else.
    Differing,
    /// It fails.
    Failed,
    /// What it needs has failed.
    NotReached,
    /// The chapter says that it is not tested.
    Skipped,
    /// It is in a tab that is not followed.
    OtherTab,
    /// It cannot be done so far.
    NotCovered,
}

impl Verdict {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Proven => "proven",
            Verdict::Differing => "differing",
            Verdict::Failed => "failed",
            Verdict::NotReached => "not reached",
            Verdict::Skipped => "skipped",
            Verdict::OtherTab => "in other tabs",
            Verdict::NotCovered => "not covered",
        }
    }
}

/// What came of the steps of a chapter.
#[derive(Debug, Default)]
pub struct ProvenChapter {
    /// The verdicts, one for each step.
    pub verdicts: Vec<Verdict>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Follows a chapter on a machine.
pub fn follow(chapter: &ChapterPlan, machine: &mut dyn ProofMachine, masks: &Masks) -> ProvenChapter {
    let mut walk =
        ChapterWalk { chapter, machine, masks, shell: None, is_lost: false, diagnostics: Vec::new() };
    let verdicts = chapter.steps.iter().map(|step| walk.step(step)).collect();
    ProvenChapter { verdicts, diagnostics: walk.diagnostics }
}

/// A chapter that is followed.
struct ChapterWalk<'c> {
    chapter: &'c ChapterPlan,
    machine: &'c mut dyn ProofMachine,
    masks: &'c Masks,
    /// The terminal, once there is one.
    shell: Option<Box<dyn ProofShell>>,
    /// Whether the terminal was lost.
    is_lost: bool,
    diagnostics: Vec<Diagnostic>,
}

impl ChapterWalk<'_> {
    fn step(&mut self, step: &TutorialStep) -> Verdict {
        match &step.fate {
            Fate::OtherTab => return Verdict::OtherTab,
            Fate::Skipped(_) => return Verdict::Skipped,
            Fate::NotCovered(_) => return Verdict::NotCovered,
            Fate::Followed if self.is_lost || self.machine.is_stopped() => return Verdict::NotReached,
            Fate::Followed => {}
        }
        if self.shell.is_none() {
            match self.machine.shell() {
                Ok(shell) => self.shell = Some(shell),
                Err(_) if self.machine.is_stopped() => return Verdict::NotReached,
                Err(reason) => return self.lose(step, "there is no terminal for this", reason),
            }
        }
        match &step.action {
            StepAction::Command(command) => self.command(step, command),
            StepAction::File(block) => self.file(step, block),
        }
    }

    /// Types a command.
    fn command(&mut self, step: &TutorialStep, command: &TypedCommand) -> Verdict {
        let Some(shell) = &mut self.shell else { return Verdict::NotReached };
        let limit = command.timeout.unwrap_or(LIMIT);
        let result = shell.run(&command.script, limit);

        let status = match result.ending {
            Ending::Ended(end) => end.status,
            // A terminal that is closed on purpose; the next step opens another one.
            Ending::Closed if ["exit", "logout"].contains(&command.script.trim()) => {
                self.shell = None;
                return Verdict::Proven;
            }
            Ending::Closed => {
                return self.lose(step, "the terminal was closed by this command", shown(&result.output));
            }
            Ending::TooLong { .. } if self.machine.is_stopped() => return Verdict::NotReached,
            Ending::TooLong { is_stopped } => {
                let message = format!("this command did not end in {} s", limit.as_secs());
                if !is_stopped {
                    return self.lose(
                        step,
                        &format!("{message}, and cannot be stopped"),
                        shown(&result.output),
                    );
                }
                let diagnostic = self.fault(step, message).note(shown(&result.output));
                self.diagnostics.push(diagnostic.hint("`timeout=` in the info string gives it more time"));
                return Verdict::Failed;
            }
        };

        if command.fails != (status != 0) {
            let diagnostic = match command.fails {
                true => self.fault(step, "this command should fail, and it does not".to_owned()),
                false => self
                    .fault(step, format!("this command fails with status {status}"))
                    .hint("if that is meant, add `fails` to the info string"),
            };
            self.diagnostics.push(diagnostic.note(shown(&result.output)));
            return Verdict::Failed;
        }
        self.compare(command, &result.output)
    }

    /// Compares what a command printed.
    fn compare(&mut self, command: &TypedCommand, output: &str) -> Verdict {
        let Some(prints) = &command.prints else { return Verdict::Proven };
        let Comparison::Differs { at } = expect::compare(&prints.text, output, self.masks) else {
            return Verdict::Proven;
        };

        let span = prints.spans.get(at).or(prints.spans.last()).copied().unwrap_or_default();
        let message = match at < prints.spans.len() {
            true => "this is not what the command prints",
            false => "the command prints more than this",
        };
        let diagnostic = Diagnostic::new(DiagnosticCode::DifferingOutput, message);
        let hint = "a line of `…` stands for lines that are left out, and `…` in a line for any text";
        self.diagnostics.push(diagnostic.at(&self.chapter.source, span).note(shown(output)).hint(hint));
        Verdict::Differing
    }

    /// Writes or changes a file.
    fn file(&mut self, step: &TutorialStep, block: &FileBlock) -> Verdict {
        let path = match block.path.starts_with(['/', '~']) {
            true => block.path.clone(),
            false => format!("{}/{}", self.shell.as_ref().map_or("", |shell| shell.folder()), block.path),
        };
        match block.form {
            FileForm::Diff => self.change(step, block, &path),
            FileForm::Text | FileForm::Part => {
                let text = block.lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
                self.write(step, &path, &text)
            }
        }
    }

    /// Changes a file by a diff.
    fn change(&mut self, step: &TutorialStep, block: &FileBlock, path: &str) -> Verdict {
        let before = match self.machine.read(path) {
            Ok(Some(before)) => before,
            Ok(None) if patch::only_adds(&block.lines) => String::new(),
            Ok(None) => {
                let message = format!("there is no file `{path}` that this could change");
                self.diagnostics.push(self.unfit(message, step));
                return Verdict::Failed;
            }
            Err(reason) => return self.lose(step, "this file cannot be read", reason),
        };

        let line = |line: &str| FileLine { text: line.to_owned(), span: None };
        let (lines, misfits) = patch::apply(&block.lines, &before.lines().map(line).collect::<Vec<_>>());
        for misfit in &misfits {
            let mut diagnostic = self.unfit(format!("this does not fit `{path}` as it is here"), step);
            diagnostic = diagnostic.at(&self.chapter.source, misfit.span).hint(misfit.hint);
            diagnostic.notes.extend(misfit.note.clone());
            self.diagnostics.push(diagnostic);
        }
        let text = lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>();
        if misfits.is_empty() { self.write(step, path, &text) } else { Verdict::Failed }
    }

    fn write(&mut self, step: &TutorialStep, path: &str, text: &str) -> Verdict {
        match self.machine.write(path, text) {
            Ok(()) => Verdict::Proven,
            Err(reason) => {
                let message = format!("the file `{path}` cannot be written: {reason}");
                self.diagnostics.push(self.fault(step, message));
                Verdict::Failed
            }
        }
    }

    /// Reports that the terminal is lost.
    fn lose(&mut self, step: &TutorialStep, message: &str, reason: String) -> Verdict {
        self.is_lost = true;
        let diagnostic = self.fault(step, message.to_owned()).note(reason);
        self.diagnostics.push(diagnostic.note("the rest of the chapter is not reached"));
        Verdict::Failed
    }

    fn fault(&self, step: &TutorialStep, message: String) -> Diagnostic {
        Diagnostic::new(DiagnosticCode::FailedStep, message).at(&self.chapter.source, step.span)
    }

    fn unfit(&self, message: String, step: &TutorialStep) -> Diagnostic {
        Diagnostic::new(DiagnosticCode::FailedDiff, message).at(&self.chapter.source, step.span)
    }
}

/// The last lines of some output.
fn shown(output: &str) -> String {
    if output.trim().is_empty() {
        return "it printed nothing".to_owned();
    }
    let lines: Vec<&str> = output.lines().collect();
    let first = lines.len().saturating_sub(MOST_LINES);
    let left = if first > 0 { format!("({first} lines before)\n") } else { String::new() };
    format!("it printed:\n{left}{}", lines[first..].join("\n"))
}
