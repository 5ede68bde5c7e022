//! Console sessions: prompts, commands, the author's comments and output told apart.
//!
//! A session is read line by line. A line with a prompt (`prompt.rs`) begins a command, which goes on over the
//! lines below (`reader.rs`) as long as its interpreter would still wait: a shell (`shell.rs`) after a `\` or a `|`
//! at the end, inside quotes (`nesting.rs`) and loops, and in a here-document up to its delimiter; a database's client
//! (`sql.rs`) up to a `;`; others where they ask for more. Signs that are also other things are prompts only where
//! something says so: `# ` below commands of root's, `>>> ` where Python was started (`repl.rs`).
//! What never closes before the next prompt is taken as text, so that one apostrophe does not swallow the rest.
//! Lines that begin with the author's sign are comments, and so are those with `# ` right above a prompt. All
//! else is output.
//!
//! Commands of different computers, users and interpreters come in [runs](Run) of their own, so that readers do not
//! paste one into the other.
//!
//! Where in a shell's commands a reader's value can be quoted, in sessions and in scripts, `quoting.rs` decides;
//! `plain_values.rs` says where even a plain one changes a command.

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

use std::borrow::Cow;

use prompt::Prompt;
use reader::SessionReader;

pub use prompt::Signs;
pub use session::{Account, Command, Interpreter, Part, Role, Run, Session};

/// Whether text without a language is a session: some line begins with `$ `.
pub fn looks_like_session(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.strip_prefix("$ ").is_some_and(|command| !command.trim().is_empty())
    })
}

/// The interpreter whose prompt, with a command after it, is the first line of code that is not empty.
pub fn begins_with_prompt(text: &str) -> Option<Interpreter> {
    let line = text.lines().find(|line| !line.trim().is_empty())?;

    let prompt = prompt::read(line, Signs { python: true, arrow: true, ..Signs::default() })?;
    (!line[prompt.length..].trim().is_empty()).then_some(prompt.role.interpreter)
}

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
        let mut signs = Signs { python: true, arrow, ..signs };

        let mut at = 0;
        while at < lines.len() {
            if let Some(prompt) = reader.prompt(at, signs) {
                let (command, end) = reader.command(at, prompt);
                signs.root = prompt.role.is_root;
                signs.python = has_python
                    && (prompt.role.interpreter == Interpreter::Python
                        || repl::starts_python(&command.script));
                let account = session.account(lines[at], prompt);
                session.enter(prompt.role, account, at + 1).push(Part::Command(command));
                at = end;
                continue;
            }

            // Remarks right above a prompt belong to its run.
            let above = reader.remarks(at);
            if let Some(prompt) = reader.prompt(above.end, signs) {
                let account = session.account(lines[above.end], prompt);
                let parts = session.enter(prompt.role, account, at + 1);
                parts.extend(lines[above.clone()].iter().map(|line| Part::Comment((*line).to_owned())));
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
        let is_started = prompt.role.is_root || prompt.role.interpreter != Interpreter::Shell;
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

/// Text as a terminal would have shown it: spaces that are spaces, and nothing that cannot be seen. What joins
/// letters of other scripts or the parts of a sign stays.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(|c| is_wide_space(c) || is_unseen(c)) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}') && out.ends_with(|before: char| !before.is_ascii());
        match c {
            c if is_wide_space(c) => out.push(' '),
            c if is_unseen(c) && !joins => {}
            c => out.push(c),
        }
    }
    out.into()
}

