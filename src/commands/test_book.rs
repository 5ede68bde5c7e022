//! Follows the chapters of a book, each from the state that the one before it has left, and takes saved results where nothing
//! has changed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::reporter::Reporter;
use crate::cli::TestArgs;
use crate::proof::containers::{Containers, MachineAge, NotSaved};
use crate::proof::engine::ContainerEngine;
use crate::proof::masks::Masks;
use crate::proof::run::{self, AfterFault, BookState, ProofContext};
use crate::proof::saved::{ChapterResult, SavedResults, book_id, in_words};
use crate::proof::shell::{Login, ProofMachines};
use crate::proof::state_digest;
use crate::proof::states;
use crate::proof::steps::ChapterPlan;
use crate::proof::summary::{ReportedChapter, name};
use crate::proof::verdict::{ProvenChapter, Verdict};
use crate::read::{Config, Layout};
use crate::text::digest::Digest;
use crate::text::{Diagnostic, DiagnosticCode, plural};

/// The most disk space that saved states use, in bytes, unless an option says otherwise.
const KEEP: u64 = 10_000_000_000;

/// A test of a book.
#[derive(Clone, Copy)]
pub struct BookTest<'t> {
    pub args: &'t TestArgs,
    pub layout: &'t Layout,
    pub config: &'t Config,
    /// What its chapters say to do.
    pub plans: &'t [ChapterPlan],
    /// The only chapter that is followed.
    pub only: Option<usize>,
    pub reporter: &'t Reporter,
}

/// A book that was followed.
pub struct FollowedBook<'t> {
    /// What came of its chapters.
    pub chapters: Vec<ReportedChapter<'t>>,
    /// Why the test was given up, if it was.
    pub problem: Option<Diagnostic>,
}

/// A book that is followed.
struct BookRun<'r, 't> {
    test: BookTest<'t>,
    engine: &'r ContainerEngine,
    machines: Containers,
    saved: SavedResults,
    masks: Masks,
    /// The digest of what comes before each chapter, and after the last one.
    digests: Vec<Digest>,
    /// What is known of the book by now.
    book: BookState,
    /// The chapter before which the machines are, if they run.
    at: Option<usize>,
    /// The systems of the machines, once they run.
    systems: Vec<String>,
    /// Whether machines were started at all.
    has_begun: bool,
    /// Whether the test ends here.
    is_over: bool,
    /// The chapters whose state before them was saved by now.
    made: BTreeSet<usize>,
}

impl<'t> BookTest<'t> {
    /// Follows the chapters.
    ///
    /// # Errors
    /// The machines cannot be started.
    pub fn run(&self, engine: &ContainerEngine) -> Result<FollowedBook<'t>, Diagnostic> {
        let failed =
            |reason: String| no_engine(format!("`{}` cannot start the machines: {reason}", engine.name()));
        let line = self.reporter.status();
        line.say("finding the images of the machines, or building them");
        let machines = Containers::plan(engine, &self.config.machines, &self.config.proof, &self.layout.root);
        drop(line);
        let machines = machines.map_err(|missing| match missing.printed {
            Some(printed) => failed(missing.reason).note(format!("it printed:\n{printed}")).hint(BUILD_HINT),
            None => failed(missing.reason).hint(IMAGE_HINT),
        })?;
        let first = state_digest::beginning(self.config, engine.name(), &machines.images());
        let digests = std::iter::once(first).chain(self.plans.iter().scan(first, |before, plan| {
            *before = state_digest::after(*before, plan);
            Some(*before)
        }));
        let mut run = BookRun {
            test: *self,
            engine,
            machines,
            saved: SavedResults::of(&self.layout.root),
            masks: Masks::new(&self.config.proof.varies),
            digests: digests.collect(),
            book: BookState::default(),
            at: None,
            systems: Vec::new(),
            has_begun: false,
            is_over: false,
            made: BTreeSet::new(),
        };

