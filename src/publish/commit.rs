//! Moves staged outputs into place, and removes files that are no longer part of the book.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::folders::Folders;
use super::manifest::Manifest;
use super::output::{OutputFolder, failed};
use crate::text::Diagnostic;

/// Moves staged outputs into place.
///
/// Steps that need space on the disk come first: the manifest and new folders. Files that are no longer part of the
/// book are removed last, except those in the way of new ones.
///
/// # Errors
/// [`DiagnosticCode::FailedOutput`](crate::text::DiagnosticCode::FailedOutput) with the path.
pub fn commit(output: &OutputFolder, old: &Manifest, new: &Manifest) -> Result<(), Diagnostic> {
    let (in_the_way, stale): (Vec<&String>, Vec<&String>) =
        old.files.difference(&new.files).partition(is_in_the_way(new));

    // Until all files are in place, the manifest lists old and new ones, so that the next build knows both.
    let mut both = new.clone();
    both.files.extend(old.files.iter().cloned());
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

/// The files and folders to rename, each as its temporary and its final path.
#[derive(Default)]
struct Moves {
    /// New folders, with everything in them.
    folders: Vec<(PathBuf, PathBuf)>,
    /// Files in folders that exist.
    files: Vec<(PathBuf, PathBuf)>,
}

impl Moves {
    /// Compares a temporary folder with its final one.
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

    /// Moves the folders, which replace nothing, and then the files. If a folder cannot be moved, the others are
    /// moved back.
    fn make(&self) -> Result<(), Diagnostic> {
        // Before anything moves: can files be written where they must go?
        let changed: BTreeSet<&Path> = self.files.iter().filter_map(|(_, to)| to.parent()).collect();
        Vec::from_iter(changed).into_par_iter().try_for_each(must_be_writable)?;

        let results: Vec<_> = self.folders.par_iter().map(rename).collect();
        if let Some(Err(diagnostic)) = results.iter().find(|result| result.is_err()) {
            for ((from, to), result) in self.folders.iter().zip(&results) {
                if result.is_ok() {
                    // If this fails, the folder stays; the manifest lists its files, so the next build replaces them.
                    let _ = fs::rename(to, from);
                }
            }
            return Err(diagnostic.clone());
        }

        self.files.par_iter().try_for_each(rename)
    }
}

fn rename((from, to): &(PathBuf, PathBuf)) -> Result<(), Diagnostic> {
    let renamed = fs::rename(from, to).or_else(|error| match error.kind() {
        // A file replaces a folder without files; one with files was refused earlier.
        io::ErrorKind::IsADirectory => remove_folders(to).and_then(|()| fs::rename(from, to)),
        _ => Err(error),
    });
    renamed.map_err(|error| failed(to, &error))
}

/// Removes a folder that contains only folders.
fn remove_folders(folder: &Path) -> io::Result<()> {
    for entry in WalkDir::new(folder).contents_first(true) {
        fs::remove_dir(entry?.path())?;
    }
    Ok(())
}

/// Checks that files can be written into a folder. The system is asked, because a file that is written to find out
/// would stay if the build was killed.
#[cfg(unix)]
fn must_be_writable(folder: &Path) -> Result<(), Diagnostic> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};

    accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)
        .map_err(|error| failed(folder, &error.into()))
}

#[cfg(not(unix))]
fn must_be_writable(_: &Path) -> Result<(), Diagnostic> {
    Ok(())
}

/// Tells which old files must be removed before the new ones are moved into place: a file where a folder will be, a
/// file in a folder where a file will be, and a file whose name differs from a new one only in its case.
fn is_in_the_way(new: &Manifest) -> impl Fn(&&String) -> bool {
    let lower: BTreeSet<String> = new.files.iter().map(|path| path.to_lowercase()).collect();

    move |path| {
        let path = path.to_lowercase();
        let below = format!("{path}/");
        let becomes_folder = lower.range(below.clone()..).next().is_some_and(|next| next.starts_with(&below));
        let was_in_file = path.match_indices('/').any(|(at, _)| lower.contains(&path[..at]));
        becomes_folder || was_in_file || lower.contains(&path)
    }
}

/// Removes a file of the book, and the folders that are empty then. If there is a folder at its path by now, or a
/// symbolic link above it, nothing is removed: that is not bindery's.
fn remove(output: &OutputFolder, folders: &Folders<'_>, path: &str) -> Result<(), Diagnostic> {
    if folders.check(path).is_err() {
        return Ok(());
    }
    let file = output.root.join(path);
    match fs::symlink_metadata(&file) {
        Ok(metadata) if metadata.is_dir() => return Ok(()),
        Err(_) => return Ok(()),
        Ok(_) => fs::remove_file(&file).map_err(|error| failed(&file, &error))?,
    }

    let above = file.ancestors().skip(1).take_while(|folder| *folder != output.root);
    for folder in above {
        // Fails at the first folder that is not empty.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}
