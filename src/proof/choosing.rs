//! Chooses the terminal for a command, or opens one, and compares it with what the prompt says.
//!
//! The commands of a block are typed in one terminal, as long as the page shows them for the machine and the user that it is
//! on. If a command has led elsewhere, as `ssh` and `exit` do, those after it stay in that terminal, and their prompts must say
//! so. Else a reader takes the terminal on that machine that was used last and is free, or opens one.

use std::time::Duration;

use super::answers::Answers;
use super::run::{ChapterWalk, not_reached};
use super::seat::{PromptClaim, short_folder};
use super::shell::{Ending, Login, TypedInput};
use super::steps::{StepAction, TutorialStep, TypedCommand};
use super::terminals::TerminalState;
use super::verdict::{StepOutcome, Verdict};
use crate::text::Diagnostic;

/// How long it may take to log in again.
const LOGIN: Duration = Duration::from_secs(20);

impl ChapterWalk<'_> {
    /// The terminal that a reader would take.
    pub(super) fn choose(
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

    /// Opens a terminal for a command, if one has led to its machine.
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

        let id = self.open_in(number, step, &command.claim)?;
        self.is_unled = is_unreached;
        Ok(id)
    }

    /// Opens a terminal in the folder that a prompt shows. The first one of a chapter is the one that a reader still has of the
    /// chapter before.
    pub(super) fn open_in(
        &mut self,
        number: usize,
        step: &TutorialStep,
        claim: &PromptClaim,
    ) -> Result<usize, StepOutcome> {
        let machine = step.seat.machine;
        let id = match self.log_in(step) {
            Some(id) => id,
            None => self.open(number, step)?,
        };
        let Some(terminal) = self.terminals.take(id) else { return Ok(id) };
        let place = terminal.at().1;
        let left = self.book.left.get(&(machine, place.user.clone())).filter(|_| self.opened.insert(machine));

        let shown = claim.folder.as_deref().filter(|folder| folder.contains(['/', '~']));
        let folder = shown.or(left.map(|left| left.folder.as_str()));
        let other = folder.filter(|folder| *folder != short_folder(place) && *folder != place.folder);
        terminal.environment = left.map(|left| left.environment.clone()).unwrap_or_default();
        if let Some(script) = other.map(|folder| format!("cd {folder}")) {
            terminal.prepare(&script, self.context.machines);
        }
        Ok(id)
    }

    /// Opens a terminal as a reader would who was on the machine before: from the same other machine, by the same command.
    fn log_in(&mut self, step: &TutorialStep) -> Option<usize> {
        let machines = self.context.machines;
        let user = step.seat.user.login(machines.get(step.seat.machine))?.to_owned();
        let (from, script) = self.book.ways.get(&(step.seat.machine, user.clone()))?.clone();
        let own = machines.get(from).and_then(|machine| machine.setup.user.clone());
        let shell = self.machines.shell(&Login { machine: from, user: own.as_deref() }).ok()?;

        let id = self.terminals.add(from, shell);
        let here = (from, own.as_deref().unwrap_or_default());
        let mut answers = Answers::new(self.context.answers, machines, "", here);
        let typed = TypedInput { script: &script, limit: LOGIN, until: None, prompts: &[] };
        let terminal = self.terminals.take(id)?;
        terminal.leads_to = Some(step.seat.machine);
        let ending = terminal.shell.run(&typed, &mut |line| answers.to(line)).ending;
        if let Ending::Ended(end) = &ending {
            terminal.moved_to(end, machines);
        }

        // What does not lead there any more is done without it.
        let (machine, place) = terminal.at();
        let is_there =
            matches!(ending, Ending::Ended(_)) && machine == step.seat.machine && place.user == user;
        if !is_there {
            self.terminals.close(id);
        }
        is_there.then_some(id)
    }

    /// Activates the virtual environment that a prompt shows, if it was active in this terminal in a chapter before.
    pub(super) fn activate(&mut self, command: &TypedCommand, id: usize) {
        let Some(terminal) = self.terminals.take(id) else { return };
        let is_active = !terminal.at().1.environment.is_empty();
        if command.claim.printed.starts_with('(') && !is_active && !terminal.environment.is_empty() {
            let script = format!(". {}/bin/activate", std::mem::take(&mut terminal.environment));
            terminal.prepare(&script, self.context.machines);
        }
    }

    /// The terminal with the program that a command is for.
    fn choose_program(
        &mut self,
        number: usize,
        step: &TutorialStep,
        command: &TypedCommand,
    ) -> Result<usize, StepOutcome> {
        let found = self.terminals.find_program(&step.seat, &command.claim, self.context.machines);
        if let Some(id) = found.or_else(|| self.start_program(number, step, command)) {
            return Ok(id);
        }
        if let Some(because) = self.failed_to_start() {
            return Err(not_reached(because));
        }
        let message = format!("no program asks with `{}` here", command.claim.printed);
        let fault = self.faults.failed(step, message);
        Err(self.fail(number, fault.hint("show the command that starts the program before it")))
    }

    /// The last step that should have led to a program that asks for commands, if it failed.
    fn failed_to_start(&self) -> Option<usize> {
        let leads = |step: &TutorialStep| matches!(&step.action, StepAction::Command(command) if !command.prompts.is_empty());
        let mut done = self.chapter.steps.iter().take(self.done.outcomes.len()).enumerate();
        let (at, _) = done.rfind(|(_, step)| leads(step))?;
        let outcome = self.done.outcomes[at];
        match outcome.verdict {
            Verdict::Failed => Some(at),
            Verdict::NotReached => outcome.because,
            _ => None,
        }
    }

    /// Starts the program that a command is for, where a block begins with its prompt: a reader knows how to start it.
    fn start_program(&mut self, number: usize, step: &TutorialStep, command: &TypedCommand) -> Option<usize> {
        // What has just failed may have been to start it.
        let has_failed = self.done.outcomes.last().is_some_and(|outcome| outcome.verdict == Verdict::Failed);
        let script = command.starter.filter(|_| !command.is_next && !has_failed)?;
        let id = self.open_in(number, step, &PromptClaim::default()).ok()?;
        let typed = TypedInput { script, limit: LOGIN, until: None, prompts: &command.prompts };
        let terminal = self.terminals.take(id)?;
        match terminal.shell.run(&typed, &mut |_| None).ending {
            Ending::Asks(prompt) => terminal.is_asking(&prompt),
            _ => self.terminals.close(id),
        }
        self.terminals.get(id).map(|_| id)
    }

    /// What is wrong with the prompt of a command, before it is typed.
    pub(super) fn prompt_fault(
        &mut self,
        step: &TutorialStep,
        command: &TypedCommand,
        id: usize,
    ) -> Option<Diagnostic> {
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
        if command.is_in_program && !command.claim.is_asked_by(&terminal.asks) {
            let message = format!(
                "the prompt shows `{}`, but the program asks with `{}`",
                command.claim.printed, terminal.asks
            );
            return Some(self.faults.prompt(step, message));
        }
        if !command.claim.is_in(place) {
            let shown = command.claim.folder.clone().unwrap_or_default();
            let message =
                format!("the prompt shows the folder `{shown}`, but the terminal is in another one");
            return Some(self.faults.prompt(step, message));
        }
        None
    }
}
