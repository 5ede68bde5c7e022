//! The preview never stays stale: whatever happens to folders, symbolic links and the system's limits, a save is
//! served. All of this is found well before the heartbeat of the program, which is every 30 seconds.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock, mpsc};
use std::time::{Duration, Instant};

use bindery::engine::Engine;
use bindery::read::Overrides;
use bindery::serve::follow::{FollowEvent, Follower};
use bindery::serve::watch::{WatchMode, WatchOptions, Watcher};

use crate::support::Book;
use crate::support::preview::{PATIENCE, Preview};

/// Longer than the preview goes on looking by itself after a change.
const SETTLED: Duration = Duration::from_millis(700);

fn book() -> Book {
    Book::of(&[
        ("content/index.md", "# Front\n"),
        ("content/part/a.md", "# A\n"),
        ("content/part/sub/b.md", "# B\n"),
        ("content/two/c.md", "# C\n"),
    ])
}

fn settle() {
    std::thread::sleep(SETTLED);
}

/// Saves a chapter and waits until it is served.
fn assert_follows(preview: &Preview, book: &Book, file: &str, url: &str, word: &str) {
    settle();
    book.write(file, format!("# {word}\n\nSaved: {word}.\n"));
    preview.until_holds(url, &format!("Saved: {word}."));
}

#[cfg(unix)]
fn link(book: &Book, at: &str, target: &str) {
    let path = book.path().join(at);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::os::unix::fs::symlink(target, path).expect("a link");
}

/// Has a symbolic link lead to another target, in one step.
#[cfg(unix)]
fn turn(book: &Book, at: &str, target: &str) {
    link(book, "new-link", target);
    fs::rename(book.path().join("new-link"), book.path().join(at)).expect("a move");
}

#[cfg(unix)]
#[test]
fn the_target_of_a_link_is_followed_when_the_link_is_gone() {
    for (target, file, url) in [
        ("part/a.md", "content/part/a.md", "/part/a/"),
        ("part", "content/part/sub/b.md", "/part/sub/b/"),
        ("part", "content/part/a.md", "/part/a/"),
    ] {
        let book = book();
        let at = if target.contains('.') { "content/link.md" } else { "content/link" };
        link(&book, at, target);
        let preview = Preview::of(book.path());
        preview.until("/link/", "there", |answer| answer.status == 200 || target == "part");
        fs::remove_file(book.path().join(at)).expect("a link");
        assert_follows(&preview, &book, file, url, "first");
        assert_follows(&preview, &book, file, url, "second");
    }
}

#[cfg(unix)]
#[test]
fn both_targets_of_a_link_that_was_turned_are_followed() {
    let book = book();
    book.write("shared/one/x.md", "# X\n\nOf one.\n");
    book.write("shared/two/x.md", "# X\n\nOf two.\n");
    link(&book, "content/link.md", "part/a.md");
    link(&book, "content/folder", "../shared/one");
    let preview = Preview::of(book.path());
    preview.until_holds("/folder/x/", "Of one.");

    turn(&book, "content/link.md", "two/c.md");
    assert_follows(&preview, &book, "content/part/a.md", "/part/a/", "old");
    assert_follows(&preview, &book, "content/two/c.md", "/link/", "new");

    turn(&book, "content/folder", "../shared/two");
    preview.until_holds("/folder/x/", "Of two.");
    assert_follows(&preview, &book, "shared/two/x.md", "/folder/x/", "turned");
    turn(&book, "content/folder", "../shared/one");
    assert_follows(&preview, &book, "shared/one/x.md", "/folder/x/", "back");
}

