//! A tutorial book of any number of chapters, the same on every machine and in every run.
//!
//! A chapter is like those that authors of tutorials write: front matter, an introduction, eight sections with a
//! code block each, some lists, tables and notes, links to headings of other chapters, sometimes a TODO list or an
//! author's note. It has about 1,400 words besides the code and 14 kB, of which 4.5 kB are code. Folders of 25
//! chapters with an `index.md` are the parts. The book causes no warning.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::words::{Words, capital};
use super::{code, prose};

/// How many chapters a part has.
const PART: usize = 25;
/// How many sections a chapter has, with a code block each.
const SECTIONS: usize = 8;

/// The title of a chapter, and what others can link to.
struct Outline {
    title: String,
    /// The file below `content/`.
    path: String,
    headings: Vec<String>,
}

/// Writes a book with this number of chapters to a folder that does not exist yet.
///
/// # Errors
/// Those of the file system.
pub fn write(root: &Path, chapters: usize) -> io::Result<()> {
    let outlines = outlines(chapters);
    save(&root.join("book.yaml"), &settings(Extent::Coloured))?;
    save(&root.join("content/index.md"), &opening("The generated book", usize::MAX))?;
    for (number, outline) in outlines.iter().enumerate() {
        if number % PART == 0 {
            let title = part_title(number / PART);
            let folder = outline.path.split('/').next().unwrap_or_default();
            save(&root.join("content").join(folder).join("index.md"), &opening(&title, number))?;
        }
        save(&root.join("content").join(&outline.path), &chapter(&outlines, number))?;
    }
    Ok(())
}

/// What a build makes of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Pages with plain code, as the floor makes.
    Pages,
    /// Pages with highlighted code.
    Coloured,
    /// All that a book has by default: also search, Markdown beside the pages, and the page for print.
    Whole,
}

/// Sets what builds make of a generated book.
///
/// # Errors
/// Those of the file system.
pub fn set(root: &Path, extent: Extent) -> io::Result<()> {
    save(&root.join("book.yaml"), &settings(extent))
}

/// The file of the chapter in the middle of a generated book.
pub fn middle(root: &Path, chapters: usize) -> PathBuf {
    let outlines = outlines(chapters);
    let path = outlines.get(chapters / 2).map_or("index.md", |outline| outline.path.as_str());
    root.join("content").join(path)
}

fn settings(extent: Extent) -> String {
    let about = "title: The generated book\nauthor: nobody\ndescription: A book to measure with.\n\
                 base_url: https://book.example/\n";
    let extent = match extent {
        Extent::Pages => "search: false\nmarkdown: false\nprint: false\ncode: {highlight: false}\n",
        Extent::Coloured => "search: false\nmarkdown: false\nprint: false\n",
        Extent::Whole => "",
    };
    format!("{about}{extent}")
}

/// Writes a file with an old modification time. A file that has just changed would be read again each time, because
/// clocks of file systems are coarse; most files of an author's book are older.
fn save(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)?;
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    File::options().write(true).open(path)?.set_modified(long_ago)
}

fn outlines(chapters: usize) -> Vec<Outline> {
    let mut taken = HashSet::new();
    (0..chapters).map(|number| outline(number, &mut taken)).collect()
}

fn outline(number: usize, taken: &mut HashSet<String>) -> Outline {
    let mut words = Words::new(seed(number, 1));
    let mut title = prose::sentence(&mut words, prose::TITLES);
    while !taken.insert(title.clone()) {
        title = prose::sentence(&mut words, prose::TITLES);
    }
    let mut headings: Vec<String> = Vec::with_capacity(SECTIONS);
    while headings.len() < SECTIONS {
        let heading = prose::sentence(&mut words, prose::HEADINGS);
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    let part = number / PART;
    let folder = format!("{:02}-{}", part + 1, slug(&part_title(part)));
    let path = format!("{folder}/{:02}-{}.md", number % PART + 1, slug(&title));
    Outline { title, path, headings }
}

fn part_title(part: usize) -> String {
    let title = prose::sentence(&mut Words::new(seed(part, 2)), prose::PARTS);
    format!("{title} {}", part + 1)
}

/// The first page of a part or of the book.
fn opening(title: &str, number: usize) -> String {
    let mut words = Words::new(seed(number, 3));
    format!("{}{}", front_matter(title, number, &mut words), prose::paragraph(&mut words, 4))
}

fn chapter(outlines: &[Outline], number: usize) -> String {
    let Some(outline) = outlines.get(number) else { return String::new() };
    let mut words = Words::new(seed(number, 4));
    let mut blocks = vec![front_matter(&outline.title, number, &mut words)];
    if number % 12 == 5 {
        blocks.push(prose::todo(&mut words));
    }
    blocks.push(prose::paragraph(&mut words, 4));
    for (section, heading) in outline.headings.iter().enumerate() {
        let level = if section % 3 == 2 { "###" } else { "##" };
        blocks.push(format!("{level} {heading}\n"));
        blocks.push(prose::paragraph(&mut words, 4));
        blocks.push(prose::extra(&mut words));
        if section % 3 != 0 {
            blocks.push(reference(&mut words, outlines, outline));
        }
        blocks.push(code::block(&mut words, number, section));
        blocks.push(prose::paragraph(&mut words, 3));
    }
    if number % 20 == 7 {
        blocks.push(prose::question(&mut words));
    }
    blocks.push(prose::paragraph(&mut words, 4));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

/// A sentence with a link to a heading of another chapter, by its file, as on a code host.
fn reference(words: &mut Words, outlines: &[Outline], from: &Outline) -> String {
    let to = &outlines[words.random.below(outlines.len())];
    let heading = &to.headings[words.random.below(to.headings.len())];
    let folder = |outline: &Outline| outline.path.split('/').next().map(str::to_owned);
    let path = match to.path.split_once('/') {
        Some((_, name)) if folder(to) == folder(from) => name.to_owned(),
        _ => format!("../{}", to.path),
    };
    prose::reference(words, &to.title, &format!("{path}#{}", slug(heading)))
}

fn front_matter(title: &str, number: usize, words: &mut Words) -> String {
    let description =
        capital(&words.fill("«verb» the «adj» «noun» of a «noun», and see why it «verbs» every «noun»."));
    let number = number % 10_000;
    let date = format!("{}-{:02}-{:02}", 2015 + number / 336 % 10, number / 28 % 12 + 1, number % 28 + 1);
    format!("---\ntitle: {title}\ndate: {date}\ndescription: {description}\n---\n")
}

/// The file name and anchor of a title that consists of plain words.
fn slug(title: &str) -> String {
    title.to_lowercase().replace(',', "").replace(' ', "-")
}

/// Different for every chapter and purpose, and the same for a chapter in books of every length.
fn seed(number: usize, purpose: u64) -> u64 {
    (number as u64).wrapping_mul(16).wrapping_add(purpose)
}
