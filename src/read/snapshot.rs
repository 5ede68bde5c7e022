//! All inputs of a book at one time.
//!
//! [`Snapshot::take`] walks the folders and reads the files that have changed since the last snapshot. A file is not
//! read again if its size, time and identity are the same, and if its time was old enough when it was read. Clocks of
//! file systems are coarse: a second edit within one tick does not change the time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::encoding;
use super::image_size::{self, ImageFacts};
use super::layout::{CONTENT, Layout, PROOF, STATIC, THEMES};
use super::places::Places;
use super::repository::edit_url;
use super::shortage::is_shortage;
use super::sources::Sources;
use super::stamp::FileStamp;
use super::walk::{FoundFile, Walk};
use crate::text::unicode::composed;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Source, slug};

/// All inputs of a book, by their paths below its folder, with `/` between names.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// `book.yaml`.
    pub settings: Option<Arc<Source>>,
    /// `proof.yaml`.
    pub proof: Option<Arc<Source>>,
    /// Where a file of the book can be edited, with `{path}` in place of its path, if its repository says so.
    pub edit_url: Option<String>,
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
    /// The files that could not be read, and other problems of the walk.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that code blocks are copies of. They are read when writing asks for them.
    pub sources: Arc<Sources>,
    /// The paths that are not written with composed characters, by those that are.
    decomposed: BTreeMap<String, String>,
    /// Every file that was found, to compare with the next time.
    pub(super) seen: BTreeMap<String, FileRecord>,
    /// Where the inputs are, those of the sources excepted.
    places: Places,
    /// Whether there are symbolic links.
    pub(super) has_links: bool,
    /// Whether something could not be read because too many files were open.
    is_cut_short: bool,
}

/// A file that is published as it is.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Asset {
    /// The path below the book's folder.
    pub path: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// What is known of it, if it is an image of a known format.
    pub image: Option<ImageFacts>,
    /// Where the bytes are.
    pub body: AssetBody,
}

/// Where an asset's bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AssetBody {
    /// In a file, so that large ones are not held in memory.
    Disk(PathBuf),
    /// In the program.
    Embedded(&'static [u8]),
}

/// The content of a file, and its state when it was read.
#[derive(Clone, Debug)]
pub(super) struct FileRecord {
    stamp: FileStamp,
    pub(super) content: FileContent,
    /// Whether it could not be read because too many files were open.
    is_cut_short: bool,
}

#[derive(Clone, Debug)]
pub(super) enum FileContent {
    Text(Arc<Source>),
    Asset(Arc<Asset>),
    Unreadable(Box<Diagnostic>),
}

/// Files per task, while the walk goes on.
const SHARE: usize = 32;

impl Snapshot {
    /// Reads a book. Files that have not changed are taken from `before`.
    pub fn take(layout: &Layout, before: Option<&Snapshot>) -> Snapshot {
        let (seen, walk) = find_and_read(layout, before);
        let Walk { diagnostics, places, has_links, is_cut_short, .. } = walk;
        let sources = Arc::new(Sources::new(layout, before.map(|before| &*before.sources)));
        let mut snapshot = Snapshot {
            edit_url: edit_url(layout),
            diagnostics,
            sources,
            places,
            has_links,
            is_cut_short,
            ..Snapshot::default()
        };

        for (path, record) in &seen {
            snapshot.is_cut_short |= record.is_cut_short;
            snapshot.sort_in(path, &record.content);
        }
        snapshot.seen = seen;
        snapshot
    }

    /// The path of a file of the book, from one that may be written in another form of Unicode.
    pub fn path_of<'s>(&'s self, path: &'s str) -> Option<&'s str> {
        if path.is_ascii() || self.seen.contains_key(path) {
            return Some(path);
        }
        let composed = composed(path);
        let known = self.seen.get_key_value(&*composed).map(|(path, _)| path);
        known.or_else(|| self.decomposed.get(&*composed)).map(String::as_str)
    }

