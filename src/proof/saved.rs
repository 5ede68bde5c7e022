//! Results of chapters that are kept for the next time, as files: for each the digest of all that led to it, and when it was.
//!
//! They are in the user's folder for such files, in one folder for each book. A file that cannot be read is as if there were none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, fs, io};

use serde::{Deserialize, Serialize};

use super::run::{BookState, LeftPlace};
use super::steps::ChapterPlan;
use super::verdict::{ProvenChapter, StepFault, StepOutcome, Verdict};
use crate::text::digest::Digest;
use crate::text::{Diagnostic, DiagnosticCode, Span};

/// How often the results are removed again that another process writes at the same time.
const CLEARING: usize = 10;

/// The saved results of a book.
#[derive(Clone, Debug)]
pub struct SavedResults {
    /// The folder; none, if there is no place for it.
    folder: Option<PathBuf>,
}

/// What came of a chapter, as it is kept.
#[derive(Clone, Debug)]
pub struct ChapterResult {
    /// What came of it.
    pub chapter: ProvenChapter,
    /// How long each step took, in seconds.
    pub seconds: Vec<f64>,
    /// What is known of the book after it.
    pub book: BookState,
    /// When it was followed, in seconds since 1970.
    pub time: u64,
    /// The systems of the machines.
    pub systems: Vec<String>,
}

impl ChapterResult {
    /// What came of a chapter that was followed just now.
    pub fn new(chapter: ProvenChapter, seconds: Vec<f64>, book: &BookState, systems: &[String]) -> Self {
        ChapterResult { chapter, seconds, book: book.clone(), time: now(), systems: systems.to_vec() }
    }

    /// How long ago the chapter was followed.
    pub fn age(&self) -> Duration {
        Duration::from_secs(now().saturating_sub(self.time))
    }
}

/// The seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// A length of time in words.
pub fn in_words(time: Duration) -> String {
    let of = |count: u64, word: &str| crate::text::plural(usize::try_from(count).unwrap_or(usize::MAX), word);
    match time.as_secs() {
        seconds @ 0..120 => of(seconds, "second"),
        seconds @ 120..7200 => of(seconds / 60, "minute"),
        seconds @ 7200..172_800 => of(seconds / 3600, "hour"),
        seconds => of(seconds / 86_400, "day"),
    }
}

/// A file of results.
#[derive(Serialize, Deserialize)]
struct SavedChapter {
    time: u64,
    systems: Vec<String>,
    /// The word of each verdict, and the step that failed and is needed.
    outcomes: Vec<(String, Option<usize>)>,
    seconds: Vec<f64>,
    faults: Vec<SavedFault>,
    reached: BTreeSet<usize>,
    /// The machine, the user and the place.
    left: Vec<(usize, String, LeftPlace)>,
    /// The machine and the user, and from where and by which command they were reached.
    ways: Vec<(usize, String, usize, String)>,
}

#[derive(Serialize, Deserialize)]
struct SavedFault {
    step: usize,
    code: String,
    message: String,
    /// Where it is, from the beginning of the step.
    span: (i64, i64),
    notes: Vec<String>,
    hint: Option<String>,
    place: Option<String>,
    after: Option<usize>,
    printed: Option<String>,
}

impl SavedResults {
    /// The results of the book in a folder.
    pub fn of(root: &Path) -> Self {
        let id = book_id(root);
        SavedResults { folder: folder().map(|folder| folder.join(id)) }
    }

    /// The results of a chapter with this digest.
    pub fn get(&self, digest: Digest, plan: &ChapterPlan) -> Option<ChapterResult> {
        let text = fs::read(self.path(digest)?).ok()?;
        let saved: SavedChapter = serde_json::from_slice(&text).ok()?;
        let verdict = |name: &str| Verdict::ALL.into_iter().find(|verdict| verdict.name() == name);
        let outcome = |(name, because): &(String, Option<usize>)| {
            Some(StepOutcome { verdict: verdict(name)?, because: *because })
        };
        let outcomes: Vec<StepOutcome> = saved.outcomes.iter().map(outcome).collect::<Option<_>>()?;
        let faults: Vec<StepFault> =
            saved.faults.into_iter().map(|fault| fault.read(plan)).collect::<Option<_>>()?;
        (outcomes.len() == plan.steps.len()).then_some(ChapterResult {
            chapter: ProvenChapter { outcomes, faults },
            seconds: saved.seconds,
            book: saved_book(saved.reached, saved.left, saved.ways),
            time: saved.time,
            systems: saved.systems,
        })
    }

