//! Showing diagnostics: to people in a terminal, to programs as JSON lines, to GitHub as annotations.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use super::diagnostic::{Diagnostic, Severity};

/// Whether a human report may use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Colours and weights, for a terminal.
    Styled,
    /// Text alone.
    Plain,
}

/// Renders a diagnostic for people, ending in a newline.
pub fn human(diagnostic: &Diagnostic, colour: Colour) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group =
        Group::with_title(level.primary_title(printable(&diagnostic.message)).id(diagnostic.code.name()));
    if let Some(place) = &diagnostic.place {
        // A window of lines, so that a fault in a file of megabytes is shown at once.
        let source = &place.source;
        let first = source.position(place.span.start).line;
        let start = source.offset(first, 1);
        let end = place.span.end.max(place.span.start + 1);
        let last = start + source.text[start..].find('\n').unwrap_or(source.text.len() - start);
        let text = &source.text[start..last];
        let shown = clip(text, place.span.start - start);
        let from = source.text.floor_char_boundary(place.span.start);
        let to = source.text.ceil_char_boundary(end).clamp(from, last.max(from));
        let at = |offset: usize| (offset - start).clamp(shown.start, shown.end) - shown.start;
        let annotation = AnnotationKind::Primary.span(at(from)..at(to));
        let snippet = Snippet::source(&text[shown.clone()]).line_start(first).path(one_line(&source.path));
        group = group.element(snippet.annotation(annotation));
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

/// Keeps a window of a very long line around the fault, so that it fits a screen.
pub fn clip(line: &str, at: usize) -> std::ops::Range<usize> {
    const MOST: usize = 400;
    if line.len() <= MOST {
        return 0..line.len();
    }
    let start = line.floor_char_boundary(at.saturating_sub(MOST / 2));
    // A column would be wrong in a clipped head, so the head stays unless the fault is far behind it.
    let start = if at < MOST * 3 / 4 { 0 } else { start };
    start..line.floor_char_boundary(start + MOST)
}

/// Shows control characters of file names and texts as signs, so that none reaches the terminal.
pub fn printable(text: &str) -> String {
    let sign = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(sign).collect()
}

/// The same for a path, which stands on one line.
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

/// Renders a diagnostic for programs, as one line.
pub fn json(diagnostic: &Diagnostic) -> String {
    let fields = DiagnosticFields::of(diagnostic);
    serde_json::to_string(&fields).expect("a struct of strings and numbers is always JSON") + "\n"
}

/// Renders a diagnostic as one of GitHub's workflow commands:
/// <https://docs.github.com/actions/reference/workflow-commands>. Files are named from the repository, in which the book
/// is at `root`: nothing, or a path that ends in `/`.
pub fn github(diagnostic: &Diagnostic, root: &str) -> String {
    let mut out = format!("::{} ", diagnostic.severity.name());
    if let Some(file) = diagnostic.file() {
        out += &format!("file={},", github_property(&format!("{root}{file}")));
    }
    if let Some(place) = &diagnostic.place {
        let start = place.source.position(place.span.start);
        let end = place.source.position(place.span.end);
        out += &format!("line={},col={},endLine={}", start.line, start.column, end.line);
        if end.line == start.line {
            out += &format!(",endColumn={}", end.column);
        }
        out.push(',');
    }
    out += &format!("title={}::", diagnostic.code.name());
    let mut message = diagnostic.message.clone();
    for more in diagnostic.notes.iter().chain(&diagnostic.hint) {
        message.push('\n');
        message.push_str(more);
    }
    out + &github_data(&message) + "\n"
}

/// Text in a workflow command.
pub fn github_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value in a workflow command.
pub fn github_property(text: &str) -> String {
    github_data(text).replace(':', "%3A").replace(',', "%2C")
}
