//! Console sessions: prompts, commands, the author's comments and output told apart.
//!
//! A session is read line by line. A line with a prompt (`prompt.rs`) begins a command, which goes on over the lines
//! below (`reader.rs`) as long as its interpreter (`shell.rs`, `sql.rs`) would still wait. What never closes before the
//! next prompt is taken as text, so that one apostrophe does not swallow the rest. Signs that are also other things are
//! prompts only where something says so: `# ` below commands of root's, `>>> ` and `test> ` where a program was started
//! (`repl.rs`, `client.rs`). Lines with the author's sign, and those with `# ` right above a prompt, are comments; all
//! else is output. Where no prompt is known, `commands.rs` says whether all is commands. Whether code without a name is a
//! session, its beginning tells (`beginning.rs`).
//!
//! Commands of different computers, users and interpreters come in [runs](Run) of their own, so that readers do not
//! paste one into the other. Where a reader's value can be quoted in a shell's commands, `quoting.rs` decides;
//! `plain_values.rs` says where even a plain one changes a command.

mod beginning;
mod client;
mod commands;
mod comment;
mod nesting;
pub mod plain_values;
mod prompt;
pub mod quoting;
mod reader;
mod repl;
pub mod session;
mod shell;
mod sql;
pub mod text_commands;
mod visible;

use prompt::Prompt;
use reader::SessionReader;
use visible::plain;

pub use beginning::{
    begins_with_dollar, begins_with_host, begins_with_percent, begins_with_prompt, begins_with_start,
    looks_like_session,
};
pub use prompt::{Signs, asks_for_more, folder_shown, program};
pub use session::{Account, Command, Interpreter, Part, Role, Run, Session};

impl Interpreter {
    /// The name of the language that it reads.
    pub fn language(self) -> &'static str {
        match self {
            Interpreter::Shell => "bash",
            Interpreter::PowerShell => "powershell",
            Interpreter::Cmd => "bat",
            Interpreter::Python => "python",
            Interpreter::Sql => "sql",
            Interpreter::Ruby => "ruby",
            Interpreter::Client(client) => client.language,
        }
    }

    /// Whether a command goes on below a line that ends so.
    fn goes_on(self, line: &str) -> bool {
        match self {
            Interpreter::PowerShell => line.ends_with('`'),
            Interpreter::Cmd => line.ends_with('^'),
            _ => false,
        }
    }
}

impl Role {
    /// Whether it is a shell of a Unix; there are also some that are not known.
    pub fn is_shell(self) -> bool {
        match self.interpreter {
            Interpreter::Client(client) => client.language == "bash",
            interpreter => interpreter == Interpreter::Shell,
        }
    }

    /// Whether it is that of a program, or the superuser, whom a command above may have started.
    fn is_started(self) -> bool {
        self.is_root || self.interpreter != Interpreter::Shell
    }
}

/// Reads prompts. Which signs are some depends on the commands above a line.
struct PromptReader<'r, 't> {
    reader: &'r SessionReader<'t>,
    signs: Signs,
    /// Whether `signs` have the client that the last command started. It matters only if no shell asks below it.
    is_client_known: bool,
}

impl PromptReader<'_, '_> {
    /// The prompt of a line below what a session has so far.
    fn read(&mut self, at: usize, session: &Session) -> Option<Prompt> {
        let prompt = self.reader.prompt(at, self.signs);
        let is_shell = prompt.is_some_and(|prompt| !prompt.role.is_started());
        // No client asks without one of these signs.
        let may_ask = || self.reader.line(at).contains(['>', '#']);
        if is_shell || self.is_client_known || !may_ask() {
            return prompt;
        }

        self.is_client_known = true;
        let last = session.last_command();
        self.signs.client = last.and_then(|command| client::started(&command.script)).or(self.signs.client);
        self.reader.prompt(at, self.signs)
    }

    /// A command was typed in this role. What a command started asks until the shell does again.
    fn enter(&mut self, role: Role, script: &str) {
        self.is_client_known = role.is_started();
        self.signs.client =
            if self.is_client_known { client::started(script).or(self.signs.client) } else { None };
    }
}

