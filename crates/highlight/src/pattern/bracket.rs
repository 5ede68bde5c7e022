//! Sets of characters in brackets: `[a-z_&&[^e]]`.

use super::cursor::{Cursor, NotUnderstood};
use super::escape::{Escaped, escape, named};
use super::set::{CharSet, LETTERS};

/// Whether case counts in a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `a` is not `A`.
    Counts,
    /// `a` is `A`.
    Ignored,
}

/// Reads a set after its opening bracket.
pub fn bracket(cursor: &mut Cursor<'_>, case: Case) -> Result<CharSet, NotUnderstood> {
    let is_negative = cursor.eat("^");

    // What was read before `&&`, all of which restricts the rest.
    let mut limit: Option<CharSet> = None;
    let mut set = CharSet::EMPTY;
    let mut is_first = true;
    loop {
        let c = cursor.next()?;
        match c {
            ']' if !is_first => break,
            // `[]` begins with a bracket of its own only where another one closes the set.
            ']' if !cursor.rest().contains(']') => return Err(NotUnderstood),
            '[' if cursor.eat(":") => set = set.or(posix(cursor)?),
            '[' => set = set.or(bracket(cursor, case)?),
            '&' if cursor.eat("&") => {
                limit = Some(limit.map_or(set, |limit| limit.and(set)));
                set = CharSet::EMPTY;
            }
            c => set = set.or(item(cursor, c)?),
        }
        is_first = false;
    }

    let mut set = limit.map_or(set, |limit| limit.and(set));
    if case == Case::Ignored {
        set = ignoring_case(set);
    }
    if is_negative {
        let folds = set.folds;
        set = set.complement();
        set.some |= folds;
    }
    Ok(set)
}

/// A set in both cases. `ſ` is an `s` then and `ß` is `ss`: if it has such characters is not known.
fn ignoring_case(mut set: CharSet) -> CharSet {
    if set.some && set.cased {
        set.loose = true;
        set.ascii |= LETTERS;
    }
    set.fold()
}

/// Reads the rest of `[:name:]` after its colon.
fn posix(cursor: &mut Cursor<'_>) -> Result<CharSet, NotUnderstood> {
    let is_negative = cursor.eat("^");
    let name = cursor.until(':')?;
    if !cursor.eat("]") {
        return Err(NotUnderstood);
    }
    let set = named(name).ok_or(NotUnderstood)?;
    Ok(if is_negative { set.complement() } else { set })
}

/// Reads a character, an escape or a range that begins with this character.
fn item(cursor: &mut Cursor<'_>, first: char) -> Result<CharSet, NotUnderstood> {
    let low = match read(cursor, first)? {
        Escaped::Chars(set) => return Ok(set),
        Escaped::Char(low) => low,
    };

    let is_range = cursor.peek() == Some('-') && !matches!(cursor.peek_after(1), None | Some(']' | '['));
    if !is_range {
        return Ok(CharSet::one(low));
    }
    cursor.take(1);
    let next = cursor.next()?;
    match read(cursor, next)? {
        Escaped::Char(high) if high < low => Err(NotUnderstood),
        Escaped::Char(high) => Ok(CharSet::range(low, high)),
        // `[+-\w]` is no range.
        Escaped::Chars(set) => Ok(set.or(CharSet::one(low)).or(CharSet::one('-'))),
    }
}

fn read(cursor: &mut Cursor<'_>, c: char) -> Result<Escaped, NotUnderstood> {
    if c == '\\' { escape(cursor) } else { Ok(Escaped::Char(c)) }
}
