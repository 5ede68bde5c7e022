//! Publishing: the program on real folders, whatever they contain.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use crate::support::Book;

/// Runs the program; neither colours nor the terminal's width matter.
fn bindery(book: &Book, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.args(args).current_dir(book.path()).env("NO_COLOR", "1").output().expect("it runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// All files below a folder with their bytes, except bindery's own.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
            (path, fs::read(entry.path()).expect("a file"))
        })
        .filter(|(path, _)| !path.starts_with(".bindery"))
        .collect()
}

fn small() -> Book {
    Book::of(&[
        ("book.yaml", "title: Small\nbase_url: https://example.com/sub/\n"),
        ("content/index.md", "# Front\n\n[one](one.md)\n"),
        (
            "content/one.md",
            "---\ntitle: One\ndate: 2026-01-02\naliases: /old\n---\n```python\nx = 1\n```\n![dot](dot.gif)\n",
        ),
        ("content/dot.gif", "GIF89a\x01\x00\x01\x00 and more"),
        ("static/CNAME", "example.com\n"),
    ])
}

#[test]
fn a_second_build_writes_nothing() {
    let book = small();
    let first = bindery(&book, &["build"]);
    assert_eq!((code(&first), stderr(&first).as_str()), (0, ""));
    let published = files(&book.path().join("public"));
    for path in [
        "index.html",
        "one/index.html",
        "old/index.html",
        "404.html",
        "sitemap.xml",
        "feed.xml",
        "robots.txt",
        "CNAME",
        "contents/index.html",
    ] {
        assert!(published.contains_key(path), "{path} in {:?}", published.keys());
    }
    let one = book.path().join("public/one/index.html");
    let time = fs::metadata(&one).expect("a page").modified().expect("a time");
    let second = bindery(&book, &["build"]);
    assert!(stdout(&second).contains("0 written, 0 removed"), "{}", stdout(&second));
    assert_eq!(
        fs::metadata(&one).expect("a page").modified().expect("a time"),
        time,
        "unchanged bytes are not rewritten"
    );
}

#[test]
fn the_same_book_gives_the_same_bytes_anywhere_with_any_threads() {
    let (here, there) = (small(), small());
    assert_eq!(code(&bindery(&here, &["build"])), 0);
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    let root = there.path().to_str().expect("UTF-8");
    let output = command
        .args(["build", "--root", root])
        .env("RAYON_NUM_THREADS", "1")
        .env("TZ", "Asia/Tokyo")
        .env("LANG", "de_DE")
        .output();
    assert_eq!(code(&output.expect("it runs")), 0);
    assert_eq!(files(&here.path().join("public")), files(&there.path().join("public")));
}

#[test]
fn former_outputs_are_removed_and_foreign_files_are_kept() {
    let book = small();
    bindery(&book, &["build"]);
    let public = book.path().join("public");
    fs::write(public.join("mine.txt"), "mine").expect("a file");
    fs::write(public.join("one/mine.txt"), "mine").expect("a file");
    fs::remove_file(book.path().join("content/one.md")).expect("a removal");
    book.write("content/index.md", "# Front\n");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let left = files(&public);
    assert!(!left.contains_key("one/index.html") && !left.contains_key("old/index.html"));
    assert!(left.contains_key("mine.txt") && left.contains_key("one/mine.txt"));
    assert!(!public.join("old").exists(), "folders that are empty go too");
}