        let chapters = match self.only {
            Some(only) => only..only + 1,
            None => 0..self.plans.len(),
        };
        let mut reported = Vec::new();
        for number in chapters {
            if run.is_over {
                break;
            }
            match run.chapter(number) {
                Ok(chapter) => reported.push(chapter),
                Err(reason) if reported.is_empty() => return Err(failed(reason)),
                Err(reason) => {
                    return Ok(FollowedBook { chapters: reported, problem: Some(no_engine(reason)) });
                }
            }
        }
        let has_begun = run.has_begun;
        drop(run);
        if has_begun && !engine.is_stopped() {
            let most = self.args.keep.unwrap_or(KEEP);
            states::prune(engine, most);
        }
        Ok(FollowedBook { chapters: reported, problem: None })
    }

    /// Follows a chapter on machines, saying which step is done. Returns what came of it, and how many seconds each step took.
    pub fn follow(
        &self,
        plan: &ChapterPlan,
        masks: &Masks,
        after_fault: AfterFault,
        machines: &mut dyn ProofMachines,
        book: &mut BookState,
    ) -> (ProvenChapter, Vec<f64>) {
        let context = ProofContext {
            machines: &self.config.machines,
            answers: &self.config.proof.answers,
            masks,
            after_fault,
        };
        let line = self.reporter.status();
        let mut begun = Vec::new();
        let mut progress = |at: usize| {
            begun.push(Instant::now());
            let (done, all) = (at + 1, plan.steps.len());
            line.say(&format!("{}: step {done} of {all}: {}", plan.source.path, name(&plan.steps[at])));
        };

        let chapter = run::follow(plan, context, machines, book, &mut progress);
        drop(line);
        begun.push(Instant::now());
        let seconds = begun.windows(2).map(|times| (times[1] - times[0]).as_secs_f64()).collect();
        (chapter, seconds)
    }

    /// Says which chapters come from saved results, and what came of each.
    pub fn say(&self, reported: &ReportedChapter<'_>) {
        let proven = reported.chapter.count(Verdict::Proven);
        let steps = plural(reported.chapter.outcomes.len(), "step");
        let when = match reported.age {
            Some(age) => format!("saved {} ago", in_words(age)),
            None => format!("in {:.1} s", reported.seconds.iter().sum::<f64>()),
        };
        self.reporter.result(&format!("{}: {proven} of {steps} proven, {when}", reported.plan.source.path));
    }
}

