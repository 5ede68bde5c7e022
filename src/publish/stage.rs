//! Makes all outputs, in parallel, and writes those that differ from the published ones to a temporary folder.
//!
//! The temporary folder has the structure of the output folder, so that a new folder can be moved into place as a
//! whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::folders::Folders;
use super::manifest::Manifest;
use super::offline::{self, PublishedFile};
use super::output::{ForeignFiles, OutputFolder, failed};
use crate::read::AssetBody;
use crate::render::site::Renderer;
use crate::render::{self, Bundle, Promise, Site};
use crate::text::{Diagnostic, DiagnosticCode, Digest};

/// Outputs per task; small, because they do not take equally long and threads should finish together.
const SHARE: usize = 8;

/// The outputs that are new or changed.
#[derive(Debug, Default)]
pub struct Staged {
    /// How many they are.
    pub files: usize,
    /// Their total length.
    pub bytes: u64,
    /// The paths of all files in bundles, new or not, and their short digests.
    pub bundled: BTreeMap<String, String>,
    /// The paths of the files that let the book be read offline.
    pub offline: Vec<String>,
    /// What is wrong with what the outputs were made of.
    pub warnings: Vec<Diagnostic>,
}

impl Staged {
    /// Counts an output by the length that was written; `None` if it is published already.
    fn count(&mut self, written: Option<u64>) {
        if let Some(bytes) = written {
            self.files += 1;
            self.bytes += bytes;
        }
    }
}

