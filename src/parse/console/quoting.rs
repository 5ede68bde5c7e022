//! Where in a shell's script a reader's value can be quoted.
//!
//! A value of plain characters means the same to every shell and is copied as it is. Any other value is copied only
//! where it becomes, once quoted, one argument of a command that takes its arguments as text (`text_commands.rs`). This
//! is decided here.
//!
//! Only a small part of the shell's language is known, and some commands. If anything else is in a script, no value is
//! quoted in all of it: what comes later can read a value again that an earlier command printed, stored or named, and a
//! program that takes over the terminal reads the lines below it as its keys. A script is read twice, with comments and
//! without, because zsh at a terminal has none: a place counts only if both readings agree.

use std::ops::Range;

use super::text_commands::{CONSTANTS, FIELD, is_harmless, takes_text};

/// How a value that is not plain is written at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quoting {
    /// In quotes of its own: it is an argument, or a part of one.
    Argument,
    /// Within double quotes.
    Double,
    /// Within single quotes.
    Single,
}

/// Whether the shell knows comments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comments {
    Known,
    Unknown,
}

/// How values are quoted at the fields of a script, whose ranges are in order; `None` where they cannot be.
pub fn quoting(script: &str, fields: &[Range<usize>]) -> Vec<Option<Quoting>> {
    let with_comments = Reader::read(script, fields, Comments::Known);
    let without = Reader::read(script, fields, Comments::Unknown);
    with_comments.into_iter().zip(without).map(|(one, other)| one.filter(|_| one == other)).collect()
}

/// What comes after a command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Another command, or nothing.
    Command,
    /// A command that reads what this one prints.
    Pipe,
}

/// Reading stopped at something that is not known.
struct Unknown;

/// Reads a script up to its end, or to the first thing that is not known.
struct Reader<'s> {
    script: &'s str,
    fields: &'s [Range<usize>],
    comments: Comments,
    at: usize,
    /// The words of the command that is being read.
    words: Vec<String>,
    /// The fields in these words, by their number.
    in_command: Vec<(usize, Quoting)>,
    /// Whether the command reads what another one prints.
    is_piped: bool,
    /// Whether what the command prints goes nowhere.
    is_redirected: bool,
    /// How values are quoted at the fields that were read.
    found: Vec<Option<Quoting>>,
}

impl<'s> Reader<'s> {
    fn read(script: &'s str, fields: &'s [Range<usize>], comments: Comments) -> Vec<Option<Quoting>> {
        let mut reader = Reader {
            script,
            fields,
            comments,
            at: 0,
            words: Vec::new(),
            in_command: Vec::new(),
            is_piped: false,
            is_redirected: false,
            found: vec![None; fields.len()],
        };
        match reader.commands() {
            Ok(()) => reader.found,
            Err(Unknown) => vec![None; fields.len()],
        }
    }

    fn commands(&mut self) -> Result<(), Unknown> {
        while let Some(c) = self.peek() {
            match c {
                _ if self.field().is_some() => {
                    let word = self.word()?;
                    self.words.push(word);
                }
                ' ' | '\t' => self.at += 1,
                '\\' if self.rest().starts_with("\\\n") => self.at += "\\\n".len(),
                '#' if self.comments == Comments::Known => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                '>' | '<' => self.redirection()?,
                '&' if self.rest().starts_with("&>") => {
                    self.at += 1;
                    self.redirection()?;
                }
                '|' if !self.rest().starts_with("||") => {
                    self.at += if self.rest().starts_with("|&") { 2 } else { 1 };
                    self.end_command(End::Pipe)?;
                }
                '\n' | ';' | '&' | '|' => {
                    self.at += 1;
                    self.end_command(End::Command)?;
                }
                _ => {
                    let word = self.word()?;
                    self.words.push(word);
                }
            }
        }
        self.end_command(End::Command)
    }

    /// Reads a redirection that throws away what is printed, or joins it; any other could store a value.
    fn redirection(&mut self) -> Result<(), Unknown> {
        let Some(target) = self.rest().strip_prefix('>') else { return Err(Unknown) };
        let nowhere = ["/dev/null", " /dev/null", "&1", "&2"];
        let target = nowhere.iter().find(|nowhere| target.starts_with(**nowhere)).ok_or(Unknown)?;

        // The number right before the sign is that of a channel, and no word.
        let is_channel = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
        if self.script[..self.at].ends_with(|c: char| c.is_ascii_digit())
            && self.words.last().is_some_and(is_channel)
        {
            self.words.pop();
        }

        self.at += 1 + target.len();
        if self.peek().is_some_and(|c| !c.is_ascii_whitespace() && !";&|".contains(c)) {
            return Err(Unknown);
        }
        self.is_redirected = true;
        Ok(())
    }

