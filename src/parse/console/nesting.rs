//! The nesting of a shell's command: quotes, and the commands and parameters inside of them.
//!
//! Inside of `"$( … )"` a shell begins again: quotes there are not those around it. Parentheses that are in
//! no quotes are not followed here; there, words tell more (`case $1 in a) …`).

/// What is open, from the outside in.
#[derive(Default)]
pub struct Nesting(Vec<Context>);

/// What a part of a command is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// `'…'`.
    Single,
    /// `$'it\'s'`, within which a backslash takes away the meaning of a quote.
    Ansi,
    /// `"…"`.
    Double,
    /// Typographic double quotes.
    SmartDouble,
    /// Typographic single quotes.
    SmartSingle,
    /// `${…}`; within double quotes, an apostrophe in it is one.
    Parameter { is_quoted: bool },
    /// `` `…` ``.
    Backticks,
    /// `$(…)` in quotes, and what is in parentheses there; in `$((…))`, `<<` shifts bits.
    Parentheses { shifts: bool },
}

impl Nesting {
    /// Whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether what follows is read as commands are, and not as text.
    pub fn is_code(&self) -> bool {
        matches!(self.0.last(), None | Some(Context::Parentheses { .. } | Context::Backticks))
    }

    /// Whether `#` can begin a comment, which ends with the line.
    pub fn has_comments(&self) -> bool {
        matches!(self.0.last(), None | Some(Context::Parentheses { .. }))
    }

    /// Whether `<<` shifts bits.
    pub fn shifts(&self) -> bool {
        self.0.last() == Some(&Context::Parentheses { shifts: true })
    }

    /// Whether a backslash takes away the meaning of what follows it.
    pub fn has_escapes(&self) -> bool {
        !matches!(self.0.last(), Some(Context::Single | Context::SmartSingle))
    }

    /// Opens or closes a typographic quotation; false if the sign does neither.
    pub fn quote(&mut self, c: char) -> bool {
        let inner = self.0.last();
        let does = match inner {
            None => "“”„‘’‚".contains(c),
            Some(Context::SmartDouble) => "“”".contains(c),
            Some(Context::SmartSingle) => "‘’".contains(c),
            _ => false,
        };

        if does && inner.is_some() {
            self.0.pop();
        } else if does {
            self.0.push(if "“”„".contains(c) { Context::SmartDouble } else { Context::SmartSingle });
        }
        does
    }

    /// Opens or closes what a text begins with, given the character before it: the length of the sign for it.
    pub fn follow(&mut self, text: &str, before: char) -> Option<usize> {
        use Context::{Ansi, Backticks, Double, Parameter, Parentheses, Single};
        let inner = self.0.last().copied();
        let takes_quotes = self.is_code() || matches!(inner, Some(Parameter { .. }));

        let opened = match (inner, text.chars().next()?) {
            (Some(Single | Ansi), '\'')
            | (Some(Double), '"')
            | (Some(Parameter { .. }), '}')
            | (Some(Backticks), '`')
            | (Some(Parentheses { .. }), ')') => {
                self.0.pop();
                return Some(1);
            }
            (Some(Single | Ansi | Context::SmartSingle), _) => return None,
            (Some(Parameter { is_quoted: true }), '\'') => return None,
            (_, '\'') if takes_quotes => {
                if before == '$' {
                    Ansi
                } else {
                    Single
                }
            }
            (_, '"') if takes_quotes => Double,
            (_, '`') => Backticks,
            (Some(Backticks), '(') => Parentheses { shifts: false },
            (Some(Parentheses { shifts }), '(') => Parentheses { shifts },
            (_, '$') => return self.expand(&text[1..]).map(|length| 1 + length),
            _ => return None,
        };

        self.0.push(opened);
        Some(1)
    }

    /// Opens what follows a `$`.
    fn expand(&mut self, text: &str) -> Option<usize> {
        use Context::{Double, Parameter, Parentheses, SmartDouble};
        let is_quoted = matches!(self.0.last(), Some(Double | SmartDouble | Parameter { is_quoted: true }));
        if text.starts_with('{') {
            self.0.push(Parameter { is_quoted });
            return Some(1);
        }

        if self.is_empty() || !text.starts_with('(') {
            return None;
        }

        let shifts = text.starts_with("((");
        let length = if shifts { 2 } else { 1 };
        self.0.extend(std::iter::repeat_n(Parentheses { shifts }, length));
        Some(length)
    }
}
