//! Follows a chapter from one revision of its source to the next one: [`compare`] does to the files of the first what
//! the chapter's blocks say, and reports where the result is not the second.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::file_blocks::{FileBlock, FileForm, ListedLine};
use super::patch::{self, FileLine};
use super::shown::{self, ShownLines};
use crate::parse::chapter_source::ChapterSource;
use crate::read::revisions::{RevisionFile, Revisions};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, line_diff, nearest};
use crate::write::excerpt::marks_region;

/// The most lines of a difference that a report shows.
const MOST_LINES: usize = 24;

/// What came of following a chapter.
#[derive(Debug, Default)]
pub struct FollowedChapter {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// How many blocks were applied.
    pub blocks: usize,
    /// How many files were compared.
    pub files: usize,
    /// The files that differ between the revisions and are no text, so that no block can write them.
    pub no_text: usize,
}

/// A file while a chapter is followed.
#[derive(Debug, Default)]
struct WorkingFile {
    lines: Vec<FileLine>,
    /// What is shown of the file as it will be, since its lines were last changed.
    shown: ShownLines,
    /// The last block that is about it.
    last: Span,
    /// Whether a diff did not fit, so that a difference at the end would say it again.
    is_unfit: bool,
}

/// A chapter that is followed.
struct FileFollower<'c> {
    source: &'c Arc<Source>,
    states: &'c ChapterSource,
    revisions: &'c Revisions,
    files: BTreeMap<&'c str, WorkingFile>,
    done: FollowedChapter,
}

/// Follows a chapter, and compares what its blocks make of the first revision with the second.
pub fn compare(
    source: &Arc<Source>,
    states: &ChapterSource,
    blocks: &[FileBlock],
    revisions: &Revisions,
) -> FollowedChapter {
    let done = FollowedChapter::default();
    let mut follower = FileFollower { source, states, revisions, files: BTreeMap::new(), done };

    for block in blocks.iter().filter(|block| is_of_source(&block.path, revisions)) {
        if !states.is_except(&block.path) {
            follower.done.blocks += 1;
            follower.apply(block);
        }
    }
    follower.report_unwritten();
    follower.compare_files();
    follower.done
}

/// Whether a title is the path of a file in the source: one that is there, or one that reads like a path.
fn is_of_source(path: &str, revisions: &Revisions) -> bool {
    let is_there = revisions.before.contains_key(path) || revisions.after.contains_key(path);
    let is_elsewhere =
        path.starts_with(['/', '~']) || path.contains(':') || path.split('/').any(|name| name == "..");
    is_there || (!is_elsewhere && path.contains(['.', '/']) && !path.contains(char::is_whitespace))
}

