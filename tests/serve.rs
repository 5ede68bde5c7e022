//! The preview: requests to the program over HTTP, while a book changes as editors and systems change it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use tungstenite::client::IntoClientRequest;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use crate::support::Book;
use crate::support::preview::{Answer, PATIENCE, Preview, parse};

fn book() -> Book {
    Book::of(&[
        ("book.yaml", "title: A book\nbase_url: https://example.com/book/\n"),
        ("content/index.md", "# Front\n\n[one](part/one.md) ![x](part/x.svg)\n"),
        ("content/part/index.md", "# Part\n"),
        (
            "content/part/one.md",
            "---\ndate: 2026-01-02\naliases: old\n---\n# One\n\nThe first text.\n\n```python\nx = 1\n```\n",
        ),
        ("content/part/two.md", "---\ndraft: true\n---\n# Two\n\nTODO\n\n- [ ] x\n"),
        ("content/part/x.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"5\"/>\n"),
        ("static/media.mp4", "0123456789"),
        ("static/plain.txt", "plain\n"),
    ])
}

/// A page without the script that the server adds.
fn without_script(page: &str) -> String {
    const START: &str = "<script type=\"application/json\" id=\"b:live\">";
    const END: &str = "<script type=\"module\" src=\"/.bindery/live.js\"></script>";
    match (page.find(START), page.find(END)) {
        (Some(start), Some(end)) => format!("{}{}", &page[..start], &page[end + END.len()..]),
        _ => page.to_owned(),
    }
}

/// What a build of the book writes, with its drafts.
fn built(book: &Book) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().expect("a folder");
    let status = Command::new(env!("CARGO_BIN_EXE_bindery"))
        .args(["build", "--drafts", "--quiet", "--root"])
        .arg(book.path())
        .arg("--out")
        .arg(out.path())
        .stderr(Stdio::null())
        .status()
        .expect("the program");
    assert!(status.success());
    let mut files = BTreeMap::new();
    collect(out.path(), out.path(), &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let below = path.strip_prefix(root).expect("it is below").to_string_lossy().into_owned();
        if below == ".bindery" {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(below, fs::read(&path).expect("a file"));
        }
    }
}

/// Fails unless everything that a build writes is served, byte for byte, and the rest is not there.
fn assert_serves_what_is_built(preview: &Preview, book: &Book) {
    for (file, bytes) in built(book) {
        let path = format!("/{}", bindery::text::url::encode_path(file.trim_end_matches("index.html")));
        let is_same = |answer: &Answer| {
            answer.status == if file == "404.html" { answer.status } else { 200 }
                && (answer.body == bytes || without_script(&answer.text()).as_bytes() == bytes)
        };
        preview.until(&path, "is what is built", is_same);
    }
}

#[test]
fn what_is_served_is_what_is_built() {
    let book = book();
    let preview = Preview::of(book.path());
    assert_serves_what_is_built(&preview, &book);
    let missing = preview.get("/nowhere/");
    assert_eq!(missing.status, 404);
    assert_eq!(without_script(&missing.text()).as_bytes(), built(&book)["404.html"]);
}

#[test]
fn what_is_served_is_what_is_built_after_any_edits() {
    const PATHS: &[&str] = &[
        "content/part/one.md",
        "content/part/two.md",
        "content/three.md",
        "static/plain.txt",
        "content/part/x.svg",
    ];
    const TEXTS: &[&str] = &[
        "# New\n\n[up](index.md) ==m==\n",
        "---\norder: 3\ntitle: T\n---\n\nTODO\n\n- [x] y\n",
        "// a note\n",
        "Text.\n",
    ];
    let book = book();
    let preview = Preview::of(book.path());
    let edits = prop::collection::vec((0..PATHS.len(), prop::option::of(0..TEXTS.len())), 1..5);
    let config = ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&edits, |edits| {
            for (path, text) in edits {
                match text {
                    Some(text) => book.write(PATHS[path], TEXTS[text]),
                    None => drop(fs::remove_file(book.path().join(PATHS[path]))),
                }
            }
            assert_serves_what_is_built(&preview, &book);
            Ok(())
        })
        .expect("the same");
    // Removed files are no longer served. The front page may have a missing image.
    for path in PATHS {
        let _ = fs::remove_file(book.path().join(path));
    }
    preview.until("/part/one/", "gone", |answer| answer.status == 404);
    preview.until("/plain.txt", "gone", |answer| answer.status == 404);
}

