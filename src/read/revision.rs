//! The git repository that a source is in, and the files of the source at a revision.
//!
//! The git settings of the machine and of the user are ignored, so that the same book gives the same text everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::objs::tree::EntryKind;
use gix::open::Options;
use gix::sec::trust::Mapping;

use super::layout::Layout;

/// The largest file that is read, 64 MiB. A larger one was named by mistake: no page shows that much.
pub(super) const MOST: u64 = 64 << 20;

/// The most folders and files in which two revisions may differ. A small repository can be made to have billions.
pub(super) const MOST_ENTRIES: usize = 100_000;

/// Says that a file is larger than [`MOST`].
pub(super) fn too_large(file: &Path) -> String {
    format!("`{}` is larger than {} MB", file.display(), MOST >> 20)
}

/// The repository that a source is in.
pub(super) struct SourceRepository {
    repository: gix::Repository,
    /// The source's folder below the top of the repository.
    inside: PathBuf,
}

/// The files of a source at a revision.
pub(super) struct SourceRevision<'r> {
    repository: &'r SourceRepository,
    tree: gix::Tree<'r>,
    /// What the author calls it.
    name: &'r str,
}

/// What a folder of a repository has in it, by its names.
type FolderEntries = BTreeMap<String, (EntryKind, ObjectId)>;

impl SourceRepository {
    /// Opens the repository of a folder, which is absolute and resolved.
    ///
    /// # Errors
    /// There is none, or the book may not name it.
    pub(super) fn open(layout: &Layout, folder: &Path) -> Result<Self, String> {
        let settings = Mapping { full: Options::isolated(), reduced: Options::isolated() };
        let repository = gix::ThreadSafeRepository::discover_opts(folder, Default::default(), settings)
            .map_err(|_| "the source is in no git repository".to_owned())?
            .to_thread_local();

        // A file `.git`, or settings in it, can lead to any repository of the machine.
        for kept in [repository.git_dir(), repository.common_dir()] {
            let is_allowed = |kept: PathBuf| layout.allowed.iter().any(|allowed| kept.starts_with(allowed));
            let has_others = kept.join("objects/info/alternates").exists();
            if has_others || !kept.canonicalize().is_ok_and(is_allowed) {
                return Err(
                    "the source's repository is kept elsewhere; allow that folder with `--allow-source`"
                        .to_owned(),
                );
            }
        }

        // The source's folder can be below the top of the repository. A repository without a work tree could be a
        // folder of the book that was made to look like one, and lead to others.
        let top = repository.workdir().and_then(|top| top.canonicalize().ok());
        let inside = top
            .and_then(|top| folder.strip_prefix(top).ok().map(Path::to_owned))
            .ok_or_else(|| "the source is in no work tree of git".to_owned())?;
        Ok(SourceRepository { repository, inside })
    }

    /// Finds a revision: a tag, a branch or a commit.
    ///
    /// # Errors
    /// There is none of this name.
    pub(super) fn revision<'r>(&'r self, name: &'r str) -> Result<SourceRevision<'r>, String> {
        let id = self.repository.rev_parse_single(name).ok();
        let commit = id.and_then(|id| id.object().ok()?.peel_to_commit().ok());
        let tree = commit
            .and_then(|commit| commit.tree().ok())
            .ok_or_else(|| format!("the repository has no revision `{name}`"))?;
        Ok(SourceRevision { repository: self, tree, name })
    }

    /// The paths of the files that differ between two revisions, below the source's folder. Without a first one, these
    /// are all files of the second.
    ///
    /// # Errors
    /// The repository cannot be read, or there are too many.
    pub(super) fn changed(
        &self,
        before: Option<&SourceRevision<'_>>,
        after: &SourceRevision<'_>,
    ) -> Result<BTreeSet<String>, String> {
        let before = before.map(SourceRevision::folder).transpose()?.flatten();
        let mut open = vec![(String::new(), before, after.folder()?)];
        let mut changed = BTreeSet::new();
        let mut seen = 0;

        while let Some((folder, before, after)) = open.pop() {
            let (before, after) = (self.entries(before)?, self.entries(after)?);
            for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                let (one, other) = (before.get(name), after.get(name));
                if one == other {
                    continue;
                }
                seen += 1;
                if seen > MOST_ENTRIES {
                    return Err(format!("the revisions differ in more than {MOST_ENTRIES} files"));
                }

                // A folder can take the place of a file.
                let path = format!("{folder}{name}");
                let [one_tree, other_tree] =
                    [one, other].map(|entry| entry.filter(|(kind, _)| *kind == EntryKind::Tree));
                if one_tree.is_some() || other_tree.is_some() {
                    open.push((
                        format!("{path}/"),
                        one_tree.map(|(_, id)| *id),
                        other_tree.map(|(_, id)| *id),
                    ));
                }
                if one.is_some() != one_tree.is_some() || other.is_some() != other_tree.is_some() {
                    changed.insert(path);
                }
            }
        }
        Ok(changed)
    }

    /// What is in a folder. A folder that does not exist is empty.
    fn entries(&self, folder: Option<ObjectId>) -> Result<FolderEntries, String> {
        let unreadable = |error: &dyn std::error::Error| format!("the repository cannot be read: {error}");
        let Some(id) = folder else { return Ok(FolderEntries::new()) };
        let tree = self.repository.find_tree(id).map_err(|error| unreadable(&error))?;

        let mut entries = FolderEntries::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|error| unreadable(&error))?;
            // Whether a file can be run is not compared.
            let kind = match entry.kind() {
                EntryKind::BlobExecutable => EntryKind::Blob,
                kind => kind,
            };
            entries.insert(entry.filename().to_string(), (kind, entry.object_id()));
        }
        Ok(entries)
    }
}

impl SourceRevision<'_> {
    /// Reads a file; its path is below the source's folder.
    ///
    /// # Errors
    /// There is no such file, or it is too large.
    pub(super) fn read(&self, file: &Path) -> Result<Vec<u8>, String> {
        let entry = self.tree.lookup_entry_by_path(self.repository.inside.join(file)).ok().flatten();
        let entry = entry
            .filter(|entry| entry.mode().is_blob())
            .ok_or_else(|| format!("there is no file `{}` in `{}`", file.display(), self.name))?;

        let header = self.repository.repository.find_header(entry.object_id());
        if header.is_ok_and(|header| header.size() > MOST) {
            return Err(too_large(file));
        }
        let object = entry.object().map_err(|error| format!("the repository cannot be read: {error}"))?;
        Ok(object.data.clone())
    }

    /// What is at a path below the source's folder, if there is something that is no folder.
    pub(super) fn kind(&self, file: &Path) -> Option<EntryKind> {
        let entry = self.tree.lookup_entry_by_path(self.repository.inside.join(file)).ok().flatten()?;
        Some(entry.mode().kind()).filter(|kind| *kind != EntryKind::Tree)
    }

    /// The source's folder, if the revision has it.
    fn folder(&self) -> Result<Option<ObjectId>, String> {
        if self.repository.inside.as_os_str().is_empty() {
            return Ok(Some(self.tree.id));
        }
        let entry = self.tree.lookup_entry_by_path(&self.repository.inside);
        let entry = entry.map_err(|error| format!("the repository cannot be read: {error}"))?;
        Ok(entry.filter(|entry| entry.mode().is_tree()).map(|entry| entry.object_id()))
    }
}
