//! A look at only those files that are reported as changed.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::layout::{Layout, PROOF, SETTINGS};
use super::snapshot::{FileContent, FileRecord, Snapshot, path_below, read};
use super::walk::{FoundFile, is_input};
use crate::text::Source;

/// A file at its path, and what was read of it; `None` if it is gone.
type FoundRecord = (String, Option<FileRecord>);

/// What a look at some paths has found.
#[derive(Debug)]
pub struct PartialLook {
    /// The chapters that were there before and have another text.
    pub edited: Vec<Arc<Source>>,
    /// Whether something else has changed.
    pub has_more: bool,
}

impl Snapshot {
    /// Looks only at the paths that are reported as changed, in place, which is much faster than a walk through the folders.
    ///
    /// Returns `None` if a full [`take`](Self::take) is needed because something could be missed: if a path is that of a
    /// folder or a link, if there were or are problems, if code is copied from one of the files, or if there are symbolic
    /// links, through which one file can have several paths. Then nothing has changed here.
    pub fn reread(&mut self, layout: &Layout, changed: &BTreeSet<PathBuf>) -> Option<PartialLook> {
        let now = SystemTime::now();
        let is_source = changed.iter().any(|file| self.sources.knows(file));
        if !self.diagnostics.is_empty() || self.has_links || is_source {
            return None;
        }
        let found: Option<Vec<_>> = changed.iter().map(|path| self.look_at(layout, path, now)).collect();

        let mut reread = PartialLook { edited: Vec::new(), has_more: false };
        for (path, record) in found?.into_iter().flatten() {
            let known = self.seen.get(&path).map(|known| &known.content);
            match (known, record.as_ref().map(|record| &record.content)) {
                (Some(known), Some(now)) if known.is_same(now) => {}
                (Some(FileContent::Text(_)), Some(FileContent::Text(source)))
                    if self.chapters.contains_key(&path) =>
                {
                    reread.edited.push(Arc::clone(source));
                }
                _ => reread.has_more = true,
            }
            match record {
                Some(record) => self.put(path, record),
                None => self.take_out(&path),
            }
        }
        Some(reread)
    }

    /// Looks at a path that is reported as changed. There is no record of a file that is gone, and nothing at all if the path
    /// is none of the book's. `None` is as for [`reread`](Self::reread).
    fn look_at(&self, layout: &Layout, absolute: &Path, now: SystemTime) -> Option<Option<FoundRecord>> {
        let path = path_below(layout, absolute)?;
        let known = self.seen.get(&path);

        let metadata = match fs::symlink_metadata(absolute) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => return self.gone(path),
            Err(_) => return None,
        };
        if !metadata.is_file() || known.is_none() && !is_input(&path) {
            return None;
        }

        let file = FoundFile { path, absolute: absolute.to_owned() };
        let record = read(&file, known, now);
        (!record.content.is_unreadable()).then_some(Some((file.path, Some(record))))
    }

    /// What is to be done about a path at which there is nothing: a file is taken out, something that was never seen does not
    /// matter. Of folders and of files beside them, more is to be known.
    fn gone(&self, path: String) -> Option<Option<FoundRecord>> {
        let is_file = self.seen.contains_key(&path);
        let folder = format!("{path}/");
        let is_folder =
            self.seen.range(folder.clone()..).next().is_some_and(|(path, _)| path.starts_with(&folder));
        if is_folder || [SETTINGS, PROOF].contains(&&*path) {
            return None;
        }
        Some(is_file.then_some((path, None)))
    }
}
