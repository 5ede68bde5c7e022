//! Where a book's parts are: its folder, found from a place inside it.

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

/// The folders of one book.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The book's folder, absolute, symbolic links resolved.
    pub root: PathBuf,
}

impl Layout {
    /// Takes the folder that was named as the book's.
    ///
    /// # Errors
    /// [`DiagnosticCode::MissingBook`] if it is not a folder with `content/`.
    pub fn at(root: &Path) -> Result<Self, Diagnostic> {
        let fault = |message: String| {
            Diagnostic::new(DiagnosticCode::MissingBook, message)
                .on(root.display().to_string())
                .hint("a book is a folder with `content/`; `bindery new DIR` makes one")
        };
        let found = root.canonicalize().map_err(|error| fault(format!("there is no book here: {error}")))?;
        if !found.join(CONTENT).is_dir() {
            return Err(fault(format!("there is no `{CONTENT}/` in this folder")));
        }
        Ok(Layout { root: found })
    }

    /// Takes a folder as a book's, though there may be nothing in it yet.
    ///
    /// # Errors
    /// [`DiagnosticCode::MissingBook`] if it is not a folder.
    pub fn begin(root: &Path) -> Result<Self, Diagnostic> {
        match root.canonicalize() {
            Ok(root) if root.is_dir() => Ok(Layout { root }),
            _ => Err(Diagnostic::new(DiagnosticCode::MissingBook, "there is no such folder")
                .on(root.display().to_string())),
        }
    }

    /// Finds the nearest folder upwards from the working directory that has settings, whatever else it lacks.
    pub fn find_settings() -> Option<Self> {
        let here = std::env::current_dir().ok()?.canonicalize().ok()?;
        let root = here.ancestors().find(|folder| folder.join(SETTINGS).is_file())?;
        Some(Layout { root: root.to_owned() })
    }

    /// Finds the book that a folder is in: the nearest folder upwards that has `content/`.
    ///
    /// # Errors
    /// [`DiagnosticCode::MissingBook`] if there is none.
    pub fn find(from: &Path) -> Result<Self, Diagnostic> {
        let start = from.canonicalize().unwrap_or_else(|_| from.to_owned());
        match start.ancestors().find(|folder| folder.join(CONTENT).is_dir()) {
            Some(root) => Layout::at(root),
            None => Err(Diagnostic::new(DiagnosticCode::MissingBook, "there is no book here or in a folder above")
                .on(start.display().to_string())
                .hint("a book is a folder with `content/`: name one with `--root DIR`, or make one with `bindery new DIR`")),
        }
    }

    /// The folders that are read; the output may neither hold nor be inside one of them.
    pub fn inputs(&self) -> [PathBuf; 3] {
        [CONTENT, STATIC, THEMES].map(|name| self.root.join(name))
    }
}
