//! Highlighting of code with syntect's grammars: the same result as with syntect itself, in a fraction of the time.
//!
//! A library in its own right, which knows nothing of books. [`Grammars`] is its door: it takes the number of a grammar
//! and a text, and returns spans that cover the text, each with a class. Classes are letters; a table, which the caller
//! gives, says which scopes have which.
//!
//! ```
//! use bindery_highlight::Grammars;
//!
//! let set = Box::leak(Box::new(two_face::syntax::extra_newlines()));
//! let grammars = Grammars::new(set, &[("comment", b'c'), ("string", b's'), ("keyword", b'k')]);
//! let rust = set.syntaxes().iter().position(|grammar| grammar.name == "Rust").expect("it is packed");
//!
//! let text = "let x = \"a\"; // b\n";
//! let spans = grammars.highlight(rust as u16, text)?;
//! let comment = spans.last().expect("the text is not empty");
//! assert_eq!((comment.class.name(), comment.end as usize), (Some('c'), text.len()));
//! # Ok::<(), bindery_highlight::HighlightError>(())
//! ```
//!
//! # How it works
//!
//! A grammar is a set of contexts with rules, each of which has a regular expression. At every token, syntect asks
//! Oniguruma for the first match of each rule of the innermost context, 88 searches a line, and takes the earliest.
//! Nearly all of them find something that loses. Here, patterns are asked about only at places where they can match:
//!
//! 1. `grammar` reads grammars, which syntect keeps packed, and only those that are needed.
//! 2. `pattern` reads the regular expressions into trees: as much of them as is needed.
//! 3. `filter` makes, of all patterns that are tried together, one lazy automaton that names those that may match at
//!    a place. It may name too many, never too few. A pattern is added when a text has a character that it can begin with.
//! 4. `tokens` reads the text as syntect does. At each place, it asks only about the patterns that the filter names, in
//!    the order of the grammar; nearly all of them match.
//! 5. `matcher` answers. A small backtracking matcher decides most of the time, and makes highlighting of most
//!    languages 1.5 to 1.8 times as fast as with Oniguruma alone. Where it is not sure, it asks Oniguruma. It also
//!    counts the work, which is limited for each line.
//!
//! Threads share what is read and compiled. Each has automata of its own (`worker`), which are kept for the next text,
//! within a limit of memory.

#![deny(clippy::disallowed_methods, reason = "a pure library: see clippy.toml")]

mod chain;
mod class;
mod error;
mod filter;
mod grammar;
mod groups;
mod matcher;
mod pattern;
mod slow;
mod spans;
mod tokens;
mod worker;

use std::num::NonZero;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use syntect::parsing::SyntaxSet;

use chain::{ChainStore, MOST_CHAINS};
use class::ClassTable;
use grammar::library::GrammarLibrary;
use tokens::reader::{LONGEST_DEEP, TextReader};
use worker::Worker;

pub use class::Class;
pub use error::HighlightError;
pub use spans::ColouredSpan;

/// Highlights code with a set of grammars. All threads can use it at once.
#[derive(Debug)]
pub struct Grammars {
    library: GrammarLibrary,
    chains: ChainStore,
    /// Workers that are not in use, the last one on top.
    idle: Mutex<Vec<Worker>>,
    /// How many bytes the automata of one worker may take.
    limit: usize,
}

/// How many bytes all automata together may take in memory, about.
const MOST_BYTES: usize = 16 << 20;
/// How many bytes the automata of one worker may always take: as much as a book with many languages needs.
const LEAST_BYTES: usize = 4 << 20;

impl Grammars {
    /// Makes a highlighter for a set of grammars; `classes` are prefixes of scopes, each with the letter of its class,
    /// 0 for none. Nothing is read yet.
    pub fn new(packed: &'static SyntaxSet, classes: &[(&'static str, u8)]) -> Grammars {
        let library = GrammarLibrary::new(packed, ClassTable::new(classes));
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let limit = (MOST_BYTES / threads).max(LEAST_BYTES);
        Grammars { library, chains: ChainStore::default(), idle: Mutex::default(), limit }
    }

    /// Highlights a text with the grammar of this number. The spans cover it.
    ///
    /// Time is in proportion to the length of the text, except for what single patterns take, which is limited.
    ///
    /// # Errors
    /// If the grammar refers to what does not exist, if it makes no progress in this text, where syntect would go on
    /// for ever, or if a line takes too long.
    pub fn highlight(&self, grammar: u16, text: &str) -> Result<Vec<ColouredSpan>, HighlightError> {
        let mut worker = self.idle().pop().unwrap_or_else(|| Worker::new(self.limit));
        let read = TextReader::new(&self.library, &self.chains, &mut worker).read(grammar, text);
        if worker.chains() < MOST_CHAINS {
            self.idle().push(worker);
        }

        let read = read?;
        if !read.is_deep {
            return Ok(read.spans);
        }
        if text.lines().any(|line| line.len() > LONGEST_DEEP) {
            return Err(HighlightError::TooDeep);
        }
        slow::highlight(&self.library, grammar, text)
    }

    /// Highlights a text with syntect alone, as a reference for tests and measurements.
    ///
    /// # Errors
    /// As above; but without progress it never ends.
    pub fn highlight_with_syntect(
        &self,
        grammar: u16,
        text: &str,
    ) -> Result<Vec<ColouredSpan>, HighlightError> {
        slow::highlight(&self.library, grammar, text)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        // A panic cannot leave the list half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many bytes the automata of workers take that are not in use, about.
    pub fn memory(&self) -> usize {
        self.idle().iter().map(Worker::bytes).sum()
    }
}

#[cfg(test)]
mod tests;
