//! Walks a filter over a text. The states of the walk are made when they are first met.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::fragment::FragmentNode;
use super::patterns::{Filter, FilterMember};
use super::symbols::{END, SYMBOLS, symbol};
use crate::grammar::pattern::Pattern;

/// Walks that come so far are remembered: those from other places nearby mostly end alike.
const FAR: usize = 48;
/// They are remembered at each multiple of this place, a power of two.
const REMEMBERED: usize = 32;
/// So many places of a line are remembered; then, a pattern that is still possible after a far walk may match.
const MOST_REMEMBERED: usize = 10_000;

/// What is not known yet.
const UNKNOWN: u32 = u32::MAX;
/// Marks a state that is the end of the walk; the other bits are a list.
const FINAL: u32 = 1 << 31;

/// The states of walks over a filter.
#[derive(Debug)]
pub struct Automaton {
    /// Tells it from others that use the same workspace.
    number: usize,
    filter: Filter,
    /// The state after the first symbol, for each kind of the symbol before.
    starts: Vec<u32>,
    states: Vec<Arc<StateContent>>,
    known: HashMap<Arc<StateContent>, u32>,
    /// Where each state leads with each symbol.
    moves: Vec<u32>,
    /// The patterns that may match if the walk is cut off in a state.
    cut: Vec<u32>,
    lists: Vec<Box<[u16]>>,
    known_lists: HashMap<Box<[u16]>, u32>,
}

/// What a state is: the nodes at which patterns wait for a symbol, and the parts that have matched.
#[derive(Debug, Default, PartialEq, Eq, Hash)]
struct StateContent {
    nodes: Box<[u32]>,
    matched: Box<[u16]>,
}

/// Room to make states in, used again and again.
#[derive(Debug, Default)]
pub struct Workspace {
    /// How many bytes the states take in memory that were made here, about.
    pub bytes: usize,
    /// For far walks in the line that is read, by automaton, state and place: the list that they end with.
    far: HashMap<(usize, u32, usize), u32>,
    /// The walk on which each node was met last.
    met: Vec<u32>,
    walk: u32,
    open: Vec<u32>,
    moved: Vec<(usize, u32)>,
    nodes: Vec<u32>,
    matched: Vec<u16>,
}

/// A pattern among others, by its number.
struct NumberedMember<'f> {
    filter: &'f Filter,
    member: usize,
}

impl Automaton {
    /// Makes an automaton without states. The number tells it from others that use the same workspace.
    pub fn new(patterns: Arc<[Arc<Pattern>]>, number: usize) -> Automaton {
        Automaton {
            number,
            filter: Filter::new(patterns),
            starts: vec![UNKNOWN; SYMBOLS],
            states: Vec::new(),
            known: HashMap::new(),
            moves: Vec::new(),
            cut: Vec::new(),
            lists: vec![Box::default()],
            known_lists: HashMap::from_iter([(Box::default(), 0)]),
        }
    }

    /// The list with a number: the numbers of patterns, in their order.
    pub fn list(&self, number: u32) -> &[u16] {
        &self.lists[number as usize]
    }

    /// Finds the patterns that may match at a place. The result is the number of a list; 0 is the empty one.
    #[inline]
    pub fn candidates(&mut self, room: &mut Workspace, text: &[u8], at: usize) -> u32 {
        let before = at.checked_sub(1).map_or(END, |before| symbol(text[before]));
        let first = text.get(at).map_or(END, |byte| symbol(*byte));
        let mut state = self.starts[self.start_of(before, first)];
        if state == UNKNOWN {
            state = self.start(room, before, first);
        }

        let far = at + FAR;
        let mut at = at + 1;
        while state & FINAL == 0 {
            if at >= far {
                return self.far_candidates(room, text, at, state);
            }
            state = self.next(room, text, at, state);
            at += 1;
        }
        state & !FINAL
    }

    /// The place of the state after the first symbol.
    #[inline]
    fn start_of(&self, before: u8, first: u8) -> usize {
        self.filter.before.of(before) * SYMBOLS + usize::from(first)
    }

    /// The state after the symbol at a place.
    #[inline]
    fn next(&mut self, room: &mut Workspace, text: &[u8], at: usize, state: u32) -> u32 {
        let next = text.get(at).map_or(END, |byte| symbol(*byte));
        let known = self.moves[state as usize * SYMBOLS + usize::from(next)];
        if known == UNKNOWN { self.step(room, state, next) } else { known }
    }

