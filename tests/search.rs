//! Search in a real browser: what a reader finds, and with which keys.

use serde_json::json;

use crate::Tests;
use crate::support::Book;
use crate::support::browser::Browser;
use crate::support::preview::Preview;

pub const TESTS: Tests = tests![search:
    a_reader_finds_sections_commands_and_names,
    search_works_with_the_keyboard_and_marks_what_was_found,
    a_reader_switches_the_key_off,
    chinese_and_japanese_are_found,
    quotes_are_found_as_they_are_typed_and_as_they_are_set,
    without_scripts_search_says_what_it_needs,
    what_is_typed_at_once_stays,
    late_results_leave_the_focus_alone,
    what_search_needs_is_loaded_when_the_button_is_pointed_at,
    the_chapter_on_the_topic_comes_first,
    typing_errors_are_corrected,
    names_and_options_are_corrected_as_they_are_written,
    short_options_and_letters_are_no_beginnings_of_words,
    a_message_is_found_as_it_is_printed,
    elided_words_are_found_with_either_apostrophe,
    letters_are_found_as_they_are_written_and_as_they_are_typed,
    accents_are_found_however_they_are_encoded,
];

const ESCAPE: (&str, u32) = ("Escape", 27);
const ENTER: (&str, u32) = ("Enter", 13);
const SLASH: (&str, u32) = ("/", 191);
const DOWN: (&str, u32) = ("ArrowDown", 40);

fn book() -> Book {
    Book::of(&[
        ("book.yaml", "title: A book\nlanguage: en\nplaceholders: {your-server: 192.0.2.1}\n"),
        ("content/index.md", "# Front\n\nHow to begin.\n"),
        (
            "content/server/1-keys.md",
            "# Keys\n\nOf keys.\n\n## Make one\n\n```console\n$ ssh-keygen -t ed25519 //once\nGenerating public/private key pair.\n```\n\n\
             ## Send it\n\nIt goes to `/etc/ssh/sshd_config.d/10-keys.conf`.\n\n## Log in\n\n`ssh <your-server>`\n",
        ),
        (
            "content/server/2-code.md",
            "# Code\n\n## Read\n\n```rust\nlet text = std::fs::read(path)?;\nmy_special_func(&text);\n```\n\n## The end\n\nThe who of it.\n\n## Drawn\n\n```mermaid alt=\"Quagga\"\nflowchart LR\n  a[Zebrafish] --> b[Wombat]\n```\n",
        ),
    ])
}

/// Opens search and types a query; returns the message, and the addresses of the sections that were found.
fn search(browser: &mut Browser, query: &str) -> (String, Vec<String>) {
    let said = "document.querySelector('.search .outcome').textContent";
    browser.eval("document.getElementById('b:search').showPopover()");
    browser.until(said, "said to be open");
    // From an empty field, whatever was searched for before.
    let empty = "{ const input = document.querySelector('.search input'); input.value = ''; input.dispatchEvent(new Event('input')); input.focus() }";
    browser.eval(empty);
    browser.until(&format!("{said} === bindery.words.search.hint"), "said to be empty");
    browser.types(query);
    let before = "[bindery.words.search.hint, bindery.words.search.loading]";
    browser.until(&format!("{said} && !{before}.includes({said})"), "an outcome");
    let links = browser
        .eval("[...document.querySelectorAll('.search ol a')].map(({ pathname, hash }) => pathname + hash)");
    let links = links.as_array().expect("links").iter().map(|link| link.as_str().expect("a link").to_owned());
    (browser.eval(said).as_str().expect("text").to_owned(), links.collect())
}

