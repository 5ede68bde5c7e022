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
    let hint = browser.eval(said);
    browser.eval("document.querySelector('.search input').value = ''");
    browser.eval(&format!("{said} = ''"));
    browser.types(query);
    let before = format!("[{hint}, bindery.words.search.loading]");
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
    assert_eq!(browser.eval("document.activeElement.className"), "section");
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
