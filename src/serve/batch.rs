//! Events that belong together, gathered until they are one change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RemoveKind, RenameMode};

/// How many files make a burst (a branch is switched, a folder unpacked), which is waited out.
const BURST: usize = 8;

/// What has changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// What is at these paths, and nothing else, as far as is known.
    Files(BTreeSet<PathBuf>),
    /// Everything must be looked at.
    Anything,
    /// None was reported for a while. A scan tells whether one was missed.
    Unreported,
}

/// What an event says about one of its paths.
pub enum Effect {
    /// Nothing that matters: a file was read.
    None,
    /// It has its new text.
    Written,
    /// It is changing; more will follow.
    Changing,
    /// It is new.
    Created,
    /// It is not there any more.
    Gone,
}

/// Reads an event about the path of this number in it.
pub fn effect(kind: EventKind, number: usize, path: &Path) -> Effect {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Effect::Written,
        EventKind::Access(_) => Effect::None,
        EventKind::Create(CreateKind::Folder) => Effect::Changing,
        EventKind::Create(_) => Effect::Created,
        EventKind::Remove(RemoveKind::Folder) => Effect::Changing,
        EventKind::Remove(_) => Effect::Gone,
        EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Effect::Gone,
        EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Effect::Written,
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) if number == 0 => Effect::Gone,
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => Effect::Written,
        // Linux reports when a file is closed. Elsewhere the first event must do, except for an empty file: editors
        // that write in place empty it first.
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any)
            if !cfg!(target_os = "linux") && fs::metadata(path).is_ok_and(|file| file.len() > 0) =>
        {
            Effect::Written
        }
        EventKind::Modify(_) | EventKind::Any | EventKind::Other => Effect::Changing,
    }
}

/// What more is expected to happen at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// It is being written.
    Unwritten,
    /// It is gone, and may come back at once, with another text.
    Gone,
}

/// Events that make one change.
#[derive(Debug, Default)]
pub struct Batch {
    /// Known files that have their new text.
    written: BTreeSet<PathBuf>,
    /// Files that are new in this batch: what comes and goes in it was never there.
    created: BTreeSet<PathBuf>,
    /// What may be half of something.
    open: BTreeMap<PathBuf, Half>,
    /// Whether something may have happened that has no path.
    anything: bool,
}

impl Batch {
    /// A known file has its new text.
    pub fn written(&mut self, path: &Path) {
        self.open.remove(path);
        self.written.insert(path.to_owned());
    }

    /// Something is changing; more will follow.
    pub fn changing(&mut self, path: &Path) {
        self.open.insert(path.to_owned(), Half::Unwritten);
    }

    /// Something is new.
    pub fn created(&mut self, path: &Path) {
        if !self.open.contains_key(path) {
            self.created.insert(path.to_owned());
        }
        self.open.insert(path.to_owned(), Half::Unwritten);
    }

    /// Something is not there any more.
    pub fn gone(&mut self, path: &Path) {
        self.written.remove(path);
        if self.created.contains(path) {
            self.open.remove(path);
        } else {
            self.open.insert(path.to_owned(), Half::Gone);
        }
    }

    /// Something happened that has no path.
    pub fn anything(&mut self) {
        self.anything = true;
    }

    /// Whether nothing has happened.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.open.is_empty() && !self.anything
    }

    /// Whether nothing in it is half of something.
    pub fn is_complete(&self) -> bool {
        self.open.is_empty() && !self.anything && self.written.len() <= BURST
    }

    /// Whether it is only not complete because files are gone. Editors that delete a file write it anew at once.
    pub fn only_lacks_files(&self) -> bool {
        !self.anything && self.written.len() <= BURST && self.open.values().all(|half| *half == Half::Gone)
    }

    /// What has changed.
    pub fn into_change(mut self) -> Change {
        self.written.extend(self.open.into_keys());
        if self.anything || self.written.len() > BURST {
            Change::Anything
        } else {
            Change::Files(self.written)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> BTreeSet<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_lone_save_is_complete_at_once() {
        let mut batch = Batch::default();
        batch.changing(Path::new("a.md"));
        assert!(!batch.is_complete(), "it is still open");
        batch.written(Path::new("a.md"));
        assert!(batch.is_complete());
        assert_eq!(batch.into_change(), Change::Files(paths(&["a.md"])));
    }

    #[test]
    fn a_file_beside_it_that_comes_and_goes_is_nothing() {
        let mut batch = Batch::default();
        batch.created(Path::new("a.md.tmp"));
        batch.changing(Path::new("a.md.tmp"));
        batch.gone(Path::new("a.md.tmp"));
        assert!(batch.is_empty());
        batch.written(Path::new("a.md"));
        assert_eq!(batch.into_change(), Change::Files(paths(&["a.md"])));
    }

    #[test]
    fn a_file_that_is_gone_may_come_back() {
        let mut batch = Batch::default();
        batch.gone(Path::new("a.md"));
        assert!(!batch.is_complete() && batch.only_lacks_files());
        batch.changing(Path::new("a.md"));
        assert!(!batch.is_complete() && !batch.only_lacks_files());
        batch.written(Path::new("a.md"));
        assert!(batch.is_complete());
        assert_eq!(batch.into_change(), Change::Files(paths(&["a.md"])));
    }

    #[test]
    fn a_file_that_stays_gone_changes_the_book() {
        let mut batch = Batch::default();
        batch.written(Path::new("a.md"));
        batch.gone(Path::new("b.md"));
        assert!(!batch.is_complete());
        assert_eq!(batch.into_change(), Change::Files(paths(&["a.md", "b.md"])));
    }

    #[test]
    fn many_files_wait_for_quiet() {
        let mut batch = Batch::default();
        for number in 0..=BURST {
            batch.written(Path::new(&format!("{number}.md")));
        }
        assert!(!batch.is_complete());
        assert_eq!(batch.into_change(), Change::Anything);
    }
}