/// Makes the outputs of a site, and writes the changed ones to the temporary folder, each at its final path.
///
/// # Errors
/// All errors of all outputs; then nothing may be published.
pub fn stage(
    site: &Site,
    renderer: &Renderer,
    output: &OutputFolder,
    old: &Manifest,
    accepts: &dyn Fn(&mut Vec<Diagnostic>) -> bool,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Staged, Vec<Diagnostic>> {
    let stage = Stage::new(site, output, old);
    let done = AtomicUsize::new(0);
    let stage_promise = |(path, promise): &(&String, &Arc<Promise>)| {
        let written = promise
            .keep_once(renderer)
            .and_then(|made| Ok((stage.output(path, &made.output)?, made.warnings)));
        progress(done.fetch_add(1, Ordering::Relaxed) + 1);
        written
    };

    // Bundles take longest, so they begin first.
    let promises: Vec<(&String, &Arc<Promise>)> = site.promises.iter().collect();
    let (bundles, pages): (Vec<_>, Vec<_>) = rayon::join(
        || site.bundles.par_iter().map(|(folder, bundle)| stage.bundle(folder, bundle, renderer)).collect(),
        || promises.par_iter().with_max_len(SHARE).map(stage_promise).collect(),
    );

    let mut staged = Staged::default();
    let mut diagnostics = Vec::new();
    for bundle in bundles {
        match bundle {
            Ok(files) => {
                for BundledFile { path, digest, written } in files {
                    staged.bundled.insert(path, digest);
                    staged.count(written);
                }
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    for page in pages {
        match page {
            Ok((written, warnings)) => {
                staged.count(written);
                staged.warnings.extend(warnings);
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }

    if diagnostics.is_empty() && !accepts(&mut staged.warnings) {
        return Err(staged.warnings);
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }

    // A file of the author's at the same path comes first, as everywhere.
    for (path, text) in stage.offline_files() {
        if !site.promises.contains_key(path) {
            let made = render::Output::Bytes(text.into());
            staged.count(stage.output(path, &made).map_err(|diagnostic| vec![diagnostic])?);
            staged.offline.push(path.to_owned());
        }
    }
    Ok(staged)
}

/// What is known of the output folder during staging.
struct Stage<'s> {
    output: &'s OutputFolder,
    old: &'s Manifest,
    folders: Folders<'s>,
    /// Files of the old book that are not in the new one, by their paths in lower case.
    stale: HashMap<String, &'s String>,
    /// The files that are kept for reading offline, if any are.
    kept: Option<Mutex<BTreeMap<String, PublishedFile>>>,
}

impl<'s> Stage<'s> {
    fn new(site: &Site, output: &'s OutputFolder, old: &'s Manifest) -> Self {
        let is_stale = |path: &&String| !site.promises.contains_key(*path) && site.bundle(path).is_none();
        let stale = old.files.iter().filter(is_stale).map(|path| (path.to_lowercase(), path));
        let kept = site.offline.then(Mutex::default);
        Stage { output, old, folders: Folders::of(output, old), stale: stale.collect(), kept }
    }

    /// The files that let the book be read offline, if it is to be.
    fn offline_files(&self) -> Vec<(&'static str, String)> {
        let kept = self.kept.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner));
        kept.map(|kept| offline::outputs(&kept).into()).unwrap_or_default()
    }

    /// Notes a file that is kept for reading offline.
    fn note(&self, path: &str, file: impl FnOnce() -> io::Result<PublishedFile>) -> Result<(), Diagnostic> {
        if let Some(kept) = self.kept.as_ref().filter(|_| offline::is_kept(path)) {
            let file = file().map_err(|error| failed(&self.output.root.join(path), &error))?;
            kept.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), file);
        }
        Ok(())
    }

    /// Writes an output to the temporary folder unless it is published already. Returns the length that was written.
    fn output(&self, path: &str, made: &render::Output) -> Result<Option<u64>, Diagnostic> {
        let body = OutputBody::open(made)?;
        self.note(path, || PublishedFile::of(made))?;
        if self.folders.check(path)? && self.is_published(path, made)? {
            return Ok(None);
        }
        write(path, body, self.output).map(Some)
    }

    /// Whether an output is published already. A file or folder at its path that bindery did not write is an error.
    fn is_published(&self, path: &str, made: &render::Output) -> Result<bool, Diagnostic> {
        let target = self.output.root.join(path);
        let Ok(metadata) = fs::symlink_metadata(&target) else { return Ok(false) };

        // Where a file system ignores case, a chapter renamed from `A` to `a` finds its old file here.
        let old_name = self.stale.get(&path.to_lowercase());
        let is_renamed = old_name.is_some_and(|old| is_same_file(&self.output.root.join(old), &target));
        if !is_renamed && metadata.is_file() && is_same(&target, metadata.len(), made).unwrap_or(false) {
            return Ok(true);
        }

        let is_ours = if metadata.is_dir() {
            is_folder_of(self.old, self.output, path)
        } else {
            self.old.files.contains(path)
        };
        if is_ours || is_renamed {
            return Ok(false);
        }

        let (message, hint) = if metadata.is_dir() {
            (
                "a folder with files that bindery did not write is where a file of the book must be",
                "move it away",
            )
        } else if self.output.foreign == ForeignFiles::Refuse {
            (
                "a file of the book must be here, but bindery did not write this file",
                "move it away, or replace it with `--force`; files of your own for the site belong in `static/`",
            )
        } else {
            return Ok(false);
        };
        let diagnostic =
            Diagnostic::new(DiagnosticCode::RefusedOutput, message).on(target.display().to_string());
        Err(diagnostic.hint(hint))
    }

    /// Makes a bundle, unless it is published already and undamaged.
    fn bundle(
        &self,
        folder: &str,
        bundle: &Bundle,
        renderer: &Renderer,
    ) -> Result<Vec<BundledFile>, Diagnostic> {
        // The folder is named after everything that the bundle depends on, so the files need not be made to compare
        // them.
        let published = self.old.bundled.range(folder.to_owned()..);
        let published: Vec<_> = published.take_while(|(path, _)| path.starts_with(folder)).collect();
        if !published.is_empty() && published.par_iter().all(|(path, digest)| self.is_undamaged(path, digest))
        {
            for (path, _) in &published {
                self.note(path, || PublishedFile::at(&self.output.root.join(path)))?;
            }
            let file = |(path, digest): (&String, &String)| BundledFile {
                path: path.clone(),
                digest: digest.clone(),
                written: None,
            };
            return Ok(published.into_iter().map(file).collect());
        }

        let mut files = Vec::new();
        for (name, bytes) in &*bundle.keep_once(&renderer.indexes)? {
            let path = format!("{folder}{name}");
            let written = self.output(&path, &render::Output::Bytes(bytes.clone()))?;
            files.push(BundledFile { path, digest: Digest::of(bytes).short(), written });
        }
        Ok(files)
    }

    /// Whether a published file has the bytes that were written.
    fn is_undamaged(&self, path: &str, digest: &str) -> bool {
        let is_there = self.folders.check(path).is_ok_and(|is_there| is_there);
        let target = self.output.root.join(path);
        is_there
            && fs::symlink_metadata(&target).is_ok_and(|metadata| metadata.is_file())
            && File::open(&target).and_then(Digest::of_reader).is_ok_and(|found| found.short() == digest)
    }
}

/// A file of a bundle.
struct BundledFile {
    path: String,
    /// The short digest of its bytes.
    digest: String,
    /// The length that was written; `None` if it is published already.
    written: Option<u64>,
}

/// Whether two paths are the same file.
fn is_same_file(a: &Path, b: &Path) -> bool {
    let (a, b) = (fs::canonicalize(a), fs::canonicalize(b));
    a.is_ok_and(|a| b.is_ok_and(|b| a == b))
}

/// Whether a folder at the path of an output contains only files of the old book, which will be removed.
fn is_folder_of(old: &Manifest, output: &OutputFolder, path: &str) -> bool {
    WalkDir::new(output.root.join(path)).into_iter().all(|entry| {
        let Ok(entry) = entry else { return false };
        let below = entry.path().strip_prefix(&output.root).ok().and_then(Path::to_str);
        let name = below.map(|below| below.replace(std::path::MAIN_SEPARATOR, "/"));
        entry.file_type().is_dir() || name.is_some_and(|name| old.files.contains(&name))
    })
}

/// What an output is written from.
enum OutputBody<'o> {
    Bytes(&'o [u8]),
    /// The file of the book that it is a copy of.
    File(File),
}

impl<'o> OutputBody<'o> {
    /// Opens the file that an output is a copy of. It can be gone since the book was read.
    fn open(made: &'o render::Output) -> Result<Self, Diagnostic> {
        let asset = match made {
            render::Output::Bytes(bytes) => return Ok(OutputBody::Bytes(bytes)),
            render::Output::File(asset) => asset,
        };
        let source = match &asset.body {
            AssetBody::Embedded(bytes) => return Ok(OutputBody::Bytes(bytes)),
            AssetBody::Disk(source) => source,
        };

        File::open(source).map(OutputBody::File).map_err(|error| {
            let message =
                format!("this file was there when the book was read, and cannot be read now: {error}");
            Diagnostic::new(DiagnosticCode::UnreadableFile, message).on(&asset.path).hint("build again")
        })
    }
}

/// Writes an output to the temporary folder. Returns its length.
fn write(path: &str, body: OutputBody<'_>, output: &OutputFolder) -> Result<u64, Diagnostic> {
    let aside = output.aside.join(path);
    let write = || -> io::Result<u64> {
        fs::create_dir_all(aside.parent().unwrap_or(&output.aside))?;

        match body {
            OutputBody::Bytes(bytes) => fs::write(&aside, bytes).map(|()| bytes.len() as u64),
            // Not `fs::copy`, which keeps the mode: a server must be able to read the copy of a private file.
            OutputBody::File(mut source) => io::copy(&mut source, &mut File::create(&aside)?),
        }
    };

    write().map_err(|error| failed(&output.root.join(path), &error))
}

/// Whether a file has the content of an output.
fn is_same(target: &Path, length: u64, made: &render::Output) -> io::Result<bool> {
    let bytes: &[u8] = match made {
        render::Output::Bytes(bytes) => bytes,
        render::Output::File(asset) => match &asset.body {
            AssetBody::Embedded(bytes) => bytes,
            AssetBody::Disk(source) => {
                return Ok(fs::metadata(source)?.len() == length && has_same_bytes(target, source)?);
            }
        },
    };
    Ok(length == bytes.len() as u64 && fs::read(target)? == bytes)
}

/// Compares two files in pieces, so that large ones are not held in memory.
fn has_same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::read::Asset;

    #[test]
    fn a_file_that_is_gone_is_named_by_its_path_in_the_book() {
        let body = AssetBody::Disk(PathBuf::from("/no/such/folder/plan.png"));
        let asset = Asset { path: "content/plan.png".to_owned(), digest: Digest::of(b""), image: None, body };
        let Err(diagnostic) = OutputBody::open(&render::Output::File(Arc::new(asset))) else {
            panic!("there is no such file");
        };
        assert_eq!(diagnostic.file(), Some("content/plan.png"));
        assert!(diagnostic.message.contains("cannot be read now"), "{}", diagnostic.message);
    }
}