#[test]
fn a_change_of_one_chapter_is_right_on_every_page() {
    let book = book();
    let preview = Preview::of(book.path());
    assert!(preview.page("/contents/").contains("One"));
    book.write("content/part/one.md", "---\ntitle: Renamed\n---\n\nText.\n");
    preview.until_holds("/contents/", "Renamed");
    assert!(preview.page("/part/two/").contains("Renamed"), "the way back");
    assert_eq!(preview.get("/old/").status, 404, "the alias is gone");
    book.write("content/part/zero.md", "---\norder: 0\n---\n# Zero\n");
    preview.until_holds("/part/one/", "Zero");
    book.write("themes/mine/theme.yaml", "extends: default\n");
    book.write(
        "themes/mine/templates/chapter.html",
        "{% extends \"default/chapter.html\" %}{% block footer %}MINE{% endblock footer %}",
    );
    book.write("book.yaml", "theme: mine\n");
    preview.until_holds("/part/zero/", "MINE");
    assert!(preview.page("/part/one/").contains("MINE"));
    book.write("themes/mine/templates/chapter.html", "{{ nothing.at.all }}");
    let failed = preview.until("/part/one/", "fails", |answer| answer.status == 500);
    assert!(failed.text().contains("themes/mine/templates/chapter.html:1:"), "{}", failed.text());
}

/// The socket of a tab.
type Socket = WebSocket<MaybeTlsStream<TcpStream>>;

fn tab(preview: &Preview, page: &str) -> Socket {
    let url = format!("ws://{}/.bindery/live?page={page}", preview.address);
    let (socket, _) = tungstenite::connect(url).expect("a socket");
    if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    }
    socket
}

/// The next message to the tab.
fn message(socket: &mut Socket) -> Value {
    loop {
        if let Message::Text(text) = socket.read().expect("a message") {
            return serde_json::from_str(text.as_str()).expect("JSON");
        }
    }
}

/// Waits for the right message to the tab.
fn message_until(socket: &mut Socket, is_right: impl Fn(&Value) -> bool) -> Value {
    loop {
        let state = message(socket);
        if is_right(&state) {
            return state;
        }
    }
}

#[test]
fn new_problems_are_told_from_known_ones() {
    let book = book();
    let lines =
        |names: &[&str]| names.iter().map(|name| format!("[{name}]({name}.md)\n\n")).collect::<String>();
    book.write("content/a.md", lines(&["one", "two", "three"]));
    let errors = book.path().join("errors");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.args(["serve", "--port", "0", "--root"]).arg(book.path());
    command.stderr(fs::File::create(&errors).expect("a file"));
    let mut preview = Preview::started(&mut command);
    let said = || fs::read_to_string(&errors).expect("text");
    preview.until_says("chapter");

    // What has only moved is not told again.
    book.write("content/a.md", format!("New.\n\n{}", lines(&["one", "two", "four", "three"])));
    preview.until_says("3 other problems as before");
    let text = said();
    assert_eq!(text.matches("one.md").count(), text.matches("two.md").count());
    assert_eq!((text.matches("`one.md`").count(), text.matches("`four.md`").count()), (1, 1), "{text}");

    book.write("content/a.md", lines(&["one", "two"]));
    preview.until_says("2 problems mended, 2 problems as before");
    book.write("content/a.md", "# Mended\n");
    preview.until_says("nothing is wrong any more");
}

