//! Where a book's inputs are: everything that must be watched to notice every change.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

use super::layout::{Layout, MISNAMED, PROOF, SETTINGS};

/// How many symbolic links may follow one another, as on Linux.
const MOST_LINKS: usize = 40;

/// The places of a book's inputs. Paths are absolute, whether something is there or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Folders that are read with everything below them. Symbolic links below them are not followed; where those
    /// lead is a place of its own.
    pub trees: BTreeSet<PathBuf>,
    /// Single files, and the symbolic links that lead to them or to folders.
    pub paths: BTreeSet<PathBuf>,
}

impl Places {
    /// The places that every book has.
    pub fn of(layout: &Layout) -> Self {
        let settings = [SETTINGS, PROOF].into_iter().chain(MISNAMED.iter().copied());
        Places {
            trees: layout.inputs().into_iter().collect(),
            paths: settings.map(|name| layout.root.join(name)).collect(),
        }
    }

    /// Whether a path is one of the places, or leads to one.
    pub fn are_at_or_below(&self, path: &Path) -> bool {
        // In the order of paths, what is below a folder comes right after it.
        let is_below = |places: &BTreeSet<PathBuf>| {
            let mut from = places.range::<Path, _>((Bound::Included(path), Bound::Unbounded));
            from.next().is_some_and(|place| place.starts_with(path))
        };
        is_below(&self.trees) || is_below(&self.paths)
    }

    /// Whether a path is in one of the trees.
    pub fn is_in_tree(&self, path: &Path) -> bool {
        path.ancestors().any(|folder| self.trees.contains(folder))
    }
}

/// Everything that decides what is at a path below a resolved folder: the symbolic links on the way, and where they
/// lead in the end, whether something is there or not.
pub(super) fn trail(base: &Path, below: &Path) -> Vec<PathBuf> {
    let names = |path: &Path| -> Vec<OsString> {
        path.components().rev().map(|name| name.as_os_str().to_owned()).collect()
    };
    let (mut at, mut rest) = (base.to_owned(), names(below));
    let mut found = Vec::new();

    while let Some(name) = rest.pop() {
        match Path::new(&name).components().next() {
            Some(Component::ParentDir) => drop(at.pop()),
            Some(Component::Normal(name)) => {
                at.push(name);
                let Ok(target) = fs::read_link(&at) else { continue };
                found.push(at.clone());
                if found.len() == MOST_LINKS {
                    return found;
                }

                // Go on from the folder that the link is in, with its target before the rest.
                at.pop();
                rest.extend(names(&target));
            }
            // The target is absolute: this replaces the path.
            Some(Component::RootDir | Component::Prefix(_)) => at.push(&name),
            Some(Component::CurDir) | None => {}
        }
    }

    found.push(at);
    found
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_trail_has_every_link_on_the_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a folder");
        fs::create_dir_all(root.join("real/inner")).expect("a folder");
        symlink("real", root.join("alias")).expect("a link");
        symlink("../alias/inner", root.join("real/link")).expect("a link");
        symlink(root.join("alias/nothing"), root.join("absolute")).expect("a link");
        symlink("round", root.join("round")).expect("a link");

        let trail = |below: &str| trail(&root, Path::new(below));
        let paths = |names: &[&str]| names.iter().map(|name| root.join(name)).collect::<Vec<_>>();
        assert_eq!(trail("real/inner/x"), paths(&["real/inner/x"]));
        assert_eq!(trail("./real/../alias"), paths(&["alias", "real"]));
        assert_eq!(trail("real/link/x/y"), paths(&["real/link", "alias", "real/inner/x/y"]));
        assert_eq!(trail("absolute"), paths(&["absolute", "alias", "real/nothing"]));
        assert_eq!(trail("round").len(), MOST_LINKS);
    }
}
