//! The folders of a book, and how the book is found from a folder inside it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::text::{Diagnostic, DiagnosticCode};

/// The folder of chapters, below the book's folder.
pub const CONTENT: &str = "content";
/// The folder of files that are published as they are.
pub const STATIC: &str = "static";
/// The folder of the book's own themes.
pub const THEMES: &str = "themes";
/// The book's settings.
pub const SETTINGS: &str = "book.yaml";
/// What tests of the book have found.
pub const PROOF: &str = "proof.yaml";
/// Names that are mistaken for that of the settings.
pub(super) const MISNAMED: &[&str] = &["book.yml", "Book.yaml"];

/// The folders of one book.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The book's folder, absolute, symbolic links resolved.
    pub root: PathBuf,
    /// The folders in which a book may name files besides its own: the repository that it is in, and what the person
    /// who runs bindery allows. Absolute, symbolic links resolved.
    pub allowed: Vec<PathBuf>,
}

impl Layout {
    /// The layout of a folder, which is absolute and resolved.
    fn of(root: PathBuf) -> Self {
        Layout { allowed: vec![repository(&root).to_owned()], root }
    }

    /// The layout of the book in a folder.
    ///
    /// # Errors
    /// [`DiagnosticCode::MissingBook`] if it is not a folder with `content/`.
    pub fn at(root: &Path) -> Result<Self, Diagnostic> {
        let diagnostic = |message: String| {
            Diagnostic::new(DiagnosticCode::MissingBook, message)
                .on(root.display().to_string())
                .hint("a book is a folder with `content/`; `bindery new DIR` makes one")
        };

        let found =
            root.canonicalize().map_err(|error| diagnostic(format!("there is no book here: {error}")))?;
        match found.join(CONTENT).metadata() {
            Ok(content) if content.is_dir() => Ok(Layout::of(found)),
            Err(error) if ![ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => {
                Err(diagnostic(format!("`{CONTENT}/` in this folder cannot be read: {error}")))
            }
            _ => Err(diagnostic(format!("there is no `{CONTENT}/` in this folder"))),
        }
    }

    /// The layout of a book in a folder that may still be empty.
    ///
    /// # Errors
    /// [`DiagnosticCode::MissingBook`] if it is not a folder.
    pub fn begin(root: &Path) -> Result<Self, Diagnostic> {
        match root.canonicalize() {
            Ok(root) if root.is_dir() => Ok(Layout::of(root)),
            _ => Err(Diagnostic::new(DiagnosticCode::MissingBook, "there is no such folder")
                .on(root.display().to_string())),
        }
    }

    /// Finds the nearest folder upwards from the working directory that has a `book.yaml`, even without `content/`.
    pub fn find_settings() -> Option<Self> {
        let here = std::env::current_dir().ok()?.canonicalize().ok()?;
        let root = here.ancestors().find(|folder| folder.join(SETTINGS).is_file())?;
        Some(Layout::of(root.to_owned()))
    }

    /// Finds the book that a folder is in: the nearest folder upwards that has `content/`.
    ///
    /// # Errors
    /// [`DiagnosticCode::MissingBook`] if there is none.
    pub fn find(from: &Path) -> Result<Self, Diagnostic> {
        let start = from.canonicalize().unwrap_or_else(|_| from.to_owned());
        match start.ancestors().find(|folder| folder.join(CONTENT).is_dir()) {
            Some(root) => Layout::at(root),
            None => {
                let message = "there is no book here or in a folder above";
                let hint = "a book is a folder with `content/`: name one with `--root DIR`, or make one with \
                            `bindery new DIR`";
                Err(Diagnostic::new(DiagnosticCode::MissingBook, message)
                    .on(start.display().to_string())
                    .hint(hint))
            }
        }
    }

    /// Why the book may not name a file or folder outside of its own inputs; `None` if it may. The path is absolute,
    /// and symbolic links in it are resolved.
    pub fn refusal(&self, path: &Path) -> Option<&'static str> {
        let Some(below) = self.allowed.iter().find_map(|allowed| path.strip_prefix(allowed).ok()) else {
            return Some("is outside of the book's repository");
        };
        is_of_git(below).then_some("belongs to git")
    }

    /// The folders that are read. The output may neither contain nor be inside one of them.
    pub fn inputs(&self) -> [PathBuf; 3] {
        [CONTENT, STATIC, THEMES].map(|name| self.root.join(name))
    }
}

/// Whether a path is git's own folder, or something in it. That can hold passwords.
pub fn is_of_git(path: &Path) -> bool {
    path.components().any(|component| component.as_os_str().eq_ignore_ascii_case(".git"))
}

/// The top of the repository that a folder is in; without one, the folder. A repository of all of a user's files does
/// not count.
fn repository(folder: &Path) -> &Path {
    let home = std::env::home_dir().and_then(|home| home.canonicalize().ok());
    let is_top = |above: &&Path| {
        above.join(".git").exists() && above.parent().is_some() && home.as_deref() != Some(*above)
    };
    folder.ancestors().find(is_top).unwrap_or(folder)
}