impl<'c> FileFollower<'c> {
    /// The lines that a file will have; none, if there will be no such file, or it is no text.
    fn target(&self, path: &str) -> Option<Vec<&'c str>> {
        match self.revisions.after.get(path) {
            Some(RevisionFile::Text(text)) => Some(lines(text).collect()),
            _ => None,
        }
    }

    /// Applies a block to its file.
    fn apply(&mut self, block: &'c FileBlock) {
        let before = match self.revisions.before.get(&block.path) {
            Some(RevisionFile::Text(text)) => Some(text),
            _ => None,
        };
        let file = self.files.remove(block.path.as_str());
        let is_new = file.is_none() && before.is_none();

        let target = self.target(&block.path);
        let mut file = file.unwrap_or_else(|| WorkingFile {
            lines: before.map(|text| unwritten_lines(text)).unwrap_or_default(),
            shown: ShownLines::new(target.as_ref().map_or(0, Vec::len)),
            ..WorkingFile::default()
        });
        file.last = block.span;

        match block.form {
            FileForm::Diff => self.apply_diff(block, &mut file, is_new),
            _ if shown::is_in_part(block) => self.apply_part(block, &mut file),
            _ => self.apply_text(block, &mut file, is_new),
        }
        self.files.insert(&block.path, file);
    }

    /// Applies a block with `diff`.
    fn apply_diff(&mut self, block: &FileBlock, file: &mut WorkingFile, is_new: bool) {
        if is_new && !patch::only_adds(&block.lines) {
            let message = format!("there is no file `{}` yet that this could change", block.path);
            let diagnostic = Diagnostic::new(DiagnosticCode::FailedDiff, message).at(self.source, block.span);
            let near = nearest(&block.path, self.revisions.before.keys().map(String::as_str));
            self.done.diagnostics.push(match near {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                None => diagnostic.hint("a new file is a block without `diff`, or one that only adds lines"),
            });
            file.is_unfit = true;
            return;
        }

        self.settle(&block.path, file);
        let (lines, misfits) = patch::apply(&block.lines, &file.lines);
        file.lines = lines;
        file.is_unfit |= !misfits.is_empty();
        for misfit in misfits {
            let message = format!("this does not fit `{}` as it is here", block.path);
            let mut diagnostic = Diagnostic::new(DiagnosticCode::FailedDiff, message)
                .at(self.source, misfit.span)
                .hint(misfit.hint);
            diagnostic.notes.extend(misfit.note);
            self.done.diagnostics.push(diagnostic);
        }
    }

    /// Applies a block that shows a file in part. If there will be no such file, that is reported at the end.
    fn apply_part(&mut self, block: &FileBlock, file: &mut WorkingFile) {
        let Some(target) = self.target(&block.path) else { return };
        let missing = match shown::find(block, &target) {
            Ok(places) => return file.shown.add(block, &places),
            Err(missing) => missing,
        };

        // It may show lines as they are, before another block changes them.
        let now: Vec<&str> = file.lines.iter().map(|line| line.text.as_str()).collect();
        if shown::find(block, &now).is_ok() {
            return;
        }
        let message = format!("`{}` has no such line here in `{}`", block.path, self.states.to);
        let diagnostic = Diagnostic::new(DiagnosticCode::DifferingFile, message).at(self.source, missing);
        self.done.diagnostics.push(
            diagnostic.hint("a block that leaves lines out shows what is in the revision; a later block can change it with `diff`"),
        );
    }

    /// Applies a block that has the whole text of a file.
    fn apply_text(&mut self, block: &FileBlock, file: &mut WorkingFile, is_new: bool) {
        let target = self.target(&block.path).unwrap_or_default();
        let length = block.lines.len();

        // Somebody who replaced a file by a part of what it will be would lose the rest.
        let is_shorter = length < file.lines.len() && length < target.len();
        if !is_new && is_shorter && shown::find(block, &target).is_ok() {
            let message = format!("this is only a part of `{}`, and would replace all of it", block.path);
            let diagnostic =
                Diagnostic::new(DiagnosticCode::DifferingFile, message).at(self.source, block.span);
            self.done.diagnostics.push(diagnostic.hint(LEFT_OUT));
            return self.apply_part(block, file);
        }

        let line = |line: &ListedLine| FileLine { text: line.text.clone(), span: Some(line.span) };
        file.lines = block.lines.iter().map(line).collect();
        file.shown = ShownLines::new(target.len());
    }

    /// Makes the changes to a file that were shown in part.
    fn settle(&self, path: &str, file: &mut WorkingFile) {
        if let Some(target) = self.target(path) {
            file.lines = file.shown.merge(&file.lines, &target);
            file.shown = ShownLines::new(target.len());
        }
    }

    /// Compares all files that the chapter writes.
    fn compare_files(&mut self) {
        for (path, mut file) in std::mem::take(&mut self.files) {
            self.done.files += 1;
            self.settle(path, &mut file);
            match self.target(path) {
                _ if file.is_unfit => {}
                Some(target) => self.compare_file(path, &file, &target),
                None => self.report_absent(path, &file),
            }
        }
    }

    /// Reports each place at which a file is not as it will be.
    fn compare_file(&mut self, path: &str, file: &WorkingFile, target: &[&str]) {
        let lines: Vec<&str> = file.lines.iter().map(|line| line.text.as_str()).collect();
        let stretches = line_diff::of_lines(&lines, target);
        for stretch in stretches.into_iter().filter(|stretch| !stretch.is_equal) {
            let (old, new) = (&lines[stretch.old.clone()], &target[stretch.new]);
            let written = file.lines[stretch.old.clone()].iter().find_map(|line| line.span);
            let before = || file.lines[..stretch.old.start].iter().rev().find_map(|line| line.span);

            let to = &self.states.to;
            let message = format!("`{path}` is not as it is in `{to}`");
            let note = format!("`-` is what the chapter leads to, `+` is `{to}`:\n{}", difference(old, new));
            let diagnostic = Diagnostic::new(DiagnosticCode::DifferingFile, message)
                .at(self.source, written.or_else(before).unwrap_or(file.last))
                .note(note);
            let is_part = target.windows(lines.len().max(1)).any(|part| part == lines);
            self.done.diagnostics.push(if is_part { diagnostic.hint(LEFT_OUT) } else { diagnostic });
        }
    }

    /// Reports a file that the second revision does not have, or not as text.
    fn report_absent(&mut self, path: &str, file: &WorkingFile) {
        let to = &self.states.to;
        let absent = |message: String| {
            Diagnostic::new(DiagnosticCode::DifferingFile, message).at(self.source, file.last)
        };
        if self.revisions.after.contains_key(path) {
            self.done.diagnostics.push(absent(format!("`{path}` is no text in `{to}`")));
            return;
        }

        let diagnostic = absent(format!("`{to}` has no file `{path}`"));
        let near = nearest(path, self.revisions.after.keys().map(String::as_str));
        self.done.diagnostics.push(match near.filter(|near| *near != path) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic
                .hint("if it is not of this source, write its whole path: `/etc/hosts`, `~/notes.txt`"),
        });
    }

    /// Reports the files that differ between the revisions and that no block writes.
    fn report_unwritten(&mut self) {
        let (before, after) = (&self.revisions.before, &self.revisions.after);
        let changed = self.revisions.changed.iter();
        let is_left =
            |path: &&String| !self.files.contains_key(path.as_str()) && !self.states.is_except(path);

        for path in changed.filter(is_left) {
            let hint = match (before.get(path), after.get(path)) {
                (Some(RevisionFile::NoText), _) | (_, Some(RevisionFile::NoText)) => {
                    self.done.no_text += 1;
                    continue;
                }
                (_, None) => format!("if a command removes it, name it in `except`: `except: [{path}]`"),
                _ => format!(
                    "write it in a block with `title=\"{path}\"`; if a command makes it, name it in `except`"
                ),
            };
            let verb = match (before.contains_key(path), after.contains_key(path)) {
                (false, _) => "adds",
                (_, false) => "removes",
                _ => "changes",
            };
            let message = format!("`{}` {verb} `{path}`, and no block of this chapter does", self.states.to);
            let diagnostic =
                Diagnostic::new(DiagnosticCode::UnwrittenFile, message).at(self.source, self.states.span);
            self.done.diagnostics.push(diagnostic.hint(hint));
        }
    }
}

/// What to do about a block that has only a part of its file.
const LEFT_OUT: &str = "a comment of nothing but `...` stands for lines that a block leaves out";

/// The lines of a file, without those that only mark regions: no block shows them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !marks_region(line))
}

/// The lines of a file that no chapter has written.
fn unwritten_lines(text: &str) -> Vec<FileLine> {
    lines(text).map(|line| FileLine { text: line.to_owned(), span: None }).collect()
}

/// Both sides of a difference, the first with `-` and the second with `+` before its lines.
fn difference(old: &[&str], new: &[&str]) -> String {
    let lines = old.iter().map(|line| format!("-{line}")).chain(new.iter().map(|line| format!("+{line}")));
    let mut shown: Vec<String> = lines.collect();
    if shown.len() > MOST_LINES {
        let more = shown.len() - MOST_LINES;
        shown.truncate(MOST_LINES);
        shown.push(format!("({more} more lines)"));
    }
    shown.join("\n")
}
