//! The exit code of a command.

use std::process::ExitCode;

use crate::text::{Diagnostic, DiagnosticCode, Severity};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is wrong: exit code 0.
    Clean,
    /// Something is wrong with the book: exit code 1.
    Faults,
    /// The command could not do its work: exit code 2.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(outcome as u8)
    }
}

impl Outcome {
    /// The outcome of a command with these faults.
    pub fn of(faults: &[Diagnostic]) -> Outcome {
        let cannot_work = |fault: &Diagnostic| {
            use DiagnosticCode::{FailedOutput, FailedPreview, MissingBook, RefusedOutput, TakenPort};
            matches!(fault.code, MissingBook | RefusedOutput | FailedOutput | TakenPort | FailedPreview)
        };
        if faults.iter().any(cannot_work) {
            Outcome::Failed
        } else if faults.iter().any(|fault| fault.severity == Severity::Error) {
            Outcome::Faults
        } else {
            Outcome::Clean
        }
    }
}