#[cfg(unix)]
#[test]
fn new_folders_beside_targets_and_copied_sources_are_followed() {
    let linked = book();
    link(&linked, "content/link.md", "part/a.md");
    let copied = book();
    copied.write("book.yaml", "sources: {book: {}}\n");
    copied.write("content/part/x.py", "x = 1\n");
    copied.write("content/index.md", "# F\n\n```python file=content/part/x.py\nx = 1\n```\n");

    for book in [linked, copied] {
        let preview = Preview::of(book.path());
        preview.page("/part/a/");
        settle();
        fs::create_dir(book.path().join("content/part/new")).expect("a folder");
        assert_follows(&preview, &book, "content/part/new/n.md", "/part/new/n/", "new");
        assert_follows(&preview, &book, "content/part/new/n.md", "/part/new/n/", "newer");
    }
}

#[cfg(unix)]
#[test]
fn links_in_linked_folders_and_links_to_links_are_followed() {
    let book = book();
    book.write("shared/far/x.md", "# X\n\nFar.\n");
    book.write("shared/near/y.md", "# Y\n");
    book.write("other/x.md", "# X\n\nOther.\n");
    link(&book, "shared/near/inner", "../far");
    link(&book, "alias", "shared/near");
    link(&book, "content/folder", "../alias");
    let preview = Preview::of(book.path());
    preview.until_holds("/folder/inner/x/", "Far.");
    assert_follows(&preview, &book, "shared/far/x.md", "/folder/inner/x/", "inner");
    fs::create_dir(book.path().join("shared/far/new")).expect("a folder");
    assert_follows(&preview, &book, "shared/far/new/z.md", "/folder/inner/new/z/", "new");

    // The link in the linked folder is turned, then the one on the way to it.
    turn(&book, "shared/near/inner", "../../other");
    preview.until_holds("/folder/inner/x/", "Other.");
    assert_follows(&preview, &book, "other/x.md", "/folder/inner/x/", "turned");
    turn(&book, "alias", "other");
    assert_follows(&preview, &book, "other/x.md", "/folder/x/", "alias");

    // A folder above the target makes room for another.
    fs::rename(book.path().join("other"), book.path().join("away")).expect("a move");
    preview.until("/folder/x/", "gone", |answer| answer.status == 404);
    assert_follows(&preview, &book, "other/x.md", "/folder/x/", "replaced");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_round_are_followed_when_they_lead_somewhere() {
    let book = book();
    link(&book, "content/nowhere.md", "../missing/deep/text.md");
    link(&book, "content/round", "../loop");
    link(&book, "loop", "content/round");
    link(&book, "content/part/sub/up", "..");
    let preview = Preview::of(book.path());
    assert_follows(&preview, &book, "content/part/a.md", "/part/a/", "with loops");

    book.write("missing/deep/text.md", "# Text\n\nFound.\n");
    preview.until_holds("/nowhere/", "Found.");
    assert_follows(&preview, &book, "missing/deep/text.md", "/nowhere/", "found");
    turn(&book, "loop", "missing/deep");
    preview.until_holds("/round/text/", "Saved: found.");
    assert_follows(&preview, &book, "missing/deep/text.md", "/round/text/", "round");
}

#[test]
fn a_folder_that_is_removed_and_made_again_at_once_is_followed() {
    let book = book();
    let preview = Preview::of(book.path());
    preview.page("/part/a/");
    for round in 0..2 {
        // The system often gives the new folder the number of the old one.
        for folder in ["content", "content/part"] {
            fs::remove_dir_all(book.path().join(folder)).expect("a folder");
            book.write("content/index.md", "# Front\n");
            book.write("content/part/a.md", format!("# A\n\nMade again: {round}, {folder}.\n"));
            preview.until_holds("/part/a/", &format!("Made again: {round}, {folder}."));
            assert_follows(&preview, &book, "content/part/a.md", "/part/a/", &format!("{folder} {round}"));
        }
    }
    fs::remove_dir_all(book.path().join("content")).expect("a folder");
    preview.until("/", "broken", |answer| answer.status == 500);
    assert_follows(&preview, &book, "content/part/a.md", "/part/a/", "later");
    assert_follows(&preview, &book, "static/new/x.txt", "/new/x.txt", "new static");
    assert_follows(&preview, &book, "static/new/x.txt", "/new/x.txt", "known static");
}

/// An edition and what is made of it.
type Edition = Option<Arc<bindery::serve::preview::Preview>>;

/// Follows a book in this process. Returns what happens, and what shows the newest edition.
fn follow(book: &Book, options: WatchOptions) -> (mpsc::Receiver<FollowEvent>, impl Fn() -> Edition + use<>) {
    let watcher = Watcher::new(&book.layout(), options);
    let follower = Follower::new(book.layout(), Engine::new(Overrides::default()), watcher);
    let (previews, newest) = tokio::sync::watch::channel(None);
    let (events, happened) = mpsc::channel();
    std::thread::spawn(move || follower.follow(&OnceLock::new(), &previews, &events));
    (happened, move || newest.borrow().clone())
}

/// The texts of all chapters.
fn texts(edition: &Edition) -> String {
    let documents = edition.iter().flat_map(|preview| &preview.edition.documents);
    documents.map(|document| document.source.text.as_str()).collect()
}

/// Waits until something is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_copied_source_whose_folder_is_missing_is_found_when_it_appears() {
    let book = Book::of(&[
        ("book.yaml", "sources: {app: code/app}\n"),
        ("content/index.md", "# Front\n\n```python file=lib/x.py\nx = 1\n```\n"),
    ]);
    let (_happened, newest) = follow(&book, WatchOptions::default());
    let is_reported = |expected: &str| {
        until(expected, || {
            let Some(preview) = newest() else { return false };
            let codes = preview.edition.diagnostics.iter().map(|diagnostic| diagnostic.code.name());
            codes.collect::<Vec<_>>().join(" ") == expected
        });
        settle();
    };
    is_reported("missing-source");
    book.write("code/app/lib/x.py", "x = 2\n");
    is_reported("outdated-copy");
    fs::rename(book.path().join("code"), book.path().join("away")).expect("a move");
    is_reported("missing-source");
    book.write("code/app/lib/x.py", "x = 1\n");
    is_reported("");
}

