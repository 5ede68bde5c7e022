//! What bindery adds to Markdown, example by example.
//!
//! A file in `tests/markdown/` holds examples between lines of `~~~~~~~~ example` and `~~~~~~~~`: the text, a
//! line with a full stop, the page's body. `UPDATE=1 cargo test --test markdown` writes what comes out into
//! the files; read it before you commit it.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use support::Book;

const OPEN: &str = "~~~~~~~~ example";
const CLOSE: &str = "~~~~~~~~";

/// Takes a file apart: lines between examples, and the Markdown of each example.
fn examples(text: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut before = String::new();
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.trim_end() != OPEN {
            before.push_str(line);
            continue;
        }
        let (mut markdown, mut html) = (String::new(), String::new());
        let mut in_html = false;
        for line in lines.by_ref().take_while(|line| line.trim_end() != CLOSE) {
            match (in_html, line.trim_end()) {
                (false, ".") => in_html = true,
                (false, _) => markdown.push_str(line),
                (true, _) => html.push_str(line),
            }
        }
        found.push((std::mem::take(&mut before), markdown, html));
    }
    found.push((before, String::new(), String::new()));
    found
}

#[test]
fn examples_come_out_as_written() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for (name, text) in support::cases("markdown") {
        let mut examples = examples(&text);
        let rest = examples.pop().map(|(rest, _, _)| rest).unwrap_or_default();
        let book = Book::bare();
        book.write(
            "book.yaml",
            "theme: bare\nplaceholders:\n  your-name: {label: Your name, example: sam}\n",
        );
        for (number, (_, markdown, _)) in examples.iter().enumerate() {
            book.write(&format!("content/e{number}.md"), format!("---\ntitle: Example\n---\n{markdown}"));
        }
        let (engine, edition) = book.edition();
        let mut updated = String::new();
        for (number, (before, markdown, html)) in examples.iter().enumerate() {
            let actual = support::output(&engine, &edition, &format!("e{number}/index.html"));
            if actual != *html && !update {
                let _ = writeln!(
                    wrong,
                    "--- {name}, example {}\n{markdown}--- expected\n{html}--- actual\n{actual}",
                    number + 1
                );
            }
            let _ = write!(updated, "{before}{OPEN}\n{markdown}.\n{actual}{CLOSE}\n");
        }
        if update {
            let path = Path::new("tests/markdown").join(format!("{name}.md"));
            fs::write(path, updated + &rest).expect("the case is rewritten");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
