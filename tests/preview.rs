//! The preview in a real browser: what an author sees while the book changes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::Tests;
use crate::support::Book;
use crate::support::browser::Browser;
use crate::support::preview::{PATIENCE, Preview};

pub const TESTS: Tests = tests![preview:
    a_patch_keeps_what_the_reader_has_done,
    a_patch_above_does_not_move_the_text,
    a_change_outside_the_window_is_scrolled_to_and_marked,
    problems_are_shown_over_the_last_good_page,
    warnings_are_counted_and_shown_on_request,
    a_stylesheet_is_replaced_and_a_script_loads_the_page_again,
    the_tab_follows_a_chapter_that_moves_and_reports_one_that_is_removed,
    a_book_with_an_error_at_the_start_is_shown_when_it_is_fixed,
    the_bar_describes_the_chapter_and_a_click_opens_the_editor,
    a_tab_connects_to_a_preview_that_was_started_again,
    a_tab_notices_a_connection_that_is_lost_on_the_way,
    a_renamed_chapter_is_read_on_at_the_same_place,
    a_block_is_named_by_its_caption_after_a_patch_too,
    patched_pages_are_the_pages_that_are_served,
];

/// A chapter that is longer than a window, with elements that have a state.
fn long(middle: &str) -> String {
    let before: String =
        (1..=30).map(|number| format!("Paragraph {number} before the middle.\n\n")).collect();
    let after: String = (1..=30).map(|number| format!("Paragraph {number} after the middle.\n\n")).collect();
    format!(
        "# Long\n\n<details><summary>More</summary>\n\nHidden text.\n\n</details>\n\n<input id=\"typed\">\n\n{before}## Middle\n\n{middle}\n\n```console\n$ echo 'a command that is longer than the window is wide, so that it scrolls by itself, which it does when it is very long indeed'\n```\n\n{after}"
    )
}

fn book() -> Book {
    Book::of(&[
        ("book.yaml", "title: A book\n"),
        ("content/index.md", "# Front\n\n[on](long.md)\n"),
        ("content/long.md", &long("The text in the middle.")),
        ("content/other.md", "# Other\n\nAnother chapter.\n"),
    ])
}

/// Marks the page; the mark is lost if the page is loaded again.
const MARK: &str = "window.untouched = true";
const UNTOUCHED: &str = "window.untouched === true";

/// Opens the page and waits until it follows the book.
fn follow(browser: &mut Browser, preview: &Preview, path: &str) {
    browser.go(&preview.url(path));
    browser.until(&format!("{BAR} && {BAR}.querySelector('.count').textContent !== ''"), "in touch");
    browser.eval(MARK);
}

const BAR: &str = "document.querySelector('bindery-bar')?.shadowRoot";

fn a_patch_keeps_what_the_reader_has_done(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/long/");
    browser.eval("document.querySelector('#typed').focus()");
    browser.types("typed by the reader");
    browser.eval("document.querySelector('.prose details').open = true");
    browser.eval("document.querySelector('pre').scrollLeft = 40");
    assert_eq!(browser.eval("document.querySelector('pre').scrollLeft"), json!(40));
    // The middle is visible, and a paragraph below it is selected.
    browser.eval("document.querySelector('#middle').scrollIntoView({ behavior: 'instant', block: 'start' })");
    browser.eval(
        "getSelection().selectAllChildren([...document.querySelectorAll('p')].find((p) => p.textContent === 'Paragraph 2 after the middle.'))",
    );
    let scroll = browser.eval("scrollY");
    assert!(scroll.as_f64() > Some(500.0), "{scroll}");
    // The position of the visible heading in the window.
    let place = "document.querySelector('#middle').getBoundingClientRect().top";
    let top = browser.eval(place);

    book.write("content/long.md", long("The text in the middle is new.\n\nAnd there is more of it."));
    browser.until("document.body.textContent.includes('And there is more of it.')", "patched");

    assert_eq!(browser.eval(UNTOUCHED), json!(true), "the page was loaded again");
    assert_eq!(browser.eval("scrollY"), scroll);
    assert_eq!(browser.eval(place), top);
    assert_eq!(browser.eval("document.querySelector('#typed').value"), "typed by the reader");
    assert_eq!(browser.eval("document.activeElement.id"), "typed");
    assert_eq!(browser.eval("document.querySelector('.prose details').open"), json!(true));
    assert_eq!(browser.eval("document.querySelector('pre').scrollLeft"), json!(40));
    assert_eq!(browser.eval("getSelection().toString().trim()"), "Paragraph 2 after the middle.");
    assert_eq!(browser.eval("document.querySelectorAll('.copy').length"), json!(1), "the copy button");
    assert_eq!(
        browser.eval("document.querySelectorAll('[id^=\"b:same\"], [id^=\"b:made\"]').length"),
        json!(0)
    );
}

