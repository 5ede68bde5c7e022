//! The state of a file, from which a change is recognised without reading it.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The resolution of the coarsest clock among common file systems (FAT: two seconds).
const COARSEST_CLOCK: Duration = Duration::from_secs(2);

/// What the system says about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileStamp {
    modified: Option<SystemTime>,
    length: u64,
    /// Inode and time of the last change to it, where the system has them.
    identity: (u64, u64),
    /// Whether the last edit was longer ago than [`COARSEST_CLOCK`], so that a later one must change the time.
    settled: bool,
}

impl FileStamp {
    /// The stamp of a file with this metadata.
    pub(super) fn of(metadata: &fs::Metadata, now: SystemTime) -> Self {
        let modified = metadata.modified().ok();
        let age = modified.and_then(|at| now.duration_since(at).ok());
        let settled = age.is_some_and(|age| age > COARSEST_CLOCK);
        FileStamp { modified, length: metadata.len(), identity: identity(metadata), settled }
    }

    /// The stamp of the file at a path, if there is one.
    pub(super) fn at(path: &Path, now: SystemTime) -> Option<Self> {
        fs::metadata(path).ok().map(|metadata| FileStamp::of(&metadata, now))
    }

    /// Whether the file cannot have changed since this stamp was taken.
    pub(super) fn still_holds(&self, now: &FileStamp) -> bool {
        self.settled && self == now
    }
}

#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime_nsec().unsigned_abs() ^ metadata.ctime().unsigned_abs() << 30)
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> (u64, u64) {
    (0, 0)
}
