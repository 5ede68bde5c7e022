//! Copies of source files: the program on chapters, and on the files that their code blocks are copied from.

use std::fs;
use std::process::{Command, Output};

use gix::objs::tree::{Entry, EntryKind};
use gix::refs::transaction::PreviousValue;

use crate::support::Book;

fn bindery(book: &Book, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.args(args).current_dir(book.path()).env("NO_COLOR", "1").output().expect("it runs")
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

const APP: &str = "import os\n\n# region factory\ndef create_app():\n    app = Flask()\n    app.debug = True\n    return app\n# endregion\n";

fn book(chapter: &str) -> Book {
    Book::of(&[
        ("book.yaml", "sources: {app: {path: app, url: 'https://example.com/{rev}/{file}#L{from}-L{to}'}}\n"),
        ("app/my app.py", APP),
        ("content/index.md", chapter),
    ])
}

#[test]
fn a_copy_is_compared_and_leads_to_its_lines() {
    let book = book(
        "# A\n\n```python file=\"my app.py\" region=factory\ndef create_app():\n    # ...\n    return app\n```\n\n\
         ```python file='my app.py' lines=1-2 title=\"Imports\"\nimport os\n\n```\n",
    );
    assert_eq!(book.diagnostics(), [""; 0]);
    let page = book.page("index.html");
    for expected in [
        "<figcaption> <span class=\"title\"><a href=\"https://example.com/HEAD/my%20app.py#L4-L7\">my app.py</a></span></figcaption>",
        "<figcaption> <span class=\"title\"><a href=\"https://example.com/HEAD/my%20app.py#L1-L2\">Imports</a></span></figcaption>",
    ] {
        assert!(page.contains(expected), "{expected} not in {page}");
    }
    let (code, text) = said(&bindery(&book, &["sync"]));
    assert_eq!((code, text.as_str()), (Some(0), "2 copied blocks, 0 outdated\n"));
}

#[test]
fn sync_shows_what_differs_and_writes_only_that() {
    let before = "\u{feff}# A\r\n\r\n- x\r\n\r\n  ~~~python file=\"my app.py\" region=factory\r\n  def make_app():\r\n      \
                  # ...\r\n      return app\r\n  ~~~\r\n\r\n\
                  ```text file=\"my app.py\" lines=1\nimport sys\n```\nThe end, with `file=`";
    let book = book(before);
    let diagnostics = book.diagnostics();
    assert_eq!(diagnostics.len(), 2, "{diagnostics:?}");
    assert!(diagnostics[0].starts_with("outdated-copy content/index.md:5:13 "), "{diagnostics:?}");
    let (code, text) = said(&bindery(&book, &["sync"]));
    assert_eq!(code, Some(1));
    for expected in [
        "content/index.md:5:3: my app.py",
        "-def make_app():\n+def create_app():\n",
        "2 copied blocks, 2 outdated",
    ] {
        assert!(text.contains(expected), "{expected} not in {text}");
    }
    assert_eq!(fs::read(book.path().join("content/index.md")).expect("a chapter"), before.as_bytes());
    assert_eq!(bindery(&book, &["check"]).status.code(), Some(1));
    assert_eq!(bindery(&book, &["build", "--strict"]).status.code(), Some(1));
    let (code, text) = said(&bindery(&book, &["sync", "--write"]));
    assert_eq!(code, Some(0), "{text}");
    let after = before.replace("make_app", "create_app").replace("import sys", "import os");
    assert_eq!(fs::read_to_string(book.path().join("content/index.md")).expect("a chapter"), after);
    assert_eq!(
        fs::read_dir(book.path().join("content")).expect("a folder").count(),
        1,
        "nothing is left beside"
    );
    assert_eq!(said(&bindery(&book, &["sync", "--write"])).1, "2 copied blocks, 0 outdated, 0 written\n");
}

#[test]
fn sync_keeps_omissions_and_the_text_around() {
    let before = "---\ntitle:   A   # as it is\n---\n\n* * *\n\n1. Text  \n   > ~~~~ python {1}  file=\"my app.py\"   region=factory\n   > \
                  def make_app():\n   >     # ...\n   >     return old\n   > ~~~~~~\n\n\t- tab\n\n```python file='my app.py' title=x\n\
                  # …\n    app = flask()\n    # ...\n```\nEnd  \n\n\n";
    let book = book(before);
    let (code, text) = said(&bindery(&book, &["sync", "--write"]));
    assert_eq!(code, Some(0), "{text}");
    let after = before
        .replace("make_app", "create_app")
        .replace("return old", "return app")
        .replace("app = flask()", "app = Flask()");
    assert_eq!(fs::read_to_string(book.path().join("content/index.md")).expect("a chapter"), after);
    assert_eq!(book.diagnostics(), [""; 0]);
}

#[test]
fn a_block_with_an_invalid_option_is_not_changed() {
    for options in [
        "lines=3-",
        "lines=3..4",
        "lines=4-3",
        "regon=factory",
        "title=\"x lines=1",
        "region=factory lines=4",
    ] {
        let before = format!("# A\n\n```python file='my app.py' {options}\nmine\n```\n");
        let book = book(&before);
        assert!(
            book.diagnostics()[0].starts_with("unknown-option content/index.md:3:"),
            "{:?}",
            book.diagnostics()
        );
        let output = bindery(&book, &["sync", "--write"]);
        assert_eq!(
            said(&output),
            (Some(1), "1 copied block, 0 outdated, 0 written\n".to_owned()),
            "{options}"
        );
        assert!(String::from_utf8_lossy(&output.stderr).contains("unknown-option"), "{options}");
        assert_eq!(fs::read_to_string(book.path().join("content/index.md")).expect("a chapter"), before);
    }
}

#[test]
fn the_new_side_of_a_diff_is_the_copy() {
    let before = "# A\n\n```python diff file=\"my app.py\" region=factory\n def create_app():\n-    app = App()\n+    app = flask()\n     # ...\n     return app\n```\n";
    let book = book(before);
    assert!(
        book.diagnostics()[0].starts_with("outdated-copy content/index.md:3:16 "),
        "{:?}",
        book.diagnostics()
    );
    assert_eq!(said(&bindery(&book, &["sync", "--write"])).0, Some(0));
    let after = before.replace("flask()", "Flask()");
    assert_eq!(fs::read_to_string(book.path().join("content/index.md")).expect("a chapter"), after);
    assert_eq!(book.diagnostics(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn nothing_outside_a_source_is_read() {
    let book = book("");
    fs::write(book.path().join("secret.txt"), "secret\n").expect("a file");
    std::os::unix::fs::symlink("../secret.txt", book.path().join("app/link.txt")).expect("a link");
    let absolute = book.path().join("secret.txt");
    for path in ["../secret.txt", "link.txt", "a/../../secret.txt", absolute.to_str().expect("UTF-8")] {
        book.write("content/index.md", format!("# A\n\n```text file=\"{path}\"\nx\n```\n"));
        let diagnostics = book.diagnostics();
        assert!(
            diagnostics.len() == 1 && diagnostics[0].starts_with("missing-source "),
            "{path}: {diagnostics:?}"
        );
        assert!(diagnostics[0].contains("leads out of its source"), "{path}: {diagnostics:?}");
    }
}

#[test]
fn files_of_all_kinds_are_read_or_refused() {
    let book = book("");
    book.write("app/crlf.py", "\u{feff}# region x\r\na = 1\r\n# endregion\r\n");
    book.write("app/bin", [0xff, 0xfe, 0, 1]);
    fs::File::create(book.path().join("app/large")).and_then(|file| file.set_len(65 << 20)).expect("a file");
    fs::create_dir(book.path().join("app/folder")).expect("a folder");
    for (options, why) in [
        ("file=crlf.py", ""),
        ("file=crlf.py region=x", ""),
        ("file=crlf.py lines=2", ""),
        ("file=bin", "`bin` is not UTF-8"),
        ("file=large", "`large` is larger than 64 MB"),
        ("file=folder", "`folder` is not a file"),
        ("file=gone", "there is no file `gone`"),
    ] {
        book.write("content/index.md", format!("# A\n\n```python {options}\na = 1\n```\n"));
        let diagnostics = book.diagnostics();
        assert!(diagnostics.len() == usize::from(!why.is_empty()), "{options}: {diagnostics:?}");
        assert!(diagnostics.iter().all(|diagnostic| diagnostic.contains(why)), "{options}: {diagnostics:?}");
    }
}

#[test]
fn a_copy_can_be_of_a_revision() {
    let book = book("# A\n\n```python file=\"my app.py\" rev=v0.1\nold = 1\n```\n");
    let repository = gix::init(book.path().join("app")).expect("a repository");
    let blob = repository.write_blob("old = 1\n").expect("a blob").detach();
    let entry = |mode: EntryKind, name: &str| Entry { mode: mode.into(), filename: name.into(), oid: blob };
    let entries = vec![
        entry(EntryKind::Link, "link"),
        entry(EntryKind::Commit, "module"),
        entry(EntryKind::Blob, "my app.py"),
    ];
    let tree = repository.write_object(&gix::objs::Tree { entries }).expect("a tree").detach();
    let who =
        gix::actor::SignatureRef::from_bytes(b"Sam <sam@example.com> 1700000000 +0000").expect("a person");
    let commit =
        repository.new_commit_as(who, who, "One", tree, gix::commit::NO_PARENT_IDS).expect("a commit");
    repository.tag_reference("v0.1", commit.id, PreviousValue::Any).expect("a tag");
    repository
        .tag("said", commit.id, gix::objs::Kind::Commit, Some(who), "One", PreviousValue::Any)
        .expect("an annotated tag");
    repository.reference("refs/heads/new/x", commit.id, PreviousValue::Any, "").expect("a branch");
    assert_eq!(book.diagnostics(), [""; 0]);
    let short = commit.id.to_hex_with_len(8).to_string();
    for rev in ["said", "new/x", "refs/tags/said", short.as_str()] {
        book.write("content/a.md", format!("# A\n\n```python file=\"my app.py\" rev={rev}\nold = 1\n```\n"));
        assert_eq!(book.diagnostics(), [""; 0], "{rev}");
    }
    fs::remove_file(book.path().join("content/a.md")).expect("it is there");
    assert!(book.page("index.html").contains("href=\"https://example.com/v0.1/my%20app.py#L1-L1\""));
    for (rev, file, why) in [
        ("v0.2", "my app.py", "no revision `v0.2`"),
        ("v0.1", "gone.py", "no file `gone.py` in `v0.1`"),
        ("v0.1", "link", "no file `link` in `v0.1`"),
        ("v0.1", "module", "no file `module` in `v0.1`"),
        ("v0.1", "module/x", "no file `module/x` in `v0.1`"),
        ("--help", "my app.py", "no revision `--help`"),
        ("v0.1", "../my app.py", "leads out of its source"),
    ] {
        book.write("content/index.md", format!("# A\n\n```python file=\"{file}\" rev={rev}\nold = 1\n```\n"));
        let diagnostics = book.diagnostics();
        assert!(diagnostics.len() == 1 && diagnostics[0].starts_with("missing-source "), "{diagnostics:?}");
        assert!(diagnostics[0].contains(why), "{diagnostics:?}");
    }
}

/// Writes the copies of a chapter, whose sources are these files, and returns what it is then.
fn synced(files: &[(&str, &str)], chapter: &str) -> (Option<i32>, String) {
    let book = Book::of(&[("book.yaml", "sources: {app: app}\n"), ("content/index.md", chapter)]);
    for (path, text) in files {
        book.write(&format!("app/{path}"), text);
    }
    let (code, _) = said(&bindery(&book, &["sync", "--write"]));
    (code, fs::read_to_string(book.path().join("content/index.md")).expect("a chapter"))
}

const LAMP: &str = "import os\n\n# region on\ndef on():\n# endregion on\n    check()\n# region on\n    os.system(\"lamp on\")\n# endregion on\n";

#[test]
fn a_region_in_pieces_is_one_copy() {
    for (text, expected) in [
        ("def on():\n    os.system(\"lamp on\")\n", "def on():\n    os.system(\"lamp on\")\n"),
        // Where lines are left out can be shown.
        (
            "def on():\n    # ...\n    os.system(\"lamp on\")\n",
            "def on():\n    # ...\n    os.system(\"lamp on\")\n",
        ),
        ("def on():\n", "def on():\n    os.system(\"lamp on\")\n"),
        (
            "def on():\n    # ...\n    os.system(\"lamp off\")\n",
            "def on():\n    # ...\n    os.system(\"lamp on\")\n",
        ),
    ] {
        for line_end in ["\n", "\r\n"] {
            let chapter = |text: &str| {
                format!("# On\n\n```python file=lamp.py region=on\n{text}```\n\nEnd").replace('\n', line_end)
            };
            let lamp = LAMP.replace('\n', line_end);
            for source in [lamp.as_str(), lamp.trim_end()] {
                let done = synced(&[("lamp.py", source)], &chapter(text));
                assert_eq!(done, (Some(0), chapter(expected)), "{text:?} from {source:?}");
            }
        }
    }
}

#[test]
fn regions_of_other_tools_are_copied_without_their_markers() {
    for source in [
        "// ANCHOR: all\na();\n// ANCHOR: one\nb();\n// ANCHOR_END: one\n// region x\nc();\n// endregion x\n// ANCHOR_END: all\nd();",
        "//#region all\na();\n//#region Two words\nb();\n/* ANCHOR: one */\n/* ANCHOR_END: one */\n//#endregion\nc();\n// #endregion\nd();",
        "<!-- #region all -->\na();\n<!--#region-->\nb();\nc();\n<!--#endregion-->\n<!-- #endregion all -->\nd();",
        "/* #region all */\na();\n/* #endregion all */\nskipped();\n/* #region all */\nb();\nc();\n/* #endregion all */\n",
    ] {
        let chapter = |text: &str| format!("# A\n\n```js file=a.js region=all\n{text}```\n");
        let done = synced(&[("a.js", source)], &chapter("a();\nold();\n"));
        assert_eq!(done, (Some(0), chapter("a();\nb();\nc();\n")), "{source}");
    }
}

#[test]
fn several_ranges_are_one_copy() {
    let source = "1\n2\n3\n4\n5\n6\n7\n8";
    let book = Book::of(&[
        ("book.yaml", "sources: {app: {path: app, url: 'https://example.com/{file}#L{from}-L{to}'}}\n"),
        ("app/a.txt", source),
        ("content/index.md", "# A\n\n```text file=a.txt lines=1-2,5,7-8\n1\n2\n5\n7\n8\n```\n"),
    ]);
    assert_eq!(book.diagnostics(), [""; 0]);
    assert!(book.page("index.html").contains("https://example.com/a.txt#L1-L8"));

    let chapter = |text: &str| format!("# A\n\n```text file=a.txt lines=1-2,5,7-8\n{text}```\n");
    for text in ["1\n2\n", "1\n2\n# ...\n5\n# ...\nseven\n8\n"] {
        let (code, done) = synced(&[("a.txt", source)], &chapter(text));
        let kept: Vec<&str> = done.lines().filter(|line| line.len() == 1).collect();
        assert_eq!((code, kept.concat().as_str()), (Some(0), "12578"), "{done}");
    }
}

#[test]
fn a_block_of_which_nothing_is_left_is_not_written() {
    for (source, options) in [
        ("# region x\n# endregion x\n", "region=x"),
        ("# region x\n\n# region y\n# endregion\n# endregion\n", "region=x"),
        ("# region x\na = 1\n# endregion x\n# region x\nb = 1\n", "region=x"),
        ("", ""),
        ("\n\n", "lines=1-2"),
        ("other()\n", ""),
    ] {
        let before = format!("# A\n\n```python file=a.py {options}\n# ...\na = 1\n# ...\n```\n");
        assert_eq!(synced(&[("a.py", source)], &before), (Some(1), before.clone()), "{source:?}");
    }
}

#[test]
fn a_block_that_its_chapter_ends_with_is_completed() {
    let done = synced(&[("a.py", "a = 1\nb = 2")], "# A\n\n```python file=a.py\na = 1");
    assert_eq!(done, (Some(0), "# A\n\n```python file=a.py\na = 1\nb = 2\n".to_owned()));
}
