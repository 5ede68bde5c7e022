//! `bindery new`: creates a small book, which builds without a warning.

use std::fs;
use std::path::Path;

use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::text::{Diagnostic, DiagnosticCode, slug};

/// The files of the book: their paths and their texts, in which `{title}` is replaced.
const FILES: &[(&str, &str)] = &[
    ("book.yaml", include_str!("starter/book.yaml")),
    ("content/index.md", include_str!("starter/content/index.md")),
    ("content/01-first-steps/index.md", include_str!("starter/content/01-first-steps/index.md")),
    ("content/01-first-steps/01-hello.md", include_str!("starter/content/01-first-steps/01-hello.md")),
    ("content/01-first-steps/02-going-on.md", include_str!("starter/content/01-first-steps/02-going-on.md")),
    (".gitignore", "/public/\n"),
];

/// Runs the command.
pub fn run(dir: &Path, reporter: &Reporter) -> Outcome {
    if let Err(diagnostic) = create(dir) {
        reporter.report(&[diagnostic]);
        return Outcome::Failed;
    }

    let enter = match dir.to_string_lossy() {
        here if here == "." => String::new(),
        dir => format!("  cd {}\n", quoted(&dir)),
    };
    reporter.result(&format!("a new book is in {}\n\n{enter}  bindery serve --open", dir.display()));
    Outcome::Clean
}

fn create(dir: &Path) -> Result<(), Diagnostic> {
    let failed = |path: &Path, error: &std::io::Error| {
        Diagnostic::new(DiagnosticCode::FailedOutput, format!("cannot create this: {error}"))
            .on(path.display().to_string())
    };

    fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let mut entries = fs::read_dir(dir).map_err(|error| failed(dir, &error))?;
    // A new repository counts as empty.
    if entries.any(|entry| entry.map_or(true, |entry| entry.file_name() != ".git")) {
        return Err(Diagnostic::new(DiagnosticCode::RefusedOutput, "this folder is not empty")
            .on(dir.display().to_string())
            .hint("name a folder that is empty or does not exist"));
    }

    let title = title(dir);
    for (path, text) in FILES {
        let file = dir.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        }
        fs::write(&file, text.replace("{title}", &title)).map_err(|error| failed(&file, &error))?;
    }
    Ok(())
}

/// A path as the argument of a shell command, in quotes if it has special characters.
fn quoted(path: &str) -> String {
    let begin = if path.starts_with('-') { "./" } else { "" };
    let is_plain =
        |c: char| c.is_alphanumeric() || "/._-+@%,".contains(c) || cfg!(windows) && "\\:".contains(c);

    if path.chars().all(is_plain) {
        format!("{begin}{path}")
    } else if cfg!(windows) {
        format!("\"{begin}{path}\"")
    } else {
        format!("'{begin}{}'", path.replace('\'', "'\\''"))
    }
}

/// A title made from the folder's name: "My book" for `my-book`.
fn title(dir: &Path) -> String {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();

    // Quotes and backslashes mean something else in the YAML string.
    let kept: String = name.chars().filter(|c| !c.is_control() && !"\"\\\u{fffd}".contains(*c)).collect();
    let words = kept.replace(['-', '_'], " ");
    match words.trim() {
        "" => "A new book".to_owned(),
        words => slug::capitalised(words),
    }
}
