//! The indexes for search: what is published, and what is kept from one build to the next.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::support::Book;

fn book() -> Book {
    Book::of(&[
        ("book.yaml", "title: A book\nlanguage: en\n"),
        ("content/index.md", "# Front\n\nHow to begin.\n"),
        ("content/server/1-keys.md", "# Keys\n\nOf keys.\n\n## Make one\n\nOnce.\n"),
    ])
}

/// The files of the indexes that were published.
fn indexes(book: &Book) -> BTreeMap<String, Vec<u8>> {
    let folder = book.path().join("public/search");
    // Without search, there is no folder.
    let entries = walkdir::WalkDir::new(&folder).into_iter().filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let read = |path: &std::path::Path| {
        let name = path.strip_prefix(&folder).expect("it is below").to_string_lossy().into_owned();
        (name, fs::read(path).expect("a file"))
    };
    files.map(|entry| read(entry.path())).collect()
}

fn build(book: &Book) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    let output = command.arg("build").current_dir(book.path()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn an_index_is_kept_while_its_chapters_stay_the_same() {
    let book = book();
    build(&book);
    let first = indexes(&book);
    let programs: Vec<&String> = first.keys().filter(|name| !name.contains("pf_")).collect();
    let folder = programs[0].split('/').next().expect("a folder");
    let expected = ["pagefind-entry.json", "pagefind.js", "titles.json.gz", "wasm.en.pagefind"];
    let expected: Vec<String> = expected.iter().map(|name| format!("{folder}/{name}")).collect();
    assert_eq!(programs.iter().take(4).map(|name| name.as_str()).collect::<Vec<_>>(), expected);
    assert!(build(&book).contains(" 0 written, 0 removed"));

    // A file that somebody removed is made again.
    fs::remove_file(book.path().join("public/search").join(&expected[0])).expect("it is there");
    assert!(build(&book).contains(" 1 written, 0 removed"));
    assert_eq!(indexes(&book), first);

    book.write("content/index.md", "# Front\n\nHow to go on.\n");
    build(&book);
    let second = indexes(&book);
    assert!(second.keys().all(|name| !name.starts_with(folder)), "the old one goes");
    book.write("content/index.md", "# Front\n\nHow to begin.\n");
    build(&book);
    assert_eq!(indexes(&book), first, "the same chapters have the same index");

    book.write("book.yaml", "search: false\n");
    build(&book);
    assert!(indexes(&book).is_empty());
    assert!(!fs::read_to_string(book.path().join("public/index.html")).expect("a page").contains("b:search"));
}

/// The list of titles that was published, compressed.
fn titles(book: &Book) -> Vec<u8> {
    let mut files = indexes(book).into_iter();
    files.find(|(name, _)| name.ends_with("titles.json.gz")).expect("the titles").1
}

fn unpacked(packed: &[u8]) -> serde_json::Value {
    let list = bindery::text::gzip::unpack(packed).expect("it is packed");
    serde_json::from_slice(&list).expect("JSON")
}

#[test]
fn names_that_are_made_of_signs_are_listed() {
    let book = Book::of(&[
        ("book.yaml", "title: A book\nlanguage: en\n"),
        ("content/a.md", "# A\n\nWrite `?` and `..=`, not `a?`; `->` returns. ?\n"),
    ]);
    build(&book);
    let names = unpacked(&titles(&book))["names"].clone();
    assert_eq!(names, serde_json::json!({ "?": [0], "..=": [0], "->": [0] }));
}

#[test]
fn the_titles_of_a_large_book_stay_small() {
    // Headings that no compressor makes small.
    let word = |number: usize| bindery::text::Digest::of(&number.to_be_bytes()).short();
    let chapter = |number: usize| {
        let headings = (0..12).map(|nth| {
            format!("## Of {}\n\n### Of {}\n\n", word(number * 100 + nth), word(number * 100 + nth + 50))
        });
        format!("# Chapter {number}\n\n{}", headings.collect::<String>())
    };
    let book = Book::of(&[("book.yaml", "title: A book\nlanguage: en\n")]);
    for number in 0..500 {
        book.write(&format!("content/{number}.md"), chapter(number));
    }
    build(&book);

    let packed = titles(&book);
    assert!(packed.len() <= 60 << 10, "{} bytes", packed.len());
    let list = unpacked(&packed);
    let chapters = list["chapters"].as_array().expect("chapters");
    assert_eq!(chapters.len(), 500);
    assert_eq!((&chapters[1][1], &chapters[1][2]), (&"1/".into(), &"Chapter 1".into()));
}
