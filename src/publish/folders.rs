//! The folders of outputs: whether they exist, and whether they may be written into.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;

use super::manifest::{Manifest, is_inside};
use super::output::OutputFolder;
use crate::text::{Diagnostic, DiagnosticCode};

/// The folders above outputs, each checked once. None may be a symbolic link, because writing through it would change
/// files elsewhere, and none may be a file that bindery did not write.
pub(super) struct Folders<'o> {
    root: &'o Path,
    old: &'o Manifest,
    /// Whether a folder exists, for those that were checked.
    known: Mutex<HashMap<String, bool>>,
}

impl<'o> Folders<'o> {
    /// Prepares the checks. Files of the old book may be replaced by folders.
    pub(super) fn of(output: &'o OutputFolder, old: &'o Manifest) -> Self {
        Folders { root: &output.root, old, known: Mutex::default() }
    }

    /// Whether the folder of an output exists.
    pub(super) fn check(&self, path: &str) -> Result<bool, Diagnostic> {
        if !is_inside(path) {
            return Err(Diagnostic::new(
                DiagnosticCode::RefusedOutput,
                format!("`{path}` would be outside of the output folder"),
            ));
        }

        // From the top down: below a folder that does not exist, nothing does.
        let mut exists = true;
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            exists = match known.get(folder) {
                Some(exists) => *exists,
                None => {
                    let found = exists && self.check_one(folder)?;
                    known.insert(folder.to_owned(), found);
                    found
                }
            };
        }
        Ok(exists)
    }

    fn check_one(&self, folder: &str) -> Result<bool, Diagnostic> {
        let full = self.root.join(folder);
        let (message, hint) = match fs::symlink_metadata(&full) {
            Err(_) => return Ok(false),
            Ok(metadata) if metadata.is_dir() => return Ok(true),
            Ok(metadata) if metadata.is_symlink() => (
                "this symbolic link is where a folder of the book must be",
                "remove it; bindery does not write through links inside the output folder",
            ),
            // It is removed before the folder is moved into place.
            Ok(_) if self.old.files.contains(folder) => return Ok(false),
            Ok(_) => (
                "this file, which bindery did not write, is where a folder of the book must be",
                "move it away",
            ),
        };
        Err(Diagnostic::new(DiagnosticCode::RefusedOutput, message).on(full.display().to_string()).hint(hint))
    }
}
