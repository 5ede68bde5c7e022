//! The walk through a book's folders: which files there are, and which symbolic links are followed.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::layout::{CONTENT, Layout, MISNAMED, PROOF, SETTINGS, STATIC, THEMES, is_of_git};
use super::places::{Places, trail};
use super::shortage::is_shortage;
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
    /// Where the inputs are, those included to which symbolic links lead.
    pub(super) places: Places,
    /// Whether there are symbolic links.
    pub(super) has_links: bool,
    /// Whether something could not be read because too many files are open.
    pub(super) is_cut_short: bool,
}

impl<'l> Walk<'l> {
    /// A walk that has not begun.
    pub(super) fn new(layout: &'l Layout) -> Self {
        Walk {
            layout,
            diagnostics: Vec::new(),
            places: Places::of(layout),
            has_links: false,
            is_cut_short: false,
        }
    }

    /// Finds all files of the book.
    pub(super) fn all(&mut self, found: &mut dyn FnMut(FoundFile)) {
        for folder in [CONTENT, STATIC, THEMES] {
            self.folder(folder, found);
        }
        for name in [SETTINGS, PROOF] {
            self.file(name, found);
        }
    }

    /// Finds the files below one folder of the book.
    fn folder(&mut self, folder: &str, found: &mut dyn FnMut(FoundFile)) {
        let top = self.layout.root.join(folder);
        if !top.is_dir() {
            return;
        }

        let mut entries = WalkDir::new(&top).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.fail(&error);
                    continue;
                }
            };

            let is_passed_over = entry.depth() > 0 && is_passed_over(folder, entry.file_name());
            let path = if is_passed_over { None } else { self.accept(&entry) };
            match path {
                Some(path) if entry.file_type().is_file() => {
                    found(FoundFile { path, absolute: entry.into_path() });
                }
                Some(path) if !entry.file_type().is_dir() => self.diagnostics.push(special_file(path)),
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
            self.follow(entry.path());
            if let Some(message) = must_not_follow(self.layout, entry.path()) {
                let diagnostic = Diagnostic::new(DiagnosticCode::IgnoredSymlink, message)
                    .on(path)
                    .hint("its target is not published; copy the files into the book if they belong there");
                self.diagnostics.push(diagnostic);
                return None;
            }
            if entry.file_type().is_dir() {
                self.places.trees.extend(entry.path().canonicalize());
            }
        }
        Some(path)
    }

    /// Adds the places that decide where a symbolic link of the book leads, as far as they are in the book.
    fn follow(&mut self, link: &Path) {
        self.has_links = true;
        if let Ok(below) = link.strip_prefix(&self.layout.root) {
            let trail = trail(&self.layout.root, below).into_iter();
            self.places.paths.extend(trail.filter(|place| place.starts_with(&self.layout.root)));
        }
    }

    /// Adds what is wrong with something that cannot be walked into.
    fn fail(&mut self, error: &walkdir::Error) {
        self.is_cut_short |= error.io_error().is_some_and(is_shortage);
        if let Some(path) = error.path().filter(|path| path.is_symlink()) {
            // What it leads to may appear.
            self.follow(path);
        }
        self.diagnostics.push(walk_error(self.layout, error));
    }

    /// Finds a file beside the folders, if it is there: the settings, or the record of tests.
    fn file(&mut self, name: &str, found: &mut dyn FnMut(FoundFile)) {
        let absolute = self.layout.root.join(name);
        if absolute.is_symlink() {
            self.follow(&absolute);
        }

        let diagnostic = match (fs::metadata(&absolute), must_not_follow(self.layout, &absolute)) {
            (Ok(_), Some(message)) => Diagnostic::new(DiagnosticCode::IgnoredSymlink, message).on(name),
            (Ok(metadata), None) if metadata.is_file() => {
                return found(FoundFile { path: name.to_owned(), absolute });
            }
            (Ok(_), None) => Diagnostic::new(DiagnosticCode::UnreadableFile, "this is not a file").on(name),
            (Err(_), _) if name == SETTINGS => {
                return self.diagnostics.extend(misnamed(&self.layout.root));
            }
            (Err(_), _) => return,
        };
        self.diagnostics.push(diagnostic);
    }
}

/// Whether the walk would find a file at a path, if there is no link on the way to it.
pub(super) fn is_input(path: &str) -> bool {
    let mut names = path.split('/');
    let folder = names.next().unwrap_or_default();
    [CONTENT, STATIC, THEMES].contains(&folder) && !names.any(|name| is_passed_over(folder, name.as_ref()))
}

/// Whether something of this name, in this folder of the book, is no input.
fn is_passed_over(folder: &str, name: &OsStr) -> bool {
    // In `static/`, hidden files are published too: `.well-known/`, `.nojekyll`.
    is_of_git(Path::new(name)) || folder != STATIC && is_hidden(name)
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

/// The diagnostic for what is neither a file nor a folder. To open it could wait for ever.
fn special_file(path: String) -> Diagnostic {
    let message = "this is no file but a named pipe, a socket or a device, and is not read";
    Diagnostic::new(DiagnosticCode::SpecialFile, message).on(path).hint("take it out of the book's folders")
}

/// The diagnostic for settings in a file whose name is not quite right.
fn misnamed(root: &Path) -> Option<Diagnostic> {
    let name = MISNAMED.iter().copied().find(|name| root.join(name).is_file())?;
    let diagnostic = Diagnostic::new(
        DiagnosticCode::MisnamedFile,
        format!("settings are read from `{SETTINGS}`, not from here"),
    );
    Some(diagnostic.on(name).hint(format!("rename it to `{SETTINGS}`")))
}