fn a_reader_finds_sections_commands_and_names(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    let cases = [
        ("keys", "/server/keys/"),
        ("ssh-keygen", "/server/keys/#make-one"),
        ("generating", "/server/keys/#make-one"),
        ("/etc/ssh/sshd_config", "/server/keys/#send-it"),
        ("sshd_config", "/server/keys/#send-it"),
        ("10-keys.conf", "/server/keys/#send-it"),
        ("std::fs::read", "/server/code/#read"),
        ("Zebrafish", "/server/code/#drawn"),
        ("Quagga", "/server/code/#drawn"),
        ("fs::read(path)", "/server/code/#read"),
        ("my_special_func", "/server/code/#read"),
        ("special_func", "/server/code/#read"),
        // A placeholder is found by its name, also if the reader has filled in a value.
        ("your-server", "/server/keys/#log-in"),
        ("<your-server>", "/server/keys/#log-in"),
        ("the who of it", "/server/code/#the-end"),
    ];
    browser.go(&preview.url("/server/keys/"));
    browser.eval("localStorage.setItem('bindery:/:values', JSON.stringify({ 'your-server': '192.0.2.9' }))");
    for (query, section) in cases {
        browser.go(&preview.url("/server/keys/"));
        let (said, links) = search(browser, query);
        assert!(said.contains("result"), "{query}: {said}");
        assert!(links.iter().any(|link| link == section), "{query}: {links:?}");
    }
    browser.go(&preview.url("/"));
    // An excerpt begins and ends with a whole name, though the parts of names are words to Pagefind.
    let long = "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/zebu/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z";
    book.write("content/server/2-code.md", format!("# Code\n\nThe path {long} is long.\n"));
    browser.go(&preview.url("/"));
    search(browser, "zebu");
    let excerpt = browser.eval("document.querySelector('.search ol .section').textContent");
    assert!(excerpt.as_str().is_some_and(|text| text.contains(long)), "{excerpt}");

    let (said, links) = search(browser, "qqqq");
    assert_eq!((said.as_str(), links.len()), ("Nothing found for “qqqq”", 0));

    // An edit can be found at once.
    book.write("content/index.md", "# Front\n\nHow to qqqq.\n");
    browser.until("document.querySelector('.prose').textContent.includes('qqqq')", "the page is patched");
    browser.eval("document.getElementById('b:search').hidePopover()");
    browser.eval("document.getElementById('b:search').showPopover()");
    browser.until("document.querySelector('.search .outcome').textContent === '1 result'", "searched again");
}

fn search_works_with_the_keyboard_and_marks_what_was_found(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    let is_open = "document.getElementById('b:search').matches(':popover-open')";
    browser.press(SLASH);
    browser.until(is_open, "the key opens it");
    browser.until("document.activeElement.id === 'b:query'", "the field has the focus");
    assert_eq!(browser.eval("document.activeElement.labels[0].textContent"), "Search this book");
    browser.press(ESCAPE);
    browser.until(&format!("!({is_open})"), "Escape closes it");
    search(browser, "special");
    browser.press(DOWN);
    browser.press(DOWN);
    assert_eq!(browser.eval("document.activeElement.matches('.section')"), true);
    assert_eq!(browser.eval("document.activeElement.querySelector('mark').textContent"), "my_special_func");
    browser.press(ENTER);
    browser.until(
        "location.pathname === '/server/code/' && document.readyState === 'complete'",
        "the page comes",
    );
    browser.until("CSS.highlights.get('found')?.size > 0", "the words are marked");
    assert_eq!(browser.eval("location.hash + location.search"), "#read");
    let marked = "[...CSS.highlights.get('found')].map(String)";
    assert_eq!(browser.eval(marked), json!(["my_special_func"]));
    // Without a selection, Enter opens the first section.
    browser.go(&preview.url("/"));
    search(browser, "special");
    browser.press(ENTER);
    browser.until(
        "location.pathname + location.hash === '/server/code/#read' && CSS.highlights.get('found')?.size > 0",
        "at the section, the words marked",
    );
    // In a text field, the key types a character.
    browser.eval("document.querySelector('.prose').innerHTML += '<input id=field>'; document.getElementById('field').focus()");
    browser.press(SLASH);
    assert_eq!(browser.eval(is_open), false);
}

fn a_reader_switches_the_key_off(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    let is_open = "document.getElementById('b:search').matches(':popover-open')";
    let keys = "document.querySelector('.to-search').getAttribute('aria-keyshortcuts')";
    let switch = "document.querySelector('.search .keys input')";
    browser.go(&preview.url("/"));
    assert_eq!(browser.eval(keys), "/ Control+K Meta+K");
    search(browser, "keys");
    assert_eq!(browser.eval(&format!("{switch}.labels[0].textContent.trim()")), "Open search with /");
    assert_eq!(browser.eval(&format!("{switch}.checked")), true);
    browser.click(switch, (1, 0));
    browser.press(ESCAPE);
    for page in ["/", "/server/keys/"] {
        browser.go(&preview.url(page));
        assert_eq!(browser.eval(keys), "Control+K Meta+K");
        assert_eq!(
            browser.eval(
                "document.querySelector('.to-search kbd').checkVisibility({ visibilityProperty: true })"
            ),
            false
        );
        browser.press(SLASH);
        assert_eq!(browser.eval(is_open), false, "a slash means nothing");
    }
    // Shortcuts with a modifier key still work.
    browser.eval("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))");
    browser.until(is_open, "the other keys open it");
    let is_ready = "document.querySelector('.search .outcome').textContent";
    browser.until(&format!("{is_ready} && !{switch}.checked"), "remembered");
    browser.click(switch, (1, 0));
    browser.press(ESCAPE);
    browser.until("document.activeElement === document.body", "closed");
    browser.press(SLASH);
    browser.until(is_open, "switched on again");
}

