//! Types the commands of a chapter, and says what comes of them. The terminal of each is chosen by `choosing`.

use std::time::Duration;

use super::expect;
use super::faults::{StepPlace, printed};
use super::marks::CommandEnd;
use super::named_files;
use super::run::{ChapterWalk, not_reached};
use super::scripts;
use super::shell::{CommandResult, Ending, TypedInput};
use super::steps::{EditorText, PrintedLines, StepAction, TutorialStep, TypedCommand};
use super::terminals::{ShellChange, TerminalState};
use super::verdict::{StepOutcome, Verdict};
use crate::text::Diagnostic;

/// How long a command may take, unless its block says otherwise.
const LIMIT: Duration = Duration::from_secs(120);

/// How much of what a command printed is kept where it differs from the chapter, in bytes.
const MOST_PRINTED: usize = 100_000;

/// How often more output of a program is waited for that goes on running, and how long each time.
const LISTENING: (usize, Duration) = (10, Duration::from_millis(500));

/// What is wrong with a command; nothing, if it works.
type Judged = Result<(), (Verdict, Diagnostic)>;

impl ChapterWalk<'_> {
    /// Types a command.
    pub(super) fn command(
        &mut self,
        number: usize,
        step: &TutorialStep,
        command: &TypedCommand,
    ) -> StepOutcome {
        if !command.is_next {
            self.has_moved = false;
            self.stranded = None;
        }
        let id = match self.choose(number, step, command) {
            Ok(id) => id,
            Err(outcome) => return outcome,
        };
        if let Some(because) = self.terminals.get(id).and_then(|terminal| terminal.astray)
            && !scripts::goes_home(&command.script)
        {
            return not_reached(because);
        }
        self.activate(command, id);
        let prompt = self.prompt_fault(step, command, id);
        let place = self.place(id);

        // What does not work at once may do so later.
        let mut attempts = 0;
        let (judged, result) = loop {
            let result = match self.type_in(number, command, id) {
                Ok(result) => result,
                Err(outcome) => return outcome,
            };
            let judged = self.judge(step, command, id, &result);
            attempts += 1;
            if judged.is_ok() || attempts > command.retry || !self.is_free(id) || self.machines.is_stopped() {
                break (judged, result);
            }
            self.machines.pause();
        };
        self.last = Some(id);
        let is_wrong = prompt.is_some();
        if let Some(fault) = prompt {
            self.report(number, fault, Some(&place));
        }
        let outcome = self.conclude(number, step, id, &result, judged, &place);
        self.before = Some(number);
        self.note_needs(number, command, id, outcome.verdict);
        if is_wrong && outcome.verdict == Verdict::Proven { Verdict::Differing.into() } else { outcome }
    }

    /// Types a command into a terminal, and notes where that is then.
    fn type_in(
        &mut self,
        number: usize,
        command: &TypedCommand,
        id: usize,
    ) -> Result<CommandResult, StepOutcome> {
        let text = match &command.editor {
            Some(EditorText::OfNext) => Some(self.text_to_type(number)?),
            Some(EditorText::Shown(text)) => Some(text.clone()),
            None => None,
        };
        let Some((machine, user)) = self.terminals.get(id).map(|terminal| {
            let (machine, place) = terminal.at();
            (machine, place.user.clone())
        }) else {
            return Err(Verdict::NotReached.into());
        };

        let mut answers = self.answers(command, machine, &user);
        let mut asked = Vec::new();
        let mut answer = |line: &str| {
            let answer = answers.to(line)?;
            asked.push(line.trim_end().to_owned());
            Some(answer)
        };
        let typed = TypedInput {
            script: &command.script,
            limit: command.timeout.unwrap_or(LIMIT),
            until: command.until.as_ref(),
            prompts: &command.prompts,
        };
        let Some(terminal) = self.terminals.take(id) else { return Err(Verdict::NotReached.into()) };
        let mut result = match &text {
            Some(text) => terminal.shell.edit(&typed, text, &mut answer),
            None => terminal.shell.run(&typed, &mut answer),
        };
        let shown = command.prints.as_ref().map_or("", |prints| prints.text.as_str());
        result.output = without_questions(&result.output, shown, asked);
        Ok(result)
    }

    /// Whether a command works as the chapter says. Notes where its terminal is then.
    fn judge(
        &mut self,
        step: &TutorialStep,
        command: &TypedCommand,
        id: usize,
        result: &CommandResult,
    ) -> Judged {
        let limit = command.timeout.unwrap_or(LIMIT);
        let faults = self.faults;
        let failed = |message: String| {
            Err((Verdict::Failed, faults.failed(step, message).note(printed(&result.output))))
        };

        match &result.ending {
            Ending::Ended(end) => {
                let change = self.enter(id, end, &command.script);
                if command.until.is_some() {
                    return failed(format!(
                        "this program does not go on running; it ends with status {}",
                        end.status
                    ));
                }
                self.judge_end(step, command, result, end, change)
            }
            Ending::Asks(prompt) => {
                if let Some(terminal) = self.terminals.take(id) {
                    terminal.is_asking(prompt);
                }
                match fails_in_program(&result.output) {
                    true if !command.fails && command.prints.is_none() => {
                        failed("this fails in the program".to_owned())
                    }
                    false if command.fails && command.is_in_program && command.prints.is_none() => {
                        failed("this should fail in the program, and it does not".to_owned())
                    }
                    _ => self.compare(command, &result.output),
                }
            }
            Ending::GoesOn => {
                self.set_state(id, TerminalState::Busy);
                self.compare_later(command, id, result)
            }
            Ending::Closed if scripts::leaves(&command.script) => Ok(()),
            Ending::Closed => failed("the terminal was closed by this command".to_owned()),
            Ending::NoEditor => {
                failed("this opens no text editor that is known: it should be nano".to_owned())
            }
            Ending::Screen { .. } if command.editor.is_some() => {
                failed("the text editor does not save this file".to_owned())
            }
            Ending::Screen { .. } => Err((Verdict::Failed, faults.screen(step))),
            Ending::Unanswered { .. } => Err((Verdict::Failed, faults.unanswered(step, &result.output))),
            Ending::Incomplete { .. } => Err((Verdict::Failed, faults.incomplete(step))),
            Ending::TooLong { is_stopped } => {
                Err((Verdict::Failed, self.faults.too_long(step, limit, &result.output, *is_stopped)))
            }
        }
    }

    /// Whether a command ended as the chapter says.
    fn judge_end(
        &self,
        step: &TutorialStep,
        command: &TypedCommand,
        result: &CommandResult,
        end: &CommandEnd,
        change: ShellChange,
    ) -> Judged {
        let failed = |message: String, hint: Option<&str>| {
            let fault = self.faults.failed(step, message).note(printed(&result.output));
            let missing = named_files::hint(&self.chapter.named_files, &command.script, &result.output);
            let hint = missing.or_else(|| hint.map(str::to_owned)).filter(|_| end.status != 0);
            Err((Verdict::Failed, hint.into_iter().fold(fault, Diagnostic::hint)))
        };
        let is_meant = scripts::leaves(&command.script)
            || scripts::turns_off(&command.script)
            || command.is_in_program && scripts::leaves_program(&command.script);
        if change == ShellChange::Left && !is_meant {
            return failed("this command ended the shell that it was typed in".to_owned(), None);
        }

        // Where another shell asks, its first status says nothing of the command.
        let is_leaving = scripts::leaves(&command.script) || command.is_in_program;
        let status = if change == ShellChange::Same && !is_leaving { end.status } else { 0 };
        match (command.fails, status) {
            (true, 0) => failed("this command should fail, and it does not".to_owned(), None),
            // What the chapter shows in full, a reader expects.
            (false, status)
                if status != 0
                    && !command.may_fail
                    && !(command.prints.as_ref().is_some_and(PrintedLines::is_whole)
                        && self.compare(command, &result.output).is_ok()) =>
            {
                failed(
                    format!("this command fails with status {status}"),
                    Some(
                        "in the info string, `fails` says that this is meant, and `skip=` that readers need not do it",
                    ),
                )
            }
            _ => self.compare(command, &result.output),
        }
    }

    /// Compares what a command printed.
    fn compare(&self, command: &TypedCommand, output: &str) -> Judged {
        let Some(shown) = &command.prints else { return Ok(()) };
        let is_list = scripts::lists_names(&command.script) && shown.is_whole();
        if is_list && expect::has_same_words(&shown.text, output) {
            return Ok(());
        }
        let Some(fault) = self.faults.output(shown, output) else { return Ok(()) };
        let with_remarks =
            PrintedLines { text: format!("{}{}", shown.text, command.remarks), ..shown.clone() };
        match !command.remarks.is_empty() && self.faults.output(&with_remarks, output).is_none() {
            true => Ok(()),
            false => Err((Verdict::Differing, fault)),
        }
    }

    /// Compares what a program prints that goes on running: the rest may come a little later, and there may be more.
    fn compare_later(&mut self, command: &TypedCommand, id: usize, result: &CommandResult) -> Judged {
        let mut open = command.clone();
        if let Some(shown) = &mut open.prints {
            shown.text.push_str("…\n");
        }
        let mut judged = self.compare(&open, &result.output);
        for _ in 0..LISTENING.0 {
            if judged.is_ok() {
                break;
            }
            let Some(terminal) = self.terminals.take(id) else { break };
            let more = terminal.shell.listen(LISTENING.1);
            judged = self.compare(&open, &more.output);
        }
        judged
    }

    /// Notes where a terminal is after a command.
    fn enter(&mut self, id: usize, end: &CommandEnd, script: &str) -> ShellChange {
        let machines = self.context.machines;
        let Some(terminal) = self.terminals.take(id) else { return ShellChange::Same };
        terminal.state = TerminalState::Free;
        let from = terminal.at().0;
        let change = terminal.moved_to(end, machines);
        let (machine, place) = terminal.at();
        // Where a terminal began that no reader has opened says nothing of where a reader is.
        let is_back = change == ShellChange::Left && terminal.leads_to == Some(from) && machine != from;
        if !is_back {
            self.book.note(machine, place);
        }
        if change == ShellChange::Entered && machine != from {
            self.book.ways.insert((machine, place.user.clone()), (from, script.to_owned()));
        }
        self.has_moved |= change != ShellChange::Same;
        change
    }

    fn set_state(&mut self, id: usize, state: TerminalState) {
        if let Some(terminal) = self.terminals.take(id) {
            terminal.state = state;
        }
    }

    /// Says what came of a command, and what is lost with it.
    fn conclude(
        &mut self,
        number: usize,
        step: &TutorialStep,
        id: usize,
        result: &CommandResult,
        judged: Judged,
        place: &StepPlace,
    ) -> StepOutcome {
        let is_lost = matches!(
            result.ending,
            Ending::Closed
                | Ending::TooLong { is_stopped: false }
                | Ending::Unanswered { is_stopped: false }
                | Ending::Incomplete { is_stopped: false }
                | Ending::Screen { is_left: false }
        );
        let machine = self.terminals.get(id).map_or(step.seat.machine, |terminal| terminal.at().0);
        if is_lost {
            self.terminals.close(id);
        }

        // One that fails at once turns nothing off.
        let has_failed = matches!(&result.ending, Ending::Ended(end) if end.status != 0)
            && self.terminals.get(id).is_some_and(|terminal| terminal.at().1.is_of_shell(&place.shell));
        if let StepAction::Command(command) = &step.action
            && scripts::turns_off(&command.script)
            && !has_failed
        {
            return self.settle(number, step, place.machine);
        }

        match judged {
            Ok(()) => Verdict::Proven.into(),
            Err((_, _)) if self.machines.is_stopped() => Verdict::NotReached.into(),
            Err((verdict, fault)) => {
                self.report(number, fault, Some(place));
                // Chapters can be updated with what was printed, if that is all and not too long.
                let is_whole = verdict == Verdict::Differing
                    && result.ending != Ending::GoesOn
                    && result.output.len() < MOST_PRINTED;
                if let Some(fault) = self.done.faults.last_mut().filter(|_| is_whole) {
                    fault.printed = Some(result.output.clone());
                }
                if is_lost {
                    self.blocked.insert(machine, number);
                }
                verdict.into()
            }
        }
    }

    /// Notes what later commands need that this one should have done.
    fn note_needs(&mut self, number: usize, command: &TypedCommand, id: usize, verdict: Verdict) {
        let has_failed = verdict == Verdict::Failed;
        if scripts::moves(&command.script) {
            self.stranded = has_failed.then_some(number);
            self.led_nowhere = has_failed.then_some(number);
        }
        if let Some(terminal) = self.terminals.take(id) {
            if scripts::goes_home(&command.script) && !has_failed {
                terminal.astray = None;
            }
            if scripts::changes_folder(&command.script) && has_failed {
                terminal.astray = Some(number);
            }
        }
    }
}

