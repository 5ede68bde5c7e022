//! Walks a filter over a text. The states of the walk are made when they are first met.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::fragment::FragmentNode;
use super::item::StateItem;
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
    states: Vec<Arc<[StateItem]>>,
    known: HashMap<Arc<[StateItem]>, u32>,
    /// Where each state leads with each symbol.
    moves: Vec<u32>,
    /// The patterns that may match if the walk is cut off in a state.
    cut: Vec<u32>,
    lists: Vec<Box<[u16]>>,
    known_lists: HashMap<Box<[u16]>, u32>,
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
    moved: Vec<StateItem>,
    /// The items of the state that is made.
    items: Vec<StateItem>,
    /// The same, without what can be left out.
    settled: Vec<StateItem>,
    list: Vec<u16>,
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
        for (number, member) in filter.members.iter().enumerate() {
            if member.first.has(first) {
                for part in &member.fragment.parts {
                    room.enter(filter, StateItem::node(number, part.start), sample);
                }
            }
        }

        let begun = std::mem::take(&mut room.items);
        room.begin_walk();
        let to = self.after(room, &begun, first);
        let start = self.start_of(before, first);
        self.starts[start] = to;
        to
    }

    /// Makes the state that another one leads to with a symbol.
    #[cold]
    fn step(&mut self, room: &mut Workspace, state: u32, symbol: u8) -> u32 {
        let from = Arc::clone(&self.states[state as usize]);
        room.begin(&self.filter);
        let to = self.after(room, &from, symbol);
        self.moves[state as usize * SYMBOLS + usize::from(symbol)] = to;
        to
    }

    /// The state that items lead to with a symbol.
    fn after(&mut self, room: &mut Workspace, from: &[StateItem], symbol: u8) -> u32 {
        let filter = &self.filter;
        for item in from {
            if item.is_match() {
                room.items.push(*item);
            } else {
                room.take(filter, *item, symbol);
            }
        }

        room.begin_walk();
        let mut moved = std::mem::take(&mut room.moved);
        for node in moved.drain(..) {
            room.enter(filter, node, symbol);
        }
        room.moved = moved;
        room.settle(filter);
        self.state(room)
    }

    /// The state that was made, or the end of the walk if nothing is left to be decided.
    fn state(&mut self, room: &mut Workspace) -> u32 {
        if room.settled.iter().all(|item| item.is_match()) {
            return FINAL | self.list_of(&room.settled, &mut room.list, &mut room.bytes);
        }
        if let Some(state) = self.known.get(room.settled.as_slice()) {
            return *state;
        }

        let state = self.states.len() as u32;
        let items: Arc<[StateItem]> = room.settled.as_slice().into();
        room.bytes += size_of_val(&*items) + SYMBOLS * 4 + 100;
        self.states.push(Arc::clone(&items));
        self.known.insert(items, state);
        self.moves.resize(self.moves.len() + SYMBOLS, UNKNOWN);
        self.cut.push(UNKNOWN);
        state
    }

    /// What may match where the walk is cut off: all patterns that have not failed.
    #[cold]
    fn cut_off(&mut self, room: &mut Workspace, state: u32) -> u32 {
        if self.cut[state as usize] == UNKNOWN {
            let items = Arc::clone(&self.states[state as usize]);
            self.cut[state as usize] = self.list_of(&items, &mut room.list, &mut room.bytes);
        }
        self.cut[state as usize]
    }

    /// The list of the patterns that items are of.
    fn list_of(&mut self, items: &[StateItem], list: &mut Vec<u16>, bytes: &mut usize) -> u32 {
        if items.is_empty() {
            return 0;
        }
        list.clear();
        list.extend(items.iter().map(|item| self.filter.members[item.member()].number));
        list.sort_unstable();
        list.dedup();
        if let Some(number) = self.known_lists.get(list.as_slice()) {
            return *number;
        }

        let number = self.lists.len() as u32;
        let list: Box<[u16]> = list.as_slice().into();
        *bytes += 2 * size_of_val(&*list) + 60;
        self.lists.push(list.clone());
        self.known_lists.insert(list, number);
        number
    }
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
        self.items.clear();
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
    fn enter(&mut self, filter: &Filter, from: StateItem, before: u8) {
        let number = from.member();
        let FilterMember { fragment, first_node, .. } = &filter.members[number];
        self.open.push(from.node_number());
        while let Some(node) = self.open.pop() {
            if !self.is_new(first_node + node) {
                continue;
            }
            match fragment.nodes[node as usize] {
                FragmentNode::Split(from, count) => self.open.extend_from_slice(fragment.ways(from, count)),
                FragmentNode::Before(set, next) if fragment.has(set, before) => self.open.push(next),
                FragmentNode::Before(..) => {}
                FragmentNode::Take(..) | FragmentNode::Next(..) => {
                    self.items.push(StateItem::node(number, node));
                }
                FragmentNode::Accept => self.items.push(StateItem::matched(number, fragment.part(node))),
            }
        }
    }

    /// Follows a node that waits for a symbol, up to those that are beyond it.
    fn take(&mut self, filter: &Filter, from: StateItem, symbol: u8) {
        let number = from.member();
        let FilterMember { fragment, first_node, .. } = &filter.members[number];
        self.open.push(from.node_number());
        while let Some(node) = self.open.pop() {
            if !self.is_new(first_node + node) {
                continue;
            }
            match fragment.nodes[node as usize] {
                FragmentNode::Split(from, count) => self.open.extend_from_slice(fragment.ways(from, count)),
                // The symbol before is known no more, so it may be such.
                FragmentNode::Before(_, next) => self.open.push(next),
                FragmentNode::Next(set, next) if fragment.has(set, symbol) => self.open.push(next),
                FragmentNode::Take(set, next) if symbol != END && fragment.has(set, symbol) => {
                    self.moved.push(StateItem::node(number, next));
                }
                FragmentNode::Take(..) | FragmentNode::Next(..) => {}
                FragmentNode::Accept => self.items.push(StateItem::matched(number, fragment.part(node))),
            }
        }
    }

    /// Leaves out the patterns of which a part has failed, and the nodes of parts that have matched.
    fn settle(&mut self, filter: &Filter) {
        self.items.sort_unstable();
        self.items.dedup();
        self.settled.clear();
        for items in self.items.chunk_by(|one, next| one.member() == next.member()) {
            let (nodes, matched) = items.split_at(items.partition_point(|item| !item.is_match()));
            let fragment = &filter.members[items[0].member()].fragment;
            if matched.is_empty() && fragment.parts.len() == 1 {
                self.settled.extend_from_slice(nodes);
                continue;
            }

            let part =
                |node: &StateItem| StateItem::matched(node.member(), fragment.part(node.node_number()));
            let is_alive = |number| {
                let own = StateItem::matched(items[0].member(), number);
                matched.contains(&own) || nodes.iter().any(|node| part(node) == own)
            };
            if (0..fragment.parts.len() as u32).all(is_alive) {
                self.settled.extend(nodes.iter().filter(|node| !matched.contains(&part(node))));
                self.settled.extend_from_slice(matched);
            }
        }
    }
}