    /// The files at or below a path that are there and could not be read.
    pub fn unread<'s>(&'s self, below: &'s str) -> impl Iterator<Item = &'s str> {
        let with_diagnostics = self.diagnostics.iter().filter(|diagnostic| {
            matches!(diagnostic.code, DiagnosticCode::UnreadableFile | DiagnosticCode::InvalidUtf8)
        });
        with_diagnostics.filter_map(Diagnostic::file).filter(move |path| {
            path.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Why what is at a path could not be read; `None` if it could, or nothing is there.
    pub fn why_unread(&self, path: &str) -> Option<&Diagnostic> {
        self.diagnostics.iter().find(|diagnostic| diagnostic.file() == Some(path))
    }

    /// Where the book's inputs are: its folders, what symbolic links lead to, and what code blocks are copies of.
    pub fn places(&self) -> Places {
        let mut places = self.places.clone();
        places.paths.extend(self.sources.places());
        places
    }

    /// Whether something could not be read because too many files were open. Such a snapshot says nothing about the
    /// book.
    pub fn is_cut_short(&self) -> bool {
        self.is_cut_short || self.sources.is_cut_short()
    }

    /// Whether a walk finds everything as it was. No file is opened, so this is much cheaper than
    /// [`take`](Self::take). It is also `false` if that cannot be told: a file was written when it was read.
    pub fn is_current(&self, layout: &Layout) -> bool {
        let now = SystemTime::now();
        let (mut found, mut is_same) = (0, true);
        let mut compare = |file: FoundFile| {
            found += 1;
            is_same = is_same
                && self.seen.get(&file.path).is_some_and(|known| {
                    FileStamp::at(&file.absolute, now).is_some_and(|now| known.stamp.still_holds(&now))
                });
        };

        let mut walk = Walk::new(layout);
        walk.all(&mut compare);
        if !is_same || found != self.seen.len() || walk.is_cut_short {
            return false;
        }

        // The diagnostics of the walk come before those of single files.
        let of_files = self.seen.values().filter(|record| record.content.is_unreadable()).count();
        let mut diagnostics = self.diagnostics.iter().zip(&walk.diagnostics);
        walk.diagnostics.len() + of_files == self.diagnostics.len()
            && diagnostics.all(|(one, two)| is_same_diagnostic(one, two))
            && walk.places == self.places
            && self.sources.is_current(now)
    }

    /// Whether an absolute path is one of the book's inputs.
    pub fn knows(&self, layout: &Layout, path: &Path) -> bool {
        let is_seen = path_below(layout, path).is_some_and(|below| self.seen.contains_key(&below));
        is_seen || self.sources.knows(path)
    }

    /// Whether two snapshots have the same files with the same contents, and the same diagnostics.
    pub fn is_same(&self, other: &Snapshot) -> bool {
        if self.seen.len() != other.seen.len() || self.diagnostics.len() != other.diagnostics.len() {
            return false;
        }

        let mut files = self.seen.iter().zip(&other.seen);
        let mut diagnostics = self.diagnostics.iter().zip(&other.diagnostics);
        files.all(|((path, one), (also, two))| path == also && one.content.is_same(&two.content))
            && diagnostics.all(|(one, two)| is_same_diagnostic(one, two))
            && self.sources.is_same(&other.sources)
            && self.edit_url == other.edit_url
    }

    /// Takes out a file that is gone.
    pub(super) fn take_out(&mut self, path: &str) {
        self.seen.remove(path);
        self.chapters.remove(path);
        self.files.remove(path);
        self.statics.remove(path);
        self.theme_texts.remove(path);
        self.theme_files.remove(path);
        self.decomposed.retain(|_, known| known != path);
    }

    /// Puts in what was read of a file.
    pub(super) fn put(&mut self, path: String, record: FileRecord) {
        self.sort_in(&path, &record.content);
        self.seen.insert(path, record);
    }

    /// Puts a file into the map that it belongs to.
    fn sort_in(&mut self, path: &str, content: &FileContent) {
        let top = path.split('/').next().unwrap_or_default();
        let path = path.to_owned();
        if let Cow::Owned(composed) = composed(&path) {
            self.decomposed.insert(composed, path.clone());
        }
        match (top, content) {
            (_, FileContent::Unreadable(diagnostic)) => self.diagnostics.push((**diagnostic).clone()),
            (CONTENT, FileContent::Text(source)) => drop(self.chapters.insert(path, Arc::clone(source))),
            (CONTENT, FileContent::Asset(asset)) => drop(self.files.insert(path, Arc::clone(asset))),
            (THEMES, FileContent::Text(source)) => drop(self.theme_texts.insert(path, Arc::clone(source))),
            (THEMES, FileContent::Asset(asset)) => drop(self.theme_files.insert(path, Arc::clone(asset))),
            (_, FileContent::Asset(asset)) => drop(self.statics.insert(path, Arc::clone(asset))),
            (PROOF, FileContent::Text(source)) => self.proof = Some(Arc::clone(source)),
            (_, FileContent::Text(source)) => self.settings = Some(Arc::clone(source)),
        }
    }
}

impl FileContent {
    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self, FileContent::Unreadable(_))
    }

    pub(super) fn is_same(&self, other: &FileContent) -> bool {
        match (self, other) {
            (FileContent::Text(one), FileContent::Text(two)) => Arc::ptr_eq(one, two) || one.text == two.text,
            (FileContent::Asset(one), FileContent::Asset(two)) => one == two,
            (FileContent::Unreadable(one), FileContent::Unreadable(two)) => is_same_diagnostic(one, two),
            _ => false,
        }
    }
}

fn is_same_diagnostic(one: &Diagnostic, two: &Diagnostic) -> bool {
    one.code == two.code && one.file() == two.file() && one.message == two.message
}

/// The path of an input below the book's folder, with `/` between names.
pub(super) fn path_below(layout: &Layout, absolute: &Path) -> Option<String> {
    let below = absolute.strip_prefix(&layout.root).ok()?;
    Some(below.to_str()?.replace(std::path::MAIN_SEPARATOR, "/"))
}

/// Finds all files of a book and reads those that are new or changed.
fn find_and_read<'l>(
    layout: &'l Layout,
    before: Option<&Snapshot>,
) -> (BTreeMap<String, FileRecord>, Walk<'l>) {
    let now = SystemTime::now();
    let read_or_keep = |file: FoundFile| {
        let known = before.and_then(|before| before.seen.get(&file.path));
        if let Some(known) = known
            && let Ok(metadata) = fs::metadata(&file.absolute)
            && known.stamp.still_holds(&FileStamp::of(&metadata, now))
        {
            return (file.path, known.clone());
        }

        let record = read(&file, known, now);
        (file.path, record)
    };
    let seen = Mutex::new(BTreeMap::new());
    let read_share = |share: Vec<FoundFile>| {
        let share: Vec<_> = share.into_iter().map(read_or_keep).collect();
        seen.lock().unwrap_or_else(PoisonError::into_inner).extend(share);
    };

    // One thread finds the files, while the others read those that it has found.
    let mut walk = Walk::new(layout);
    rayon::scope(|scope| {
        let mut share = Vec::with_capacity(SHARE);
        let mut found = |file| {
            share.push(file);
            if share.len() == SHARE {
                let share = mem::replace(&mut share, Vec::with_capacity(SHARE));
                scope.spawn(|_| read_share(share));
            }
        };

        walk.all(&mut found);
        read_share(share);
    });

    (seen.into_inner().unwrap_or_else(PoisonError::into_inner), walk)
}

