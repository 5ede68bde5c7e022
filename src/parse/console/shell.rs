//! As much of a shell's lexer as tells where a command ends, and where the author's comment on it begins.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::comment::is_comment;
use super::nesting::Nesting;

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

/// What `<<` means outside of quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DoubleLess {
    /// A here-document begins.
    HereDocument,
    /// Bits are shifted: a `((` is open.
    Shift,
}

/// What ends a here-document.
pub struct HereDelimiter {
    /// The whole line.
    pub word: String,
    /// Whether tabs before it are taken off.
    pub tabs: bool,
}

impl HereDelimiter {
    /// Whether text is one that anybody would choose: what follows `<<` may be a number.
    pub fn is_word(text: &str) -> bool {
        text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// As much of a shell's lexer as tells where a command ends.
#[derive(Default)]
pub struct Shell {
    /// The quotes that are open, and what is open in them.
    nesting: Nesting,
    backslash: bool,
    /// Whether the line just read ends with an operator that needs a command after it.
    joins: bool,
    /// What would close the loops, parentheses and the like that are open.
    open: Vec<&'static str>,
    /// Whether the next word is that of a command's.
    in_command: bool,
    /// The here-documents that are announced.
    heredocs: VecDeque<HereDelimiter>,
    /// Whether the lines now are a here-document's.
    reading: bool,
    /// Whether the last line was one of a here-document.
    was_heredoc: bool,
    /// Whether the here-document's lines come after continuation prompts.
    prompted: bool,
    /// Where in the line just read a typographic quote does the work of a plain one.
    smart: Vec<usize>,
}

impl Shell {
    /// The length of the continuation prompt (`> `) that a line begins with, where the shell would show one. Editors remove the
    /// space of an empty line.
    pub fn continuation_prompt(&self, line: &str) -> usize {
        if self.reading && self.prompted && line == ">" {
            return 1;
        }
        let shown = (!self.reading || self.prompted) && line.starts_with("> ");
        if shown { 2 } else { 0 }
    }

    /// Reads a line and tells where the author's comment on it begins (with the space before it). `ending` finds the
    /// line below that ends a here-document.
    pub fn line<'l>(
        &mut self,
        line: &str,
        comment: Option<&str>,
        ending: impl Fn(&HereDelimiter) -> Option<&'l str>,
    ) -> usize {
        self.was_heredoc = self.reading;
        self.smart.clear();
        if self.reading {
            let ends = |HereDelimiter { word, tabs }: &HereDelimiter| match tabs {
                true => line.trim_start_matches('\t') == word,
                false => line == word,
            };
            if self.heredocs.front().is_some_and(ends) {
                self.heredocs.pop_front();
                self.start_heredoc(ending);
            }
            return line.len();
        }

        self.in_command &= self.backslash || !self.nesting.is_empty();
        self.backslash = false;
        let (end, bare) = self.scan(line, comment);

        self.follow(&bare);
        if self.nesting.is_code() {
            self.start_heredoc(ending);
        }
        end
    }

    /// Reads a line up to a comment: where that begins, and the line before it without what is quoted.
    fn scan(&mut self, line: &str, comment: Option<&str>) -> (usize, String) {
        let mut bare = String::with_capacity(line.len());
        let mut before = ' ';
        let mut meaning = DoubleLess::HereDocument;
        let mut next = 0;
        while let Some(c) = line[next..].chars().next() {
            let at = next;
            let was_nested = !self.nesting.is_empty();
            let begins_comment = c == '#' && (before.is_whitespace() || before == ';')
                || before.is_whitespace() && at > 0 && is_comment(&line[at..], comment);
            if begins_comment && self.nesting.has_comments() {
                return (line[..at].trim_end().len(), bare);
            }

            let word = line[at..].bytes().take_while(is_plain).count();
            if word > 0 {
                next += word;
                bare.push_str(if was_nested { QUOTED_TEXT } else { &line[at..next] });
                before = QUOTED;
                continue;
            }

            // An author can comment on a line that goes on.
            let rest = &line[at + c.len_utf8()..];
            let has_aside = c == '\\' && rest.starts_with(' ') && is_aside(rest, comment);
            if has_aside && self.nesting.has_comments() {
                self.backslash = true;
                return (at + 1, bare);
            }

            let (is_sign, length) = self.sign(line, at, before, meaning);
            next = at + length;
            if is_sign || was_nested {
                bare.push(QUOTED);
            } else {
                match (before, c) {
                    ('(', '(') => meaning = DoubleLess::Shift,
                    (')', ')') => meaning = DoubleLess::HereDocument,
                    _ => {}
                }
                bare.push(c);
            }
            before = if is_sign || !self.nesting.is_code() { QUOTED } else { c };
        }
        (line.len(), bare)
    }

    /// Reads the character at a place and what belongs to it: whether it is a sign of the shell's, and the length.
    fn sign(&mut self, line: &str, at: usize, before: char, meaning: DoubleLess) -> (bool, usize) {
        let Some(c) = line[at..].chars().next() else { return (false, 0) };
        let rest = &line[at + c.len_utf8()..];
        match c {
            '\\' if self.nesting.has_escapes() => {
                self.backslash = rest.trim_start().is_empty();
                (true, 1 + rest.chars().next().map_or(0, char::len_utf8))
            }
            '<' if rest.starts_with('<') && self.nesting.is_code() => {
                let (is_heredoc, length) = self.redirection(rest, meaning);
                (is_heredoc, 1 + length)
            }
            _ if !c.is_ascii() => {
                let is_quote = self.nesting.quote(c);
                self.smart.extend(is_quote.then_some(at));
                (is_quote, c.len_utf8())
            }
            _ => match self.nesting.follow(&line[at..], before) {
                Some(length) => (true, length),
                None => (false, 1),
            },
        }
    }

    /// Reads what follows a `<`, which begins with another one: whether it is a here-document, and its length.
    fn redirection(&mut self, text: &str, meaning: DoubleLess) -> (bool, usize) {
        if text.starts_with("<<") {
            return (false, "<<".len());
        }

        if meaning == DoubleLess::Shift || self.nesting.shifts() {
            return (false, "<".len());
        }

        let (heredoc, length) = heredoc(&text["<".len()..]);
        self.heredocs.extend(heredoc);
        (true, "<".len() + length)
    }

    /// Follows the words of a line that open and close loops and the like.
    fn follow(&mut self, bare: &str) {
        let is_separator = |byte: u8| matches!(byte, b';' | b'&' | b'|' | b'(' | b')');
        // To a shell, white space beyond ASCII is none.
        let ends_word = |byte: &u8| byte.is_ascii_whitespace() || is_separator(*byte);

        for word in bare.as_bytes().split_inclusive(ends_word) {
            let (word, separator) = match word.split_last() {
                Some((last, word)) if ends_word(last) => (word, *last),
                _ => (word, b' '),
            };

            if !word.is_empty() && !self.in_command {
                match word {
                    b"if" => self.open.push("fi"),
                    b"for" | b"while" | b"until" | b"select" => self.open.push("done"),
                    b"case" => self.open.push("esac"),
                    b"{" => self.open.push("}"),
                    b"fi" | b"done" | b"esac" | b"}" => {
                        let opened = self.open.iter().rposition(|close| close.as_bytes() == word);
                        self.open.truncate(opened.unwrap_or(self.open.len()));
                    }
                    _ => {}
                }
                self.in_command = !is_before_command(word);
            }

            match separator {
                b'(' => self.open.push(")"),
                // The one after a pattern of a `case` closes nothing.
                b')' => drop(self.open.pop_if(|close| *close == ")")),
                _ => {}
            }
            self.in_command &= !is_separator(separator);
        }

        let code = bare.trim_end();
        self.joins = code.ends_with('|') || code.ends_with("&&");
        self.in_command |= self.backslash;
    }

    /// Begins the first of the here-documents that end somewhere.
    fn start_heredoc<'l>(&mut self, ending: impl Fn(&HereDelimiter) -> Option<&'l str>) {
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
        if self.smart.is_empty() {
            return Cow::Borrowed(code);
        }

        let mut out = String::with_capacity(code.len());
        let mut rest = 0;
        for at in self.smart.iter().copied().filter(|at| *at < code.len()) {
            let Some(quote) = code[at..].chars().next() else { continue };
            out.push_str(&code[rest..at]);
            out.push(if "“”„".contains(quote) { '"' } else { '\'' });
            rest = at + quote.len_utf8();
        }
        out.push_str(&code[rest..]);
        out.into()
    }