fn a_patch_above_does_not_move_the_text(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/long/");
    browser.eval("document.querySelector('#middle').scrollIntoView({ behavior: 'instant', block: 'start' })");
    let place = "Math.round(document.querySelector('#middle').getBoundingClientRect().top)";
    let top = browser.eval(place);
    // One change is visible, another above it makes the page longer.
    let text = long("Changed in sight.")
        .replace("Paragraph 3 before", "Three more.\n\nTwo more.\n\nOne more.\n\nParagraph 3 before");
    book.write("content/long.md", text);
    browser.until("document.body.textContent.includes('Changed in sight.')", "patched");
    assert_eq!(browser.eval(place), top);
    assert_eq!(browser.eval(UNTOUCHED), json!(true));
}

fn a_change_outside_the_window_is_scrolled_to_and_marked(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/long/");
    let paragraph = "[...document.querySelectorAll('p')].find((p) => p.textContent.startsWith('Look here'))";
    book.write("content/long.md", long("Look here."));
    browser.until(paragraph, "patched");
    browser.until(
        &format!("{paragraph}.getBoundingClientRect().top > 0 && {paragraph}.getBoundingClientRect().bottom < innerHeight"),
        "in view",
    );
    let marked = "document.getAnimations().filter(({ id }) => id === 'bindery-changed').map(({ effect }) => effect.target.textContent)";
    assert_eq!(browser.eval(marked), json!(["Look here."]));
}

fn warnings_are_counted_and_shown_on_request(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/other/");
    let is_hidden = format!("{BAR}.querySelector('.problems').hidden");
    let count = format!("{BAR}.querySelector('.count')");
    let has = |text: &str| format!("{count}.textContent === '{text}'");

    book.write("content/long.md", long("[nowhere](nowhere.md)"));
    browser.until(&has("1 warning"), "counted");
    assert_eq!(browser.eval(&is_hidden), json!(true));
    assert_eq!(browser.eval(&format!("{count}.getAttribute('aria-expanded')")), json!("false"));
    browser.eval(&format!("{count}.click()"));
    assert_eq!(browser.eval(&is_hidden), json!(false));

    // It stays open for more of them, and goes with the last one.
    book.write("content/long.md", long("[nowhere](nowhere.md) [gone](gone.md)"));
    browser.until(&has("2 warnings"), "counted");
    assert_eq!(browser.eval(&is_hidden), json!(false));
    book.write("content/long.md", long("Fixed."));
    browser.until(&has("No problems"), "fixed");
    book.write("content/long.md", long("[nowhere](nowhere.md)"));
    browser.until(&has("1 warning"), "counted");
    assert_eq!(browser.eval(&is_hidden), json!(true));
}