#[test]
fn the_problems_of_a_chapter_come_first_in_its_tab() {
    let book = book();
    book.write("content/a.md", "[one](one.md)\n");
    book.write("content/z.md", "[two](two.md)\n");
    let preview = Preview::of(book.path());
    for (page, first) in [("/a/", "content/a.md"), ("/z/", "content/z.md"), ("/", "content/a.md")] {
        let state = message(&mut tab(&preview, page));
        assert_eq!(state["warnings"], 2, "{state}");
        assert_eq!(state["diagnostics"][0]["file"], first, "{page}");
    }
}

#[test]
fn a_tab_can_ask_whether_the_preview_is_there() {
    let book = book();
    let preview = Preview::of(book.path());
    let mut socket = tab(&preview, "/");
    message(&mut socket);
    socket.send(Message::text("\"ping\"")).expect("it is sent");
    assert_eq!(message(&mut socket), serde_json::json!({ "alive": true }));
}

#[test]
fn a_tab_gets_messages_about_its_own_page() {
    let book = book();
    let preview = Preview::of(book.path());
    let (mut one, mut front) = (tab(&preview, "/part/one/"), tab(&preview, "/"));
    let (was_one, was_front) = (message(&mut one), message(&mut front));
    assert_eq!(was_one["chapter"]["file"], "content/part/one.md");
    book.write(
        "content/part/one.md",
        "---\ndate: 2026-01-02\naliases: old\n---\n# One\n\nThe second text.\n",
    );
    assert_ne!(message(&mut one)["key"], was_one["key"]);
    assert_eq!(message(&mut front)["key"], was_front["key"]);
    fs::remove_file(book.path().join("content/part/one.md")).expect("a file");
    let gone = message_until(&mut one, |state| state["status"] == "missing");
    assert_eq!(gone["moved"], Value::Null);
    let diagnostics = message_until(&mut front, |state| state["diagnostics"] != Value::Array(Vec::new()));
    assert_eq!(diagnostics["diagnostics"][0]["code"], "broken-link");
    assert_eq!(diagnostics["diagnostics"][0]["file"], "content/index.md");
    assert_eq!(diagnostics["diagnostics"][0]["source"], "[one](part/one.md) ![x](part/x.svg)");
    book.write("static/plain.txt", "new\n");
    let state = message_until(&mut front, |state| state["changed"] != Value::Array(Vec::new()));
    assert_eq!(state["changed"], serde_json::json!(["plain.txt"]));
}

#[test]
fn saves_in_every_way_that_editors_have() {
    let book = book();
    let preview = Preview::of(book.path());
    let path = |path: &str| book.path().join(path);
    let file = path("content/part/one.md");
    let text = |word: &str| format!("# One\n\nSaved by {word}.\n");
    // A chapter that a slow editor empties and then writes is never served half written.
    preview.page("/part/one/");
    {
        let mut open = fs::File::create(&file).expect("the file");
        std::thread::sleep(Duration::from_millis(5));
        let page = preview.get("/part/one/");
        assert!(page.status == 200 && page.text().contains("The first text."), "{}", page.text());
        open.write_all(text("truncation").as_bytes()).expect("the file");
    }
    preview.until_holds("/part/one/", "Saved by truncation.");
    // vim: a backup, then a new file; before that, a file named by a number, to test whether the folder is writable.
    fs::write(path("content/part/4913"), "").expect("a file");
    fs::remove_file(path("content/part/4913")).expect("a file");
    fs::rename(&file, path("content/part/one.md~")).expect("a move");
    fs::write(&file, text("vim")).expect("a file");
    fs::remove_file(path("content/part/one.md~")).expect("a file");
    preview.until_holds("/part/one/", "Saved by vim.");
    // JetBrains and others: a new file, then two renames.
    fs::write(path("content/part/one.md___jb_tmp___"), text("renames")).expect("a file");
    fs::rename(&file, path("content/part/one.md___jb_old___")).expect("a move");
    fs::rename(path("content/part/one.md___jb_tmp___"), &file).expect("a move");
    fs::remove_file(path("content/part/one.md___jb_old___")).expect("a file");
    preview.until_holds("/part/one/", "Saved by renames.");
    // Swap files and lock files are no chapters.
    fs::write(path("content/part/.one.md.swp"), "x").expect("a file");
    fs::write(path("content/part/#one.md#"), "x").expect("a file");
    // A file that stays open is noticed too.
    let mut open = fs::OpenOptions::new().append(true).open(&file).expect("the file");
    open.write_all(b"\nAppended.\n").expect("the file");
    preview.until_holds("/part/one/", "Appended.");
    drop(open);
    // Two saves of the same length in one tick of the clock, and one with an older modification time.
    let clock = fs::metadata(&file).and_then(|file| file.modified()).expect("a time");
    for word in ["aaaa", "bbbb", "cccc"] {
        fs::write(&file, text(word)).expect("a file");
        fs::File::options()
            .write(true)
            .open(&file)
            .and_then(|file| file.set_modified(clock))
            .expect("a time");
    }
    preview.until_holds("/part/one/", "Saved by cccc.");
    assert_serves_what_is_built(&preview, &book);
}

