//! Writes diagnostics for people in a terminal, as JSON lines for programs, and as annotations for GitHub.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::diagnostic::{Diagnostic, Location, Severity};

/// Whether a report for people uses colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Colours and bold text, for a terminal.
    Styled,
    /// Text without styles.
    Plain,
}

/// Writes a diagnostic for people, with an empty line after it.
pub fn human(diagnostic: &Diagnostic, colour: Colour) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(printable(&diagnostic.message)).id(diagnostic.code.name());
    let mut group = Group::with_title(title);

    if let Some(place) = &diagnostic.place {
        group = group.element(snippet(place));
    } else if let Some(path) = &diagnostic.path {
        group = group.element(Origin::path(one_line(path)));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(printable(note)));
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(printable(hint)));
    }

    let renderer = match colour {
        Colour::Styled => Renderer::styled(),
        Colour::Plain => Renderer::plain(),
    };
    renderer.render(&[group]) + "\n\n"
}

/// The first line of a place, with the place marked.
fn snippet(place: &Location) -> Snippet<'_, Annotation<'_>> {
    // The library gets this line alone: it takes long for a file of megabytes.
    let source = &place.source;
    let line = source.position(place.span.start).line;
    let start = source.offset(line, 1);
    let end = start + source.text[start..].find('\n').unwrap_or(source.text.len() - start);
    let text = &source.text[start..end];
    let shown = clip(text, place.span.start - start);

    // At least one character is marked, and none after the line.
    let from = source.text.floor_char_boundary(place.span.start);
    let to = source.text.ceil_char_boundary(place.span.end.max(place.span.start + 1));
    let to = to.clamp(from, end.max(from));
    let at = |offset: usize| (offset - start).clamp(shown.start, shown.end) - shown.start;

    Snippet::source(&text[shown.clone()])
        .line_start(line)
        .path(one_line(&source.path))
        .annotation(AnnotationKind::Primary.span(at(from)..at(to)))
}

/// The part of a very long line that is shown, so that it fits on a screen with the problem.
pub fn clip(line: &str, at: usize) -> std::ops::Range<usize> {
    const MOST: usize = 400;
    if line.len() <= MOST {
        return 0..line.len();
    }

    // Without its beginning, a line would be shown with wrong columns. So it is cut off only for a problem far from it.
    let start = if at < MOST * 3 / 4 { 0 } else { line.floor_char_boundary(at.saturating_sub(MOST / 2)) };
    start..line.floor_char_boundary(start + MOST)
}

/// Replaces control characters of file names and texts, which could change what a terminal shows.
pub fn printable(text: &str) -> String {
    let sign = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(sign).collect()
}

/// The same for a path, also for tabs and line breaks.
fn one_line(path: &str) -> String {
    printable(path).replace(['\n', '\t'], "\u{fffd}")
}

/// A diagnostic for programs. Lines and columns count from 1, columns in characters.
#[derive(Debug, Serialize)]
pub struct DiagnosticFields<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    notes: &'a [String],
    hint: Option<&'a str>,
}

impl<'a> DiagnosticFields<'a> {
    /// Takes the fields of a diagnostic.
    pub fn of(diagnostic: &'a Diagnostic) -> Self {
        let start = diagnostic.place.as_ref().map(|place| place.source.position(place.span.start));
        let end = diagnostic.place.as_ref().map(|place| place.source.position(place.span.end));
        DiagnosticFields {
            severity: diagnostic.severity.name(),
            code: diagnostic.code.name(),
            message: &diagnostic.message,
            file: diagnostic.file(),
            line: start.map(|position| position.line),
            column: start.map(|position| position.column),
            end_line: end.map(|position| position.line),
            end_column: end.map(|position| position.column),
            notes: &diagnostic.notes,
            hint: diagnostic.hint.as_deref(),
        }
    }
}

/// Writes a diagnostic for programs, as one line.
pub fn json(diagnostic: &Diagnostic) -> String {
    let fields = DiagnosticFields::of(diagnostic);
    serde_json::to_string(&fields).expect("a struct of strings and numbers is always JSON") + "\n"
}

/// Writes a diagnostic as a workflow command of GitHub:
/// <https://docs.github.com/actions/reference/workflow-commands>. `root` is the path of the book in its repository; it
/// ends in `/` or is empty.
pub fn github(diagnostic: &Diagnostic, root: &str) -> String {
    let mut out = format!("::{} ", diagnostic.severity.name());
    if let Some(file) = diagnostic.file() {
        out += &format!("file={},", github_property(&format!("{root}{file}")));
    }

    if let Some(place) = &diagnostic.place {
        let start = place.source.position(place.span.start);
        let end = place.source.position(place.span.end);
        out += &format!("line={},col={},endLine={}", start.line, start.column, end.line);
        // GitHub refuses columns of a range over several lines.
        if end.line == start.line {
            out += &format!(",endColumn={}", end.column);
        }
        out.push(',');
    }

    let mut message = diagnostic.message.clone();
    for more in diagnostic.notes.iter().chain(&diagnostic.hint) {
        message.push('\n');
        message.push_str(more);
    }
    out + &format!("title={}::{}\n", diagnostic.code.name(), github_data(&message))
}

/// Escapes text for a workflow command.
pub fn github_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property's value for a workflow command.
pub fn github_property(text: &str) -> String {
    github_data(text).replace(':', "%3A").replace(',', "%2C")
}
