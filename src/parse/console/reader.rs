//! Commands with all of their lines.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::client;
use super::commands;
use super::comment;
use super::prompt::{self, Prompt, Signs};
use super::session::{Command, CommandLine, Interpreter};
use super::shell::{HereDelimiter, Shell, Waits};
use super::sql::Statement;

/// Reads commands from the lines of a session.
pub struct SessionReader<'t> {
    lines: &'t [&'t str],
    /// The signs that are prompts anywhere.
    signs: Signs,
    /// The first line on which a bare `# ` can be one, if it is not among them.
    root_from: usize,
    comment: Option<&'t str>,
    ends: HeredocEnds<'t>,
}

impl<'t> SessionReader<'t> {
    /// A reader of all lines of a text. `signs` are prompts anywhere; `comment` begins an author's comment.
    pub fn new(text: &str, lines: &'t [&'t str], signs: Signs, comment: Option<&'t str>) -> Self {
        let ends = if text.contains("<<") { HeredocEnds::new(lines) } else { HeredocEnds::default() };
        SessionReader { lines, signs, root_from: root_from(text, lines), comment, ends }
    }

    /// A line; empty after the last one.
    pub fn line(&self, at: usize) -> &'t str {
        self.lines.get(at).copied().unwrap_or_default()
    }

    /// The prompt of a line, with the signs of the commands above it.
    pub fn prompt(&self, at: usize, signs: Signs) -> Option<Prompt> {
        let signs = Signs {
            root: self.signs.root || signs.opened || signs.root && at >= self.root_from,
            opened: signs.opened,
            python: self.signs.python || signs.python,
            named: self.signs.named,
            arrow: signs.arrow,
            angle: signs.angle,
            percent: signs.percent,
            client: signs.client,
        };
        prompt::read(self.lines.get(at)?, signs)
    }

    /// Whether `# ` is the prompt of a shell that was opened above this line: the first line that begins so has a known
    /// command, and that shell is left before another one asks. Else such lines are remarks, or printed.
    pub fn has_opened(&self, at: usize, signs: Signs) -> bool {
        let signs = Signs { root: false, opened: false, ..signs };
        let is_shell = |at: &usize| {
            self.prompt(*at, signs).is_some_and(|prompt| prompt.role.interpreter == Interpreter::Shell)
        };
        let next = (at..self.lines.len()).find(is_shell);
        let below = &self.lines[at..next.unwrap_or(self.lines.len())];

        let mut typed = below.iter().filter_map(|line| line.trim_start().strip_prefix("# ")).map(str::trim);
        let is_left =
            below.iter().any(|line| ["exit", "logout"].contains(&line.trim_start_matches(['#', ' '])));
        typed.next().is_some_and(commands::is_known) && (next.is_none() || is_left)
    }

    /// The lines from here on that are remarks; none is one that leaves something out. Above the first prompt, they
    /// can be sentences, and have empty lines between them.
    pub fn remarks(&self, at: usize, is_first: bool) -> Range<usize> {
        let is_remark = |line: &&&str| match line.trim() {
            "" => is_first,
            text if is_first && text.starts_with("##") => text.trim_start_matches('#').starts_with(' '),
            text if text.starts_with("# ") => is_first || !text.ends_with(['.', '…']),
            // Below a command, `#<Object>` and the like are printed.
            text if is_first => text != "#" && comment::is_remark(text),
            _ => false,
        };
        let count = self.lines[at..].iter().take_while(is_remark).count();
        at..at + count
    }

    /// Reads the command that begins on a line with a prompt; returns it and the line after it.
    pub fn command(&self, at: usize, prompt: Prompt) -> (Command, usize) {
        match prompt.role.interpreter {
            Interpreter::Shell => return self.shell_command(at, prompt),
            Interpreter::Sql => return self.statement(at, prompt.length),
            _ => {}
        }

        // Other interpreters have prompts, or signs at the ends of lines, for what goes on.
        let interpreter = prompt.role.interpreter;
        let sign = self.comment.filter(|_| interpreter != Interpreter::Python);

        let mut command = Command::default();
        let mut end = at;
        let mut length = prompt.length;
        let indent = indentation(self.lines[at]);
        loop {
            let (prompt, rest) = self.lines[end].split_at(length);
            let code = rest[..comment::start(rest, sign).unwrap_or(rest.len())].trim_end();
            command.line(prompt, code, &rest[code.len()..]);
            end += 1;

            let Some(next) = self.lines.get(end) else { break };
            length = match prompt::continuation(next, interpreter) {
                Some(length) => length,
                None if interpreter.goes_on(code) => shared(next, indent),
                None => break,
            };
        }
        (command, end)
    }

    /// Reads a statement of SQL. Lines without the client's prompt belong to it if it ends with them.
    fn statement(&self, start: usize, length: usize) -> (Command, usize) {
        let mut command = Command::default();
        let mut statement = Statement::default();
        let mut end = start + 1;

        let indent = indentation(self.lines[start]);
        let continuation = |line: &str| prompt::continuation(line, Interpreter::Sql);
        for (at, line) in self.lines.iter().enumerate().skip(start) {
            let prompt = if at == start { Some(length) } else { continuation(line) };

            let (prompt, rest) = line.split_at(prompt.unwrap_or_else(|| shared(line, indent)));
            let code = rest[..comment::start(rest, self.comment).unwrap_or(rest.len())].trim_end();
            command.line(prompt, code, &rest[code.len()..]);
            statement.line(code);

            let Some(next) = self.lines.get(at + 1) else { break };
            if continuation(next).is_some() {
                end = at + 2;
                continue;
            }
            let goes_on = !statement.has_ended()
                && self.prompt(at + 1, Signs::default()).is_none()
                && statement.takes(&next[shared(next, indent)..]);
            if !goes_on {
                break;
            }
        }

        if statement.has_ended() {
            end = start + command.lines.len();
        }
        command.truncate(end - start);
        (command, end)
    }

    /// Reads a command of a shell. If what it opens never closes, it ends after the last line that surely belongs
    /// to it.
    fn shell_command(&self, start: usize, first: Prompt) -> (Command, usize) {
        let lines = self.lines;
        let signs = Signs { root: first.role.is_root, ..Signs::default() };

        let mut command = Command::default();
        let mut shell = Shell::default();
        let mut end = start + 1;

        // An indented session is read as if it were not: what is below the first prompt's sign is the margin.
        let indent = indentation(lines[start]);
        let margin = |line: &str| shared(line, indent);
        for (at, line) in lines.iter().enumerate().skip(start) {
            if at > start && !shell.is_reading() && self.prompt(at, signs).is_some() {
                end = end.min(at);
                break;
            }

            let prompt = match margin(line) {
                _ if at == start => first.length,
                margin => margin + shell.continuation_prompt(&line[margin..]),
            };
            let (prompt, rest) = line.split_at(prompt);
            let code =
                &rest[..shell.line(rest, self.comment, |delimiter| self.ending(delimiter, indent, at))];

            // White space at the end of a line is noise, except in what is quoted; after a `\` it would
            // even break the command.
            let code = if shell.keeps_space() { code } else { code.trim_end() };
            command.line(prompt, &shell.plain(code), &rest[code.len()..]);

            // The shell can wait for reasons that this lexer does not know; its next prompt shows that it does.
            let waits = shell.waits();
            let next = lines.get(at + 1).and_then(|next| next[margin(next)..].strip_prefix("> "));
            // A program that the first line starts may ask so, too.
            let is_prompt = || at == start && client::started(code).is_some_and(|client| client.is_bare);
            let goes_on = next.is_some_and(|text| (waits != Waits::No || !is_script(text)) && !is_prompt());
            match waits {
                _ if goes_on && !shell.is_reading() => end = at + 2,
                Waits::No => {
                    end = at + 1;
                    break;
                }
                Waits::ForLine => end = (at + 2).min(lines.len()),
                // To its delimiter, a here-document surely belongs to the command.
                Waits::ForClosing if shell.ends_heredoc() => end = at + 1,
                Waits::ForClosing => {}
            }
        }
        command.truncate(end - start);
        (command, end)
    }

    /// The first line after this one that would end a here-document, without the command's indentation.
    fn ending(&self, delimiter: &HereDelimiter, indent: &str, at: usize) -> Option<&'t str> {
        let line = self.lines[self.ends.next(delimiter, indent, at)?];
        Some(&line[shared(line, indent)..])
    }
}

