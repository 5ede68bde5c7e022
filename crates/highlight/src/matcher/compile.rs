//! Makes programs of patterns.

use super::program::{BranchTable, FixedWidth, Instruction, Program};
use crate::filter::edges::{EdgeSymbols, MatchEdge};
use crate::filter::symbols::SymbolKinds;
use crate::pattern::parse::ParsedPattern;
use crate::pattern::set::CharSet;
use crate::pattern::tree::{Expr, Greed};

/// So many instructions are enough; longer patterns are left to Oniguruma.
const MOST_CODE: usize = 20_000;
/// Repetitions of more than a character are written out so many times.
const MOST_COPIES: u32 = 20;

impl Program {
    /// Makes the program of a pattern; `None` if it is too long. What only Oniguruma can match is left open: mostly, what
    /// comes before it has failed.
    pub fn new(pattern: &ParsedPattern) -> Option<Program> {
        if length(&pattern.expr) > MOST_CODE {
            return None;
        }
        let mut hidden = Vec::new();
        add_hidden(&pattern.expr, false, &mut hidden);
        let program = Program { groups: pattern.groups as usize + 1, hidden, ..Program::default() };
        let mut compiler = Compiler { program };
        compiler.expr(&pattern.expr);
        compiler.add(Instruction::End);
        Some(compiler.program)
    }
}

struct Compiler {
    program: Program,
}

impl Compiler {
    fn here(&self) -> u32 {
        self.program.code.len() as u32
    }

    fn add(&mut self, instruction: Instruction) -> usize {
        self.program.code.push(instruction);
        self.program.code.len() - 1
    }

    /// Adds an instruction that is known later.
    fn reserve(&mut self) -> usize {
        self.add(Instruction::End)
    }

    fn expr(&mut self, expr: &Expr) {
        let instruction = match expr {
            Expr::Empty => return,
            // A program does not know where the search began.
            Expr::Anything | Expr::SearchStart => Instruction::Unknown,
            Expr::Chars(set) => return self.chars(*set),
            Expr::Sequence(parts) => return self.sequence(parts),
            Expr::Choice(ways) => return self.choice(ways),
            Expr::Group(expr, number) => return self.group(expr, *number),
            Expr::Atomic(expr) => return self.atomic(|compiler| compiler.expr(expr)),
            Expr::Repeat { expr, least, most, greed } => return self.repeat(expr, *least, *most, *greed),
            Expr::Look { ahead: true, negative, expr } => return self.ahead(expr, *negative),
            Expr::Look { ahead: false, negative, expr } => return self.behind(expr, *negative),
            Expr::WordEdge => Instruction::WordEdge(true),
            Expr::NoWordEdge => Instruction::WordEdge(false),
            Expr::LineStart => Instruction::LineStart,
            Expr::LineEnd => Instruction::LineEnd,
            Expr::TextStart => Instruction::TextStart,
            Expr::TextEnd => Instruction::TextEnd,
            Expr::BackReference(group) if self.is_known(*group) => Instruction::BackReference(*group),
            Expr::BackReference(_) => Instruction::Unknown,
        };
        self.add(instruction);
    }

    /// Whether a program knows the place of a group.
    fn is_known(&self, group: u32) -> bool {
        (group as usize) < self.program.groups && !self.program.hidden.contains(&group)
    }

    /// The number of a set, if it is exact.
    fn set(&mut self, set: CharSet) -> Option<u32> {
        if set.loose {
            return None;
        }
        let sets = &mut self.program.sets;
        let number = sets.iter().position(|known| *known == set).unwrap_or(sets.len());
        if number == sets.len() {
            sets.push(set);
        }
        Some(number as u32)
    }

    fn text(&mut self, text: &[u8]) {
        let from = self.program.text.len() as u32;
        self.program.text.extend_from_slice(text);
        self.add(Instruction::Text(from, text.len() as u32));
    }

    fn chars(&mut self, set: CharSet) {
        match set.single() {
            Some(byte) => self.text(&[byte]),
            None => {
                let chars = self.set(set).map_or(Instruction::Unknown, Instruction::Chars);
                self.add(chars);
            }
        }
    }

