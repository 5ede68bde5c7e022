//! Passes over what is not read of a pattern, and reads what groups begin with.

use super::bracket::{Case, bracket};
use super::cursor::{Cursor, NotUnderstood};

/// The options that a pattern can change.
#[derive(Clone, Copy, Default)]
pub struct PatternFlags {
    /// `i`: case does not count.
    pub ignores_case: bool,
    /// `x`: white space and comments are left out.
    pub is_extended: bool,
    /// `m`: `.` matches line breaks too.
    pub dot_is_all: bool,
}

/// Where changed options end.
pub enum OptionEnd {
    /// With the group that they begin, `(?i:`.
    Group,
    /// With the group that they are in, `(?i)`: `a(?i)b|c` means `a(?i:b|c)`.
    Here,
}

impl PatternFlags {
    /// Reads options after `(?`, up to the sign that ends them.
    pub fn changed(mut self, cursor: &mut Cursor<'_>) -> Result<(PatternFlags, OptionEnd), NotUnderstood> {
        let mut is_on = true;
        loop {
            match cursor.next()? {
                'i' => self.ignores_case = is_on,
                'x' => self.is_extended = is_on,
                'm' => self.dot_is_all = is_on,
                '-' => is_on = false,
                ':' => return Ok((self, OptionEnd::Group)),
                ')' => return Ok((self, OptionEnd::Here)),
                _ => return Err(NotUnderstood),
            }
        }
    }
}

/// Reads the name of a group, and the sign after it.
pub fn group_name(cursor: &mut Cursor<'_>) -> Result<(), NotUnderstood> {
    cursor.eat_while(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if matches!(cursor.next()?, '>' | '\'') { Ok(()) } else { Err(NotUnderstood) }
}

/// Passes over the rest of an alternative.
pub fn skip_sequence(cursor: &mut Cursor<'_>, flags: PatternFlags) -> Result<(), NotUnderstood> {
    loop {
        let has_meaning = |byte: &u8| matches!(byte, b'|' | b')' | b'#' | b'\\' | b'[' | b'(');
        let rest = cursor.rest();
        cursor.take(rest.bytes().position(|byte| has_meaning(&byte)).unwrap_or(rest.len()));
        match cursor.peek() {
            None | Some('|' | ')') => return Ok(()),
            Some('#') if flags.is_extended => {
                cursor.eat_while(|c| c != '\n');
            }
            _ => skip_part(cursor, flags)?,
        }
    }
}

fn skip_part(cursor: &mut Cursor<'_>, flags: PatternFlags) -> Result<(), NotUnderstood> {
    match cursor.next()? {
        // The character after `\c` may be any.
        '\\' if matches!(cursor.next()?, 'c' | 'C' | 'M') => Err(NotUnderstood),
        '[' => bracket(cursor, Case::Counts).map(drop),
        '(' => skip_group(cursor, flags),
        _ => Ok(()),
    }
}

/// Passes over a group after its opening parenthesis.
fn skip_group(cursor: &mut Cursor<'_>, mut flags: PatternFlags) -> Result<(), NotUnderstood> {
    if cursor.eat("?#") {
        return cursor.until(')').map(drop);
    }

    let is_plain = ["?=", "?!", "?<=", "?<!", "?:", "?>"].iter().any(|sign| cursor.eat(sign));
    if !is_plain && (cursor.eat("?<") || cursor.eat("?'")) {
        group_name(cursor)?;
    } else if !is_plain && cursor.eat("?") {
        let end;
        (flags, end) = flags.changed(cursor)?;
        if matches!(end, OptionEnd::Here) {
            return skip_choice(cursor, flags);
        }
    }
    skip_choice(cursor, flags)?;
    if cursor.eat(")") { Ok(()) } else { Err(NotUnderstood) }
}

fn skip_choice(cursor: &mut Cursor<'_>, flags: PatternFlags) -> Result<(), NotUnderstood> {
    skip_sequence(cursor, flags)?;
    while cursor.eat("|") {
        skip_sequence(cursor, flags)?;
    }
    Ok(())
}