/// The line from which on a bare `# ` can be a prompt: after the last one with a full prompt of root's. An author who
/// writes those means a remark or output by `# `.
fn root_from(text: &str, lines: &[&str]) -> usize {
    let last = text.contains(prompt::ROOT).then(|| lines.iter().rposition(|line| prompt::is_root_host(line)));
    last.flatten().map_or(lines.len(), |last| last + 1)
}

/// Whether a line has the prompt `> ` and a command: a program's name or a path, and no more of a quote or a diff.
pub fn begins_with_angle(line: &str) -> bool {
    let Some(command) = line.strip_prefix("> ") else { return false };
    let program = command.split(' ').next().unwrap_or_default();
    let is_program = |c: char| c.is_ascii_alphanumeric() || "._/\\:~-".contains(c);
    program.starts_with(|c: char| c.is_ascii_alphabetic() || "./~".contains(c))
        && program.chars().all(is_program)
        && !program.ends_with([':', '.'])
        && !is_script(command)
}

/// Whether text after a `> ` is what npm and others print of a script that they run: `shop@1.2.0 start`.
fn is_script(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let package = words.next().and_then(|word| word.rsplit_once('@'));
    let is_package = |(name, version): (&str, &str)| {
        !name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.')
    };
    package.is_some_and(is_package) && words.next().is_some()
}

