//! `bindery test --update`: has chapters show what their commands printed, after a look at the changes.

use std::io::{self, BufRead, IsTerminal};

use super::chapter_file::rewrite;
use super::reporter::Reporter;
use crate::edition::Edition;
use crate::parse::Options;
use crate::proof::masks::Masks;
use crate::proof::steps::StepAction;
use crate::proof::summary::ReportedChapter;
use crate::proof::update::{applied, edits};
use crate::read::{Config, Layout, Placeholder};
use crate::text::report::printable;
use crate::text::{Diagnostic, DiagnosticCode, Source, line_diff, plural};

/// The changes of a chapter.
struct ChapterUpdate<'u> {
    source: &'u Source,
    text: String,
    /// The commands that show something else then, by the numbers of their steps.
    commands: Vec<usize>,
}

/// What came of an update.
#[derive(Default)]
pub struct UpdateResult {
    /// The commands that show now what they print: the paths of their chapters, and the numbers of their steps.
    pub written: Vec<(String, usize)>,
    /// What could not be done.
    pub problems: Vec<Diagnostic>,
}

/// Shows what would change, and writes it if that is wanted.
pub fn run(
    layout: &Layout,
    edition: &Edition,
    chapters: &[ReportedChapter<'_>],
    answer: UpdateAnswer,
    reporter: &Reporter,
) -> UpdateResult {
    let mut result = UpdateResult::default();
    let updates: Vec<ChapterUpdate<'_>> = chapters
        .iter()
        .filter_map(|chapter| update(chapter, &edition.config, &mut result.problems))
        .collect();
    for update in &updates {
        let path = &update.source.path;
        let diff = line_diff::unified(&update.source.text, &update.text, path, path);
        reporter.print(&diff.split_inclusive('\n').map(printable).collect::<String>());
    }

    let commands = plural(updates.iter().map(|update| update.commands.len()).sum(), "command");
    if updates.is_empty() {
        reporter.result("no chapter shows output that could be written anew");
    } else if !is_wanted(answer, &commands, reporter) {
        reporter.result(&format!("what {commands} printed is not written"));
    } else {
        for update in &updates {
            match rewrite(layout, update.source, &update.text) {
                Ok(()) => {
                    let written = update.commands.iter().map(|step| (update.source.path.clone(), *step));
                    result.written.extend(written);
                }
                Err(error) => {
                    let message = format!("this chapter cannot be written: {error}");
                    let failed = Diagnostic::new(DiagnosticCode::FailedOutput, message);
                    result.problems.push(failed.on(&update.source.path));
                }
            }
        }
        reporter.result(&format!("what {} printed is written", plural(result.written.len(), "command")));
    }
    result
}

/// Whether changes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateAnswer {
    /// They are.
    Yes,
    /// The person who runs bindery says it, if there is one.
    Ask,
}

/// Asks whether changes are written. Where nobody can answer, they are not.
fn is_wanted(answer: UpdateAnswer, commands: &str, reporter: &Reporter) -> bool {
    if answer == UpdateAnswer::Yes {
        return true;
    }
    if !io::stdin().is_terminal() {
        reporter.result("nothing is written without `--yes`");
        return false;
    }
    reporter.result(&format!("Write what {commands} printed? [y/N]"));
    let mut line = String::new();
    let is_read = io::stdin().lock().read_line(&mut line).is_ok();
    is_read && ["y", "yes"].contains(&line.trim().to_lowercase().as_str())
}

/// The changes of a chapter, if there are some.
fn update<'u>(
    reported: &ReportedChapter<'u>,
    config: &Config,
    problems: &mut Vec<Diagnostic>,
) -> Option<ChapterUpdate<'u>> {
    let plan = reported.plan;
    let masks = Masks::new(&config.proof.varies);
    let placeholders = values(config);

    let (mut all, mut commands) = (Vec::new(), Vec::new());
    for fault in &reported.chapter.faults {
        let (Some(printed), StepAction::Command(command)) = (&fault.printed, &plan.steps[fault.step].action)
        else {
            continue;
        };
        let Some(shown) = &command.prints else { continue };
        match edits(&plan.source, shown, printed, &masks, &placeholders) {
            Ok(edits) => {
                all.extend(edits);
                commands.push(fault.step);
            }
            Err(why) => {
                let message = format!("what this printed cannot be written: {why}");
                let place = fault.diagnostic.place.as_ref().map_or(plan.steps[fault.step].span, |at| at.span);
                let failed = Diagnostic::new(DiagnosticCode::DifferingOutput, message);
                problems.push(failed.at(&plan.source, place).hint("change it by hand"));
            }
        }
    }
    let text = applied(&plan.source.text, &all);
    (!commands.is_empty()).then_some(ChapterUpdate { source: &plan.source, text, commands })
}

/// The placeholders of the book with the values that tests have for them.
fn values(config: &Config) -> Vec<(String, String)> {
    let options = Options::new(config);
    let value = |(name, _): &(String, Placeholder)| Some((name.clone(), options.value(name)?.to_owned()));
    config.placeholders.iter().filter_map(value).collect()
}
