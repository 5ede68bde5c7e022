//! The output folder: whether it may be one, and what bindery keeps in it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::manifest::Manifest;
use crate::read::Layout;
use crate::text::url::OWN;
use crate::text::{Diagnostic, DiagnosticCode};

/// Whether foreign files may be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignFiles {
    /// A folder with files of others is refused, and so is a file of others where one of the book must be.
    #[default]
    Refuse,
    /// `--force`: they are replaced where the book needs their place, and otherwise left alone.
    Replace,
}

/// A folder that may be published into. While it is held, no other build publishes there.
#[derive(Debug)]
pub struct OutputFolder {
    /// The folder, absolute, symbolic links resolved.
    pub root: PathBuf,
    /// Bindery's own folder in it: for the manifest, the lock and what is written aside.
    own: PathBuf,
    /// Where outputs are written before they are moved into place.
    pub aside: PathBuf,
    /// Whether files of others may be replaced.
    pub foreign: ForeignFiles,
    /// Released by the system when the program ends, however it ends.
    _lock: File,
}

impl OutputFolder {
    /// Opens a folder for publishing, making it if it is not there.
    ///
    /// # Errors
    /// [`DiagnosticCode::RefusedOutput`] if it is, holds or is inside an input folder, if others have files in it, or
    /// if another build is publishing there; [`DiagnosticCode::FailedOutput`] if it cannot be made.
    pub fn open(out: &Path, layout: &Layout, foreign: ForeignFiles) -> Result<Self, Diagnostic> {
        let shown = out.display().to_string();
        let refuse =
            |message: String| Diagnostic::new(DiagnosticCode::RefusedOutput, message).on(shown.clone());
        let root = resolve(out);
        for input in layout.inputs().iter().chain([&layout.root]) {
            let resolved = resolve(input);
            let is_root = *input == layout.root;
            if resolved.starts_with(&root) || (!is_root && root.starts_with(&resolved)) {
                let name = if is_root { "the book".to_owned() } else { format!("`{}`", input.display()) };
                let relation = match (resolved == root, resolved.starts_with(&root)) {
                    (true, _) => "be",
                    (_, true) => "hold",
                    _ => "be inside",
                };
                return Err(refuse(format!("the output folder would {relation} {name}"))
                    .hint("publish beside the inputs: `--out public`"));
            }
        }
        if root.exists() && !root.is_dir() {
            return Err(refuse("this is a file, not a folder".to_owned()));
        }
        let own = root.join(OWN);
        let is_ours = own.join("manifest.json").is_file();
        if foreign == ForeignFiles::Refuse && !is_ours && holds_foreign_files(&root) {
            return Err(refuse("this folder holds files that bindery did not write".to_owned())
                .hint("publish into an empty folder, or into this one with `--force`: files that the book needs are replaced, others left alone"));
        }
        let (aside, path) = (own.join("aside"), own.join("lock"));
        if let Some(link) = [&own, &path].into_iter().find(|path| path.is_symlink()) {
            return Err(refuse(format!("`{}` is a symbolic link", link.display()))
                .hint("remove it; bindery writes into folders of its own only"));
        }
        fs::create_dir_all(&own).map_err(|error| failed(&own, &error))?;
        let lock =
            File::options().create(true).append(true).open(&path).map_err(|error| failed(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(refuse("another bindery is publishing into this folder".to_owned())
                    .hint("wait until it is done; two builds at once would mix"));
            }
            // Some network file systems have no locks; there, authors take care themselves.
            Err(TryLockError::Error(_)) => {}
        }
        // What a build left that was stopped.
        match fs::remove_dir_all(&aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&aside, &error)),
            _ => {}
        }
        fs::create_dir_all(&aside).map_err(|error| failed(&aside, &error))?;
        Ok(OutputFolder { root, own, aside, foreign, _lock: lock })
    }

    /// Reads what was published before.
    ///
    /// # Errors
    /// [`DiagnosticCode::RefusedOutput`] if the manifest cannot be understood, unless foreign files may be replaced.
    pub fn manifest(&self) -> Result<Manifest, Diagnostic> {
        let path = self.own.join("manifest.json");
        let Ok(json) = fs::read(&path) else { return Ok(Manifest::default()) };
        match Manifest::read(&json) {
            Ok(manifest) => Ok(manifest),
            Err(_) if self.foreign == ForeignFiles::Replace => Ok(Manifest::default()),
            Err(message) => Err(Diagnostic::new(
                DiagnosticCode::RefusedOutput,
                format!("this manifest cannot be read: {message}"),
            )
            .on(path.display().to_string())
            .hint("empty the output folder, or publish with `--force`")),
        }
    }

    /// Replaces the manifest.
    ///
    /// # Errors
    /// [`DiagnosticCode::FailedOutput`].
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), Diagnostic> {
        let path = self.own.join("manifest.json");
        let new = path.with_extension("new");
        let written = create(&new).and_then(|mut file| file.write_all(&manifest.to_json()));
        written.map_err(|error| failed(&new, &error))?;
        fs::rename(&new, &path).map_err(|error| failed(&path, &error))
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // Left there, it is removed by the next build.
        let _ = fs::remove_dir_all(&self.aside);
    }
}

/// Whether a folder holds anything but what a stopped first build left.
fn holds_foreign_files(root: &Path) -> bool {
    fs::read_dir(root)
        .is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != OWN)))
}

/// A path made absolute, with symbolic links resolved as far as it exists.
fn resolve(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut resolved = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => {
                resolved.pop();
            }
            Component::CurDir => {}
            other => {
                resolved.push(other);
                if let Ok(real) = resolved.canonicalize() {
                    resolved = real;
                }
            }
        }
    }
    resolved
}

/// Makes a file of bindery's own, never through a link. One is left there if the program was stopped just then.
pub(super) fn create(path: &Path) -> io::Result<File> {
    File::create_new(path).or_else(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => fs::remove_file(path).and_then(|()| File::create_new(path)),
        _ => Err(error),
    })
}

/// The fault of a path that could not be written.
pub(super) fn failed(path: &Path, error: &io::Error) -> Diagnostic {
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
    Diagnostic::new(DiagnosticCode::FailedOutput, format!("cannot write this: {error}"))
        .on(path.display().to_string())
        .hint(hint)
}