#[test]
fn bursts_and_moves_of_folders() {
    let book = book();
    let preview = Preview::of(book.path());
    for number in 0..500 {
        book.write(&format!("content/many/chapter-{number:03}.md"), format!("# Chapter {number}\n\nOld.\n"));
    }
    preview.until_holds("/many/chapter-499/", "Old.");
    // The author switches to another branch.
    for number in 0..500 {
        book.write(&format!("content/many/chapter-{number:03}.md"), format!("# Chapter {number}\n\nNew.\n"));
    }
    for number in [0, 250, 499] {
        preview.until_holds(&format!("/many/chapter-{number:03}/"), "New.");
    }
    let outside = tempfile::tempdir_in(book.path()).expect("a folder");
    let away = outside.path().join("many");
    fs::rename(book.path().join("content/many"), &away).expect("a move");
    preview.until("/many/chapter-250/", "gone", |answer| answer.status == 404);
    fs::rename(&away, book.path().join("content/moved")).expect("a move");
    preview.until_holds("/moved/chapter-250/", "New.");
    // Files below a folder that was moved into the book are watched too.
    book.write("content/moved/chapter-250.md", "# Chapter 250\n\nNewer.\n");
    preview.until_holds("/moved/chapter-250/", "Newer.");
    fs::rename(book.path().join("content/moved"), book.path().join("content/Moved")).expect("a move");
    let files = |answer: &Answer| answer.text().contains("content/Moved/chapter-250.md");
    preview.until("/.bindery/", "lists the folder under its new name", files);
    book.write("content/Moved/chapter-250.md", "# Chapter 250\n\nNewest.\n");
    preview.until_holds("/moved/chapter-250/", "Newest.");
    fs::remove_dir_all(book.path().join("content")).expect("a folder");
    preview.until("/", "broken", |answer| answer.status == 500);
    book.write("content/index.md", "# Back\n");
    preview.until_holds("/", "Back");
    book.write("content/index.md", "# Back again\n");
    preview.until_holds("/", "Back again");
}

#[cfg(unix)]
#[test]
fn what_symbolic_links_inside_the_book_lead_to() {
    use std::os::unix::fs::symlink;
    let book = book();
    book.write("shared/text.md", "# Shared\n\nOne.\n");
    book.write("shared/folder/inner.md", "# Inner\n\nOne.\n");
    symlink("../shared/text.md", book.path().join("content/linked.md")).expect("a link");
    symlink("../shared/folder", book.path().join("content/folder")).expect("a link");
    let preview = Preview::of(book.path());
    preview.until_holds("/linked/", "One.");
    book.write("shared/text.md", "# Shared\n\nTwo.\n");
    preview.until_holds("/linked/", "Two.");
    book.write("shared/folder/inner.md", "# Inner\n\nTwo.\n");
    preview.until_holds("/folder/inner/", "Two.");
    fs::remove_file(book.path().join("content/linked.md")).expect("a link");
    preview.until("/linked/", "gone", |answer| answer.status == 404);
}

