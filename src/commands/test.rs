//! `bindery test`: follows the chapters in containers, and reports where they do not work as they say.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::book::{find, may_hide_block};
use super::outcome::Outcome;
use super::reporter::Reporter;
use super::test_book::{BookTest, FollowedBook, no_engine};
use super::test_record::RecordedBook;
use super::test_update::{self, UpdateAnswer, UpdateResult};
use super::{test_files, test_on, test_record};
use crate::cli::{Format, TestArgs};
use crate::edition::Edition;
use crate::engine::Engine;
use crate::parse::Options;
use crate::proof::code::CodeReading;
use crate::proof::engine::ContainerEngine;
use crate::proof::junit;
use crate::proof::masks::Masks;
use crate::proof::plan;
use crate::proof::saved;
use crate::proof::states;
use crate::proof::steps::{ChapterPlan, Fate};
use crate::proof::summary::{self, FollowedOn, ReportedChapter, VerdictCounts};
use crate::proof::updated;
use crate::proof::verdict::ProvenChapter;
use crate::read::layout::{PROOF, SETTINGS};
use crate::read::proof_basis::ProofBasis;
use crate::read::proof_record::ProofRecord;
use crate::read::{Layout, Overrides, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode, Severity, plural};

/// Runs the command.
pub fn run(args: &TestArgs, reporter: &Reporter) -> Outcome {
    if args.files {
        return test_files::run(args, reporter);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let done = match args.clean {
        true => clean(args, &stop, reporter),
        false => follow(args, &stop, reporter),
    };
    done.unwrap_or_else(|diagnostic| {
        reporter.report(&[diagnostic]);
        Outcome::Failed
    })
}

/// Removes all that tests have left.
fn clean(args: &TestArgs, stop: &Arc<AtomicBool>, reporter: &Reporter) -> Result<Outcome, Diagnostic> {
    let engine = find_engine(args, stop)?;
    let containers = engine.sweep(true).map_err(no_engine)?;
    let images = states::clear(&engine).map_err(no_engine)?;
    saved::clear().map_err(|error| no_engine(format!("saved results cannot be removed: {error}")))?;
    let (containers, images) = (plural(containers, "container"), plural(images, "image"));
    reporter.result(&format!("{containers} and {images} removed, and all saved results"));
    Ok(Outcome::Clean)
}

/// Follows the book from its first chapter to its last, or one chapter.
fn follow(args: &TestArgs, stop: &Arc<AtomicBool>, reporter: &Reporter) -> Result<Outcome, Diagnostic> {
    let layout = match find(&args.book, reporter) {
        Ok(layout) => layout,
        Err(outcome) => return Ok(outcome),
    };
    let snapshot = Snapshot::take(&layout, None);
    let mut edition = Engine::new(Overrides::default()).edition(&snapshot);
    // Where commands are run, and what they can reach, are settings: nothing is run while one of them is wrong.
    let faulty = faulty_settings(&edition);
    if !faulty.is_empty() {
        reporter.report(&faulty);
        reporter.result("nothing was run, because the settings of the book have errors");
        return Ok(Outcome::Problems);
    }

    // An image that an option names is no setting of the book.
    let basis = ProofBasis::of(&edition.config);
    if let Some(image) = &args.image {
        edition.config.proof.image.clone_from(image);
        edition.config.machines.iter_mut().for_each(|machine| machine.setup.image = None);
    }
    let plans = plans(&edition);
    let only = args.chapter.as_ref().map(|chapter| find_chapter(chapter, &plans, &layout)).transpose()?;
    let is_followed = plans.iter().flat_map(|plan| &plan.steps).any(|step| step.fate == Fate::Followed);
    if !is_followed {
        reporter.result("no chapter has a step that can be followed");
        return Ok(Outcome::Clean);
    }

    let _signals = notice_signals(stop);
    let test = BookTest { args, layout: &layout, config: &edition.config, plans: &plans, only, reporter };
    let followed = follow_chapters(test, stop)?;
    let chapters = &followed.chapters;
    let is_stopped = stop.load(Ordering::Relaxed);
    let updated = match args.update && !is_stopped {
        true => {
            let answer = if args.yes { UpdateAnswer::Yes } else { UpdateAnswer::Ask };
            test_update::run(&layout, &edition, chapters, answer, reporter)
        }
        false => UpdateResult::default(),
    };
    if args.record && !is_stopped {
        let record = match !updated.written.is_empty() {
            true => record_updated(&layout, &basis, chapters, reporter)?,
            false => {
                let book =
                    RecordedBook { layout: &layout, snapshot: &snapshot, edition: &edition, plans: &plans };
                test_record::write(book, &basis, chapters)?
            }
        };
        let count = plural(record.chapters.len(), "chapter");
        reporter.result(&format!("`{PROOF}` has the results of {count}"));
    }

    let outcome = report(args, &edition, followed, updated, reporter)?;
    Ok(if is_stopped { Outcome::Failed } else { outcome })
}

/// The errors of the book's settings.
fn faulty_settings(edition: &Edition) -> Vec<Diagnostic> {
    let is_faulty = |diagnostic: &&Diagnostic| {
        let place = diagnostic.place.as_ref();
        diagnostic.severity == Severity::Error && place.is_some_and(|place| place.source.path == SETTINGS)
    };
    edition.diagnostics.iter().filter(is_faulty).cloned().collect()
}

/// Keeps what was found, after chapters were changed so that they show what was printed.
fn record_updated(
    layout: &Layout,
    basis: &ProofBasis,
    chapters: &[ReportedChapter<'_>],
    reporter: &Reporter,
) -> Result<ProofRecord, Diagnostic> {
    let snapshot = Snapshot::take(layout, None);
    let edition = Engine::new(Overrides::default()).edition(&snapshot);
    let plans = plans(&edition);
    let masks = Masks::new(&edition.config.proof.varies);

    // What comes after a chapter that has changed was not done after what it says now; other settings change all.
    let mut known = Vec::new();
    let is_as_it_was = ProofBasis::of(&edition.config) == *basis;
    if !is_as_it_was {
        reporter.result("the settings of the book have changed meanwhile, so nothing is recorded");
    }
    for reported in chapters.iter().take_while(|_| is_as_it_was) {
        let path = &reported.plan.source.path;
        let now = plans.iter().find(|plan| plan.source.path == *path);
        let outcomes = now
            .and_then(|now| Some((now, updated::outcomes(reported.plan, &reported.chapter, now, &masks)?)));
        match outcomes {
            Some((plan, outcomes)) => {
                let chapter = ProvenChapter { outcomes, faults: Vec::new() };
                known.push(ReportedChapter { plan, chapter, ..reported.clone() });
            }
            None => {
                reporter.result(&format!(
                    "`{path}` says to do other things now, so it is not recorded, nor what comes after it: \
                     run `bindery test --record` again"
                ));
                break;
            }
        }
    }
    let book = RecordedBook { layout, snapshot: &snapshot, edition: &edition, plans: &plans };
    test_record::write(book, basis, &known)
}

/// Follows chapters in containers, or on a machine of the author's.
fn follow_chapters<'t>(test: BookTest<'t>, stop: &Arc<AtomicBool>) -> Result<FollowedBook<'t>, Diagnostic> {
    match test.args.on.is_empty() {
        true => test.run(&find_engine(test.args, stop)?),
        false => Ok(FollowedBook { chapters: test_on::run(test, stop)?, problem: None }),
    }
}

