//! Writes a site to disk. Publishing can be stopped at any time, and changes only files that bindery wrote.
//!
//! All outputs are made first and written to a temporary folder ([`mod@stage`]). An error or a full disk up to this
//! point leaves the published book unchanged. Then they are renamed into place ([`mod@commit`]), a new folder in one
//! step, and files that are no longer part of the book are removed. The manifest lists the files that bindery wrote
//! ([`mod@manifest`]). While files are moved, it lists the old and the new ones, so that the next build can finish one
//! that was stopped.

pub mod commit;
pub mod folders;
pub mod manifest;
pub mod offline;
pub mod output;
pub mod stage;

use crate::render::Site;
use crate::render::site::Renderer;
use crate::text::Diagnostic;

use commit::commit;
use manifest::Manifest;

pub use output::{ForeignFiles, OutputFolder};

/// The counts that are reported after publishing.
#[derive(Clone, Debug, Default)]
pub struct PublishSummary {
    /// How many files the book has.
    pub files: usize,
    /// How many of them are new or changed.
    pub written: usize,
    /// How many were removed.
    pub removed: usize,
    /// How many bytes were written.
    pub bytes: u64,
    /// What is wrong with what the outputs were made of.
    pub warnings: Vec<Diagnostic>,
}

/// Publishes a site into a folder.
///
/// `accepts` decides whether it is published with these warnings, and may change their severities. `progress` is called with the number of outputs that are made, from several threads.
///
/// # Errors
/// The errors of templates; warnings that are not accepted; [`RefusedOutput`](crate::text::DiagnosticCode::RefusedOutput) and
/// [`FailedOutput`](crate::text::DiagnosticCode::FailedOutput) with the path.
pub fn publish(
    site: &Site,
    renderer: &Renderer,
    output: &OutputFolder,
    accepts: &dyn Fn(&mut Vec<Diagnostic>) -> bool,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<PublishSummary, Vec<Diagnostic>> {
    let old = output.manifest().map_err(|diagnostic| vec![diagnostic])?;
    let staged = stage::stage(site, renderer, output, &old, accepts, progress)?;

    // Files of bundles that were published before belong to the book too.
    let files = site.promises.keys().chain(staged.bundled.keys()).chain(&staged.offline).cloned().collect();
    let new = Manifest { files, bundled: staged.bundled };
    commit(output, &old, &new).map_err(|diagnostic| vec![diagnostic])?;

    Ok(PublishSummary {
        files: new.files.len(),
        written: staged.files,
        removed: old.files.difference(&new.files).count(),
        bytes: staged.bytes,
        warnings: staged.warnings,
    })
}
