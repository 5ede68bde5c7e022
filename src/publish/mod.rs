//! Site → disk, so that it can be stopped at any time and nothing of anybody else's is touched.
//!
//! All outputs are made and written aside first ([`mod@stage`]); a fault or a full disk up to there leaves the
//! book that was published before as it is. Then folders are made, the new files renamed into place, and those
//! that are no longer part of the book removed. The manifest lists what is bindery's ([`mod@manifest`]); while
//! files move, it lists the old and the new ones, so that a build that was stopped is finished by the next.

pub mod manifest;
pub mod output;
pub mod stage;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::read::Layout;
use crate::render::Site;
use crate::render::site::Workshop;
use crate::text::{Code, Diagnostic};

use manifest::Manifest;
use output::Output;

/// Whether foreign files may be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Foreign {
    /// A folder with files of others is refused, and so is a file of others where one of the book must be.
    #[default]
    Refuse,
    /// `--force`: they are replaced where the book needs their place, and otherwise left alone.
    Replace,
}

/// What publishing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// How many files the book has.
    pub files: usize,
    /// How many of them are new or changed.
    pub written: usize,
    /// How many were removed.
    pub removed: usize,
    /// How many bytes were written.
    pub bytes: u64,
}

/// Publishes a site into a folder.
///
/// `progress` is told how many outputs are made, from many threads.
///
/// # Errors
/// The faults of templates; [`Code::OutputRefused`] and [`Code::OutputFailed`] with the path.
pub fn publish(
    site: &Site,
    workshop: &Workshop,
    (layout, out): (&Layout, &Path),
    foreign: Foreign,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Published, Vec<Diagnostic>> {
    let output = Output::open(out, layout, foreign).map_err(|fault| vec![fault])?;
    let old = output.manifest().map_err(|fault| vec![fault])?;
    let staged = stage::stage(site, workshop, &output, &old, progress)?;
    let new = Manifest { files: site.promises.keys().cloned().collect() };
    commit(&output, &old, &new, &staged).map_err(|fault| vec![fault])?;
    Ok(Published {
        files: new.files.len(),
        written: staged.len(),
        removed: old.files.difference(&new.files).count(),
        bytes: staged.iter().map(|file| file.bytes).sum(),
    })
}

/// Moves what was staged into place.
///
/// What can fail for want of room comes first: the manifest and the folders. Files that are no longer part of
/// the book go last, but for those that stand in the way of new ones.
fn commit(
    output: &Output,
    old: &Manifest,
    new: &Manifest,
    staged: &[stage::Staged],
) -> Result<(), Diagnostic> {
    let (in_the_way, stale): (Vec<&String>, Vec<&String>) =
        old.files.difference(&new.files).partition(stands_in_the_way(new));
    if !staged.is_empty() || !stale.is_empty() || !in_the_way.is_empty() {
        let both = Manifest { files: old.files.union(&new.files).cloned().collect() };
        output.write_manifest(&both)?;
    }
    let folders = stage::Folders::of(output);
    for path in in_the_way {
        remove(output, &folders, path)?;
    }
    make_folders(output, staged)?;
    staged.par_iter().try_for_each(|file| {
        let target = output.root.join(&file.path);
        fs::rename(&file.aside, &target).map_err(|error| failed(&target, &error))
    })?;
    for path in stale {
        remove(output, &folders, path)?;
    }
    if *old != *new {
        output.write_manifest(new)?;
    }
    Ok(())
}

/// Tells which files of the old book must go before the new one has room: a file where a folder will be, one
/// in a folder where a file will be, and one whose name differs only in its case.
fn stands_in_the_way(new: &Manifest) -> impl Fn(&&String) -> bool {
    let lower: BTreeSet<String> = new.files.iter().map(|path| path.to_lowercase()).collect();
    move |path| {
        let path = path.to_lowercase();
        let below = format!("{path}/");
        let becomes_folder = lower.range(below.clone()..).next().is_some_and(|next| next.starts_with(&below));
        let was_in_file = path.match_indices('/').any(|(at, _)| lower.contains(&path[..at]));
        becomes_folder || was_in_file || lower.contains(&path)
    }
}

/// Makes the folders of new files; if one cannot be made, those made for it go again.
fn make_folders(output: &Output, staged: &[stage::Staged]) -> Result<(), Diagnostic> {
    let all = staged.iter().flat_map(|file| file.path.match_indices('/').map(|(at, _)| &file.path[..at]));
    let all: BTreeSet<&str> = all.collect();
    let mut by_depth: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for folder in all {
        by_depth.entry(folder.matches('/').count()).or_default().push(folder);
    }
    let mut made = Vec::new();
    for folders in by_depth.values() {
        let results: Vec<_> =
            folders.par_iter().map(|folder| make_folder(output.root.join(folder))).collect();
        let mut faults = Vec::new();
        for result in results {
            match result {
                Ok(folder) => made.extend(folder),
                Err(fault) => faults.push(fault),
            }
        }
        if let Some(fault) = faults.into_iter().next() {
            for folder in made.iter().rev() {
                // What cannot be removed is empty and does no harm.
                let _ = fs::remove_dir(folder);
            }
            return Err(fault);
        }
    }
    Ok(())
}

/// Makes a folder; `None` if it was there.
fn make_folder(folder: PathBuf) -> Result<Option<PathBuf>, Diagnostic> {
    match fs::create_dir(&folder) {
        Ok(()) => Ok(Some(folder)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(None),
        Err(error) => Err(failed(&folder, &error)),
    }
}

/// Removes a file of the book's, and the folders that are empty then. What has become something else since
/// is no longer bindery's: a folder, or anything behind a symbolic link.
fn remove(output: &Output, folders: &stage::Folders<'_>, path: &str) -> Result<(), Diagnostic> {
    let file = output.root.join(path);
    if folders.check(path).is_err() {
        return Ok(());
    }
    match fs::symlink_metadata(&file) {
        Ok(metadata) if metadata.is_dir() => return Ok(()),
        Err(_) => return Ok(()),
        Ok(_) => fs::remove_file(&file).map_err(|error| failed(&file, &error))?,
    }
    let above = file.ancestors().skip(1).take_while(|folder| *folder != output.root);
    for folder in above {
        // Not empty: something is still in it.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// The fault of a path that could not be written.
fn failed(path: &Path, error: &io::Error) -> Diagnostic {
    let hint = match error.kind() {
        io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => {
            "a folder is where a file of the book must be; move it away"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk and build again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "publish elsewhere with `--out DIR`, or make the folder writable"
        }
        _ => "when that is mended, the next build does what is left to do",
    };
    Diagnostic::new(Code::OutputFailed, format!("cannot write this: {error}"))
        .on(path.display().to_string())
        .hint(hint)
}