fn problems_are_shown_over_the_last_good_page(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/other/");
    assert_eq!(browser.eval(&format!("{BAR}.querySelector('.problems').hidden")), json!(true));

    book.write("content/other.md", "---\norder: soon\n---\n\n# Other\n\nBroken.\n");
    browser.until(&format!("!{BAR}.querySelector('.problems').hidden"), "shown");
    assert_eq!(browser.eval(&format!("{BAR}.querySelector('.count').textContent")), "1 error");
    let item = browser.eval(&format!("{BAR}.querySelector('li').textContent"));
    let item = item.as_str().expect("a text");
    assert!(item.contains("content/other.md:2:8") && item.contains("order: soon"), "{item}");
    assert_eq!(browser.eval("document.querySelector('.prose').textContent.trim()"), "Another chapter.");

    browser.eval(&format!("{BAR}.querySelector('.fold').click()"));
    assert_eq!(browser.eval(&format!("{BAR}.querySelector('.problems').hidden")), json!(true));
    // A new warning does not open it; the bar shows the number.
    book.write("content/long.md", long("[nowhere](nowhere.md)"));
    browser.until(&format!("{BAR}.querySelector('.count').textContent === '1 error, 1 warning'"), "counted");
    assert_eq!(browser.eval(&format!("{BAR}.querySelector('.problems').hidden")), json!(true));

    book.write("content/long.md", long("Fixed."));
    book.write("content/other.md", "# Other\n\nFixed too.\n");
    browser.until(&format!("{BAR}.querySelector('.count').textContent === 'No problems'"), "fixed");
    browser.until("document.querySelector('.prose').textContent.includes('Fixed too.')", "patched");
    assert_eq!(browser.eval(UNTOUCHED), json!(true));
}

fn a_stylesheet_is_replaced_and_a_script_loads_the_page_again(browser: &mut Browser) {
    let book = book();
    book.write("book.yaml", "title: A book\ntheme: mine\n");
    book.write(
        "themes/mine/theme.yaml",
        "extends: default\nstyles: [styles/mine.css]\nscripts: [scripts/mine.js]\n",
    );
    book.write("themes/mine/assets/styles/mine.css", "body { --mine: one; }");
    book.write("themes/mine/assets/scripts/mine.js", "document.body.dataset.script = 'one';");
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/other/");
    let mine = "getComputedStyle(document.body).getPropertyValue('--mine')";
    assert_eq!(browser.eval(mine), "one");

    book.write("themes/mine/assets/styles/mine.css", "body { --mine: two; }");
    browser.until(&format!("{mine} === 'two'"), "swapped");
    browser.until("document.querySelectorAll('link[rel=stylesheet]').length === 1", "rid of the old sheet");
    assert_eq!(browser.eval(UNTOUCHED), json!(true));

    book.write("themes/mine/assets/scripts/mine.js", "document.body.dataset.script = 'two';");
    browser.until("document.body.dataset.script === 'two'", "loaded again");
}

fn the_tab_follows_a_chapter_that_moves_and_reports_one_that_is_removed(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/other/");
    book.write("content/other.md", "---\npath: /elsewhere\n---\n\n# Other\n\nAnother chapter.\n");
    browser.until("location.pathname === '/elsewhere/'", "led to the new address");
    browser.until(&format!("{BAR} && {BAR}.querySelector('.count').textContent !== ''"), "in touch");

    std::fs::create_dir(book.path().join("content/part")).expect("a folder");
    book.write("content/other.md", "# Other\n\nAnother chapter.\n");
    browser.until("location.pathname === '/other/'", "led back");
    browser.until(&format!("{BAR} && {BAR}.querySelector('.count').textContent !== ''"), "in touch");
    std::fs::rename(book.path().join("content/other.md"), book.path().join("content/part/renamed.md"))
        .expect("a move");
    browser.until("location.pathname === '/part/renamed/'", "led to the renamed file");
    browser.until(&format!("{BAR} && {BAR}.querySelector('.count').textContent !== ''"), "in touch");

    browser.eval(MARK);
    std::fs::remove_file(book.path().join("content/part/renamed.md")).expect("a file");
    browser.until(
        &format!("{BAR}.querySelector('.notice').textContent.includes('no longer in the book')"),
        "shown",
    );
    assert_eq!(preview.get("/part/renamed/").status, 404);
    assert_eq!(browser.eval("document.querySelector('h1').textContent"), "Other", "the last page stays");
    book.write("content/part/renamed.md", "# Other\n\nBack again.\n");
    browser.until("document.body.textContent.includes('Back again.')", "back");
    assert_eq!(browser.eval(&format!("{BAR}.querySelector('.notice').hidden")), json!(true));
    assert_eq!(browser.eval(UNTOUCHED), json!(true));
}