#[test]
fn foreign_folders_and_files_are_refused() {
    let book = small();
    book.write("out/mine.txt", "mine");
    let refused = bindery(&book, &["build", "--out", "out"]);
    assert_eq!(code(&refused), 2);
    assert!(
        stderr(&refused).contains("refused-output") && stderr(&refused).contains("--force"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(files(&book.path().join("out")).len(), 1, "nothing was written");
    assert_eq!(code(&bindery(&book, &["build", "--out", "out", "--force"])), 0);
    assert_eq!(fs::read_to_string(book.path().join("out/mine.txt")).expect("a file"), "mine");
    // A foreign file at the path of a page.
    book.write("out/two/index.html", "mine");
    book.write("content/two.md", "# Two\n");
    assert_eq!(code(&bindery(&book, &["build", "--out", "out"])), 2);
    assert_eq!(fs::read_to_string(book.path().join("out/two/index.html")).expect("a file"), "mine");
}

#[test]
fn inputs_are_no_output() {
    let book = small();
    for out in [".", "content", "content/public", "static", "themes/x", ".."] {
        let output = bindery(&book, &["build", "--force", "--out", out]);
        assert_eq!(code(&output), 2, "{out}: {}", stderr(&output));
    }
    symlink(book.path().join("content"), book.path().join("link")).expect("a link");
    assert_eq!(code(&bindery(&book, &["build", "--force", "--out", "link/x"])), 2);
}

#[test]
fn links_inside_the_output_are_not_written_through() {
    let book = small();
    let elsewhere = tempfile::tempdir().expect("a folder");
    bindery(&book, &["build"]);
    let public = book.path().join("public");
    fs::remove_dir_all(public.join("one")).expect("a removal");
    symlink(elsewhere.path(), public.join("one")).expect("a link");
    assert_eq!(code(&bindery(&book, &["build"])), 2);
    assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);
}

#[test]
fn links_in_place_of_the_program_s_own_files_are_not_followed() {
    let book = small();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let mine = elsewhere.path().join("aside");
    fs::write(&mine, "mine").expect("a file");
    bindery(&book, &["build"]);
    let own = book.path().join("public/.bindery");
    // A new manifest is first written beside the old one.
    symlink(&mine, own.join("manifest.new")).expect("a link");
    book.write("content/two.md", "# Two\n");
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    assert_eq!(fs::read_to_string(&mine).expect("a file"), "mine");
    for name in ["lock", ""] {
        let link = own.join(name);
        if name.is_empty() { fs::remove_dir_all(&own) } else { fs::remove_file(&link) }.expect("a removal");
        symlink(elsewhere.path(), link.as_os_str().to_str().expect("a name").trim_end_matches('/'))
            .expect("a link");
        let output = bindery(&book, &["build", "--force"]);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert_eq!(fs::read_to_string(&mine).expect("a file"), "mine");
        assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 1);
    }
}

#[test]
fn a_damaged_search_index_is_made_again() {
    let book = small();
    book.write("book.yaml", "search: true\n");
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    let files: Vec<_> = walkdir::WalkDir::new(book.path().join("public/search"))
        .into_iter()
        .map(|entry| entry.expect("an entry").into_path())
        .filter(|path| path.is_file())
        .collect();
    assert!(files.len() > 4, "{files:?}");

    for file in &files {
        let bytes = fs::read(file).expect("a file");
        for damaged in [&bytes[..bytes.len() / 2], &[&bytes[..], b"x"].concat()] {
            fs::write(file, damaged).expect("it is damaged");
            assert_eq!(code(&bindery(&book, &["build"])), 0);
            assert_eq!(fs::read(file).expect("a file"), bytes, "{}", file.display());
        }
    }
    let output = bindery(&book, &["build"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains(" 0 written"), "{output:?}");
}

#[test]
fn foreign_files_and_files_behind_links_are_not_removed() {
    let book = small();
    bindery(&book, &["build"]);
    let public = book.path().join("public");
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::write(elsewhere.path().join("index.html"), "mine").expect("a file");
    fs::remove_dir_all(public.join("one")).expect("a removal");
    symlink(elsewhere.path(), public.join("one")).expect("a link");
    // The path of a former alias is now a folder of the author's.
    fs::remove_file(public.join("old/index.html")).expect("a removal");
    fs::create_dir_all(public.join("old/index.html")).expect("a folder");
    fs::remove_file(book.path().join("content/one.md")).expect("a removal");
    book.write("content/index.md", "# Front\n");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_to_string(elsewhere.path().join("index.html")).expect("a file"), "mine");
    assert!(public.join("old/index.html").is_dir());
}

#[test]
fn no_address_leads_out_of_the_output() {
    for text in
        ["---\naliases: /\n---\n", "---\naliases: ''\n---\n", "---\npath: ''\n---\n", "---\npath: //\n---\n"]
    {
        let book = Book::of(&[("content/index.md", "# Front\n"), ("content/a.md", text)]);
        assert_eq!(code(&bindery(&book, &["build", "--strict"])), 1, "{text}");

        // An alias that cannot be one is left out, and takes no page's place.
        if text.contains("aliases") {
            assert_eq!(code(&bindery(&book, &["build"])), 0, "{text}");
            let front = fs::read_to_string(book.path().join("public/index.html")).expect("the front page");
            assert!(front.contains("Front</h1>"), "{front}");
        }
    }
}

