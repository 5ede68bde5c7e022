//! Patterns as trees.

use super::set::CharSet;

/// A pattern, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Nothing, which matches everywhere.
    Empty,
    /// A character.
    Chars(CharSet),
    /// One after another.
    Sequence(Vec<Expr>),
    /// The first of several that matches.
    Choice(Vec<Expr>),
    /// The same several times.
    Repeat {
        /// What is repeated.
        expr: Box<Expr>,
        /// How often it must match.
        least: u32,
        /// How often it may match.
        most: Option<u32>,
        /// Which number of times is tried first.
        greed: Greed,
    },
    /// A numbered group.
    Group(Box<Expr>, u32),
    /// A part whose first match is final.
    Atomic(Box<Expr>),
    /// A condition on what follows or precedes.
    Look {
        /// Whether it is about what follows.
        ahead: bool,
        /// Whether it must not match.
        negative: bool,
        /// What is looked for.
        expr: Box<Expr>,
    },
    /// `\b`
    WordEdge,
    /// `\B`
    NoWordEdge,
    /// `^`
    LineStart,
    /// `$`
    LineEnd,
    /// `\A`
    TextStart,
    /// `\z`
    TextEnd,
    /// `\G`: where the search began.
    SearchStart,
    /// What a group has matched.
    BackReference(u32),
    /// What is not understood: it may match anything.
    Anything,
}

/// In which order numbers of repetitions are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greed {
    /// As many as possible first.
    Greedy,
    /// As few as possible first.
    Lazy,
    /// As many as possible, and never fewer.
    Possessive,
}

impl Expr {
    /// Whether it matches no character, but looks at those around it.
    pub fn is_condition(&self) -> bool {
        matches!(
            self,
            Expr::Empty
                | Expr::Look { .. }
                | Expr::WordEdge
                | Expr::NoWordEdge
                | Expr::LineStart
                | Expr::LineEnd
                | Expr::TextStart
                | Expr::TextEnd
                | Expr::SearchStart
        )
    }

    /// Whether it begins with a repetition that takes words and the spaces between them, so that a match mostly looks
    /// at the whole rest of a line.
    pub fn goes_far(&self) -> bool {
        match self {
            Expr::Sequence(parts) => {
                // Conditions and spaces come before it.
                let begins = |part: &&Expr| part.is_condition() || matches!(part, Expr::Repeat { .. });
                let first = parts.iter().take_while(begins).count();
                parts[..parts.len().min(first + 1)].iter().any(Expr::goes_far)
            }
            Expr::Choice(ways) => ways.iter().any(Expr::goes_far),
            Expr::Repeat { expr, most: None, .. } => {
                matches!(&**expr, Expr::Chars(set) if set.has(b' ') && set.has(b'a')) || expr.goes_far()
            }
            Expr::Repeat { expr, .. }
            | Expr::Group(expr, _)
            | Expr::Atomic(expr)
            | Expr::Look { expr, .. } => expr.goes_far(),
            _ => false,
        }
    }

    /// Whether it is a condition on what precedes alone.
    pub fn looks_back(&self) -> bool {
        matches!(self, Expr::Look { ahead: false, .. } | Expr::LineStart | Expr::TextStart)
    }
}