fn a_book_with_an_error_at_the_start_is_shown_when_it_is_fixed(browser: &mut Browser) {
    let book = book();
    book.write("book.yaml", "titel: A book\n");
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/other/"));
    assert!(
        browser.eval("document.body.textContent").as_str().is_some_and(|text| text.contains("book.yaml:1:1"))
    );
    book.write("book.yaml", "title: A book\n");
    browser.until("document.querySelector('h1')?.textContent === 'Other'", "shown");
}

fn the_bar_describes_the_chapter_and_a_click_opens_the_editor(browser: &mut Browser) {
    use std::os::unix::fs::PermissionsExt;
    let book = book();
    let programs = book.path().join("programs");
    let (editor, said) = (programs.join("code"), book.path().join("said"));
    std::fs::create_dir(&programs).expect("a folder");
    std::fs::write(&editor, format!("#!/bin/sh\necho \"$@\" >> '{}'\n", said.display())).expect("a script");
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).expect("a script");
    book.write("book.yaml", "title: A book\neditor: code\n");
    book.write(
        "content/other.md",
        "# Other\n\nTODO\n\n- [ ] one\n- [x] two\n\n// is it so?\n\nThe last paragraph.\n",
    );
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").expect("a path"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.args(["serve", "--port", "0", "--root"]).arg(book.path()).env("PATH", path);
    let preview = Preview::started(&mut command);
    follow(browser, &preview, "/other/");
    let bar = browser.eval(&format!("{BAR}.querySelector('.bar').innerText"));
    let bar = bar.as_str().expect("a text");
    assert!(bar.contains("1 of 2 TODOs open") && bar.contains("1 note") && bar.contains("words"), "{bar}");

    let last = "[...document.querySelectorAll('p')].find((p) => p.textContent === 'The last paragraph.')";
    browser.click(last, (2, 0));
    browser.click(last, (2, 2));
    let expected = format!("--goto {}:10\n", book.layout().root.join("content/other.md").display());
    let begun = std::time::Instant::now();
    while std::fs::read_to_string(&said).unwrap_or_default() != expected {
        assert!(begun.elapsed() < PATIENCE, "{:?}", std::fs::read_to_string(&said));
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn a_tab_connects_to_a_preview_that_was_started_again(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    let port = preview.address.port().to_string();
    follow(browser, &preview, "/other/");
    drop(preview);
    browser.until(&format!("{BAR}.querySelector('.count').textContent.includes('not running')"), "shown");
    book.write("content/other.md", "# Other\n\nWritten meanwhile.\n");
    let _preview = Preview::with(book.path(), &["--port", &port]);
    browser.until("document.body.textContent.includes('Written meanwhile.')", "in touch again");
    assert_eq!(browser.eval(UNTOUCHED), json!(true));
    assert_eq!(browser.eval(&format!("{BAR}.querySelector('.count').textContent")), "No problems");
}

/// Passes connections on to a preview. Those that are open when it is told so are passed on no more, and stay open.
struct Proxy {
    address: std::net::SocketAddr,
    /// How often connections were cut.
    cuts: Arc<AtomicUsize>,
}

impl Proxy {
    fn of(preview: &Preview) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let cuts = Arc::new(AtomicUsize::new(0));
        let (to, known) = (preview.address, Arc::clone(&cuts));
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(to) else { return };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
                    let cuts = Arc::clone(&known);
                    std::thread::spawn(move || pass_on(from, to, &cuts));
                }
            }
        });
        Proxy { address, cuts }
    }

    fn cut(&self) {
        self.cuts.fetch_add(1, Ordering::SeqCst);
    }
}

