//! What bindery adds to Markdown, example by example.
//!
//! A file in `tests/markdown/` holds examples between lines of `~~~~~~~~ example` and `~~~~~~~~`: the text, a
//! line with a full stop, the page's body. `UPDATE=1 cargo test --test markdown` writes what comes out into
//! the files; read it before you commit it.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bindery::parse::{self, Files, Options};
use bindery::read::Config;
use bindery::read::sources::{SourceText, Question};
use bindery::text::{Hashed, Source};
use proptest::prelude::*;
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
            "theme: bare\nmath: true\nplaceholders:\n  your-name: {label: Your name, example: sam}\n",
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

/// A book without other files.
struct NoFiles;

impl Files for NoFiles {
    fn image_size(&self, _: &str) -> Option<(usize, usize)> {
        None
    }

    fn source(&self, _: &Question) -> Arc<SourceText> {
        Arc::new(Err("there is none".to_owned()))
    }
}

/// Pieces of text that mean something to some part of the parser.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "    ",
    "  ",
    "\t",
    " ",
    "a",
    "é",
    "日",
    "==",
    "=",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "~~~",
    "\\",
    "[",
    "]",
    "(",
    ")",
    "![",
    "[^1]",
    "[^1]:",
    "<your-x>",
    "<my-el>",
    "</my-el>",
    "<b>",
    "<!--",
    "-->",
    "<a href=x.md id=y>",
    "#",
    "## ",
    "> ",
    "- ",
    "1. ",
    "- [ ] ",
    "- [x] ",
    "TODO",
    "TODO:\n",
    "//",
    "// why",
    "/x",
    "$ ",
    "$ a \\",
    "'",
    "\"",
    "<<EOF",
    "EOF",
    ">>> ",
    "... ",
    "(v) $ ",
    "r@h:~# ",
    " //c",
    "|",
    "|-|",
    ": ",
    "{#x .y}",
    "---",
    "===",
    "&amp;",
    "&#61;",
    "console",
    "python",
    "title=\"x\"",
    "{1,2-}",
    "tab=x",
    "file=a",
    "region=b",
    "lines=1-2",
    "diff",
    "$",
    "$$",
    "\\frac",
    "{cases}",
    "\\begin",
    "\r\n",
    "\u{feff}",
    "\u{0}",
    "https://x.y",
    "x@y.z",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_document(pieces in prop::collection::vec(0..PIECES.len(), 0..40), front in any::<bool>()) {
        let mut text = String::from(if front { "---\ntitle: T\n---\n" } else { "" });
        text.extend(pieces.into_iter().map(|piece| PIECES[piece]));
        let source = Arc::new(Source::new("content/a.md", text));
        let mut config = Config { math: true, ..Config::default() };
        config.placeholders.push(("your-x".to_owned(), Default::default()));
        for options in [Options::new(&Config::default()), Options::new(&config)].map(Hashed::new) {
            let document = parse::parse(&source, &options, &NoFiles);
            for fault in &document.faults {
                let place = fault.place.as_ref().expect("a fault in a text has a place");
                prop_assert!(source.text.get(place.span.start..place.span.end).is_some(), "{:?} in {:?}", fault, source.text);
            }
        }
    }
}
