//! Console sessions: prompts, commands, the author's comments and output told apart.
//!
//! A session is read line by line. A line with a prompt (`prompt.rs`) begins a command, which goes on over the
//! lines below as long as its interpreter would still wait: a shell (`shell.rs`) behind a `\` at the end, inside
//! quotes, and in a here-document up to its delimiter; others where they ask for more. Quotes and here-documents
//! that never close before the next prompt are taken as text, so that one apostrophe does not swallow the rest.
//! Lines that begin with the author's sign are comments, and so are those with `# ` right above a prompt. All
//! else is output.
//!
//! Commands of the superuser and of others, and those of different interpreters, come in [runs](Run) of their
//! own, so that nobody pastes one into the other.

mod comment;
mod prompt;
mod shell;

use std::borrow::Cow;
use std::ops::Range;

use prompt::Prompt;
use shell::{Shell, Waits};

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
    /// What stands in it, each part on lines of its own.
    pub parts: Vec<Part>,
}

/// Who reads a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Role {
    /// The program.
    pub interpreter: Interpreter,
    /// Whether it runs for the superuser.
    pub is_root: bool,
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
    /// The prompt, with the space behind it.
    pub prompt: String,
    /// What of the script stands on the line.
    pub script: Range<usize>,
    /// The author's comment, with the space before it.
    pub comment: String,
}

/// Whether text without a language is a session: some line begins with `$ `.
pub fn looks_like_session(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.strip_prefix("$ ").is_some_and(|command| !command.trim().is_empty())
    })
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
    /// Reads a block's text. `comment` begins an author's comment; `is_root` makes `# ` a prompt.
    pub fn parse(text: &str, comment: Option<&str>, is_root: bool) -> Self {
        let text = plain(text);
        // Empty lines at the end are the author's air, and no output.
        let lines: Vec<&str> = text.trim_end().lines().collect();
        let root = is_root || lines.iter().any(|line| prompt::is_root_host(line));
        let reader = Reader { lines: &lines, root, comment };
        let mut session = Session::default();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            if let Some(prompt) = prompt::read(line, root) {
                let (command, end) = reader.command(at, prompt);
                session.enter(prompt.role).push(Part::Command(command));
                at = end;
                continue;
            }
            let above = reader.remarks(at);
            if let Some(prompt) = reader.prompt(above.end) {
                let parts = session.enter(prompt.role);
                parts.extend(lines[above.clone()].iter().map(|line| Part::Comment((*line).to_owned())));
                at = above.end;
                continue;
            }
            session.other(line, comment);
            at += 1;
        }
        session
    }

    /// The scripts of all commands, run by run.
    pub fn scripts(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().flat_map(|run| &run.parts).filter_map(|part| match part {
            Part::Command(command) => Some(command.script.as_str()),
            _ => None,
        })
    }

    /// The parts of the run to which a command of this role belongs.
    fn enter(&mut self, role: Role) -> &mut Vec<Part> {
        let is_new = match self.runs.last_mut() {
            None => true,
            Some(run) if run.role == role => false,
            Some(run) if !run.parts.iter().any(|part| matches!(part, Part::Command(_))) => {
                run.role = role;
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
            self.runs.push(Run { role, parts: Vec::new() });
        }
        self.parts()
    }

    fn parts(&mut self) -> &mut Vec<Part> {
        if self.runs.is_empty() {
            self.runs.push(Run { role: Role::default(), parts: Vec::new() });
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

/// Reads commands from the lines of a session.
struct Reader<'t> {
    lines: &'t [&'t str],
    root: bool,
    comment: Option<&'t str>,
}

impl Reader<'_> {
    fn prompt(&self, at: usize) -> Option<Prompt> {
        prompt::read(self.lines.get(at)?, self.root)
    }

    /// The lines from here on that begin with `# `; none is one that leaves something out.
    fn remarks(&self, at: usize) -> Range<usize> {
        let is_remark =
            |line: &&&str| line.trim_start().starts_with("# ") && !line.trim().ends_with(['.', '…']);
        let count = self.lines[at..].iter().take_while(is_remark).count();
        at..at + count
    }

    /// Reads the command that begins on a line with a prompt; gives it and the line behind it.
    fn command(&self, at: usize, prompt: Prompt) -> (Command, usize) {
        if prompt.role.interpreter == Interpreter::Shell {
            let end = self.shell_end(at, prompt.length);
            return (self.shell_command(&self.lines[at..end], prompt.length), end);
        }
        let interpreter = prompt.role.interpreter;
        let sign = self.comment.filter(|_| interpreter != Interpreter::Python);
        let mut command = Command::default();
        let mut end = at;
        let mut length = prompt.length;
        loop {
            let (prompt, rest) = self.lines[end].split_at(length);
            let code = rest[..comment::start(rest, sign).unwrap_or(rest.len())].trim_end();
            command.line(prompt, code, &rest[code.len()..]);
            end += 1;
            let Some(next) = self.lines.get(end) else { break };
            length = match prompt::continuation(next, interpreter) {
                Some(length) => length,
                None if interpreter.goes_on(code) => 0,
                None => break,
            };
        }
        (command, end)
    }

    fn shell_command(&self, lines: &[&str], length: usize) -> Command {
        let mut command = Command::default();
        let mut shell = Shell::default();
        for (number, line) in lines.iter().enumerate() {
            let prompt = if number == 0 { length } else { shell.continuation_prompt(line) };
            let (prompt, rest) = line.split_at(prompt);
            let code = &rest[..shell.line(rest, self.comment, &lines[number + 1..])];
            // White space at the end of a line is noise, except in what is quoted; behind a `\` it would
            // even break the command.
            let code = if shell.keeps_space() { code } else { code.trim_end() };
            command.line(prompt, &shell.plain(code), &rest[code.len()..]);
        }
        command
    }

    /// Finds the line after the last one of the shell's command that begins on line `start`.
    fn shell_end(&self, start: usize, length: usize) -> usize {
        let lines = self.lines;
        let mut shell = Shell::default();
        // Where the command ends if what is open never closes: after the last line that a `\` continued.
        let mut sure = start + 1;
        for (at, line) in lines.iter().enumerate().skip(start) {
            let rest = if at == start {
                &line[length..]
            } else {
                if !shell.is_reading() && self.prompt(at).is_some() {
                    return sure;
                }
                &line[shell.continuation_prompt(line)..]
            };
            shell.line(rest, self.comment, &lines[at + 1..]);
            match shell.waits() {
                // The shell waits for reasons that this lexer does not know (`for`, `|`, `$(`): it shows so.
                Waits::No if lines.get(at + 1).is_some_and(|next| next.starts_with("> ")) => sure = at + 2,
                Waits::No => return at + 1,
                Waits::ForLine => sure = (at + 2).min(lines.len()),
                Waits::ForClosing => {}
            }
        }
        sure
    }
}