    /// Keeps the results of a chapter.
    ///
    /// # Errors
    /// Why the file cannot be written.
    pub fn keep(&self, digest: Digest, plan: &ChapterPlan, result: &ChapterResult) -> io::Result<()> {
        let Some(path) = self.path(digest) else { return Ok(()) };
        let outcome = |outcome: &StepOutcome| (outcome.verdict.name().to_owned(), outcome.because);
        let saved = SavedChapter {
            time: result.time,
            systems: result.systems.clone(),
            outcomes: result.chapter.outcomes.iter().map(outcome).collect(),
            seconds: result.seconds.clone(),
            faults: result.chapter.faults.iter().map(|fault| SavedFault::new(fault, plan)).collect(),
            reached: result.book.reached.clone(),
            left: (result.book.left.iter())
                .map(|((at, user), left)| (*at, user.clone(), left.clone()))
                .collect(),
            ways: (result.book.ways.iter())
                .map(|((to, user), (from, script))| (*to, user.clone(), *from, script.clone()))
                .collect(),
        };

        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        let new = path.with_extension(format!("new-{}", std::process::id()));
        fs::write(&new, serde_json::to_vec(&saved)?)?;
        fs::rename(new, path)
    }

    fn path(&self, digest: Digest) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}.json", digest.hex())))
    }
}

impl SavedFault {
    fn new(fault: &StepFault, plan: &ChapterPlan) -> Self {
        let start = plan.steps[fault.step].span.start as i64;
        let span = fault.diagnostic.place.as_ref().map_or(Span::new(0, 0), |place| place.span);
        SavedFault {
            step: fault.step,
            code: fault.diagnostic.code.name().to_owned(),
            message: fault.diagnostic.message.clone(),
            span: (span.start as i64 - start, span.end as i64 - start),
            notes: fault.diagnostic.notes.clone(),
            hint: fault.diagnostic.hint.clone(),
            place: fault.place.clone(),
            after: fault.after,
            printed: fault.printed.clone(),
        }
    }

    fn read(self, plan: &ChapterPlan) -> Option<StepFault> {
        let code = *DiagnosticCode::ALL.iter().find(|code| code.name() == self.code)?;
        let start = plan.steps.get(self.step)?.span.start as i64;
        let at =
            |offset: i64| usize::try_from(start + offset).ok().filter(|at| *at <= plan.source.text.len());
        let span = Span::new(at(self.span.0)?, at(self.span.1)?);

        let mut diagnostic = Diagnostic::new(code, self.message).at(&plan.source, span);
        diagnostic.notes = self.notes;
        diagnostic.hint = self.hint;
        Some(StepFault {
            step: self.step,
            diagnostic,
            place: self.place,
            after: self.after,
            printed: self.printed,
        })
    }
}

/// What was known of a book.
fn saved_book(
    reached: BTreeSet<usize>,
    left: Vec<(usize, String, LeftPlace)>,
    ways: Vec<(usize, String, usize, String)>,
) -> BookState {
    BookState {
        reached,
        left: left.into_iter().map(|(machine, user, left)| ((machine, user), left)).collect(),
        ways: ways.into_iter().map(|(to, user, from, script)| ((to, user), (from, script))).collect(),
    }
}

/// What a book is called where several are kept.
pub fn book_id(root: &Path) -> String {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    Digest::of(root.to_string_lossy().as_bytes()).short()
}

/// The folder of all results: below `XDG_CACHE_HOME`, else `.cache` in the user's folder.
pub(super) fn folder() -> Option<PathBuf> {
    let named = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = named.or_else(|| Some(env::home_dir()?.join(".cache")))?;
    Some(folder.join("bindery").join("test"))
}

/// Removes all results of all books.
///
/// # Errors
/// Why they cannot be removed.
pub fn clear() -> io::Result<()> {
    let Some(folder) = folder() else { return Ok(()) };
    let mut removed = fs::remove_dir_all(&folder);
    for _ in 0..CLEARING {
        match &removed {
            // Another process has written a file meanwhile.
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                removed = fs::remove_dir_all(&folder);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            _ => break,
        }
    }
    removed
}