/// A page over a connection that stays open.
#[cfg(target_os = "linux")]
fn page_over(stream: &mut std::net::TcpStream, path: &str) -> String {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it is read");
    let mut reader = BufReader::new(stream);
    let (mut length, mut line) = (0, String::new());
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).expect("a header");
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().expect("a number");
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    String::from_utf8(body).expect("UTF-8")
}

#[cfg(target_os = "linux")]
#[test]
fn a_look_that_fails_for_want_of_open_files_is_repeated() {
    let book = book();
    let mut preview = Preview::of(book.path());
    preview.page("/part/a/");
    let mut tab = preview.connect();
    settle();

    // What is open stays open, and nothing more can be opened.
    let process = preview.id().try_into().expect("the number of a process");
    let (mut soft, mut hard) = (0, 0);
    let limit = rlimit::Resource::NOFILE;
    rlimit::prlimit(process, limit, None, Some((&mut soft, &mut hard))).expect("its limits");
    rlimit::prlimit(process, limit, Some((3, hard)), None).expect("a limit");
    book.write("content/part/a.md", "# A\n\nSaved.\n");
    book.write("content/new/n.md", "# New\n\nFirst.\n");
    preview.until_says("too many files are open");
    std::thread::sleep(Duration::from_secs(1));
    let page = page_over(&mut tab, "/part/a/");
    assert!(page.contains("<h1") && !page.contains("Saved."), "the last edition: {page}");
    assert!(page_over(&mut tab, "/part/sub/b/").contains("<h1"), "all of it");

    rlimit::prlimit(process, limit, Some((soft, hard)), None).expect("a limit");
    preview.until_says("the book can be read again");
    preview.until_holds("/part/a/", "Saved.");
    preview.until_holds("/new/n/", "First.");
    assert_follows(&preview, &book, "content/new/n.md", "/new/n/", "second");
}

