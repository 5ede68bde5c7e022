//! What a chapter says to do: commands, files and checks, as [`TutorialStep`]s in the order of the text, each with where it is
//! done and what becomes of it. [`plan`] is the entry point.

use std::sync::Arc;
use std::time::Duration;

use super::code::{CodeReading, FoundCode, FoundPart, filled, for_each_part};
use super::file_blocks::{FileBlock, FileForm};
use super::named_files;
use super::seat::{Seat, SeatUser};
use super::session_steps::{self, PlanContext, UNKNOWN_MACHINE};
use super::shown::is_in_part;
use super::steps::{ChapterPlan, EditorText, Fate, StepAction, TutorialStep, TypedCommand};
use crate::parse::exercises;
use crate::parse::step_options::FailingCommands;
use crate::parse::test_note::TestNote;
use crate::parse::{self, ChapterTree};
use crate::read::{Config, Machine};
use crate::text::{Source, Span};
use crate::write::code_block::CodeBlock;
use crate::write::placeholder;
use crate::write::step_chain::{StepChain, edited};

/// Why nothing in an exercise is done.
const EXERCISE: &str = "it is in an exercise";

/// Parses a chapter, and plans what it says to do.
pub fn of_source(source: &Arc<Source>, config: &Config, with: CodeReading<'_>) -> ChapterPlan {
    plan(&parse::parse(source, with.options), config, with)
}

/// Plans what a chapter says to do.
pub fn plan(chapter: &ChapterTree<'_>, config: &Config, with: CodeReading<'_>) -> ChapterPlan {
    let of_chapter = chapter.front.machine.as_ref().map(|(machine, _)| machine.as_str());
    let exercises = exercises::find(&chapter.source.text);
    let exercises = exercises.as_slice();
    let planner =
        PlanContext { source: chapter.source, machines: &config.machines, with, exercises, of_chapter };

    let mut steps = Vec::new();
    let mut named_files = Vec::new();
    let mut chain = StepChain::new(&chapter.front, with.options);
    for_each_part(&chapter.blocks, &with.settings.tabs, &mut |part| match part {
        FoundPart::Code(code) => {
            let known = steps.len();
            planner.block(&code, &mut steps, &mut chain);
            if steps.len() == known {
                named_files.extend(named_files::before(&code, chapter.source));
            }
        }
        FoundPart::Note(_, span) if exercises::has(exercises, span.start) => {}
        FoundPart::Note(note, span) => {
            chain.note(&note);
            steps.push(planner.note(note, span, &steps));
        }
    });
    join(&mut steps);
    ChapterPlan { source: Arc::clone(chapter.source), steps, named_files, end: chain.end() }
}

