//! `bindery check`: the whole pipeline without publishing. Warnings fail it too.

use rayon::prelude::*;

use super::book::{end_when_stuck, find};
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::bind::{Book, checked, has_errors};
use crate::cli::CheckArgs;
use crate::engine::Engine;
use crate::read::config_values::Visibility;
use crate::read::layout::PROOF;
use crate::read::proof_basis::ProofBasis;
use crate::read::proof_record::ProofRecord;
use crate::read::{Config, Overrides, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode, plural};

/// What of the book was never checked by tests, or has changed since.
fn of_proof(book: &Book, config: &Config, snapshot: &Snapshot) -> Vec<Diagnostic> {
    match &snapshot.proof {
        // What is wrong with the file is among the diagnostics of the book.
        Some(source) => checked::report(book, &ProofRecord::read(source).0, &ProofBasis::of(config)),
        None => {
            let message = "there is no record of what was checked";
            let hint = "`bindery test --record` follows the book, and writes it";
            vec![Diagnostic::new(DiagnosticCode::MissingProof, message).on(PROOF).hint(hint)]
        }
    }
}

/// Runs the command.
pub fn run(args: &CheckArgs, reporter: &Reporter) -> Outcome {
    let layout = match find(&args.book, reporter) {
        Ok(layout) => layout,
        Err(outcome) => return outcome,
    };

    let snapshot = Snapshot::take(&layout, None);
    let drafts = args.drafts.then_some(Visibility::Show);
    let mut engine = Engine::new(Overrides { drafts, deny: args.deny.clone(), ..Overrides::default() });
    end_when_stuck(&engine, reporter);
    let edition = engine.edition(&snapshot);

    let mut diagnostics = edition.diagnostics;
    // A template can fail on any page, and in social images; a grammar in any code.
    let promises = edition.site.promises.values().filter(|promise| promise.job.can_fail());
    let promises: Vec<_> = promises.enumerate().collect();
    let progress = reporter.progress(promises.len());
    let mut of_outputs: Vec<Diagnostic> = Vec::new();
    of_outputs.par_extend(promises.par_iter().flat_map_iter(|(number, promise)| {
        progress.at(*number);
        promise.keep_once(&engine.renderer).map_or_else(|error| vec![error], |made| made.warnings)
    }));
    drop(progress);
    let bundles: Vec<_> = edition.site.bundles.values().filter(|bundle| bundle.has_template()).collect();
    diagnostics
        .par_extend(bundles.par_iter().filter_map(|bundle| bundle.keep_once(&engine.renderer.indexes).err()));

    if args.proof {
        of_outputs.extend(of_proof(&edition.book, &edition.config, &snapshot));
    }
    edition.config.lints.apply(&mut of_outputs);
    diagnostics.extend(of_outputs);
    diagnostics.sort_by(Diagnostic::reading_order);
    reporter.report(&diagnostics);

    if diagnostics.is_empty() {
        let chapters = plural(edition.book.chapters.len(), "chapter");
        reporter.result(&format!("{chapters}, nothing wrong, in {}", reporter.elapsed()));
        return Outcome::Clean;
    }

    // Without `--deny`, every warning counts.
    let fails = args.deny.is_empty() || has_errors(&diagnostics);
    if fails { Outcome::Problems } else { Outcome::Clean }
}
