//! Books that are read without a network, in a real browser: what is kept, how a new version replaces an old one, and
//! how it all goes away. The books are below a path and under the strictest policy.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::Tests;
use crate::support::Book;
use crate::support::browser::Browser;
use crate::support::preview::{PATIENCE, Preview};
use crate::support::published::{GONE, Published, UNAVAILABLE, build};

pub const TESTS: Tests = tests![offline:
    a_book_is_read_without_a_network,
    a_new_version_replaces_the_old_one_as_a_whole,
    what_was_kept_goes_with_the_setting,
    a_server_in_trouble_takes_nothing_away,
    a_book_that_is_put_in_place_is_not_forgotten,
    what_was_removed_is_fetched_again,
    what_was_kept_goes_with_a_book_that_is_gone_for_good,
    a_large_book_is_kept_if_the_reader_agrees,
    the_preview_keeps_nothing,
];

fn book() -> Book {
    let book = Book::of(&[
        ("book.yaml", "title: A book\noffline: true\n"),
        ("content/1-one.md", "# One\n\nThe first version.\n\n![A dot](dot.svg)\n"),
        ("content/2-two.md", "# Two\n\nMore.\n"),
    ]);
    book.write("content/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>");
    book
}

const SAID: &str = "document.querySelector('.offline').textContent";
const KEPT: &str =
    "document.querySelector('.offline').textContent.includes(bindery.words.scripts.offline_kept)";
const VERSION: &str = "document.querySelector('.prose > p:not(.changed-here)').textContent.trim()";

const NOTHING_LEFT: &str = "Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then((all) => all.flat().length === 0)";

