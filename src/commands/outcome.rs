//! The exit code of a command.

use std::process::ExitCode;

use crate::text::{Diagnostic, DiagnosticCode, Severity};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is wrong: exit code 0.
    Clean,
    /// Something is wrong with the book: exit code 1.
    Problems,
    /// The command could not do its work: exit code 2.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome as u8)
    }
}

impl Outcome {
    /// The outcome of a command with these diagnostics.
    pub fn of(diagnostics: &[Diagnostic]) -> Outcome {
        let cannot_work = |diagnostic: &Diagnostic| {
            use DiagnosticCode::{FailedOutput, FailedPreview, MissingBook, RefusedOutput, TakenPort};
            matches!(diagnostic.code, MissingBook | RefusedOutput | FailedOutput | TakenPort | FailedPreview)
        };
        if diagnostics.iter().any(cannot_work) {
            Outcome::Failed
        } else if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            Outcome::Problems
        } else {
            Outcome::Clean
        }
    }
}
