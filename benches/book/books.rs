//! Cold builds of real books, whose folders are given on the command line. They have what no generated book has: raw
//! HTML, broken links, other languages, code of all kinds.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use walkdir::WalkDir;

use super::program::{self, BenchError};

/// How often each book is built.
const ROUNDS: usize = 5;

/// Builds each book, in turn, and returns a table.
///
/// # Errors
/// If a book cannot be built, or has errors.
pub fn report(books: &[&str]) -> Result<String, BenchError> {
    let outputs = tempfile::tempdir()?;
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); books.len()];
    // A first round, which does not count, brings the files into memory.
    for round in 0..=ROUNDS {
        for (number, (book, times)) in books.iter().zip(&mut times).enumerate() {
            let out = outputs.path().join(format!("{number}-{round}"));
            let time = program::build_any(book.as_ref(), &out).map_err(|error| format!("{book}: {error}"))?;
            times.extend((round > 0).then_some(time));
        }
    }

    let mut text = String::from("chapters   source   fastest    median    memory   written   book\n");
    for (number, (book, times)) in books.iter().zip(&mut times).enumerate() {
        times.sort_unstable();
        let (chapters, source) = size(book.as_ref(), "md")?;
        let (_, written) = size(&outputs.path().join(format!("{number}-0")), "")?;
        let peak = program::peak_memory(book.as_ref(), &outputs.path().join(format!("{number}-peak")))?;
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        writeln!(
            text,
            "{chapters:>8} {:>5.1} MB {:>6.0} ms {:>6.0} ms {:>6.0} MB {:>6.1} MB   {book}",
            megabytes(source),
            milliseconds(times[0]),
            milliseconds(times[times.len() / 2]),
            megabytes(peak.unwrap_or_default()),
            megabytes(written),
        )?;
    }
    Ok(text)
}

/// How many files with this extension are below a folder, and their bytes; all files if it is empty.
fn size(folder: &Path, extension: &str) -> Result<(usize, u64), BenchError> {
    let (mut files, mut bytes) = (0, 0);
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        let is_counted = extension.is_empty() || entry.path().extension().is_some_and(|own| own == extension);
        if entry.file_type().is_file() && is_counted {
            files += 1;
            bytes += entry.metadata()?.len();
        }
    }
    Ok((files, bytes))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