impl PlanContext<'_> {
    /// Adds the steps of a block.
    fn block(&self, found: &FoundCode<'_>, steps: &mut Vec<TutorialStep>, chain: &mut StepChain<'_>) {
        let Some(info) = &found.code.info else { return };
        let block = CodeBlock::new(info, &found.code.text.text, self.with.options, &mut Vec::new());
        let mut added = match block.commands() {
            Some(session) => session_steps::commands(self, found, &block, &session.runs),
            None => self.file(found, &block, steps).into_iter().collect(),
        };
        let is_exercise = exercises::has(self.exercises, found.span.start);
        let in_chain = if found.is_followed && !is_exercise && !info.is_diagram() {
            chain.block(info, &block, found.span, found.next.map(|(code, _)| code))
        } else {
            None
        };
        if let Some(path) = in_chain.as_ref().and_then(|block| block.edited.clone()) {
            added.push(self.edited_file(found, &block, path, steps));
        }

        let options = &info.step;
        if let Some(TutorialStep { action: StepAction::Command(last), .. }) = added.last_mut() {
            last.fails = options.fails == FailingCommands::Last;
            last.until.clone_from(&options.until);
        }
        for (number, step) in added.iter_mut().enumerate() {
            if let StepAction::Command(command) = &mut step.action {
                command.timeout = options.timeout.map(Duration::from_secs);
                command.retry = options.retry.unwrap_or_default();
                command.fails |= options.fails == FailingCommands::All;
                command.is_alone = options.alone && number == 0;
                command.is_next = number > 0;
            }
            step.block = in_chain.as_ref().map(|block| block.digest);
            step.fate = match (&options.skip, found.is_followed) {
                _ if is_exercise => Fate::Skipped(EXERCISE.to_owned()),
                (_, false) => Fate::OtherTab,
                (Some(reason), _) => Fate::Skipped(reason.clone()),
                _ => step.fate.clone(),
            };
        }
        steps.append(&mut added);
    }

    /// The file that a block writes. A title without the form of a path is none.
    fn file(&self, found: &FoundCode<'_>, code: &CodeBlock, before: &[TutorialStep]) -> Option<TutorialStep> {
        let mut block = FileBlock::read(found, self.source, self.with)?;
        // Of a copy, the title says what readers call the file.
        if let Some(title) = found.code.info.as_ref().and_then(|info| info.title.as_ref()) {
            title.trim().clone_into(&mut block.path);
        }
        let span = block.span;
        let fate = match block.form {
            FileForm::Diff => Fate::Followed,
            _ if is_in_part(&block) => Fate::NotCovered("it shows a file in part"),
            _ => Fate::Followed,
        };

        let seat = match &code.machine {
            Some(machine) => self.seat(Some(machine), SeatUser::Anyone),
            None => self.seat_before(before),
        };
        code.file_path().is_some().then_some(TutorialStep {
            action: StepAction::File { block, is_typed: false },
            seat,
            span,
            fate,
            block: None,
        })
    }

    /// The file that the command before has opened in a text editor.
    fn edited_file(
        &self,
        found: &FoundCode<'_>,
        code: &CodeBlock,
        path: String,
        before: &[TutorialStep],
    ) -> TutorialStep {
        let block = FileBlock { path, ..FileBlock::of_text(found, code, self.source, self.with) };
        let (seat, span) = (self.seat_before(before), block.span);
        let action = StepAction::File { block, is_typed: false };
        TutorialStep { action, seat, span, fate: Fate::Followed, block: None }
    }

    /// What a comment says to do.
    fn note(&self, note: TestNote, span: Span, before: &[TutorialStep]) -> TutorialStep {
        let filled = |text: &str| {
            let tokens = placeholder::tokens(text, self.with.options);
            filled(text, &tokens, self.with).into_owned()
        };
        let is_known = |name: &str| self.machines.iter().any(|machine| machine.name == name);
        let fate = match note.machine() {
            Some(name) if !is_known(name) => Fate::NotCovered(UNKNOWN_MACHINE),
            _ => Fate::Followed,
        };
        let (action, seat) = match note {
            TestNote::Stop => (StepAction::Stop, self.seat_before(before)),
            TestNote::Get { url, contains } => {
                let get = StepAction::Get { url: filled(&url), contains: contains.as_deref().map(filled) };
                (get, Seat::default())
            }
            TestNote::Run { machine, user, script } => {
                let seat = match machine {
                    Some(machine) => {
                        let user = user.map_or(SeatUser::Anyone, |user| SeatUser::named(&user));
                        self.seat(Some(&machine), user)
                    }
                    None => self.seat_before(before),
                };
                (
                    StepAction::Command(TypedCommand { script: filled(&script), ..TypedCommand::default() }),
                    seat,
                )
            }
        };
        TutorialStep { action, seat, span, fate, block: None }
    }

    /// The seat of this machine, else that of the chapter.
    fn seat(&self, machine: Option<&str>, user: SeatUser) -> Seat {
        let machine = Machine::of_session(self.machines, machine, None, self.of_chapter).unwrap_or_default();
        Seat { machine, user }
    }

    /// The seat of the command before.
    fn seat_before(&self, before: &[TutorialStep]) -> Seat {
        let last = before.iter().rev().find(|step| {
            matches!(step.action, StepAction::Command(_)) && matches!(step.fate, Fate::Followed)
        });
        match last {
            Some(step) => Seat { machine: step.seat.machine, user: SeatUser::Anyone },
            None => self.seat(None, SeatUser::Anyone),
        }
    }
}

/// Joins steps that belong together: a command and the program that it starts, a text editor and the file that is typed in it.
fn join(steps: &mut [TutorialStep]) {
    let mut asking: Option<(usize, String)> = None;
    for at in (0..steps.len()).rev() {
        let (before, after) = steps.split_at_mut(at + 1);
        let step = &mut before[at];
        let machine = step.seat.machine;
        let StepAction::Command(command) = &mut step.action else { continue };
        if step.fate != Fate::Followed {
            continue;
        }

        command.prompts.extend(asking.take().filter(|(on, _)| *on == machine).map(|(_, prompt)| prompt));
        if command.is_in_program {
            let own = command.claim.printed.clone();
            asking = Some((machine, own.clone()));
            command.prompts.push(own);
        }
        let Some(path) = edited(&command.script) else { continue };
        match after.first_mut() {
            Some(TutorialStep {
                action: StepAction::File { block, is_typed }, fate: Fate::Followed, ..
            }) if block.path == path => {
                command.editor = Some(EditorText::OfNext);
                *is_typed = true;
            }
            Some(next) => command.editor = shown_by_cat(next, path).map(EditorText::Shown),
            None => {}
        }
    }
}

/// What a command shows of a file, if it shows all of it.
fn shown_by_cat(step: &TutorialStep, path: &str) -> Option<String> {
    let StepAction::Command(command) = &step.action else { return None };
    let is_cat = command.script.trim().strip_prefix("cat ").is_some_and(|file| file.trim() == path);
    let shown = command.prints.as_ref().filter(|_| is_cat && step.fate == Fate::Followed)?;
    shown.is_whole().then(|| shown.text.clone())
}
