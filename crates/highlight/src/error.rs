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
    /// Contexts are nested more deeply than syntect allows, in a text with long lines.
    TooDeep,
    /// What the grammar's patterns ask of the line that begins at this byte takes too long.
    TooMuchWork {
        /// The byte.
        at: usize,
    },
}

impl fmt::Display for HighlightError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HighlightError::BrokenGrammar => f.write_str("the grammar is broken"),
            HighlightError::NoProgress { at } => write!(f, "the grammar makes no progress at byte {at}"),
            HighlightError::TooDeep => f.write_str("the code is nested too deeply"),
            HighlightError::TooMuchWork { at } => {
                write!(f, "the patterns of the grammar take too long for the line at byte {at}")
            }
        }
    }
}

impl std::error::Error for HighlightError {}
