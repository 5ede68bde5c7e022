//! Reads a pattern into a tree.

use super::bracket::{Case, bracket};
use super::cursor::{Cursor, NotUnderstood};
use super::escape::{Escaped, escape};
use super::set::{CharSet, ascii};
use super::skip::{OptionEnd, PatternFlags, group_name, skip_sequence};
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
    PatternParser::new(pattern, ReadExtent::All).read()
}

/// Reads the beginning of a pattern. What is left out is [`Expr::Anything`].
///
/// Some patterns are of several thousand characters, of which a text seldom leads to more than the first.
pub fn parse_beginning(pattern: &str) -> Expr {
    PatternParser::new(pattern, ReadExtent::Beginning).read().expr
}

/// Reads what decides about the first character of a pattern. What is left out is [`Expr::Anything`].
pub fn parse_first(pattern: &str) -> Expr {
    PatternParser::new(pattern, ReadExtent::First).read().expr
}

/// How much of a pattern is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadExtent {
    /// All of it.
    All,
    /// So many groups and sets, and the characters between them.
    Beginning,
    /// Of each alternative, the parts up to the first that matches a character.
    First,
}

/// How many groups and sets the beginning of a pattern has.
const MOST_OF_BEGINNING: usize = 300;

/// How deeply groups may be nested.
const DEEPEST: usize = 100;

struct PatternParser<'p> {
    cursor: Cursor<'p>,
    extent: ReadExtent,
    groups: u32,
    depth: usize,
    /// How many groups and sets have been read.
    count: usize,
}

type Read = Result<Expr, NotUnderstood>;

impl<'p> PatternParser<'p> {
    fn new(pattern: &'p str, extent: ReadExtent) -> Self {
        PatternParser { cursor: Cursor::new(pattern), extent, groups: 0, depth: 0, count: 0 }
    }

    fn read(mut self) -> ParsedPattern {
        match self.choice(PatternFlags::default()) {
            Ok(expr) if self.cursor.peek().is_none() => ParsedPattern { expr, groups: self.groups },
            _ => ParsedPattern { expr: Expr::Anything, groups: 0 },
        }
    }

    fn choice(&mut self, flags: PatternFlags) -> Read {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(NotUnderstood);
        }

        let first = self.sequence(flags)?;
        let mut others = Vec::new();
        while self.cursor.eat("|") {
            others.push(self.sequence(flags)?);
        }
        self.depth -= 1;

        if others.is_empty() {
            return Ok(first);
        }
        others.insert(0, first);
        Ok(Expr::Choice(others))
    }

    fn sequence(&mut self, flags: PatternFlags) -> Read {
        let mut parts = Vec::with_capacity(self.cursor.length_of_word().max(2));
        loop {
            match self.cursor.peek() {
                None | Some('|' | ')') => return Ok(only(parts)),
                Some(c) if flags.is_extended && c.is_whitespace() => drop(self.cursor.next()),
                Some('#') if flags.is_extended => {
                    self.cursor.eat_while(|c| c != '\n');
                }
                Some(c) => {
                    let atom = if c.is_ascii_alphanumeric() {
                        self.cursor.take(1);
                        Some(literal(c, flags))
                    } else {
                        self.atom(flags)?
                    };
                    let Some(mut part) = atom else { continue };
                    if self.may_be_repeated(flags) {
                        part = self.repeated(part, flags)?;
                    }
                    parts.push(part);
                    if self.is_enough(&parts[parts.len() - 1]) {
                        parts.push(Expr::Anything);
                        skip_sequence(&mut self.cursor, flags)?;
                    }
                }
            }
        }
    }

    fn may_be_repeated(&self, flags: PatternFlags) -> bool {
        self.cursor.rest().starts_with(|c: char| {
            matches!(c, '*' | '+' | '?' | '{') || (flags.is_extended && c.is_whitespace())
        })
    }

    /// Whether nothing after a part needs to be read.
    fn is_enough(&self, part: &Expr) -> bool {
        match self.extent {
            ReadExtent::All => false,
            ReadExtent::Beginning => self.count > MOST_OF_BEGINNING,
            ReadExtent::First => match part {
                Expr::Chars(_) => true,
                Expr::Repeat { expr, least, .. } => *least > 0 && matches!(**expr, Expr::Chars(_)),
                _ => self.count > MOST_OF_BEGINNING,
            },
        }
    }

    /// Reads the quantifiers after a part.
    fn repeated(&mut self, mut expr: Expr, flags: PatternFlags) -> Read {
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
    fn atom(&mut self, flags: PatternFlags) -> Result<Option<Expr>, NotUnderstood> {
        let expr = match self.cursor.next()? {
            '(' if self.cursor.eat("?#") => {
                self.cursor.until(')')?;
                return Ok(None);
            }
            '(' => {
                self.count += 1;
                self.group(flags)?
            }
            '[' => {
                self.count += 1;
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
    fn group(&mut self, flags: PatternFlags) -> Read {
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
            group_name(&mut self.cursor)?;
        } else if self.cursor.eat("?") {
            return self.options(flags);
        }

        self.groups += 1;
        let number = self.groups;
        Ok(Expr::Group(Box::new(self.inner(flags)?), number))
    }

    /// Reads the rest of a group, and its closing parenthesis.
    fn inner(&mut self, flags: PatternFlags) -> Read {
        let expr = self.choice(flags)?;
        if self.cursor.eat(")") { Ok(expr) } else { Err(NotUnderstood) }
    }

    /// Reads options after `(?`: of a group, or up to the end of the group that they are in.
    fn options(&mut self, flags: PatternFlags) -> Read {
        let (flags, end) = flags.changed(&mut self.cursor)?;
        match end {
            OptionEnd::Group => self.inner(flags),
            OptionEnd::Here => self.choice(flags),
        }
    }

    /// Reads an escape after its backslash, outside of brackets.
    fn escape(&mut self, flags: PatternFlags) -> Read {
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

/// One part as it is, several one after another.
fn only(mut parts: Vec<Expr>) -> Expr {
    match parts.len() {
        1 => parts.remove(0),
        _ => Expr::Sequence(parts),
    }
}

fn repeat(expr: Expr, least: u32, most: Option<u32>, greed: Greed) -> Expr {
    Expr::Repeat { expr: Box::new(expr), least, most, greed }
}

fn literal(c: char, flags: PatternFlags) -> Expr {
    match (flags.ignores_case, c.is_ascii()) {
        (false, _) => Expr::Chars(CharSet::one(c)),
        (true, true) => Expr::Chars(CharSet::one(c).fold()),
        // It may be spelt in several ways.
        (true, false) => Expr::Anything,
    }
}
