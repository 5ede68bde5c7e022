//! Edits: after each, an engine that reuses earlier results gives the same bytes as one without a memory, and does
//! not repeat more work than it must.
//!
//! A file in `tests/edits/` is a text archive: a book, then steps, each below a line `== title`. A step holds files
//! to write, and lines `rm PATH`, `mv FROM TO`, `touch PATH`; a line `=> parsed 1 rendered 2` says how many
//! chapters are parsed and how many outputs are made again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bindery::bind::has_errors;
use bindery::edition::Edition;
use bindery::edits::Edits;
use bindery::engine::Engine;
use bindery::read::{Overrides, Snapshot};
use bindery::render::Output;
use bindery::text::{Severity, report};
use libtest_mimic::{Failed, Trial};
use proptest::prelude::*;

use crate::support::{self, Book};
use crate::test;

/// An engine with a memory, and its last snapshot.
struct Warm {
    engine: Engine,
    snapshot: Snapshot,
}

/// What an engine made of the book.
#[derive(Debug, PartialEq, Eq)]
struct Made {
    is_good: bool,
    outputs: BTreeMap<String, Vec<u8>>,
    diagnostics: Vec<String>,
}

/// Makes every output of an edition but the bundles, which take long.
fn make_unbundled(engine: &Engine, edition: &Edition) -> Made {
    let mut diagnostics = edition.diagnostics.clone();
    let mut outputs = BTreeMap::new();
    for (path, promise) in &edition.site.promises {
        match promise.keep(&engine.renderer) {
            Ok(Output::Bytes(bytes)) => drop(outputs.insert(path.clone(), bytes.to_vec())),
            Ok(Output::File(asset)) => {
                drop(outputs.insert(path.clone(), format!("{:?}", asset.digest).into_bytes()))
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let is_good = !has_errors(&diagnostics);
    Made { is_good, outputs, diagnostics: diagnostics.iter().map(report::json).collect() }
}

/// Makes every output of an edition.
fn make(engine: &Engine, edition: &Edition) -> Made {
    let mut made = make_unbundled(engine, edition);
    for (folder, bundle) in &edition.site.bundles {
        match bundle.keep(&engine.renderer.indexes) {
            Ok(files) => {
                let files = files.iter().map(|(name, bytes)| (format!("{folder}{name}"), bytes.to_vec()));
                made.outputs.extend(files);
            }
            Err(diagnostic) => {
                made.is_good &= diagnostic.severity != Severity::Error;
                made.diagnostics.push(report::json(&diagnostic));
            }
        }
    }
    made
}

impl Made {
    /// The paths of outputs that differ, and a difference of the diagnostics.
    fn differs_from(&self, other: &Made) -> Vec<String> {
        let paths: BTreeSet<&String> = self.outputs.keys().chain(other.outputs.keys()).collect();
        let mut different: Vec<String> = paths
            .into_iter()
            .filter(|path| self.outputs.get(*path) != other.outputs.get(*path))
            .cloned()
            .collect();
        if self.diagnostics != other.diagnostics {
            different.push(support::difference(&other.diagnostics.join("\n"), &self.diagnostics.join("\n")));
        }
        different
    }
}

impl Warm {
    fn new() -> Self {
        Warm { engine: Engine::new(Overrides::default()), snapshot: Snapshot::default() }
    }

    /// Builds the book; returns what was made, and how many chapters were parsed and outputs rendered.
    fn look(&mut self, book: &Book) -> (Made, (usize, usize)) {
        self.snapshot = Snapshot::take(&book.layout(), Some(&self.snapshot));
        self.make()
    }

    /// Does the same, looking only at these paths if that is enough.
    fn look_at(&mut self, book: &Book, paths: &BTreeSet<PathBuf>) -> Made {
        if self.snapshot.reread(&book.layout(), paths).is_none() {
            self.snapshot = Snapshot::take(&book.layout(), Some(&self.snapshot));
        }
        self.make().0
    }

    fn make(&mut self) -> (Made, (usize, usize)) {
        let before = (self.engine.parsed(), self.engine.renderer.rendered());
        let edition = self.engine.edition(&self.snapshot);
        let made = make(&self.engine, &edition);
        (made, (self.engine.parsed() - before.0, self.engine.renderer.rendered() - before.1))
    }
}

fn cold(book: &Book) -> Made {
    let (engine, edition) = book.edition();
    make(&engine, &edition)
}

/// Performs one line of a step.
fn act(book: &Book, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let path = |path: &str| book.path().join(path);
    match words.as_slice() {
        ["rm", at] => remove(&path(at)),
        ["mv", from, to] => {
            fs::create_dir_all(path(to).parent().expect("a folder")).expect("a folder");
            fs::rename(path(from), path(to)).expect("a move");
        }
        ["touch", at] => {
            let text = fs::read(path(at)).expect("a file");
            fs::write(path(at), text).expect("a file");
        }
        _ => panic!("no such step: {line}"),
    }
}

fn remove(path: &Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).expect("a folder")
    } else {
        fs::remove_file(path).expect("a file")
    }
}

/// One edit of a case.
struct Step<'c> {
    title: &'c str,
    text: String,
}

