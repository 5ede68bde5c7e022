//! Follows chapters on a machine of the author's own. Nothing is saved, and nothing is taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::test_book::{BookTest, no_engine, reported};
use crate::proof::masks::Masks;
use crate::proof::remote::RemoteMachine;
use crate::proof::run::{AfterFault, BookState};
use crate::proof::saved::ChapterResult;
use crate::proof::summary::ReportedChapter;
use crate::text::{Diagnostic, plural};

/// Follows the chapters of a book, or one of them, on the machine that `ssh` reaches by this name.
///
/// # Errors
/// The book needs several machines, or this one cannot be used.
pub fn run<'t>(
    test: BookTest<'t>,
    destination: &str,
    stop: &Arc<AtomicBool>,
) -> Result<Vec<ReportedChapter<'t>>, Diagnostic> {
    let count = test.config.machines.len();
    if count > 1 {
        let message = format!("this book needs {}, and `--on` names one", plural(count, "machine"));
        return Err(no_engine(message).hint("leave `--on` out: containers can be several machines"));
    }
    let mut machine = RemoteMachine::connect(destination, stop)
        .map_err(|reason| no_engine(format!("the book cannot be followed on `{destination}`: {reason}")))?;
    test.reporter.result(&format!("following the book on `{destination}`, which changes it"));
    if test.config.proof.network.is_internal() {
        test.reporter
            .result("the setting `network` does not hold there: the machine reaches what it reaches");
    }

    let plans = match test.only {
        Some(only) => &test.plans[only..=only],
        None => test.plans,
    };
    let masks = Masks::new(&test.config.proof.varies);
    let systems = [machine.system()];
    let mut book = BookState::default();
    let mut chapters = Vec::new();
    for plan in plans {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let (chapter, seconds) = test.follow(plan, &masks, AfterFault::GoOn, &mut machine, &mut book);
        let done = reported(plan, ChapterResult::new(chapter, seconds, &book, &systems), None);
        test.say(&done);
        chapters.push(done);
    }
    Ok(chapters)
}