#[test]
fn files_become_folders_and_change_their_case() {
    let book = Book::of(&[("content/index.md", "# Front\n"), ("static/a", "file"), ("static/B.txt", "b")]);
    bindery(&book, &["build"]);
    fs::remove_file(book.path().join("static/a")).expect("a removal");
    book.write("content/a.md", "# A\n");
    fs::rename(book.path().join("static/B.txt"), book.path().join("static/b.txt")).expect("a rename");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let left = files(&book.path().join("public"));
    assert!(left.contains_key("a/index.html") && left.contains_key("b.txt") && !left.contains_key("B.txt"));
    fs::remove_file(book.path().join("content/a.md")).expect("a removal");
    book.write("static/a", "file");
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    assert!(book.path().join("public/a").is_file());
}

#[test]
fn odd_names_are_published_and_names_of_others_in_another_case_stay() {
    let book = Book::of(&[
        ("content/index.md", "# Front\n"),
        ("static/a: b\\c.txt", "odd"),
        ("static/B.txt", "ours"),
    ]);
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let public = book.path().join("public");
    assert_eq!(fs::read_to_string(public.join("a: b\\c.txt")).expect("a file"), "odd");
    fs::rename(book.path().join("static/B.txt"), book.path().join("static/b.txt")).expect("a rename");
    fs::write(public.join("b.txt"), "mine").expect("a file");
    // If the file system distinguishes the two names, one is a foreign file.
    if fs::read_to_string(public.join("B.txt")).is_ok_and(|text| text == "ours") {
        assert_eq!(code(&bindery(&book, &["build"])), 2);
        assert_eq!(fs::read_to_string(public.join("b.txt")).expect("a file"), "mine");
    }
}

#[test]
fn folders_that_cannot_be_made_leave_the_published_book_whole() {
    let book = small();
    bindery(&book, &["build"]);
    let public = book.path().join("public");
    let before = files(&public);
    fs::remove_file(book.path().join("content/one.md")).expect("a removal");
    book.write("content/index.md", "# Another front\n");
    // `public/z` is a foreign file at the path of a folder, the last one that is made.
    fs::write(public.join("z"), "mine").expect("a file");
    book.write("content/b.md", "# B\n");
    book.write("content/z.md", "# Z\n");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let mut after = files(&public);
    after.remove("z");
    assert_eq!(after, before);
    assert!(!public.join("b").exists(), "folders made for it go again");
}

#[test]
fn special_files_are_not_read() {
    let book = small();
    let made = Command::new("mkfifo")
        .arg(book.path().join("content/pipe.md"))
        .arg(book.path().join("static/pipe"))
        .status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is there");
    book.write("content/linked.md", "# Linked\n\n[a pipe](pipe.md)\n");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 0);
    for pipe in ["content/pipe.md", "static/pipe"] {
        let expected = format!(
            "warning[special-file]: this is no file but a named pipe, a socket or a device, and is not read\n--> {pipe}\n"
        );
        assert!(stderr(&output).contains(&expected), "{expected} not in {}", stderr(&output));
    }
    let expected = "`pipe.md` is there, and cannot be used: this is no file but a named pipe";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    fs::remove_file(book.path().join("book.yaml")).expect("a removal");
    let made = Command::new("mkfifo").arg(book.path().join("book.yaml")).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo is there");
    let output = bindery(&book, &["check"]);
    assert!(code(&output) == 1 && stderr(&output).contains("not a file"), "{}", stderr(&output));
}

#[test]
fn links_that_lead_nowhere_are_said_where_they_are_used() {
    let book = small();
    std::os::unix::fs::symlink("nowhere.png", book.path().join("content/plan.png")).expect("a link");
    book.write("content/one.md", "# One\n\n![The plan](plan.png)\n\n[the plan](plan.png)\n");
    let said = stderr(&bindery(&book, &["check"]));
    for expected in ["warning[missing-file]", "warning[broken-link]"] {
        let expected = format!(
            "{expected}: `plan.png` is there, and cannot be used: this symbolic link leads nowhere: No such file"
        );
        assert!(said.contains(&expected), "{expected} not in {said}");
    }
}

