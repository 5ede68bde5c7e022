//! The folders of a book, and how the book is found from a folder inside it.

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
        if !found.join(CONTENT).is_dir() {
            return Err(diagnostic(format!("there is no `{CONTENT}/` in this folder")));
        }
        Ok(Layout { root: found })
    }

    /// The layout of a book in a folder that may still be empty.
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

    /// Finds the nearest folder upwards from the working directory that has a `book.yaml`, even without `content/`.
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

    /// The folders that are read. The output may neither contain nor be inside one of them.
    pub fn inputs(&self) -> [PathBuf; 3] {
        [CONTENT, STATIC, THEMES].map(|name| self.root.join(name))
    }
}
