//! Site → disk, so that it can be stopped at any time and nothing of anybody else's is touched.
//!
//! All outputs are made and written aside first ([`mod@stage`]); a fault or a full disk up to there leaves the
//! book that was published before as it is. Then they are renamed into place ([`mod@commit`]), a folder that is new in one step,
//! and files that are no longer part of the book removed. The manifest lists what is bindery's
//! ([`mod@manifest`]); while files move, it lists the old and the new ones, so that a build that was stopped is
//! finished by the next.

pub mod commit;
pub mod folders;
pub mod manifest;
pub mod output;
pub mod stage;

use std::path::Path;

use crate::read::Layout;
use crate::render::Site;
use crate::render::site::Renderer;
use crate::text::Diagnostic;

use commit::commit;
use manifest::Manifest;
use output::OutputFolder;

pub use output::ForeignFiles;

/// What publishing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublishSummary {
    /// How many files the book has.
    pub files: usize,
    /// How many of them are new or changed.
    pub written: usize,
    /// How many were removed.
    pub removed: usize,
    /// How many bytes were written.
    pub bytes: u64,
}

/// Publishes a site into a folder.
///
/// `progress` is told how many outputs are made, from many threads.
///
/// # Errors
/// The faults of templates; [`RefusedOutput`](crate::text::DiagnosticCode::RefusedOutput) and
/// [`FailedOutput`](crate::text::DiagnosticCode::FailedOutput) with the path.
pub fn publish(
    site: &Site,
    renderer: &Renderer,
    (layout, out): (&Layout, &Path),
    foreign: ForeignFiles,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<PublishSummary, Vec<Diagnostic>> {
    let output = OutputFolder::open(out, layout, foreign).map_err(|fault| vec![fault])?;
    let old = output.manifest().map_err(|fault| vec![fault])?;
    let staged = stage::stage(site, renderer, &output, &old, progress)?;
    let bundled = staged.bundled.into_iter();
    let new = Manifest { files: site.promises.keys().cloned().chain(bundled).collect() };
    commit(&output, &old, &new).map_err(|fault| vec![fault])?;
    Ok(PublishSummary {
        files: new.files.len(),
        written: staged.files,
        removed: old.files.difference(&new.files).count(),
        bytes: staged.bytes,
    })
}
