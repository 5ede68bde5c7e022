//! Follows chapters: each step is done as a reader would do it, and gets a [`Verdict`].
//!
//! A step that fails does not stop those after it, unless they need it: what comes after a terminal that was lost, in a folder
//! that could not be entered, on a machine that could not be reached, or with a file that could not be written. Each chapter
//! begins with new terminals. Where a command is typed, `choosing` decides.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::faults::{Faults, StepPlace, last_lines, say_refused};
use super::marks::CommandEnd;
use super::masks::Masks;
use super::shell::{Login, PowerState, ProofMachines};
use super::steps::{ChapterPlan, Fate, StepAction, TutorialStep, TypedCommand};
use super::terminals::{TerminalState, Terminals};
use super::verdict::{ProvenChapter, StepFault, StepOutcome, Verdict};
use crate::read::Machine;
use crate::text::Diagnostic;

/// How often a page is asked for until it has what it should have.
const MOST_GETS: usize = 5;

/// What a book is followed with.
#[derive(Clone, Copy)]
pub struct ProofContext<'c> {
    /// The machines that the book declares.
    pub machines: &'c [Machine],
    /// What is typed where a program asks.
    pub answers: &'c [(String, String)],
    /// What may vary in output.
    pub masks: &'c Masks,
    /// What becomes of the steps after one with a fault.
    pub after_fault: AfterFault,
}

/// What becomes of the steps after one with a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterFault {
    /// They are done unless they need it.
    #[default]
    GoOn,
    /// They are not.
    Stop,
}

/// What is known of the book from the chapters before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookState {
    /// The machines on which a terminal was.
    pub reached: BTreeSet<usize>,
    /// Where the terminals were last: for each machine and user the folder, and the virtual environment that was active.
    pub left: BTreeMap<(usize, String), LeftPlace>,
    /// How a reader got to a machine as a user: on which other machine, and by which command.
    pub ways: BTreeMap<(usize, String), (usize, String)>,
}

/// Where a terminal was last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftPlace {
    /// The folder.
    pub folder: String,
    /// The virtual environment of Python; empty, if there was none.
    pub environment: String,
}

impl BookState {
    /// Notes where a terminal is on a machine.
    pub fn note(&mut self, machine: usize, place: &CommandEnd) {
        self.reached.insert(machine);
        let left = self.left.entry((machine, place.user.clone())).or_default();
        left.folder.clone_from(&place.folder);
        // A reader can still use the one of another terminal.
        if !place.environment.is_empty() {
            left.environment.clone_from(&place.environment);
        }
    }
}

/// Follows a chapter. What is said of each step when it is done is for the reports of progress.
pub fn follow(
    chapter: &ChapterPlan,
    context: ProofContext<'_>,
    machines: &mut dyn ProofMachines,
    book: &mut BookState,
    progress: &mut dyn FnMut(usize),
) -> ProvenChapter {
    let faults = Faults { source: &chapter.source, masks: context.masks };

    let mut walk = ChapterWalk {
        chapter,
        context,
        machines,
        book,
        faults,
        terminals: Terminals::default(),
        last: None,
        has_moved: false,
        stranded: None,
        led_nowhere: None,
        is_unled: false,
        opened: BTreeSet::new(),
        blocked: BTreeMap::new(),
        broken: BTreeMap::new(),
        before: None,
        done: ProvenChapter::default(),
    };

    for (number, step) in chapter.steps.iter().enumerate() {
        progress(number);
        let known = walk.done.faults.len();
        walk.machines.begin_step();
        let outcome = walk.step(number, step);
        walk.done.outcomes.push(outcome);
        walk.say_what_was_refused(known);
    }
    walk.done
}

/// A chapter that is followed.
pub(super) struct ChapterWalk<'c> {
    pub(super) chapter: &'c ChapterPlan,
    pub(super) context: ProofContext<'c>,
    pub(super) machines: &'c mut dyn ProofMachines,
    pub(super) book: &'c mut BookState,
    pub(super) faults: Faults<'c>,
    pub(super) terminals: Terminals,
    /// The terminal of the last command.
    pub(super) last: Option<usize>,
    /// Whether a command of this block has led to another shell.
    pub(super) has_moved: bool,
    /// The command of this block that should have, and failed.
    pub(super) stranded: Option<usize>,
    /// The last command that should have, if it failed.
    pub(super) led_nowhere: Option<usize>,
    /// Whether a terminal was opened on a machine to which no command has led.
    pub(super) is_unled: bool,
    /// The machines on which a terminal was opened.
    pub(super) opened: BTreeSet<usize>,
    /// The machines on which nothing more is done, each with the step that failed.
    pub(super) blocked: BTreeMap<usize, usize>,
    /// The files that are not as they should be, each with the step that failed.
    pub(super) broken: BTreeMap<(usize, String), usize>,
    /// The command before.
    pub(super) before: Option<usize>,
    pub(super) done: ProvenChapter,
}

/// A step that is not reached, because of this one that failed.
pub(super) fn not_reached(because: usize) -> StepOutcome {
    StepOutcome { verdict: Verdict::NotReached, because: Some(because) }
}

