//! Making all outputs, in parallel, and writing aside those that differ from what is published.
//!
//! What is written aside is a tree like that of the output folder, so that a folder that is new can be moved
//! into place as a whole.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use foldhash::HashMap;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::folders::Folders;
use super::manifest::Manifest;
use super::output::{ForeignFiles, OutputFolder, failed};
use crate::read::AssetBody;
use crate::render::site::Renderer;
use crate::render::{self, Bundle, Promise, Site};
use crate::text::{Diagnostic, DiagnosticCode};

/// So many outputs are one thread's own. They do not take equally long: where shares are small, all threads are done
/// at the same time.
const SHARE: usize = 8;

/// The outputs that are new or changed.
#[derive(Debug, Default)]
pub struct Staged {
    /// How many they are.
    pub files: usize,
    /// How long they are together.
    pub bytes: u64,
    /// The paths of all files in bundles, new or not.
    pub bundled: Vec<String>,
}

/// Makes the outputs of a site and writes the changed ones aside, each at the path that it will have.
///
/// # Errors
/// All faults of all outputs; then nothing is to be published.
pub fn stage(
    site: &Site,
    renderer: &Renderer,
    output: &OutputFolder,
    old: &Manifest,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Staged, Vec<Diagnostic>> {
    let done = AtomicUsize::new(0);
    let stage = Stage::new(site, output, old);
    // Those that take longest begin first.
    let bundles = || -> Vec<_> {
        site.bundles.par_iter().map(|(folder, bundle)| stage.bundle(folder, bundle)).collect()
    };
    let promises: Vec<(&String, &Arc<Promise>)> = site.promises.iter().collect();
    let pages = || -> Vec<Result<Option<u64>, Diagnostic>> {
        let stage = |(path, promise): &(&String, &Arc<Promise>)| {
            let written = promise.keep_once(renderer).and_then(|made| stage.output(path, &made));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            written
        };
        promises.par_iter().with_max_len(SHARE).map(stage).collect()
    };
    let (bundles, pages) = rayon::join(bundles, pages);
    let mut staged = Staged::default();
    let mut faults = Vec::new();
    let mut written = pages;
    for bundle in bundles {
        match bundle {
            Ok(files) => {
                for (path, length) in files {
                    staged.bundled.push(path);
                    written.push(Ok(length));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    for result in written {
        match result {
            Ok(Some(bytes)) => {
                staged.files += 1;
                staged.bytes += bytes;
            }
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(staged) } else { Err(faults) }
}

/// What is known of the output folder while outputs are written aside.
struct Stage<'s> {
    output: &'s OutputFolder,
    old: &'s Manifest,
    folders: Folders<'s>,
    /// Files of the old book that are not in the new one, by their paths in small letters.
    stale: HashMap<String, &'s String>,
}

impl<'s> Stage<'s> {
    fn new(site: &Site, output: &'s OutputFolder, old: &'s Manifest) -> Self {
        let is_stale = |path: &&String| !site.promises.contains_key(*path) && site.bundle(path).is_none();
        let stale = old.files.iter().filter(is_stale).map(|path| (path.to_lowercase(), path));
        Stage { output, old, folders: Folders::of(output, old), stale: stale.collect() }
    }

    /// Writes an output aside if it is not published already, and tells how long it is.
    fn output(&self, path: &str, made: &render::Output) -> Result<Option<u64>, Diagnostic> {
        if self.folders.check(path)? && self.is_published(path, made)? {
            return Ok(None);
        }
        write(path, made, self.output).map(Some)
    }

    fn is_published(&self, path: &str, made: &render::Output) -> Result<bool, Diagnostic> {
        let target = self.output.root.join(path);
        let published = ExistingFile {
            is_ours: match fs::symlink_metadata(&target).is_ok_and(|metadata| metadata.is_dir()) {
                true => is_folder_of(self.old, self.output, path),
                false => self.old.files.contains(path),
            },
            is_renamed: self
                .stale
                .get(&path.to_lowercase())
                .is_some_and(|old| is_same_file(&self.output.root.join(old), &target)),
        };
        is_published(&target, made, self.output.foreign, published)
    }

    /// Makes a bundle, unless it was published before. Gives its files, and how long those are that were written.
    fn bundle(&self, folder: &str, bundle: &Bundle) -> Result<Vec<(String, Option<u64>)>, Diagnostic> {
        let below = |path: &&String| path.starts_with(folder);
        let published: Vec<&String> = self.old.files.range(folder.to_owned()..).take_while(below).collect();
        let is_there = |path: &&String| {
            self.folders.check(path).is_ok_and(|is_there| is_there)
                && fs::symlink_metadata(self.output.root.join(path)).is_ok_and(|metadata| metadata.is_file())
        };
        if !published.is_empty() && published.iter().all(is_there) {
            return Ok(published.into_iter().map(|path| (path.clone(), None)).collect());
        }
        let files = bundle.keep_once()?;
        let stage = |(name, bytes): (&String, &Bytes)| {
            let path = format!("{folder}{name}");
            let length = self.output(&path, &render::Output::Bytes(bytes.clone()))?;
            Ok((path, length))
        };
        files.iter().map(stage).collect()
    }
}

/// What is known of the file that stands where an output will be.
#[derive(Clone, Copy)]
struct ExistingFile {
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
fn is_folder_of(old: &Manifest, output: &OutputFolder, path: &str) -> bool {
    let folder = output.root.join(path);
    fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir())
        && WalkDir::new(&folder).into_iter().all(|entry| {
            let Ok(entry) = entry else { return false };
            let below = entry.path().strip_prefix(&output.root).ok().and_then(Path::to_str);
            let name = below.map(|below| below.replace(std::path::MAIN_SEPARATOR, "/"));
            entry.file_type().is_dir() || name.is_some_and(|name| old.files.contains(&name))
        })
}

/// Whether what was made is published already. What stands in its place and is somebody's is a fault.
fn is_published(
    target: &Path,
    made: &render::Output,
    foreign: ForeignFiles,
    published: ExistingFile,
) -> Result<bool, Diagnostic> {
    let Ok(metadata) = fs::symlink_metadata(target) else { return Ok(false) };
    let ExistingFile { is_ours, is_renamed } = published;
    if !is_renamed && metadata.is_file() && same(target, metadata.len(), made).unwrap_or(false) {
        return Ok(true);
    }
    if !is_ours && !is_renamed && metadata.is_dir() {
        let message = "a folder with files that bindery did not write is where a file of the book must be";
        let fault = Diagnostic::new(DiagnosticCode::RefusedOutput, message).on(target.display().to_string());
        return Err(fault.hint("move it away"));
    }
    if !is_ours && !is_renamed && foreign == ForeignFiles::Refuse {
        return Err(Diagnostic::new(
            DiagnosticCode::RefusedOutput,
            "the book needs the place of this, which bindery did not write",
        )
        .on(target.display().to_string())
        .hint(
            "move it away, or replace it with `--force`; files of your own for the site belong in `static/`",
        ));
    }
    Ok(false)
}

/// Writes an output aside, and tells how long it is.
fn write(path: &str, made: &render::Output, output: &OutputFolder) -> Result<u64, Diagnostic> {
    let aside = output.aside.join(path);
    let write = || -> io::Result<u64> {
        fs::create_dir_all(aside.parent().unwrap_or(&output.aside))?;
        let bytes: &[u8] = match made {
            render::Output::Bytes(bytes) => bytes,
            render::Output::File(asset) => match &asset.body {
                // The bytes alone: a server must be able to read what its author keeps from others.
                AssetBody::Disk(source) => {
                    return io::copy(&mut File::open(source)?, &mut File::create(&aside)?);
                }
                AssetBody::Embedded(bytes) => bytes,
            },
        };
        fs::write(&aside, bytes).map(|()| bytes.len() as u64)
    };
    write().map_err(|error| failed(&output.root.join(path), &error))
}

/// Whether a file holds what was made.
fn same(target: &Path, length: u64, made: &render::Output) -> io::Result<bool> {
    let bytes: &[u8] = match made {
        render::Output::Bytes(bytes) => bytes,
        render::Output::File(asset) => match &asset.body {
            AssetBody::Embedded(bytes) => bytes,
            AssetBody::Disk(source) => {
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