#[test]
fn settings_of_the_user_that_cannot_be_read_have_a_hint() {
    let (book, home) = (small(), tempfile::tempdir().expect("a folder"));
    fs::create_dir_all(home.path().join("bindery/config.yaml")).expect("a folder in the place of the file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.arg("check").current_dir(book.path()).env("XDG_CONFIG_HOME", home.path());
    let said = stderr(&command.output().expect("it runs"));
    for expected in
        ["cannot read your own settings", "bindery/config.yaml", "in the variable `XDG_CONFIG_HOME`"]
    {
        assert!(said.contains(expected), "{expected} not in {said}");
    }
}

#[test]
fn an_error_or_a_strict_warning_publishes_nothing() {
    let book = small();
    bindery(&book, &["build"]);
    let before = files(&book.path().join("public"));
    book.write("content/one.md", "---\npath: ../out\n---\ntext\n");
    assert_eq!(code(&bindery(&book, &["build"])), 1);
    assert_eq!(files(&book.path().join("public")), before);
    book.write("content/one.md", "# One\n\n[gone](gone.md)\n");
    assert_eq!(code(&bindery(&book, &["build", "--strict"])), 1);
    assert_eq!(code(&bindery(&book, &["check"])), 1);
    assert_eq!(files(&book.path().join("public")), before);
    let warned = bindery(&book, &["build"]);
    assert_eq!(code(&warned), 0);
    assert!(stderr(&warned).contains("content/one.md:3:1"), "{}", stderr(&warned));
    // A template that fails on one of many pages.
    let before = files(&book.path().join("public"));
    book.write("themes/mine/theme.yaml", "extends: default\n");
    book.write("themes/mine/templates/bad.html", "{{ page.nonsense }}");
    book.write("content/two.md", "---\ntitle: Two\ntemplate: bad.html\n---\n");
    book.write("book.yaml", "theme: mine\n");
    let failed = bindery(&book, &["build"]);
    assert_eq!(code(&failed), 1, "{}", stderr(&failed));
    assert!(stderr(&failed).contains("themes/mine/templates/bad.html:1:9"), "{}", stderr(&failed));
    assert_eq!(files(&book.path().join("public")), before);
}

#[test]
fn a_build_that_was_stopped_is_finished_by_the_next() {
    let book = small();
    bindery(&book, &["build"]);
    let public = book.path().join("public");
    let whole = files(&public);
    // The state after the program was killed while it moved files: only some have been moved, the temporary ones
    // remain, and the manifest lists both books.
    fs::remove_file(public.join("one/index.html")).expect("a removal");
    fs::write(public.join("index.html"), "half").expect("a file");
    fs::create_dir_all(public.join(".bindery/aside")).expect("a folder");
    fs::write(public.join(".bindery/aside/3"), "half").expect("a file");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(files(&public), whole);
    assert!(!public.join(".bindery/aside").exists());
    // The program was killed before it wrote the first manifest.
    fs::remove_dir_all(&public).expect("a removal");
    fs::create_dir_all(public.join(".bindery/aside")).expect("a folder");
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    assert_eq!(files(&public), whole);
}

#[test]
fn two_at_once_do_not_mix() {
    let book = small();
    bindery(&book, &["build"]);
    let lock = fs::File::open(book.path().join("public/.bindery/lock")).expect("the lock");
    lock.lock().expect("it is free");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("another bindery"), "{}", stderr(&output));
    drop(lock);
    assert_eq!(code(&bindery(&book, &["build"])), 0);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let book = small();
    bindery(&book, &["build"]);
    let before = files(&book.path().join("public"));
    book.write("content/one.md", "# Another\n");
    // A file at the path of a folder: not even root can write there.
    let own = book.path().join("public/.bindery");
    fs::remove_file(own.join("lock")).expect("a removal");
    fs::create_dir(own.join("lock")).expect("a folder");
    let output = bindery(&book, &["build"]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("failed-output") && stderr(&output).contains("lock"),
        "{}",
        stderr(&output)
    );
    assert_eq!(files(&book.path().join("public")), before);
    fs::remove_dir(own.join("lock")).expect("a removal");
    // A foreign folder at the path of a page.
    fs::remove_file(book.path().join("public/one/index.html")).expect("a removal");
    let mine = book.path().join("public/one/index.html/empty/mine");
    fs::create_dir_all(book.path().join("public/one/index.html/empty")).expect("a folder");
    fs::write(&mine, "mine").expect("a file");
    let before = files(&book.path().join("public"));
    book.write("content/index.md", "# Another front\n");
    for args in [["build"].as_slice(), &["build", "--force"]] {
        assert_eq!(code(&bindery(&book, args)), 2);
        assert!(files(&book.path().join("public")) == before, "nothing was moved before it was seen");
    }
    // A foreign folder without files is removed.
    fs::remove_file(&mine).expect("a removal");
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    assert!(book.path().join("public/one/index.html").is_file());
}