#[test]
fn changes_are_found_by_polling() {
    let book = book();
    let preview = Preview::with(book.path(), &["--poll"]);
    preview.page("/part/one/");
    book.write("content/part/one.md", "# One\n\nPolled.\n");
    preview.until_holds("/part/one/", "Polled.");
    book.write("content/new.md", "# New\n");
    preview.until_holds("/new/", "New");
}

#[test]
fn a_book_with_an_error_is_served_until_it_is_fixed() {
    let dir = tempfile::tempdir().expect("a folder");
    let preview = Preview::of(dir.path());
    let broken = preview.get("/");
    assert_eq!(broken.status, 500);
    assert!(broken.text().contains("empty-book"), "{}", broken.text());
    fs::write(dir.path().join("book.yaml"), "titel: x\n").expect("a file");
    preview.until_holds("/", "unknown-setting");
    fs::create_dir(dir.path().join("content")).expect("a folder");
    fs::write(dir.path().join("content/index.md"), "# Front\n").expect("a file");
    fs::write(dir.path().join("book.yaml"), "title: x\n").expect("a file");
    preview.until("/", "fixed", |answer| answer.status == 200);
    // After that, the last good settings replace invalid ones.
    fs::write(dir.path().join("book.yaml"), "title: [\n").expect("a file");
    let mut front = tab(&preview, "/");
    let state = message_until(&mut front, |state| state["diagnostics"] != Value::Array(Vec::new()));
    assert_eq!(
        (&state["diagnostics"][0]["code"], &state["status"]),
        (&"invalid-yaml".into(), &"found".into())
    );
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn files_that_blocks_are_copies_of_are_followed() {
    let dir = tempfile::tempdir().expect("a folder");
    let book = dir.path().join("book");
    let write = |path: &str, text: &str| {
        let file = dir.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    };
    // The source is outside the book, in its repository.
    fs::create_dir(dir.path().join(".git")).expect("a folder");
    write("app/main.py", "a = 1\n");
    write("book/book.yaml", "sources: {app: ../app}\n");
    write("book/content/index.md", "# Front\n\n```python file=main.py\na = 1\n```\n");
    let preview = Preview::of(&book);
    let mut front = tab(&preview, "/");
    assert_eq!(message(&mut front)["diagnostics"], Value::Array(Vec::new()));
    write("app/main.py", "a = 2\n");
    let state = message_until(&mut front, |state| state["diagnostics"] != Value::Array(Vec::new()));
    assert_eq!(
        (&state["diagnostics"][0]["code"], &state["diagnostics"][0]["line"]),
        (&"outdated-copy".into(), &3.into())
    );
    write("book/content/index.md", "# Front\n\n```python file=main.py\na = 2\n```\n");
    message_until(&mut front, |state| state["diagnostics"] == Value::Array(Vec::new()));

    // What is wrong with code is known when the page is made.
    write("book/content/index.md", "# Front\n\n```svelte\nf() {\n  a /* b */\n```\n");
    let state = message_until(&mut front, |state| state["diagnostics"] != Value::Array(Vec::new()));
    assert_eq!(
        (&state["diagnostics"][0]["code"], &state["diagnostics"][0]["line"]),
        (&"failed-highlighting".into(), &3.into())
    );
    write("book/content/index.md", "# Front\n\n```python file=main.py\na = 2\n```\n");
    message_until(&mut front, |state| state["diagnostics"] == Value::Array(Vec::new()));

    fs::remove_file(dir.path().join("app/main.py")).expect("a file");
    let state = message_until(&mut front, |state| state["diagnostics"] != Value::Array(Vec::new()));
    assert_eq!(state["diagnostics"][0]["code"], "missing-source");
    write("app/new.py", "a = 2\n");
    fs::rename(dir.path().join("app/new.py"), dir.path().join("app/main.py")).expect("it moves");
    message_until(&mut front, |state| state["diagnostics"] == Value::Array(Vec::new()));
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_a_free_one() {
    let book = book();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let output = Command::new(env!("CARGO_BIN_EXE_bindery"))
        .args(["serve", "--port", &port.to_string(), "--root"])
        .arg(book.path())
        .output()
        .expect("the program");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("taken-port") && said.contains(&format!("port {port}")), "{said}");
    let free = said.split("--port ").nth(1).and_then(|rest| rest.split('`').next()).expect("a port");
    assert!(TcpListener::bind(("127.0.0.1", free.parse::<u16>().expect("a number"))).is_ok(), "{said}");
}

#[cfg(unix)]
#[test]
fn it_ends_at_once_while_tabs_are_open() {
    let book = book();
    let mut preview = Preview::of(book.path());
    let (mut one, idle) = (tab(&preview, "/"), preview.connect());
    message(&mut one);
    for signal in ["-INT", "-TERM"] {
        let begun = Instant::now();
        let id = preview.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill").success());
        assert_eq!(preview.ends(), Some(0), "{signal}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{signal}: {:?}", begun.elapsed());
        preview = Preview::of(book.path());
    }
    drop(idle);
}

#[test]
fn foreign_hosts_methods_and_paths_are_refused() {
    let book = book();
    let preview = Preview::of(book.path());
    let address = preview.address;
    let ask = |head: &str| preview.ask(&format!("{head}\r\nConnection: close\r\n\r\n")).status;
    assert_eq!(ask(&format!("GET / HTTP/1.1\r\nHost: {address}")), 200);
    assert_eq!(ask(&format!("GET / HTTP/1.1\r\nHost: localhost:{}", address.port())), 200);
    assert_eq!(ask("GET / HTTP/1.1\r\nHost: rebound.example.com"), 403);
    assert_eq!(ask("GET / HTTP/1.1"), 400);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        assert_eq!(ask(&format!("{method} / HTTP/1.1\r\nHost: {address}")), 405, "{method}");
    }
    let head =
        preview.ask(&format!("HEAD /part/one/ HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"));
    assert!(head.status == 200 && head.body.is_empty() && head.headers["content-length"] != "0", "{head:?}");
    for (path, status) in [
        ("/../../etc/passwd", 404),
        ("/..%2f..%2fetc%2fpasswd", 404),
        ("/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/part/..%5c..%5cbook.yaml", 404),
        ("/book.yaml", 404),
        ("/content/index.md", 404),
        ("/.bindery/../live.js", 404),
        ("/.bindery/nothing", 404),
        ("/%00", 400),
        ("/part%00/one/", 400),
        ("/%", 400),
        ("/%zz", 400),
        ("/%ff", 400),
        ("//part/one/", 404),
    ] {
        assert_eq!(preview.get(path).status, status, "{path}");
    }
    let origin = |origin: &str| {
        let url = format!("ws://{address}/.bindery/live?page=/");
        let mut request = url.into_client_request().expect("a request");
        request.headers_mut().insert("Origin", origin.parse().expect("a value"));
        tungstenite::connect(request).is_ok()
    };
    assert!(origin(&format!("http://{address}")));
    assert!(!origin("http://example.com") && !origin("null") && !origin("http://127.0.0.1:1"));
}

