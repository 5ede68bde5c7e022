//! The terminals that are open while a chapter is followed: where each of them is, and which one a reader would take.

use std::time::Duration;

use super::marks::CommandEnd;
use super::seat::{PromptClaim, Seat};
use super::shell::{Ending, ProofShell, TypedInput};
use crate::read::Machine;

/// How long it may take to prepare a terminal.
const PREPARING: Duration = Duration::from_secs(20);

/// What a terminal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalState {
    /// A shell asks for a command.
    Free,
    /// Another program does.
    InProgram,
    /// A program goes on running.
    Busy,
}

/// What a command did to the shells of its terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellChange {
    /// The same shell asks for the next command.
    Same,
    /// Another one does, which the command has started.
    Entered,
    /// The one does that was there before.
    Left,
}

/// An open terminal.
pub struct OpenTerminal {
    /// The number by which it is found.
    pub id: usize,
    /// The terminal.
    pub shell: Box<dyn ProofShell>,
    /// Its shells, one started from the other; the last one asks for commands. Each has the number of its machine.
    shells: Vec<(usize, CommandEnd)>,
    /// What it does.
    pub state: TerminalState,
    /// The prompt of the program that asks for commands in it.
    pub asks: String,
    /// The step that should have changed its folder and failed.
    pub astray: Option<usize>,
    /// The virtual environment that a reader still has from a chapter before; empty, if there is none.
    pub environment: String,
    /// The machine to which it was opened from another one, as a reader got there before.
    pub leads_to: Option<usize>,
}

/// The terminals of a chapter, the one that was used last at the end.
#[derive(Default)]
pub struct Terminals {
    all: Vec<OpenTerminal>,
    opened: usize,
}

impl OpenTerminal {
    /// The machine and the place of the shell that asks for commands.
    pub fn at(&self) -> (usize, &CommandEnd) {
        let (machine, place) =
            self.shells.last().expect("the first shell is left only when the terminal is closed");
        (*machine, place)
    }

    /// Whether what is done in this seat is typed here.
    pub fn fits(&self, seat: &Seat, machines: &[Machine]) -> bool {
        let (machine, place) = self.at();
        machine == seat.machine && seat.user.is(place, machines.get(machine))
    }

    /// Notes that a program asks for a command with this prompt.
    pub fn is_asking(&mut self, prompt: &str) {
        self.state = TerminalState::InProgram;
        prompt.trim_end().clone_into(&mut self.asks);
    }

    /// Notes where the terminal is after a command.
    pub fn moved_to(&mut self, end: &CommandEnd, machines: &[Machine]) -> ShellChange {
        let known = self.shells.iter().rposition(|(_, shell)| shell.is_of_shell(end));
        let change = match known {
            Some(at) if at + 1 == self.shells.len() => ShellChange::Same,
            Some(at) => {
                self.shells.truncate(at + 1);
                ShellChange::Left
            }
            None => {
                // A machine that is not declared is taken for the one before.
                let named = machines.iter().position(|machine| machine.is_host(&end.host));
                let machine = named.unwrap_or(self.at().0);
                self.shells.push((machine, end.clone()));
                ShellChange::Entered
            }
        };
        if let Some((_, place)) = self.shells.last_mut() {
            place.clone_from(end);
        }
        change
    }

    /// Types what the chapter does not show.
    pub fn prepare(&mut self, script: &str, machines: &[Machine]) {
        let typed = TypedInput { script, limit: PREPARING, until: None, prompts: &[] };
        if let Ending::Ended(end) = self.shell.run(&typed, &mut |_| None).ending {
            self.moved_to(&end, machines);
        }
    }

    /// Stops or leaves what runs in it. Returns what it has printed, if a shell asks for a command then.
    pub fn release(&mut self, machines: &[Machine]) -> Option<String> {
        let result = self.shell.stop();
        let Ending::Ended(end) = result.ending else { return None };
        self.moved_to(&end, machines);
        self.state = TerminalState::Free;
        Some(result.output)
    }
}

impl Terminals {
    /// Adds a terminal on a machine, and returns its number.
    pub fn add(&mut self, machine: usize, shell: Box<dyn ProofShell>) -> usize {
        self.opened += 1;
        let shells = vec![(machine, shell.place().clone())];
        self.all.push(OpenTerminal {
            id: self.opened,
            shell,
            shells,
            state: TerminalState::Free,
            asks: String::new(),
            astray: None,
            environment: String::new(),
            leads_to: None,
        });
        self.opened
    }

    /// A terminal by its number, which then is the one that was used last.
    pub fn take(&mut self, id: usize) -> Option<&mut OpenTerminal> {
        let at = self.all.iter().position(|terminal| terminal.id == id)?;
        let terminal = self.all.remove(at);
        self.all.push(terminal);
        self.all.last_mut()
    }

    /// A terminal by its number.
    pub fn get(&self, id: usize) -> Option<&OpenTerminal> {
        self.all.iter().find(|terminal| terminal.id == id)
    }

    /// The terminal for a command in this seat: one that is in the folder of its prompt, else the one that was used last.
    pub fn find(
        &self,
        seat: &Seat,
        state: TerminalState,
        claim: &PromptClaim,
        machines: &[Machine],
    ) -> Option<usize> {
        let fitting = || {
            self.all.iter().rev().filter(|terminal| terminal.state == state && terminal.fits(seat, machines))
        };
        let in_folder = fitting().find(|terminal| claim.is_in(terminal.at().1));
        in_folder.or_else(|| fitting().next()).map(|terminal| terminal.id)
    }

    /// The terminal with the program that asks as a prompt shows, else with one of its kind.
    pub fn find_program(&self, seat: &Seat, claim: &PromptClaim, machines: &[Machine]) -> Option<usize> {
        let asking = || {
            let fits = |terminal: &&OpenTerminal| {
                terminal.state == TerminalState::InProgram && terminal.fits(seat, machines)
            };
            self.all.iter().rev().filter(fits)
        };
        let same = asking().find(|terminal| claim.is_asked_by(&terminal.asks));
        same.or_else(|| asking().find(|terminal| claim.is_of_kind(&terminal.asks)))
            .map(|terminal| terminal.id)
    }

    /// The terminal on a machine that was used last, whatever it does.
    pub fn last_on(&self, machine: usize) -> Option<usize> {
        self.all.iter().rev().find(|terminal| terminal.at().0 == machine).map(|terminal| terminal.id)
    }

    /// The terminal whose program goes on running and began last.
    pub fn busy(&self) -> Option<usize> {
        self.all
            .iter()
            .rev()
            .find(|terminal| terminal.state == TerminalState::Busy)
            .map(|terminal| terminal.id)
    }

    /// Closes a terminal.
    pub fn close(&mut self, id: usize) {
        self.all.retain(|terminal| terminal.id != id);
    }

    /// Closes all terminals on a machine.
    pub fn close_on(&mut self, machine: usize) {
        // One that was opened for this machine alone may be back on the other one by now, or not yet.
        self.all.retain(|terminal| terminal.at().0 != machine && terminal.leads_to != Some(machine));
    }
}