#[test]
fn an_invalid_manifest_is_refused() {
    let book = small();
    bindery(&book, &["build"]);
    fs::write(book.path().join("public/.bindery/manifest.json"), "{").expect("a file");
    assert_eq!(code(&bindery(&book, &["build"])), 2);
    assert_eq!(code(&bindery(&book, &["build", "--force"])), 0);
    assert_eq!(code(&bindery(&book, &["build"])), 0);
}

#[test]
fn read_only_inputs_are_published() {
    let book = small();
    let file = book.path().join("static/CNAME");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("a mode");
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("a mode");
    book.write("static/CNAME", "www.example.com\n");
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    assert_eq!(fs::read_to_string(book.path().join("public/CNAME")).expect("a file"), "www.example.com\n");
}

#[test]
fn a_new_book_builds_without_a_warning() {
    let book = Book::new();
    for dir in ["my-book", "\"odd\" 'name' #1"] {
        let made = bindery(&book, &["new", dir]);
        assert_eq!(code(&made), 0, "{}", stderr(&made));
        let built = bindery(&book, &["build", "--strict", "--root", dir]);
        assert_eq!((code(&built), stderr(&built).as_str()), (0, ""));
        assert_eq!(code(&bindery(&book, &["new", dir])), 2, "a folder that is not empty is refused");
    }
    let page = fs::read_to_string(book.path().join("my-book/public/index.html")).expect("a page");
    assert!(page.contains("My book"));
}

#[test]
fn a_new_book_says_how_to_go_on() {
    let book = Book::new();
    for (dir, enter) in [
        ("my-book", "\n  cd my-book\n"),
        ("My Book", "\n  cd 'My Book'\n"),
        ("it's $HOME", "\n  cd 'it'\\''s $HOME'\n"),
        ("./-x", "\n  cd ./-x\n"),
    ] {
        let made = bindery(&book, &["new", dir]);
        let said = String::from_utf8_lossy(&made.stdout).into_owned();
        assert!(said.contains(enter), "{said}");
    }
    // A repository without files is treated like an empty folder.
    fs::create_dir_all(book.path().join("mine/.git")).expect("a folder");
    let made = bindery(&book, &["new", "mine"]);
    assert_eq!((code(&made), stderr(&made).as_str()), (0, ""));
}

#[test]
fn reports_for_programs() {
    let book = Book::of(&[("content/a.md", "# A\n\nä [x](gone.md)\n")]);
    let json = bindery(&book, &["check", "--message-format", "json"]);
    let line: serde_json::Value = serde_json::from_slice(&json.stdout).expect("one line of JSON");
    assert_eq!((code(&json), stderr(&json).as_str()), (1, ""));
    assert_eq!(line["code"], "broken-link");
    assert_eq!(
        (line["file"].as_str(), &line["line"], &line["column"]),
        (Some("content/a.md"), &3.into(), &3.into())
    );
    let github = bindery(&book, &["check", "--message-format", "github"]);
    assert!(
        stdout(&github).starts_with(
            "::warning file=content/a.md,line=3,col=3,endLine=3,endColumn=15,title=broken-link::"
        ),
        "{}",
        stdout(&github)
    );
    // GitHub names files from the repository's root.
    let mut inside = Command::new(env!("CARGO_BIN_EXE_bindery"));
    let folder = book.path().file_name().expect("a name");
    inside.args(["check", "--message-format", "github", "--root"]).arg(folder).env_remove("GITHUB_WORKSPACE");
    let inside = inside.current_dir(book.path().parent().expect("a folder")).output().expect("the program");
    let file = format!("::warning file={}/content/a.md,line=3", folder.display());
    assert!(stdout(&inside).starts_with(&file), "{}", stdout(&inside));
    let sarif = bindery(&book, &["check", "--message-format", "sarif"]);
    let document: serde_json::Value = serde_json::from_slice(&sarif.stdout).expect("one document");
    let result = &document["runs"][0]["results"][0];
    assert_eq!((code(&sarif), &result["ruleId"]), (1, &"broken-link".into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "content/a.md");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&3.into(), &3.into()));
    assert_eq!(code(&bindery(&book, &["todo", "--message-format", "sarif"])), 2, "not of all commands");
    let human = bindery(&book, &["check"]);
    assert!(
        stderr(&human).contains("warning[broken-link]") && stderr(&human).contains("ä [x](gone.md)"),
        "{}",
        stderr(&human)
    );
}