impl Command {
    /// Adds a line.
    fn line(&mut self, prompt: &str, code: &str, comment: &str) {
        if !self.lines.is_empty() {
            self.script.push('\n');
        }
        let start = self.script.len();
        self.script.push_str(code);
        let comment = if comment.trim().is_empty() { "" } else { comment };
        self.lines.push(CommandLine {
            prompt: prompt.to_owned(),
            script: start..self.script.len(),
            comment: comment.to_owned(),
        });
    }
}

/// Text as a terminal would have shown it: spaces that are spaces, and nothing that cannot be seen. What joins
/// letters of other scripts or the parts of a sign stays.
fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => out.push(' '),
            '\u{200c}' | '\u{200d}' if out.ends_with(|before: char| !before.is_ascii()) => out.push(c),
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            _ => out.push(c),
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut out = String::new();
        for (number, run) in Session::parse(text, Some("//"), false).runs.iter().enumerate() {
            if number > 0 {
                out += "=\n";
            }
            for part in &run.parts {
                match part {
                    Part::Command(command) => {
                        for line in &command.lines {
                            out += &format!("<{}>[{}]", line.prompt, &command.script[line.script.clone()]);
                            out += &format!("({})\n", line.comment);
                        }
                    }
                    Part::Comment(line) => out += &format!("({line})\n"),
                    Part::Elision(line) => out += &format!("…{line}\n"),
                    Part::Output(text) => out += &format!("{text}\n"),
                    Part::Blank => out.push('\n'),
                }
            }
        }
        // What is not there is not shown.
        out.replace("<>[", "[").replace("]()", "]")
    }

    #[test]
    fn commands_comments_output() {
        for (text, expected) in [
            ("$ ls ~/.ssh  //the folder\nid_rsa\n", "<$ >[ls ~/.ssh](  //the folder)\nid_rsa\n"),
            ("$ curl https://x.example/a //b\n", "<$ >[curl https://x.example/a]( //b)\n"),
            ("$ echo 'a //b' \"//c\" # d //e\n", "<$ >[echo 'a //b' \"//c\"]( # d //e)\n"),
            ("$ echo $# a#b ${x#y}\n", "<$ >[echo $# a#b ${x#y}]\n"),
            ("    $ ufw status //x\n", "<    $ >[ufw status]( //x)\n"),
            ("$ a\n//why\nit wraps\n", "<$ >[a]\n(//why)\nit wraps\n"),
            ("$ a \\\n>   b\n> c\n", "<$ >[a \\]\n<> >[  b]\n<> >[c]\n"),
            ("$ a \\  \n  b\nout\n", "<$ >[a \\]\n[  b]\nout\n"),
            ("$ a \\ //x\n  b\nout\n", "<$ >[a \\]( //x)\n[  b]\nout\n"),
            ("$ cat <<E\n> a\n> E\nout\n", "<$ >[cat <<E]\n<> >[a]\n<> >[E]\nout\n"),
            ("$ cat <<E\n> a\nE\nout\n", "<$ >[cat <<E]\n[> a]\n[E]\nout\n"),
            ("$ echo 'a\n  b'\nout\n", "<$ >[echo 'a]\n[  b']\nout\n"),
            ("$ echo it's\nout\n$ b's\n", "<$ >[echo it's]\nout\n<$ >[b's]\n"),
            (
                "$ cat <<'EOF' > x\n$ a\nit's\nEOF\nout\n",
                "<$ >[cat <<'EOF' > x]\n[$ a]\n[it's]\n[EOF]\nout\n",
            ),
            ("$ cat <<-END\n\tx\n\tEND\n$ b\n", "<$ >[cat <<-END]\n[\tx]\n[\tEND]\n<$ >[b]\n"),
            (
                "$ for i in a; do\n>   echo $i\n> done\na\n",
                "<$ >[for i in a; do]\n<> >[  echo $i]\n<> >[done]\na\n",
            ),
            ("root@h:~# ls\n# id\n", "<root@h:~# >[ls]\n<# >[id]\n"),
            ("# why\n$ a\n# out\n$ b\n# out\n", "(# why)\n<$ >[a]\n(# out)\n<$ >[b]\n# out\n"),
            ("$ a\n# ...\nx\n\ny\n\n$ b\n", "<$ >[a]\n…# ...\nx\n\ny\n\n<$ >[b]\n"),
            ("PS> a `\n>> b\nout\n", "<PS> >[a `]\n<>> >[b]\nout\n"),
            ("C:\\>a ^\n  b\nout\n", "<C:\\>>[a ^]\n[  b]\nout\n"),
            ("mysql> a\n    -> b; //c\nout\n", "<mysql> >[a]\n<    -> >[b;]( //c)\nout\n"),
            ("db=# a\ndb-# b;\nout\n", "<db=# >[a]\n<db-# >[b;]\nout\n"),
            ("$ a\n\n$ python3\n>>> b\n$ c\n", "<$ >[a]\n\n<$ >[python3]\n=\n<>>> >[b]\n=\n<$ >[c]\n"),
            ("$ smbclient //server/share\n", "<$ >[smbclient //server/share]\n"),
            ("$ ls //either/or it is\n", "<$ >[ls]( //either/or it is)\n"),
            ("(venv) $ flask run\n", "<(venv) $ >[flask run]\n"),
            ("joe@host:~/x$ ls\nroot@h:~# id\n", "<joe@host:~/x$ >[ls]\n=\n<root@h:~# >[id]\n"),
            ("mail joe@host.example: costs $ 5\n", "mail joe@host.example: costs $ 5\n"),
            (">>> if x:\n...     y\n1\n", "<>>> >[if x:]\n<... >[    y]\n1\n"),
            ("$ a\n...\n", "<$ >[a]\n…...\n"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn what_is_copied() {
        for (text, expected) in [
            ("$ a \\  \n  b //c\nout\n$ d # e\n", ["a \\\n  b", "d"].as_slice()),
            ("$ echo \u{201c}a //b\u{201d}\u{a0}\u{2018}c d\u{2019} //e\n", &["echo \"a //b\" 'c d'"]),
            ("$ echo \"it\u{2019}s\" \u{200b}x\u{feff}\n", &["echo \"it\u{2019}s\" x"]),
            ("$ cat <<E\na #b \n//c\nE\n", &["cat <<E\na #b \n//c\nE"]),
            (">>> if x:\n...     7 // 2\n...\n>>> y\n", &["if x:\n    7 // 2\n", "y"]),
        ] {
            let session = Session::parse(text, Some("//"), false);
            assert_eq!(session.scripts().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn who_asks() {
        let role = |line: &str| prompt::read(line, false).map(|prompt| (prompt.length, prompt.role));
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
            ("(a) (b) $ ls", 10, Interpreter::Shell),
            (">>> 1", 4, Interpreter::Python),
        ] {
            assert_eq!(role(line), Some((length, of(interpreter))), "{line}");
        }
        for line in ["C:\\a<b> x", "PSA> x", "a b=> c", "=> 1", "# x", "mysql>x", "x >>> y", "50% of it"] {
            assert_eq!(role(line), None, "{line}");
        }
    }

    #[test]
    fn prose_is_no_session() {
        assert!(looks_like_session("x\n  $ ls\n"));
        assert!(!looks_like_session("costs 5 $ or so\n$\n$HOME\n"));
    }
}
