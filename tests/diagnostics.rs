//! Diagnostics, each beside the line that has it.
//!
//! A file in `tests/diagnostics/` is a book as a text archive. A comment in a line, `<!--~ broken-link 5 -->` or
//! `#~ invalid-value 7`, says that bindery finds that problem on that line, at that column; several are separated
//! by commas. Problems without a line are listed above the first file: `! theme themes/x`. There must be no others.
//!
//! If the last file is called `hints`, it has the hint of each problem, at `file:line:column`. `UPDATE=1` writes it.

use std::path::Path;
use std::{env, fs};

use bindery::text::{Diagnostic, Severity};
use libtest_mimic::{Failed, Trial};

use crate::support::{self, Book};
use crate::test;

/// The diagnostics that a book expects, as `file:line:column code`, and its files with them.
fn expected(comment: &str, files: &[support::Entry]) -> Vec<String> {
    let mut expected: Vec<String> =
        comment.lines().filter_map(|line| line.strip_prefix("! ")).map(str::to_owned).collect();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            let marker = line.split_once("<!--~").or_else(|| line.split_once("#~"));
            let Some((_, marker)) = marker else { continue };
            for diagnostic in marker.trim_end_matches("-->").split(',') {
                let (code, column) = diagnostic.trim().split_once(' ').expect("a code and a column");
                expected.push(format!("{code} {}:{}:{}", file.name, number + 1, column.trim()));
            }
        }
    }
    expected.sort();
    expected
}

fn found(diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut found: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| match &diagnostic.place {
            Some(place) => {
                let position = place.source.position(place.span.start);
                format!(
                    "{} {}:{}:{}",
                    diagnostic.code.name(),
                    place.source.path,
                    position.line,
                    position.column
                )
            }
            None => format!("{} {}", diagnostic.code.name(), diagnostic.path.as_deref().unwrap_or_default()),
        })
        .collect();
    found.sort();
    found
}

/// A test for each file, and the tests that need files other than text.
pub fn tests() -> Vec<Trial> {
    let mut tests = vec![
        test("diagnostics::a_file_that_is_not_utf8_names_the_place", a_file_that_is_not_utf8_names_the_place),
        #[cfg(unix)]
        test(
            "diagnostics::links_out_of_the_book_and_in_circles_are_not_followed",
            links_out_of_the_book_and_in_circles_are_not_followed,
        ),
    ];
    for (name, text) in support::cases("diagnostics") {
        let title = format!("diagnostics::{name}");
        tests.push(Trial::test(title, move || problems_are_found_where_they_are(&name, &text)));
    }
    tests
}

fn problems_are_found_where_they_are(name: &str, text: &str) -> Result<(), Failed> {
    let (comment, mut files) = support::archive(text);
    let hints = files.pop_if(|last| last.name == "hints");
    let book = Book::new();
    for file in &files {
        book.write(&file.name, &file.text);
    }

    // Some problems are found only when a page is made.
    let (engine, edition) = book.edition();
    let mut diagnostics = edition.diagnostics;
    diagnostics.extend(edition.site.promises.values().flat_map(|promise| {
        promise.keep_once(&engine.renderer).map_or_else(|error| vec![error], |made| made.warnings)
    }));

    let (expected, found) = (expected(&comment, &files), found(&diagnostics));
    if expected != found {
        let difference = support::difference(&expected.join("\n"), &found.join("\n"));
        let messages: Vec<_> = diagnostics.iter().map(support::diagnostic_line).collect();
        return Err(format!("{difference}\nAll that was found:\n{}", messages.join("\n")).into());
    }

    for Diagnostic { message, .. } in &diagnostics {
        if message.starts_with(char::is_uppercase) || message.ends_with('.') {
            return Err(format!("a message begins in lower case and has no full stop: {message}").into());
        }
    }
    hints.map_or(Ok(()), |hints| hints_say_what_to_do(name, text, &hints.text, &diagnostics))
}

/// Compares the hints of problems, in the order of their places, with those that a book expects.
fn hints_say_what_to_do(
    name: &str,
    text: &str,
    expected: &str,
    diagnostics: &[Diagnostic],
) -> Result<(), Failed> {
    let hint = |diagnostic: &Diagnostic| {
        let (place, hint) = (diagnostic.place.as_ref()?, diagnostic.hint.as_ref()?);
        let at = place.source.position(place.span.start);
        Some(((place.source.path.clone(), at.line, at.column), hint.clone()))
    };
    let mut found: Vec<_> = diagnostics.iter().filter_map(hint).collect();
    found.sort();
    let line = |((file, line, column), hint)| format!("{file}:{line}:{column} {hint}\n");
    let found: String = found.into_iter().map(line).collect();

    if env::var_os("UPDATE").is_some() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics").join(format!("{name}.txt"));
        let kept = text.strip_suffix(expected).ok_or("the hints are at the end")?;
        return Ok(fs::write(path, format!("{kept}{found}"))?);
    }
    match found == expected {
        true => Ok(()),
        false => Err(support::difference(expected, &found).into()),
    }
}

fn a_file_that_is_not_utf8_names_the_place() {
    let book = Book::of(&[("content/index.md", "# Hello\n")]);
    book.write("content/latin.md", b"# Caf\xe9\n\ntext\n");
    let diagnostics = book.diagnostics();
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert!(diagnostics[0].starts_with("invalid-utf8 content/latin.md:1:6 "), "{diagnostics:?}");
}

#[cfg(unix)]
fn links_out_of_the_book_and_in_circles_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.md"), "# Secret\n").expect("a file");
    let book = Book::of(&[("content/index.md", "# Hello\n"), ("shared/note.md", "# Note\n")]);
    let content = book.path().join("content");
    symlink(outside.path(), content.join("out")).expect("a link");
    symlink(outside.path().join("secret.md"), content.join("secret.md")).expect("a link");
    symlink("..", content.join("circle")).expect("a link");
    symlink("nowhere.md", content.join("dead.md")).expect("a link");
    symlink("../shared/note.md", content.join("note.md")).expect("a link");
    let (_, edition) = book.edition();
    let pages: Vec<&String> =
        edition.site.promises.keys().filter(|path| path.ends_with("index.html")).collect();
    assert_eq!(pages, ["contents/index.html", "index.html", "note/index.html", "print/index.html"]);
    let codes: Vec<_> =
        edition.diagnostics.iter().map(|diagnostic| (diagnostic.code.name(), diagnostic.severity)).collect();
    assert_eq!(codes, [("ignored-symlink", Severity::Warning); 4], "{:?}", book.diagnostics());
}