#[test]
fn a_command_can_require_codes() {
    let book = Book::of(&[("content/a.md", "# A\n\n[x](gone.md)\n")]);
    assert_eq!(code(&bindery(&book, &["check", "--deny", "unclosed-fence"])), 0);
    assert_eq!(code(&bindery(&book, &["check", "--deny", "unclosed-fence", "--deny", "broken-link"])), 1);
    assert_eq!(code(&bindery(&book, &["build", "--deny", "broken-link"])), 1);
    assert!(!book.path().join("public").exists());
    assert_eq!(code(&bindery(&book, &["build", "--deny", "unclosed-fence"])), 0);
    let unknown = bindery(&book, &["build", "--deny", "broken-lnk"]);
    assert!(
        code(&unknown) == 2 && stderr(&unknown).contains("did you mean `broken-link`"),
        "{}",
        stderr(&unknown)
    );
}

#[test]
fn reports_for_people_end_with_their_number() {
    for (text, summary) in
        [("[x](a.md) [y](b.md)", "0 errors and 2 warnings"), ("[x](a.md)", "0 errors and 1 warning")]
    {
        let book = Book::of(&[("content/index.md", &format!("# A\n\n{text}\n"))]);
        let checked = bindery(&book, &["check"]);
        assert_eq!(code(&checked), 1);
        assert_eq!(stderr(&checked).lines().last(), Some(summary), "{}", stderr(&checked));
    }
    // One error needs no number.
    let book = Book::of(&[("book.yaml", "titel: x\n"), ("content/index.md", "# A\n")]);
    let checked = bindery(&book, &["check"]);
    let said = stderr(&checked);
    assert!(said.starts_with("error[unknown-setting]") && !said.contains("1 error"), "{said}");
}

#[test]
fn a_check_finds_what_a_build_would() {
    let book = Book::of(&[
        ("book.yaml", "base_url: https://book.example/\ntheme: mine\n"),
        ("themes/mine/theme.yaml", "extends: default\n"),
        ("themes/mine/templates/social.svg", "<svg>{{ nothing.here }}</svg>\n"),
        ("content/index.md", "# A\n"),
    ]);
    for command in ["check", "build"] {
        let output = bindery(&book, &[command]);
        assert_eq!(code(&output), 1, "{command}: {}", stderr(&output));
        assert!(stderr(&output).contains("themes/mine/templates/social.svg:1:9"), "{}", stderr(&output));
    }
}

#[test]
fn unfinished_work_is_listed() {
    let book = Book::of(&[
        (
            "content/a.md",
            "# A\n\nTODO\n\n- [ ] write\n  more\n- [x] done\n\n  TODO\n  - [x] inner\n- [ ] last\n\n// why?\n",
        ),
        ("content/b.md", "---\ntitle: B\ndraft: true\n---\n"),
    ]);
    let listed = bindery(&book, &["todo"]);
    let expected = "content/a.md:5:1: [ ] write\ncontent/a.md:7:1: [x] done\ncontent/a.md:10:3: [x] inner\ncontent/a.md:11:1: [ ] last\n\
                    content/a.md:13:4: // why?\ncontent/b.md:1:1: draft B\n2 tasks open, 2 done, 1 note, 1 draft\n";
    assert_eq!((code(&listed), stdout(&listed).as_str()), (0, expected));
}

