//! Site → disk, so that it can be stopped at any time and nothing of anybody else's is touched.
//!
//! All outputs are made and written aside first ([`mod@stage`]); a fault or a full disk up to there leaves the
//! book that was published before as it is. Then files that are no longer part of the book are removed and
//! the new ones renamed into place. The manifest lists what is bindery's ([`mod@manifest`]); while files move,
//! it lists the old and the new ones, so that a build that was stopped is finished by the next.

pub mod manifest;
pub mod output;
pub mod stage;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

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
fn commit(
    output: &Output,
    old: &Manifest,
    new: &Manifest,
    staged: &[stage::Staged],
) -> Result<(), Diagnostic> {
    let stale: Vec<&String> = old.files.difference(&new.files).collect();
    if !staged.is_empty() || !stale.is_empty() {
        let both = Manifest { files: old.files.union(&new.files).cloned().collect() };
        output.write_manifest(&both)?;
    }
    // First, so that a file can become a folder, and a name change its case.
    for path in stale {
        remove(output, path)?;
    }
    let mut made: BTreeSet<&str> = BTreeSet::new();
    for file in staged {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if made.insert(folder) {
            let folder = output.root.join(folder);
            fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        }
        let target = output.root.join(&file.path);
        fs::rename(&file.aside, &target).map_err(|error| failed(&target, &error))?;
    }
    if *old != *new {
        output.write_manifest(new)?;
    }
    Ok(())
}

/// Removes a file of the book's, and the folders that are empty then.
fn remove(output: &Output, path: &str) -> Result<(), Diagnostic> {
    let file = output.root.join(path);
    match fs::remove_file(&file) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(&file, &error)),
    }
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != output.root);
    for folder in folders {
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
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room on the disk; the book published before is as it was"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "publish elsewhere with `--out DIR`, or make the folder writable"
        }
        _ => "when that is mended, the next build does what is left to do",
    };
    Diagnostic::new(Code::OutputFailed, format!("cannot write this: {error}"))
        .on(path.display().to_string())
        .hint(hint)
}
