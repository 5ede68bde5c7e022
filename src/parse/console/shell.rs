//! As much of a shell's lexer as tells where a command ends, and where the author's comment on it begins.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::comment::is_comment;

/// What a shell would still wait for at the end of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// Nothing: the command ends.
    No,
    /// One more line: there was a `\` or an operator at the end.
    ForLine,
    /// A closing quote or parenthesis, a here-document's delimiter, the end of a loop.
    ForClosing,
}

/// What ends a here-document.
pub struct Delimiter {
    /// The whole line.
    pub word: String,
    /// Whether tabs before it are taken off.
    pub tabs: bool,
}

/// As much of a shell's lexer as tells where a command ends.
#[derive(Default)]
pub struct Shell {
    quote: Option<char>,
    backslash: bool,
    /// Whether the line just read ends with an operator that needs a command behind it.
    joins: bool,
    /// What would close the loops, parentheses and the like that are open.
    open: Vec<&'static str>,
    /// Whether the next word is that of a command's.
    in_command: bool,
    /// The here-documents that are announced.
    heredocs: VecDeque<Delimiter>,
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

    /// Reads a line and tells where the author's comment on it begins (with the space before it). `ending` finds the
    /// line below that ends a here-document.
    pub fn line<'l>(
        &mut self,
        line: &str,
        comment: Option<&str>,
        ending: impl Fn(&Delimiter) -> Option<&'l str>,
    ) -> usize {
        self.was_heredoc = self.reading;
        self.smart.clear();
        if self.reading {
            let ends = |Delimiter { word, tabs }: &Delimiter| match tabs {
                true => line.trim_start_matches('\t') == word,
                false => line == word,
            };
            if self.heredocs.front().is_some_and(ends) {
                self.heredocs.pop_front();
                self.start_heredoc(ending);
            }
            return line.len();
        }
        self.in_command &= self.backslash || self.quote.is_some();
        self.backslash = false;
        let (end, bare) = self.scan(line, comment);
        self.follow(&bare);
        if self.quote.is_none() {
            self.start_heredoc(ending);
        }
        end
    }

    /// Reads a line up to a comment: where that begins, and the line before it without what is quoted.
    fn scan(&mut self, line: &str, comment: Option<&str>) -> (usize, String) {
        let mut bare = String::with_capacity(line.len());
        let mut before = ' ';
        // Whether it is in `((…))`, where `<<` shifts bits.
        let mut is_arithmetic = false;
        let mut next = 0;
        while let Some(c) = line[next..].chars().next() {
            let at = next;
            let was_quoted = self.quote.is_some();
            let begins_comment = |c: char| {
                c == '#' && (before.is_whitespace() || before == ';')
                    || before.is_whitespace() && at > 0 && is_comment(&line[at..], comment)
            };
            let word = line[at..].bytes().take_while(is_plain).count();
            if word > 0 && (was_quoted || !begins_comment(c)) {
                next += word;
                match was_quoted {
                    true => bare.push(QUOTED),
                    false => bare.push_str(&line[at..next]),
                }
                before = QUOTED;
                continue;
            }
            next += c.len_utf8();
            match (self.quote, c) {
                (Some('\'' | ANSI_C), '\'') | (Some('"'), '"') => self.quote = None,
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
                    return (at + 1, bare);
                }
                (Some('"' | '”' | ANSI_C) | None, '\\') => {
                    self.backslash = line[next..].trim().is_empty();
                    next += line[next..].chars().next().map_or(0, char::len_utf8);
                    bare.push(QUOTED);
                    before = QUOTED;
                    continue;
                }
                (Some(_), _) => {}
                (None, '\'') if before == '$' => self.quote = Some(ANSI_C),
                (None, '\'' | '"') => self.quote = Some(c),
                (None, '<') if line[at..].starts_with("<<<") => next = at + "<<<".len(),
                (None, '<') if line[at..].starts_with("<<") && is_arithmetic => next = at + "<<".len(),
                (None, '<') if line[at..].starts_with("<<") => {
                    next = at + "<<".len();
                    let (heredoc, length) = heredoc(&line[next..]);
                    self.heredocs.extend(heredoc);
                    next += length;
                    bare.push(QUOTED);
                    before = QUOTED;
                    continue;
                }
                (None, '(' | ')') if before == c => is_arithmetic = c == '(',
                (None, _) if begins_comment(c) => return (line[..at].trim_end().len(), bare),
                _ => {}
            }
            before = if was_quoted || self.quote.is_some() { QUOTED } else { c };
            bare.push(before);
        }
        (line.len(), bare)
    }

    /// Follows the words of a line that open and close loops and the like.
    fn follow(&mut self, bare: &str) {
        let is_separator = |c: char| matches!(c, ';' | '&' | '|' | '(' | ')');
        for word in bare.split_inclusive(|c: char| c.is_whitespace() || is_separator(c)) {
            let (word, separator) = match word.chars().next_back() {
                Some(c) if c.is_whitespace() || is_separator(c) => (&word[..word.len() - c.len_utf8()], c),
                _ => (word, ' '),
            };
            if !word.is_empty() && !self.in_command {
                match word {
                    "if" => self.open.push("fi"),
                    "for" | "while" | "until" | "select" => self.open.push("done"),
                    "case" => self.open.push("esac"),
                    "{" => self.open.push("}"),
                    "fi" | "done" | "esac" | "}" => {
                        let opened = self.open.iter().rposition(|close| *close == word);
                        self.open.truncate(opened.unwrap_or(self.open.len()));
                    }
                    _ => {}
                }
                self.in_command =
                    !["if", "then", "else", "elif", "while", "until", "do", "{", "!", "time"].contains(&word);
            }
            match separator {
                '(' => self.open.push(")"),
                // The one behind a pattern of a `case` closes nothing.
                ')' => drop(self.open.pop_if(|close| *close == ")")),
                _ => {}
            }
            self.in_command &= !is_separator(separator);
        }
        let code = bare.trim_end();
        self.joins = code.ends_with('|') || code.ends_with("&&");
        self.in_command |= self.backslash;
    }

    /// Begins the first of the here-documents that end somewhere.
    fn start_heredoc<'l>(&mut self, ending: impl Fn(&Delimiter) -> Option<&'l str>) {
        self.reading = false;
        while let Some(delimiter) = self.heredocs.front() {
            if let Some(line) = ending(delimiter) {
                self.prompted = line.starts_with("> ");
                self.reading = true;
                return;
            }
            self.heredocs.pop_front();
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
        if self.backslash || (self.joins && !self.reading) {
            Waits::ForLine
        } else if self.quote.is_some() || self.reading || !self.open.is_empty() {
            Waits::ForClosing
        } else {
            Waits::No
        }
    }
}

/// Whether a character, within a word, is nothing but a part of it.
fn is_plain(byte: &u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'+'..=b':' | b'=' | b'@' | b'_' | b'%')
}

/// Stands for what is quoted: a letter of a word.
const QUOTED: char = 'x';

/// Stands for the quotes of `$'it\'s'`, within which a backslash takes away the meaning of a quote.
const ANSI_C: char = '$';

/// Reads a here-document's delimiter from what follows `<<`, and tells how long that is.
fn heredoc(text: &str) -> (Option<Delimiter>, usize) {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let tabs = rest.len() < text.len();
    let rest = rest.trim_start_matches(' ');
    let begin = text.len() - rest.len();
    let (word, length) = match rest.chars().next().filter(|quote| ['\'', '"'].contains(quote)) {
        Some(quote) => {
            let word = rest[1..].split(quote).next().unwrap_or_default();
            (word, (word.len() + 2).min(rest.len()))
        }
        None => {
            let ends = |c: char| c.is_whitespace() || ";|&<>()".contains(c);
            let length = rest.find(ends).unwrap_or(rest.len());
            (rest[..length].trim_start_matches('\\'), length)
        }
    };
    let is_word = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (is_word.then(|| Delimiter { word: word.to_owned(), tabs }), begin + length)
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
