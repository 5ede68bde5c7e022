//! `bindery new`: a small book to begin with, which builds without a warning.

use std::fs;
use std::path::Path;

use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::text::{Diagnostic, DiagnosticCode, slug};

/// The files of the book: their paths, and their text, in which `{title}` stands for the book's title.
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
    match make(dir) {
        Ok(()) => {
            let enter = match dir.to_string_lossy() {
                here if here == "." => String::new(),
                dir => format!("  cd {}\n", quoted(&dir)),
            };
            reporter.result(&format!("a new book is in {}\n\n{enter}  bindery serve --open", dir.display()));
            Outcome::Clean
        }
        Err(fault) => {
            reporter.report(&[fault]);
            Outcome::Failed
        }
    }
}

fn make(dir: &Path) -> Result<(), Diagnostic> {
    let failed = |path: &Path, error: &std::io::Error| {
        Diagnostic::new(DiagnosticCode::FailedOutput, format!("cannot make this: {error}"))
            .on(path.display().to_string())
    };
    fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let mut entries = fs::read_dir(dir).map_err(|error| failed(dir, &error))?;
    // A repository in which there is nothing yet is empty too.
    if entries.any(|entry| entry.map_or(true, |entry| entry.file_name() != ".git")) {
        return Err(Diagnostic::new(DiagnosticCode::RefusedOutput, "this folder is not empty")
            .on(dir.display().to_string())
            .hint("name a folder that is empty or not yet there"));
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

/// A path as a word of a command, which the shell takes letter for letter.
fn quoted(path: &str) -> String {
    let begin = if path.starts_with('-') { "./" } else { "" };
    let is_plain =
        |c: char| c.is_alphanumeric() || "/._-+@%,".contains(c) || cfg!(windows) && "\\:".contains(c);
    match path {
        _ if path.chars().all(is_plain) => format!("{begin}{path}"),
        _ if cfg!(windows) => format!("\"{begin}{path}\""),
        _ => format!("'{begin}{}'", path.replace('\'', "'\\''")),
    }
}

/// A title from the folder's name: `my-book` reads "My book". Quotes would end the YAML string.
fn title(dir: &Path) -> String {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let name = full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kept: String = name.chars().filter(|c| !c.is_control() && !"\"\\\u{fffd}".contains(*c)).collect();
    let words = kept.replace(['-', '_'], " ");
    match words.trim() {
        "" => "A new book".to_owned(),
        words => slug::capitalised(words),
    }
}
