//! Writes the files of a chapter: on which machine, in which folder and for which user, and what comes of it.

use super::faults::last_lines;
use super::file_blocks::{FileBlock, FileForm};
use super::patch::{self, FileLine};
use super::run::{ChapterWalk, not_reached};
use super::seat::PromptClaim;
use super::shell::Login;
use super::steps::{StepAction, TutorialStep};
use super::verdict::{StepOutcome, Verdict};

impl ChapterWalk<'_> {
    /// The terminal that the paths of a file are below, and the user who writes it.
    fn terminal_for_file(&mut self, number: usize, step: &TutorialStep) -> Result<usize, StepOutcome> {
        let machine = step.seat.machine;
        match self.terminals.last_on(machine) {
            Some(id) => Ok(id),
            None => self.open_in(number, step, &PromptClaim::default()),
        }
    }

    /// The whole path of a file, and its user.
    fn path(
        &mut self,
        number: usize,
        step: &TutorialStep,
        path: &str,
    ) -> Result<(String, String), StepOutcome> {
        let id = self.terminal_for_file(number, step)?;
        let Some(terminal) = self.terminals.get(id) else { return Err(Verdict::NotReached.into()) };
        let (_, place) = terminal.at();
        let full = match path.strip_prefix('~') {
            _ if path.starts_with('/') => path.to_owned(),
            Some(rest) if rest.starts_with('/') => format!("{}{rest}", place.home),
            _ => match terminal.astray {
                Some(because) => return Err(not_reached(because)),
                None => format!("{}/{path}", place.folder),
            },
        };
        Ok((full, place.user.clone()))
    }

    /// Writes or changes a file, or looks at one that was typed into a text editor.
    pub(super) fn file(
        &mut self,
        number: usize,
        step: &TutorialStep,
        block: &FileBlock,
        is_typed: bool,
    ) -> StepOutcome {
        let known = self.done.faults.len();
        let outcome = match is_typed {
            true => self.typed_file(number, step, block),
            false => self.write_file(number, step, block),
        };
        self.say_where(known, step);
        outcome
    }

    /// Says of the faults after so many on which machine they are.
    fn say_where(&mut self, known: usize, step: &TutorialStep) {
        if let Some(id) = self.terminals.last_on(step.seat.machine) {
            let place = self.place(id);
            for fault in &mut self.done.faults[known..] {
                fault.place = Some(place.note.clone());
                fault.after = self.before;
            }
        }
    }

    /// Writes or changes a file.
    fn write_file(&mut self, number: usize, step: &TutorialStep, block: &FileBlock) -> StepOutcome {
        let (path, user) = match self.path(number, step, &block.path) {
            Ok(found) => found,
            Err(outcome) => return outcome,
        };
        let text = match self.new_text(number, step, block, &path) {
            Ok(text) => text,
            Err(outcome) => return outcome,
        };

        let login = Login { machine: step.seat.machine, user: Some(&user) };
        match self.machines.write(&login, &path, &text) {
            Ok(()) => {
                self.broken.remove(&(step.seat.machine, path));
                Verdict::Proven.into()
            }
            Err(reason) => {
                let fault =
                    self.faults.failed(step, format!("the file `{path}` cannot be written: {reason}"));
                self.break_file(number, step, path);
                self.fail(number, fault)
            }
        }
    }

    /// Notes that a file is not as it should be.
    fn break_file(&mut self, number: usize, step: &TutorialStep, path: String) {
        self.broken.insert((step.seat.machine, path), number);
    }

    /// What a file has after a block: its text, or what a diff makes of what is there.
    fn new_text(
        &mut self,
        number: usize,
        step: &TutorialStep,
        block: &FileBlock,
        path: &str,
    ) -> Result<String, StepOutcome> {
        if block.form != FileForm::Diff {
            return Ok(block.lines.iter().map(|line| format!("{}\n", line.text)).collect());
        }
        if let Some(because) = self.broken.get(&(step.seat.machine, path.to_owned())) {
            return Err(not_reached(*because));
        }

        let before = match self.machines.read(step.seat.machine, path) {
            Ok(Some(before)) => before,
            Ok(None) if patch::only_adds(&block.lines) => String::new(),
            Ok(None) => {
                let fault =
                    self.faults.unfit(step, format!("there is no file `{path}` that this could change"));
                return Err(self.fail(number, fault));
            }
            Err(reason) => {
                let fault = self.faults.failed(step, "this file cannot be read").note(reason);
                return Err(self.fail(number, fault));
            }
        };
        let line = |line: &str| FileLine { text: line.to_owned(), span: None };
        let (lines, misfits) = patch::apply(&block.lines, &before.lines().map(line).collect::<Vec<_>>());
        for misfit in &misfits {
            self.report(number, self.faults.misfit(step, path, misfit), None);
        }
        match misfits.is_empty() {
            true => Ok(lines.iter().map(|line| format!("{}\n", line.text)).collect()),
            false => {
                self.break_file(number, step, path.to_owned());
                Err(Verdict::Failed.into())
            }
        }
    }

    /// Types the file of the next step into the text editor that a command opens. Returns what came of the command.
    pub(super) fn text_to_type(&mut self, number: usize) -> Result<String, StepOutcome> {
        let chapter = self.chapter;
        let Some(step) = chapter.steps.get(number + 1) else { return Ok(String::new()) };
        let StepAction::File { block, .. } = &step.action else { return Ok(String::new()) };
        let (path, _) = self.path(number + 1, step, &block.path)?;
        self.new_text(number + 1, step, block, &path)
    }

    /// Looks at a file that was typed into a text editor.
    fn typed_file(&mut self, number: usize, step: &TutorialStep, block: &FileBlock) -> StepOutcome {
        let command = self.done.outcomes.last().map(|outcome| outcome.verdict);
        if !matches!(command, Some(Verdict::Proven | Verdict::Differing)) {
            let (path, _) = match self.path(number, step, &block.path) {
                Ok(found) => found,
                Err(outcome) => return outcome,
            };
            self.break_file(number, step, path);
            return not_reached(number - 1);
        }

        let (path, _) = match self.path(number, step, &block.path) {
            Ok(found) => found,
            Err(outcome) => return outcome,
        };
        let lines = block.lines.iter().map(|line| line.text.as_str());
        let is_there = |text: &str| match block.form {
            // What a diff adds is there.
            FileForm::Diff => {
                let added = lines.clone().filter_map(|line| line.strip_prefix('+'));
                added.into_iter().all(|line| text.lines().any(|other| other.trim_end() == line.trim_end()))
            }
            _ => text.trim_end().lines().eq(lines.clone().collect::<Vec<_>>().join("\n").trim_end().lines()),
        };
        match self.machines.read(step.seat.machine, &path) {
            Ok(Some(text)) if is_there(&text) => Verdict::Proven.into(),
            Ok(found) => {
                let found = found.map_or("there is none".to_owned(), |text| last_lines("it has", &text));
                let fault =
                    self.faults.failed(step, format!("the file `{path}` is not as it was typed")).note(found);
                self.break_file(number, step, path);
                self.fail(number, fault)
            }
            Err(reason) => {
                let fault =
                    self.faults.failed(step, format!("the file `{path}` cannot be read")).note(reason);
                self.fail(number, fault)
            }
        }
    }
}
