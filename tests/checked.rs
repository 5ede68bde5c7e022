//! What pages say of steps that were checked, and what `check --proof` says of those that were not.

use bindery::bind::checked::report;
use bindery::read::proof_basis::ProofBasis;
use bindery::read::proof_record::{ProofRecord, RecordedResult};
use bindery::text::report::{self as reports, Colour};

use crate::support::Book;

const ONE: &str = "# One\n\nText.\n\n```console\n$ mkdir a\n$ ls\na\n```\n\n```text title=\"a/b.txt\"\nb\n```\n\n```python\nx = 1\n```\n";
const TWO: &str = "# Two\n\n```console tab=\"Linux\"\n$ cat a/b.txt\n```\n\n```console tab=\"Windows\"\n$ type b\n```\n\n\
    ```console skip=\"no\"\n$ rm a\n```\n";

fn book() -> Book {
    let book = Book::of(&[
        ("book.yaml", "title: T\nbase_url: https://example.com/\n"),
        ("content/index.md", "# Front\n"),
        ("content/1-one.md", ONE),
        ("content/2-two.md", TWO),
    ]);
    book.write_record(|_| RecordedResult::Proven);
    book
}

/// How many blocks of a page have a mark.
fn marks(book: &Book, page: &str) -> usize {
    book.page(page).matches("class=\"checked\"").count()
}

#[test]
fn blocks_that_were_checked_say_so() {
    let book = book();
    let page = book.page("one/index.html");
    let mark = "<a class=\"checked\" href=\"../contents/#b:checked\"><span>Checked on Debian 12 · \
                <time datetime=\"2026-11-28\">28 November 2026</time></span></a></figcaption>";
    assert_eq!(page.matches(mark).count(), 2, "{page}");
    let line = "<li><a href=\"../contents/#b:checked\">3 of 3 steps checked</a> \
                (Debian 12, <time datetime=\"2026-11-28\">28 November 2026</time>)</li>";
    assert!(page.contains(line), "{page}");
    assert!(
        page.contains("\"mainEntityOfPage\":{\"@type\":\"WebPage\",\"url\":\"https://example.com/one/\",\"lastReviewed\":\"2026-11-28\"}"),
        "{page}"
    );

    let contents = book.page("contents/index.html");
    assert!(contents.contains("id=\"b:checked\"") && contents.contains("5 of 5 steps checked"), "{contents}");
    assert!(!book.page("index.html").contains("b:checked"));

    let print = book.page("print/index.html");
    assert_eq!(print.matches("<a class=\"checked\" href=\"../contents/#b:checked\">").count(), 4, "{print}");
    assert!(print.contains("3 of 3 steps checked</a> (Debian 12, <time"), "{print}");
    let markdown = book.page("one/index.md");
    assert!(markdown.ends_with("\n\n3 of 3 steps checked: Debian 12, 28 November 2026\n"), "{markdown}");
    let list = book.page("llms.txt");
    assert!(list.contains("[One](https://example.com/one/index.md): 3 of 3 steps checked\n"), "{list}");
}

#[test]
fn what_has_changed_says_nothing() {
    let book = book();
    assert_eq!((marks(&book, "one/index.html"), marks(&book, "two/index.html")), (2, 2));
    book.write("content/1-one.md", ONE.replace("Text.", "Other text.").replace("x = 1", "x = 2"));
    assert_eq!((marks(&book, "one/index.html"), marks(&book, "two/index.html")), (2, 2));

    // The second block of the first chapter, and with it what comes after.
    book.write("content/1-one.md", ONE.replace("\nb\n", "\nc\n"));
    assert_eq!((marks(&book, "one/index.html"), marks(&book, "two/index.html")), (1, 0));
    let page = book.page("one/index.html");
    assert!(page.contains("2 of 3 steps checked"), "{page}");
    let (page, list) = (book.page("two/index.html"), book.page("llms.txt"));
    assert!(
        !page.contains("b:checked") && list.contains("[Two](https://example.com/two/index.md)\n"),
        "{page}{list}"
    );

    // The tab that is followed is another one.
    book.write("content/1-one.md", ONE);
    book.write("book.yaml", "proof: {tabs: [Windows]}\n");
    assert_eq!((marks(&book, "one/index.html"), marks(&book, "two/index.html")), (2, 0));
}

