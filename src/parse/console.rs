//! Console sessions: prompts, commands, the author's comments and output told apart.
//!
//! A session is read line by line. A line with a prompt begins a command, which goes on over the lines
//! below as long as the shell would still wait: behind a `\` at the end, inside quotes, and in a
//! here-document up to its delimiter. Quotes and here-documents that never close before the next prompt
//! are taken as text, so that one apostrophe does not swallow the rest. All else is output.

use std::ops::Range;

/// A console session as pieces of text in the order of the block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Session {
    /// The pieces, which together are the block's text.
    pub pieces: Vec<Piece>,
    /// The commands, joined by newlines: what a reader copies.
    pub script: String,
    /// Where each command stands in the script.
    pub commands: Vec<Range<usize>>,
    /// Whether the commands are Python's rather than a shell's.
    pub is_python: bool,
}

/// A stretch of a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// A prompt, with the space behind it.
    Prompt(String),
    /// Part of a command: a range of the script. White space that is not copied is not in it.
    Command(Range<usize>),
    /// The author's comment, with the space before it.
    Comment(String),
    /// What the commands print, and empty lines.
    Output(String),
    /// The end of a line.
    LineEnd,
}

/// Which prompts a session has beside the usual ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Prompts {
    /// `# `: the reader is told to be root.
    root: bool,
    /// `>>> ` and `... `: the session is one of Python's.
    python: bool,
}

/// Whether text without a language is a session: some line begins with `$ `.
pub fn looks_like_session(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.strip_prefix("$ ").is_some_and(|command| !command.trim().is_empty())
    })
}

impl Session {
    /// Reads a block's text. `comment` begins an author's comment; `is_root` makes `# ` a prompt.
    pub fn parse(text: &str, comment: Option<&str>, is_root: bool) -> Self {
        // Empty lines at the end are the author's air, and no output.
        let lines: Vec<&str> = text.trim_end().lines().collect();
        let python = lines.iter().any(|line| line.starts_with(">>> "));
        let usual = Prompts { root: false, python };
        let root = is_root
            || lines.iter().any(|line| {
                line.contains("root@") && prompt(line, usual).is_some_and(|end| line[..end].contains("root@"))
            });
        let prompts = Prompts { root, python };
        let mut session = Session { is_python: python, ..Session::default() };
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            match prompt(line, prompts) {
                Some(length) => {
                    let end = command_end(&lines, at, length, comment, prompts);
                    session.command(&lines[at..end], length, comment);
                    at = end;
                }
                None => {
                    let is_comment = is_comment(line.trim_start(), comment);
                    let line = line.to_owned();
                    session.pieces.push(if is_comment { Piece::Comment(line) } else { Piece::Output(line) });
                    session.pieces.push(Piece::LineEnd);
                    at += 1;
                }
            }
        }
        session
    }

    /// Adds a command that stands on these lines, the first with a prompt of this length.
    fn command(&mut self, lines: &[&str], prompt: usize, comment: Option<&str>) {
        if !self.script.is_empty() {
            self.script.push('\n');
        }
        let start = self.script.len();
        let mut state = Shell::default();
        for (number, line) in lines.iter().enumerate() {
            let prompt = if number == 0 { prompt } else { state.continuation_prompt(line) };
            let (prompt, rest) = line.split_at(prompt);
            let end = state.line(rest, comment, &lines[number + 1..]);
            let (command, comment) = rest.split_at(end);
            // White space at the end of a line is noise, except in what is quoted; behind a `\` it would
            // even break the command.
            let kept = if state.keeps_space() { command } else { command.trim_end() };
            let (kept, comment) = (kept, &rest[kept.len()..end + comment.len()]);
            if !prompt.is_empty() {
                self.pieces.push(Piece::Prompt(prompt.to_owned()));
            }
            if number > 0 {
                self.script.push('\n');
            }
            let from = self.script.len();
            self.script.push_str(kept);
            self.pieces.push(Piece::Command(from..self.script.len()));
            if !comment.trim().is_empty() {
                self.pieces.push(Piece::Comment(comment.to_owned()));
            }
            self.pieces.push(Piece::LineEnd);
        }
        self.commands.push(start..self.script.len());
    }
}

