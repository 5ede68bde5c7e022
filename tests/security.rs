//! What building a stranger's book cannot do: read the machine, or write outside of the book.

use std::fs;
use std::process::{Command, Output};

use crate::support::Book;

fn bindery(book: &Book, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command
        .args(args)
        .current_dir(book.path())
        .env("NO_COLOR", "1")
        .env("XDG_CONFIG_HOME", book.path().join("settings"));
    command.output().expect("it runs")
}

/// All that a command printed.
fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A book whose blocks are copies of files of these sources.
fn copies(sources: &str, blocks: &[&str]) -> Book {
    let blocks: String = blocks.iter().map(|options| format!("```text {options}\nx\n```\n\n")).collect();
    Book::of(&[
        ("book.yaml", &format!("sources: {sources}\n")),
        ("content/index.md", &format!("# F\n\n{blocks}")),
        (".git/config", "[remote \"origin\"]\n\turl = https://user:TOKEN@example.com/x\n"),
        ("app/a.txt", "of the app\n"),
    ])
}

#[test]
fn copies_are_of_files_in_the_repository() {
    let other = tempfile::tempdir().expect("a temporary folder");
    let other = other.path().canonicalize().expect("a path");
    fs::write(other.join("secret"), "SECRET\n").expect("a file");
    let sources = format!(
        "{{book: {{}}, git: {{path: .git}}, other: {{path: {other}}}, etc: {{path: /etc}}, self: {{path: /proc/self}}, app: {{path: app}}}}",
        other = other.display()
    );
    let book = copies(
        &sources,
        &[
            "source=book file=.git/config",
            "source=git file=config",
            "source=other file=secret",
            "source=etc file=passwd",
            "source=self file=environ",
            "source=app file=a.txt",
        ],
    );
    let chapter = || fs::read_to_string(book.path().join("content/index.md")).expect("the chapter");
    let before = chapter();
    for args in [&["sync"][..], &["check"], &["build"]] {
        let text = said(&bindery(&book, args));
        assert!(!text.contains("TOKEN") && !text.contains("SECRET") && !text.contains("root:"), "{text}");
    }
    let text = said(&bindery(&book, &["sync"]));
    for expected in [
        "`.git/config` belongs to git",
        "the source's folder `.git` belongs to git",
        "is outside of the book's repository; allow it with `--allow-source` if you trust the book",
    ] {
        assert!(text.contains(expected), "{expected} not in {text}");
    }
    bindery(&book, &["sync", "--write"]);
    assert_eq!(chapter(), before.replace("file=a.txt\nx\n", "file=a.txt\nof the app\n"));
}

