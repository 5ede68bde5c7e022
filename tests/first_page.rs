//! The first page of a large book, which is shown before the other chapters have been parsed: it is the page that the whole
//! edition has.

use std::fmt::Write as _;
use std::path::Path;

use bindery::edition::Edition;
use bindery::engine::Engine;
use bindery::read::{Layout, Overrides, Snapshot};

use crate::support::preview::Preview;
use crate::support::{Book, difference, output};

/// Compares every chapter's page, made first, with that of the edition. Returns how many there are.
fn compare_pages(layout: &Layout) -> usize {
    let snapshot = Snapshot::take(layout, None);
    let mut engine = Engine::new(Overrides::default());
    let edition = engine.edition(&snapshot);

    let mut chapters = edition.book.chapters.iter().collect::<Vec<_>>();
    // The front page lists how long chapters take to read, which is not known first.
    chapters.retain(|chapter| !chapter.address.is_empty());
    for chapter in &chapters {
        let mut other = Engine::new(Overrides::default());
        let first = other.first_page(&snapshot, &chapter.address).expect("a page");
        let file = format!("{}index.html", chapter.address);
        let key = |edition: &Edition| edition.site.promises[&file].key();
        assert!(key(&first) == key(&edition), "a tab keeps the page that it shows");
        let (first, whole) = (output(&other, &first, &file), output(&engine, &edition, &file));
        let path = &chapter.document.source.path;
        assert!(first == whole, "{path}:\n{}", difference(&whole, &first));
    }
    chapters.len()
}

#[test]
fn it_is_the_page_of_the_whole_edition() {
    for root in ["", "manual"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        assert!(compare_pages(&Layout::at(&root).expect("a book")) > 5);
    }
}

#[test]
fn titles_are_found_where_they_are() {
    let book = Book::of(&[
        ("book.yaml", "title: A book\nnumbers: true\n"),
        ("content/a.md", "---\ntitle: The *first*\n---\n\nText.\n\n# Another\n"),
        ("content/b.md", "Underlined\n==========\n\nText.\n"),
        ("content/c.md", "```sh\n# no title\n```\n\n## In `code`\n\n[The term](d.md#term)\n"),
        ("content/d.md", "---\nglossary: true\n---\n\n# Glossary\n\nTerm\n: What it means.\n"),
        ("content/e.md", "## TODO\n\n- [ ] a task\n\n# After the list\n\nA term, and [](f.md#table).\n"),
        ("content/f.md", "Small\n-----\n\nText, [d](d.md), [gone](gone.md).\n"),
        ("content/g.md", "Nothing but text: [a](a.md#another), [](b.md).\n"),
    ]);
    assert_eq!(compare_pages(&book.layout()), 7);
}

#[test]
fn there_is_none_of_a_broken_book_or_a_missing_page() {
    let book = Book::of(&[("book.yaml", "title: A book\n"), ("content/a.md", "# A\n")]);
    let first = |address| Engine::new(Overrides::default()).first_page(&book.snapshot(), address);
    assert!(first("a/").is_some());
    assert!(first("").is_some(), "the front page that the program makes");
    assert!(first("b/").is_none());
    book.write("book.yaml", "title: [\n");
    assert!(first("a/").is_none());
}

#[test]
fn a_preview_goes_on_to_the_whole_book() {
    let book = Book::of(&[("book.yaml", "title: A book\n"), ("static/plain.txt", "plain\n")]);
    for number in 1..=600 {
        let mut text = format!("# Chapter {number}\n\nSee [the next](c{}.md#end).\n\n", number % 600 + 1);
        for line in 0..40 {
            writeln!(text, "Line {line} of a *long* chapter with `code`.\n").expect("a string");
        }
        book.write(&format!("content/c{number}.md"), text + "## End\n");
    }
    let preview = Preview::of(book.path());
    for number in [300, 1, 600] {
        let page = preview.page(&format!("/c{number}/"));
        assert!(page.contains(&format!("Chapter {number}</h1>")), "{page}");
        assert!(page.contains("Line 39 of") && page.contains("#end\">the next</a>"), "{page}");
    }
    assert!(preview.page("/contents/").contains("2 min"));
    assert_eq!(preview.get("/plain.txt").status, 200);
    assert_eq!(preview.get("/c601/").status, 404);
}
