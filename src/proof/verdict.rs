//! What comes of the steps of a chapter.

use crate::text::Diagnostic;

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It works as the chapter says.
    Proven,
    /// It works, and prints something else.
    Differing,
    /// It fails.
    Failed,
    /// What it needs has failed.
    NotReached,
    /// The chapter says that it is not tested.
    Skipped,
    /// It is in a tab that is not followed.
    OtherTab,
    /// It cannot be done so far.
    NotCovered,
}

impl Verdict {
    /// All of them, in the order of reports.
    pub const ALL: [Verdict; 7] = [
        Verdict::Proven,
        Verdict::Differing,
        Verdict::Failed,
        Verdict::NotReached,
        Verdict::Skipped,
        Verdict::OtherTab,
        Verdict::NotCovered,
    ];

    /// The words in reports.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Proven => "proven",
            Verdict::Differing => "differing",
            Verdict::Failed => "failed",
            Verdict::NotReached => "not reached",
            Verdict::Skipped => "skipped",
            Verdict::OtherTab => "in other tabs",
            Verdict::NotCovered => "not covered",
        }
    }
}

/// What came of a step, and why it was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepOutcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The step that failed and that this one needs.
    pub because: Option<usize>,
}

impl From<Verdict> for StepOutcome {
    fn from(verdict: Verdict) -> Self {
        StepOutcome { verdict, because: None }
    }
}

/// What came of the steps of a chapter.
#[derive(Clone, Debug, Default)]
pub struct ProvenChapter {
    /// The outcomes, one for each step.
    pub outcomes: Vec<StepOutcome>,
    /// What is wrong, each with the number of its step.
    pub faults: Vec<(usize, Diagnostic)>,
}

impl ProvenChapter {
    /// How many steps have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.verdict == verdict).count()
    }

    /// What is wrong. Of a step that others need, it says how many.
    pub fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        let mut last = None;
        self.faults.iter().map(move |(step, fault)| {
            let mut fault = fault.clone();
            let needing = self.outcomes.iter().filter(|outcome| outcome.because == Some(*step)).count();
            if needing > 0 && last.replace(*step) != Some(*step) {
                fault.notes.push(match needing {
                    1 => "one later step needs this, and is not reached".to_owned(),
                    count => format!("{count} later steps need this, and are not reached"),
                });
            }
            fault
        })
    }
}