/// Waits until a promise on the page is true.
fn settle(browser: &mut Browser, promise: &str, what: &str) {
    let begun = Instant::now();
    while browser.eval(promise) != json!(true) {
        assert!(begun.elapsed() < PATIENCE, "never {what}: {promise}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Opens a page and waits until the book is kept.
fn keep(browser: &mut Browser, url: &str) {
    browser.go(url);
    browser.until(KEPT, "kept");
}

fn a_book_is_read_without_a_network(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    keep(browser, &published.url("one/"));

    // The server has nothing any more.
    fs::rename(book.path().join("public"), book.path().join("gone")).expect("it is moved");
    for page in ["two/", "", "contents/", "one/"] {
        browser.go(&published.url(page));
        browser.until("document.readyState === 'complete'", "loaded");
        assert_eq!(browser.eval("document.querySelector('.to-contents') !== null"), json!(true), "{page}");
        assert_eq!(
            browser.eval("document.styleSheets.length > 0 && getComputedStyle(document.body).margin"),
            "0px"
        );
    }
    browser.until("document.querySelector('.prose img').naturalWidth === 9", "the picture is shown");
    browser.go(&published.url("two?x=1"));
    assert_eq!(browser.eval("document.querySelector('h1').textContent + location.search"), "Two?x=1");
    browser.go(&published.url("nowhere/"));
    assert_eq!(browser.eval("document.querySelector('h1').textContent"), "Page not found");

    // Search is kept once the reader asks for it.
    fs::rename(book.path().join("gone"), book.path().join("public")).expect("it is back");
    browser.go(&published.url("one/"));
    browser.until("document.querySelector('.offline button')", "search is offered");
    browser.eval("document.querySelector('.offline button').click()");
    browser.until(&format!("{KEPT} && !document.querySelector('.offline button')"), "search is kept");
    fs::rename(book.path().join("public"), book.path().join("gone")).expect("it is moved");
    browser.go(&published.url("one/"));
    browser.eval("document.getElementById('b:search').showPopover()");
    browser.until("document.querySelector('.search .outcome').textContent", "ready");
    browser.types("more");
    browser.until("document.querySelector('.search ol a')", "found without a network");
}

fn a_new_version_replaces_the_old_one_as_a_whole(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    keep(browser, &published.url("one/"));
    browser.go(&published.url("two/"));

    book.write("content/1-one.md", "# One\n\nThe second version.\n");
    book.write("content/2-two.md", "# Two\n\nMore of it.\n");
    build(book.path());
    // As long as a file of the new version cannot be fetched, the old one stays.
    let two = book.path().join("public/two/index.html");
    let new = fs::read(&two).expect("the page");
    fs::write(&two, "half").expect("it is written");
    let update = "navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => 'updated', () => 'failed')";
    browser.eval(update);
    settle(
        browser,
        "navigator.serviceWorker.getRegistration().then(({ installing }) => !installing)",
        "it has failed",
    );
    browser.go(&published.url("one/"));
    assert_eq!(browser.eval(VERSION), "The first version.");

    fs::write(&two, new).expect("it is written");
    browser.eval(update);
    settle(
        browser,
        "navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting !== null)",
        "fetched",
    );
    assert_eq!(browser.eval(VERSION), "The first version.");
    browser.go(&published.url("one/"));
    browser.until(&format!("{VERSION} === 'The second version.'"), "the new version");
    fs::rename(book.path().join("public"), book.path().join("gone")).expect("it is moved");
    browser.go(&published.url("two/"));
    browser.until(&format!("{VERSION} === 'More of it.'"), "all of it");
    let keys = "caches.open('bindery:/some/sub/path/:offline').then((cache) => cache.keys()).then((keys) => keys.filter(({ url }) => url.includes('one%2Findex.html')).length)";
    settle(browser, &format!("{keys}.then((count) => count === 1)"), "the old page is removed");
}

fn what_was_kept_goes_with_the_setting(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    keep(browser, &published.url("one/"));
    browser.go(&published.url("one/"));
    book.write("book.yaml", "title: A book\n");
    book.write("content/1-one.md", "# One\n\nWithout.\n");
    build(book.path());
    assert!(!book.path().join("public/offline-worker.js").exists());
    browser.go(&published.url("one/"));
    browser.until(&format!("{VERSION} === 'Without.'"), "from the server");
    settle(browser, NOTHING_LEFT, "nothing is left");
}

fn what_was_kept_goes_with_a_book_that_is_gone_for_good(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    keep(browser, &published.url("one/"));
    book.write(&format!("public/{GONE}"), "");
    browser.go(&published.url("one/"));
    browser.until("document.querySelector('h1').textContent === 'Page not found'", "from the server");
    settle(browser, NOTHING_LEFT, "nothing is left");
}

fn a_server_in_trouble_takes_nothing_away(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    keep(browser, &published.url("one/"));
    book.write(&format!("public/{UNAVAILABLE}"), "");
    assert_is_kept(browser, &published);
}

/// Checks that a page asks the server for the list of files, and keeps the book whatever the server says.
fn assert_is_kept(browser: &mut Browser, published: &Published) {
    // The second visit finds what the first one has left.
    for _ in 0..2 {
        browser.go(&published.url("one/"));
        let asked =
            "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/offline.json'))";
        browser.until(asked, "asked");
    }
    assert_eq!(browser.eval(VERSION), "The first version.");
    assert_eq!(browser.eval("caches.keys().then(({ length }) => length)"), 1);
    assert_eq!(browser.eval("navigator.serviceWorker.getRegistrations().then(({ length }) => length)"), 1);
}

fn a_book_that_is_put_in_place_is_not_forgotten(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    keep(browser, &published.url("one/"));

    // First only the page for wrong addresses is there, then pages, and the list of files comes last.
    let public = book.path().join("public");
    fs::rename(&public, book.path().join("whole")).expect("it is moved");
    fs::create_dir(&public).expect("a folder");
    for file in ["404.html", "index.html"] {
        fs::copy(book.path().join("whole").join(file), public.join(file)).expect("a copy");
        assert_is_kept(browser, &published);
    }
}

fn what_was_removed_is_fetched_again(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    keep(browser, &published.url("one/"));
    assert_eq!(browser.eval("caches.delete('bindery:/some/sub/path/:offline')"), true);
    keep(browser, &published.url("one/"));
    fs::rename(book.path().join("public"), book.path().join("gone")).expect("it is moved");
    browser.go(&published.url("two/"));
    browser.until("document.querySelector('h1').textContent === 'Two'", "read without a network");
}

fn a_large_book_is_kept_if_the_reader_agrees(browser: &mut Browser) {
    let book = book();
    book.write("static/large.svg", " ".repeat(5_000_000));
    let published = Published::of(book.path());
    browser.go(&published.url("one/"));
    browser.until(&format!("{SAID}.includes('MB')"), "asked");
    assert_eq!(browser.eval("navigator.serviceWorker.getRegistrations().then(({ length }) => length)"), 0);
    browser.eval("document.querySelector('.offline button').click()");
    browser.until(KEPT, "kept");
}

fn the_preview_keeps_nothing(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/one/"));
    browser.until(
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/offline.js'))",
        "asked",
    );
    assert_eq!(browser.eval("fetch('../offline.json').then((answer) => answer.text())"), "{}");
    assert_eq!(browser.eval("navigator.serviceWorker.getRegistrations().then(({ length }) => length)"), 0);
    assert_eq!(browser.eval(SAID), "");
}