/// Passes on what comes, until connections are cut; then it is read and forgotten.
fn pass_on(mut from: TcpStream, mut to: TcpStream, cuts: &AtomicUsize) {
    let begun = cuts.load(Ordering::SeqCst);
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if cuts.load(Ordering::SeqCst) == begun && to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    if cuts.load(Ordering::SeqCst) == begun {
        let _ = to.shutdown(Shutdown::Both);
    }
}

fn a_tab_notices_a_connection_that_is_lost_on_the_way(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    let proxy = Proxy::of(&preview);
    browser.go(&format!("http://{}/other/", proxy.address));
    browser.until(&format!("{BAR} && {BAR}.querySelector('.count').textContent !== ''"), "in touch");
    browser.eval(MARK);
    proxy.cut();
    book.write("content/other.md", "# Other\n\nWritten meanwhile.\n");
    preview.until_holds("/other/", "Written meanwhile.");
    assert_eq!(browser.eval("document.body.textContent.includes('Written meanwhile.')"), json!(false));

    browser.eval("dispatchEvent(new Event('focus'))");
    browser.until("document.body.textContent.includes('Written meanwhile.')", "in touch again");
    assert_eq!(browser.eval(UNTOUCHED), json!(true));
    browser.until(&format!("{BAR}.querySelector('.count').textContent === 'No problems'"), "shown");

    // Without an event too.
    proxy.cut();
    book.write("content/other.md", "# Other\n\nWritten later.\n");
    browser.until("document.body.textContent.includes('Written later.')", "asked again");
}

fn a_renamed_chapter_is_read_on_at_the_same_place(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/long/");
    browser.eval("scrollTo({ top: 900, behavior: 'instant' })");
    let top = browser.eval("Math.round(scrollY)");
    assert_eq!(top, 900);

    let content = book.path().join("content");
    std::fs::rename(content.join("long.md"), content.join("long list.md")).expect("a move");
    browser.until("location.pathname === '/long-list/' || location.pathname === '/long%20list/'", "led on");
    browser.until("document.readyState === 'complete' && Math.round(scrollY) === 900", "at the same place");

    // A file that is renamed and back again may have its old name when the tab asks for the new one.
    for pause in [0, 20, 60, 120] {
        std::fs::rename(content.join("long list.md"), content.join("other list.md")).expect("a move");
        std::thread::sleep(Duration::from_millis(pause));
        std::fs::rename(content.join("other list.md"), content.join("long list.md")).expect("a move");
        std::thread::sleep(Duration::from_millis(300));
        browser.until("location.pathname.endsWith('/long-list/') && document.querySelector('h1').textContent !== 'Page not found'", "led back");
    }
}

fn a_block_is_named_by_its_caption_after_a_patch_too(browser: &mut Browser) {
    let book = book();
    let line = "echo 'a command that is longer than the window is wide, so that it scrolls by itself, which it does when it is very long indeed'";
    let text =
        |title: &str, line: &str| format!("# Other\n\n```console root title=\"{title}\"\n# {line}\n```\n");
    book.write("content/other.md", text("one", line));
    let preview = Preview::of(book.path());
    follow(browser, &preview, "/other/");
    let name = "document.querySelector('pre').ariaLabel";
    browser.until(&format!("{name} === 'Terminal, as root, one'"), "named by the parts of its caption");

    book.write("content/other.md", text("two", line));
    browser.until(&format!("{name} === 'Terminal, as root, two'"), "named by the new caption");

    // A line that fits needs no name, also in a block that is as high as before.
    book.write("content/other.md", text("two", "ls"));
    browser.until(&format!("{name} === null"), "without a name");
    book.write("content/other.md", text("two", line));
    browser.until(&format!("{name} === 'Terminal, as root, two'"), "with one again");
    assert_eq!(browser.eval(UNTOUCHED), json!(true));
}

