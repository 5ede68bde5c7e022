//! `bindery test --files`: whether the files that a chapter writes lead from one revision of its source to the next one.

use std::sync::Arc;

use super::book::{edition_with_drafts, may_hide_block};
use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::TestArgs;
use crate::parse::{self, Options};
use crate::proof::chapter_files::{self, FollowedChapter};
use crate::proof::code::CodeReading;
use crate::proof::file_blocks;
use crate::read::revisions::Revisions;
use crate::read::state_folders::state_folder;
use crate::read::{Config, Layout};
use crate::text::{Diagnostic, DiagnosticCode, plural};
use crate::write::Document;
use crate::write::excerpt::source;

/// Runs the command.
pub fn run(args: &TestArgs, reporter: &Reporter) -> Outcome {
    let (layout, edition) = match edition_with_drafts(&args.book, reporter) {
        Ok(found) => found,
        Err(outcome) => return outcome,
    };
    let mut diagnostics: Vec<Diagnostic> =
        edition.diagnostics.iter().filter(|diagnostic| may_hide_block(diagnostic)).cloned().collect();

    let followed: Vec<FollowedChapter> =
        edition.documents.iter().filter_map(|document| follow(document, &layout, &edition.config)).collect();
    diagnostics.extend(followed.iter().flat_map(|chapter| chapter.diagnostics.iter().cloned()));
    diagnostics.sort_by(Diagnostic::reading_order);
    reporter.report(&diagnostics);

    let chapters = edition.documents.iter().filter(|document| document.front.source.is_some()).count();
    reporter.result(&summary(chapters, &followed, reporter));
    if diagnostics.is_empty() { Outcome::Clean } else { Outcome::Problems }
}

/// Follows a chapter, if its front matter names revisions of a source that the book declares.
fn follow(document: &Arc<Document>, layout: &Layout, config: &Config) -> Option<FollowedChapter> {
    let states = document.front.source.as_ref()?;
    let options = Options::new(config);
    // Without a source, a diagnostic of the book says so.
    let settings = source::find(states.name.as_deref(), &options.sources, str::to_owned).ok()?;

    let chapter = parse::parse(&document.source, &options);
    let mut blocks =
        file_blocks::find(&chapter, states, CodeReading { options: &options, settings: &config.proof });
    // Where states are folders, a copy names its file with that of the chapter's state.
    if state_folder(layout, &settings.path, &states.to).is_ok_and(|folder| folder.is_some()) {
        let folder = format!("{}/", states.to.trim_end_matches('/'));
        for block in &mut blocks {
            block.path = block.path.strip_prefix(&folder).unwrap_or(&block.path).to_owned();
        }
    }
    let paths = blocks.iter().map(|block| block.path.as_str());
    let revisions = Revisions::read(layout, settings, states.from.as_deref(), &states.to, paths);
    Some(match revisions {
        Ok(revisions) => chapter_files::compare(&document.source, states, &blocks, &revisions),
        Err(message) => {
            let missing = Diagnostic::new(DiagnosticCode::MissingSource, message);
            let diagnostics = vec![missing.at(&document.source, states.span)];
            FollowedChapter { diagnostics, ..FollowedChapter::default() }
        }
    })
}

/// What was done, in one line; of so many chapters that have a source.
fn summary(chapters: usize, followed: &[FollowedChapter], reporter: &Reporter) -> String {
    if chapters == 0 {
        return "no chapter has a `source` in its front matter: nothing is compared".to_owned();
    }
    let sum = |of: fn(&FollowedChapter) -> usize| followed.iter().map(of).sum::<usize>();

    let right = followed.iter().filter(|chapter| chapter.diagnostics.is_empty()).count();
    let blocks = plural(sum(|chapter| chapter.blocks), "block");
    let files = plural(sum(|chapter| chapter.files), "file");
    let no_text = match sum(|chapter| chapter.no_text) {
        0 => String::new(),
        count => format!("; not compared, because they are no text: {}", plural(count, "file")),
    };
    let chapters = plural(chapters, "chapter");
    format!("{right} of {chapters} as in the source: {blocks}, {files}, in {}{no_text}", reporter.elapsed())
}
