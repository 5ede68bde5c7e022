//! `bindery build`: binds the book and publishes it.

use std::path::Path;
use std::time::Instant;

use super::book::{end_when_stuck, find};
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::bind::has_errors;
use crate::cli::BuildArgs;
use crate::edition::Edition;
use crate::engine::Engine;
use crate::publish::{ForeignFiles, OutputFolder, PublishSummary, publish};
use crate::read::config_values::Visibility;
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
        deny: args.deny.clone(),
    };

    let begun = Instant::now();
    let snapshot = Snapshot::take(&layout, None);
    reporter.step("read", begun);

    let begun = Instant::now();
    let mut engine = Engine::new(overrides);
    end_when_stuck(&engine, reporter);
    let edition = engine.edition(&snapshot);
    reporter.step("bind", begun);

    if has_errors(&edition.diagnostics) || (args.strict && !edition.diagnostics.is_empty()) {
        reporter.report(&edition.diagnostics);
        let reason = if has_errors(&edition.diagnostics) { "" } else { ": `--strict` allows no warnings" };
        reporter.result(&format!("nothing was published{reason}"));
        return Outcome::Problems;
    }

    let out = args.out.clone().unwrap_or_else(|| layout.root.join(&edition.config.out));
    let foreign = if args.force { ForeignFiles::Replace } else { ForeignFiles::Refuse };
    let begun = Instant::now();
    let progress = reporter.progress(edition.site.promises.len());
    let is_named_by_book = args.out.is_none();
    let allowed = if is_named_by_book { OutputFolder::refuse_outside(&out, &layout) } else { Ok(()) };
    // What is wrong with code is known only when it is highlighted.
    let accepts = |warnings: &mut Vec<Diagnostic>| {
        edition.config.lints.apply(warnings);
        !has_errors(warnings) && (!args.strict || warnings.is_empty())
    };
    let mut published = allowed
        .and_then(|()| OutputFolder::open(&out, &layout, foreign))
        .map_err(|diagnostic| vec![diagnostic])
        .and_then(|output| {
            publish(&edition.site, &engine.renderer, &output, &accepts, &|done| progress.at(done))
        });
    drop(progress);
    reporter.step("publish", begun);

    if let Err(diagnostics) = &mut published
        && is_named_by_book
    {
        point_at_setting(diagnostics, &out, &snapshot);
    }
    report(published, &edition, &out, reporter)
}

/// Shows the setting `out` with the errors of the output folder that it names.
fn point_at_setting(diagnostics: &mut [Diagnostic], out: &Path, snapshot: &Snapshot) {
    let Some(source) = &snapshot.settings else { return };
    let (reader, settings) = YamlReader::new(source, Span::new(0, source.text.len()));
    if !settings.has("out") {
        return;
    }

    for diagnostic in diagnostics {
        if diagnostic.code == DiagnosticCode::RefusedOutput && diagnostic.path.as_deref() == out.to_str() {
            *diagnostic = diagnostic.clone().at(source, reader.value_span(&settings, "out"));
        }
    }
}

/// Reports what was published, or why nothing was.
fn report(
    published: Result<PublishSummary, Vec<Diagnostic>>,
    edition: &Edition,
    out: &Path,
    reporter: &Reporter,
) -> Outcome {
    match published {
        Ok(published) => {
            let mut all: Vec<_> = edition.diagnostics.iter().chain(&published.warnings).cloned().collect();
            all.sort_by(Diagnostic::reading_order);
            reporter.report(&all);

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
        Err(diagnostics) => {
            let all: Vec<_> = edition.diagnostics.iter().cloned().chain(diagnostics).collect();
            reporter.report(&all);

            if !has_errors(&all) {
                reporter.result("nothing was published: `--strict` allows no warnings");
                return Outcome::Problems;
            }
            Outcome::of(&all)
        }
    }
}

/// A path relative to the working directory if it is below that, else as it is.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let path = match path.strip_prefix(&here) {
        Ok(below) if !below.as_os_str().is_empty() => below,
        _ => path,
    };
    format!("{}/", path.display().to_string().trim_end_matches('/'))
}
