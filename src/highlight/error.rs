//! Why a text could not be highlighted.

use std::fmt;

/// Why a text could not be highlighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HighlightError {
    /// There is no such grammar, or it refers to a context that does not exist.
    BrokenGrammar,
    /// From this byte of the text on, rules of the grammar follow each other without end and take nothing.
    NoProgress {
        /// The byte.
        at: usize,
    },
}

impl fmt::Display for HighlightError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HighlightError::BrokenGrammar => f.write_str("the grammar is broken"),
            HighlightError::NoProgress { at } => write!(f, "the grammar makes no progress at byte {at}"),
        }
    }
}

impl std::error::Error for HighlightError {}
