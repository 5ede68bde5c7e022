//! As much of a shell's lexer as tells where a command ends, and where the author's comment on it begins.

use std::borrow::Cow;

use super::comment::is_comment;

/// What a shell would still wait for at the end of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Nothing: the command ends.
    No,
    /// One more line: there was a `\` at the end.
    ForLine,
    /// A closing quote or a here-document's delimiter.
    ForClosing,
}

/// As much of a shell's lexer as tells where a command ends.
#[derive(Default)]
pub struct Shell {
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
    /// Where in the line just read a typographic quote does the work of a plain one.
    smart: Vec<usize>,
}

impl Shell {
    /// The length of the continuation prompt (`> `) that a line begins with, where the shell would show one.
    pub fn continuation_prompt(&self, line: &str) -> usize {
        let shown = (!self.reading || self.prompted) && line.starts_with("> ");
        if shown { 2 } else { 0 }
    }

    /// Reads a line and tells where the author's comment on it begins (with the space before it). `after`
    /// are the lines below.
    pub fn line(&mut self, line: &str, comment: Option<&str>, after: &[&str]) -> usize {
        self.backslash = false;
        self.was_heredoc = self.reading;
        self.smart.clear();
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
                (None | Some('”' | '’'), _) if !c.is_ascii() && closes(self.quote, c) => {
                    self.smart.push(at);
                    self.quote = match self.quote {
                        None => Some(if "“”„".contains(c) { '”' } else { '’' }),
                        Some(_) => None,
                    };
                }
                (None, '\\') if line[at + 1..].starts_with(' ') && is_aside(&line[at + 1..], comment) => {
                    // The author comments on a line that goes on.
                    self.backslash = true;
                    return at + 1;
                }
                (Some('"' | '”') | None, '\\') => {
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
                (None, _)
                    if c == '#' && (before.is_whitespace() || before == ';')
                        || before.is_whitespace() && at > 0 && is_comment(&line[at..], comment) =>
                {
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

    /// A part of the line just read, which begins with it, with plain quotes for typographic ones.
    pub fn plain<'l>(&self, code: &'l str) -> Cow<'l, str> {
        let mut out = Cow::Borrowed(code);
        for at in self.smart.iter().rev().filter(|at| **at < code.len()) {
            let Some(quote) = code[*at..].chars().next() else { continue };
            let plain = if "“”„".contains(quote) { "\"" } else { "'" };
            out.to_mut().replace_range(*at..*at + quote.len_utf8(), plain);
        }
        out
    }

    /// Whether the lines now are a here-document's, in which there are no prompts.
    pub fn is_reading(&self) -> bool {
        self.reading
    }

    /// Whether the white space at the end of the line just read belongs to the command.
    pub fn keeps_space(&self) -> bool {
        self.quote.is_some() || self.was_heredoc
    }

    /// What the shell waits for behind the line just read.
    pub fn waits(&self) -> Waits {
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

/// Whether a typographic quote opens (behind nothing) or closes (behind its like) a quotation.
fn closes(open: Option<char>, c: char) -> bool {
    match open {
        Some('”') => "“”".contains(c),
        Some('’') => "‘’".contains(c),
        _ => "“”„‘’‚".contains(c),
    }
}

/// Whether what follows a `\` and white space is a comment: the author says something of a line that goes on.
fn is_aside(rest: &str, comment: Option<&str>) -> bool {
    let rest = rest.trim_start();
    rest.starts_with("# ") || is_comment(rest, comment)
}
