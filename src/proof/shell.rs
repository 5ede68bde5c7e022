//! What the steps of a chapter are done with: [`ProofMachines`], and terminals on them, each a [`ProofShell`]. The real ones
//! are containers; tests have their own.

use std::time::Duration;

use serde::Deserialize;

use super::marks::CommandEnd;
use crate::parse::step_options::Until;

/// The machines on which a book is followed. Each has a number, from 0.
pub trait ProofMachines {
    /// Opens a terminal with a shell.
    ///
    /// # Errors
    /// Why there is none.
    fn shell(&mut self, at: &Login<'_>) -> Result<Box<dyn ProofShell>, String>;

    /// Reads a file; `None` if there is none.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&mut self, machine: usize, path: &str) -> Result<Option<String>, String>;

    /// Writes a file as a user, else as root, and makes its folders.
    ///
    /// # Errors
    /// Why it cannot be written.
    fn write(&mut self, at: &Login<'_>, path: &str, text: &str) -> Result<(), String>;

    /// Gets a page as a browser on a machine would.
    ///
    /// # Errors
    /// Why it cannot be got.
    fn get(&mut self, machine: usize, url: &str) -> Result<String, String>;

    /// Waits until a machine goes down, and starts it again if it reboots.
    ///
    /// # Errors
    /// Why it cannot be started.
    fn settle(&mut self, machine: usize) -> Result<PowerState, String>;

    /// Waits a second, before something is tried again.
    fn pause(&mut self);

    /// Notes that a step begins. What was refused before is not asked for any more.
    fn begin_step(&mut self) {}

    /// What the network did not let through since the step has begun.
    fn refused(&mut self) -> Vec<NetworkRefusal> {
        Vec::new()
    }

    /// Whether the person who runs bindery wants to stop.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// What the network of the machines did not let through.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NetworkRefusal {
    /// This host is not allowed, perhaps only at this port.
    NotAllowed {
        /// Its name, perhaps with the port.
        host: String,
    },
    /// This host is allowed, and cannot be reached.
    Unreachable {
        /// Its name.
        host: String,
        /// Why not.
        why: String,
    },
    /// A connection of a protocol that does not pass.
    Protocol {
        /// The port at which it came.
        port: u16,
        /// The host for which its machine has asked last.
        host: Option<String>,
        /// The protocol that has this port.
        protocol: String,
    },
    /// A connection that is not valid.
    Faulty {
        /// The port at which it came.
        port: u16,
        /// The host for which its machine has asked last.
        host: Option<String>,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing is let through any more.
    #[serde(skip)]
    Gone {
        /// Why not.
        why: String,
    },
}

/// A machine and a user of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login<'l> {
    /// The number of the machine.
    pub machine: usize,
    /// The user; without a name, that of the image.
    pub user: Option<&'l str>,
}

/// What became of a machine that a command may have turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerState {
    /// It runs as before.
    Running,
    /// It has booted again.
    Rebooted,
    /// It is off.
    Off,
}

/// A terminal with a shell.
pub trait ProofShell {
    /// Types a command and waits until it ends. What it asks is answered.
    fn run(&mut self, typed: &TypedInput<'_>, answer: &mut AnswerTo<'_>) -> CommandResult;

    /// Types a command that opens a text editor, puts a text in the place of what is in it, saves and leaves it.
    fn edit(&mut self, typed: &TypedInput<'_>, text: &str, answer: &mut AnswerTo<'_>) -> CommandResult;

    /// Waits for more of a program that goes on running, and returns all that it has printed.
    fn listen(&mut self, time: Duration) -> CommandResult;

    /// Stops the program that goes on running, or leaves the one that asks for a command.
    fn stop(&mut self) -> CommandResult;

    /// Where the shell was when it asked for a command last.
    fn place(&self) -> &CommandEnd;
}

/// The answer to a question; none, if it is not known.
pub type AnswerTo<'a> = dyn FnMut(&str) -> Option<String> + 'a;

/// What is typed.
#[derive(Clone, Copy, Debug)]
pub struct TypedInput<'t> {
    /// The lines.
    pub script: &'t str,
    /// How long it may take.
    pub limit: Duration,
    /// When it is ready, if it goes on running.
    pub until: Option<&'t Until>,
    /// The prompts of programs other than shells that may ask for the next command.
    pub prompts: &'t [String],
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
    /// It asks for commands of its own, with this prompt.
    Asks(String),
    /// It is ready, and goes on running.
    GoesOn,
    /// It shows a screen of its own, and waits for keys.
    Screen {
        /// Whether it could be left, so that the shell asks for the next command.
        is_left: bool,
    },
    /// It asks for a password that is not known, or for yes or no.
    Unanswered {
        /// Whether it could be stopped, so that the shell asks for the next command.
        is_stopped: bool,
    },
    /// The shell asks for more of it, and there is no more.
    Incomplete {
        /// Whether it could be stopped, so that the shell asks for the next command.
        is_stopped: bool,
    },
    /// It went on longer than it may.
    TooLong {
        /// Whether it could be stopped, so that the shell asks for the next command.
        is_stopped: bool,
    },
    /// No text editor was opened.
    NoEditor,
    /// The terminal was closed.
    Closed,
}