/// Reports what came of the chapters, and of the test as a whole.
fn report(
    args: &TestArgs,
    edition: &Edition,
    followed: FollowedBook<'_>,
    updated: UpdateResult,
    reporter: &Reporter,
) -> Result<Outcome, Diagnostic> {
    let FollowedBook { chapters, problem } = followed;
    let mut diagnostics: Vec<Diagnostic> =
        edition.diagnostics.iter().filter(|diagnostic| may_hide_step(diagnostic)).cloned().collect();
    diagnostics.extend(chapters.iter().flat_map(|reported| remaining(reported, &updated)));
    diagnostics.extend(updated.problems);
    diagnostics.sort_by(Diagnostic::reading_order);

    let counts = VerdictCounts::of(&chapters);
    let is_enough = args.min.is_none_or(|min| counts.percent() >= min);
    if !is_enough {
        let (found, min) = (counts.percent(), args.min.unwrap_or_default());
        let message = format!("{found:.1} % of the steps are proven, and `--min` asks for {min} %");
        diagnostics.push(Diagnostic::new(DiagnosticCode::UnprovenBook, message));
    }
    let has_failed = problem.is_some();
    diagnostics.extend(problem);
    reporter.report(&diagnostics);
    let on = if args.on.is_empty() { FollowedOn::Containers } else { FollowedOn::OwnMachines };
    if reporter.format() == Format::Json {
        reporter.print(&summary::json(&chapters, on));
    }
    reporter.result(&format!(
        "{}{}{}, in {}",
        summary::unenforced(&chapters, on),
        summary::reasons(&chapters),
        counts.in_words(),
        reporter.elapsed()
    ));
    if let Some(path) = &args.report {
        write_report(path, &junit::report(&chapters))?;
    }
    Ok(match (has_failed, args.min) {
        (true, _) => Outcome::Failed,
        (false, Some(_)) if is_enough => Outcome::Clean,
        _ if diagnostics.is_empty() => Outcome::Clean,
        _ => Outcome::Problems,
    })
}

