//! The walk through a book's folders: which files there are, and which symbolic links are followed.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::layout::{Layout, SETTINGS, STATIC, is_of_git};
use crate::text::{Diagnostic, DiagnosticCode};

/// A file that the walk found.
pub(super) struct FoundFile {
    /// Its path below the book's folder, with `/` between names.
    pub(super) path: String,
    /// Where it is.
    pub(super) absolute: PathBuf,
}

/// A walk through a book's folders, and what it found besides files.
pub(super) struct Walk<'l> {
    layout: &'l Layout,
    /// What is wrong with files and folders.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The targets of symbolic links inside the book.
    pub(super) links: Vec<PathBuf>,
}

impl<'l> Walk<'l> {
    /// A walk that has not begun.
    pub(super) fn new(layout: &'l Layout) -> Self {
        Walk { layout, diagnostics: Vec::new(), links: Vec::new() }
    }

    /// Finds the files below one folder of the book.
    pub(super) fn folder(&mut self, folder: &str, found: &mut dyn FnMut(FoundFile)) {
        let top = self.layout.root.join(folder);
        if !top.is_dir() {
            return;
        }

        let mut entries = WalkDir::new(&top).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.diagnostics.push(walk_error(self.layout, &error));
                    continue;
                }
            };

            // In `static/`, hidden files are published too: `.well-known/`, `.nojekyll`.
            let is_passed_over = entry.depth() > 0
                && (is_of_git(Path::new(entry.file_name()))
                    || folder != STATIC && is_hidden(entry.file_name()));
            let path = if is_passed_over { None } else { self.accept(&entry) };
            match path {
                Some(path) if entry.file_type().is_file() => {
                    found(FoundFile { path, absolute: entry.into_path() });
                }
                None if entry.file_type().is_dir() => entries.skip_current_dir(),
                _ => {}
            }
        }
    }

    /// The path below the book's folder of an entry that is read or walked into; problems of others are added.
    fn accept(&mut self, entry: &DirEntry) -> Option<String> {
        let below = entry.path().strip_prefix(&self.layout.root).ok()?;
        let Some(path) = below.to_str().map(|path| path.replace(std::path::MAIN_SEPARATOR, "/")) else {
            let diagnostic = Diagnostic::new(DiagnosticCode::InvalidUtf8, "this file's name is not UTF-8");
            self.diagnostics.push(diagnostic.on(below.display().to_string()).hint("rename the file"));
            return None;
        };

        if entry.path_is_symlink() {
            if let Some(message) = must_not_follow(self.layout, entry.path()) {
                let diagnostic = Diagnostic::new(DiagnosticCode::IgnoredSymlink, message)
                    .on(path)
                    .hint("its target is not published; copy the files into the book if they belong there");
                self.diagnostics.push(diagnostic);
                return None;
            }
            self.links.extend(entry.path().canonicalize());
        }
        Some(path)
    }

    /// Finds the settings, if there are any.
    pub(super) fn settings(&mut self, found: &mut dyn FnMut(FoundFile)) {
        let settings = self.layout.root.join(SETTINGS);
        if settings.is_symlink() {
            self.links.extend(settings.canonicalize());
        }

        let diagnostic = match (fs::metadata(&settings), must_not_follow(self.layout, &settings)) {
            (Ok(_), Some(message)) => Diagnostic::new(DiagnosticCode::IgnoredSymlink, message).on(SETTINGS),
            (Ok(metadata), None) if metadata.is_file() => {
                return found(FoundFile { path: SETTINGS.to_owned(), absolute: settings });
            }
            (Ok(_), None) => {
                Diagnostic::new(DiagnosticCode::UnreadableFile, "this is not a file").on(SETTINGS)
            }
            (Err(_), _) => return self.diagnostics.extend(misnamed(&self.layout.root)),
        };
        self.diagnostics.push(diagnostic);
    }
}

/// Whether a name is one that editors and systems use for their own files. Such files are not part of a book.
pub fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b"~") || (name.starts_with(b"#") && name.ends_with(b"#"))
}

/// Says why a symbolic link must not be followed. `walkdir` follows every link, also out of the book.
fn must_not_follow(layout: &Layout, link: &Path) -> Option<&'static str> {
    let target = link.canonicalize().ok()?;
    let folder = link.parent()?.canonicalize().ok()?;
    let Ok(below) = target.strip_prefix(&layout.root) else {
        return Some("this symbolic link leads out of the book");
    };

    // Such files are no part of a book, and can hold passwords: `.git`, `.env`.
    let mut names = below.components().map(|name| name.as_os_str());
    if is_of_git(below) || !below.starts_with(STATIC) && names.any(is_hidden) {
        Some("this symbolic link leads to a hidden file or folder")
    } else if folder.starts_with(&target) {
        Some("this symbolic link leads round in a circle")
    } else {
        None
    }
}

fn walk_error(layout: &Layout, error: &walkdir::Error) -> Diagnostic {
    let path = error.path().unwrap_or(&layout.root);
    let shown = path.strip_prefix(&layout.root).unwrap_or(path).display().to_string();
    if error.loop_ancestor().is_some() {
        return Diagnostic::new(DiagnosticCode::IgnoredSymlink, "this symbolic link leads round in a circle")
            .on(shown);
    }

    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    let (code, message) = if is_link {
        (DiagnosticCode::IgnoredSymlink, "this symbolic link leads nowhere")
    } else {
        (DiagnosticCode::UnreadableFile, "cannot read this")
    };
    Diagnostic::new(code, format!("{message}: {reason}")).on(shown)
}

/// The diagnostic for settings in a file whose name is not quite right.
fn misnamed(root: &Path) -> Option<Diagnostic> {
    let name = ["book.yml", "Book.yaml"].into_iter().find(|name| root.join(name).is_file())?;
    let diagnostic = Diagnostic::new(
        DiagnosticCode::MisnamedFile,
        format!("settings are read from `{SETTINGS}`, not from here"),
    );
    Some(diagnostic.on(name).hint(format!("rename it to `{SETTINGS}`")))
}