    /// Reads a word up to what ends it.
    fn word(&mut self) -> Result<String, Unknown> {
        let mut word = String::new();
        while let Some(c) = self.peek() {
            if self.take_field(Quoting::Argument) {
                word.push(FIELD);
                continue;
            }
            match c {
                ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' => break,
                '\'' => self.single_quotes(&mut word)?,
                '"' => self.double_quotes(&mut word)?,
                '$' => self.variable(&mut word)?,
                '\\' => self.escape(&mut word)?,
                // With `*` and its like, the names of files become arguments.
                '(' | ')' | '{' | '}' | '`' | '*' | '?' | '[' => return Err(Unknown),
                '^' if self.words.is_empty() && word.is_empty() => return Err(Unknown),
                '!' | '~' => self.sign(c, &mut word)?,
                _ => self.plain(c, &mut word)?,
            }
        }
        Ok(word)
    }

    fn single_quotes(&mut self, word: &mut String) -> Result<(), Unknown> {
        self.at += 1;
        while let Some(c) = self.peek() {
            if self.take_field(Quoting::Single) {
                word.push(FIELD);
            } else {
                self.at += c.len_utf8();
                match c {
                    '\'' => return Ok(()),
                    // A value at the beginning of a line could recall a command: `^old^new`.
                    '\n' => return Err(Unknown),
                    _ => word.push(c),
                }
            }
        }
        Err(Unknown)
    }

    fn double_quotes(&mut self, word: &mut String) -> Result<(), Unknown> {
        self.at += 1;
        while let Some(c) = self.peek() {
            if self.take_field(Quoting::Double) {
                word.push(FIELD);
                continue;
            }
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(());
                }
                '$' => self.variable(word)?,
                '\\' if self.rest().starts_with("\\\n") => return Err(Unknown),
                '\\' => self.escape(word)?,
                '`' => return Err(Unknown),
                '!' => self.sign(c, word)?,
                _ => self.plain(c, word)?,
            }
        }
        Err(Unknown)
    }

    /// Reads a variable, `$name` or `${name}`.
    fn variable(&mut self, word: &mut String) -> Result<(), Unknown> {
        self.at += 1;
        if self.field().is_some() {
            return Err(Unknown);
        }
        let is_braced = self.rest().starts_with('{');
        self.at += usize::from(is_braced);

        let name =
            self.rest().find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest().len());
        let next = self.rest()[name..].chars().next();
        let is_alone = name == 0 && next.is_none_or(|c| c.is_ascii_whitespace() || c == '"');
        let is_known = match is_braced {
            true => name > 0 && next == Some('}'),
            // In zsh, what follows can be a subscript or a modifier.
            false => is_alone || name > 0 && !matches!(next, Some('[' | ':')),
        };
        if !is_known {
            return Err(Unknown);
        }

        if !is_alone && !CONSTANTS.contains(&&self.rest()[..name]) {
            return Err(Unknown);
        }
        self.at += name + usize::from(is_braced);
        word.push('$');
        Ok(())
    }

    /// Reads a backslash, and the character after it.
    fn escape(&mut self, word: &mut String) -> Result<(), Unknown> {
        self.at += 1;
        let escaped = self.peek().filter(|_| self.field().is_none()).ok_or(Unknown)?;
        self.at += escaped.len_utf8();
        if escaped != '\n' {
            word.push(escaped);
        }
        Ok(())
    }

    /// Reads `!`, which can recall a command, or `~`, which can be a user's folder.
    fn sign(&mut self, sign: char, word: &mut String) -> Result<(), Unknown> {
        self.at += 1;
        let next = self.peek();
        let recalls = sign == '!' && !next.is_none_or(|c| c.is_ascii_whitespace() || c == '"');
        if recalls || self.field().is_some() {
            return Err(Unknown);
        }
        word.push(sign);
        Ok(())
    }

    /// Reads a character that stands for itself. Shells do not agree on white space beyond ASCII.
    fn plain(&mut self, c: char, word: &mut String) -> Result<(), Unknown> {
        if c.is_control() && c != '\t' || !c.is_ascii() && c.is_whitespace() {
            return Err(Unknown);
        }
        self.at += c.len_utf8();
        word.push(c);
        Ok(())
    }

    /// Ends a command: the fields in it are where values can be quoted, or are not.
    fn end_command(&mut self, end: End) -> Result<(), Unknown> {
        if self.words.is_empty() {
            self.is_redirected = false;
            return Ok(());
        }
        let words = std::mem::take(&mut self.words);
        let fields = std::mem::take(&mut self.in_command);
        let is_simple = end == End::Command && !self.is_piped && !self.is_redirected;
        if !is_harmless(&words) {
            return Err(Unknown);
        }

        if is_simple && takes_text(&words) {
            for (number, quoting) in fields {
                self.found[number] = Some(quoting);
            }
        }
        self.is_piped = end == End::Pipe;
        self.is_redirected = false;
        Ok(())
    }

    fn rest(&self) -> &'s str {
        &self.script[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The number of the field that begins here.
    fn field(&self) -> Option<usize> {
        self.fields.binary_search_by_key(&self.at, |field| field.start).ok()
    }

    /// Goes past a field that begins here, and notes how a value is quoted in it. Tells whether there was one.
    fn take_field(&mut self, quoting: Quoting) -> bool {
        let Some(number) = self.field() else { return false };
        self.in_command.push((number, quoting));
        self.at = self.fields[number].end;
        true
    }
}

#[cfg(test)]
mod tests;
