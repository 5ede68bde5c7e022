//! One look at all inputs of a book.
//!
//! [`Snapshot::take`] walks the folders and reads what has changed since the snapshot before. A file is
//! taken over unread only if its size, time and identity are the same and it was already still when it
//! was read: file systems' clocks are coarse, and an edit in the same tick leaves no trace in the time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::layout::{CONTENT, Layout, STATIC, THEMES};
use super::sources::Sources;
use super::walk::{FoundFile, Walk};
use crate::text::{Diagnostic, DiagnosticCode, Digest, Source};

/// Everything a book is made of, by paths below its folder with `/` between names.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// `book.yaml`.
    pub settings: Option<Arc<Source>>,
    /// The Markdown files below `content/`.
    pub chapters: BTreeMap<String, Arc<Source>>,
    /// All other files below `content/`.
    pub files: BTreeMap<String, Arc<Asset>>,
    /// The files below `static/`.
    pub statics: BTreeMap<String, Arc<Asset>>,
    /// The files below `themes/` that are read as text: templates, settings, styles.
    pub theme_texts: BTreeMap<String, Arc<Source>>,
    /// The other files below `themes/`.
    pub theme_files: BTreeMap<String, Arc<Asset>>,
    /// What could not be read.
    pub faults: Vec<Diagnostic>,
    /// Where symbolic links inside the book lead: the real files and folders that are read through them.
    pub links: Vec<PathBuf>,
    /// The files that code blocks are copies of, as far as they were asked for.
    pub sources: Arc<Sources>,
    seen: BTreeMap<String, FileRecord>,
}

/// A file that is published as it is.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Asset {
    /// The path below the book's folder.
    pub path: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Width and height in pixels, if it is an image that says so.
    pub size: Option<(usize, usize)>,
    /// Where the bytes are.
    pub body: AssetBody,
}

/// Where an asset's bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AssetBody {
    /// In a file; large ones are never held in memory.
    Disk(PathBuf),
    /// In the program.
    Embedded(&'static [u8]),
}

/// What was read of one file, and how the file looked then.
#[derive(Clone, Debug)]
struct FileRecord {
    stamp: FileStamp,
    content: FileContent,
}

#[derive(Clone, Debug)]
enum FileContent {
    Text(Arc<Source>),
    Asset(Arc<Asset>),
    Fault(Box<Diagnostic>),
}

/// How a file looked: enough to tell that it is the same one, unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct FileStamp {
    modified: Option<SystemTime>,
    length: u64,
    identity: (u64, u64),
    /// Whether the file had been still long enough when it was read for its time to be trusted.
    settled: bool,
}

/// So many files are one thread's own.
const SHARE: usize = 32;

/// The coarsest clock of the usual file systems (FAT: two seconds).
const COARSEST_CLOCK: Duration = Duration::from_secs(2);

impl FileStamp {
    fn of(metadata: &fs::Metadata, now: SystemTime) -> Self {
        let modified = metadata.modified().ok();
        let settled =
            modified.and_then(|at| now.duration_since(at).ok()).is_some_and(|still| still > COARSEST_CLOCK);
        FileStamp { modified, length: metadata.len(), identity: identity(metadata), settled }
    }