impl ChapterWalk<'_> {
    fn step(&mut self, number: usize, step: &TutorialStep) -> StepOutcome {
        match &step.fate {
            Fate::OtherTab => return Verdict::OtherTab.into(),
            Fate::Skipped(_) => return Verdict::Skipped.into(),
            Fate::NotCovered(_) => return Verdict::NotCovered.into(),
            Fate::Followed if self.machines.is_stopped() => return Verdict::NotReached.into(),
            Fate::Followed => {}
        }
        if let Some(fault) = self.done.faults.first()
            && self.context.after_fault == AfterFault::Stop
        {
            return not_reached(fault.step);
        }
        if let Some(because) = self.blocked.get(&step.seat.machine) {
            return not_reached(*because);
        }
        match &step.action {
            StepAction::Command(command) => self.command(number, step, command),
            StepAction::File { block, is_typed } => self.file(number, step, block, *is_typed),
            StepAction::Get { url, contains } => self.get(number, step, url, contains.as_deref()),
            StepAction::Stop => self.stop(number, step),
        }
    }

    /// Reports what is wrong with a step, and where its terminal was.
    pub(super) fn report(&mut self, step: usize, diagnostic: Diagnostic, place: Option<&StepPlace>) {
        let place = place.map(|place| place.note.clone());
        let after = self.before.filter(|_| place.is_some());
        self.done.faults.push(StepFault { step, diagnostic, place, after, printed: None });
    }

    /// Reports what is wrong with a step that fails without a terminal.
    pub(super) fn fail(&mut self, number: usize, diagnostic: Diagnostic) -> StepOutcome {
        self.report(number, diagnostic, None);
        Verdict::Failed.into()
    }

    /// Reports that nothing more can be done on a machine.
    pub(super) fn lose(&mut self, number: usize, machine: usize, diagnostic: Diagnostic) -> StepOutcome {
        if self.machines.is_stopped() {
            return Verdict::NotReached.into();
        }
        self.blocked.insert(machine, number);
        self.fail(number, diagnostic)
    }

    /// Opens a terminal for a step.
    pub(super) fn open(&mut self, number: usize, step: &TutorialStep) -> Result<usize, StepOutcome> {
        let machine = step.seat.machine;
        let user = step.seat.user.login(self.context.machines.get(machine));
        match self.machines.shell(&Login { machine, user }) {
            Ok(shell) => {
                self.book.reached.insert(machine);
                Ok(self.terminals.add(machine, shell))
            }
            Err(reason) => {
                let fault = self.faults.failed(step, "there is no terminal for this").note(reason);
                Err(self.lose(number, machine, fault))
            }
        }
    }

    /// Says in the faults after so many what the network did not let through.
    fn say_what_was_refused(&mut self, known: usize) {
        if self.done.faults.len() == known {
            return;
        }
        let refused = self.machines.refused();
        if let Some(fault) = self.done.faults.get_mut(known) {
            say_refused(&mut fault.diagnostic, &refused);
        }
    }

    /// Looks at a page.
    fn get(&mut self, number: usize, step: &TutorialStep, url: &str, contains: Option<&str>) -> StepOutcome {
        let mut wrong = String::new();
        for attempt in 0..MOST_GETS {
            if attempt > 0 {
                self.machines.pause();
            }
            match self.machines.get(step.seat.machine, url) {
                Ok(page) if contains.is_none_or(|text| page.contains(text)) => return Verdict::Proven.into(),
                Ok(page) => wrong = last_lines("the page has", &page),
                Err(reason) => wrong = reason,
            }
        }
        let message = match contains {
            Some(text) => format!("`{url}` does not show `{text}`"),
            None => format!("`{url}` cannot be got"),
        };
        let fault = self.faults.failed(step, message).note(wrong);
        self.fail(number, fault)
    }

    /// Stops the program that goes on running.
    fn stop(&mut self, number: usize, step: &TutorialStep) -> StepOutcome {
        let Some(id) = self.terminals.busy() else {
            let fault = self.faults.failed(step, "no program goes on running that this could stop");
            return self.fail(number, fault);
        };
        let released = self.terminals.take(id).and_then(|terminal| terminal.release(self.context.machines));
        match released {
            Some(_) => {
                self.last = Some(id);
                Verdict::Proven.into()
            }
            None => {
                self.terminals.close(id);
                let fault = self.faults.failed(step, "the program that goes on running cannot be stopped");
                self.fail(number, fault)
            }
        }
    }

    /// Waits for a machine that a command has turned off.
    pub(super) fn settle(&mut self, number: usize, step: &TutorialStep, machine: usize) -> StepOutcome {
        match self.machines.settle(machine) {
            Ok(PowerState::Running) => {
                let fault = self.faults.failed(step, "this command turns nothing off");
                self.fail(number, fault)
            }
            Ok(state) => {
                self.terminals.close_on(machine);
                if state == PowerState::Off {
                    self.blocked.insert(machine, number);
                }
                Verdict::Proven.into()
            }
            Err(reason) => {
                let fault = self.faults.failed(step, "the machine does not come back").note(reason);
                self.terminals.close_on(machine);
                self.lose(number, machine, fault)
            }
        }
    }

    /// The answers for a command in a terminal.
    pub(super) fn answers<'a>(&self, command: &'a TypedCommand, machine: usize, user: &'a str) -> Answers<'a>
    where
        Self: 'a,
    {
        let shown = command.prints.as_ref().map_or("", |prints| prints.text.as_str());
        Answers::new(self.context.answers, self.context.machines, shown, (machine, user))
    }

    /// Where a terminal is, for reports.
    pub(super) fn place(&self, id: usize) -> StepPlace {
        let terminal = self.terminals.get(id);
        terminal.map_or_else(StepPlace::default, |terminal| StepPlace::of(terminal, self.context.machines))
    }

    /// Whether a terminal has a shell that asks for a command.
    pub(super) fn is_free(&self, id: usize) -> bool {
        self.terminals.get(id).is_some_and(|terminal| terminal.state == TerminalState::Free)
    }
}
