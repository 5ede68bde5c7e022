//! What the tests share: books from text, and the pipeline run on them.

#![allow(dead_code, reason = "each of the test programs uses its own part of this")]

pub mod browser;
pub mod preview;
pub mod published;

use std::fs;
use std::path::Path;

use bindery::bind::checked::{chapter_after, short};
use bindery::edition::Edition;
use bindery::engine::Engine;
use bindery::read::proof_basis::ProofBasis;
use bindery::read::proof_record::{ProofRecord, RecordedBlock, RecordedChapter, RecordedResult};
use bindery::read::{Layout, Overrides, Snapshot};
use bindery::render::Output;
use bindery::text::report::{self, Colour};
use tempfile::TempDir;

/// A book in a folder that is removed when the test ends.
pub struct Book {
    /// The folder.
    pub dir: TempDir,
}

impl Book {
    /// An empty book.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(dir.path().join("content")).expect("a new folder");
        Book { dir }
    }

    /// A book with these files: paths and texts.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let book = Book::new();
        for (path, text) in files {
            book.write(path, text);
        }
        book
    }

    /// A book whose pages are only the bodies of their chapters.
    pub fn bare() -> Self {
        let book = Book::new();
        book.write("book.yaml", "theme: bare\n");
        book.write("themes/bare/theme.yaml", "extends: default\n");
        book.write("themes/bare/templates/chapter.html", "{{ page.body | safe }}");
        book
    }

    /// The book's folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file, making its folders.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }

    /// Reads the book as it is now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::take(&self.layout(), None)
    }

    /// The book's layout.
    pub fn layout(&self) -> Layout {
        Layout::at(self.path()).expect("a book")
    }

    /// The book's edition by an engine without a memory.
    pub fn edition(&self) -> (Engine, Edition) {
        let mut engine = Engine::new(Overrides::default());
        let edition = engine.edition(&self.snapshot());
        (engine, edition)
    }

    /// One output as text.
    pub fn page(&self, path: &str) -> String {
        let (engine, edition) = self.edition();
        output(&engine, &edition, path)
    }

    /// Writes a record in which each block has a result, by its number in the book.
    pub fn write_record(&self, result: impl Fn(usize) -> RecordedResult) {
        let (_, edition) = self.edition();
        let mut record = ProofRecord::default();
        let basis = ProofBasis::of(&edition.config);
        let (mut before, mut number) = (None, 0);
        for id in edition.book.followed() {
            let document = &edition.book.chapter(id).document;
            let mut blocks = Vec::new();
            for block in &document.steps {
                number += 1;
                let result = result(number);
                let steps = if result == RecordedResult::Proven { block.steps } else { 0 };
                let (digest, on) = (block.digest.short(), "Debian 12".to_owned());
                blocks.push(RecordedBlock { digest, result, steps, on });
            }
            let date = "2026-11-28".parse().expect("a day");
            let chapter = RecordedChapter { date, after: short(before), basis: basis.clone(), blocks };
            record.chapters.insert(document.source.path.clone(), chapter);
            before = chapter_after(before, document.front.draft, document.steps_end);
        }
        record.chapters.retain(|_, chapter| !chapter.blocks.is_empty());
        self.write("proof.yaml", record.text());
    }

    /// The diagnostics as `code file:line:column message`.
    pub fn diagnostics(&self) -> Vec<String> {
        let (_, edition) = self.edition();
        edition.diagnostics.iter().map(diagnostic_line).collect()
    }
}

/// One output of an edition as text.
pub fn output(engine: &Engine, edition: &Edition, path: &str) -> String {
    let promise = edition
        .site
        .promises
        .get(path)
        .unwrap_or_else(|| panic!("no output {path}: {:?}", edition.diagnostics));
    match promise.keep(&engine.renderer) {
        Ok(Output::Bytes(bytes)) => String::from_utf8(bytes.to_vec()).expect("UTF-8"),
        Ok(Output::File(asset)) => format!("{asset:?}"),
        Err(diagnostic) => panic!("{}", report::human(&diagnostic, Colour::Plain)),
    }
}

/// A diagnostic in one line.
pub fn diagnostic_line(diagnostic: &bindery::text::Diagnostic) -> String {
    let place = match &diagnostic.place {
        Some(place) => {
            let position = place.source.position(place.span.start);
            format!("{}:{}:{}", place.source.path, position.line, position.column)
        }
        None => diagnostic.path.clone().unwrap_or_default(),
    };
    format!("{} {place} {}", diagnostic.code.name(), diagnostic.message)
}

/// A file of a text archive: a name, and the lines below it.
pub struct Entry {
    /// The name in the line `-- name --`.
    pub name: String,
    /// The text up to the next such line.
    pub text: String,
}

/// Reads a text archive: a comment, then files, each below a line `-- name --`.
pub fn archive(text: &str) -> (String, Vec<Entry>) {
    let mut comment = String::new();
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --"));
        match (name, entries.last_mut()) {
            (Some(name), _) => entries.push(Entry { name: name.to_owned(), text: String::new() }),
            (None, Some(entry)) => entry.text.push_str(line),
            (None, None) => comment.push_str(line),
        }
    }
    (comment, entries)
}

/// The files of a folder below `tests/`, by name.
pub fn cases(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut cases: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    cases
}

/// The lines that differ between two texts: `-` is before what was expected, `+` before what was found.
pub fn difference(expected: &str, found: &str) -> String {
    bindery::text::line_diff::unified(expected, found, "expected", "found")
}
