//! The states of a source that are kept as folders beside each other, for what a chapter writes between two of them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::layout::{Layout, is_of_git};
use super::revision::{MOST, MOST_ENTRIES};
use super::sources::{below, folder_of};

/// The folder of a source that has the state with this name, if there is one.
///
/// # Errors
/// What is wrong with the source.
pub fn state_folder(layout: &Layout, source: &str, name: &str) -> Result<Option<PathBuf>, String> {
    let top = folder_of(layout, source)?;
    let Some(inside) = below(name) else { return Ok(None) };

    // A symbolic link can lead elsewhere.
    let folder = top.join(inside).canonicalize().ok().filter(|folder| folder.is_dir());
    Ok(folder.filter(|folder| folder.starts_with(&top) && layout.refusal(folder).is_none()))
}

/// A file of a state.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StateFile {
    /// What is in it; of anything but a file, where it leads.
    pub(super) bytes: Vec<u8>,
    /// Whether it is a file that can be read whole.
    pub(super) is_file: bool,
}

/// All files of a folder, by their paths in it. Symbolic links are not followed.
///
/// # Errors
/// A file or a folder cannot be read, or there are too many.
pub(super) fn files(folder: &Path) -> Result<BTreeMap<String, StateFile>, String> {
    let mut found = BTreeMap::new();
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| !is_of_git(Path::new(entry.file_name()))) {
        let entry = entry.map_err(|error| error.to_string())?;
        let Some(path) = entry.path().strip_prefix(folder).ok().and_then(Path::to_str) else { continue };
        if entry.file_type().is_dir() {
            continue;
        }
        if found.len() == MOST_ENTRIES {
            return Err(format!("`{}` has more than {MOST_ENTRIES} files", folder.display()));
        }
        found.insert(path.replace('\\', "/"), file(entry.path(), entry.file_type().is_file())?);
    }
    Ok(found)
}

fn file(path: &Path, is_file: bool) -> Result<StateFile, String> {
    if !is_file {
        let target = fs::read_link(path).unwrap_or_default();
        return Ok(StateFile { bytes: target.to_string_lossy().into_owned().into_bytes(), is_file });
    }
    let failed = |error: std::io::Error| format!("`{}` cannot be read: {error}", path.display());

    // A file that is too large is no text: one byte more than that is enough to tell.
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
    let is_file = bytes.len() as u64 <= MOST;
    Ok(StateFile { bytes, is_file })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn states_are_in_their_source_and_links_are_not_followed() {
        let outside = tempfile::tempdir().expect("a folder");
        let book = tempfile::tempdir().expect("a folder");
        let states = book.path().join("states");
        fs::create_dir_all(states.join("one/.git")).expect("a folder");
        fs::write(outside.path().join("secret"), "text").expect("a file");
        for (path, text) in [("one/app.py", "pass\n"), ("one/.git/config", ""), ("file", "")] {
            fs::write(states.join(path), text).expect("a file");
        }
        let link = |to: &Path, path: &str| std::os::unix::fs::symlink(to, states.join(path)).expect("a link");
        link(outside.path(), "two");
        link(&outside.path().join("secret"), "one/link");

        let layout = Layout::begin(book.path()).expect("a book");
        let found = |name: &str| state_folder(&layout, "states", name).expect("a source");
        for name in ["two", "file", "three", "..", "../states/one", ""] {
            assert_eq!(found(name), None, "{name}");
        }

        let files = files(&found("one").expect("a state")).expect("files");
        let kinds: Vec<(&str, bool)> =
            files.iter().map(|(path, file)| (path.as_str(), file.is_file)).collect();
        assert_eq!(kinds, [("app.py", true), ("link", false)]);
        assert!(state_folder(&layout, "nothing", "one").is_err());
    }
}
