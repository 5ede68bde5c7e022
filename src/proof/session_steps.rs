//! The steps of a console session: its commands, each with what it prints.

use std::ops::Range;

use super::code::{CodeReading, FoundCode, filled, line_span};
use super::limits::{IMPOSSIBLE, is_impossible};
use super::seat::{PromptClaim, Seat, SeatUser};
use super::steps::{Fate, StepAction, TutorialStep, TypedCommand};
use crate::parse::console::{Command, Interpreter, Part, Run};
use crate::parse::tree::Code;
use crate::read::Machine;
use crate::text::{Source, Span};
use crate::write::code_block::CodeBlock;
use crate::write::placeholder;
use crate::write::step_chain::ERROR;

/// Why nothing is done on a machine that is not there.
pub(super) const UNKNOWN_MACHINE: &str = "it is for a machine that `book.yaml` does not declare";

/// What the steps of a chapter are planned with.
#[derive(Clone, Copy)]
pub(super) struct PlanContext<'c> {
    pub(super) source: &'c Source,
    pub(super) machines: &'c [Machine],
    pub(super) with: CodeReading<'c>,
    /// Where the chapter has exercises.
    pub(super) exercises: &'c [Range<usize>],
    /// The machine of the chapter.
    pub(super) of_chapter: Option<&'c str>,
}

/// The commands of a session.
pub(super) fn commands(
    planner: &PlanContext<'_>,
    found: &FoundCode<'_>,
    block: &CodeBlock,
    runs: &[Run],
) -> Vec<TutorialStep> {
    let mut steps = Vec::new();
    let mut reader = SessionSteps { planner, found, block, seat: Seat::default(), fate: Fate::Followed };
    for run in runs {
        reader.seat(run);
        reader.commands_of_run(run, &mut steps);
    }
    if let Some((code, span)) = found.next.filter(|(code, _)| block.printed_by(Some(code)).is_some()) {
        print_after(planner, code, span, steps.last_mut());
    }
    steps
}

/// Adds what a block after a session shows that the last command prints.
fn print_after(planner: &PlanContext<'_>, code: &Code, span: Span, last: Option<&mut TutorialStep>) {
    let Some(step) = last else { return };
    let first = planner.source.position(span.start).line + 1;
    let tokens = placeholder::tokens(&code.text.text, planner.with.options);
    for (number, line) in code.text.text.lines().enumerate() {
        let place = line_span(planner.source, first + number, line);
        step.print(&filled(line, &tokens, planner.with), place);
    }
    if let StepAction::Command(command) = &mut step.action {
        command.may_fail = code.info.as_ref().is_some_and(|info| info.language == ERROR);
    }
}

/// Plans the commands of a run.
struct SessionSteps<'s> {
    planner: &'s PlanContext<'s>,
    found: &'s FoundCode<'s>,
    block: &'s CodeBlock,
    /// Where the commands of the run are typed.
    seat: Seat,
    /// Whether they are.
    fate: Fate,
}

impl SessionSteps<'_> {
    /// Finds out where the commands of a run are typed, and whether they are.
    fn seat(&mut self, run: &Run) {
        let PlanContext { machines, of_chapter, .. } = *self.planner;
        let (of_block, host) = (self.block.machine.as_deref(), run.account.host.as_deref());
        let machine = Machine::of_session(machines, of_block, host, of_chapter);
        self.fate = match run.role.interpreter {
            Interpreter::PowerShell | Interpreter::Cmd => Fate::NotCovered("it is for Windows"),
            _ if machine.is_none() && !machines.is_empty() => Fate::NotCovered(UNKNOWN_MACHINE),
            _ => Fate::Followed,
        };
        self.seat = Seat { machine: machine.unwrap_or_default(), user: SeatUser::of_run(run) };
    }

    /// The commands of a run, each with what it prints.
    fn commands_of_run(&self, run: &Run, steps: &mut Vec<TutorialStep>) {
        let start = steps.len();
        let mut at = run.line;
        // What comes after a prompt alone is printed by no command.
        let mut is_of_none = false;
        for part in &run.parts {
            let printed = match part {
                Part::Command(command) => {
                    is_of_none = !run.has_step(command);
                    if !is_of_none {
                        steps.push(self.command(run, command, at));
                    }
                    at += command.lines.len();
                    continue;
                }
                Part::Output(text) | Part::Elision(text) => text.as_str(),
                Part::Blank => "\n",
                Part::Comment(text) => {
                    if let Some(step) = steps[start..].last_mut().filter(|_| !is_of_none) {
                        step.remark(text);
                    }
                    at += 1;
                    continue;
                }
            };

            // What comes before the first command belongs to none.
            for line in printed.lines() {
                if let Some(step) = steps[start..].last_mut().filter(|_| !is_of_none) {
                    step.print(&filled(line, &self.block.tokens, self.planner.with), self.span(at, line));
                }
                at += 1;
            }
        }

        // Empty lines alone are space that the author left.
        for step in &mut steps[start..] {
            if let StepAction::Command(command) = &mut step.action {
                command.prints = command.prints.take().filter(|prints| !prints.text.trim().is_empty());
            }
        }
    }

    /// The step of a command, whose first line is this line of the block, from 1.
    fn command(&self, run: &Run, command: &Command, at: usize) -> TutorialStep {
        let source = self.planner.source;
        let typed = command.script.lines().next().unwrap_or_default();
        let line = source.position(self.found.span.start).line + at;
        let (start, text) = (source.offset(line, 1), source.line(line));
        let span = match text.find(typed) {
            Some(found) => Span::new(start + found, start + found + typed.len()),
            None => Span::new(start, start + text.len()),
        };

        let script = filled(&command.script, &self.block.tokens, self.planner.with).into_owned();
        let claim = PromptClaim::read(command.lines.first().map_or("", |line| line.prompt.as_str()));
        let is_in_program = !run.role.is_shell();
        let starter = (run.role.interpreter == Interpreter::Python).then_some("python3");
        let command = TypedCommand { script, claim, is_in_program, starter, ..TypedCommand::default() };
        let fate = match &self.fate {
            Fate::Followed if !is_in_program && is_impossible(&command.script) => {
                Fate::NotCovered(IMPOSSIBLE)
            }
            fate => fate.clone(),
        };
        let seat = self.seat.clone();
        TutorialStep { action: StepAction::Command(command), seat, span, fate, block: None }
    }

    /// Where a text is that ends a line of the block; lines count from 1.
    fn span(&self, at: usize, text: &str) -> Span {
        let source = self.planner.source;
        line_span(source, source.position(self.found.span.start).line + at, text)
    }
}

impl TutorialStep {
    /// Adds a remark after the command, if it could as well be what that prints.
    fn remark(&mut self, line: &str) {
        if let StepAction::Command(command) = &mut self.action
            && line.trim_start().starts_with('#')
        {
            command.remarks.push_str(line);
            command.remarks.push('\n');
        }
    }

    /// Adds a line to what the command prints.
    fn print(&mut self, line: &str, span: Span) {
        if let StepAction::Command(command) = &mut self.action {
            let prints = command.prints.get_or_insert_default();
            prints.text.push_str(line);
            prints.text.push('\n');
            prints.spans.push(span);
        }
    }
}