#[test]
fn what_was_found_with_other_settings_says_nothing() {
    let book = book();
    let placeholder = "title: T\nplaceholders: {your-name: {example: sam}}\n";
    book.write("content/2-two.md", format!("{TWO}\n```console\n$ echo <your-name>\n```\n"));
    book.write("book.yaml", placeholder);
    book.write_record(|_| RecordedResult::Proven);
    let marks_with = |settings: &str| {
        book.write("book.yaml", format!("{placeholder}{settings}"));
        (marks(&book, "one/index.html"), marks(&book, "two/index.html"))
    };
    assert_eq!(marks_with(""), (2, 3));

    // The value is that of one block; what may vary was all that can.
    assert_eq!(marks_with("proof: {values: {your-name: kim}}\n"), (2, 2));
    assert_eq!(marks_with("proof: {varies: [date]}\n"), (0, 0));
    assert_eq!(marks_with("proof: {network: none}\n"), (0, 0));
    let text = said(&book);
    assert!(
        text.contains(
            "the settings of tests have changed since this chapter was checked on 2026-11-28: 3 steps\n"
        ),
        "{text}"
    );

    // What may vary besides changes nothing, and neither do names that only pages show.
    let settings = "machines: {box: {label: A box}}\nproof: {varies: [date]}\n";
    marks_with(settings);
    book.write_record(|_| RecordedResult::Proven);
    assert_eq!(marks_with(settings), (2, 3));
    assert_eq!(marks_with(&settings.replace("[date]", "[date, time]").replace("A box", "Box")), (2, 3));
    assert_eq!(marks_with(&settings.replace("A box", "A box, user: kim")), (0, 0));
}

#[test]
fn what_was_not_checked_says_nothing() {
    let book = book();
    book.write_record(|number| match number {
        1 => RecordedResult::Failed,
        4 => RecordedResult::NotChecked,
        _ => RecordedResult::Proven,
    });
    assert_eq!((marks(&book, "one/index.html"), marks(&book, "two/index.html")), (1, 1));
    assert!(book.page("two/index.html").contains("1 of 2 steps checked"));

    // Drafts, which a preview can show, change nothing for what comes after them.
    book.write("book.yaml", "drafts: show\n");
    book.write("content/1-a-draft.md", "---\ndraft: true\n---\n# Draft\n\n```console\n$ pwd\n```\n");
    assert_eq!((marks(&book, "one/index.html"), marks(&book, "two/index.html")), (1, 1));
}

/// What `check --proof` says.
fn said(book: &Book) -> String {
    let snapshot = book.snapshot();
    let record = ProofRecord::read(snapshot.proof.as_ref().expect("a record")).0;
    let (_, edition) = book.edition();
    let diagnostics = report(&edition.book, &record, &ProofBasis::of(&edition.config));
    diagnostics.iter().map(|diagnostic| reports::human(diagnostic, Colour::Plain)).collect()
}

#[test]
fn what_must_be_checked_is_reported() {
    let book = book();
    assert_eq!(said(&book), "");

    book.write("content/1-one.md", ONE.replace("\nb\n", "\nc\n"));
    let text = said(&book);
    assert!(
        text.contains("warning[outdated-proof]: this block, or a comment for tests before it,"),
        "{text}"
    );
    assert!(text.contains("2026-11-28: 1 step from here on\n  --> content/1-one.md:11:1"), "{text}");
    assert!(text.contains("it was checked on 2026-11-28: 2 steps\n --> content/2-two.md:3:1"), "{text}");

    book.write("content/1-one.md", ONE);
    book.write_record(|number| if number == 2 { RecordedResult::Failed } else { RecordedResult::NotChecked });
    book.write("content/3-three.md", "# Three\n\n```console\n$ ls\n```\n");
    std::fs::remove_file(book.path().join("content/2-two.md")).expect("a file");
    let text = said(&book);
    assert!(text.contains("this block did not work when it was checked on 2026-11-28"), "{text}");
    assert!(text.contains("warning[missing-proof]: this chapter was never checked: 1 step\n"), "{text}");
    assert!(text.contains("`content/2-two.md` is in the record, and not in the book"), "{text}");
}

#[test]
fn a_record_that_is_not_right_is_reported_at_its_place() {
    let book = book();
    book.write("proof.yaml", "version: 1\nchapters:\n  content/1-one.md:\n    date: yesterday\n");
    let (_, edition) = book.edition();
    let diagnostic = &edition.diagnostics[0];
    let shown = reports::human(diagnostic, Colour::Plain);
    assert!(
        shown.contains(
            "error[invalid-value]: `yesterday` is not a day such as `2026-01-31`\n --> proof.yaml:4:11"
        ),
        "{shown}"
    );
}
