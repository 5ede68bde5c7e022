//! The folders that outputs are in: whether they are there, and whether they may be written into.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;

use super::manifest::{Manifest, is_inside};
use super::output::OutputFolder;
use crate::text::{Diagnostic, DiagnosticCode};

/// The folders on the way to outputs, each looked at once. None may be a symbolic link, as writing through it
/// would touch files elsewhere, and none a file of somebody's.
pub(super) struct Folders<'o> {
    root: &'o Path,
    old: &'o Manifest,
    /// Whether they are there.
    known: Mutex<HashMap<String, bool>>,
}

impl<'o> Folders<'o> {
    /// Knows nothing yet but which files are those of the old book.
    pub(super) fn of(output: &'o OutputFolder, old: &'o Manifest) -> Self {
        Folders { root: &output.root, old, known: Mutex::default() }
    }

    /// Tells whether the folder of an output is there.
    pub(super) fn check(&self, path: &str) -> Result<bool, Diagnostic> {
        if !is_inside(path) {
            return Err(Diagnostic::new(
                DiagnosticCode::RefusedOutput,
                format!("`{path}` would be outside of the output folder"),
            ));
        }
        let mut is_there = true;
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            is_there = match known.get(folder) {
                Some(is_there) => *is_there,
                None => {
                    // Nothing is in a folder that is not there.
                    let found = is_there && self.look(folder)?;
                    known.insert(folder.to_owned(), found);
                    found
                }
            };
        }
        Ok(is_there)
    }

    fn look(&self, folder: &str) -> Result<bool, Diagnostic> {
        let full = self.root.join(folder);
        let (message, hint) = match fs::symlink_metadata(&full) {
            Err(_) => return Ok(false),
            Ok(metadata) if metadata.is_dir() => return Ok(true),
            Ok(metadata) if metadata.is_symlink() => (
                "this symbolic link is where a folder of the book must be",
                "remove it; bindery does not write through links inside the output folder",
            ),
            // It goes before the folder comes.
            Ok(_) if self.old.files.contains(folder) => return Ok(false),
            Ok(_) => (
                "this file, which bindery did not write, is where a folder of the book must be",
                "move it away",
            ),
        };
        Err(Diagnostic::new(DiagnosticCode::RefusedOutput, message).on(full.display().to_string()).hint(hint))
    }
}