/// The length of the prompt that a line begins with, the space behind it included.
fn prompt(line: &str, prompts: Prompts) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    let text = &line[indent..];
    let sign = |text: &str, signs: &[&str]| {
        signs
            .iter()
            .find(|sign| {
                text.strip_prefix(**sign).is_some_and(|rest| rest.starts_with(' ') || rest.is_empty())
            })
            .map(|sign| sign.len() + usize::from(text.len() > sign.len()))
    };
    let mut skipped = 0;
    // `(venv) $ `: any number of names in parentheses.
    while let Some(close) = text[skipped..].strip_prefix('(').and_then(|rest| rest.find(") ")) {
        let name = &text[skipped + 1..skipped + 1 + close];
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) {
            break;
        }
        skipped += close + 3;
    }
    let rest = &text[skipped..];
    if let Some(length) = sign(rest, &["$", "%"].as_slice()[..if skipped > 0 { 2 } else { 1 }]) {
        return Some(indent + skipped + length);
    }
    if prompts.python
        && let Some(length) = sign(rest, &[">>>", "..."])
    {
        return Some(indent + skipped + length);
    }
    if prompts.root
        && let Some(length) = sign(rest, &["#"])
    {
        return Some(indent + skipped + length);
    }
    // `user@host:~/x$ `, `root@host:~# `, `[user@host x]$ `.
    let head: usize =
        rest.find(['$', '#']).filter(|at| rest[*at + 1..].starts_with(' ') || rest.len() == at + 1)?;
    let who = rest[..head].trim_start_matches('[').trim_end_matches(']');
    let (user, place) = who.split_once('@')?;
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "._-<>".contains(c));
    let host = place.split([':', ' ']).next().unwrap_or_default();
    let folder = place[host.len()..].trim_start_matches([':', ' ']);
    let is_prompt = is_name(user) && is_name(host) && !folder.contains(' ');
    is_prompt.then(|| indent + skipped + (head + 2).min(rest.len()))
}

/// Finds the line after the last one of the command that begins on line `start`.
fn command_end(
    lines: &[&str],
    start: usize,
    length: usize,
    comment: Option<&str>,
    prompts: Prompts,
) -> usize {
    if prompts.python {
        return start + 1;
    }
    let mut state = Shell::default();
    // Where the command ends if what is open never closes: after the last line that a `\` continued.
    let mut sure = start + 1;
    for (at, line) in lines.iter().enumerate().skip(start) {
        let rest = if at == start {
            &line[length..]
        } else {
            if !state.reading && prompt(line, prompts).is_some() {
                return sure;
            }
            &line[state.continuation_prompt(line)..]
        };
        state.line(rest, comment, &lines[at + 1..]);
        match state.waits() {
            // The shell waits for reasons that this lexer does not know (`for`, `|`, `$(`): it shows so.
            Waits::No if lines.get(at + 1).is_some_and(|next| next.starts_with("> ")) => sure = at + 2,
            Waits::No => return at + 1,
            Waits::ForLine => sure = (at + 2).min(lines.len()),
            Waits::ForClosing => {}
        }
    }
    sure
}

/// What a shell would still wait for at the end of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    No,
    /// One more line: there was a `\` at the end.
    ForLine,
    /// A closing quote or a here-document's delimiter.
    ForClosing,
}

/// As much of a shell's lexer as tells where a command ends.
#[derive(Default)]
struct Shell {
    quote: Option<char>,
    backslash: bool,
    /// The here-documents that are announced: delimiter, and whether tabs before it are taken off.
    heredocs: Vec<(String, bool)>,
    /// Whether the lines now are a here-document's.
    reading: bool,
    /// Whether the last line was one of a here-document.
    was_heredoc: bool,
    /// Whether the here-document's lines stand behind continuation prompts.
    prompted: bool,
}

impl Shell {
    /// The length of the continuation prompt (`> `) that a line begins with, where the shell would show one.
    fn continuation_prompt(&self, line: &str) -> usize {
        let shown = (!self.reading || self.prompted) && line.starts_with("> ");
        if shown { 2 } else { 0 }
    }

    /// Reads a line and tells where the author's comment on it begins (with the space before it). `after`
    /// are the lines below.
    fn line(&mut self, line: &str, comment: Option<&str>, after: &[&str]) -> usize {
        self.backslash = false;
        self.was_heredoc = self.reading;
        if self.reading {
            if let Some((delimiter, tabs)) = self.heredocs.first() {
                let bare = if *tabs { line.trim_start_matches('\t') } else { line };
                if bare == delimiter {
                    self.heredocs.remove(0);
                }
            }
            self.reading = !self.heredocs.is_empty();
            return line.len();
        }
        let mut before = ' ';
        let mut letters = line.char_indices().peekable();
        while let Some((at, c)) = letters.next() {
            match (self.quote, c) {
                (Some('\''), '\'') | (Some('"'), '"') => self.quote = None,
                (None, '\\')
                    if is_comment(line[at + 1..].trim_start(), comment)
                        && line[at + 1..].starts_with(' ') =>
                {
                    // The author comments on a line that goes on.
                    self.backslash = true;
                    return at + 1;
                }
                (Some('"') | None, '\\') => {
                    self.backslash = letters.next().is_none_or(|(next, _)| line[next..].trim().is_empty());
                    before = 'x';
                    continue;
                }
                (Some(_), _) => {}
                (None, '\'' | '"') => self.quote = Some(c),
                (None, '<') if line[at..].starts_with("<<") && !line[at..].starts_with("<<<") => {
                    let rest = &line[at + 2..];
                    let length = rest.len();
                    if let Some(heredoc) = heredoc(rest) {
                        self.heredocs.push(heredoc);
                    }
                    // The delimiter's quotes are not the shell's.
                    let word = rest.trim_start_matches(['-', ' ']);
                    let skip = length - word.len() + word.find(char::is_whitespace).unwrap_or(word.len());
                    while letters.next_if(|(next, _)| *next < at + 2 + skip).is_some() {}
                    before = 'x';
                    continue;
                }
                (None, '<') if line[at..].starts_with("<<<") => {
                    letters.next();
                    letters.next();
                }
                (None, '#') if before.is_whitespace() => break,
                (None, _) if before.is_whitespace() && at > 0 && is_comment(&line[at..], comment) => {
                    self.start_heredoc(after);
                    return line[..at].trim_end().len();
                }
                _ => {}
            }
            before = c;
        }
        self.start_heredoc(after);
        line.len()
    }