#[test]
fn the_person_who_runs_bindery_can_allow_more() {
    let other = tempfile::tempdir().expect("a temporary folder");
    let other = other.path().canonicalize().expect("a path");
    fs::write(other.join("a.txt"), "of the other\n").expect("a file");
    fs::write(other.join("zeros"), "a\0b\n").expect("a file");
    let sources = format!("{{other: {{path: {}}}}}", other.display());
    let book = copies(&sources, &["file=a.txt"]);
    let allowed = other.display().to_string();

    assert!(said(&bindery(&book, &["sync"])).contains("is outside of the book's repository"));
    let text = said(&bindery(&book, &["sync", "--allow-source", &allowed]));
    assert!(text.contains("of the other"), "{text}");
    book.write("settings/bindery/config.yaml", format!("allow_source: [{allowed}]\n"));
    assert!(said(&bindery(&book, &["sync"])).contains("of the other"));
    // What is no text is not copied, wherever it is.
    book.write("content/index.md", "# F\n\n```text file=zeros\nx\n```\n");
    assert!(said(&bindery(&book, &["sync"])).contains("`zeros` is no text"));

    // Errors in both ways to allow a folder end the command.
    assert!(
        said(&bindery(&book, &["sync", "--allow-source", "none"])).contains("this folder cannot be allowed")
    );
    book.write("settings/bindery/config.yaml", "allow_source: [app]\n");
    let output = bindery(&book, &["sync"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("`app` is not an absolute path"), "{}", said(&output));
}

#[test]
fn a_folder_that_looks_like_a_repository_is_none() {
    let book = copies("{bare: {path: bare, rev: HEAD}}", &["file=a.txt"]);
    gix::init_bare(book.path().join("bare")).expect("a repository");
    let text = said(&bindery(&book, &["sync"]));
    assert!(text.contains("the source is in no work tree of git"), "{text}");
}

#[cfg(unix)]
#[test]
fn links_to_hidden_files_are_not_followed() {
    use std::os::unix::fs::symlink;

    let book = copies("{}", &[]);
    book.write(".env", "SECRET\n");
    book.write("static/.well-known/a", "public\n");
    book.write("static/.git/config", "SECRET\n");
    for (link, target) in [
        ("content/a.txt", "../.git/config"),
        ("content/b.txt", "../.env"),
        ("static/c", "../.git/config"),
        ("static/d", "../.env"),
        ("static/e", "../.git"),
        ("static/f", "../static/.well-known/a"),
        ("content/g.md", "../app/a.txt"),
    ] {
        symlink(target, book.path().join(link)).expect("a link");
    }
    book.write("content/index.md", "# F\n\n[a](a.txt) [b](b.txt) [g](g.md)\n");

    let text = said(&bindery(&book, &["build"]));
    assert_eq!(
        text.matches("warning[ignored-symlink]: this symbolic link leads to a hidden file or folder").count(),
        5,
        "{text}"
    );
    let out = book.path().join("public");
    assert_eq!(fs::read_to_string(out.join("f")).expect("it is published"), "public\n");
    assert!(out.join("g/index.html").is_file() && out.join(".well-known/a").is_file());
    for hidden in ["c", "d", "e", ".git"] {
        assert!(!out.join(hidden).exists(), "{hidden}");
    }
}

#[test]
fn a_book_cannot_name_an_output_folder_outside_of_its_repository() {
    let other = tempfile::tempdir().expect("a temporary folder");
    let other = other.path().canonicalize().expect("a path").join("out");
    let named = other.display().to_string();
    let book = copies("{}", &[]);
    for (out, reason) in
        [(named.as_str(), "is outside of the book's repository"), (".git/hooks", "belongs to git")]
    {
        book.write("book.yaml", format!("out: {out}\n"));
        let output = bindery(&book, &["build"]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(
            text.contains(&format!("the output folder {reason}")) && text.contains("book.yaml:1:6"),
            "{text}"
        );
    }
    assert!(!other.exists());

    // The person who runs bindery can.
    book.write("book.yaml", "");
    assert!(bindery(&book, &["build", "--out", &named]).status.success());
    assert!(other.join("index.html").is_file());

    // A link inside the book leads out as well.
    #[cfg(unix)]
    {
        fs::remove_dir_all(&other).expect("removed");
        fs::create_dir(&other).expect("a folder");
        std::os::unix::fs::symlink(&other, book.path().join("public")).expect("a link");
        assert!(said(&bindery(&book, &["build"])).contains("is outside of the book's repository"));
        assert!(fs::read_dir(&other).expect("a folder").next().is_none());
    }
}

#[test]
fn what_is_nested_too_deeply_is_reported_before_it_is_parsed() {
    let yaml = "this is nested more than 128 levels deep";
    let markdown = "this line opens more quotes and lists than can be parsed in so long a chapter";
    for (chapter, expected) in [
        (
            format!("---\na: {}\n---\n# A\n", "[".repeat(100_000)),
            format!("invalid-yaml content/a.md:2:132 {yaml}"),
        ),
        (
            format!("---\na: {}\n---\n# A\n", "{b: ".repeat(100_000)),
            format!("invalid-yaml content/a.md:2:516 {yaml}"),
        ),
        (
            format!("# A\n\n{}x\n{}", ">".repeat(60_000), "y\n".repeat(60_000)),
            format!("excessive-nesting content/a.md:3:1 {markdown}"),
        ),
        (
            format!("# A\n\n{}x\n{}", "- ".repeat(60_000), "y\n".repeat(60_000)),
            format!("excessive-nesting content/a.md:3:1 {markdown}"),
        ),
        (
            format!("# A\n\n{}x {}\n", "==a ".repeat(100_000), "b== ".repeat(100_000)),
            "excessive-nesting content/a.md:3:2001 this is nested more than 500 levels deep".to_owned(),
        ),
    ] {
        let book = Book::of(&[("content/a.md", &chapter)]);
        let diagnostics = book.diagnostics();
        assert!(diagnostics[0].starts_with(&expected), "{expected}: {diagnostics:?}");
    }

    // The text of such a chapter is still there.
    let book =
        Book::of(&[("content/a.md", &format!("{}x\n{}# end", ">".repeat(60_000), "y\n".repeat(60_000)))]);
    assert!(book.page("a/index.html").contains("# end"));
}

#[test]
fn a_repository_that_is_kept_elsewhere_is_not_read() {
    let other = tempfile::tempdir().expect("a temporary folder");
    let other = other.path().canonicalize().expect("a path");
    gix::init(&other).expect("a repository");
    let book = copies("{a: {path: app, rev: HEAD}}", &["file=a.txt"]);
    book.write("app/.git", format!("gitdir: {}/.git\n", other.display()));
    let text = said(&bindery(&book, &["sync"]));
    assert!(text.contains("the source's repository is kept elsewhere"), "{text}");
    let text = said(&bindery(&book, &["sync", "--allow-source", &other.display().to_string()]));
    assert!(text.contains("the repository has no revision `HEAD`"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_the_lock_is_refused() {
    let book = copies("{}", &[]);
    fs::create_dir_all(book.path().join("public/.bindery")).expect("a folder");
    let made = Command::new("mkfifo").arg(book.path().join("public/.bindery/lock")).status();
    assert!(made.expect("mkfifo runs").success());
    let output = bindery(&book, &["build"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("lock` is not a file"), "{}", said(&output));
}

/// The edit link of a book's chapter, as its repository has it.
fn edit_link(book: &Book) -> Option<String> {
    let page = book.page("a/index.html");
    let (_, rest) = page.split_once("<p class=\"edit\"><a href=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

#[test]
fn the_link_to_edit_a_chapter_has_no_secret() {
    let book = Book::of(&[
        ("content/a.md", "# A\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/config", "[remote \"origin\"]\n\turl = https://user:TOKEN@github.com/owner/name.git\n"),
    ]);
    let expected = "https://github.com/owner/name/edit/main/content/a.md";
    assert_eq!(edit_link(&book).as_deref(), Some(expected));

    book.write("book.yaml", "edit_url: false\n");
    assert_eq!(edit_link(&book), None);
    book.write("book.yaml", "edit_url: https://example.com/{path}\n");
    assert_eq!(edit_link(&book).as_deref(), Some("https://example.com/content/a.md"));

    // Other hosts, other branches, and what only looks like a repository.
    book.write("book.yaml", "");
    book.write(".git/config", "[remote \"origin\"]\n\turl = https://user:TOKEN@example.com/owner/name.git\n");
    assert_eq!(edit_link(&book), None);
    book.write(
        ".git/config",
        "[remote \"origin\"]\n\turl = git@codeberg.org:owner/name.git\n[include]\n\tpath = ../other\n",
    );
    book.write("other", "[remote \"origin\"]\n\turl = git@github.com:owner/other.git\n");
    book.write(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n");
    assert_eq!(edit_link(&book).as_deref(), Some("https://codeberg.org/owner/name/_edit/trunk/content/a.md"));
    let other = tempfile::tempdir().expect("a folder");
    fs::rename(book.path().join(".git"), other.path().join("git")).expect("it is moved");
    book.write(".git", format!("gitdir: {}\n", other.path().join("git").display()));
    assert_eq!(edit_link(&book), None);
}
