//! The server's own pages: all chapters with their state, and replacements for pages that cannot be shown.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::bind::{Chapter, EntryTarget};
use crate::edition::Edition;
use crate::render::pages::page::minutes;
use crate::text::html::escape;
use crate::text::report::{Colour, human};
use crate::text::url::{OWN, encode_path};
use crate::text::{Diagnostic, Severity, plural};

/// How many problems a file has.
#[derive(Clone, Copy, Default)]
struct ProblemCounts {
    errors: usize,
    warnings: usize,
}

/// The page of a book of which nothing can be shown.
pub fn broken(diagnostics: &[Diagnostic]) -> String {
    let reports: String = diagnostics.iter().map(|diagnostic| human(diagnostic, Colour::Plain)).collect();
    let text = "It is shown as soon as this is fixed.";
    page("The book cannot be shown", &format!("<p>{text}</p>\n<pre>{}</pre>", escape(reports.trim_end())))
}

/// The page in place of one whose template fails.
pub fn failed(diagnostic: &Diagnostic) -> String {
    let report = human(diagnostic, Colour::Plain);
    page("This page cannot be made", &format!("<pre>{}</pre>", escape(report.trim_end())))
}

/// The page for an address that does not exist, where the theme's own cannot be rendered.
pub fn not_found() -> String {
    page("There is no page at this address", &format!("<p><a href=\"/{OWN}/\">All chapters</a></p>"))
}

/// The page that lists all chapters with their state: those that are in no list, such as the front page, and then the
/// others in the reader's order.
pub fn chapters(edition: &Edition) -> String {
    let book = &edition.book;
    let chapters: Vec<&Chapter> =
        book.unlisted().chain(book.sequence.iter().copied()).map(|id| book.chapter(id)).collect();

    let mut counts: HashMap<&str, ProblemCounts> = HashMap::new();
    for diagnostic in &edition.diagnostics {
        let count = counts.entry(diagnostic.file().unwrap_or_default()).or_default();
        match diagnostic.severity {
            Severity::Error => count.errors += 1,
            Severity::Warning => count.warnings += 1,
        }
    }

    let mut rows = String::new();
    for chapter in &chapters {
        let file = chapter.document.source.path.as_str();
        row(&mut rows, chapter, counts.get(file).copied().unwrap_or_default());
    }
    for entry in
        book.parts.iter().flat_map(|part| &part.entries).filter(|entry| entry.target == EntryTarget::Planned)
    {
        let title = escape(&entry.title);
        let _ = writeln!(
            rows,
            "<tr><td>{title}</td><td></td><td class=\"quiet\">planned</td><td></td><td></td></tr>"
        );
    }

    let documents = || chapters.iter().map(|chapter| &chapter.document);
    let words: usize = documents().map(|document| document.words).sum();
    let open = documents().flat_map(|document| &document.tasks).filter(|task| !task.done).count();
    let summary = format!(
        "{}, {}, {} open, {}.",
        plural(chapters.len(), "chapter"),
        plural(words, "word"),
        plural(open, "TODO"),
        plural(edition.diagnostics.len(), "problem"),
    );

    let body = format!(
        "<p class=\"quiet\">{summary}</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Chapter</th>\
         <th scope=\"col\">File</th><th scope=\"col\">State</th><th scope=\"col\" class=\"number\">Words</th>\
         <th scope=\"col\" class=\"number\">Minutes</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>"
    );
    page("All chapters", &body)
}

fn row(rows: &mut String, chapter: &Chapter, count: ProblemCounts) {
    let document = &chapter.document;
    let mut state = Vec::new();
    let mut say = |class: &str, text: String| state.push(format!("<li class=\"{class}\">{text}</li>"));
    if count.errors > 0 {
        say("error", plural(count.errors, "error"));
    }
    if count.warnings > 0 {
        say("warning", plural(count.warnings, "warning"));
    }
    if document.front.draft {
        say("warning", "draft".to_owned());
    }

    let open = document.tasks.iter().filter(|task| !task.done).count();
    if !document.tasks.is_empty() {
        say("", format!("{open} of {} open", plural(document.tasks.len(), "TODO")));
    }
    if !document.notes.is_empty() {
        say("", plural(document.notes.len(), "note"));
    }
    if chapter.position.is_none() && !chapter.address.is_empty() {
        say("quiet", "in no list".to_owned());
    }

    let (title, file) = (escape(&document.title.text), escape(&document.source.path));
    let _ = writeln!(
        rows,
        "<tr><td><a href=\"/{}\">{title}</a></td><td><button type=\"button\" data-bindery-open=\"{file}\">{file}</button></td>\
         <td><ul class=\"state\">{}</ul></td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>",
        escape(&encode_path(&chapter.address)),
        state.concat(),
        document.words,
        minutes(document.words),
    );
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title} · bindery</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/{OWN}/pages.css\">\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
}