/// Blocks of every kind, from which random edits make chapters.
const BLOCKS: &[&str] = &[
    "A paragraph with **strong** and `code` and ==a mark==.",
    "The same paragraph.",
    "## A heading",
    "### A heading below",
    "- one\n- `two` `three`\n- three",
    "- one\n\n  more of it\n\n- two",
    "1. first\n2. second",
    "| A | B |\n|---|--:|\n| `c` `d` | e |\n| f | g |",
    "```python title=\"x.py\" {1}\nx = 1\n\ndef f(): pass\n```",
    "```console\n$ echo one  //two\none\n$ echo two\n```",
    "```rust numbers\nfn main() {}\n\n// end\n```",
    "```bash tab=\"Ubuntu\"\napt\n```\n\n```bash tab=\"Fedora\"\ndnf\n```",
    "<details><summary>More</summary>\n\nHidden.\n\n</details>",
    "<details name=\"os\"><summary>Ubuntu</summary>\n\none\n\n</details>\n<details name=\"os\"><summary>Fedora</summary>\n\nsame\n\n</details>",
    "<div class=\"raw\">\n<p>raw</p>\n<p>more</p>\n</div>",
    "> [!NOTE]\n> An alert.",
    "A note[^n].",
    "TODO\n\n- [ ] open\n- [x] done",
    "// is it so?",
    "Term\n: what it means",
    "<!-- a comment -->",
];

/// The article as text: without what the theme's scripts have added, and with white space as it is displayed.
const SEEN: &str = r#"(() => {
  const skip = (node) => node.id === "b:live" || node.matches?.("bindery-bar, .copy, .visually-hidden");
  const made = ["tabindex", "role", "aria-label"];
  const seen = (node, pre) => {
    if (node.nodeType === Node.TEXT_NODE) return pre ? node.nodeValue : node.nodeValue.replace(/\s+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE) return `<!--${node.nodeValue}-->`;
    if (skip(node)) return "";
    const fixed = node.matches("pre, .table-scroll") ? made : [];
    const isTheirs = ({ name, value }) => !fixed.includes(name) && value !== "location";
    const attributes = [...node.attributes].filter(isTheirs);
    const words = attributes.map(({ name, value }) => `${name}=${value}`).sort().join(" ");
    const inner = [...node.childNodes].map((child) => seen(child, pre || node.matches("pre"))).join("");
    return `<${node.localName} ${words}>${inner}</${node.localName}>`;
  };
  return seen(document.querySelector(".article"), false);
})()"#;
fn patched_pages_are_the_pages_that_are_served(browser: &mut Browser) {
    let mut fresh = browser.another();
    let book = book();
    let preview = Preview::of(book.path());
    // A fixed seed, so that a failure can be repeated. The constants are those of Knuth's generator MMIX.
    let mut seed = 7_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut blocks: Vec<String> = BLOCKS.iter().map(|block| (*block).to_owned()).collect();
    let text = |blocks: &[String]| format!("# Other\n\n{}\n\n[^n]: The note.\n", blocks.join("\n\n"));
    book.write("content/other.md", text(&blocks));
    follow(browser, &preview, "/other/");
    for number in 0..30 {
        // Two edits at once, because most of the time is spent loading the page to compare with.
        for _ in 0..2 {
            let at = random(blocks.len());
            match random(5) {
                0 if blocks.len() > 8 => drop(blocks.remove(at)),
                1 => blocks.swap(at, 0),
                2 => {
                    blocks[at] =
                        blocks[at].replace("one", "more").replace("same", "other").replace("x = 1", "y = 2")
                }
                _ => blocks.insert(at, BLOCKS[random(BLOCKS.len())].to_owned()),
            }
        }
        book.write("content/other.md", text(&blocks) + &format!("\nEdit {number}.\n"));
        browser.until(&format!("document.body.textContent.includes('Edit {number}.')"), "patched");
        fresh.go(&preview.url("/other/"));
        fresh.until("document.querySelector('.copy')", "enhanced");
        let (patched, served) = (browser.eval(SEEN), fresh.eval(SEEN));
        assert_eq!(patched, served, "after edit {number} of {:#?}", blocks);
    }
    assert_eq!(browser.eval(UNTOUCHED), json!(true), "the page was loaded again");
}
