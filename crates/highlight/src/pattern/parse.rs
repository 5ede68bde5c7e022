//! Reads a pattern into a tree.

use super::bracket::{Case, bracket};
use super::cursor::{Cursor, NotUnderstood};
use super::escape::{Escaped, escape};
use super::set::{CharSet, ascii};
use super::tree::{Expr, Greed};

/// A pattern that was read.
#[derive(Debug)]
pub struct ParsedPattern {
    /// The tree; [`Expr::Anything`] if the pattern is not understood.
    pub expr: Expr,
    /// How many groups it has.
    pub groups: u32,
}

/// Reads a pattern.
pub fn parse(pattern: &str) -> ParsedPattern {
    let mut parser = PatternParser { cursor: Cursor::new(pattern), groups: 0, depth: 0 };
    match parser.choice(Flags::default()) {
        Ok(expr) if parser.cursor.peek().is_none() => ParsedPattern { expr, groups: parser.groups },
        _ => ParsedPattern { expr: Expr::Anything, groups: 0 },
    }
}

/// How deeply groups may be nested.
const DEEPEST: usize = 100;

/// The options that a pattern can change.
#[derive(Clone, Copy, Default)]
struct Flags {
    ignores_case: bool,
    is_extended: bool,
    dot_is_all: bool,
}

struct PatternParser<'p> {
    cursor: Cursor<'p>,
    groups: u32,
    depth: usize,
}

type Read = Result<Expr, NotUnderstood>;