/// What programs begin a line with that reports an error: Python, PostgreSQL and MySQL, SQLite, Node, Ruby, Redis.
const ERRORS: [&str; 13] = [
    "Traceback (most recent call last):",
    "SyntaxError:",
    "IndentationError:",
    "TabError:",
    "ERROR:",
    "ERROR ",
    "Error: ",
    "Parse error",
    "Runtime error",
    "Uncaught ",
    "invalid command ",
    "(irb):",
    "(error) ",
];

/// Whether a program that goes on has reported an error.
fn fails_in_program(output: &str) -> bool {
    output.lines().any(|line| {
        ERRORS.iter().any(|error| line.starts_with(error))
            // `psql:tables.sql:3: ERROR:`
            || line.starts_with("psql:") && line.contains(": ERROR:")
            || line.ends_with(": No such file or directory")
    })
}

/// What was printed, without the questions that were answered and that the chapter does not show: a reader knows them.
fn without_questions(output: &str, shown: &str, mut asked: Vec<String>) -> String {
    asked.retain(|question| !shown.lines().any(|line| line.trim_start().starts_with(question.trim_start())));
    if asked.is_empty() {
        return output.to_owned();
    }
    let mut is_asked = asked;
    let is_kept = |line: &&str| {
        let at = is_asked.iter().position(|question| line.starts_with(question.as_str()));
        at.map(|at| is_asked.swap_remove(at)).is_none()
    };
    output.lines().filter(is_kept).collect::<Vec<_>>().join("\n")
}