    fn start_heredoc(&mut self, after: &[&str]) {
        self.reading = !self.heredocs.is_empty() && self.quote.is_none();
        if let Some((delimiter, _)) = self.heredocs.first() {
            let is_end = |line: &&&str| line.strip_prefix("> ").unwrap_or(line) == delimiter;
            self.prompted = after.iter().find(is_end).is_some_and(|line| line.starts_with("> "));
        }
    }

    /// Whether the white space at the end of the line just read belongs to the command.
    fn keeps_space(&self) -> bool {
        self.quote.is_some() || self.was_heredoc
    }

    fn waits(&self) -> Waits {
        if self.quote.is_some() || self.reading {
            Waits::ForClosing
        } else if self.backslash {
            Waits::ForLine
        } else {
            Waits::No
        }
    }
}

/// Reads a here-document's delimiter from what follows `<<`.
fn heredoc(rest: &str) -> Option<(String, bool)> {
    let (rest, tabs) = match rest.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let rest = rest.trim_start_matches(' ');
    let delimiter = match rest.chars().next()? {
        quote @ ('\'' | '"') => rest[1..].split(quote).next()?,
        _ => rest
            .trim_start_matches('\\')
            .split(|c: char| c.is_whitespace() || ";|&<>()".contains(c))
            .next()?,
    };
    let is_word = delimiter.starts_with(|c: char| c.is_alphabetic() || c == '_');
    is_word.then(|| (delimiter.to_owned(), tabs))
}

/// Whether text is an author's comment.
fn is_comment(text: &str, sign: Option<&str>) -> bool {
    sign.is_some_and(|sign| text.starts_with(sign)) && !is_url(text)
}

/// Whether text that begins with a comment sign is really an address: `//host.example/path`.
fn is_url(text: &str) -> bool {
    let text = text.trim_end();
    let word = text.trim_start_matches('/').split(char::is_whitespace).next().unwrap_or_default();
    let Some((host, _)) = word.split_once('/') else { return false };
    // A host without a dot is one where nothing follows; else it is two words with a slash.
    let is_last = text.ends_with(word);
    text.starts_with("//")
        && (host.contains('.') || is_last)
        && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A session with each piece in the brackets of its kind.
    fn shown(text: &str) -> String {
        let session = Session::parse(text, Some("//"), false);
        let mut out = String::new();
        for piece in &session.pieces {
            match piece {
                Piece::Prompt(text) => out += &format!("<{text}>"),
                Piece::Command(range) => out += &format!("[{}]", &session.script[range.clone()]),
                Piece::Comment(text) => out += &format!("({text})"),
                Piece::Output(text) => out += text,
                Piece::LineEnd => out.push('\n'),
            }
        }
        out
    }

    #[test]
    fn commands_comments_output() {
        for (text, expected) in [
            ("$ ls ~/.ssh  //the folder\nid_rsa\n", "<$ >[ls ~/.ssh](  //the folder)\nid_rsa\n"),
            ("$ curl https://x.example/a //b\n", "<$ >[curl https://x.example/a]( //b)\n"),
            ("$ echo 'a //b' \"//c\" # d //e\n", "<$ >[echo 'a //b' \"//c\" # d //e]\n"),
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
            ("$ smbclient //server/share\n", "<$ >[smbclient //server/share]\n"),
            ("$ ls //either/or it is\n", "<$ >[ls]( //either/or it is)\n"),
            ("(venv) $ flask run\n", "<(venv) $ >[flask run]\n"),
            ("joe@host:~/x$ ls\nroot@h:~# id\n", "<joe@host:~/x$ >[ls]\n<root@h:~# >[id]\n"),
            ("mail joe@host.example: costs $ 5\n", "mail joe@host.example: costs $ 5\n"),
            (">>> if x:\n...     y\n1\n", "<>>> >[if x:]\n<... >[    y]\n1\n"),
            ("$ a\n...\n", "<$ >[a]\n...\n"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn what_is_copied() {
        let text = "$ a \\  \n  b //c\nout\n$ d\n";
        let session = Session::parse(text, Some("//"), false);
        assert_eq!(session.script, "a \\\n  b\nd");
        let commands: Vec<_> = session.commands.iter().map(|range| &session.script[range.clone()]).collect();
        assert_eq!(commands, ["a \\\n  b", "d"]);
    }

    #[test]
    fn prose_is_no_session() {
        assert!(looks_like_session("x\n  $ ls\n"));
        assert!(!looks_like_session("costs 5 $ or so\n$\n$HOME\n"));
    }
}
