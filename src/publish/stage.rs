//! Making all outputs, in parallel, and writing aside those that differ from what is published.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::Foreign;
use super::failed;
use super::manifest::{Manifest, is_inside};
use super::output::Output;
use crate::read::Body;
use crate::render::site::Workshop;
use crate::render::{self, Promise, Site};
use crate::text::{Code, Diagnostic};

/// An output that is new or changed.
#[derive(Debug)]
pub struct Staged {
    /// The path in the output folder.
    pub path: String,
    /// Where it was written.
    pub aside: PathBuf,
    /// How long it is.
    pub bytes: u64,
}

/// Makes the outputs of a site and writes the changed ones aside, in the order of their paths.
///
/// # Errors
/// All faults of all outputs; then nothing is to be published.
pub fn stage(
    site: &Site,
    workshop: &Workshop,
    output: &Output,
    old: &Manifest,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Staged>, Vec<Diagnostic>> {
    let done = AtomicUsize::new(0);
    let folders = Folders::of(output);
    let stale = old.files.iter().filter(|path| !site.promises.contains_key(*path));
    let renamed: HashMap<String, &String> = stale.map(|path| (path.to_lowercase(), path)).collect();
    let promises: Vec<(&String, &std::sync::Arc<Promise>)> = site.promises.iter().collect();
    let results: Vec<Result<Option<Staged>, Diagnostic>> = promises
        .par_iter()
        .enumerate()
        .map(|(number, (path, promise))| {
            let made = promise.keep_once(workshop)?;
            let aside = output.aside.join(number.to_string());
            let staged = folders.check(path).and_then(|()| {
                let published = Published {
                    is_ours: old.files.contains(*path) || is_folder_of(old, output, path),
                    is_renamed: renamed
                        .get(&path.to_lowercase())
                        .is_some_and(|old| is_same_file(&output.root.join(old), &output.root.join(path))),
                };
                write(path, &made, &aside, output, published)
            });
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            staged
        })
        .collect();
    let mut staged = Vec::new();
    let mut faults = Vec::new();
    for result in results {
        match result {
            Ok(file) => staged.extend(file),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(staged) } else { Err(faults) }
}

/// What is known of the file that stands where an output will be.
#[derive(Clone, Copy)]
struct Published {
    /// Whether bindery wrote it.
    is_ours: bool,
    /// Whether bindery wrote it under a name in another case, which some file systems take for the same.
    is_renamed: bool,
}

/// Whether two names are of one file, as they are where a file system does not tell upper from lower case.
fn is_same_file(a: &Path, b: &Path) -> bool {
    let (a, b) = (fs::canonicalize(a), fs::canonicalize(b));
    a.is_ok_and(|a| b.is_ok_and(|b| a == b))
}

/// Whether a folder, where a file will be, holds nothing but files of the old book, which will be gone then.
fn is_folder_of(old: &Manifest, output: &Output, path: &str) -> bool {
    let folder = output.root.join(path);
    fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir())
        && WalkDir::new(&folder).into_iter().all(|entry| {
            let Ok(entry) = entry else { return false };
            let below = entry.path().strip_prefix(&output.root).ok().and_then(Path::to_str);
            let name = below.map(|below| below.replace(std::path::MAIN_SEPARATOR, "/"));
            entry.file_type().is_dir() || name.is_some_and(|name| old.files.contains(&name))
        })
}

/// Writes one output aside, unless the same bytes are published already.
fn write(
    path: &str,
    made: &render::Output,
    aside: &Path,
    output: &Output,
    published: Published,
) -> Result<Option<Staged>, Diagnostic> {
    let target = output.root.join(path);
    if let Ok(metadata) = fs::symlink_metadata(&target) {
        let is_same = !published.is_renamed
            && metadata.is_file()
            && same(&target, metadata.len(), made).unwrap_or(false);
        if is_same {
            return Ok(None);
        }
        if !published.is_ours && !published.is_renamed && output.foreign == Foreign::Refuse {
            return Err(Diagnostic::new(Code::OutputRefused, "the book needs the place of this, which bindery did not write")
                .on(target.display().to_string())
                .hint("move it away, or replace it with `--force`; files of your own for the site belong in `static/`"));
        }
    }
    let write = || -> io::Result<u64> {
        match made {
            render::Output::Bytes(bytes) => fs::write(aside, bytes).map(|()| bytes.len() as u64),
            render::Output::File(asset) => match &asset.body {
                // The bytes alone: a server must be able to read what its author keeps from others.
                Body::Disk(source) => io::copy(&mut File::open(source)?, &mut File::create(aside)?),
                Body::Embedded(bytes) => fs::write(aside, bytes).map(|()| bytes.len() as u64),
            },
        }
    };
    let bytes = write().map_err(|error| failed(&target, &error))?;
    Ok(Some(Staged { path: path.to_owned(), aside: aside.to_owned(), bytes }))
}

/// Whether a file holds what was made.
fn same(target: &Path, length: u64, made: &render::Output) -> io::Result<bool> {
    let bytes: &[u8] = match made {
        render::Output::Bytes(bytes) => bytes,
        render::Output::File(asset) => match &asset.body {
            Body::Embedded(bytes) => bytes,
            Body::Disk(source) => {
                return Ok(fs::metadata(source)?.len() == length && same_files(target, source)?);
            }
        },
    };
    Ok(length == bytes.len() as u64 && fs::read(target)? == bytes)
}

fn same_files(a: &Path, b: &Path) -> io::Result<bool> {
    const CHUNK: usize = 1 << 16;
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    let (mut left, mut right) = (Vec::with_capacity(CHUNK), Vec::with_capacity(CHUNK));
    loop {
        left.clear();
        right.clear();
        (&mut a).take(CHUNK as u64).read_to_end(&mut left)?;
        (&mut b).take(CHUNK as u64).read_to_end(&mut right)?;
        if left != right || left.is_empty() {
            return Ok(left == right);
        }
    }
}

/// Checks that no folder on the way to an output is a symbolic link: writing through it would touch files
/// elsewhere.
pub(super) struct Folders<'o> {
    root: &'o Path,
    checked: Mutex<HashSet<String>>,
}

impl<'o> Folders<'o> {
    /// Checks nothing yet.
    pub(super) fn of(output: &'o Output) -> Self {
        Folders { root: &output.root, checked: Mutex::default() }
    }

    pub(super) fn check(&self, path: &str) -> Result<(), Diagnostic> {
        if !is_inside(path) {
            return Err(Diagnostic::new(
                Code::OutputRefused,
                format!("`{path}` would be outside of the output folder"),
            ));
        }
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            let mut checked = self.checked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if checked.contains(folder) {
                continue;
            }
            let full = self.root.join(folder);
            if fs::symlink_metadata(&full).is_ok_and(|metadata| metadata.is_symlink()) {
                return Err(Diagnostic::new(
                    Code::OutputRefused,
                    "this symbolic link is where a folder of the book must be",
                )
                .on(full.display().to_string())
                .hint("remove it; bindery does not write through links inside the output folder"));
            }
            checked.insert(folder.to_owned());
        }
        Ok(())
    }
}
