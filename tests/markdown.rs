//! What bindery adds to Markdown, example by example.
//!
//! A file in `tests/markdown/` holds examples between lines of `~~~~~~~~ example` and `~~~~~~~~`: the text, a line
//! with a full stop, the page's body. The paragraph above an example is its title. `UPDATE=1 cargo test markdown::`
//! writes the actual HTML to the files; read it before you commit it.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::{env, fs};

use bindery::parse::{self, Options};
use bindery::read::Config;
use bindery::read::image_size::ImageFacts;
use bindery::read::sources::{Question, SourceText};
use bindery::text::{Hashed, Source, slug};
use bindery::write::{self, Files};
use libtest_mimic::{Failed, Trial};
use proptest::prelude::*;

use crate::support::{self, Book};
use crate::test;

const OPEN: &str = "~~~~~~~~ example";
const CLOSE: &str = "~~~~~~~~";

/// An example: what is above it, and its two halves.
struct Example {
    before: String,
    markdown: String,
    html: String,
}

/// Takes a file apart: its examples, and what is below the last one.
fn examples(text: &str) -> (Vec<Example>, String) {
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
        found.push(Example { before: std::mem::take(&mut before), markdown, html });
    }
    (found, before)
}

impl Example {
    /// The beginning of the paragraph above it, as a name.
    fn title(&self) -> String {
        let paragraph = self.before.trim().rsplit("\n\n").next().unwrap_or_default();
        let end = paragraph.find(['.', ':', ';', '\n']).unwrap_or(paragraph.len());
        slug::segment(&paragraph[..end])
    }

    /// The page's body that comes out.
    fn body(&self, file: &str) -> String {
        let book = Book::bare();
        // The prose of one file is set as its language asks.
        let settings =
            "theme: bare\nmath: true\nplaceholders:\n  your-name: {label: Your name, example: sam}\n";
        let typography = if file == "typography" { "typography: true\n" } else { "" };
        book.write("book.yaml", format!("{settings}{typography}"));
        book.write("content/example.md", format!("---\ntitle: Example\n---\n{}", self.markdown));
        book.page("example/index.html")
    }
}

/// A test for each example, and random texts.
pub fn tests() -> Vec<Trial> {
    let mut tests = vec![test("markdown::any_text_is_a_document", any_text_is_a_document)];
    for (file, text) in support::cases("markdown") {
        let (examples, _) = examples(&text);
        for (at, example) in examples.into_iter().enumerate() {
            let name = format!("markdown::{file}::{}::{}", at + 1, example.title());
            let file = file.clone();
            tests.push(Trial::test(name, move || comes_out_as_written(&file, at, &example)));
        }
    }
    tests
}

fn comes_out_as_written(file: &str, at: usize, example: &Example) -> Result<(), Failed> {
    let actual = example.body(file);
    if actual == example.html {
        return Ok(());
    }
    if env::var_os("UPDATE").is_some() {
        update(file, at, actual);
        return Ok(());
    }
    Err(format!("{}\n{}", example.markdown, support::difference(&example.html, &actual)).into())
}

/// Writes the actual HTML of an example to its file.
fn update(file: &str, at: usize, html: String) {
    /// Tests run in parallel, and many share a file.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().expect("no writer has failed");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markdown").join(format!("{file}.md"));
    let (mut examples, rest) = examples(&fs::read_to_string(&path).expect("a text"));
    examples[at].html = html;

    let mut text = String::new();
    for Example { before, markdown, html } in examples {
        let _ = write!(text, "{before}{OPEN}\n{markdown}.\n{html}{CLOSE}\n");
    }
    fs::write(path, text + &rest).expect("the case is rewritten");
}

/// A book without other files.
struct NoFiles;

impl Files for NoFiles {
    fn image(&self, _: &str) -> Option<ImageFacts> {
        None
    }

    fn source(&self, _: &Question) -> Arc<SourceText> {
        Arc::new(Err("there is none".to_owned()))
    }
}

/// Pieces of text that are syntax for some part of the parser.
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

    fn any_text_is_a_document(pieces in prop::collection::vec(0..PIECES.len(), 0..40), front in any::<bool>()) {
        let mut text = String::from(if front { "---\ntitle: T\n---\n" } else { "" });
        text.extend(pieces.into_iter().map(|piece| PIECES[piece]));
        let source = Arc::new(Source::new("content/a.md", text));
        let mut config = Config { math: true, typography: true, ..Config::default() };
        config.placeholders.push(("your-x".to_owned(), Default::default()));
        for options in [Options::new(&Config::default()), Options::new(&config)].map(Hashed::new) {
            let document = write::write(parse::parse(&source, &options), &options, &NoFiles);
            for diagnostic in &document.diagnostics {
                let place = diagnostic.place.as_ref().expect("a diagnostic in a text has a place");
                let text = source.text.get(place.span.start..place.span.end);
                prop_assert!(text.is_some(), "{:?} in {:?}", diagnostic, source.text);
            }
        }
    }
}
