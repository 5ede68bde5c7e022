//! Files that code blocks are copies of: in a folder on disk, or in a git repository at a revision.
//!
//! Chapters name these files, so they are read when writing asks for them, once per snapshot. The next snapshot reads
//! the same files before parsing starts. A file outside its source is never read, neither through `..` nor through a
//! symbolic link. A source is inside the book's repository, unless the person who runs bindery allows more.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::layout::{Layout, is_of_git};
use super::places::trail;
use super::revision::{MOST, SourceRepository, too_large};
use super::shortage::{is_short_now, is_shortage};
use super::stamp::FileStamp;

/// Which file is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// The source's folder, relative to the book's.
    pub folder: String,
    /// The file's path below it, with `/` between its names.
    pub file: String,
    /// A revision of the repository that the folder is in; without one, the file on disk.
    pub rev: Option<String>,
}

/// The file's text, or a message that says what is wrong.
pub type SourceText = Result<String, String>;

/// The questions that were asked of one snapshot, with their answers.
#[derive(Debug, Default)]
pub struct Sources {
    layout: Layout,
    asked: Mutex<BTreeMap<Question, SourceAnswer>>,
}

/// The answer to a question, and what it depends on.
#[derive(Clone, Debug)]
struct SourceAnswer {
    text: Arc<SourceText>,
    /// The state of the file on disk; `None` if there is none, or if a revision was asked for.
    stamp: Option<FileStamp>,
    /// The file on disk, and the symbolic links on the way to it.
    places: Vec<PathBuf>,
    /// Whether it could not be read because too many files were open.
    is_cut_short: bool,
}

/// Why a file cannot be read.
struct Failure {
    message: String,
    /// Whether too many files were open.
    is_shortage: bool,
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure { message, is_shortage: false }
    }
}

impl Sources {
    /// Asks again what was asked of the last snapshot.
    pub fn new(layout: &Layout, before: Option<&Sources>) -> Self {
        let mut asked = BTreeMap::new();
        for (question, before) in before.map(Sources::asked).unwrap_or_default() {
            let mut now = SourceAnswer::new(layout, &question);
            // An unchanged text keeps its value, so that nothing is parsed again.
            if now.text == before.text {
                now.text = before.text;
            }
            asked.insert(question, now);
        }
        Sources { layout: layout.clone(), asked: Mutex::new(asked) }
    }

    /// Answers a question. The file is read the first time; later the answer is the same.
    pub fn ask(&self, question: &Question) -> Arc<SourceText> {
        let mut asked = self.lock();
        let answer =
            asked.entry(question.clone()).or_insert_with(|| SourceAnswer::new(&self.layout, question));
        Arc::clone(&answer.text)
    }

    /// The files on disk that were asked for and the symbolic links on the way to them, existing or not.
    pub(super) fn places(&self) -> Vec<PathBuf> {
        self.lock().values().flat_map(|answer| answer.places.iter().cloned()).collect()
    }

    /// Whether a path is that of a file that was asked for.
    pub(super) fn knows(&self, path: &Path) -> bool {
        self.lock().values().any(|answer| answer.places.iter().any(|place| place == path))
    }

    /// Whether the questions that both were asked have the same answers.
    pub fn is_same(&self, other: &Sources) -> bool {
        let asked = self.asked();
        other
            .asked()
            .iter()
            .all(|(question, answer)| asked.get(question).is_none_or(|now| now.text == answer.text))
    }

    /// Whether something could not be read because too many files were open.
    pub fn is_cut_short(&self) -> bool {
        self.lock().values().any(|answer| answer.is_cut_short)
    }

    /// Whether the files on disk are as they were when they were read. No file is opened.
    pub(super) fn is_current(&self, now: SystemTime) -> bool {
        self.lock().iter().all(|(question, answer)| {
            match (&answer.stamp, stamp(&self.layout, question, now)) {
                (Some(before), Some(now)) => before.still_holds(&now),
                (before, now) => before.is_none() && now.is_none(),
            }
        })
    }

