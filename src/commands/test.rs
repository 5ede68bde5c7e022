//! `bindery test`: follows the chapters in containers, and reports where they do not work as they say.

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
use crate::proof::containers::{Containers, MachineAge};
use crate::proof::engine::ContainerEngine;
use crate::proof::masks::Masks;
use crate::proof::plan;
use crate::proof::run::{self, BookState, ProofContext};
use crate::proof::steps::{ChapterPlan, Fate};
use crate::proof::verdict::{ProvenChapter, Verdict};
use crate::read::{Config, Layout, Overrides, Snapshot};
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
    let config = &edition.config;
    let mut machines = start(args, config, &layout, stop, reporter)?;
    let masks = Masks::new(&config.proof.varies);
    let context = ProofContext { machines: &config.machines, answers: &config.proof.answers, masks: &masks };
    let mut book = BookState::default();
    let mut proven = Vec::new();
    for plan in plans.iter().filter(|plan| !plan.steps.is_empty()) {
        let started = Instant::now();
        let chapter = run::follow(plan, context, &mut machines, &mut book, &mut |_| {});
        reporter.result(&chapter_line(plan, &chapter, started));
        proven.push((plan, chapter));
    }
    drop(machines);

    let mut diagnostics: Vec<Diagnostic> =
        edition.diagnostics.iter().filter(|diagnostic| may_hide_block(diagnostic)).cloned().collect();
    diagnostics.extend(proven.iter().flat_map(|(_, chapter)| chapter.diagnostics()));
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

/// Starts the machines, and says what they are.
fn start(
    args: &TestArgs,
    config: &Config,
    layout: &Layout,
    stop: &Arc<AtomicBool>,
    reporter: &Reporter,
) -> Result<Containers, Diagnostic> {
    let engine = find_engine(args, stop)?;
    engine.sweep(false).map_err(no_engine)?;
    let (settings, network) = (&config.proof, config.proof.network);
    let where_ = match config.machines.len() {
        0 => format!("`{}`", settings.image),
        count => plural(count, "machine"),
    };
    reporter.result(&format!(
        "following the book in {where_} with {}, network: {}",
        engine.name(),
        network.name()
    ));
    let failed =
        |reason: String| no_engine(format!("`{}` cannot start the machines: {reason}", engine.name()));
    let machines = Containers::plan(&engine, &config.machines, settings, &layout.root).map_err(failed)?;
    machines.boot(&machines.images(), network, MachineAge::New).map_err(failed)?;
    Ok(machines)
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
    let steps = plural(chapter.outcomes.len(), "step");
    let seconds = started.elapsed().as_secs_f64();
    format!("{}: {} of {steps} proven, in {seconds:.1} s", plan.source.path, chapter.count(Verdict::Proven))
}

/// What was done in all: how many steps there are of each verdict, and why some were not followed.
fn summary(proven: &[(&ChapterPlan, ProvenChapter)], reporter: &Reporter) -> String {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<(Verdict, &str), usize> = BTreeMap::new();
    for (plan, chapter) in proven {
        for (step, outcome) in plan.steps.iter().zip(&chapter.outcomes) {
            *counts.entry(outcome.verdict).or_default() += 1;
            if let Some(reason) = step.fate.reason() {
                *reasons.entry((outcome.verdict, reason)).or_default() += 1;
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
