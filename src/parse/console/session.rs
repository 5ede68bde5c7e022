//! What a console session is made of.

use std::ops::Range;

use super::client::Client;

/// A console session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Session {
    /// Its runs, in order.
    pub runs: Vec<Run>,
}

/// The part of a session whose commands are for the same reader.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Run {
    /// Who reads the commands.
    pub role: Role,
    /// Whose prompt is before them.
    pub account: Account,
    /// The line of the session that it begins with, from 1.
    pub line: usize,
    /// Its parts, each on lines of its own.
    pub parts: Vec<Part>,
}

impl Run {
    /// Whether a command is something to do. In a program, a prompt alone only shows that it asks again.
    pub fn has_step(&self, command: &Command) -> bool {
        self.role.is_shell() || !command.script.trim().is_empty()
    }
}

/// Who reads a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Role {
    /// The program.
    pub interpreter: Interpreter,
    /// Whether it runs for the superuser.
    pub is_root: bool,
}

/// The user and the computer that a prompt names: `keeper@server:~$ `.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Account {
    /// The user; `None` for root, whom the role tells.
    pub user: Option<String>,
    /// The computer.
    pub host: Option<String>,
}

/// A program that reads commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Interpreter {
    /// A Unix shell.
    #[default]
    Shell,
    /// PowerShell.
    PowerShell,
    /// The command prompt of Windows.
    Cmd,
    /// Python.
    Python,
    /// The client of a database.
    Sql,
    /// Ruby.
    Ruby,
    /// Another program.
    Client(&'static Client),
}

/// A stretch of a session, of one line or more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A command.
    Command(Command),
    /// A line of the author's.
    Comment(String),
    /// A line that says that something was left out.
    Elision(String),
    /// What commands print.
    Output(String),
    /// An empty line.
    Blank,
}

/// A command, with all of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Command {
    /// What a reader copies: no prompt, no comment, no stray white space.
    pub script: String,
    /// Its lines.
    pub lines: Vec<CommandLine>,
}

/// A line of a command.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommandLine {
    /// The prompt, with the space after it.
    pub prompt: String,
    /// The part of the script on this line.
    pub script: Range<usize>,
    /// The author's comment, with the space before it.
    pub comment: String,
}