    fn asked(&self) -> BTreeMap<Question, SourceAnswer> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Question, SourceAnswer>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SourceAnswer {
    fn new(layout: &Layout, question: &Question) -> Self {
        // Before the file is read: if it changes meanwhile, the stamp is too old, and it is read again.
        let stamp = stamp(layout, question, SystemTime::now());
        let text = read(layout, question);
        let is_cut_short = text.as_ref().is_err_and(|failure| failure.is_shortage);
        let text = Arc::new(text.map_err(|failure| failure.message));
        SourceAnswer { text, stamp, places: places(layout, question), is_cut_short }
    }
}

/// The state of the file on disk that a question is about.
fn stamp(layout: &Layout, question: &Question, now: SystemTime) -> Option<FileStamp> {
    let file = below(&question.file).filter(|_| question.rev.is_none())?;
    FileStamp::at(&layout.root.join(&question.folder).join(file), now)
}

/// The file on disk that a question is about and the symbolic links on the way to it, existing or not, as far as the
/// book may name them.
fn places(layout: &Layout, question: &Question) -> Vec<PathBuf> {
    let Some(file) = below(&question.file).filter(|_| question.rev.is_none()) else { return Vec::new() };
    let mut places = trail(&layout.root, &Path::new(&question.folder).join(file));
    places.retain(|place| place.starts_with(&layout.root) || layout.refusal(place).is_none());
    places
}

/// The path as a relative one without `.` and `..`; otherwise `None`.
pub(super) fn below(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(path);
    let goes_down = path.components().all(|component| matches!(component, Component::Normal(_)));
    (goes_down && path.file_name().is_some()).then_some(path)
}

/// The folder of a source, symbolic links resolved.
///
/// # Errors
/// It does not exist, or the book may not name files in it.
pub(super) fn folder_of(layout: &Layout, folder: &str) -> Result<PathBuf, String> {
    let full = layout
        .root
        .join(folder)
        .canonicalize()
        .map_err(|_| format!("the source's folder `{folder}` does not exist"))?;
    if let Some(reason) = layout.refusal(&full) {
        let way_out =
            if is_of_git(&full) { "" } else { "; allow it with `--allow-source` if you trust the book" };
        return Err(format!("the source's folder `{folder}` {reason}{way_out}"));
    }
    Ok(full)
}

fn read(layout: &Layout, question: &Question) -> Result<String, Failure> {
    let Question { folder, file, rev } = question;
    let path = below(file).ok_or_else(|| format!("`{file}` leads out of its source"))?;
    let full = folder_of(layout, folder)?;

    let bytes = match rev {
        None => of_folder(&full, &path),
        Some(rev) => of_repository(layout, &full, &path, rev).map_err(|message| {
            // The errors of many small steps do not say which of them was for want of a file.
            Failure { message, is_shortage: is_short_now(&full) }
        }),
    };
    let text = String::from_utf8(bytes?).map_err(|_| format!("`{file}` is not UTF-8"))?;
    if text.contains('\0') {
        return Err(format!("`{file}` is no text: there are zero bytes in it").into());
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Reads a file on disk.
fn of_folder(folder: &Path, file: &Path) -> Result<Vec<u8>, Failure> {
    let shown = file.display();
    let path = folder.join(file).canonicalize().map_err(|_| format!("there is no file `{shown}`"))?;
    let Ok(below) = path.strip_prefix(folder) else {
        return Err(format!("`{shown}` leads out of its source").into());
    };
    if is_of_git(below) {
        return Err(format!("`{shown}` belongs to git").into());
    }
    if !path.is_file() {
        return Err(format!("`{shown}` is not a file").into());
    }

    // The length first: a file that is too large is not read at all.
    let unreadable = |error: io::Error| Failure {
        message: format!("`{shown}` cannot be read: {error}"),
        is_shortage: is_shortage(&error),
    };
    if fs::metadata(&path).map_err(unreadable)?.len() > MOST {
        return Err(too_large(file).into());
    }
    fs::read(&path).map_err(unreadable)
}

/// Reads a file of a repository.
fn of_repository(layout: &Layout, folder: &Path, file: &Path, rev: &str) -> Result<Vec<u8>, String> {
    SourceRepository::open(layout, folder)?.revision(rev)?.read(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_go_down() {
        for path in ["../x", "/etc/passwd", "a/../../x", "", ".", "./a"] {
            assert_eq!(below(path), None, "{path}");
        }
        assert_eq!(below("a/b.py"), Some(PathBuf::from("a/b.py")));
    }
}
