//! The steps of a chapter: what is done, where, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use super::file_blocks::FileBlock;
use super::seat::{PromptClaim, Seat};
use crate::parse::step_options::Until;
use crate::text::{Digest, Source, Span};

/// What a chapter says to do.
#[derive(Clone, Debug)]
pub struct ChapterPlan {
    /// The chapter.
    pub source: Arc<Source>,
    /// The steps, in the order of the text.
    pub steps: Vec<TutorialStep>,
    /// Names of files that only the text says of a block, so that none of the steps writes them.
    pub named_files: Vec<String>,
    /// The digest of all that it says to do, if it says so.
    pub end: Option<Digest>,
}

/// A thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TutorialStep {
    /// What to do.
    pub action: StepAction,
    /// Where it is done.
    pub seat: Seat,
    /// Where the chapter says so.
    pub span: Span,
    /// Whether it is done.
    pub fate: Fate,
    /// The digest of the block that it is in and of what comes before that; none, if it is in a comment or in a tab that is not
    /// followed.
    pub block: Option<Digest>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepAction {
    /// Type a command.
    Command(TypedCommand),
    /// Write or change a file.
    File {
        /// What is in it.
        block: FileBlock,
        /// Whether the command before has opened a text editor for it.
        is_typed: bool,
    },
    /// Look at a page.
    Get {
        /// Its address.
        url: String,
        /// What is on it.
        contains: Option<String>,
    },
    /// Stop the program that goes on running.
    Stop,
}

/// A command, and what comes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedCommand {
    /// What is typed.
    pub script: String,
    /// What its prompt says.
    pub claim: PromptClaim,
    /// What it prints, if the chapter shows that.
    pub prints: Option<PrintedLines>,
    /// Lines below that which begin with `#`: remarks of the author, or the end of what it prints.
    pub remarks: String,
    /// Whether it fails on purpose.
    pub fails: bool,
    /// How long it may take, if the chapter says so.
    pub timeout: Option<Duration>,
    /// When it is ready, if it goes on running.
    pub until: Option<Until>,
    /// For how many seconds it is typed again while it does not work.
    pub retry: u64,
    /// Whether it is typed in a new terminal.
    pub is_alone: bool,
    /// Whether it comes after another one in its block.
    pub is_next: bool,
    /// Whether it is for a program, and not for a shell.
    pub is_in_program: bool,
    /// What starts that program, if its prompt alone tells which one it is.
    pub starter: Option<&'static str>,
    /// The prompts of programs that may ask for the next command.
    pub prompts: Vec<String>,
    /// What is typed in the text editor that it opens, if the chapter says that.
    pub editor: Option<EditorText>,
    /// Whether it may fail: the chapter shows an error after it.
    pub may_fail: bool,
}

/// What is typed in a text editor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum EditorText {
    /// The file of the next step.
    OfNext,
    /// What is shown of the file later.
    Shown(String),
}

/// What a command prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintedLines {
    /// The lines.
    pub text: String,
    /// Where each of them is in the chapter.
    pub spans: Vec<Span>,
}

impl PrintedLines {
    /// Whether something is printed, and nothing of it is left out.
    pub fn is_whole(&self) -> bool {
        let is_left_out = self.text.contains('…') || self.text.lines().any(|line| line.trim() == "...");
        !self.text.trim().is_empty() && !is_left_out
    }
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