    /// Goes on with a walk that has come far.
    ///
    /// In a long line of the same, each walk would go to the end of it. Walks that meet in a state and a place end
    /// alike, so that the second of them has its end from the first.
    #[cold]
    fn far_candidates(&mut self, room: &mut Workspace, text: &[u8], mut at: usize, mut state: u32) -> u32 {
        let mut met = Vec::new();
        let list = loop {
            if state & FINAL != 0 {
                break state & !FINAL;
            }
            if at.is_multiple_of(REMEMBERED) {
                let key = (self.number, state, at);
                if let Some(list) = room.far.get(&key) {
                    break *list;
                }
                if room.far.len() + met.len() >= MOST_REMEMBERED {
                    break self.cut_off(room, state);
                }
                met.push(key);
            }
            state = self.next(room, text, at, state);
            at += 1;
        };
        room.far.extend(met.into_iter().map(|key| (key, list)));
        list
    }

    /// Makes the state after the first symbol.
    #[cold]
    fn start(&mut self, room: &mut Workspace, before: u8, first: u8) -> u32 {
        for divided in self.filter.make_ready(first) {
            let row = divided * SYMBOLS;
            self.starts.extend_from_within(row..row + SYMBOLS);
            room.bytes += SYMBOLS * 4;
        }

        let filter = &self.filter;
        room.begin(filter);
        let sample = filter.before.samples()[filter.before.of(before)];
        for (member, FilterMember { fragment, first: own, .. }) in filter.members.iter().enumerate() {
            if own.has(first) {
                for part in &fragment.parts {
                    room.enter(&NumberedMember { filter, member }, part.start, sample);
                }
            }
        }

        let mut nodes = std::mem::take(&mut room.nodes);
        nodes.sort_unstable();
        room.begin_walk();
        let to = self.after(room, &nodes, first);
        let start = self.start_of(before, first);
        self.starts[start] = to;
        to
    }

    /// Makes the state that another one leads to with a symbol.
    #[cold]
    fn step(&mut self, room: &mut Workspace, state: u32, symbol: u8) -> u32 {
        let from = Arc::clone(&self.states[state as usize]);
        room.begin(&self.filter);
        room.matched.extend_from_slice(&from.matched);
        let to = self.after(room, &from.nodes, symbol);
        self.moves[state as usize * SYMBOLS + usize::from(symbol)] = to;
        to
    }

    /// The state that nodes, which are in order, lead to with a symbol.
    fn after(&mut self, room: &mut Workspace, nodes: &[u32], symbol: u8) -> u32 {
        let filter = &self.filter;
        let mut member = 0;
        for node in nodes {
            while filter.members.get(member + 1).is_some_and(|next| next.first_node <= *node) {
                member += 1;
            }
            let of = NumberedMember { filter, member };
            room.take(&of, node - filter.members[member].first_node, symbol);
        }

        room.begin_walk();
        let mut moved = std::mem::take(&mut room.moved);
        for (member, node) in moved.drain(..) {
            room.enter(&NumberedMember { filter, member }, node, symbol);
        }
        room.moved = moved;
        self.state(room)
    }

    /// The state with the content that was collected, or the end of the walk if nothing is left to be decided.
    fn state(&mut self, room: &mut Workspace) -> u32 {
        let content = room.content(&self.filter);
        if content.nodes.is_empty() {
            return FINAL | self.list_of(room, |part| content.matched.binary_search(&part).is_ok());
        }
        if let Some(state) = self.known.get(&content) {
            return *state;
        }

        let state = self.states.len() as u32;
        room.bytes += size_of_val(&*content.nodes) + size_of_val(&*content.matched) + SYMBOLS * 4 + 100;
        let content = Arc::new(content);
        self.states.push(Arc::clone(&content));
        self.known.insert(content, state);
        self.moves.resize(self.moves.len() + SYMBOLS, UNKNOWN);
        self.cut.push(UNKNOWN);
        state
    }

    /// What may match where the walk is cut off: all patterns that have not failed.
    #[cold]
    fn cut_off(&mut self, room: &mut Workspace, state: u32) -> u32 {
        if self.cut[state as usize] == UNKNOWN {
            let content = Arc::clone(&self.states[state as usize]);
            let is_open = open_parts(&self.filter, &content.nodes);
            let may_match =
                |part: u16| is_open[usize::from(part)] || content.matched.binary_search(&part).is_ok();
            self.cut[state as usize] = self.list_of(room, may_match);
        }
        self.cut[state as usize]
    }

    /// The list of the patterns of which all parts are such.
    fn list_of(&mut self, room: &mut Workspace, is_such: impl Fn(u16) -> bool) -> u32 {
        let mut are_all = vec![true; self.filter.members.len()];
        for (part, member) in (0..).zip(&self.filter.parts) {
            are_all[usize::from(*member)] &= is_such(part);
        }
        let members = self.filter.members.iter().zip(are_all);
        let mut list: Box<[u16]> = members.filter(|(_, all)| *all).map(|(member, _)| member.number).collect();
        list.sort_unstable();

        if let Some(number) = self.known_lists.get(&list) {
            return *number;
        }
        let number = self.lists.len() as u32;
        room.bytes += 2 * size_of_val(&*list) + 60;
        self.lists.push(list.clone());
        self.known_lists.insert(list, number);
        number
    }
}

