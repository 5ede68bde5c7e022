//! Runs programs: a backtracking matcher.
//!
//! It is exact, or says that it is [`Unsure`]: at what it cannot match, at a character beyond ASCII that may or may not be
//! in a set, at a group that has not been met, or after too many steps. Oniguruma is asked then.

use super::letters::{is_letter, is_of_word};
use super::program::{Instruction, Program};
use crate::groups::Groups;
use crate::pattern::set::{CharSet, WORD};
use crate::pattern::tree::Greed;

/// Whether a pattern matches is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsure;

/// After so many steps, Oniguruma is asked, which gives up at some time too.
const MOST_STEPS: usize = 100_000;
/// How deeply conditions and atomic groups may be nested.
const DEEPEST: usize = 50;

/// Room to run programs in, used again and again.
#[derive(Debug, Default)]
pub struct Runner {
    /// What is tried if the current way fails, the next on top.
    others: Vec<Other>,
    /// Where groups start and end.
    places: Vec<usize>,
    steps: usize,
    depth: usize,
}

/// Another way to go on.
#[derive(Clone, Copy, Debug)]
enum Other {
    /// From an instruction and a place.
    Way(u32, usize),
    /// With fewer characters of a run, which ends at `to` and must end at `from` or later.
    Fewer { next: u32, from: usize, to: usize },
    /// With another character of a run that ends at `at`, of which there may be so many more.
    More { next: u32, at: usize, set: u32, left: u32 },
    /// None: the place of a group is what it was before.
    Restore(u32, usize),
}

/// A program and the text that it runs on.
#[derive(Clone, Copy)]
struct RunTask<'t> {
    program: &'t Program,
    text: &'t [u8],
}

/// What a step leads to.
enum Step {
    /// The way fails.
    Failed,
    /// It goes on at an instruction and a place.
    On(usize, usize),
    /// The end.
    Matched,
}

impl Runner {
    /// Whether a program matches at a place. The groups are set if it does.
    ///
    /// # Errors
    /// If it is not known.
    pub fn matches(
        &mut self,
        program: &Program,
        line: &str,
        at: usize,
        groups: &mut Groups,
    ) -> Result<bool, Unsure> {
        self.others.clear();
        self.places.clear();
        self.places.resize(2 * program.groups, Groups::UNMATCHED);
        (self.steps, self.depth) = (0, 0);

        let end = self.run(RunTask { program, text: line.as_bytes() }, 0, at)?;
        if let Some(end) = end {
            (self.places[0], self.places[1]) = (at, end);
            groups.places.clone_from(&self.places);
        }
        Ok(end.is_some())
    }

