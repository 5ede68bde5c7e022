//! What a chapter says to do: commands and files, as [`TutorialStep`]s in the order of the text, each with what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use super::code::{CodeReading, FoundCode, filled, for_each_code, line_span};
use super::file_blocks::{FileBlock, FileForm};
use super::shown::is_in_part;
use crate::parse::console::{Command, Interpreter, Part, Run};
use crate::parse::{self, ChapterTree};
use crate::read::Config;
use crate::text::{Source, Span};
use crate::write::code_block::CodeBlock;

/// What a chapter says to do.
#[derive(Clone, Debug)]
pub struct ChapterPlan {
    /// The chapter.
    pub source: Arc<Source>,
    /// The steps, in the order of the text.
    pub steps: Vec<TutorialStep>,
}

/// A thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TutorialStep {
    /// What to do.
    pub action: StepAction,
    /// Where the chapter says so.
    pub span: Span,
    /// Whether it is done.
    pub fate: Fate,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepAction {
    /// Type a command.
    Command(TypedCommand),
    /// Write or change a file.
    File(FileBlock),
}

/// A command, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedCommand {
    /// What is typed.
    pub script: String,
    /// What it prints, if the chapter shows that.
    pub prints: Option<PrintedLines>,
    /// Whether it fails on purpose.
    pub fails: bool,
    /// How long it may take, if the chapter says so.
    pub timeout: Option<Duration>,
}

/// What a command prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintedLines {
    /// The lines.
    pub text: String,
    /// Where each of them is in the chapter.
    pub spans: Vec<Span>,
}

/// Whether a step is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is.
    Followed,
    /// It is in a tab that is not followed.
    OtherTab,
    /// The chapter says that it is not tested, and why.
    Skipped(String),
    /// It cannot be done so far, for this reason.
    NotCovered(&'static str),
}

impl Fate {
    /// Why a step is not done, if there is a reason for it alone.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Fate::Skipped(reason) => Some(reason),
            Fate::NotCovered(reason) => Some(reason),
            Fate::Followed | Fate::OtherTab => None,
        }
    }
}

/// Plans what a chapter says to do.
pub fn plan(chapter: &ChapterTree<'_>, config: &Config, with: CodeReading<'_>) -> ChapterPlan {
    let mut steps = Vec::new();
    let of_chapter = chapter.front.machine.as_ref().map(|(machine, _)| machine.as_str());
    for_each_code(&chapter.blocks, &with.settings.tabs, &mut |found| {
        let planner = Planner { source: chapter.source, config, with, of_chapter, found: &found };
        steps.extend(planner.steps());
    });
    ChapterPlan { source: Arc::clone(chapter.source), steps }
}

/// Plans the steps of a block.
struct Planner<'c> {
    source: &'c Source,
    config: &'c Config,
    with: CodeReading<'c>,
    /// The machine of the chapter.
    of_chapter: Option<&'c str>,
    found: &'c FoundCode<'c>,
}