/// How many different beginnings of lines are compared.
const MOST_SIGNS: usize = 20;

impl Session {
    /// Reads a block's text. `comment` begins an author's comment; `signs` are prompts anywhere. Without `signs.root`,
    /// `# ` is one only below commands of root's: an ordinary user's print lines that begin so.
    pub fn parse(text: &str, comment: Option<&str>, signs: Signs) -> Self {
        let text = plain(text);
        // Empty lines at the end are space that the author left, and no output.
        let lines: Vec<&str> = text.trim_end().lines().collect();
        let reader = SessionReader::new(&text, &lines, signs, comment);

        // Which signs are prompts depends on the commands above a line.
        let mut session = Session::default();
        let has_python = text.contains(prompt::PYTHON);
        let first = lines.iter().find(|line| !line.trim().is_empty());
        let arrow = first.is_some_and(|line| line.trim_start().starts_with(prompt::ARROW));
        let angle = first.is_some_and(|line| reader::begins_with_angle(line));
        let percent = begins_with_percent(&text);
        let signs = Signs { python: true, arrow, angle, percent, ..signs };
        let mut prompts = PromptReader { reader: &reader, signs, is_client_known: true };

        let mut at = 0;
        while at < lines.len() {
            if let Some(prompt) = prompts.read(at, &session) {
                let (command, end) = reader.command(at, prompt);
                let is_shell = prompt.role.interpreter == Interpreter::Shell;
                let is_left = is_shell && ["exit", "logout"].contains(&command.script.trim());
                let is_within = prompts.signs.opened && prompt.role.is_started() && !is_left;
                prompts.signs.opened =
                    is_within || repl::opens_root(&command.script) && reader.has_opened(end, prompts.signs);
                prompts.signs.root = prompt.role.is_root && !prompt::is_bare_root(lines[at]);
                prompts.signs.python = has_python
                    && (prompt.role.interpreter == Interpreter::Python
                        || repl::starts_python(&command.script));
                prompts.enter(prompt.role, &command.script);
                let account = session.account(lines[at], prompt);
                session.enter(prompt.role, account, at + 1).push(Part::Command(command));
                at = end;
                continue;
            }

            // Remarks right above a prompt belong to its run, and so do those above the first one.
            let above = reader.remarks(at, session.runs.is_empty());
            if let Some(prompt) = prompts.read(above.end, &session) {
                let account = session.account(lines[above.end], prompt);
                let parts = session.enter(prompt.role, account, at + 1);
                parts.extend(lines[above.clone()].iter().map(|line| match line.trim() {
                    "" => Part::Blank,
                    _ => Part::Comment((*line).to_owned()),
                }));
                at = above.end;
                continue;
            }

            // All other lines that begin with `# ` are output.
            let end = above.end.max(at + 1);
            lines[at..end].iter().for_each(|line| session.other(line, comment));
            at = end;
        }
        session
    }

    /// The last command.
    fn last_command(&self) -> Option<&Command> {
        self.runs.last()?.parts.iter().rev().find_map(|part| match part {
            Part::Command(command) => Some(command),
            _ => None,
        })
    }

