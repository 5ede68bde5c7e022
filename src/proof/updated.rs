//! What is known of a chapter after `bindery test --update` has written into it: the steps are those that were done, so what the
//! text shows now is compared with what was printed then. Pure.

use super::expect::{self, Comparison};
use super::masks::Masks;
use super::steps::{ChapterPlan, StepAction, TutorialStep};
use super::verdict::{ProvenChapter, StepOutcome, Verdict};

/// What came of the steps of a chapter, by what it says now; none if it says to do other things than those that were done.
pub fn outcomes(
    done: &ChapterPlan,
    chapter: &ProvenChapter,
    now: &ChapterPlan,
    masks: &Masks,
) -> Option<Vec<StepOutcome>> {
    let is_same = done.steps.len() == now.steps.len()
        && done.steps.iter().zip(&now.steps).all(|(one, two)| is_same_step(one, two));
    if !is_same {
        return None;
    }
    let outcome = |(number, step): (usize, &TutorialStep)| {
        let known = chapter.outcomes[number];
        match known.verdict {
            Verdict::Differing if is_shown(chapter, number, step, masks) => Verdict::Proven.into(),
            _ => known,
        }
    };
    Some(now.steps.iter().enumerate().map(outcome).collect())
}

/// Whether a step shows all that was printed by it, and nothing else was wrong with it.
fn is_shown(chapter: &ProvenChapter, number: usize, step: &TutorialStep, masks: &Masks) -> bool {
    let StepAction::Command(command) = &step.action else { return false };
    let Some(shown) = &command.prints else { return false };
    chapter.faults.iter().filter(|fault| fault.step == number).all(|fault| {
        let printed = fault.printed.as_deref();
        printed.is_some_and(|printed| expect::compare(&shown.text, printed, masks) == Comparison::Same)
    })
}

/// Whether two steps do the same, wherever they are in the chapter and whatever they show of what is printed.
fn is_same_step(one: &TutorialStep, two: &TutorialStep) -> bool {
    one.seat == two.seat && one.fate == two.fate && done(&one.action) == done(&two.action)
}

/// What is done, without its places in the chapter and without what is printed.
fn done(action: &StepAction) -> StepAction {
    let mut action = action.clone();
    match &mut action {
        StepAction::Command(command) => command.prints = None,
        StepAction::File { block, .. } => {
            block.span = Default::default();
            block.lines.iter_mut().for_each(|line| line.span = Default::default());
        }
        StepAction::Get { .. } | StepAction::Stop => {}
    }
    action
}
