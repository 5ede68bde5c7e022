//! The floor: a lower limit for the time of a build. All chapters are read, converted to HTML by pulldown-cmark's own
//! writer, and written, each to a folder of its own, as pages are. Nothing is ordered, linked, checked or put into
//! templates; files are written in place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;
use walkdir::WalkDir;

/// How many threads work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// One.
    One,
    /// All threads of rayon.
    All,
}

impl Threads {
    /// The name that [`FromStr`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Threads::One => "one",
            Threads::All => "all",
        }
    }
}

impl FromStr for Threads {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let all = [Threads::One, Threads::All];
        all.into_iter().find(|threads| threads.name() == name).ok_or_else(|| format!("`{name}` threads"))
    }
}

/// Converts all chapters of a book into files below `out`.
///
/// # Errors
/// Those of the file system.
pub fn convert(root: &Path, out: &Path, threads: Threads) -> io::Result<()> {
    let content = root.join("content");
    let entries = WalkDir::new(&content).into_iter().filter_map(Result::ok);
    let files: Vec<PathBuf> =
        entries.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path()).collect();
    let one = |file: &PathBuf| {
        page(file, &out.join(file.strip_prefix(&content).unwrap_or(file).with_extension("")))
    };
    match threads {
        Threads::One => files.iter().try_for_each(one),
        Threads::All => files.par_iter().try_for_each(one),
    }
}

fn page(file: &Path, folder: &Path) -> io::Result<()> {
    let text = fs::read_to_string(file)?;
    let mut page = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut page, Parser::new_ext(&text, dialect()));
    fs::create_dir_all(folder)?;
    fs::write(folder.join("index.html"), page)
}

/// The extensions that bindery uses for chapters; front matter is skipped.
fn dialect() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
}
