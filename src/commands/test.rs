//! `bindery test`: follows the chapters in a container, and reports where they do not work as they say.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::book::{find, may_hide_block};
use super::outcome::Outcome;
use super::reporter::Reporter;
use super::test_files;
use crate::cli::TestArgs;
use crate::edition::Edition;
use crate::engine::Engine;
use crate::parse::Options;
use crate::proof::code::CodeReading;
use crate::proof::engine::{Container, ContainerEngine};
use crate::proof::masks::Masks;
use crate::proof::plan::{self, ChapterPlan, Fate};
use crate::proof::run::{self, ProvenChapter, Verdict};
use crate::read::{Overrides, ProofSettings, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode, plural};

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

/// Removes all containers that tests have left.
fn clean(args: &TestArgs, stop: &Arc<AtomicBool>, reporter: &Reporter) -> Result<Outcome, Diagnostic> {
    let engine = find_engine(args, stop)?;
    let removed = engine.sweep(true).map_err(no_engine)?;
    reporter.result(&format!("{} removed", plural(removed, "container")));
    Ok(Outcome::Clean)
}

/// Follows the book from its first chapter to its last.
fn follow(args: &TestArgs, stop: &Arc<AtomicBool>, reporter: &Reporter) -> Result<Outcome, Diagnostic> {
    let layout = match find(&args.book, reporter) {
        Ok(layout) => layout,
        Err(outcome) => return Ok(outcome),
    };
    let edition = Engine::new(Overrides::default()).edition(&Snapshot::take(&layout, None));
    let plans = plans(&edition);
    let is_followed = plans.iter().flat_map(|plan| &plan.steps).any(|step| step.fate == Fate::Followed);
    if !is_followed {
        reporter.result("no chapter has a step that can be followed");
        return Ok(Outcome::Clean);
    }

    let _signals = notice_signals(stop);
    let mut machine = start(args, &edition.config.proof, stop, reporter)?;
    let mut proven = Vec::new();
    let mut diagnostics: Vec<Diagnostic> =
        edition.diagnostics.iter().filter(|diagnostic| may_hide_block(diagnostic)).cloned().collect();
    for plan in plans.iter().filter(|plan| !plan.steps.is_empty()) {
        let started = Instant::now();
        let mut chapter = run::follow(plan, &mut machine, &Masks::new(&edition.config.proof.varies));
        diagnostics.append(&mut chapter.diagnostics);
        reporter.result(&chapter_line(plan, &chapter, started));
        proven.push((plan, chapter));
    }
    drop(machine);

    diagnostics.sort_by(Diagnostic::reading_order);
    reporter.report(&diagnostics);
    reporter.result(&summary(&proven, reporter));
    Ok(match stop.load(Ordering::Relaxed) {
        true => Outcome::Failed,
        false if diagnostics.is_empty() => Outcome::Clean,
        false => Outcome::Problems,
    })
}

/// The plans of all chapters: the front page, the others in the reader's order, and those that are not listed.
fn plans(edition: &Edition) -> Vec<ChapterPlan> {
    let options = Options::new(&edition.config);
    let with = CodeReading { options: &options, settings: &edition.config.proof };
    let book = &edition.book;
    let first = book.front.into_iter().filter(|front| !book.sequence.contains(front));
    let listed = first.chain(book.sequence.iter().copied());
    let others = book.unlisted().filter(|id| Some(*id) != book.front);

    let chapters = listed.chain(others).map(|id| book.chapter(id));
    chapters.map(|chapter| plan::of_source(&chapter.document.source, &edition.config, with)).collect()
}

/// Has the test end when the person who runs it asks for that. The signals are noticed until the value is dropped.
fn notice_signals(stop: &Arc<AtomicBool>) -> Option<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().ok()?;
    let stop = Arc::clone(stop);
    runtime.spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut end) = signal(SignalKind::terminate()) else { return };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = end.recv() => {}
        }
        stop.store(true, Ordering::Relaxed);
    });
    Some(runtime)
}

/// Starts the machine, and says what it is.
fn start(
    args: &TestArgs,
    settings: &ProofSettings,
    stop: &Arc<AtomicBool>,
    reporter: &Reporter,
) -> Result<Container, Diagnostic> {
    let engine = find_engine(args, stop)?;
    engine.sweep(false).map_err(no_engine)?;
    let (image, network) = (settings.image.as_str(), settings.network);
    reporter.result(&format!(
        "following the book in `{image}` with {}, network: {}",
        engine.name(),
        network.name()
    ));
    let container = engine.start(image, network.option());
    container.map_err(|reason| no_engine(format!("`{}` cannot start `{image}`: {reason}", engine.name())))
}

fn find_engine(args: &TestArgs, stop: &Arc<AtomicBool>) -> Result<ContainerEngine, Diagnostic> {
    let named = args.engine.map(|engine| engine.name());
    ContainerEngine::find(named, stop).map_err(|reasons| {
        no_engine(format!("there is no container engine that works: {reasons}")).hint(
            "install podman: `sudo apt install podman`, `sudo dnf install podman` or `brew install podman`",
        )
    })
}

fn no_engine(message: String) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::MissingEngine, message)
}

/// What was done for a chapter, in one line.
fn chapter_line(plan: &ChapterPlan, chapter: &ProvenChapter, started: Instant) -> String {
    let count = |verdict: Verdict| chapter.verdicts.iter().filter(|found| **found == verdict).count();
    let steps = plural(chapter.verdicts.len(), "step");
    let seconds = started.elapsed().as_secs_f64();
    format!("{}: {} of {steps} proven, in {seconds:.1} s", plan.source.path, count(Verdict::Proven))
}

/// What was done in all: how many steps there are of each verdict, and why some were not followed.
fn summary(proven: &[(&ChapterPlan, ProvenChapter)], reporter: &Reporter) -> String {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<(Verdict, &str), usize> = BTreeMap::new();
    for (plan, chapter) in proven {
        for (step, verdict) in plan.steps.iter().zip(&chapter.verdicts) {
            *counts.entry(*verdict).or_default() += 1;
            if let Some(reason) = step.fate.reason() {
                *reasons.entry((*verdict, reason)).or_default() += 1;
            }
        }
    }

    let mut text = String::new();
    for ((verdict, reason), count) in reasons {
        text += &format!("{}, {}: {reason}\n", plural(count, "step"), verdict.name());
    }
    let all: usize = counts.values().sum();
    let counts: Vec<String> =
        counts.iter().map(|(verdict, count)| format!("{count} {}", verdict.name())).collect();
    text + &format!("{}: {}, in {}", plural(all, "step"), counts.join(", "), reporter.elapsed())
}
