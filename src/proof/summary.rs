//! What came of a book, in numbers: for people, and as objects for programs. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::limits;
use super::steps::{ChapterPlan, StepAction, TutorialStep};
use super::verdict::{ProvenChapter, Verdict};
use crate::text::plural;

/// A chapter that is reported.
#[derive(Clone, Debug)]
pub struct ReportedChapter<'p> {
    /// What it says to do.
    pub plan: &'p ChapterPlan,
    /// What came of it.
    pub chapter: ProvenChapter,
    /// How long each step took, in seconds.
    pub seconds: Vec<f64>,
    /// How long ago it was followed, if that was not just now.
    pub age: Option<Duration>,
    /// When it was followed, in seconds since 1970.
    pub time: u64,
    /// The systems of the machines.
    pub systems: Vec<String>,
}

/// How many steps there are, by their verdicts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerdictCounts(BTreeMap<Verdict, usize>);

impl VerdictCounts {
    /// Counts the steps of chapters.
    pub fn of<'p>(chapters: impl IntoIterator<Item = &'p ReportedChapter<'p>>) -> Self {
        let mut counts = BTreeMap::new();
        for outcome in chapters.into_iter().flat_map(|chapter| &chapter.chapter.outcomes) {
            *counts.entry(outcome.verdict).or_default() += 1;
        }
        VerdictCounts(counts)
    }

    /// How many have a verdict.
    pub fn get(&self, verdict: Verdict) -> usize {
        self.0.get(&verdict).copied().unwrap_or_default()
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.0.values().sum()
    }

    /// How many of a hundred are proven, of those that the author wants to be followed.
    pub fn percent(&self) -> f64 {
        let wanted = self.all() - self.get(Verdict::Skipped) - self.get(Verdict::OtherTab);
        if wanted == 0 { 100.0 } else { 100.0 * self.get(Verdict::Proven) as f64 / wanted as f64 }
    }

    /// `12 steps: 10 proven, 2 failed`
    pub fn in_words(&self) -> String {
        let counts: Vec<String> =
            self.0.iter().map(|(verdict, count)| format!("{count} {}", verdict.name())).collect();
        format!("{}: {}", plural(self.all(), "step"), counts.join(", "))
    }
}

/// Why steps were not followed: a line for each reason.
pub fn reasons(chapters: &[ReportedChapter<'_>]) -> String {
    let mut reasons: BTreeMap<(Verdict, &str), usize> = BTreeMap::new();
    for reported in chapters {
        for (step, outcome) in reported.plan.steps.iter().zip(&reported.chapter.outcomes) {
            if let Some(reason) = step.fate.reason() {
                *reasons.entry((outcome.verdict, reason)).or_default() += 1;
            }
        }
    }
    let line = |((verdict, reason), count): ((Verdict, &str), usize)| {
        format!("{}, {}: {reason}\n", plural(count, "step"), verdict.name())
    };
    reasons.into_iter().map(line).collect()
}

/// What chapters were followed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowedOn {
    /// Containers, which do not enforce all that a service asks for.
    Containers,
    /// Machines of the author's, which do.
    OwnMachines,
}

/// What chapters write into services and a container does not enforce: a line for each.
pub fn unenforced(chapters: &[ReportedChapter<'_>], on: FollowedOn) -> String {
    let line = |path: &str, (line, setting): (usize, String)| {
        format!("not checkable in a container: `{setting}` ({path}:{line})\n")
    };
    let of = |reported: &ReportedChapter<'_>| {
        let path = &reported.plan.source.path;
        unenforced_settings(reported, on).into_iter().map(|found| line(path, found)).collect::<String>()
    };
    chapters.iter().map(of).collect()
}

/// The settings of services that are not enforced, each with its line.
fn unenforced_settings(reported: &ReportedChapter<'_>, on: FollowedOn) -> Vec<(usize, String)> {
    match on {
        FollowedOn::Containers => limits::unenforced(reported.plan),
        FollowedOn::OwnMachines => Vec::new(),
    }
}

/// What a step is called: its command, its file, or what it checks.
pub fn name(step: &TutorialStep) -> String {
    match &step.action {
        StepAction::Command(command) => command.script.lines().next().unwrap_or_default().to_owned(),
        StepAction::File { block, .. } => block.path.clone(),
        StepAction::Get { url, .. } => format!("get {url}"),
        StepAction::Stop => "stop".to_owned(),
    }
}

/// The numbers of a chapter, or of all, for programs.
#[derive(Debug, Serialize)]
struct SummaryFields<'a> {
    chapter: Option<&'a str>,
    steps: usize,
    proven: usize,
    differing: usize,
    failed: usize,
    not_reached: usize,
    skipped: usize,
    other_tabs: usize,
    not_covered: usize,
    not_enforced: Vec<String>,
    seconds: f64,
    age: Option<u64>,
}

/// The numbers of each chapter and of all, as lines of JSON.
pub fn json(chapters: &[ReportedChapter<'_>], on: FollowedOn) -> String {
    let fields = |chapter: Option<&ReportedChapter<'_>>, of: &[ReportedChapter<'_>]| {
        let counts = VerdictCounts::of(of);
        let fields = SummaryFields {
            chapter: chapter.map(|chapter| chapter.plan.source.path.as_str()),
            steps: counts.all(),
            proven: counts.get(Verdict::Proven),
            differing: counts.get(Verdict::Differing),
            failed: counts.get(Verdict::Failed),
            not_reached: counts.get(Verdict::NotReached),
            skipped: counts.get(Verdict::Skipped),
            other_tabs: counts.get(Verdict::OtherTab),
            not_covered: counts.get(Verdict::NotCovered),
            not_enforced: of
                .iter()
                .flat_map(|chapter| unenforced_settings(chapter, on))
                .map(|(_, text)| text)
                .collect(),
            seconds: of.iter().flat_map(|chapter| &chapter.seconds).sum(),
            age: chapter.and_then(|chapter| chapter.age).map(|age| age.as_secs()),
        };
        serde_json::to_string(&fields).expect("numbers and texts have a form in JSON") + "\n"
    };
    let each = chapters.iter().map(|chapter| fields(Some(chapter), std::slice::from_ref(chapter)));
    each.chain([fields(None, chapters)]).collect()
}
