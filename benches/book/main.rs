//! The benchmarks: a generated book of 1,000 tutorial chapters, built cold and warm.
//!
//! `cargo bench` runs the cases of [`cases`] with criterion and then writes a [`report`], which compares the
//! program with the project's targets: cold builds beside their lower limit (the [`floor`]), output, memory, and
//! the steps of an edit. `cargo bench -- report` only writes the report, `cargo bench -- PATTERN` only runs some
//! cases, `cargo bench -- preview` measures the preview with 1,000, 5,000 and 20,000 chapters, `cargo bench -- colours`
//! highlights code apart from books, `cargo bench -- colours FOLDER...` that of real books, `cargo bench -- books FOLDER...` builds real books, and `cargo bench -- --test` runs
//! everything once on a small book.
//!
//! `BINDERY_BENCH_CHAPTERS` sets another number of chapters. With `BINDERY_BENCH_KEEP` the books are kept, for
//! other programs and profilers, and the last line names their folder. Outputs, about 2 GB, are written to the
//! system's temporary folder, which `TMPDIR` chooses, and removed at the end. On ext4 without a journal, new files
//! are slow for five minutes after that: wait, or choose a folder in memory.

mod books;
mod cases;
mod code;
mod colours;
mod floor;
mod generate;
mod grammars;
mod preview;
mod program;
mod prose;
mod random;
mod report;
mod warm;
mod words;

use std::cell::Cell;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use mimalloc::MiMalloc;
use tempfile::TempDir;

use program::BenchError;

/// The program's own allocator, so that the floor is measured with the same.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The books that are measured.
#[derive(Debug)]
pub struct Bench {
    /// How many chapters the large book has.
    pub chapters: usize,
    /// The large book.
    pub book: PathBuf,
    /// A book of ten chapters.
    pub ten: PathBuf,
    /// The chapter that is edited.
    pub chapter: PathBuf,
    books: TempDir,
    outputs: TempDir,
    used: Cell<usize>,
}

/// How often the report measures each case.
const ROUNDS: usize = 11;

fn main() -> Result<(), BenchError> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // `cargo test --benches` gives no argument, not even `--bench`.
    let is_test = arguments.contains(&"--test") || !env::args().any(|argument| argument == "--bench");
    if let ["floor", threads, book, out] = arguments[..] {
        return Ok(floor::convert(book.as_ref(), out.as_ref(), threads.parse()?)?);
    }
    let usual = if is_test { 30 } else { 1_000 };
    let chapters = env::var("BINDERY_BENCH_CHAPTERS").ok().map_or(Ok(usual), |number| number.parse())?;
    if arguments == ["preview"] {
        let report = preview::report(&[1_000, 5_000, 20_000])?;
        return Ok(io::stdout().lock().write_all(report.as_bytes())?);
    }
    if let ["colours", books @ ..] = &arguments[..] {
        let mut report = String::new();
        match books {
            [] => colours::report(ROUNDS, &mut report)?,
            _ => colours::books(books, ROUNDS, &mut report)?,
        }
        return Ok(io::stdout().lock().write_all(report.as_bytes())?);
    }
    if let ["books", books @ ..] = &arguments[..] {
        return Ok(io::stdout().lock().write_all(books::report(books)?.as_bytes())?);
    }
    let bench = Bench::prepare(chapters, env::var_os("BINDERY_BENCH_KEEP").is_some())?;
    if arguments != ["report"] {
        cases::run(&bench)?;
    }
    if arguments.iter().all(|argument| ["report", "--test"].contains(argument)) {
        let report = report::write(&bench, if is_test { 1 } else { ROUNDS })?;
        io::stdout().lock().write_all(report.as_bytes())?;
    }
    if is_test {
        io::stdout().lock().write_all(preview::report(&[usual])?.as_bytes())?;
    }
    if env::var_os("BINDERY_BENCH_KEEP").is_some() {
        writeln!(io::stdout(), "the books are in {}", bench.books.path().display())?;
    }
    Ok(())
}

impl Bench {
    fn prepare(chapters: usize, keep: bool) -> Result<Bench, BenchError> {
        let mut books = tempfile::tempdir()?;
        books.disable_cleanup(keep);
        // The paths of chapters are relative to the book's path with symbolic links resolved.
        let folder = fs::canonicalize(books.path())?;
        let (book, ten) = (folder.join("book"), folder.join("ten"));
        generate::write(&book, chapters)?;
        generate::write(&ten, 10)?;
        let chapter = generate::middle(&book, chapters);
        Ok(Bench { chapters, book, ten, chapter, books, outputs: tempfile::tempdir()?, used: Cell::new(0) })
    }

    /// An output folder that does not exist yet. No folder is emptied and used again: ext4 without a journal skips
    /// the inodes of files that were removed in the last minutes (`recently_deleted` in the kernel), and the floor
    /// then took ten times as long.
    pub fn fresh(&self) -> PathBuf {
        self.used.update(|used| used + 1);
        self.outputs.path().join(format!("out-{}", self.used.get()))
    }
}