    fn still_holds(&self, now: &FileStamp) -> bool {
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

impl Snapshot {
    /// Reads a book, taking over from `before` what has not changed.
    pub fn take(layout: &Layout, before: Option<&Snapshot>) -> Snapshot {
        let (seen, Walk { faults, links, .. }) = look_at_all(layout, before);
        let sources = Arc::new(Sources::new(&layout.root, before.map(|before| &*before.sources)));
        let mut snapshot = Snapshot { faults, links, sources, ..Snapshot::default() };
        for (path, seen) in &seen {
            snapshot.sort_in(path, &seen.content);
        }
        snapshot.seen = seen;
        snapshot
    }

    /// Reads again only the files that are said to have changed: much less work than a look at them all.
    ///
    /// `None` if that could miss something, and all must be looked at: if one of the paths is not a plain file
    /// that was there before, if anything was wrong before or is now, if code is copied from one of them, or if there
    /// are symbolic links, through which one file can be many.
    pub fn reread(&self, layout: &Layout, changed: &BTreeSet<PathBuf>) -> Option<Snapshot> {
        // What code blocks are copies of is looked at anew only with everything.
        let is_source = |file: &PathBuf| changed.contains(file);
        if !self.faults.is_empty() || !self.links.is_empty() || self.sources.files().iter().any(is_source) {
            return None;
        }
        let now = SystemTime::now();
        let mut next = self.clone();
        for absolute in changed {
            let below = absolute.strip_prefix(&layout.root).ok()?;
            let path = below.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
            let known = self.seen.get(&path)?;
            fs::symlink_metadata(absolute).ok().filter(fs::Metadata::is_file)?;
            let file = FoundFile { path, absolute: absolute.clone() };
            let seen = read(&file, Some(known), now);
            if matches!(seen.content, FileContent::Fault(_)) {
                return None;
            }
            next.sort_in(&file.path, &seen.content);
            next.seen.insert(file.path, seen);
        }
        Some(next)
    }

    /// The files at or below a path that are there and could not be read.
    pub fn unread<'s>(&'s self, below: &'s str) -> impl Iterator<Item = &'s str> {
        let faulty = self.faults.iter().filter(|fault| {
            matches!(fault.code, DiagnosticCode::UnreadableFile | DiagnosticCode::InvalidUtf8)
        });
        faulty.filter_map(Diagnostic::file).filter(move |path| {
            path.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// What is read beside the book's own folders: where symbolic links lead, and what code blocks are copies of.
    pub fn outside(&self) -> Vec<PathBuf> {
        self.links.iter().cloned().chain(self.sources.files()).collect()
    }

    /// Whether a path, absolute, is one of the files that were seen.
    pub fn knows(&self, layout: &Layout, path: &Path) -> bool {
        let below = path.strip_prefix(&layout.root).ok().and_then(Path::to_str);
        let is_seen = below
            .is_some_and(|below| self.seen.contains_key(&*below.replace(std::path::MAIN_SEPARATOR, "/")));
        is_seen || self.sources.files().iter().any(|file| file == path)
    }

    /// Whether two looks at a book saw the same.
    pub fn is_same(&self, other: &Snapshot) -> bool {
        let same_fault = |one: &Diagnostic, two: &Diagnostic| {
            one.code == two.code && one.file() == two.file() && one.message == two.message
        };
        let same = |one: &FileRecord, two: &FileRecord| match (&one.content, &two.content) {
            (FileContent::Text(one), FileContent::Text(two)) => Arc::ptr_eq(one, two) || one.text == two.text,
            (FileContent::Asset(one), FileContent::Asset(two)) => one == two,
            (FileContent::Fault(one), FileContent::Fault(two)) => same_fault(one, two),
            _ => false,
        };
        self.seen.len() == other.seen.len()
            && self
                .seen
                .iter()
                .zip(&other.seen)
                .all(|((path, seen), (also, now))| path == also && same(seen, now))
            && self.sources.is_same(&other.sources)
            && self.faults.len() == other.faults.len()
            && self.faults.iter().zip(&other.faults).all(|(one, two)| same_fault(one, two))
    }

    fn sort_in(&mut self, path: &str, content: &FileContent) {
        let top = path.split('/').next().unwrap_or_default();
        let path = path.to_owned();
        match (top, content) {
            (_, FileContent::Fault(fault)) => self.faults.push((**fault).clone()),
            (CONTENT, FileContent::Text(source)) => drop(self.chapters.insert(path, Arc::clone(source))),
            (CONTENT, FileContent::Asset(asset)) => drop(self.files.insert(path, Arc::clone(asset))),
            (THEMES, FileContent::Text(source)) => drop(self.theme_texts.insert(path, Arc::clone(source))),
            (THEMES, FileContent::Asset(asset)) => drop(self.theme_files.insert(path, Arc::clone(asset))),
            (_, FileContent::Asset(asset)) => drop(self.statics.insert(path, Arc::clone(asset))),
            (_, FileContent::Text(source)) => self.settings = Some(Arc::clone(source)),
        }
    }
}

/// Finds all files of a book and reads them, but those that are as they were before.
fn look_at_all<'l>(
    layout: &'l Layout,
    before: Option<&Snapshot>,
) -> (BTreeMap<String, FileRecord>, Walk<'l>) {
    let now = SystemTime::now();
    let read_or_keep = |file: FoundFile| {
        let known = before.and_then(|before| before.seen.get(&file.path));
        let holds = |known: &&FileRecord| {
            let metadata = fs::metadata(&file.absolute);
            metadata.is_ok_and(|metadata| known.stamp.still_holds(&FileStamp::of(&metadata, now)))
        };
        let seen = known.filter(holds).cloned().unwrap_or_else(|| read(&file, known, now));
        (file.path, seen)
    };
    let seen = Mutex::new(BTreeMap::new());
    let read_share = |share: Vec<FoundFile>| {
        let share: Vec<_> = share.into_iter().map(read_or_keep).collect();
        seen.lock().unwrap_or_else(PoisonError::into_inner).extend(share);
    };
    let mut walk = Walk::new(layout);
    // One thread finds the files, while others look at those that are found already.
    rayon::scope(|scope| {
        let mut share = Vec::with_capacity(SHARE);
        let mut found = |file| {
            share.push(file);
            if share.len() == SHARE {
                let share = mem::replace(&mut share, Vec::with_capacity(SHARE));
                scope.spawn(|_| read_share(share));
            }
        };
        for folder in [CONTENT, STATIC, THEMES] {
            walk.folder(folder, &mut found);
        }
        walk.settings(&mut found);
        read_share(share);
    });
    (seen.into_inner().unwrap_or_else(PoisonError::into_inner), walk)
}

/// Reads a file. How it looks is told by what is read, not by what may be in its place now.
fn read(file: &FoundFile, known: Option<&FileRecord>, now: SystemTime) -> FileRecord {
    let read = || -> io::Result<FileRecord> {
        let opened = File::open(&file.absolute)?;
        let stamp = FileStamp::of(&opened.metadata()?, now);
        let content = match is_text(&file.path) {
            true => read_text(file, opened, known)?,
            false => read_asset(file, opened)?,
        };
        Ok(FileRecord { stamp, content })
    };
    read().unwrap_or_else(|error| {
        let fault =
            Diagnostic::new(DiagnosticCode::UnreadableFile, format!("cannot read this file: {error}"));
        FileRecord {
            stamp: FileStamp::default(),
            content: FileContent::Fault(Box::new(fault.on(&file.path))),
        }
    })
}

/// Chapters, settings, templates, styles and scripts are text; all else is copied as it is.
fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match path.split('/').next() {
        Some(CONTENT) => extension.eq_ignore_ascii_case("md"),
        // Below the theme's own folder.
        Some(THEMES) => match path.split('/').nth(2) {
            Some("templates") => true,
            Some("assets") => matches!(extension, "css" | "js"),
            _ => matches!(extension, "yaml" | "css" | "js"),
        },
        Some(STATIC) => false,
        _ => true,
    }
}

fn read_text(file: &FoundFile, mut opened: File, known: Option<&FileRecord>) -> io::Result<FileContent> {
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => {
            let is_chapter = file.path.split('/').next() == Some(CONTENT);
            let source =
                if is_chapter { Source::chapter(&file.path, text) } else { Source::new(&file.path, text) };
            match known.map(|seen| &seen.content) {
                // Touched, or read again to be sure: the same text stays the same value.
                Some(FileContent::Text(old)) if old.text == source.text => FileContent::Text(Arc::clone(old)),
                _ => FileContent::Text(Arc::new(source)),
            }
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let lossy = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Arc::new(Source::new(&file.path, lossy));
            let fault = Diagnostic::new(
                DiagnosticCode::InvalidUtf8,
                format!("this file is not UTF-8: byte {at} begins no character"),
            )
            .at(&source, at..at + '\u{fffd}'.len_utf8())
            .hint("save it as UTF-8 in your editor, or convert it: `iconv -f LATIN1 -t UTF-8`");
            FileContent::Fault(Box::new(fault))
        }
    })
}

fn read_asset(file: &FoundFile, opened: File) -> io::Result<FileContent> {
    let digest = Digest::of_reader(opened)?;
    let size = imagesize::size(&file.absolute).ok().map(|size| (size.width, size.height));
    let body = AssetBody::Disk(file.absolute.clone());
    Ok(FileContent::Asset(Arc::new(Asset { path: file.path.clone(), digest, size, body })))
}