#[test]
fn responses_have_the_right_headers() {
    let book = book();
    let preview = Preview::of(book.path());
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "text/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/plain.txt", "text/plain; charset=utf-8"),
        ("/media.mp4", "video/mp4"),
        ("/.bindery/live.js", "text/javascript; charset=utf-8"),
        ("/.bindery/", "text/html; charset=utf-8"),
    ] {
        let answer = preview.get(path);
        assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, kind), "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
    }
    let range = format!(
        "GET /media.mp4 HTTP/1.1\r\nHost: {}\r\nRange: bytes=2-4\r\nConnection: close\r\n\r\n",
        preview.address
    );
    let part = preview.ask(&range);
    assert_eq!((part.status, part.text().as_str()), (206, "234"));
    assert_eq!(part.headers["content-range"], "bytes 2-4/10");
    assert_eq!(preview.ask(&range.replace("2-4", "20-")).status, 416);
    assert_eq!(preview.ask(&range.replace("2-4", "-3")).text(), "789");
    for whole in ["-10", "-100", "0-1,3-4", "0-1\r\nIf-Range: \"another\""] {
        let answer = preview.ask(&range.replace("2-4", whole));
        assert_eq!((answer.status, answer.text().as_str()), (200, "0123456789"), "{whole}");
    }
    let elsewhere = preview.get("/part/one?x=1");
    assert_eq!((elsewhere.status, elsewhere.headers["location"].as_str()), (307, "/part/one/?x=1"));
    // Links on the page for addresses that do not exist begin with the path of `base_url`.
    assert!(preview.page("/book/part/one/").contains("The first text."));
    let index: serde_json::Value =
        serde_json::from_str(&preview.get("/book/search/index.json").text()).expect("JSON");
    let folder = index["folder"].as_str().expect("a folder");
    assert_eq!(preview.get(&format!("/book/search/{folder}pagefind.js")).status, 200);
}

