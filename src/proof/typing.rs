//! Types the commands of a chapter: in which terminal, what its prompt claims, and what comes of it.
//!
//! The commands of a block are typed in one terminal, as long as the page shows them for the machine and the user that it is
//! on. If a command has led elsewhere, as `ssh` and `exit` do, those after it stay in that terminal, and their prompts must say
//! so. Else a reader takes the terminal on that machine that was used last and is free, or opens one.

use std::time::Duration;

use super::faults::{StepPlace, printed};
use super::marks::CommandEnd;
use super::run::{ChapterWalk, not_reached};
use super::scripts;
use super::shell::{CommandResult, Ending, TypedInput};
use super::steps::{PrintedLines, StepAction, TutorialStep, TypedCommand};
use super::terminals::{ShellChange, TerminalState};
use super::verdict::{StepOutcome, Verdict};
use crate::text::Diagnostic;

/// How long a command may take, unless its block says otherwise.
const LIMIT: Duration = Duration::from_secs(120);

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

    /// The terminal that a reader would take.
    fn choose(
        &mut self,
        number: usize,
        step: &TutorialStep,
        command: &TypedCommand,
    ) -> Result<usize, StepOutcome> {
        let machines = self.context.machines;
        if command.is_in_program {
            return self.choose_program(number, step, command);
        }

        // The terminal of the block, also if a command in it has led elsewhere.
        let last = self.last.filter(|id| command.is_next && self.is_free(*id));
        if let Some(id) = last {
            let fits = self.terminals.get(id).is_some_and(|terminal| terminal.fits(&step.seat, machines));
            match self.stranded {
                Some(because) if !fits => return Err(not_reached(because)),
                _ if fits || self.has_moved => return Ok(id),
                _ => {}
            }
        }

        let find = |state| self.terminals.find(&step.seat, state, &command.claim, machines);
        let free = if command.is_alone { None } else { find(TerminalState::Free) };
        if let Some(id) = free {
            return Ok(id);
        }
        // A program that asks for commands is left.
        if let Some(id) = find(TerminalState::InProgram).filter(|_| !command.is_alone) {
            match self.terminals.take(id).and_then(|terminal| terminal.release(machines)) {
                Some(_) => return Ok(id),
                None => self.terminals.close(id),
            }
        }
        self.open_for(number, step, command)
    }

    /// Opens a terminal for a command, in the folder that its prompt shows: a reader still has that of the chapter before.
    fn open_for(
        &mut self,
        number: usize,
        step: &TutorialStep,
        command: &TypedCommand,
    ) -> Result<usize, StepOutcome> {
        let machine = self.context.machines.get(step.seat.machine);
        let is_far = machine.is_some_and(|machine| {
            step.seat.machine > 0 && (machine.setup.address.is_some() || !machine.setup.login.is_empty())
        });
        let is_unreached = is_far && !self.book.reached.contains(&step.seat.machine);
        if let Some(because) = self.led_nowhere.filter(|_| is_unreached) {
            return Err(not_reached(because));
        }

        let user = step.seat.user.login(machine).map(str::to_owned);
        let id = self.open(number, step, user.as_deref())?;
        self.is_unled = is_unreached;
        if let Some(folder) = command.claim.folder.as_ref().filter(|folder| folder.contains(['/', '~']))
            && let Some(terminal) = self.terminals.take(id)
            && !command.claim.is_in(terminal.at().1)
        {
            let script = format!("cd {folder}");
            let typed = TypedInput { script: &script, limit: LIMIT, until: None, prompts: &[] };
            let result = terminal.shell.run(&typed, &mut |_| None);
            if let Ending::Ended(end) = result.ending {
                self.enter(id, &end);
            }
        }
        Ok(id)
    }

    /// The terminal with the program that a command is for.
    fn choose_program(
        &mut self,
        number: usize,
        step: &TutorialStep,
        command: &TypedCommand,
    ) -> Result<usize, StepOutcome> {
        let found =
            self.terminals.find(&step.seat, TerminalState::InProgram, &command.claim, self.context.machines);
        found.ok_or_else(|| {
            let failed = self.done.outcomes.iter().rposition(|outcome| outcome.verdict == Verdict::Failed);
            match failed {
                Some(because) => not_reached(because),
                None => {
                    let message = format!("no program asks with `{}` here", command.claim.printed);
                    let fault = self.faults.failed(step, message);
                    self.fail(number, fault.hint("show the command that starts the program before it"))
                }
            }
        })
    }

    /// What is wrong with the prompt of a command, before it is typed.
    fn prompt_fault(&mut self, step: &TutorialStep, command: &TypedCommand, id: usize) -> Option<Diagnostic> {
        let machines = self.context.machines;
        let is_unled = std::mem::take(&mut self.is_unled);
        let terminal = self.terminals.get(id)?;
        let (machine, place) = terminal.at();
        let name = |at: usize| machines.get(at).map_or("machine", |machine| machine.name.as_str());
        if !terminal.fits(&step.seat, machines) {
            let message = match machine == step.seat.machine {
                true => format!("the terminal is not that of the user here, but of `{}`", place.user),
                false => format!(
                    "this is shown for `{}`, but the terminal is on `{}`",
                    name(step.seat.machine),
                    name(machine)
                ),
            };
            let hint = format!(
                "a prompt such as `{}@{}:~$ ` says where the command is typed",
                place.user,
                name(machine)
            );
            return Some(self.faults.prompt(step, message).hint(hint));
        }

        if is_unled {
            let message = format!("no command before this leads to `{}`", name(machine));
            let hint = "show how readers get there, for instance with `ssh`";
            return Some(self.faults.prompt(step, message).hint(hint));
        }
        if !command.claim.is_in(place) {
            let shown = command.claim.folder.clone().unwrap_or_default();
            let message =
                format!("the prompt shows the folder `{shown}`, but the terminal is in another one");
            return Some(self.faults.prompt(step, message));
        }
        None
    }

    /// Types a command into a terminal, and notes where that is then.
    fn type_in(
        &mut self,
        number: usize,
        command: &TypedCommand,
        id: usize,
    ) -> Result<CommandResult, StepOutcome> {
        let text = match command.opens_editor {
            true => Some(self.text_to_type(number)?),
            false => None,
        };
        let Some((machine, user)) = self.terminals.get(id).map(|terminal| {
            let (machine, place) = terminal.at();
            (machine, place.user.clone())
        }) else {
            return Err(Verdict::NotReached.into());
        };

        let mut answers = self.answers(command, machine, &user);
        let mut answer = |line: &str| answers.to(line);
        let typed = TypedInput {
            script: &command.script,
            limit: command.timeout.unwrap_or(LIMIT),
            until: command.until.as_ref(),
            prompts: &command.prompts,
        };
        let Some(terminal) = self.terminals.take(id) else { return Err(Verdict::NotReached.into()) };
        Ok(match &text {
            Some(text) => terminal.shell.edit(&typed, text, &mut answer),
            None => terminal.shell.run(&typed, &mut answer),
        })
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
                let change = self.enter(id, end);
                if command.until.is_some() {
                    return failed(format!(
                        "this program does not go on running; it ends with status {}",
                        end.status
                    ));
                }
                self.judge_end(step, command, result, end, change)
            }
            Ending::Asks(_) => {
                self.set_state(id, TerminalState::InProgram);
                match fails_in_program(&result.output) && !command.fails && command.prints.is_none() {
                    true => failed("this fails in the program".to_owned()),
                    false => self.compare(command.prints.as_ref(), &result.output),
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
            (false, status) if status != 0 => failed(
                format!("this command fails with status {status}"),
                Some("if that is meant, add `fails` to the info string"),
            ),
            _ => self.compare(command.prints.as_ref(), &result.output),
        }
    }

    /// Compares what a command printed.
    fn compare(&self, shown: Option<&PrintedLines>, output: &str) -> Judged {
        match shown.and_then(|shown| self.faults.output(shown, output)) {
            Some(fault) => Err((Verdict::Differing, fault)),
            None => Ok(()),
        }
    }

    /// Compares what a program prints that goes on running: the rest may come a little later.
    fn compare_later(&mut self, command: &TypedCommand, id: usize, result: &CommandResult) -> Judged {
        let mut judged = self.compare(command.prints.as_ref(), &result.output);
        for _ in 0..LISTENING.0 {
            if judged.is_ok() {
                break;
            }
            let Some(terminal) = self.terminals.take(id) else { break };
            let more = terminal.shell.listen(LISTENING.1);
            judged = self.compare(command.prints.as_ref(), &more.output);
        }
        judged
    }

    /// Notes where a terminal is after a command.
    fn enter(&mut self, id: usize, end: &CommandEnd) -> ShellChange {
        let machines = self.context.machines;
        let Some(terminal) = self.terminals.take(id) else { return ShellChange::Same };
        terminal.state = TerminalState::Free;
        let change = terminal.moved_to(end, machines);
        let machine = terminal.at().0;
        self.has_moved |= change != ShellChange::Same;
        self.book.reached.insert(machine);
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
        let is_lost = matches!(result.ending, Ending::Closed | Ending::TooLong { is_stopped: false });
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

/// Whether a program that goes on has reported an error.
fn fails_in_program(output: &str) -> bool {
    let begins = |sign: &str| output.lines().any(|line| line.starts_with(sign));
    begins("Traceback (most recent call last):") || begins("ERROR:") || begins("ERROR ")
}