/// Reads a file. An error becomes the diagnostic of the record.
pub(super) fn read(file: &FoundFile, known: Option<&FileRecord>, now: SystemTime) -> FileRecord {
    let read = || -> io::Result<FileRecord> {
        let opened = File::open(&file.absolute)?;
        // Of the file that was opened: another may be at its path by now.
        let stamp = FileStamp::of(&opened.metadata()?, now);
        let content =
            if is_text(&file.path) { read_text(file, opened, known)? } else { read_asset(file, opened)? };
        Ok(FileRecord { stamp, content, is_cut_short: false })
    };

    read().unwrap_or_else(|error| {
        let diagnostic =
            Diagnostic::new(DiagnosticCode::UnreadableFile, format!("cannot read this file: {error}"));
        FileRecord {
            stamp: FileStamp::default(),
            content: FileContent::Unreadable(Box::new(diagnostic.on(&file.path))),
            is_cut_short: is_shortage(&error),
        }
    })
}

/// Whether a file is read as text: chapters, settings, templates, styles and scripts. Others are copied as they are.
fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match path.split('/').next() {
        Some(CONTENT) => slug::is_chapter(path),
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
    let text = match encoding::decode(&file.path, bytes) {
        Ok(text) => text,
        Err(diagnostic) => return Ok(FileContent::Unreadable(diagnostic)),
    };

    let is_chapter = file.path.split('/').next() == Some(CONTENT);
    let source = if is_chapter { Source::chapter(&file.path, text) } else { Source::new(&file.path, text) };

    // A file that was only touched keeps its value, so that nothing is parsed again.
    if let Some(FileRecord { content: FileContent::Text(old), .. }) = known
        && old.text == source.text
    {
        return Ok(FileContent::Text(Arc::clone(old)));
    }
    Ok(FileContent::Text(Arc::new(source)))
}

fn read_asset(file: &FoundFile, mut opened: File) -> io::Result<FileContent> {
    let digest = Digest::of_reader(&opened)?;
    opened.rewind()?;
    let image = image_size::read(&file.path, opened);
    let body = AssetBody::Disk(file.absolute.clone());
    Ok(FileContent::Asset(Arc::new(Asset { path: file.path.clone(), digest, image, body })))
}