/// Whether, because of a problem, a step may not have been done, or done elsewhere.
fn may_hide_step(diagnostic: &Diagnostic) -> bool {
    use DiagnosticCode::{InvalidTest, UnknownMachine};
    may_hide_block(diagnostic) || matches!(diagnostic.code, InvalidTest | UnknownMachine)
}

/// What is wrong with a chapter after what commands printed was written into it.
fn remaining(reported: &ReportedChapter<'_>, updated: &UpdateResult) -> Vec<Diagnostic> {
    let path = &reported.plan.source.path;
    let is_written =
        |step: usize| updated.written.iter().any(|(chapter, written)| chapter == path && *written == step);
    let faults = reported.chapter.faults.iter();
    let diagnostics = faults.zip(reported.chapter.diagnostics(reported.plan));
    let remaining = diagnostics.filter(|(fault, _)| fault.printed.is_none() || !is_written(fault.step));
    remaining.map(|(_, diagnostic)| diagnostic).collect()
}

fn write_report(path: &Path, text: &str) -> Result<(), Diagnostic> {
    fs::write(path, text).map_err(|error| {
        let message = format!("the report cannot be written: {error}");
        Diagnostic::new(DiagnosticCode::FailedOutput, message).on(path.display().to_string())
    })
}

/// The plans of all chapters with steps: the front page, the others in the reader's order, and those that are not listed.
fn plans(edition: &Edition) -> Vec<ChapterPlan> {
    let options = Options::new(&edition.config);
    let with = CodeReading { options: &options, settings: &edition.config.proof };
    let chapters = edition.book.followed().map(|id| edition.book.chapter(id));
    let plans = chapters.map(|chapter| plan::of_source(&chapter.document.source, &edition.config, with));
    plans.filter(|plan| !plan.steps.is_empty()).collect()
}

/// The number of the chapter that is named by its path: in the book, in `content/`, or from the working directory.
fn find_chapter(named: &Path, plans: &[ChapterPlan], layout: &Layout) -> Result<usize, Diagnostic> {
    let file = named.canonicalize().ok();
    let is_it = |plan: &ChapterPlan| {
        let path = Path::new(&plan.source.path);
        path == named
            || path.strip_prefix("content") == Ok(named)
            || file.is_some() && layout.root.join(path).canonicalize().ok() == file
    };
    plans.iter().position(is_it).ok_or_else(|| {
        let message = format!("no chapter with steps is called `{}`", named.display());
        let known: Vec<&str> = plans.iter().map(|plan| plan.source.path.as_str()).collect();
        Diagnostic::new(DiagnosticCode::MissingBook, message)
            .hint(format!("chapters with steps are `{}`", known.join("`, `")))
    })
}

/// The status of a process that Ctrl+C has ended.
const INTERRUPTED: i32 = 130;

/// Has the test end when the person who runs it asks for that, and at once when asked again: an engine that hangs would be
/// waited for. The signals are noticed until the value is dropped.
fn notice_signals(stop: &Arc<AtomicBool>) -> Option<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().ok()?;
    let stop = Arc::clone(stop);
    runtime.spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        let [Ok(mut interrupt), Ok(mut end)] = signals else { return };
        let mut asked = async || {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = end.recv() => {}
            }
        };

        asked().await;
        stop.store(true, Ordering::Relaxed);
        asked().await;
        std::process::exit(INTERRUPTED);
    });
    Some(runtime)
}

fn find_engine(args: &TestArgs, stop: &Arc<AtomicBool>) -> Result<ContainerEngine, Diagnostic> {
    let named = args.engine.map(|engine| engine.name());
    ContainerEngine::find(named, stop).map_err(|reasons| {
        no_engine(format!("there is no container engine that works: {reasons}")).hint(
            "install podman: `sudo apt install podman`, `sudo dnf install podman` or `brew install podman`",
        )
    })
}
