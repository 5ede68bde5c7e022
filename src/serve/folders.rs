//! The one set of folders that are watched. It follows from where the book's inputs are, and is worked out again after
//! each look; only the difference is passed on to the system.
//!
//! A folder that is needed for several reasons is in the set once, and stays until the last reason is gone. No folder
//! in it is below one that is watched with everything below it: to stop watching one would end the other.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use notify::{RecursiveMode, Watcher};

use crate::read::layout::STATIC;
use crate::read::walk::is_hidden;
use crate::read::{Layout, Places};

/// The folders of one book that are watched.
#[derive(Debug)]
pub struct WatchedFolders {
    layout: Layout,
    /// Where the book's inputs are.
    places: Places,
    /// What the system was asked to watch.
    watched: BTreeMap<PathBuf, WatchedFolder>,
}

/// How a folder is watched, and which folder it was: another can take its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct WatchedFolder {
    mode: RecursiveMode,
    identity: FolderIdentity,
}

/// Tells a folder from another that took its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FolderIdentity {
    device: u64,
    inode: u64,
}

impl WatchedFolders {
    /// Nothing is watched yet.
    pub fn new(layout: &Layout) -> Self {
        WatchedFolders { layout: layout.clone(), places: Places::of(layout), watched: BTreeMap::new() }
    }

    /// Watches the folders in which these places are, and no others. Returns whether one was added.
    ///
    /// # Errors
    /// If the system does not watch one of them.
    pub fn follow(&mut self, places: Places, notifier: &mut dyn Watcher) -> notify::Result<bool> {
        self.places = places;
        let wanted = self.wanted();

        // Remove first: to stop watching a folder ends it for all that is below, and some of that may be added.
        let is_gone = |(folder, watched): &(&PathBuf, &WatchedFolder)| wanted.get(*folder) != Some(*watched);
        let gone: Vec<PathBuf> =
            self.watched.iter().filter(is_gone).map(|(folder, _)| folder.clone()).collect();
        self.forget(&gone, notifier);

        let mut is_added = false;
        for (folder, wanted) in wanted {
            if self.watched.contains_key(&folder) {
                continue;
            }
            match notifier.watch(&folder, wanted.mode) {
                Ok(()) => {
                    self.watched.insert(folder, wanted);
                    is_added = true;
                }
                // It went away just now; the folder above reports when it is back.
                Err(error) if is_io(&error, ErrorKind::NotFound) => {}
                // One that only leads to an input need not be readable.
                Err(error)
                    if is_io(&error, ErrorKind::PermissionDenied)
                        && wanted.mode == RecursiveMode::NonRecursive => {}
                Err(error) => return Err(error),
            }
        }
        Ok(is_added)
    }

    /// Stops watching what was at a path and below it, because something else may be there now.
    pub fn forget_below(&mut self, path: &Path, notifier: &mut dyn Watcher) {
        let from = (Bound::Included(path), Bound::Unbounded);
        let below = self.watched.range::<Path, _>(from).map(|(folder, _)| folder);
        let below: Vec<PathBuf> = below.take_while(|folder| folder.starts_with(path)).cloned().collect();
        self.forget(&below, notifier);
    }

    /// Stops watching all folders.
    pub fn forget_all(&mut self, notifier: &mut dyn Watcher) {
        self.forget_below(Path::new(""), notifier);
    }

    /// The notifier is gone, and with it all that it watched.
    pub fn clear(&mut self) {
        self.watched.clear();
    }

    /// Whether a path can be part of the book, or lead to a part of it. The output, version control and other folders
    /// beside the inputs are not, nor what editors keep beside a file.
    pub fn concern(&self, path: &Path) -> bool {
        if self.places.are_at_or_below(path) {
            return true;
        }

        let mut inputs = self.layout.inputs().into_iter();
        let passes_over_hidden = inputs.any(|input| path.starts_with(&input) && !input.ends_with(STATIC));
        let is_hidden = path.file_name().is_some_and(is_hidden);
        self.places.is_in_tree(path) && !(passes_over_hidden && is_hidden)
    }

    /// The folders that must be watched and are there.
    fn wanted(&self) -> BTreeMap<PathBuf, WatchedFolder> {
        let mut wanted: BTreeMap<PathBuf, RecursiveMode> = BTreeMap::new();
        let is_in_tree = |wanted: &BTreeMap<PathBuf, RecursiveMode>, path: &Path| {
            path.ancestors().any(|folder| wanted.get(folder) == Some(&RecursiveMode::Recursive))
        };

        // Folders with everything below them. In the order of paths, the outer ones come first.
        for tree in &self.places.trees {
            if identity(tree).is_some() && !is_in_tree(&wanted, tree) {
                wanted.insert(tree.clone(), RecursiveMode::Recursive);
            }
        }

        // The folders above each place: they report when it comes, goes or is replaced. One that is in the set
        // already has brought those above it.
        let is_inside = |folder: &&Path| {
            let mut tops = self.layout.allowed.iter().chain([&self.layout.root]);
            tops.any(|top| folder.starts_with(top))
        };
        for place in self.places.trees.iter().chain(&self.places.paths) {
            for folder in place.ancestors().skip(1).take_while(is_inside) {
                if wanted.contains_key(folder) || is_in_tree(&wanted, folder) {
                    break;
                }
                wanted.insert(folder.to_owned(), RecursiveMode::NonRecursive);
            }
        }

        let there = wanted.into_iter().filter_map(|(folder, mode)| {
            let identity = identity(&folder)?;
            Some((folder, WatchedFolder { mode, identity }))
        });
        there.collect()
    }

    fn forget(&mut self, folders: &[PathBuf], notifier: &mut dyn Watcher) {
        for folder in folders {
            self.watched.remove(folder);
            // A folder that is gone is not watched any more, which is what is wanted.
            let _ = notifier.unwatch(folder);
        }
    }
}

fn is_io(error: &notify::Error, kind: ErrorKind) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => kind == ErrorKind::NotFound,
        notify::ErrorKind::Io(error) => error.kind() == kind,
        _ => false,
    }
}

/// Which folder this is; `None` if it is none, or a symbolic link: where that leads is a place of its own.
#[cfg(unix)]
fn identity(folder: &Path) -> Option<FolderIdentity> {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(folder)
        .ok()
        .filter(fs::Metadata::is_dir)
        .map(|folder| FolderIdentity { device: folder.dev(), inode: folder.ino() })
}

#[cfg(not(unix))]
fn identity(folder: &Path) -> Option<FolderIdentity> {
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|folder| folder.is_dir());
    is_folder.then_some(FolderIdentity { device: 0, inode: 0 })
}