impl PatternParser<'_> {
    fn choice(&mut self, flags: Flags) -> Read {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(NotUnderstood);
        }

        let mut ways = vec![self.sequence(flags)?];
        while self.cursor.eat("|") {
            ways.push(self.sequence(flags)?);
        }
        self.depth -= 1;
        Ok(only(ways, Expr::Choice))
    }

    fn sequence(&mut self, flags: Flags) -> Read {
        let mut parts = Vec::new();
        loop {
            match self.cursor.peek() {
                None | Some('|' | ')') => return Ok(only(parts, Expr::Sequence)),
                Some(c) if flags.is_extended && c.is_whitespace() => drop(self.cursor.next()),
                Some('#') if flags.is_extended => {
                    self.cursor.eat_while(|c| c != '\n');
                }
                Some(_) => {
                    if let Some(atom) = self.atom(flags)? {
                        parts.push(self.repeated(atom, flags)?);
                    }
                }
            }
        }
    }

    /// Reads the quantifiers after a part.
    fn repeated(&mut self, mut expr: Expr, flags: Flags) -> Read {
        loop {
            if flags.is_extended {
                let rest = self.cursor.rest();
                let after = rest.trim_start();
                if after.starts_with(['*', '+', '?']) {
                    self.cursor.take(rest.len() - after.len());
                }
            }

            let is_interval = self.cursor.peek() == Some('{');
            let is_exact =
                is_interval && !self.cursor.rest().chars().take_while(|c| *c != '}').any(|c| c == ',');
            let Some((least, most)) = self.quantifier()? else { return Ok(expr) };
            let mut greed = Greed::Greedy;
            if is_exact && self.cursor.peek() == Some('?') {
                // In Ruby's syntax, `{n}?` is optional, not lazy; `{n,n}?` is lazy.
                self.cursor.take(1);
                expr = repeat(expr, least, most, greed);
                expr = repeat(expr, 0, Some(1), greed);
                continue;
            }
            if self.cursor.eat("?") {
                greed = Greed::Lazy;
            } else if !is_interval && self.cursor.eat("+") {
                greed = Greed::Possessive;
            }
            expr = repeat(expr, least, most, greed);
        }
    }

    /// Reads a quantifier, if there is one: the least and the most.
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, NotUnderstood> {
        let range = match self.cursor.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.interval(),
            _ => return Ok(None),
        };
        self.cursor.take(1);
        Ok(Some(range))
    }

    /// Reads `{n}`, `{n,}`, `{,n}` or `{n,m}`; other braces are characters.
    fn interval(&mut self) -> Result<Option<(u32, Option<u32>)>, NotUnderstood> {
        let Some((inner, _)) = self.cursor.rest()[1..].split_once('}') else { return Ok(None) };

        let number = |text: &str| text.parse::<u32>().ok();
        let range = match inner.split(',').collect::<Vec<_>>()[..] {
            [n] => number(n).map(|n| (n, Some(n))),
            ["", n] => number(n).map(|n| (0, Some(n))),
            [n, ""] => number(n).map(|n| (n, None)),
            [n, m] => number(n).zip(number(m)).map(|(n, m)| (n, Some(m))),
            _ => None,
        };
        match range {
            Some((least, Some(most))) if most < least => Err(NotUnderstood),
            Some(_) => {
                self.cursor.take(inner.len() + 2);
                Ok(range)
            }
            None => Ok(None),
        }
    }

    /// Reads a part; comments are none.
    fn atom(&mut self, flags: Flags) -> Result<Option<Expr>, NotUnderstood> {
        let expr = match self.cursor.next()? {
            '(' if self.cursor.eat("?#") => {
                self.cursor.until(')')?;
                return Ok(None);
            }
            '(' => self.group(flags)?,
            '[' => {
                let case = if flags.ignores_case { Case::Ignored } else { Case::Counts };
                let set = bracket(&mut self.cursor, case)?;
                // A character beyond ASCII may be spelt with up to three letters.
                let is_spelt = set.loose && flags.ignores_case;
                let chars = Expr::Chars(set);
                if is_spelt { repeat(chars, 1, Some(3), Greed::Greedy) } else { chars }
            }
            '.' if flags.dot_is_all => Expr::Chars(CharSet::ALL),
            '.' => Expr::Chars(CharSet::one('\n').complement()),
            '^' => Expr::LineStart,
            '$' => Expr::LineEnd,
            '\\' => self.escape(flags)?,
            '*' | '+' | '?' => return Err(NotUnderstood),
            c => literal(c, flags),
        };
        Ok(Some(expr))
    }

    /// Reads a group after its opening parenthesis.
    fn group(&mut self, flags: Flags) -> Read {
        for (sign, ahead, negative) in
            [("?=", true, false), ("?!", true, true), ("?<=", false, false), ("?<!", false, true)]
        {
            if self.cursor.eat(sign) {
                let expr = Box::new(self.inner(flags)?);
                return Ok(Expr::Look { ahead, negative, expr });
            }
        }
        if self.cursor.eat("?:") {
            return self.inner(flags);
        }
        if self.cursor.eat("?>") {
            return Ok(Expr::Atomic(Box::new(self.inner(flags)?)));
        }
        if self.cursor.eat("?<") || self.cursor.eat("?'") {
            self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_' || c == '-');
            if !matches!(self.cursor.next()?, '>' | '\'') {
                return Err(NotUnderstood);
            }
        } else if self.cursor.eat("?") {
            return self.options(flags);
        }

        self.groups += 1;
        let number = self.groups;
        Ok(Expr::Group(Box::new(self.inner(flags)?), number))
    }

    /// Reads the rest of a group, and its closing parenthesis.
    fn inner(&mut self, flags: Flags) -> Read {
        let expr = self.choice(flags)?;
        if self.cursor.eat(")") { Ok(expr) } else { Err(NotUnderstood) }
    }

    /// Reads options after `(?`: of a group, or up to the end of the group that they are in.
    fn options(&mut self, mut flags: Flags) -> Read {
        let mut is_on = true;
        loop {
            match self.cursor.next()? {
                'i' => flags.ignores_case = is_on,
                'x' => flags.is_extended = is_on,
                'm' => flags.dot_is_all = is_on,
                '-' => is_on = false,
                ':' => return self.inner(flags),
                // `a(?i)b|c` means `a(?i:b|c)`.
                ')' => return self.choice(flags),
                _ => return Err(NotUnderstood),
            }
        }
    }

    /// Reads an escape after its backslash, outside of brackets.
    fn escape(&mut self, flags: Flags) -> Read {
        let c = self.cursor.peek().ok_or(NotUnderstood)?;
        let expr = match c {
            'b' => Expr::WordEdge,
            'B' => Expr::NoWordEdge,
            'A' => Expr::TextStart,
            'z' => Expr::TextEnd,
            'Z' => Expr::LineEnd,
            'G' => Expr::SearchStart,
            'K' => Expr::Empty,
            'N' => Expr::Chars(CharSet::one('\n').complement()),
            'O' => Expr::Chars(CharSet::ALL),
            'R' => {
                let breaks = CharSet { loose: true, ..CharSet::kind(ascii(&[(10, 13)])) };
                repeat(Expr::Chars(breaks), 1, Some(2), Greed::Greedy)
            }
            '1'..='9' => {
                self.cursor.take(1);
                let is_long = self.cursor.peek().is_some_and(|c| c.is_ascii_digit());
                let group = c.to_digit(10).ok_or(NotUnderstood)?;
                let is_known = !is_long && !flags.ignores_case;
                return Ok(if is_known { Expr::BackReference(group) } else { Expr::Anything });
            }
            'k' | 'g' => {
                self.cursor.take(1);
                return self.named_reference();
            }
            'X' | 'y' | 'Y' => return Err(NotUnderstood),
            _ => {
                return Ok(match escape(&mut self.cursor)? {
                    Escaped::Chars(set) => Expr::Chars(set),
                    Escaped::Char(c) => literal(c, flags),
                });
            }
        };
        self.cursor.take(1);
        Ok(expr)
    }

    /// Reads the name of a group that is referred to or called.
    fn named_reference(&mut self) -> Read {
        if !self.cursor.eat("<") && !self.cursor.eat("'") {
            return Err(NotUnderstood);
        }
        self.cursor.eat_while(|c| c != '>' && c != '\'');
        self.cursor.next()?;
        Ok(Expr::Anything)
    }
}

/// One part as it is, several together.
fn only(mut parts: Vec<Expr>, together: impl Fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.len() {
        1 => parts.remove(0),
        _ => together(parts),
    }
}

fn repeat(expr: Expr, least: u32, most: Option<u32>, greed: Greed) -> Expr {
    Expr::Repeat { expr: Box::new(expr), least, most, greed }
}

fn literal(c: char, flags: Flags) -> Expr {
    match (flags.ignores_case, c.is_ascii()) {
        (false, _) => Expr::Chars(CharSet::one(c)),
        (true, true) => Expr::Chars(CharSet::one(c).fold()),
        // It may be spelt in several ways.
        (true, false) => Expr::Anything,
    }
}