    /// Whether the lines now are a here-document's, in which there are no prompts.
    pub fn is_reading(&self) -> bool {
        self.reading
    }

    /// Whether the white space at the end of the line just read belongs to the command.
    pub fn keeps_space(&self) -> bool {
        !self.nesting.is_code() || self.was_heredoc
    }

    /// Whether the line just read is the last of the here-documents that were announced.
    pub fn ends_heredoc(&self) -> bool {
        self.was_heredoc && !self.reading
    }

    /// What the shell waits for after the line just read.
    pub fn waits(&self) -> Waits {
        if self.backslash || (self.joins && !self.reading) {
            Waits::ForLine
        } else if !self.nesting.is_empty() || self.reading || !self.open.is_empty() {
            Waits::ForClosing
        } else {
            Waits::No
        }
    }
}

/// Whether a word is one of the shell's own after which a command begins.
fn is_before_command(word: &[u8]) -> bool {
    matches!(word, b"if" | b"then" | b"else" | b"elif" | b"while" | b"until" | b"do" | b"{" | b"!" | b"time")
}

/// Whether a character, within a word, is nothing but a part of it.
fn is_plain(byte: &u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'+'..=b':' | b'=' | b'@' | b'_' | b'%')
}

/// What is written for something quoted: a letter of a word.
const QUOTED: char = 'x';
const QUOTED_TEXT: &str = "x";

/// Reads a here-document's delimiter from what follows `<<`, and tells how long that is.
fn heredoc(text: &str) -> (Option<HereDelimiter>, usize) {
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
    (HereDelimiter::is_word(word).then(|| HereDelimiter { word: word.to_owned(), tabs }), begin + length)
}

/// Whether what follows a `\` and white space is a comment: the author says something of a line that goes on.
fn is_aside(rest: &str, comment: Option<&str>) -> bool {
    let rest = rest.trim_start();
    rest.starts_with("# ") || is_comment(rest, comment)
}