/// Reads from a connection until this number of pages has ended.
fn read_pages(stream: &mut TcpStream, pages: usize) {
    const END: &[u8] = b"</html>";
    let (mut ended, mut rest, mut buffer) = (0, Vec::new(), vec![0; 1 << 16]);
    while ended < pages {
        let count = stream.read(&mut buffer).expect("an answer");
        assert!(count > 0, "the connection was closed");

        // An end can be split between two reads.
        rest.extend_from_slice(&buffer[..count]);
        ended += rest.windows(END.len()).filter(|bytes| *bytes == END).count();
        rest.drain(..rest.len().saturating_sub(END.len() - 1));
    }
}

/// Sends 10,000 requests over 200 connections, 8 at a time.
fn flood(preview: &Preview) {
    let request = format!("GET /part/one/ HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let mut stream = preview.connect();
                    let mut writer = stream.try_clone().expect("a second handle");
                    let requests = request.repeat(50);
                    let writing = std::thread::spawn(move || writer.write_all(requests.as_bytes()));
                    read_pages(&mut stream, 50);
                    writing.join().expect("it ends").expect("it is read");
                }
            });
        }
    });
}

#[test]
fn many_requests_and_misbehaving_clients_do_not_stop_it() {
    let book = book();
    let preview = Preview::of(book.path());

    // Half-open connections, and incomplete request heads.
    let mut rude: Vec<_> = (0..200).map(|_| preview.connect()).collect();
    for stream in &mut rude {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: local");
    }

    // A head that is too long. The connection may be closed before the answer is read.
    let long = format!("GET / HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n", preview.address, "x".repeat(1 << 20));
    let mut stream = preview.connect();
    let _ = stream.write_all(long.as_bytes());
    let mut answer = Vec::new();
    if stream.read_to_end(&mut answer).is_ok() && !answer.is_empty() {
        assert!((400..500).contains(&parse(&answer).status));
    }

    // A socket that announces a frame above the limit is closed before the frame is sent.
    let mut greedy = preview.connect();
    let upgrade = format!(
        "GET /.bindery/live?page=/ HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        preview.address
    );
    greedy.write_all(upgrade.as_bytes()).expect("it is read");
    let announced = [0x82, 0xff, 0, 0, 0, 0, 0, 0xf0, 0, 0, 1, 2, 3, 4];
    greedy.write_all(&announced).expect("it is read");
    let begun = Instant::now();
    // Closed or reset.
    let _ = greedy.read_to_end(&mut Vec::new());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());

    // Not HTTP.
    let mut junk = preview.connect();
    let _ = junk.write_all(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n");

    flood(&preview);
    book.write("content/part/one.md", "# One\n\nAfter the flood.\n");
    preview.until_holds("/part/one/", "After the flood.");
}

