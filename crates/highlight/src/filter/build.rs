//! Makes the automaton of a pattern of its tree.

use foldhash::HashMap;

use super::edges::{EdgeSymbols, MatchEdge, may_fail};
use super::fragment::{Fragment, FragmentNode, FragmentPart};
use super::symbols::SymbolSet;
use crate::pattern::set::{CharSet, WORD};
use crate::pattern::tree::Expr;

/// Up to here, repetitions are counted; beyond, any number will do.
const COUNTED: u32 = 4;
/// A pattern with more nodes is given up: anything may match it.
const MOST_NODES: usize = 20_000;

impl Fragment {
    /// Makes the automaton of a pattern.
    pub fn new(expr: &Expr) -> Fragment {
        let mut builder = FragmentBuilder::default();
        for part in parts(expr) {
            builder.part(part);
        }
        if builder.nodes.len() > MOST_NODES {
            builder = FragmentBuilder::default();
            builder.part(vec![&Expr::Anything]);
        }
        Fragment {
            nodes: builder.nodes.into(),
            ways: builder.ways.into(),
            sets: builder.sets.into(),
            parts: builder.parts.into(),
        }
    }
}

/// Conditions on what follows that a pattern begins with, each of which must be true on its own, and the rest.
fn parts(expr: &Expr) -> Vec<Vec<&Expr>> {
    let mut found = Vec::new();
    let mut rest: Vec<&Expr> = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::Sequence(inner) => open.extend(inner.iter().rev()),
            Expr::Group(inner, _) if open.is_empty() => open.push(inner),
            Expr::Look { ahead: true, negative: false, expr }
                if !open.is_empty() && rest.iter().all(|part| part.is_condition()) =>
            {
                found.push(rest.iter().copied().chain([&**expr]).collect());
            }
            _ => rest.push(expr),
        }
    }
    found.push(rest);
    found
}

#[derive(Default)]
struct FragmentBuilder {
    nodes: Vec<FragmentNode>,
    ways: Vec<u32>,
    sets: Vec<SymbolSet>,
    known_sets: HashMap<SymbolSet, u16>,
    parts: Vec<FragmentPart>,
    /// The end of the part that is made.
    accept: u32,
}

impl FragmentBuilder {
    fn part(&mut self, parts: Vec<&Expr>) {
        let first = self.nodes.len() as u32;
        self.accept = self.add(FragmentNode::Accept);
        let start = self.sequence(parts, self.accept);
        self.parts.push(FragmentPart { first, start });
    }

    fn add(&mut self, node: FragmentNode) -> u32 {
        self.nodes.push(node);
        (self.nodes.len() - 1) as u32
    }

    fn set(&mut self, set: SymbolSet) -> u16 {
        let new = self.sets.len() as u16;
        *self.known_sets.entry(set).or_insert_with(|| {
            self.sets.push(set);
            new
        })
    }

    fn take(&mut self, set: SymbolSet, next: u32) -> u32 {
        let set = self.set(set);
        self.add(FragmentNode::Take(set, next))
    }

    fn if_next(&mut self, set: SymbolSet, next: u32) -> u32 {
        if set == SymbolSet::ALL {
            return next;
        }
        let set = self.set(set);
        self.add(FragmentNode::Next(set, next))
    }

    fn if_before(&mut self, set: SymbolSet, next: u32) -> u32 {
        if set == SymbolSet::ALL {
            return next;
        }
        let set = self.set(set);
        self.add(FragmentNode::Before(set, next))
    }

    fn split(&mut self, ways: &[u32]) -> u32 {
        if let [way] = ways {
            return *way;
        }
        let from = self.ways.len() as u32;
        self.ways.extend_from_slice(ways);
        self.add(FragmentNode::Split(from, ways.len() as u16))
    }

    /// A node with two ways, the first of which leads back through it.
    fn again(&mut self, out: u32, way: impl FnOnce(&mut Self, u32) -> u32) -> u32 {
        let from = self.ways.len();
        let node = self.split(&[out, out]);
        self.ways[from] = way(self, node);
        node
    }

    /// Makes the nodes of a pattern that lead to `next`, from the last to the first.
    fn expr(&mut self, expr: &Expr, next: u32) -> u32 {
        // A pattern that is given up needs no more of them.
        if self.nodes.len() > MOST_NODES {
            return next;
        }
        match expr {
            Expr::Empty | Expr::SearchStart => next,
            Expr::Anything | Expr::BackReference(_) => self.accept,
            Expr::Chars(set) => self.chars(*set, next),
            Expr::Sequence(parts) => self.sequence(parts.iter().collect(), next),
            Expr::Choice(ways) => self.choice(ways.iter().map(as_parts).collect(), next),
            Expr::Group(expr, _) | Expr::Atomic(expr) => self.expr(expr, next),
            Expr::Repeat { expr, least, most, .. } => self.repeat(expr, *least, *most, next),
            Expr::Look { ahead, negative, expr } => self.look(*ahead, *negative, expr, next),
            Expr::WordEdge => self.word_edge(true, next),
            Expr::NoWordEdge => self.word_edge(false, next),
            Expr::LineStart => self.if_before(SymbolSet::LINE_EDGE, next),
            Expr::TextStart => self.if_before(SymbolSet::TEXT_EDGE, next),
            Expr::LineEnd => self.if_next(SymbolSet::LINE_EDGE, next),
            Expr::TextEnd => self.if_next(SymbolSet::TEXT_EDGE, next),
        }
    }

