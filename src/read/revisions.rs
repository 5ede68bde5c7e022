//! The files of a source at two revisions, for what a chapter writes between them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gix::objs::tree::EntryKind;

use super::config::SourceSettings;
use super::layout::Layout;
use super::revision::{SourceRepository, SourceRevision, too_large};
use super::sources::{below, folder_of};
use super::state_folders::{StateFile, files, state_folder};

/// The files of a source before and after a chapter. Those that are the same in both are left out, unless they were
/// asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revisions {
    /// The files at the first revision, by their paths below the source's folder.
    pub before: BTreeMap<String, RevisionFile>,
    /// The files at the second revision.
    pub after: BTreeMap<String, RevisionFile>,
    /// The paths of the files that differ.
    pub changed: BTreeSet<String>,
}

/// A file at a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevisionFile {
    /// Text, with line feeds as line ends.
    Text(String),
    /// Anything else: a picture, a symbolic link, a file that is too large.
    NoText,
}

impl RevisionFile {
    /// Reads the bytes of a file.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
        text.map_or(RevisionFile::NoText, |text| {
            RevisionFile::Text(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
        })
    }
}

impl Revisions {
    /// Reads the files that differ between two revisions, and those with these paths. Without a first revision, there
    /// is no file before the chapter. If the source has a folder with the name of the second, both are folders.
    ///
    /// # Errors
    /// What is wrong with the source or with a revision.
    pub fn read<'p>(
        layout: &Layout,
        source: &SourceSettings,
        from: Option<&str>,
        to: &str,
        named: impl Iterator<Item = &'p str>,
    ) -> Result<Self, String> {
        if let Some(after) = state_folder(layout, &source.path, to)? {
            let before = from.map(|from| {
                let found = state_folder(layout, &source.path, from)?;
                found.ok_or_else(|| {
                    format!("the source has a folder `{to}`, and none that is called `{from}`")
                })
            });
            return of_folders(before.transpose()?.as_deref(), &after);
        }
        let repository = SourceRepository::open(layout, &folder_of(layout, &source.path)?)?;
        let before = from.map(|from| repository.revision(from)).transpose()?;
        let after = repository.revision(to)?;
        let changed = repository.changed(before.as_ref(), &after)?;

        let mut revisions = Revisions { changed, ..Revisions::default() };
        let named: BTreeSet<String> = named
            .filter(|path| below(path).is_some())
            .map(str::to_owned)
            .chain(revisions.changed.clone())
            .collect();
        for path in named {
            let found = before.as_ref().map(|before| file(before, &path)).transpose()?.flatten();
            revisions.before.extend(found.map(|file| (path.clone(), file)));
            revisions.after.extend(file(&after, &path)?.map(|file| (path, file)));
        }
        Ok(revisions)
    }
}

/// Reads the files of two folders. Without a first one, there is no file before the chapter.
fn of_folders(from: Option<&Path>, to: &Path) -> Result<Revisions, String> {
    let before = from.map(files).transpose()?.unwrap_or_default();
    let after = files(to)?;

    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let is_changed = |path: &&String| before.get(*path) != after.get(*path);
    let changed = paths.into_iter().filter(is_changed).cloned().collect();
    let read = |files: BTreeMap<String, StateFile>| {
        let content = |file: StateFile| match file.is_file {
            true => RevisionFile::of(file.bytes),
            false => RevisionFile::NoText,
        };
        files.into_iter().map(|(path, file)| (path, content(file))).collect()
    };
    Ok(Revisions { before: read(before), after: read(after), changed })
}

/// A file at a revision, if there is one.
fn file(revision: &SourceRevision<'_>, path: &str) -> Result<Option<RevisionFile>, String> {
    let path = Path::new(path);
    let bytes = match revision.kind(path) {
        None => return Ok(None),
        Some(EntryKind::Blob | EntryKind::BlobExecutable) => match revision.read(path) {
            Ok(bytes) => bytes,
            Err(message) if message == too_large(path) => return Ok(Some(RevisionFile::NoText)),
            Err(message) => return Err(message),
        },
        Some(_) => return Ok(Some(RevisionFile::NoText)),
    };

    Ok(Some(RevisionFile::of(bytes)))
}