#[test]
fn drafts_and_todos_are_in_the_book_only_when_wanted() {
    let book = Book::of(&[
        ("book.yaml", "base_url: https://example.com/\n"),
        (
            "content/a.md",
            "---\ntitle: A\ndate: 2026-01-01\n---\nTODO\n\n- [ ] secret task\n\n// secret note\n\ntext\n",
        ),
        ("content/b.md", "---\ntitle: Secret draft\ndate: 2026-01-01\ndraft: true\n---\ntext\n"),
    ]);
    let all = |book: &Book| {
        let files = files(&book.path().join("public"));
        files.into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect::<String>()
    };
    assert_eq!(code(&bindery(&book, &["build"])), 0);
    let text = all(&book);
    assert!(text.contains("secret task") && text.contains("secret note") && !text.contains("Secret draft"));
    assert_eq!(code(&bindery(&book, &["build", "--hide-todo", "--drafts"])), 0);
    let text = all(&book);
    assert!(!text.contains("secret task") && !text.contains("secret note") && text.contains("Secret draft"));
    let feed = fs::read_to_string(book.path().join("public/feed.xml")).expect("a feed");
    assert!(!feed.contains("Secret draft"), "drafts are in no feed");
}

#[test]
fn commands_find_their_book_upwards_or_say_so() {
    let book = small();
    let below = book.path().join("content");
    let output = Command::new(env!("CARGO_BIN_EXE_bindery"))
        .arg("check")
        .current_dir(below)
        .output()
        .expect("it runs");
    assert_eq!(code(&output), 0);
    let nowhere = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_bindery"))
        .arg("build")
        .current_dir(nowhere.path())
        .output()
        .expect("it runs");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("bindery new"), "{}", stderr(&output));
}

#[test]
fn a_working_directory_that_was_removed_is_reported() {
    let book = small();
    let gone = book.path().join("gone");
    fs::create_dir(&gone).expect("a folder");
    // The folder is removed while it is the shell's working directory.
    let build = |options: &str| {
        let script = format!(r#"mkdir -p "$2" && cd "$2" && rmdir "$2" && exec "$1" build {options}"#);
        let mut command = Command::new("sh");
        command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_bindery")]).args([&gone, book.path()]);
        command.output().expect("it runs")
    };
    let output = build("");
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("working directory"), "{}", stderr(&output));

    // A book that is named by its full path does not need one.
    let output = build(r#"--root "$3""#);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_list_that_cannot_be_written_is_an_error() {
    let book = small();
    book.write("content/one.md", "TODO\n\n- [ ] say more\n\n[gone](gone.md)\n");
    for args in [["todo", "-q"].as_slice(), &["check", "--message-format", "json"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
        let output = command.args(args).current_dir(book.path()).stdout(full).output().expect("it runs");
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(stderr(&output).contains("cannot write to standard output"), "{}", stderr(&output));
    }
}

#[test]
fn shells_and_man_know_every_command() {
    let book = small();
    let printed = |arguments: &[&str]| {
        let output = bindery(&book, arguments);
        assert_eq!(code(&output), 0);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let commands = ["new", "build", "serve", "check", "sync", "todo", "completions", "man"];
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
        assert!(script.contains("allow-source"), "{shell}");
    }

    assert!(printed(&["man"]).contains(".TH bindery 1"));
    let folder = book.path().join("man");
    printed(&["man", folder.to_str().expect("UTF-8")]);
    assert!(commands.iter().all(|command| folder.join(format!("bindery-{command}.1")).exists()));
    assert_eq!(code(&bindery(&book, &["man", book.path().join("book.yaml").to_str().expect("UTF-8")])), 2);
}

#[test]
fn nothing_is_run_while_a_setting_is_wrong() {
    let book = Book::of(&[
        ("book.yaml", "title: T\nproof: {netwrk: none}\n"),
        ("content/index.md", "# A\n\n```console\n$ touch /made\n```\n"),
    ]);
    let output = bindery(&book, &["test", "--engine", "podman"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("netwrk"), "{}", stderr(&output));
    assert!(!stdout(&output).contains("following the book"), "{}", stdout(&output));
}
