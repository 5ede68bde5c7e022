//! The output folder: whether bindery may publish into it, and the files that bindery keeps there for itself.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::manifest::Manifest;
use crate::read::Layout;
use crate::text::url::OWN;
use crate::text::{Diagnostic, DiagnosticCode};

/// Whether foreign files, which bindery did not write, may be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignFiles {
    /// A folder with foreign files is refused, and so is a foreign file at the path of an output.
    #[default]
    Refuse,
    /// `--force`: foreign files at paths of outputs are replaced; others stay.
    Replace,
}

/// A folder that may be published into. As long as this value lives, no other build publishes there.
#[derive(Debug)]
pub struct OutputFolder {
    /// The folder, absolute, symbolic links resolved.
    pub root: PathBuf,
    /// Bindery's folder in it, for the manifest, the lock and temporary files.
    own: PathBuf,
    /// The temporary folder in which outputs are written before they are moved into place.
    pub aside: PathBuf,
    /// Whether foreign files may be replaced.
    pub foreign: ForeignFiles,
    /// The system releases the lock when the program ends, also if it crashes.
    _lock: File,
}

impl OutputFolder {
    /// Opens a folder for publishing. It is created if it does not exist.
    ///
    /// # Errors
    /// [`DiagnosticCode::RefusedOutput`] if it is, contains or is inside an input folder, if it contains foreign
    /// files, or if another build is publishing there; [`DiagnosticCode::FailedOutput`] if it cannot be created.
    pub fn open(out: &Path, layout: &Layout, foreign: ForeignFiles) -> Result<Self, Diagnostic> {
        let root = resolve(out);
        refuse_inputs(out, &root, layout)?;
        if root.exists() && !root.is_dir() {
            return Err(refuse(out, "this is a file, not a folder"));
        }

        let own = root.join(OWN);
        let is_ours = own.join("manifest.json").is_file();
        // A folder with a manifest was published into before, with or without foreign files.
        if foreign == ForeignFiles::Refuse && !is_ours && holds_foreign_files(&root) {
            let hint = "publish into an empty folder, or into this one with `--force`: files that the book needs are \
                        replaced, others left alone";
            return Err(refuse(out, "this folder contains files that bindery did not write").hint(hint));
        }

        let lock = lock(out, &own)?;

        // A build that was stopped has left its temporary files.
        let aside = own.join("aside");
        match fs::remove_dir_all(&aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&aside, &error)),
            _ => {}
        }
        fs::create_dir_all(&aside).map_err(|error| failed(&aside, &error))?;

        Ok(OutputFolder { root, own, aside, foreign, _lock: lock })
    }

    /// Refuses a folder that a book may not name: what is built may be a stranger's.
    ///
    /// # Errors
    /// [`DiagnosticCode::RefusedOutput`].
    pub fn refuse_outside(out: &Path, layout: &Layout) -> Result<(), Diagnostic> {
        match layout.refusal(&resolve(out)) {
            Some(reason) => Err(refuse(out, format!("the output folder {reason}"))
                .hint("name it yourself if it is right: `--out DIR`")),
            None => Ok(()),
        }
    }

    /// Reads the manifest of the published book; without one, it is empty.
    ///
    /// # Errors
    /// [`DiagnosticCode::RefusedOutput`] if the manifest is invalid, unless foreign files may be replaced.
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

        // On the disk in full before it replaces the old one: a manifest that is cut off lists too little. Pages are
        // not waited for, which would take a third of a cold build; the next build compares them.
        let new = path.with_extension("new");
        let written = create(&new).and_then(|mut file| {
            file.write_all(&manifest.to_json())?;
            file.sync_all()
        });
        written.map_err(|error| failed(&new, &error))?;
        fs::rename(&new, &path).map_err(|error| failed(&path, &error))
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // If this fails, the next build removes it.
        let _ = fs::remove_dir_all(&self.aside);
    }
}

fn refuse(out: &Path, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::RefusedOutput, message).on(out.display().to_string())
}

/// Refuses an output folder in which the book's inputs would be overwritten, or that would be read as an input.
fn refuse_inputs(out: &Path, root: &Path, layout: &Layout) -> Result<(), Diagnostic> {
    for input in layout.inputs().iter().chain([&layout.root]) {
        let resolved = resolve(input);
        let is_book = *input == layout.root;

        let relation = if resolved == root {
            "be"
        } else if resolved.starts_with(root) {
            "contain"
        } else if root.starts_with(&resolved) && !is_book {
            "be inside"
        } else {
            continue;
        };

        let name = if is_book { "the book".to_owned() } else { format!("`{}`", input.display()) };
        let message = format!("the output folder would {relation} {name}");
        return Err(refuse(out, message).hint("publish beside the inputs: `--out public`"));
    }
    Ok(())
}

/// Creates bindery's folder and locks it against other builds.
fn lock(out: &Path, own: &Path) -> Result<File, Diagnostic> {
    let path = own.join("lock");
    if let Some(link) = [own, &path].into_iter().find(|path| path.is_symlink()) {
        return Err(refuse(out, format!("`{}` is a symbolic link", link.display()))
            .hint("remove it; bindery does not write through links inside the output folder"));
    }

    // To open a pipe would wait for its other end.
    if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        return Err(refuse(out, format!("`{}` is not a file", path.display())).hint("remove it"));
    }

    fs::create_dir_all(own).map_err(|error| failed(own, &error))?;
    let lock =
        File::options().create(true).append(true).open(&path).map_err(|error| failed(&path, &error))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => Err(refuse(out, "another bindery is publishing into this folder")
            .hint("wait until it is done; two builds at once would mix")),
        // Some network file systems have no locks; then nothing prevents two builds at once.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(lock),
    }
}

/// Whether a folder contains more than what a stopped first build has left.
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

/// Creates a file of bindery's, never through a symbolic link. One that a stopped build has left is replaced.
pub(super) fn create(path: &Path) -> io::Result<File> {
    File::create_new(path).or_else(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => fs::remove_file(path).and_then(|()| File::create_new(path)),
        _ => Err(error),
    })
}

/// The diagnostic for a path that could not be written.
pub(super) fn failed(path: &Path, error: &io::Error) -> Diagnostic {
    let hint = match error.kind() {
        io::ErrorKind::IsADirectory | io::ErrorKind::DirectoryNotEmpty => {
            "a file of the book must be here; move the folder away"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk and build again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "publish elsewhere with `--out DIR`, or make the folder writable"
        }
        _ => "fix the cause and build again; the next build does what is left to do",
    };
    Diagnostic::new(DiagnosticCode::FailedOutput, format!("cannot write this: {error}"))
        .on(path.display().to_string())
        .hint(hint)
}