    /// One part after another; single characters are one text.
    fn sequence(&mut self, mut parts: &[Expr]) {
        while let Some((first, rest)) = parts.split_first() {
            let text: Vec<u8> = parts.iter().map_while(single).collect();
            if text.len() > 1 {
                self.text(&text);
                parts = &parts[text.len()..];
            } else {
                self.expr(first);
                parts = rest;
            }
        }
    }

    /// Alternatives, of which those are tried that can begin with the next byte.
    fn choice(&mut self, ways: &[Expr]) {
        let branch = self.reserve();
        let mut starts = Vec::new();
        let mut ends = Vec::new();
        for way in ways {
            starts.push(self.here());
            self.expr(way);
            ends.push(self.reserve());
        }
        for end in ends {
            self.program.code[end] = Instruction::Jump(self.here());
        }

        self.program.tables.push(branch_table(ways, &starts));
        self.program.code[branch] = Instruction::Branch(self.program.tables.len() as u32 - 1);
    }

    fn group(&mut self, expr: &Expr, number: u32) {
        if self.program.hidden.contains(&number) {
            return self.expr(expr);
        }
        self.add(Instruction::Save(2 * number));
        self.expr(expr);
        self.add(Instruction::Save(2 * number + 1));
    }

    fn atomic(&mut self, inner: impl FnOnce(&mut Self)) {
        let start = self.reserve();
        inner(self);
        self.add(Instruction::End);
        self.program.code[start] = Instruction::Atomic { next: self.here() };
    }

    fn ahead(&mut self, expr: &Expr, negative: bool) {
        let start = self.reserve();
        self.expr(expr);
        self.add(Instruction::End);
        self.program.code[start] = Instruction::Ahead { negative, next: self.here() };
    }

    fn behind(&mut self, expr: &Expr, negative: bool) {
        let start = self.reserve();
        let mut ways = Vec::new();
        for way in alternatives(expr) {
            let Some(width) = width(way) else {
                self.program.code[start] = Instruction::Unknown;
                return;
            };
            ways.push(FixedWidth { width: width as usize, start: self.here() });
            self.expr(way);
            self.add(Instruction::End);
        }

        self.program.behinds.push(ways);
        let ways = self.program.behinds.len() as u32 - 1;
        self.program.code[start] = Instruction::Behind { negative, ways, next: self.here() };
    }

    fn repeat(&mut self, expr: &Expr, least: u32, most: Option<u32>, greed: Greed) {
        if let Expr::Chars(set) = expr {
            let most = most.unwrap_or(u32::MAX);
            let run = |set| Instruction::Run { set, least, most, greed };
            let run = self.set(*set).map_or(Instruction::Unknown, run);
            self.add(run);
            return;
        }
        let is_long = least > MOST_COPIES || most.is_some_and(|most| most > MOST_COPIES);
        // Oniguruma has rules of its own for repetitions that may match nothing.
        if is_long || (may_be_empty(expr) && most != Some(1)) {
            self.add(Instruction::Unknown);
            return;
        }
        if greed == Greed::Possessive {
            return self.atomic(|compiler| compiler.copies(expr, least, most, Greed::Greedy));
        }
        self.copies(expr, least, most, greed)
    }

    /// Writes a part as often as it must match, and as often as it may.
    fn copies(&mut self, expr: &Expr, least: u32, most: Option<u32>, greed: Greed) {
        for _ in 0..least {
            self.expr(expr);
        }
        let mut splits = Vec::new();
        match most {
            Some(most) => {
                for _ in least..most {
                    splits.push(self.reserve());
                    self.expr(expr);
                }
            }
            None => {
                let split = self.reserve();
                self.expr(expr);
                self.add(Instruction::Jump(split as u32));
                splits.push(split);
            }
        }
        let out = self.here();
        for split in splits {
            let on = split as u32 + 1;
            self.program.code[split] = match greed {
                Greed::Lazy => Instruction::Split(out, on),
                _ => Instruction::Split(on, out),
            };
        }
    }
}