    /// How many steps the last program took.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Runs instructions up to their end: the place that they lead to, if they match.
    fn run(&mut self, task: RunTask<'_>, start: u32, at: usize) -> Result<Option<usize>, Unsure> {
        let bottom = self.others.len();
        let mut next = (start as usize, at);
        loop {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return Err(Unsure);
            }
            let (address, at) = next;
            next = match self.step(task, address, at)? {
                Step::On(address, at) => (address, at),
                Step::Matched => return Ok(Some(at)),
                Step::Failed => match self.other_way(task, bottom)? {
                    Some(other) => other,
                    None => return Ok(None),
                },
            };
        }
    }

    #[inline]
    fn step(&mut self, task: RunTask<'_>, address: usize, at: usize) -> Result<Step, Unsure> {
        let RunTask { program, text } = task;
        let next = address as u32 + 1;
        let end = match program.code[address] {
            // What takes characters.
            Instruction::Text(from, length) => {
                let wanted = &program.text[from as usize..(from + length) as usize];
                text[at..].starts_with(wanted).then_some(at + wanted.len())
            }
            Instruction::Chars(set) => match width(&program.sets[set as usize], text, at)? {
                0 => None,
                width => Some(at + width),
            },
            Instruction::Run { set, least, most, greed } => {
                self.take_run(task, (set, least, most), greed, next, at)?
            }
            Instruction::BackReference(group) => self.back_reference(text, group, at)?,

            // Conditions on the place.
            Instruction::WordEdge(is_edge) => (is_word_edge(text, at)? == is_edge).then_some(at),
            // Oniguruma sees no line after the last line break.
            Instruction::LineStart => (at == 0 || (at < text.len() && text[at - 1] == b'\n')).then_some(at),
            Instruction::LineEnd => text.get(at).is_none_or(|byte| *byte == b'\n').then_some(at),
            Instruction::TextStart => (at == 0).then_some(at),
            Instruction::TextEnd => (at == text.len()).then_some(at),

            Instruction::Unknown => return Err(Unsure),
            Instruction::End => return Ok(Step::Matched),
            leading => return self.lead(task, leading, next, at),
        };
        Ok(end.map_or(Step::Failed, |end| Step::On(next as usize, end)))
    }

    /// Does the step of an instruction that leads to others, or has others inside, which begin at `next`.
    #[inline]
    fn lead(
        &mut self,
        task: RunTask<'_>,
        instruction: Instruction,
        next: u32,
        at: usize,
    ) -> Result<Step, Unsure> {
        let after = |is_fulfilled: bool, out: u32| {
            if is_fulfilled { Step::On(out as usize, at) } else { Step::Failed }
        };
        Ok(match instruction {
            Instruction::Split(first, other) => {
                self.others.push(Other::Way(other, at));
                Step::On(first as usize, at)
            }
            Instruction::Jump(to) => Step::On(to as usize, at),
            Instruction::Branch(table) => {
                let ways = task.program.tables[table as usize].ways(task.text.get(at).copied());
                let Some((first, others)) = ways.split_first() else { return Ok(Step::Failed) };
                self.others.extend(others.iter().rev().map(|way| Other::Way(*way, at)));
                Step::On(*first as usize, at)
            }
            Instruction::Save(place) => {
                let before = std::mem::replace(&mut self.places[place as usize], at);
                self.others.push(Other::Restore(place, before));
                Step::On(next as usize, at)
            }
            Instruction::Ahead { negative, next: out } => {
                after(self.nested(task, next, at)?.is_some() != negative, out)
            }
            Instruction::Behind { negative, ways, next: out } => {
                after(self.behind(task, ways, at)? != negative, out)
            }
            Instruction::Atomic { next: out } => match self.nested(task, next, at)? {
                Some(end) => Step::On(out as usize, end),
                None => Step::Failed,
            },
            _ => Step::Failed,
        })
    }

    /// Takes characters of a set, and notes the other numbers of them that are possible. Returns where they end.
    fn take_run(
        &mut self,
        task: RunTask<'_>,
        (set, least, most): (u32, u32, u32),
        greed: Greed,
        next: u32,
        start: usize,
    ) -> Result<Option<usize>, Unsure> {
        let chars = &task.program.sets[set as usize];
        let tried = if greed == Greed::Lazy { least } else { most };
        let mut at = start;
        let mut count = 0;
        let mut from = start;
        while count < tried {
            let width = width(chars, task.text, at)?;
            if width == 0 {
                break;
            }
            at += width;
            count += 1;
            if count == least {
                from = at;
            }
        }
        self.steps += count as usize / 2;
        if count < least {
            return Ok(None);
        }

        match greed {
            Greed::Greedy if at > from => self.others.push(Other::Fewer { next, from, to: at }),
            Greed::Lazy if most > least => {
                self.others.push(Other::More { next, at, set, left: most - least })
            }
            _ => {}
        }
        Ok(Some(at))
    }

    /// The next of the other ways that were noted above a level.
    fn other_way(&mut self, task: RunTask<'_>, bottom: usize) -> Result<Option<(usize, usize)>, Unsure> {
        while self.others.len() > bottom {
            self.steps += 1;
            match self.others.pop() {
                None => break,
                Some(Other::Way(address, at)) => return Ok(Some((address as usize, at))),
                Some(Other::Restore(place, before)) => self.places[place as usize] = before,
                Some(Other::Fewer { next, from, to }) => {
                    return Ok(Some((next as usize, self.one_fewer(task.text, next, from, to))));
                }
                Some(Other::More { next, at, set, left }) => {
                    let width = width(&task.program.sets[set as usize], task.text, at)?;
                    if width == 0 {
                        continue;
                    }

                    let at = at + width;
                    if left > 1 {
                        // So many are without a limit.
                        let left = if left == u32::MAX { left } else { left - 1 };
                        self.others.push(Other::More { next, at, set, left });
                    }
                    return Ok(Some((next as usize, at)));
                }
            }
        }
        Ok(None)
    }

    /// The end of a run that ended at `to`, with one character fewer.
    fn one_fewer(&mut self, text: &[u8], next: u32, from: usize, to: usize) -> usize {
        let mut to = to - 1;
        while to > from && text[to] & 0xc0 == 0x80 {
            to -= 1;
        }
        if to > from {
            self.others.push(Other::Fewer { next, from, to });
        }
        to
    }

    /// Runs instructions of which only the first match counts.
    fn nested(&mut self, task: RunTask<'_>, start: u32, at: usize) -> Result<Option<usize>, Unsure> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unsure);
        }
        let height = self.others.len();
        let end = self.run(task, start, at)?;
        self.depth -= 1;

        // Other ways are forgotten. What groups were before is not: what comes next may fail.
        let mut kept = height;
        for at in height..self.others.len() {
            if let other @ Other::Restore(..) = self.others[at] {
                self.others[kept] = other;
                kept += 1;
            }
        }
        self.others.truncate(kept);
        Ok(end)
    }

    /// Whether one of some alternatives ends at a place.
    fn behind(&mut self, task: RunTask<'_>, ways: u32, at: usize) -> Result<bool, Unsure> {
        for way in &task.program.behinds[ways as usize] {
            let start = at.saturating_sub(way.width);
            if !task.text[start..at].is_ascii() {
                return Err(Unsure);
            }
            if way.width <= at && self.nested(task, way.start, start)? == Some(at) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where the text of a group ends, if it is at a place.
    fn back_reference(&self, text: &[u8], group: u32, at: usize) -> Result<Option<usize>, Unsure> {
        let (start, end) = (self.places[2 * group as usize], self.places[2 * group as usize + 1]);
        // A group that is open or was not met is for Oniguruma.
        if start == Groups::UNMATCHED || end == Groups::UNMATCHED || end < start {
            return Err(Unsure);
        }
        Ok(text[at..].starts_with(&text[start..end]).then_some(at + (end - start)))
    }
}

/// How many bytes the character at a place has, if it is in a set; else 0.
#[inline]
fn width(set: &CharSet, text: &[u8], at: usize) -> Result<usize, Unsure> {
    match text.get(at) {
        None => Ok(0),
        Some(byte @ 0..=127) => Ok(usize::from(set.has(*byte))),
        Some(byte) => width_beyond(set, *byte, &text[at..]),
    }
}

/// The same for a character beyond ASCII, which begins with this byte.
#[inline(never)]
fn width_beyond(set: &CharSet, first: u8, text: &[u8]) -> Result<usize, Unsure> {
    // Sets without cases have no letter.
    if !set.some || (!set.all && !set.cased && is_letter(text)) {
        return Ok(0);
    }
    if set.folds || !set.all {
        return Err(Unsure);
    }
    Ok(match first {
        ..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    })
}

/// Whether one of the characters around a place is of a word, and the other is not.
fn is_word_edge(text: &[u8], at: usize) -> Result<bool, Unsure> {
    let before = match at.checked_sub(1).map(|before| text[before]) {
        Some(byte @ 0..=127) => WORD >> byte & 1 != 0,
        Some(_) => is_after_word(text, at)?,
        None => false,
    };
    let after = match text.get(at) {
        Some(byte @ 0..=127) => WORD >> byte & 1 != 0,
        Some(_) => is_of_word(&text[at..]).ok_or(Unsure)?,
        None => false,
    };
    Ok(before != after)
}

/// Whether the character before a place, which is beyond ASCII, is of a word.
#[inline(never)]
fn is_after_word(text: &[u8], at: usize) -> Result<bool, Unsure> {
    let later = text[..at].iter().rev().take_while(|byte| *byte & 0xc0 == 0x80).count();
    is_of_word(&text[at.saturating_sub(later + 1)..]).ok_or(Unsure)
}