/// Splits a case into its book and its steps.
fn steps(case: &str) -> (String, Vec<Step<'_>>) {
    let mut book = String::new();
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in case.split_inclusive('\n') {
        match (line.strip_prefix("== "), steps.last_mut()) {
            (Some(title), _) => steps.push(Step { title: title.trim(), text: String::new() }),
            (None, Some(step)) => step.text.push_str(line),
            (None, None) => book.push_str(line),
        }
    }
    (book, steps)
}

/// A test for each file, and random edits.
pub fn tests() -> Vec<Trial> {
    let mut tests = vec![
        test("edits::any_edits_warm_equals_cold", any_edits_warm_equals_cold),
        test("edits::edits_of_text_alone_need_no_edition", edits_of_text_alone_need_no_edition),
        test(
            "edits::what_is_shown_at_once_is_what_a_cold_build_makes",
            what_is_shown_at_once_is_what_a_cold_build_makes,
        ),
    ];
    for (name, case) in support::cases("edits") {
        tests.push(Trial::test(format!("edits::{name}"), move || {
            warm_equals_cold_and_little_is_done_again(&case)
        }));
    }
    tests
}

fn warm_equals_cold_and_little_is_done_again(case: &str) -> Result<(), Failed> {
    let (start, steps) = steps(case);
    let book = Book::new();
    for file in support::archive(&start).1 {
        book.write(&file.name, &file.text);
    }

    let mut warm = Warm::new();
    warm.look(&book);
    let mut wrong = String::new();
    for step in steps {
        let (actions, files) = support::archive(&step.text);
        let (expected, actions): (Vec<_>, Vec<_>) = actions.lines().partition(|line| line.starts_with("=> "));
        for file in files {
            book.write(&file.name, &file.text);
        }
        for action in actions.iter().filter(|line| !line.is_empty()) {
            act(&book, action);
        }

        let (made, (parsed, rendered)) = warm.look(&book);
        let found = format!("=> parsed {parsed} rendered {rendered}");
        if expected != [found.as_str()] {
            let difference = support::difference(&expected.join("\n"), &found);
            wrong += &format!("== {}\n{difference}\n", step.title);
        }
        let different = made.differs_from(&cold(&book));
        if !different.is_empty() {
            wrong +=
                &format!("== {}\nnot the bytes of a cold build:\n{}\n", step.title, different.join("\n"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// A change of a book.
#[derive(Clone, Debug)]
enum Edit {
    Write(usize, usize),
    Remove(usize),
    Move(usize, usize),
    Touch(usize),
}

/// The files that random edits change.
const PATHS: &[&str] = &[
    "content/index.md",
    "content/a.md",
    "content/b.md",
    "content/part/index.md",
    "content/part/c.md",
    "content/part/A.md",
    "content/part/x.svg",
    "content/SUMMARY.md",
    "book.yaml",
    "proof.yaml",
    "static/s.txt",
    "themes/mine/theme.yaml",
    "themes/mine/templates/chapter.html",
    "themes/mine/assets/more.css",
];

/// What is written to them: each text is valid for some files and invalid for others.
const TEXTS: &[&str] = &[
    "# One\n\n[a](a.md) [c](part/c.md#two) ![x](part/x.svg)\n",
    "---\ntitle: Two\ndate: 2026-01-02\n---\n\n## Two\n\n```python\nx = 1\n```\n\n[up](../index.md#one) ==m==\n",
    "---\ntitle: Three\npath: /a\naliases: /old\n---\nTODO\n\n- [ ] x\n",
    "---\ndraft: true\norder: 1\n---\n# Draft\n\n// a note\n",
    "- [One](a.md)\n  - [Two](part/c.md)\n",
    "theme: mine\nbase_url: https://example.com/x\n",
    "title: T\ntodo: hide\ncode: {comment: '#'}\n",
    "extends: default\nstyles: [more.css]\n",
    "{% extends \"default/chapter.html\" %}{% block body %}{{ page.body }}{% endblock body %}",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"5\"/>\n",
    "# Steps\n\n```console\n$ true\n```\n",
    RECORD,
    ":::: {{ not right [[ ---\n",
    "",
];

/// A record of tests in which the steps of two chapters work.
const RECORD: &str = "version: 1
chapters:
  content/a.md:
    date: 2026-11-28
    blocks:
      \"e09191a6e3\": {result: proven, steps: 1, on: Debian 12}
  content/b.md:
    date: 2026-11-28
    after: \"1d94ac8baf\"
    blocks:
      \"e09191a6e3\": {result: proven, steps: 1, on: Debian 12}
";

fn edit() -> impl Strategy<Value = Edit> {
    let path = 0..PATHS.len();
    prop_oneof![
        5 => (path.clone(), 0..TEXTS.len()).prop_map(|(path, text)| Edit::Write(path, text)),
        2 => path.clone().prop_map(Edit::Remove),
        2 => (path.clone(), path.clone()).prop_map(|(from, to)| Edit::Move(from, to)),
        1 => path.prop_map(Edit::Touch),
    ]
}

/// Performs an edit. Returns the paths that a watcher would report.
fn apply(book: &Book, edit: &Edit) -> Vec<PathBuf> {
    let root = book.layout().root;
    let path = |at: &usize| root.join(PATHS[*at]);
    // An edit that is impossible changes nothing.
    match edit {
        Edit::Write(at, text) => book.write(PATHS[*at], TEXTS[*text]),
        Edit::Remove(at) => drop(fs::remove_file(path(at))),
        Edit::Move(from, to) => {
            fs::create_dir_all(path(to).parent().expect("a folder")).expect("a folder");
            drop(fs::rename(path(from), path(to)));
        }
        Edit::Touch(at) => drop(fs::read(path(at)).map(|text| fs::write(path(at), text))),
    }
    match edit {
        Edit::Write(at, _) | Edit::Remove(at) | Edit::Touch(at) => vec![path(at)],
        Edit::Move(from, to) => vec![path(from), path(to)],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    fn any_edits_warm_equals_cold(edits in prop::collection::vec(prop::collection::vec(edit(), 1..4), 1..8)) {
        let book = Book::of(&[("content/index.md", TEXTS[0]), ("content/a.md", TEXTS[1]), ("content/part/c.md", TEXTS[1])]);
        let (mut warm, mut watching) = (Warm::new(), Warm::new());
        warm.look(&book);
        watching.look(&book);
        for burst in edits {
            let changed: BTreeSet<_> = burst.iter().flat_map(|edit| apply(&book, edit)).collect();
            let (made, _) = warm.look(&book);
            prop_assert_eq!(&watching.look_at(&book, &changed), &made, "after {:?}", burst);
            let cold = cold(&book);
            prop_assert_eq!(made.is_good, cold.is_good, "after {:?}", burst);
            // With an error nothing is published, and the warm engine uses the last good form of a file that has
            // the error.
            if cold.is_good {
                prop_assert_eq!(made, cold, "after {:?}", burst);
            }
        }
    }
}

/// A book in which chapters depend on each other in every way, and with something wrong in it.
const CONNECTED: &[(&str, &str)] = &[
    ("book.yaml", "title: T\nbase_url: https://example.com/\nnumbers: true\n"),
    (
        "content/01-one.md",
        "---\ndate: 2026-01-02\n---\n\n# One\n\nText.\n\n## Two {#two}\n\n[up](02-two.md#three) and ==m==.\n",
    ),
    (
        "content/02-two.md",
        "# Two\n\nA proxy. [](01-one.md)\n\n## Three\n\n[gone](gone.md)\n\nTODO\n\n- [ ] x\n- [x] y\n\n```pyton\n1\n```\n",
    ),
    ("content/03-words.md", "---\nglossary: true\n---\n# Words\n\nFirst.\n\nProxy\n: A *server*.\n"),
    (
        "content/04-more.md",
        "# More\n\n```console\n$ true\n```\n\nA [proxi]{.term} and a proxy.\n\n[x](02-two.md#tree) <b>\n\n// a note\n",
    ),
];

/// Its last chapter was checked.
const CONNECTED_RECORD: &str = "chapters:
  content/04-more.md:
    date: 2026-11-28
    blocks:
      \"e09191a6e3\": {result: proven, steps: 1, on: Debian 12}
";

/// The book with its record.
fn connected() -> Book {
    let book = Book::of(CONNECTED);
    book.write("proof.yaml", CONNECTED_RECORD);
    book
}

/// A preview: an engine, what it read, its edition, and the edits since.
struct Shown {
    engine: Engine,
    snapshot: Snapshot,
    edition: Edition,
    edits: Edits,
}

impl Shown {
    fn new(book: &Book) -> Self {
        let mut engine = Engine::new(Overrides::default());
        let snapshot = Snapshot::take(&book.layout(), None);
        let edition = engine.edition(&snapshot);
        Shown { engine, snapshot, edition, edits: Edits::default() }
    }

    /// Reads a chapter that was written, and shows it at once if that is possible.
    fn save(&mut self, book: &Book, path: &str) -> bool {
        let files = BTreeSet::from([book.layout().root.join(path)]);
        let reread = self.snapshot.reread(&book.layout(), &files).expect("a chapter");
        reread.edited.iter().all(|source| {
            let more = self.engine.edit(&self.edition, &self.edits, &self.snapshot, source);
            more.map(|more| self.edits = more).is_some()
        })
    }

    /// The outputs and the diagnostics.
    fn made(&self) -> Made {
        let output =
            |path: &String| match self.edits.output(&self.edition, path)?.keep(&self.engine.renderer).ok()? {
                Output::Bytes(bytes) => Some((path.clone(), bytes.to_vec())),
                Output::File(asset) => Some((path.clone(), format!("{:?}", asset.digest).into_bytes())),
            };
        let outputs = self.edition.site.promises.keys().filter_map(output).collect();
        let diagnostics: Vec<_> = self.edits.diagnostics(&self.edition).map(report::json).collect();
        Made { is_good: true, outputs, diagnostics }
    }
}

/// Whether a difference is one of what is made of the text of all chapters, which follows later.
fn follows_later(difference: &str) -> bool {
    ["print/index.html", "feed.xml", "contents/index.html", "index.html", "search/index.json"]
        .contains(&difference)
}

fn edits_of_text_alone_need_no_edition() {
    let two = CONNECTED[2].1;
    for (old, new, is_shown) in [
        ("A proxy.", "A proxy, and more.\n\n1. One\n\n`code`", true),
        ("- [x] y", "- [x] another", true),
        ("[gone](gone.md)", "Text above it.\n\n[not there](gone.md)", true),
        ("- [ ] x", "- [x] x", false),
        ("A proxy.", "A server.", false),
        ("A proxy.", "A proxy. [more](04-more.md)", false),
        ("A proxy.", "A proxy. [here]", true),
        ("# Two", "# Too", false),
        ("## Three", "## Tree", false),
        ("## Three", "## Three\n\n### Four", false),
        ("[gone](gone.md)", "", false),
        ("```pyton", "```python", false),
    ] {
        let book = connected();
        let mut shown = Shown::new(&book);
        assert!(two.contains(old), "{old}");
        book.write(CONNECTED[2].0, two.replace(old, new));
        assert_eq!(shown.save(&book, CONNECTED[2].0), is_shown, "{old} -> {new}");
    }

    // What chapters after it say of their tests depends on what it says to do.
    for (old, new, is_shown) in [("$ true", "$ false", false), ("# More\n", "# More\n\n`true`\n", true)] {
        let book = connected();
        let mut shown = Shown::new(&book);
        let (path, more) = CONNECTED[4];
        book.write(path, more.replacen(old, new, 1));
        assert_eq!(shown.save(&book, path), is_shown, "{old} -> {new}");
    }
}

/// Changes a line of a text: it goes, is there twice, or has something before or in it.
fn changed(text: &str, line: usize, change: usize) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let line = line % lines.len();
    match change % 6 {
        0 => drop(lines.remove(line)),
        1 => lines.insert(line, lines[line].clone()),
        2 => lines.insert(line, "A sentence of its own.\n".to_owned()),
        3 => lines[line].push_str(" and **more**"),
        4 => lines[line].insert(0, 'x'),
        _ => lines.insert(line, "> [!NOTE]\n> A proxy.\n".to_owned()),
    }
    lines.join("\n") + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    fn what_is_shown_at_once_is_what_a_cold_build_makes(
        edits in prop::collection::vec((1..CONNECTED.len(), 0..20_usize, 0..6_usize), 1..8),
    ) {
        let book = connected();
        let mut shown = Shown::new(&book);
        for (chapter, line, change) in edits {
            let path = CONNECTED[chapter].0;
            let before = fs::read_to_string(book.path().join(path)).expect("a file");
            let text = changed(&before, line, change);
            book.write(path, &text);
            let is_shown = shown.save(&book, path);

            let (engine, edition) = book.edition();
            let cold = make_unbundled(&engine, &edition);
            if is_shown && cold.is_good {
                let made = shown.made();
                let mut different = made.differs_from(&cold);
                different.retain(|difference| !follows_later(difference));
                prop_assert_eq!(different, Vec::<String>::new(), "after {:?}", text);
            } else if !is_shown {
                shown.edition = shown.engine.edition(&shown.snapshot);
                shown.edits = Edits::default();
                let made = make_unbundled(&shown.engine, &shown.edition);
                prop_assert_eq!(made.is_good, cold.is_good);
                if cold.is_good {
                    prop_assert_eq!(made, cold, "after {:?}", text);
                }
            }
        }
    }
}