/// Adds the groups that are in negative conditions, or in conditions on what precedes.
fn add_hidden(expr: &Expr, is_inside: bool, hidden: &mut Vec<u32>) {
    match expr {
        Expr::Group(inner, number) => {
            hidden.extend(Some(*number).filter(|_| is_inside));
            add_hidden(inner, is_inside, hidden);
        }
        Expr::Look { ahead, negative, expr } => add_hidden(expr, is_inside || *negative || !ahead, hidden),
        Expr::Repeat { expr, .. } | Expr::Atomic(expr) => add_hidden(expr, is_inside, hidden),
        Expr::Sequence(all) | Expr::Choice(all) => {
            all.iter().for_each(|expr| add_hidden(expr, is_inside, hidden))
        }
        _ => {}
    }
}

/// The table of alternatives that begin at these places.
fn branch_table(ways: &[Expr], starts: &[u32]) -> BranchTable {
    let firsts: Vec<_> = ways.iter().map(|way| EdgeSymbols::of(way, MatchEdge::First)).collect();
    let mut sets: Vec<_> = firsts.iter().map(|first| first.set).collect();
    sets.sort_unstable();
    sets.dedup();

    let kinds = SymbolKinds::new(&sets);
    let possible = |symbol: &u8| {
        let ways = firsts.iter().zip(starts);
        ways.filter(|(first, _)| first.is_optional || first.set.has(*symbol))
            .map(|(_, start)| *start)
            .collect()
    };
    let ways = kinds.samples().iter().map(possible).collect();
    BranchTable { kinds, ways }
}

/// The byte that a part matches, if it is always the same.
fn single(expr: &Expr) -> Option<u8> {
    match expr {
        Expr::Chars(set) => set.single(),
        _ => None,
    }
}

/// The alternatives of a part.
fn alternatives(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::Choice(ways) => ways,
        expr => std::slice::from_ref(expr),
    }
}

/// How many instructions a part becomes, about. Characters side by side are one.
fn length(expr: &Expr) -> usize {
    match expr {
        Expr::Chars(set) if set.single().is_some() => 0,
        Expr::Sequence(parts) => parts.iter().map(length).sum::<usize>() + 1,
        Expr::Choice(ways) => ways.iter().map(length).sum::<usize>() + ways.len(),
        Expr::Repeat { expr, .. } if matches!(**expr, Expr::Chars(_)) => 1,
        Expr::Repeat { expr, least, most, .. } => {
            let copies = most.unwrap_or(least + 1).max(1);
            if copies > MOST_COPIES { 1 } else { copies as usize * (length(expr) + 1) }
        }
        Expr::Group(expr, _) | Expr::Atomic(expr) | Expr::Look { expr, .. } => length(expr) + 2,
        _ => 1,
    }
}

/// Whether a part can match without a character.
fn may_be_empty(expr: &Expr) -> bool {
    match expr {
        Expr::Chars(_) => false,
        Expr::Sequence(parts) => parts.iter().all(may_be_empty),
        Expr::Choice(ways) => ways.iter().any(may_be_empty),
        Expr::Repeat { expr, least, .. } => *least == 0 || may_be_empty(expr),
        Expr::Group(expr, _) | Expr::Atomic(expr) => may_be_empty(expr),
        _ => true,
    }
}

/// How many characters a part matches, if it is always as many.
fn width(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::Chars(_) => Some(1),
        Expr::Sequence(parts) => parts.iter().map(width).sum(),
        Expr::Choice(ways) => {
            let first = width(ways.first()?)?;
            ways.iter().all(|way| width(way) == Some(first)).then_some(first)
        }
        Expr::Repeat { expr, least, most, .. } if *most == Some(*least) => Some(width(expr)? * least),
        Expr::Group(expr, _) | Expr::Atomic(expr) => width(expr),
        Expr::Repeat { .. } | Expr::Anything | Expr::BackReference(_) => None,
        _ => Some(0),
    }
}