#[test]
fn two_hundred_tabs_are_updated_at_once() {
    let book = book();
    let preview = Preview::of(book.path());
    let mut tabs: Vec<Socket> = (0..200).map(|_| tab(&preview, "/part/one/")).collect();
    let keys: Vec<Value> = tabs.iter_mut().map(|tab| message(tab)["key"].clone()).collect();
    let begun = Instant::now();
    book.write("content/part/one.md", "# One\n\nFor all of them.\n");
    for (tab, key) in tabs.iter_mut().zip(keys) {
        message_until(tab, |state| state["key"] != key);
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    tabs.truncate(1);
    book.write("content/part/one.md", "# One\n\nFor the last one.\n");
    preview.until_holds("/part/one/", "For the last one.");
    message(&mut tabs[0]);
}

#[test]
fn files_that_cannot_be_read_keep_their_last_form() {
    let book = book();
    let preview = Preview::of(book.path());
    preview.page("/part/one/");
    let mut one = tab(&preview, "/part/one/");
    message(&mut one);
    book.write("content/part/one.md", b"# One\n\nNot \xff UTF-8.\n");
    let state = message_until(&mut one, |state| state["diagnostics"] != Value::Array(Vec::new()));
    assert_eq!(state["diagnostics"][0]["code"], "invalid-utf8");
    assert!(preview.page("/part/one/").contains("The first text."));
    book.write("book.yaml", b"title: \xff\n");
    message_until(&mut one, |state| {
        state["diagnostics"].as_array().is_some_and(|diagnostics| diagnostics.len() == 2)
    });
    assert!(preview.page("/part/one/").contains("· A book</title>"));
    // The placeholder changes how all chapters are parsed; the last good form of this one is still used.
    book.write("book.yaml", "title: Another book\nplaceholders: {your-name: sam}\n");
    preview.until_holds("/part/one/", "· Another book</title>");
    assert!(preview.page("/part/one/").contains("The first text."));
    book.write("content/part/one.md", "# One\n\nFixed.\n");
    preview.until_holds("/part/one/", "Fixed.");
}

#[test]
fn a_book_that_is_moved_away_and_back_is_found_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let (root, away) = (dir.path().join("book"), dir.path().join("away"));
    fs::create_dir_all(root.join("content")).expect("a folder");
    fs::write(root.join("content/index.md"), "# Front\n\nOld.\n").expect("a file");
    let preview = Preview::of(&root);
    preview.until_holds("/", "Old.");
    fs::rename(&root, &away).expect("a move");
    preview.until("/", "gone", |answer| answer.status == 500);
    fs::create_dir_all(root.join("content")).expect("a folder");
    fs::write(root.join("content/index.md"), "# Front\n\nNew.\n").expect("a file");
    preview.until_holds("/", "New.");
    fs::write(root.join("content/index.md"), "# Front\n\nNewer.\n").expect("a file");
    preview.until_holds("/", "Newer.");
}

#[test]
fn an_output_that_is_not_read_blocks_nothing() {
    let book = book();
    let links: String = (0..100).map(|number| format!("[gone](gone-{number}.md)\n\n")).collect();
    // Its reports are not read, and a pipe holds 64 kB.
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.args(["serve", "--port", "0", "--root"]).arg(book.path()).stderr(Stdio::piped());
    let preview = Preview::started(&mut command);
    for number in 0..8 {
        book.write("content/part/one.md", format!("# One\n\nEdit {number}.\n\n{links}"));
        preview.until_holds("/part/one/", &format!("Edit {number}."));
    }
}