#[cfg(target_os = "linux")]
#[test]
fn without_watches_left_all_files_are_looked_at() {
    // Limits of a user namespace of its own. Not every system lets a test make one.
    const LIMIT: &str = "echo 4 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";
    let namespace = |program: &str| {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "sh", "-c", LIMIT, program]).stderr(Stdio::null());
        command
    };
    if !namespace("true").status().is_ok_and(|status| status.success()) {
        return;
    }

    let book = book();
    let mut command = namespace(env!("CARGO_BIN_EXE_bindery"));
    command.args(["serve", "--port", "0", "--root"]).arg(book.path());
    let mut preview = Preview::started(&mut command);
    preview.until_says("looking at all files twice a second, since the system watches no more folders");
    assert_follows(&preview, &book, "content/part/sub/b.md", "/part/sub/b/", "polled");
    assert_follows(&preview, &book, "content/new/n.md", "/new/n/", "new");
}

#[test]
fn what_the_system_does_not_report_is_found_by_the_heartbeat() {
    let book = book();
    let options = WatchOptions { mode: WatchMode::Silent, heartbeat: Duration::from_millis(300) };
    let (happened, newest) = follow(&book, options);
    until("read", || texts(&newest()).contains("# C"));
    settle();
    book.write("content/two/c.md", "# C\n\nNot reported.\n");
    until("found", || texts(&newest()).contains("Not reported."));
    let mut messages = happened.iter().filter_map(|event| match event {
        FollowEvent::Watching(text) => Some(text),
        FollowEvent::Edition => None,
    });
    assert!(messages.next().expect("a message").contains("`--poll`"));

    book.write("content/new/n.md", "# A new chapter\n");
    until("found", || texts(&newest()).contains("# A new chapter"));
    fs::remove_file(book.path().join("content/two/c.md")).expect("a file");
    until("gone", || !texts(&newest()).contains("Not reported."));
    fs::rename(book.path().join("content/part"), book.path().join("content/moved")).expect("a move");
    book.write("content/moved/a.md", "# A\n\nMoved.\n");
    until("found", || texts(&newest()).contains("Moved."));
}

#[test]
fn a_change_that_is_reported_is_not_said_to_be_missed() {
    let book = book();
    let options = WatchOptions { heartbeat: Duration::from_millis(5), ..WatchOptions::default() };
    let (happened, newest) = follow(&book, options);
    // A folder is watched after it was found, and before there is an edition.
    until("read", || texts(&newest()).contains("# C"));
    for number in 0..40 {
        book.write("content/two/c.md", format!("# C\n\nEdit {number}.\n"));
        until("followed", || texts(&newest()).contains(&format!("Edit {number}.")));
    }
    let messages: Vec<_> =
        happened.try_iter().filter(|event| !matches!(event, FollowEvent::Edition)).collect();
    assert!(messages.is_empty(), "{messages:?}");
}

#[test]
fn a_scan_finds_every_difference_and_nothing_else() {
    let book = book();
    book.write("static/x.bin", [0, 1, 2]);
    let old = |path: &Path| {
        let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
        fs::File::options()
            .append(true)
            .open(path)
            .and_then(|file| file.set_modified(hour_ago))
            .expect("a time");
    };
    for file in ["content/index.md", "content/part/a.md", "content/part/sub/b.md", "content/two/c.md"] {
        old(&book.path().join(file));
    }
    let layout = book.layout();
    assert!(!book.snapshot().is_current(&layout), "a file that was just written may change in the same tick");
    old(&book.path().join("static/x.bin"));
    assert!(book.snapshot().is_current(&layout));

    let snapshot = book.snapshot();
    let steps: [&dyn Fn(); 5] = [
        &|| book.write("content/two/c.md", "# D\n"),
        &|| book.write("content/two/d.md", "# D\n"),
        &|| fs::remove_file(book.path().join("content/two/d.md")).expect("a file"),
        &|| book.write("book.yaml", "title: T\n"),
        &|| fs::rename(book.path().join("content/two"), book.path().join("content/three")).expect("a move"),
    ];
    for step in steps {
        step();
        assert!(!snapshot.is_current(&layout));
    }
}
