//! `bindery build`: binds the book and publishes it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::book::{end_when_stuck, find};
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::bind::has_errors;
use crate::cli::BuildArgs;
use crate::engine::{Edition, Engine};
use crate::publish::{ForeignFiles, PublishSummary, publish};
use crate::read::config::Visibility;
use crate::read::{Overrides, Snapshot};
use crate::text::yaml::YamlReader;
use crate::text::{Diagnostic, DiagnosticCode, Span, plural};

/// Runs the command.
pub fn run(args: &BuildArgs, reporter: &Reporter) -> Outcome {
    let layout = match find(&args.book, reporter) {
        Ok(layout) => layout,
        Err(outcome) => return outcome,
    };
    let overrides = Overrides {
        base_url: args.base_url.clone(),
        drafts: args.drafts.then_some(Visibility::Show),
        todo: args.hide_todo.then_some(Visibility::Hide),
    };
    let begun = Instant::now();
    let snapshot = Snapshot::take(&layout, None);
    reporter.step("read", begun);
    let begun = Instant::now();
    let mut engine = Engine::new(overrides);
    end_when_stuck(&engine, reporter);
    let edition = engine.edition(&snapshot);
    reporter.step("bind", begun);
    if has_errors(&edition.faults) || (args.strict && !edition.faults.is_empty()) {
        reporter.report(&edition.faults);
        reporter.result("nothing was published");
        return Outcome::Faults;
    }
    let out = args.out.clone().unwrap_or_else(|| layout.root.join(&edition.config.out));
    let foreign = if args.force { ForeignFiles::Replace } else { ForeignFiles::Refuse };
    let begun = Instant::now();
    let progress = reporter.progress(edition.site.promises.len());
    let published =
        publish(&edition.site, &engine.renderer, (&layout, &out), foreign, &|done| progress.at(done));
    let published = published.map_err(|faults| match args.out {
        None => faults.into_iter().map(|fault| at_setting(fault, &out, &snapshot)).collect(),
        Some(_) => faults,
    });
    drop(progress);
    reporter.step("publish", begun);
    report(published, &edition, &out, reporter)
}

/// Says of an output folder that is refused where the settings name it.
fn at_setting(fault: Diagnostic, out: &Path, snapshot: &Snapshot) -> Diagnostic {
    let is_of_folder = fault.code == DiagnosticCode::RefusedOutput && fault.path.as_deref() == out.to_str();
    let Some(source) = snapshot.settings.as_ref().filter(|_| is_of_folder) else { return fault };
    let (reader, settings) = YamlReader::new(source, Span::new(0, source.text.len()));
    if settings.has("out") { fault.at(source, reader.value_span(&settings, "out")) } else { fault }
}

/// Says what was published, or why nothing was.
fn report(
    published: Result<PublishSummary, Vec<Diagnostic>>,
    edition: &Edition,
    out: &Path,
    reporter: &Reporter,
) -> Outcome {
    match published {
        Ok(published) => {
            reporter.report(&edition.faults);
            reporter.result(&format!(
                "{} in {}: {}, {} written, {} removed, in {}",
                plural(edition.book.chapters.len(), "chapter"),
                shown(out),
                plural(published.files, "file"),
                published.written,
                published.removed,
                reporter.elapsed(),
            ));
            Outcome::Clean
        }
        Err(faults) => {
            let all: Vec<_> = edition.faults.iter().cloned().chain(faults).collect();
            reporter.report(&all);
            Outcome::of(&all)
        }
    }
}

/// A path as the author would type it here.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here.canonicalize().ok()?).ok().map(PathBuf::from));
    let path = below.filter(|below| !below.as_os_str().is_empty()).unwrap_or_else(|| path.to_owned());
    format!("{}/", path.display().to_string().trim_end_matches('/'))
}
