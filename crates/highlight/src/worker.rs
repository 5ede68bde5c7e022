//! What one thread needs to highlight: automata, which learn from each text, and room to work in.

use std::ops::RangeInclusive;
use std::sync::Arc;

use foldhash::HashMap;

use super::chain::{Chain, ChainLink, ChainStore};
use super::error::HighlightError;
use super::filter::automaton::{Automaton, Workspace};
use super::grammar::library::GrammarLibrary;

/// Automata and room to work in, for one thread at a time.
#[derive(Debug)]
pub struct Worker {
    /// How many bytes its automata may take in memory.
    limit: usize,
    known: HashMap<Box<[ChainLink]>, usize>,
    walks: Vec<ChainWalk>,
    room: Workspace,
}

/// A chain, and the automaton of its patterns.
#[derive(Debug)]
struct ChainWalk {
    chain: Arc<Chain>,
    automaton: Automaton,
}

impl Worker {
    /// Makes a worker whose automata may take so many bytes.
    pub fn new(limit: usize) -> Worker {
        Worker { limit, known: HashMap::default(), walks: Vec::new(), room: Workspace::default() }
    }

    /// The number of a chain.
    ///
    /// # Errors
    /// If one of the contexts does not exist.
    pub fn chain(
        &mut self,
        library: &GrammarLibrary,
        chains: &ChainStore,
        links: &[ChainLink],
    ) -> Result<usize, HighlightError> {
        if let Some(number) = self.known.get(links) {
            return Ok(*number);
        }

        let chain = chains.get(library, links)?;
        let automaton = Automaton::new(Arc::clone(&chain.patterns), self.walks.len());
        self.walks.push(ChainWalk { chain, automaton });
        self.known.insert(links.into(), self.walks.len() - 1);
        Ok(self.walks.len() - 1)
    }

    /// The chain with a number.
    pub fn chain_at(&self, number: usize) -> &Arc<Chain> {
        &self.walks[number].chain
    }

    /// Begins with another line.
    pub fn begin_line(&mut self) {
        self.room.begin_line();
    }

    /// Finds the first of some places where patterns of a chain may match, and adds the numbers of their rules.
    pub fn candidates(
        &mut self,
        chain: usize,
        line: &str,
        places: RangeInclusive<usize>,
        rules: &mut Vec<u16>,
    ) -> Option<usize> {
        if self.room.bytes > self.limit {
            self.forget();
        }
        let ChainWalk { chain, automaton } = &mut self.walks[chain];
        let text = line.as_bytes();
        let (mut at, last) = places.into_inner();
        while at <= last {
            let list = automaton.candidates(&mut self.room, text, at);
            if list != 0 {
                rules.extend(automaton.list(list).iter().map(|number| chain.filtered[usize::from(*number)]));
                return Some(at);
            }
            at += 1;
            while at < text.len() && !line.is_char_boundary(at) {
                at += 1;
            }
        }
        None
    }

    /// Forgets all states. Those that texts still lead to are made again.
    fn forget(&mut self) {
        for (number, ChainWalk { chain, automaton }) in self.walks.iter_mut().enumerate() {
            *automaton = Automaton::new(Arc::clone(&chain.patterns), number);
        }
        self.room = Workspace::default();
    }

    /// How many chains it has met.
    pub fn chains(&self) -> usize {
        self.walks.len()
    }

    /// How many bytes its automata take in memory, about.
    pub fn bytes(&self) -> usize {
        self.room.bytes
    }
}
