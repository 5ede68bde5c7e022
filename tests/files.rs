//! `bindery test --files` on books and their sources, each beside what it says.
//!
//! A file in `tests/files/` is a book as a text archive. A file `v0.1:app.py` is in the source's repository at the tag
//! `v0.1`, which has the files that are written so and no others. The last one, `report`, is what the program prints:
//! errors, then the result, and its exit code. `UPDATE=1` writes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use gix::ObjectId;
use gix::objs::Tree;
use gix::objs::tree::{Entry, EntryKind};
use gix::refs::transaction::PreviousValue;
use libtest_mimic::{Failed, Trial};

use crate::support::{self, Book};

/// The settings of a book that has none.
const SETTINGS: &str = "sources: {app: {path: app}}\n";

/// A test for each file.
pub fn tests() -> Vec<Trial> {
    let case =
        |(name, text): (String, String)| Trial::test(format!("files::{name}"), move || check(&name, &text));
    support::cases("files").into_iter().map(case).collect()
}

fn check(name: &str, text: &str) -> Result<(), Failed> {
    let (_, mut files) = support::archive(text);
    let report = files.pop().filter(|file| file.name == "report").ok_or("the last file is `report`")?;

    let book = Book::of(&[("book.yaml", SETTINGS)]);
    let mut revisions: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for file in &files {
        match file.name.split_once(':') {
            Some((tag, path)) => _ = revisions.entry(tag).or_default().insert(path, &file.text),
            None => book.write(&file.name, &file.text),
        }
    }
    write_repository(&book.path().join("app"), &revisions);

    let found = found(&book);
    if std::env::var_os("UPDATE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(format!("{name}.txt"));
        let kept = text.strip_suffix(&*report.text).ok_or("the report is at the end")?;
        return Ok(fs::write(path, format!("{kept}{found}"))?);
    }
    match found == report.text {
        true => Ok(()),
        false => Err(support::difference(&report.text, &found).into()),
    }
}

/// What the program prints about a book.
fn found(book: &Book) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.args(["test", "--files"]).current_dir(book.path()).env("NO_COLOR", "1");
    let output = command.output().expect("it runs");
    let printed = [output.stderr, output.stdout].concat();
    let printed = String::from_utf8(printed).expect("UTF-8");

    let lines = printed.lines().map(|line| match line.split_once(", in ") {
        Some((result, time)) if line.contains(" as in the source: ") => {
            format!(
                "{result}{}\n",
                time.split_once(';').map(|(_, more)| format!(";{more}")).unwrap_or_default()
            )
        }
        _ => format!("{}\n", line.trim_end()),
    });
    format!("{}exit code {}\n", lines.collect::<String>(), output.status.code().unwrap_or(-1))
}

/// Makes a repository with these tags and their files.
fn write_repository(folder: &Path, revisions: &BTreeMap<&str, BTreeMap<&str, &str>>) {
    let repository = gix::init(folder).expect("a repository");
    let who =
        gix::actor::SignatureRef::from_bytes(b"Sam <sam@example.com> 1700000000 +0000").expect("a person");
    for (tag, files) in revisions {
        let files = files.iter().map(|(path, text)| (*path, *text)).collect::<Vec<_>>();
        let tree = write_tree(&repository, &files);
        let commit =
            repository.new_commit_as(who, who, "One", tree, gix::commit::NO_PARENT_IDS).expect("a commit");
        repository.tag_reference(*tag, commit.id, PreviousValue::Any).expect("a tag");
    }
}

/// Writes a folder of a repository: paths in it, and texts.
fn write_tree(repository: &gix::Repository, files: &[(&str, &str)]) -> ObjectId {
    let mut folders: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    let mut entries = Vec::new();
    for (path, text) in files {
        if let Some((folder, rest)) = path.split_once('/') {
            folders.entry(folder).or_default().push((rest, text));
            continue;
        }
        // A text archive cannot have zero bytes.
        let oid = repository.write_blob(text.replace("\\0", "\0")).expect("a blob").detach();
        entries.push(Entry { mode: EntryKind::Blob.into(), filename: (*path).into(), oid });
    }
    for (folder, files) in folders {
        let oid = write_tree(repository, &files);
        entries.push(Entry { mode: EntryKind::Tree.into(), filename: folder.into(), oid });
    }
    entries.sort();
    repository.write_object(&Tree { entries }).expect("a tree").detach()
}