/// Which parts have nodes among these, which are in order.
fn open_parts(filter: &Filter, nodes: &[u32]) -> Vec<bool> {
    let mut is_open = vec![false; filter.parts.len()];
    let mut nodes = nodes.iter().copied().peekable();
    for member in &filter.members {
        let fragment = &member.fragment;
        for (number, _) in fragment.parts.iter().enumerate() {
            let end = fragment.parts.get(number + 1).map_or(fragment.nodes.len() as u32, |next| next.first);
            let part = usize::from(member.first_part) + number;
            while nodes.next_if(|node| *node < member.first_node + end).is_some() {
                is_open[part] = true;
            }
        }
    }
    is_open
}

impl Workspace {
    /// Forgets what is known of the line that was read.
    pub fn begin_line(&mut self) {
        if !self.far.is_empty() {
            self.far.clear();
        }
    }

    fn begin(&mut self, filter: &Filter) {
        if self.met.len() < filter.nodes {
            self.met.resize(filter.nodes, 0);
        }
        self.nodes.clear();
        self.matched.clear();
        self.moved.clear();
        self.begin_walk();
    }

    fn begin_walk(&mut self) {
        self.walk = self.walk.wrapping_add(1);
        if self.walk == 0 {
            self.met.fill(0);
            self.walk = 1;
        }
    }

    /// Whether a node is met for the first time on this walk.
    fn is_new(&mut self, node: u32) -> bool {
        std::mem::replace(&mut self.met[node as usize], self.walk) != self.walk
    }

    /// Follows what needs no symbol but the one before, up to the nodes that wait for the next.
    fn enter(&mut self, of: &NumberedMember<'_>, node: u32, before: u8) {
        let member = &of.filter.members[of.member];
        let fragment = &member.fragment;
        self.open.push(node);
        while let Some(node) = self.open.pop() {
            let numbered = member.first_node + node;
            if !self.is_new(numbered) {
                continue;
            }
            match fragment.nodes[node as usize] {
                FragmentNode::Split(from, count) => self.open.extend_from_slice(fragment.ways(from, count)),
                FragmentNode::Before(set, next) if fragment.has(set, before) => self.open.push(next),
                FragmentNode::Before(..) => {}
                FragmentNode::Take(..) | FragmentNode::Next(..) => self.nodes.push(numbered),
                FragmentNode::Accept => self.matched.push(of.part(node)),
            }
        }
    }

    /// Follows a node that waits for a symbol, up to those that are beyond it.
    fn take(&mut self, of: &NumberedMember<'_>, node: u32, symbol: u8) {
        let member = &of.filter.members[of.member];
        let fragment = &member.fragment;
        self.open.push(node);
        while let Some(node) = self.open.pop() {
            if !self.is_new(member.first_node + node) {
                continue;
            }
            match fragment.nodes[node as usize] {
                FragmentNode::Split(from, count) => self.open.extend_from_slice(fragment.ways(from, count)),
                // The symbol before is known no more, so it may be such.
                FragmentNode::Before(_, next) => self.open.push(next),
                FragmentNode::Next(set, next) if fragment.has(set, symbol) => self.open.push(next),
                FragmentNode::Take(set, next) if symbol != END && fragment.has(set, symbol) => {
                    self.moved.push((of.member, next));
                }
                FragmentNode::Take(..) | FragmentNode::Next(..) => {}
                FragmentNode::Accept => self.matched.push(of.part(node)),
            }
        }
    }

    /// What was collected, without the patterns of which a part has failed.
    fn content(&mut self, filter: &Filter) -> StateContent {
        self.nodes.sort_unstable();
        self.matched.sort_unstable();
        self.matched.dedup();

        let mut is_open = open_parts(filter, &self.nodes);
        let mut has_failed = vec![false; filter.members.len()];
        for (part, member) in (0..).zip(&filter.parts) {
            let has_matched = self.matched.binary_search(&part).is_ok();
            has_failed[usize::from(*member)] |= !is_open[usize::from(part)] && !has_matched;
            is_open[usize::from(part)] &= !has_matched;
        }

        self.matched.retain(|part| !has_failed[usize::from(filter.parts[usize::from(*part)])]);
        let mut member = 0;
        self.nodes.retain(|node| {
            while filter.members.get(member + 1).is_some_and(|next| next.first_node <= *node) {
                member += 1;
            }
            let of = NumberedMember { filter, member };
            let node = node - filter.members[member].first_node;
            !has_failed[member] && is_open[usize::from(of.part(node))]
        });
        StateContent { nodes: self.nodes.as_slice().into(), matched: self.matched.as_slice().into() }
    }
}

impl NumberedMember<'_> {
    /// The part that a node of the member is in.
    fn part(&self, node: u32) -> u16 {
        let member = &self.filter.members[self.member];
        let later = member.fragment.parts.iter().skip(1).take_while(|part| part.first <= node).count();
        member.first_part + later as u16
    }
}
