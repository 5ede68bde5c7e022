//! Moving what was staged into place, and removing what is no longer part of the book.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::folders::Folders;
use super::manifest::Manifest;
use super::output::{OutputFolder, create, failed};
use crate::text::Diagnostic;
use crate::text::url::OWN;

/// Moves what was staged into place.
///
/// What can fail for want of room comes first: the manifest and new folders. Files that are no longer part of
/// the book go last, but for those that stand in the way of new ones.
///
/// # Errors
/// [`DiagnosticCode::FailedOutput`](crate::text::DiagnosticCode::FailedOutput) with the path.
pub fn commit(output: &OutputFolder, old: &Manifest, new: &Manifest) -> Result<(), Diagnostic> {
    let (in_the_way, stale): (Vec<&String>, Vec<&String>) =
        old.files.difference(&new.files).partition(stands_in_the_way(new));
    let both = Manifest { files: old.files.union(&new.files).cloned().collect() };
    if both != *old {
        output.write_manifest(&both)?;
    }
    let folders = Folders::of(output, old);
    for path in in_the_way {
        remove(output, &folders, path)?;
    }
    let mut moves = Moves::default();
    moves.plan(&output.aside, &output.root)?;
    moves.make()?;
    for path in stale {
        remove(output, &folders, path)?;
    }
    if both != *new {
        output.write_manifest(new)?;
    }
    Ok(())
}

/// What is to be renamed: where it was written and where it will be.
#[derive(Default)]
struct Moves {
    /// Folders that are new, with all that is in them.
    folders: Vec<(PathBuf, PathBuf)>,
    /// Files in folders that are there.
    files: Vec<(PathBuf, PathBuf)>,
}

impl Moves {
    /// Compares a folder that was written aside with the one that it is to become.
    fn plan(&mut self, from: &Path, to: &Path) -> Result<(), Diagnostic> {
        for entry in fs::read_dir(from).map_err(|error| failed(from, &error))? {
            let entry = entry.map_err(|error| failed(from, &error))?;
            let (from, to) = (entry.path(), to.join(entry.file_name()));
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.files.push((from, to));
            } else if fs::symlink_metadata(&to).is_ok_and(|metadata| metadata.is_dir()) {
                self.plan(&from, &to)?;
            } else {
                self.folders.push((from, to));
            }
        }
        Ok(())
    }

    /// Moves the folders, which replace nothing, and then the files. If one of the folders cannot be moved,
    /// the others go back; and none is, if a folder cannot be written into.
    fn make(&self) -> Result<(), Diagnostic> {
        let changed: BTreeSet<&Path> = self.files.iter().filter_map(|(_, to)| to.parent()).collect();
        changed.into_iter().collect::<Vec<_>>().into_par_iter().try_for_each(probe)?;
        let rename = |(from, to): &(PathBuf, PathBuf)| {
            // A file takes the place of a folder that holds no file.
            let renamed = fs::rename(from, to).or_else(|error| match error.kind() {
                io::ErrorKind::IsADirectory => remove_folders(to).and_then(|()| fs::rename(from, to)),
                _ => Err(error),
            });
            renamed.map_err(|error| failed(to, &error))
        };
        let results: Vec<_> = self.folders.par_iter().map(rename).collect();
        if let Some(Err(fault)) = results.iter().find(|result| result.is_err()) {
            for ((from, to), _) in self.folders.iter().zip(&results).filter(|(_, result)| result.is_ok()) {
                // One that stays is of this book, and the next build takes it over.
                let _ = fs::rename(to, from);
            }
            return Err(fault.clone());
        }
        self.files.par_iter().try_for_each(rename)
    }
}

/// Removes a folder in which there are only folders.
fn remove_folders(folder: &Path) -> io::Result<()> {
    for entry in WalkDir::new(folder).contents_first(true) {
        fs::remove_dir(entry?.path())?;
    }
    Ok(())
}

/// Finds out whether files can be put into a folder.
fn probe(folder: &Path) -> Result<(), Diagnostic> {
    let path = folder.join(format!("{OWN}-probe"));
    create(&path).and_then(|_| fs::remove_file(&path)).map_err(|error| failed(folder, &error))
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

/// Removes a file of the book's, and the folders that are empty then. What has become something else since
/// is no longer bindery's: a folder, or anything behind a symbolic link.
fn remove(output: &OutputFolder, folders: &Folders<'_>, path: &str) -> Result<(), Diagnostic> {
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
