//! The way through a book's folders: which files there are, and which symbolic links are followed.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::layout::{Layout, SETTINGS, STATIC};
use crate::text::{Diagnostic, DiagnosticCode};

/// A file that the walk found.
pub(super) struct FoundFile {
    /// Its path below the book's folder, with `/` between names.
    pub(super) path: String,
    /// Where it is.
    pub(super) absolute: PathBuf,
}

/// A walk through a book, and what it came upon beside files.
pub(super) struct Walk<'l> {
    layout: &'l Layout,
    /// What is wrong on the way.
    pub(super) faults: Vec<Diagnostic>,
    /// Where symbolic links inside the book lead.
    pub(super) links: Vec<PathBuf>,
}

impl<'l> Walk<'l> {
    /// A walk that has not begun.
    pub(super) fn new(layout: &'l Layout) -> Self {
        Walk { layout, faults: Vec::new(), links: Vec::new() }
    }

    /// Finds the files below one folder of the book.
    pub(super) fn folder(&mut self, folder: &str, found: &mut dyn FnMut(FoundFile)) {
        let layout = self.layout;
        let top = layout.root.join(folder);
        if !top.is_dir() {
            return;
        }
        let visible = |name: &OsStr, depth| depth == 0 || folder == STATIC || !is_hidden(name);
        let mut entries = WalkDir::new(&top).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.faults.push(walk_fault(layout, &error));
                    continue;
                }
            };
            let skip = |entries: &mut walkdir::IntoIter| {
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
            };
            let absolute = entry.path();
            if !visible(entry.file_name(), entry.depth()) {
                skip(&mut entries);
                continue;
            }
            let Ok(below) = absolute.strip_prefix(&layout.root) else { continue };
            let Some(path) = below.to_str().map(|path| path.replace(std::path::MAIN_SEPARATOR, "/")) else {
                self.faults.push(
                    Diagnostic::new(DiagnosticCode::InvalidUtf8, "this file's name is not UTF-8")
                        .on(below.display().to_string())
                        .hint("rename the file"),
                );
                skip(&mut entries);
                continue;
            };
            if entry.path_is_symlink()
                && let Some(message) = must_not_follow(layout, absolute)
            {
                self.faults.push(
                    Diagnostic::new(DiagnosticCode::IgnoredSymlink, message)
                        .on(path)
                        .hint("what it leads to is not published; copy into the book what belongs there"),
                );
                skip(&mut entries);
                continue;
            }
            if entry.path_is_symlink() {
                self.links.extend(absolute.canonicalize());
            }
            if entry.file_type().is_file() {
                found(FoundFile { path, absolute: entry.into_path() });
            }
        }
    }

    /// Finds the settings. There need not be any.
    pub(super) fn settings(&mut self, found: &mut dyn FnMut(FoundFile)) {
        let settings = self.layout.root.join(SETTINGS);
        if settings.is_symlink() {
            self.links.extend(settings.canonicalize());
        }
        let fault = match (fs::metadata(&settings), must_not_follow(self.layout, &settings)) {
            (Ok(_), Some(message)) => Diagnostic::new(DiagnosticCode::IgnoredSymlink, message).on(SETTINGS),
            (Ok(metadata), None) if metadata.is_file() => {
                return found(FoundFile { path: SETTINGS.to_owned(), absolute: settings });
            }
            (Ok(_), None) => {
                Diagnostic::new(DiagnosticCode::UnreadableFile, "this is not a file").on(SETTINGS)
            }
            (Err(_), _) => return self.faults.extend(misnamed(&self.layout.root)),
        };
        self.faults.push(fault);
    }
}

/// Names that editors and systems make beside an author's files, and that are passed over.
pub fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b"~") || (name.starts_with(b"#") && name.ends_with(b"#"))
}

/// Why a symbolic link must not be followed, if so: `walkdir` itself would follow it anywhere.
fn must_not_follow(layout: &Layout, link: &Path) -> Option<&'static str> {
    let end = link.canonicalize().ok()?;
    let stands_in = link.parent()?.canonicalize().ok()?;
    if !end.starts_with(&layout.root) {
        Some("this symbolic link leads out of the book")
    } else if stands_in.starts_with(&end) {
        Some("this symbolic link leads round in a circle")
    } else {
        None
    }
}

fn walk_fault(layout: &Layout, error: &walkdir::Error) -> Diagnostic {
    let path = error.path().unwrap_or(&layout.root);
    let shown = path.strip_prefix(&layout.root).unwrap_or(path).display().to_string();
    if error.loop_ancestor().is_some() {
        return Diagnostic::new(DiagnosticCode::IgnoredSymlink, "this symbolic link leads round in a circle")
            .on(shown);
    }
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    if is_link {
        return Diagnostic::new(
            DiagnosticCode::IgnoredSymlink,
            format!("this symbolic link leads nowhere: {reason}"),
        )
        .on(shown);
    }
    Diagnostic::new(DiagnosticCode::UnreadableFile, format!("cannot read this: {reason}")).on(shown)
}

/// The fault of settings in a file that is not read.
fn misnamed(root: &Path) -> Option<Diagnostic> {
    let name = ["book.yml", "Book.yaml"].into_iter().find(|name| root.join(name).is_file())?;
    let fault = Diagnostic::new(
        DiagnosticCode::MisnamedFile,
        format!("settings are read from `{SETTINGS}`, not from here"),
    );
    Some(fault.on(name).hint(format!("call it `{SETTINGS}`")))
}
