//! A tutorial book of any number of chapters, the same for every machine and run.
//!
//! A chapter is what authors of tutorials write: front matter, an opening, eight sections with a code block
//! each, lists, tables and notes here and there, links to headings of other chapters, now and then a TODO
//! list or a question to oneself. About 1,400 words beside the code, 14 kB, of which 4.5 kB are code. Folders
//! of 25 chapters with an `index.md` are the parts. Nothing in it is worth a warning.

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

/// What a chapter is called, and what others can link to.
struct Outline {
    title: String,
    /// The file below `content/`.
    path: String,
    headings: Vec<String>,
}

/// Writes a book of so many chapters into a folder that is not there yet.
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
    /// Pages, with plain code: what other programs make without their colours, and the floor.
    Pages,
    /// Pages, with coloured code.
    Coloured,
    /// All that a book has unless its author says otherwise: also search, Markdown beside the pages, and the page
    /// for print.
    Whole,
}

/// Sets what builds make of a book that was written.
///
/// # Errors
/// Those of the file system.
pub fn set(root: &Path, extent: Extent) -> io::Result<()> {
    save(&root.join("book.yaml"), &settings(extent))
}

/// The file of the chapter in the middle of a book that was written.
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

/// Writes a file as if it had been still for a long time. One that was changed a moment ago must be read at
/// every look, as clocks of file systems are coarse; that is not what a book on an author's disk is like.
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

/// The page that opens a part, or the book.
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

/// The file name and anchor that a title of plain words makes.
fn slug(title: &str) -> String {
    title.to_lowercase().replace(',', "").replace(' ', "-")
}

/// Different for every chapter and purpose, and the same for a chapter in books of every length.
fn seed(number: usize, purpose: u64) -> u64 {
    (number as u64).wrapping_mul(16).wrapping_add(purpose)
}