/// The white space that a line begins with.
fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// How much of an indentation a line begins with.
fn shared(line: &str, indent: &str) -> usize {
    line.chars()
        .zip(indent.chars())
        .take_while(|(here, there)| here == there)
        .map(|(c, _)| c.len_utf8())
        .sum()
}

/// The lines that could end a here-document, so that one that never ends is not looked for again and again.
#[derive(Default)]
struct HeredocEnds<'t>(HashMap<HeredocEnd<'t>, Vec<usize>>);

/// What a line is that could end a here-document.
#[derive(PartialEq, Eq, Hash)]
struct HeredocEnd<'t> {
    word: &'t str,
    indent: &'t str,
    /// Whether tabs had to be taken off.
    tabs: bool,
}

impl<'t> HeredocEnds<'t> {
    fn new(lines: &[&'t str]) -> Self {
        let mut ends: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            let indent = indentation(line);

            let text = &line[indent.len()..];
            let text = text.strip_prefix("> ").unwrap_or(text);
            let bare = text.trim_start_matches('\t');
            if !HereDelimiter::is_word(bare) {
                continue;
            }

            ends.entry(HeredocEnd { word: text, indent, tabs: false }).or_default().push(at);
            let outer = indent.trim_end_matches('\t');
            if (bare, outer) != (text, indent) {
                ends.entry(HeredocEnd { word: bare, indent: outer, tabs: true }).or_default().push(at);
            }
        }
        HeredocEnds(ends)
    }

    /// The first line after this one that ends a here-document: indented as its command is, or not at all.
    fn next(&self, delimiter: &HereDelimiter, indent: &str, at: usize) -> Option<usize> {
        let first = |indent: &str, tabs: bool| {
            let all = self.0.get(&HeredocEnd { word: &delimiter.word, indent, tabs })?;
            all.get(all.partition_point(|end| *end <= at)).copied()
        };

        let plain = [first(indent, false), first("", false)];
        let tabs = || [first(indent.trim_end_matches('\t'), true), first("", true)];
        let ends = plain.into_iter().chain(delimiter.tabs.then(tabs).into_iter().flatten());
        ends.flatten().min()
    }
}

impl Command {
    /// Keeps only this number of lines.
    fn truncate(&mut self, lines: usize) {
        self.lines.truncate(lines);
        self.script.truncate(self.lines.last().map_or(0, |line| line.script.end));
    }

    /// Adds a line.
    fn line(&mut self, prompt: &str, code: &str, comment: &str) {
        if !self.lines.is_empty() {
            self.script.push('\n');
        }

        let start = self.script.len();
        self.script.push_str(code);
        let comment = if comment.trim().is_empty() { "" } else { comment };

        // Most commands have one line; a vector would make room for four.
        self.lines.reserve_exact(usize::from(self.lines.is_empty()));
        self.lines.push(CommandLine {
            prompt: prompt.to_owned(),
            script: start..self.script.len(),
            comment: comment.to_owned(),
        });
    }
}