    fn chars(&mut self, set: CharSet, next: u32) -> u32 {
        if !set.some && !set.folds {
            return self.take(SymbolSet::ascii(set.ascii), next);
        }

        let mut ways = Vec::with_capacity(2);
        if set.ascii != 0 {
            ways.push(self.take(SymbolSet::ascii(set.ascii), next));
        }
        if set.folds {
            // How many letters it stands for is not known.
            ways.push(self.take(SymbolSet::ALL_BEYOND, self.accept));
        } else if set.some {
            let later = self.again(next, |builder, again| builder.take(SymbolSet::LATER_BEYOND, again));
            ways.push(self.take(SymbolSet::FIRST_BEYOND, later));
        }
        self.split(&ways)
    }

    fn sequence(&mut self, mut ordered: Vec<&Expr>, next: u32) -> u32 {
        // Of conditions side by side, those that look back come first: the symbol before is known only until the next
        // one is looked at.
        for conditions in ordered.chunk_by_mut(|a, b| a.is_condition() && b.is_condition()) {
            conditions.sort_by_key(|condition| match condition {
                condition if condition.looks_back() => 0,
                Expr::WordEdge | Expr::NoWordEdge => 1,
                _ => 2,
            });
        }
        ordered.into_iter().rev().fold(next, |next, part| self.expr(part, next))
    }

    /// Alternatives as a tree: those that begin with the same characters share their beginning.
    fn choice(&mut self, ways: Vec<&[Expr]>, next: u32) -> u32 {
        let mut starts = Vec::new();
        let mut alike: Vec<(CharSet, Vec<&[Expr]>)> = Vec::new();
        for way in ways {
            let [Expr::Chars(set), rest @ ..] = way else {
                starts.push(self.sequence(way.iter().collect(), next));
                continue;
            };
            match alike.iter_mut().find(|(first, _)| first == set) {
                Some((_, rests)) => rests.push(rest),
                None => alike.push((*set, vec![rest])),
            }
        }

        for (first, rests) in alike {
            let rest = match rests[..] {
                [rest] => self.sequence(rest.iter().collect(), next),
                _ => self.choice(rests, next),
            };
            starts.push(self.chars(first, rest));
        }
        self.split(&starts)
    }

    fn repeat(&mut self, expr: &Expr, least: u32, most: Option<u32>, next: u32) -> u32 {
        let counted = least.min(COUNTED);
        let optional = match most {
            Some(most) if most <= COUNTED => (counted..most).fold(next, |start, _| {
                let way = self.expr(expr, start);
                self.split(&[way, next])
            }),
            _ => self.again(next, |builder, again| builder.expr(expr, again)),
        };
        (0..counted).fold(optional, |start, _| self.expr(expr, start))
    }

    fn look(&mut self, ahead: bool, negative: bool, expr: &Expr, next: u32) -> u32 {
        let edge = if ahead { MatchEdge::First } else { MatchEdge::Last };
        if ahead && !negative && next == self.accept {
            // Nothing comes after it, so all of it can be looked at.
            return self.expr(expr, next);
        }

        let set = if negative {
            may_fail(expr, edge)
        } else {
            let symbols = EdgeSymbols::of(expr, edge);
            if symbols.is_optional { SymbolSet::ALL } else { symbols.set }
        };
        if ahead { self.if_next(set, next) } else { self.if_before(set, next) }
    }

    /// Which characters beyond ASCII are of words is not known.
    fn word_edge(&mut self, is_edge: bool, next: u32) -> u32 {
        let word = SymbolSet::ascii(WORD).or(SymbolSet::ALL_BEYOND);
        let other = SymbolSet::ascii(!WORD).or(SymbolSet::ALL_BEYOND).or(SymbolSet::TEXT_EDGE);
        let (after_word, after_other) = if is_edge { (other, word) } else { (word, other) };

        let after_word = self.if_next(after_word, next);
        let after_other = self.if_next(after_other, next);
        let ways = [self.if_before(word, after_word), self.if_before(other, after_other)];
        self.split(&ways)
    }
}

/// An alternative as what comes one after another in it.
fn as_parts(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::Sequence(parts) => parts,
        expr => std::slice::from_ref(expr),
    }
}