impl<'t> BookRun<'_, 't> {
    /// What came of a chapter, by a saved result or now.
    fn chapter(&mut self, number: usize) -> Result<ReportedChapter<'t>, String> {
        let plan = &self.test.plans[number];
        let is_again = self.test.args.fresh || self.test.only.is_some();
        let saved = self.saved.get(self.digests[number + 1], plan).filter(|_| !is_again);
        // Where a terminal is asked for, what did not work is done again.
        let saved = saved.filter(|saved| !self.test.args.shell || saved.chapter.faults.is_empty());
        let reported = match saved {
            Some(saved) => {
                self.book.clone_from(&saved.book);
                let age = Some(saved.age());
                reported(plan, saved, age)
            }
            None => {
                self.go_to(number)?;
                let stops = self.test.args.shell;
                let done = self.follow(number, if stops { AfterFault::Stop } else { AfterFault::GoOn })?;
                reported(plan, done, None)
            }
        };
        self.test.say(&reported);
        Ok(reported)
    }

    /// Has the machines in the state before a chapter: from a saved state, and by following what comes after that.
    fn go_to(&mut self, number: usize) -> Result<(), String> {
        if self.at == Some(number) {
            return Ok(());
        }
        let mut before = self.start_near(number)?;
        while before < number && !self.engine.is_stopped() {
            self.follow(before, AfterFault::GoOn)?;
            before += 1;
            // Where the state could not be kept, the machines run.
            if self.at != Some(before) {
                before = self.start_near(before)?;
            }
        }
        Ok(())
    }

    /// Starts the machines in the last state before a chapter that is saved. Returns the chapter after that state.
    fn start_near(&mut self, number: usize) -> Result<usize, String> {
        let is_fresh = self.test.args.fresh;
        loop {
            let is_saved =
                |before: &usize| (!is_fresh || self.made.contains(before)) && self.has_state(*before);
            let begin = (1..=number).rev().find(is_saved).unwrap_or(0);
            match self.start(begin) {
                Ok(()) => return Ok(begin),
                // Another test has removed it since.
                Err(_) if begin > 0 && !self.has_state(begin) => {}
                Err(reason) => return Err(reason),
            }
        }
    }

    /// Says what the book is followed with, and makes the network of the machines.
    fn begin(&mut self) -> Result<(), String> {
        let (config, reporter) = (self.test.config, self.test.reporter);
        self.has_begun = true;
        self.engine.sweep(false)?;

        let machines = match config.machines.len() {
            0 => format!("`{}`", config.proof.image),
            count => plural(count, "machine"),
        };
        let (engine, network) = (self.engine.name(), &config.proof.network);
        reporter.result(&format!("following the book in {machines} with {engine}, network: {network}"));
        self.machines.connect(&config.machines, &config.proof, &self.test.layout.root)
    }

    /// Starts the machines in the state before a chapter.
    fn start(&mut self, number: usize) -> Result<(), String> {
        if !self.has_begun {
            self.begin()?;
        }

        self.machines.remove();
        let (images, age) = match number {
            0 => (self.machines.images(), MachineAge::New),
            _ => (self.state(number), MachineAge::Saved),
        };
        self.at = Some(number);
        self.book = match number.checked_sub(1) {
            None => BookState::default(),
            Some(before) => {
                let saved = self.saved.get(self.digests[number], &self.test.plans[before]);
                saved.map(|saved| saved.book).unwrap_or_default()
            }
        };

        self.machines.boot(&images, &self.test.config.proof.network, age)?;
        if self.systems.is_empty() {
            self.systems = self.machines.systems();
        }
        Ok(())
    }

    /// The images of the machines before a chapter.
    fn state(&self, number: usize) -> Vec<String> {
        states::names(&book_id(&self.test.layout.root), self.digests[number], self.machines.images().len())
    }

    /// Whether the state before a chapter is saved now.
    fn has_state(&self, number: usize) -> bool {
        states::exists(self.engine, &self.state(number))
    }

    /// Follows a chapter on the machines, and keeps what comes of it, and the machines for the next one.
    fn follow(&mut self, number: usize, after_fault: AfterFault) -> Result<ChapterResult, String> {
        let (test, plan) = (self.test, &self.test.plans[number]);
        let (chapter, seconds) =
            test.follow(plan, &self.masks, after_fault, &mut self.machines, &mut self.book);
        let result = ChapterResult::new(chapter, seconds, &self.book, &self.systems);
        if self.engine.is_stopped() {
            return Ok(result);
        }
        if let Some(fault) = result.chapter.faults.first().filter(|_| after_fault == AfterFault::Stop) {
            self.is_over = true;
            self.hand_over(plan, fault.step)?;
            return Ok(result);
        }

        self.keep(number, &result)?;
        Ok(result)
    }

    /// Keeps what came of a chapter, and the machines for the next one. Where that is not possible, the test goes on with the
    /// machines as they are.
    fn keep(&mut self, number: usize, result: &ChapterResult) -> Result<(), String> {
        let (test, plan) = (self.test, &self.test.plans[number]);
        let say = |what: &str, reason: &str| {
            let path = &plan.source.path;
            test.reporter.result(&format!("{what} `{path}` cannot be kept for the next time: {reason}"));
        };

        if number + 1 < test.plans.len() {
            match self.machines.save(&self.state(number + 1)) {
                Ok(()) => {
                    self.made.insert(number + 1);
                    self.at = None;
                }
                Err(NotSaved::Running(reason)) => {
                    say("the state after", &reason);
                    self.at = Some(number + 1);
                }
                Err(NotSaved::Lost(reason)) => return Err(reason),
            }
        }
        if let Err(error) = self.saved.keep(self.digests[number + 1], plan, result) {
            say("the results of", &error.to_string());
        }
        Ok(())
    }

    /// Opens a terminal for the person who runs bindery, where a step did not work.
    fn hand_over(&self, plan: &ChapterPlan, step: usize) -> Result<(), String> {
        let config = self.test.config;
        let seat = &plan.steps[step].seat;
        let user = seat.user.login(config.machines.get(seat.machine));
        let is_there = |at: &(usize, String)| at.0 == seat.machine && user.is_none_or(|user| user == at.1);
        let left = self.book.left.iter().find(|(at, _)| is_there(at));
        let folder = left.map_or("/", |(_, left)| left.folder.as_str());

        let on = config.machines.get(seat.machine).map(|machine| format!(" on `{}`", machine.name));
        let line = plan.source.position(plan.steps[step].span.start).line;
        self.test.reporter.result(&format!(
            "{}:{line}: `{}` does not work; here is a terminal{} in `{folder}`, and `exit` ends the test",
            plan.source.path,
            name(&plan.steps[step]),
            on.unwrap_or_default()
        ));
        self.machines.hand_over(&Login { machine: seat.machine, user }, folder)
    }
}

/// What is reported of a chapter.
pub fn reported(plan: &ChapterPlan, result: ChapterResult, age: Option<Duration>) -> ReportedChapter<'_> {
    let ChapterResult { chapter, seconds, time, systems, .. } = result;
    ReportedChapter { plan, chapter, seconds, age, time, systems }
}

/// What helps if there is no image to make a machine of.
const IMAGE_HINT: &str =
    "name an image that there is: `--image`, or the setting `image` of `proof` or of the machine";

/// What helps if an image cannot be built.
const BUILD_HINT: &str =
    "correct its `Containerfile`, or see whether the network of `proof` lets it get what it needs";

/// The diagnostic for what the engine cannot do.
pub fn no_engine(message: String) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::MissingEngine, message)
}