impl Planner<'_> {
    fn steps(&self) -> Vec<TutorialStep> {
        let Some(info) = &self.found.code.info else { return Vec::new() };
        let block = CodeBlock::new(info, &self.found.code.text.text, self.with.options, &mut Vec::new());
        let mut steps = match &block.session {
            Some(session) => self.commands(&block, &session.runs),
            None => self.file().into_iter().collect(),
        };

        if let Some(TutorialStep { action: StepAction::Command(last), .. }) = steps.last_mut() {
            last.fails = info.step.fails;
        }
        for step in &mut steps {
            if let StepAction::Command(command) = &mut step.action {
                command.timeout = info.step.timeout.map(Duration::from_secs);
            }
            step.fate = match (&info.step.skip, self.found.is_followed) {
                (_, false) => Fate::OtherTab,
                (Some(reason), _) => Fate::Skipped(reason.clone()),
                _ => step.fate.clone(),
            };
        }
        steps
    }

    /// The file that a block writes. A title without the form of a path is none.
    fn file(&self) -> Option<TutorialStep> {
        let mut block = FileBlock::read(self.found, self.source, self.with)?;
        // Of a copy, the title says what readers call the file.
        if let Some(title) = self.found.code.info.as_ref().and_then(|info| info.title.as_ref()) {
            title.trim().clone_into(&mut block.path);
        }
        let is_path = block.path.contains(['/', '.']) && !block.path.contains(char::is_whitespace);
        let span = block.span;
        let fate = match block.form {
            FileForm::Diff => Fate::Followed,
            _ if is_in_part(&block) => Fate::NotCovered("it shows a file in part"),
            _ => Fate::Followed,
        };
        is_path.then_some(TutorialStep { action: StepAction::File(block), span, fate })
    }

    /// The commands of a session.
    fn commands(&self, block: &CodeBlock, runs: &[Run]) -> Vec<TutorialStep> {
        let mut steps = Vec::new();
        for (number, run) in runs.iter().enumerate() {
            let fate = self.fate(block, run);
            let first = steps.len();
            self.commands_of_run(block, run, &fate, &mut steps);

            // The last command of a shell starts the program that reads the next ones.
            let is_shell = |run: &Run| run.role.interpreter == Interpreter::Shell;
            let is_start = is_shell(run) && runs.get(number + 1).is_some_and(|next| !is_shell(next));
            if let Some(last) = steps[first..].last_mut().filter(|_| is_start) {
                last.fate = Fate::NotCovered(OTHER_PROGRAM);
            }
        }
        steps
    }

    /// Whether the commands of a run are typed.
    fn fate(&self, block: &CodeBlock, run: &Run) -> Fate {
        let machines = &self.config.machines;
        let host = run.account.host.as_deref();
        let by_prompt = host.and_then(|host| machines.iter().find(|machine| machine.is_host(host)));
        let named =
            by_prompt.map(|machine| machine.name.as_str()).or(block.machine.as_deref()).or(self.of_chapter);
        let is_first =
            named.is_none() || machines.first().is_none_or(|first| Some(first.name.as_str()) == named);

        match run.role.interpreter {
            _ if !is_first => Fate::NotCovered("it is for another machine than the first one"),
            Interpreter::Shell => Fate::Followed,
            _ => Fate::NotCovered(OTHER_PROGRAM),
        }
    }

    /// The commands of a run, each with what it prints.
    fn commands_of_run(&self, block: &CodeBlock, run: &Run, fate: &Fate, steps: &mut Vec<TutorialStep>) {
        let start = steps.len();
        let mut at = run.line;
        for part in &run.parts {
            let printed = match part {
                Part::Command(command) => {
                    steps.push(self.command(block, command, at, fate));
                    at += command.lines.len();
                    continue;
                }
                Part::Output(text) | Part::Elision(text) => text.as_str(),
                Part::Blank => "\n",
                Part::Comment(_) => {
                    at += 1;
                    continue;
                }
            };

            // What comes before the first command belongs to none.
            for line in printed.lines() {
                if let Some(step) = steps[start..].last_mut() {
                    step.print(&filled(line, &block.tokens, self.with), self.span(at, line));
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
    fn command(&self, block: &CodeBlock, command: &Command, at: usize, fate: &Fate) -> TutorialStep {
        let typed = command.script.lines().next().unwrap_or_default();
        let line = self.source.position(self.found.span.start).line + at;
        let (start, text) = (self.source.offset(line, 1), self.source.line(line));
        let span = match text.find(typed) {
            Some(found) => Span::new(start + found, start + found + typed.len()),
            None => Span::new(start, start + text.len()),
        };

        let script = filled(&command.script, &block.tokens, self.with).into_owned();
        let command = TypedCommand { script, prints: None, fails: false, timeout: None };
        TutorialStep { action: StepAction::Command(command), span, fate: fate.clone() }
    }

    /// Where a text is that ends a line of the block; lines count from 1.
    fn span(&self, at: usize, text: &str) -> Span {
        line_span(self.source, self.source.position(self.found.span.start).line + at, text)
    }
}

/// Why commands of programs such as Python are not typed.
const OTHER_PROGRAM: &str = "it is for another program than a shell";

impl TutorialStep {
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

/// Parses a chapter, and plans what it says to do.
pub fn of_source(source: &Arc<Source>, config: &Config, with: CodeReading<'_>) -> ChapterPlan {
    plan(&parse::parse(source, with.options), config, with)
}
