//! What comes of the steps of a chapter.

use super::steps::{ChapterPlan, StepAction, TutorialStep};
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

/// Something that is wrong with a step.
#[derive(Clone, Debug)]
pub struct StepFault {
    /// The number of the step.
    pub step: usize,
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// Where the terminal was: `on `server` as `keeper` in `~``.
    pub place: Option<String>,
    /// The number of the command before.
    pub after: Option<usize>,
    /// All that the command printed, if it is not what the chapter shows.
    pub printed: Option<String>,
}

/// What came of the steps of a chapter.
#[derive(Clone, Debug, Default)]
pub struct ProvenChapter {
    /// The outcomes, one for each step.
    pub outcomes: Vec<StepOutcome>,
    /// What is wrong.
    pub faults: Vec<StepFault>,
}

impl ProvenChapter {
    /// How many steps have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.verdict == verdict).count()
    }

    /// What is wrong, with the place of the terminal. Of a step that others need, it says how many.
    pub fn diagnostics(&self, plan: &ChapterPlan) -> Vec<Diagnostic> {
        let mut last = None;
        let full = |fault: &StepFault| {
            let mut diagnostic = fault.diagnostic.clone();
            let after = fault.after.and_then(|step| after(plan.steps.get(step)?, plan));
            let place = fault.place.as_ref().map(|place| format!("{place}{}", after.unwrap_or_default()));
            diagnostic.notes.extend(place);

            let needing = self.outcomes.iter().filter(|outcome| outcome.because == Some(fault.step)).count();
            if needing > 0 && last.replace(fault.step) != Some(fault.step) {
                diagnostic.notes.push(match needing {
                    1 => "one later step needs this, and is not reached".to_owned(),
                    count => format!("{count} later steps need this, and are not reached"),
                });
            }
            diagnostic
        };
        self.faults.iter().map(full).collect()
    }
}

/// `, after `ls` in line 5`, of a command.
fn after(step: &TutorialStep, plan: &ChapterPlan) -> Option<String> {
    let StepAction::Command(command) = &step.action else { return None };
    let first = command.script.lines().next().unwrap_or_default();
    let line = plan.source.position(step.span.start).line;
    Some(format!(", after `{first}` in line {line}"))
}
