//! What the steps of a chapter are done with: a [`ProofMachine`], and a [`ProofShell`] on it. The real ones are containers and
//! terminals in them; tests have their own.

use std::time::Duration;

use super::marks::CommandEnd;

/// A machine on which a chapter is followed.
pub trait ProofMachine {
    /// Opens a terminal with a shell.
    ///
    /// # Errors
    /// Why there is none.
    fn shell(&mut self) -> Result<Box<dyn ProofShell>, String>;

    /// Reads a file; `None` if there is none.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&mut self, path: &str) -> Result<Option<String>, String>;

    /// Writes a file, and makes its folders.
    ///
    /// # Errors
    /// Why it cannot be written.
    fn write(&mut self, path: &str, text: &str) -> Result<(), String>;

    /// Whether the person who runs bindery wants to stop.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// A terminal with a shell.
pub trait ProofShell {
    /// Types a command and waits until it ends, at most this long.
    fn run(&mut self, script: &str, limit: Duration) -> CommandResult;

    /// The folder that the shell is in.
    fn folder(&self) -> &str;
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandResult {
    /// What it printed, as a terminal shows it.
    pub output: String,
    /// How it ended.
    pub ending: Ending,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By itself.
    Ended(CommandEnd),
    /// It went on longer than it may.
    TooLong {
        /// Whether it could be stopped, so that the shell asks for the next command.
        is_stopped: bool,
    },
    /// The terminal was closed.
    Closed,
}