/// Whether a character looks like a space.
fn is_wide_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Whether a character cannot be seen.
fn is_unseen(c: char) -> bool {
    let is_sign = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    is_sign || matches!(c, '\u{ad}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    // Whole sessions are cases in `tests/markdown/console.md`.
    use super::*;

    #[test]
    fn prompts_tell_their_roles() {
        let role = |line: &str| {
            prompt::read(line, Signs { python: true, arrow: true, ..Signs::default() })
                .map(|prompt| (prompt.length, prompt.role))
        };

        let of = |interpreter| Role { interpreter, is_root: false };

        for (line, length, interpreter) in [
            ("PS> dir", 4, Interpreter::PowerShell),
            ("PS C:\\Program Files> dir", 21, Interpreter::PowerShell),
            ("C:\\>dir", 4, Interpreter::Cmd),
            ("C:\\Users\\x> dir", 12, Interpreter::Cmd),
            ("mysql> select 1;", 7, Interpreter::Sql),
            ("MariaDB [(none)]> select 1;", 18, Interpreter::Sql),
            ("postgres=# \\dt", 11, Interpreter::Sql),
            ("shop=> select 1;", 7, Interpreter::Sql),
            ("PS C:\\>dir", 7, Interpreter::PowerShell),
            ("(a) (b) $ ls", 10, Interpreter::Shell),
            ("me@box:/srv/my app$ ls", 20, Interpreter::Shell),
            ("me@box ~ % ls", 11, Interpreter::Shell),
            ("box:~ me$ ls", 10, Interpreter::Shell),
            ("~/x$ ls", 5, Interpreter::Shell),
            ("/srv/x $ ls", 9, Interpreter::Shell),
            (">>> 1", 4, Interpreter::Python),
            ("[sam@box app]$ ls", 15, Interpreter::Shell),
            ("[sam@arch app (main)]$ ls", 23, Interpreter::Shell),
            ("bash-5.1$ ls", 10, Interpreter::Shell),
            ("(venv)  $ ls", 10, Interpreter::Shell),
            ("(venv) PS C:\\x> dir", 16, Interpreter::PowerShell),
            ("❯ ls", 4, Interpreter::Shell),
            ("tux@linux:~> ls", 13, Interpreter::Shell),
            ("sam@box ~/x> ls", 13, Interpreter::Shell),
            ("irb(main):001:0> 1", 17, Interpreter::Ruby),
            ("irb(main):001> 1", 15, Interpreter::Ruby),
        ] {
            assert_eq!(role(line), Some((length, of(interpreter))), "{line}");
        }

        for line in [
            "C:\\a<b> x",
            "PSA> x",
            "a b=> c",
            "=> 1",
            "# x",
            "mysql>x",
            "x >>> y",
            "50% of it",
            "a@b.example 50% of",
            "PSX>y",
            "a:~/b $c",
            "sam@example.com # admin",
            "box$ ls",
            "bash-$ ls",
            "sam@example.com> wrote",
            "C:\\tools\\zip.exe > list.txt",
            "C:\\tools\\zip.exe>list.txt",
        ] {
            assert_eq!(role(line), None, "{line}");
        }
    }

    #[test]
    fn names_are_prompts_where_the_language_is_a_sessions() {
        let named = |line: &str| prompt::read(line, Signs { named: true, ..Signs::default() });
        assert_eq!(named("box$ ls").map(|prompt| prompt.length), Some(5));
        assert_eq!(named("US$ 5"), None);
        assert_eq!(named("in total box$ 5"), None);
    }

    #[test]
    fn long_sessions_are_read_in_one_go() {
        for line in ["# out", "$ cat <<EOF", "$ echo it's", "$ if a", "\t EOF <<EOF", "$ a |", "mysql> a ('"]
        {
            // Read line by line against all others, each would take minutes.
            let text = format!("{line}\n").repeat(100_000);
            assert!(!Session::parse(&text, Some("//"), Signs::default()).runs.is_empty(), "{line}");
        }
        for part in ["<<", "<<'", "\\a", " //a.b/", "“", "\"$(", "\"`", "${", "("] {
            let text = format!("$ {}{}", part.repeat(200_000), " ".repeat(200_000));
            assert!(!Session::parse(&text, Some("//"), Signs::default()).runs.is_empty(), "{part}");
        }
        let text = format!("{}E\n", "$ (cat <<E\n".repeat(100_000));
        assert_eq!(Session::parse(&text, None, Signs::default()).scripts().count(), 1);
    }

    #[test]
    fn prose_is_no_session() {
        assert!(looks_like_session("x\n  $ ls\n"));
        assert!(!looks_like_session("costs 5 $ or so\n$\n$HOME\n"));
    }
}