fn chinese_and_japanese_are_found(browser: &mut Browser) {
    for (language, text, query) in [
        ("ja", "このサーバーは公開鍵で接続します。", "公開鍵"),
        ("ja", "このサーバーは公開鍵で接続します。", "サーバー"),
        ("zh", "服务器使用公钥进行身份验证。", "公钥"),
    ] {
        let book = Book::of(&[
            ("book.yaml", &format!("language: {language}\n")),
            ("content/index.md", "# Front\n"),
            ("content/a.md", &format!("# A\n\n## B\n\n{text}\n")),
        ]);
        let preview = Preview::of(book.path());
        browser.go(&preview.url("/"));
        let (said, links) = search(browser, query);
        assert!(links.contains(&"/a/#b".to_owned()), "{query}: {said} {links:?}");
    }
}
fn without_scripts_search_says_what_it_needs(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.go(&preview.url("/"));
    browser.click("document.querySelector('.to-search')", (1, 0));
    browser.until("document.querySelector('.search noscript').checkVisibility()", "it is open");
    assert_eq!(browser.eval("document.querySelector('.search input').checkVisibility()"), false);
    assert_eq!(browser.eval("document.querySelector('.search noscript a').pathname"), "/contents/");
}

/// Slows the network down: so many milliseconds for each answer, and bytes a second.
fn throttle(browser: &mut Browser, latency: u32, throughput: i32) {
    browser.call("Network.enable", json!({}));
    let conditions = json!({ "offline": false, "latency": latency, "downloadThroughput": throughput, "uploadThroughput": throughput });
    browser.call("Network.emulateNetworkConditions", conditions);
}