    /// Reads text without prompts in which all is commands, as far as can be told; the author left the prompts out.
    pub fn of_commands(text: &str, comment: Option<&str>) -> Option<Self> {
        let text = plain(text);
        let lines: Vec<&str> = text.trim_end().lines().collect();
        let reader = SessionReader::new(&text, &lines, Signs::default(), comment);

        let mut session = Session::default();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at].trim();
            if line.is_empty() {
                session.parts().push(Part::Blank);
                at += 1;
            } else if line.starts_with("# ") || comment::is_comment(line, comment) {
                session.parts().push(Part::Comment(lines[at].to_owned()));
                at += 1;
            } else {
                let length = lines[at].len() - lines[at].trim_start().len();
                let (command, end) = reader.command(at, Prompt { length, role: Role::default() });
                if !commands::is_known(&command.script) {
                    return None;
                }
                session.parts().push(Part::Command(command));
                at = end;
            }
        }
        Some(session).filter(|session| !session.is_output())
    }

    /// What begins lines of the output as a prompt would, though no program is known that asks so: several lines, or
    /// one after which a reader leaves.
    pub fn unknown_prompt(&self) -> Option<&str> {
        let parts = self.runs.iter().flat_map(|run| &run.parts);
        let texts = parts.filter_map(|part| match part {
            Part::Output(text) => Some(text.lines()),
            _ => None,
        });
        let mut before: Vec<&str> = Vec::new();
        texts.flatten().filter(|_| !self.is_output()).find_map(|line| {
            let end = client::worded(line).filter(|end| !line[..*end].contains(' '))?;
            let (sign, typed) = (&line[..end], line[end..].trim());
            let leaves = ["exit", "quit", "exit()", "quit()", "\\q", ".exit"].contains(&typed);
            let is_prompt = !typed.is_empty() && sign.starts_with(char::is_lowercase);
            if is_prompt && (leaves || before.contains(&sign)) {
                return Some(sign);
            }
            before.extend(Some(sign).filter(|_| is_prompt && before.len() < MOST_SIGNS));
            None
        })
    }

    /// Whether there is no command in it.
    pub fn is_output(&self) -> bool {
        let mut parts = self.runs.iter().flat_map(|run| &run.parts);
        !parts.any(|part| matches!(part, Part::Command(_)))
    }

    /// The scripts of all commands, run by run.
    pub fn scripts(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().flat_map(|run| &run.parts).filter_map(|part| match part {
            Part::Command(command) => Some(command.script.as_str()),
            _ => None,
        })
    }

    /// Who types the command after a prompt, and where. A prompt that names no computer is that of the run before if it
    /// belongs to a program, or to the superuser, who were started there.
    fn account(&self, line: &str, prompt: Prompt) -> Account {
        let account = match prompt.role.interpreter {
            Interpreter::Shell => prompt::account(&line[..prompt.length]),
            _ => Account::default(),
        };
        let is_started = prompt.role.is_started();
        match self.runs.last().filter(|_| is_started && account.host.is_none()) {
            Some(run) => {
                let user = run.account.user.clone().filter(|_| !prompt.role.is_root);
                Account { user, host: run.account.host.clone() }
            }
            None => account,
        }
    }

    /// The parts of the run to which a command of this role and account belongs; the command, or a remark on it, is in
    /// this line.
    fn enter(&mut self, role: Role, account: Account, line: usize) -> &mut Vec<Part> {
        let is_new = match self.runs.last_mut() {
            None => true,
            Some(run) if run.role == role && run.account == account => false,
            Some(run) if !run.parts.iter().any(|part| matches!(part, Part::Command(_))) => {
                run.role = role;
                run.account.clone_from(&account);
                false
            }
            Some(run) => {
                while run.parts.last() == Some(&Part::Blank) {
                    run.parts.pop();
                }
                true
            }
        };
        if is_new {
            self.runs.push(Run { role, account, line, parts: Vec::new() });
        }
        self.parts()
    }

    fn parts(&mut self) -> &mut Vec<Part> {
        if self.runs.is_empty() {
            self.runs.push(Run {
                role: Role::default(),
                account: Account::default(),
                line: 1,
                parts: Vec::new(),
            });
        }
        let last = self.runs.len() - 1;
        &mut self.runs[last].parts
    }

    /// Adds a line that belongs to no command.
    fn other(&mut self, line: &str, comment: Option<&str>) {
        let parts = self.parts();

        let text = line.trim();
        if text.is_empty() {
            parts.push(Part::Blank);
        } else if comment::is_comment(text, comment) {
            parts.push(Part::Comment(line.to_owned()));
        } else if ["...", "…", "[...]", "[…]", "# ...", "# …"].contains(&text) {
            parts.push(Part::Elision(line.to_owned()));
        } else {
            // Empty lines between two lines of output are output.
            let blank = parts.iter().rev().take_while(|part| **part == Part::Blank).count();
            let before = parts.len() - blank;
            if let Some(Part::Output(output)) = parts[..before].last_mut() {
                output.push_str(&"\n".repeat(blank + 1));
                output.push_str(line);
                parts.truncate(before);
            } else {
                parts.push(Part::Output(line.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests;