/// Types a text key by key.
fn type_keys(browser: &mut Browser, text: &str) {
    for key in text.chars() {
        for (kind, text) in [("keyDown", key.to_string()), ("keyUp", String::new())] {
            browser.call(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key.to_string(), "text": text }),
            );
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

const VALUE: &str = "document.querySelector('.search input').value";
const OUTCOME: &str = "document.querySelector('.search .outcome').textContent";

fn what_is_typed_at_once_stays(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    throttle(browser, 150, 400_000);
    browser.press(SLASH);
    type_keys(browser, "special func");
    assert_eq!(browser.eval(VALUE), "special func");
    // Enter before anything is loaded opens what is found later.
    browser.press(ENTER);
    browser.until("location.pathname + location.hash === '/server/code/#read'", "the section opens");

    // The words of the last search are selected when it opens again, and the next key replaces them.
    throttle(browser, 0, -1);
    browser.go(&preview.url("/"));
    search(browser, "keys");
    browser.eval("document.getElementById('b:search').hidePopover()");
    browser.eval("document.activeElement.blur()");
    browser.press(SLASH);
    browser.until(
        "document.activeElement.selectionEnd === 4 && document.activeElement.selectionStart === 0",
        "selected",
    );
    type_keys(browser, "func");
    browser.until(&format!("{OUTCOME}.startsWith('1 ')"), "searched");
    assert_eq!(browser.eval(VALUE), "func");
}

fn late_results_leave_the_focus_alone(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    search(browser, "keys");
    throttle(browser, 400, -1);
    // The reader goes to a result while those of another query are on their way.
    browser.eval("document.querySelector('.search input').select()");
    browser.types("generating");
    browser.press(DOWN);
    browser.eval("globalThis.chosen = document.activeElement");
    assert_eq!(browser.eval("chosen.closest('ol') !== null"), true);
    browser.eval("new Promise((resolve) => setTimeout(resolve, 1500))");
    assert_eq!(browser.eval("document.activeElement === chosen && chosen.isConnected"), true);
    browser.eval("document.querySelector('.search input').focus()");
    browser.until("document.querySelector('.search mark')?.textContent === 'Generating'", "then they come");
}

fn what_search_needs_is_loaded_when_the_button_is_pointed_at(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    let loaded = "performance.getEntriesByType('resource').map(({ name }) => name)";
    let is_loaded = |part: &str| format!("{loaded}.some((name) => name.includes('{part}'))");
    for part in ["results.js", "titles.json", "pagefind"] {
        assert_eq!(browser.eval(&is_loaded(part)), false, "{part}");
    }
    browser.hover("document.querySelector('.to-search')");
    for part in ["results.js", "titles.json", "pagefind.js", "wasm"] {
        browser.until(&is_loaded(part), part);
    }
}

/// A book in which the chapter on a topic is not the one that has its word most often.
fn topics() -> Book {
    let often =
        "A thread waits. The threads run; each thread has a queue. Two threads, three threads, a thread.\n\n"
            .repeat(6);
    Book::of(&[
        ("book.yaml", "title: Topics\nlanguage: en\n"),
        ("content/index.md", "# Welcome\n"),
        (
            "content/01-server.md",
            &format!("# A server\n\n{often}\n## Borrowed time\n\nIts time is `?` here.\n"),
        ),
        ("content/02-threads.md", "# Threads\n\nWhat runs at once.\n\n## Joining\n\nAt the end.\n"),
        (
            "content/03-text.md",
            "# Reading text\n\n## Parsing numbers\n\nDigits become values.\n\n## The `?` operator\n\nIt hands errors on: `?` and `?`.\n\n## Ranges with `..=`\n\nBoth ends are in.\n",
        ),
        (
            "content/04-owners.md",
            "# Borrowing\n\nA value is lent, by the borrow checker's rules.\n\n## Iterators\n\nThey lend one value after another.\n",
        ),
        (
            "content/05-let.md",
            "# Names\n\nLetters and lettuce, lets and outlets.\n\n## `let` statements\n\nThey bind a name.\n",
        ),
        ("content/06-maps.md", "# Hash maps\n\nKeys lead to values.\n"),
    ])
}

/// Where Enter leads.
const BEST: &str = "(({ pathname, hash }) => pathname + hash)(document.querySelector('.search ol .best'))";

fn the_chapter_on_the_topic_comes_first(browser: &mut Browser) {
    let book = topics();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    for (query, place) in [
        ("threads", "/threads/"),
        ("parser", "/text/#parsing-numbers"),
        ("?", "/text/#the--operator"),
        ("? operator", "/text/#the--operator"),
        ("..=", "/text/#ranges-with-"),
        ("let", "/let/#let-statements"),
        ("borrow", "/owners/"),
        ("iterator", "/owners/#iterators"),
        ("hashmap", "/maps/"),
    ] {
        let (said, links) = search(browser, query);
        assert_eq!(browser.eval(BEST), place, "{query}: {said} {links:?}");
        assert_eq!(
            browser.eval("document.querySelector('.search ol li').contains(document.querySelector('.best'))"),
            true
        );
    }
    let (said, _) = search(browser, "E0382");
    assert_eq!(said, "Nothing found for “E0382”");
}

fn typing_errors_are_corrected(browser: &mut Browser) {
    let book = topics();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    for (query, place) in [("borow", "/owners/"), ("itertors", "/owners/#iterators")] {
        let (said, _) = search(browser, query);
        assert!(said.starts_with("Showing results for “"), "{said}");
        assert_eq!(browser.eval(BEST), place, "{query}");
    }
    assert_eq!(browser.eval("document.querySelector('.search .outcome strong').textContent"), "iterators");
    // A beginning is no error, and quotes take a word as it is.
    for query in ["borr", "\"borow\""] {
        let (said, _) = search(browser, query);
        assert!(!said.contains("Showing"), "{said}");
    }
}

fn names_and_options_are_corrected_as_they_are_written(browser: &mut Browser) {
    let book = Book::of(&[
        ("book.yaml", "title: Directives\nlanguage: en\n"),
        ("content/index.md", "# Guide\n\nDirectives begin with `v-`.\n"),
        (
            "content/1-if.md",
            "# Conditions\n\n`v-if`, `v-else`, `v-if`.\n\n## `v-if` with `v-for`\n\nDo not.\n",
        ),
        ("content/2-for.md", "# Lists\n\n`v-for` and `v-bind` and `v-on`.\n"),
        ("content/3-model.md", "# Component v-model\n\nOf two ways.\n"),
        ("content/4-slice.md", "# Usage of `createSlice`\n\nA slice of it.\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    for (query, meant, place) in [
        ("v-modle", "v-model", "/model/"),
        ("createslcie", "createSlice", "/slice/"),
        ("conditoins", "conditions", "/if/"),
    ] {
        let (said, _) = search(browser, query);
        assert!(said.starts_with(&format!("Showing results for “{meant}”")), "{query}: {said}");
        assert_eq!(browser.eval(BEST), place, "{query}");
    }
    let (said, _) = search(browser, "v-mod");
    assert!(!said.contains("Showing"), "{said}");
}

fn short_options_and_letters_are_no_beginnings_of_words(browser: &mut Browser) {
    let often = "From a file of few forms, for four folders far from `f(1)`.\n\n".repeat(4);
    let book = Book::of(&[
        ("book.yaml", "title: Options\nlanguage: en\n"),
        ("content/index.md", "# Front\n"),
        ("content/1-files.md", &format!("# Files\n\n{often}The journalctl of old; you, yes.\n")),
        (
            "content/2-log.md",
            "# The log\n\n## Follow it\n\n```console\n$ journalctl -u chat -f\n```\n\nFor four fans.\n",
        ),
        ("content/3-list.md", "# Lists\n\n`ls -la` lists the last of the lamps.\n"),
    ]);
    let preview = Preview::of(book.path());
    let marks = "[...new Set([...document.querySelectorAll('.search mark')].map((mark) => mark.textContent))].join(' ')";
    browser.go(&preview.url("/"));
    for (query, place, marked) in [
        ("-f", "/log/#follow-it", "-f f"),
        ("journalctl -f", "/log/#follow-it", "-f f"),
        ("ls -la", "/list/", "ls -la"),
    ] {
        let (said, links) = search(browser, query);
        assert_eq!(browser.eval(BEST), place, "{query}: {said} {links:?}");
        assert_eq!(browser.eval(marks), marked, "{query}");
    }

    // What is nowhere in the book is not found by its first letters.
    for query in ["std::fmt", "x::y", "xylo::zeta", "-x"] {
        let (said, links) = search(browser, query);
        assert_eq!(said, format!("Nothing found for “{query}”"), "{links:?}");
    }

    // On its page, the option alone is marked.
    search(browser, "-f");
    browser.press(ENTER);
    browser.until("location.pathname === '/log/' && CSS.highlights.get('found')?.size > 0", "marked");
    assert_eq!(browser.eval("[...CSS.highlights.get('found')].map(String)"), json!(["-f"]));
}

fn a_message_is_found_as_it_is_printed(browser: &mut Browser) {
    let other =
        "The repository is fatal to parent directories, and any git user has permission to a key.\n\n"
            .repeat(4);
    let book = Book::of(&[
        ("book.yaml", "title: Errors\nlanguage: en\n"),
        ("content/index.md", "# Welcome\n"),
        ("content/git.md", &format!("# Git repositories\n\n{other}")),
        (
            "content/begin.md",
            "# To begin\n\n## Look\n\n```console\n$ git status\nfatal: not a git repository (or any of the parent directories): .git\n```\n",
        ),
        (
            "content/login.md",
            "# Log in\n\n## When it fails\n\n```console\n$ ssh ann@192.0.2.1\nann@192.0.2.1: Permission denied (publickey).\n```\n\n```text\ncannot find value `total` in this scope\n```\n",
        ),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    for (query, place) in [
        ("fatal: not a git repository (or any of the parent directories): .git", "/begin/#look"),
        ("Permission denied (publickey).", "/login/#when-it-fails"),
        ("bob@203.0.113.9: Permission denied (publickey).", "/login/#when-it-fails"),
        ("error[E0425]: cannot find value `my_sum` in this scope", "/login/#when-it-fails"),
    ] {
        let (said, links) = search(browser, query);
        assert!(!links.is_empty(), "{query}: {said}");
        assert_eq!(browser.eval(BEST), place, "{query}: {said} {links:?}");
    }
}

fn elided_words_are_found_with_either_apostrophe(browser: &mut Browser) {
    let book = Book::of(&[
        ("book.yaml", "title: Le cahier\nlanguage: fr\n"),
        ("content/index.md", "# Accueil\n\nBonjour.\n"),
        (
            "content/couleurs.md",
            "# Couleurs\n\nOn cherche l’harmonie des couleurs, puis l’installation d’Apache.\n",
        ),
        ("content/poids.md", "# Poids\n\nOn cherche l'équilibre des masses.\n"),
        ("content/vent.md", "# Le vent\n\nInstaller une voile.\n"),
        ("content/ombra.md", "# Ombra\n\nL’ombra dell’albero cade sul muro.\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    for (query, place) in [
        ("harmonie", "/couleurs/"),
        ("l’harmonie", "/couleurs/"),
        ("l'harmonie", "/couleurs/"),
        ("installation", "/couleurs/"),
        ("Apache", "/couleurs/"),
        ("équilibre", "/poids/"),
        ("l’équilibre", "/poids/"),
        ("albero", "/ombra/"),
        ("dell'albero", "/ombra/"),
    ] {
        let (said, links) = search(browser, query);
        assert_eq!(browser.eval(BEST), place, "{query}: {said} {links:?}");
    }
}

fn quotes_are_found_as_they_are_typed_and_as_they_are_set(browser: &mut Browser) {
    let book = Book::of(&[
        ("book.yaml", "language: en\ntypography: true\n"),
        ("content/1-one.md", "# One\n\nThe captain's parrot said \"aye\".\n"),
        ("content/2-two.md", "# Two\n\nOther words.\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/two/"));
    for query in ["captain's", "captain’s", "captain's parrot said \"aye\"", "parrot said “aye”"] {
        browser.go(&preview.url("/two/"));
        let (_, found) = search(browser, query);
        assert!(found.iter().any(|section| section.starts_with("/one/")), "{query}: {found:?}");
    }
}

fn letters_are_found_as_they_are_written_and_as_they_are_typed(browser: &mut Browser) {
    let book = Book::of(&[
        ("book.yaml", "title: Words\nlanguage: en\n"),
        ("content/index.md", "# Front\n"),
        (
            "content/written.md",
            "# One\n\nDie Straße, une œuvre du cœur, Bjørn, Æbler, Łódź, søen, faðir, Þór.\n",
        ),
        (
            "content/typed.md",
            "# Two\n\nDie Strasse, une oeuvre du coeur, Bjorn, Aebler, Lodz, soen, fadir, Thor.\n",
        ),
        ("content/title.md", "# Größe\n\nNothing else.\n\n## Über Ærø\n\nNothing.\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    let marks = "[...document.querySelectorAll('.search mark')].map((mark) => mark.textContent)";
    for (written, typed) in [
        ("Straße", "Strasse"),
        ("œuvre", "oeuvre"),
        ("cœur", "coeur"),
        ("Bjørn", "Bjorn"),
        ("Æbler", "Aebler"),
        ("Łódź", "Lodz"),
        ("søen", "soen"),
        ("faðir", "fadir"),
        ("Þór", "Thor"),
    ] {
        for query in [&written.to_uppercase(), typed, &format!("\"{written}\"")] {
            let (said, links) = search(browser, query);
            for address in ["/typed/", "/written/"] {
                assert!(links.iter().any(|link| link == address), "{query}: {said} {links:?}");
            }

            // The words are shown as they are on their pages.
            let shown = browser.eval(marks).to_string();
            assert!(shown.contains(written) && shown.contains(typed), "{query}: {shown}");
        }
    }

    for (query, place) in [("Grösse", "/title/"), ("grosse", "/title/"), ("aero", "/title/#über-ærø")] {
        let (said, _) = search(browser, query);
        let best = browser.eval(&format!("decodeURI({BEST})"));
        assert_eq!(best, place, "{query}: {said}");
    }
}

fn accents_are_found_however_they_are_encoded(browser: &mut Browser) {
    let book = Book::of(&[
        ("book.yaml", "title: Words\nlanguage: fr\n"),
        ("content/index.md", "# Accueil\n"),
        ("content/apart.md", "# Un\n\nL’e\u{301}te\u{301} finit, et le garc\u{327}on revient.\n"),
        ("content/whole.md", "# Deux\n\nL’été finit, et le garçon revient.\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/"));
    for query in ["été", "e\u{301}te\u{301}", "garçon", "garc\u{327}on", "garcon", "l'e\u{301}te\u{301}"] {
        let (said, links) = search(browser, query);
        for address in ["/apart/", "/whole/"] {
            assert!(links.iter().any(|link| link == address), "{query}: {said} {links:?}");
        }
    }

    // The word is marked on its page too.
    search(browser, "garçon");
    browser.click(
        "[...document.querySelectorAll('.search ol a.section')].find((a) => a.pathname === '/apart/')",
        (1, 0),
    );
    browser
        .until("location.pathname === '/apart/' && CSS.highlights.get('found')?.size === 1", "it is marked");
}
