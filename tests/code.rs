//! Code in a real browser: what is copied, and what the scripts add to blocks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bindery::read::placeholder::TYPES;
use serde_json::json;

use crate::Tests;
use crate::support::Book;
use crate::support::browser::Browser;
use crate::support::preview::Preview;

pub const TESTS: Tests = tests![code:
    commands_are_copied_and_nothing_else,
    commands_of_root_are_copied_separately,
    numbered_sessions_are_copied_like_others,
    an_empty_line_that_ends_a_block_of_python_is_copied,
    files_are_copied_whole_and_diffs_as_their_new_side,
    marks_of_callouts_are_not_copied,
    tabs_are_chosen_together_and_remembered,
    a_link_to_code_in_a_tab_chooses_it,
    neighbouring_details_of_one_name_are_tabs,
    long_code_is_folded,
    the_first_lines_of_folded_code_are_visible,
    an_invalid_value_leaves_the_default,
    values_are_filled_in_and_copied,
    values_are_the_same_in_the_whole_book,
    stored_values_cause_no_layout_shift,
    without_scripts_the_text_is_the_authors,
    types_accept_the_right_values,
    a_patch_keeps_the_buttons_right,
];

/// The labels of all copy buttons.
const NAMES: &str = "[...document.querySelectorAll('.copy')].map((button) => button.ariaLabel ?? button.textContent).join('\\n')";

fn open(browser: &mut Browser, chapter: &str) -> (Book, Preview) {
    let book = Book::of(&[("content/a.md", &format!("# A\n\n{chapter}"))]);
    let preview = Preview::of(book.path());
    browser.allow_clipboard();
    browser.go(&preview.url("/a/"));
    (book, preview)
}

/// A lock for the clipboard, which all browsers of a run share.
static CLIPBOARD: Mutex<()> = Mutex::new(());

fn clipboard() -> MutexGuard<'static, ()> {
    // A test that failed while it had the lock left nothing that others depend on.
    CLIPBOARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the button with this number copies.
fn copied(browser: &mut Browser, number: usize) -> String {
    const STATUS: &str = "document.querySelector('body > [role=status]').textContent";
    let _clipboard = clipboard();
    browser.eval("navigator.clipboard.writeText('nothing')");
    // The message of an earlier copy is shown for two seconds.
    browser.eval(&format!("{STATUS} = ''"));
    browser.eval(&format!("document.querySelectorAll('.copy')[{number}].click()"));
    browser.until(&format!("{STATUS}.startsWith('Copied')"), "confirmed");
    let text = browser.eval("navigator.clipboard.readText()");
    text.as_str().expect("a text").to_owned()
}

fn commands_are_copied_and_nothing_else(browser: &mut Browser) {
    let (_book, _preview) = open(
        browser,
        "```console\n$ git clone \\ \n    https://example.com//a.git  //the code\nCloning\ndone\n\n\
         $ cat <<'E' > \u{201c}b\u{201d}\na  \n//b\nE\n```\n",
    );
    let clone = "git clone \\\n    https://example.com//a.git";
    let heredoc = "cat <<'E' > \"b\"\na  \n//b\nE";
    assert_eq!(browser.eval(NAMES), "Copy: git clone \\ …\nCopy: cat <<'E' > \"b\" …\nCopy");
    for (number, expected) in [clone, heredoc, &format!("{clone}\n{heredoc}")].iter().enumerate() {
        assert_eq!(copied(browser, number), *expected);
    }

    // A selection contains no prompt and no button.
    let selected = browser.eval(
        "(() => { getSelection().selectAllChildren(document.querySelector('pre')); return getSelection().toString() })()",
    );
    let selected = selected.as_str().expect("a text");
    assert!(selected.starts_with("git clone") && !selected.contains("$ "), "{selected}");
}

fn commands_of_root_are_copied_separately(browser: &mut Browser) {
    let (_book, _preview) = open(
        browser,
        "```console title=\"Server\"\nroot@box:~# id\nroot@box:~# adduser sam\nsam@box:~$ whoami\nsam\n```\n",
    );
    assert_eq!(browser.eval(NAMES), "Copy: id\nCopy: adduser sam\nCopy\nCopy: whoami");
    assert_eq!(copied(browser, 2), "id\nadduser sam");
    assert_eq!(copied(browser, 3), "whoami");
}

fn numbered_sessions_are_copied_like_others(browser: &mut Browser) {
    let (_book, _preview) =
        open(browser, "```console numbers {2}\n  $ git clone \\\n  >   a //b\nout\n\nmore\n$ ls\n```\n");
    for (number, expected) in ["git clone \\\n  a", "ls", "git clone \\\n  a\nls"].iter().enumerate() {
        assert_eq!(copied(browser, number), *expected);
    }
    // The small buttons are inside the block, each beside the last line of what it copies.
    let inside = "[...document.querySelectorAll('pre .copy')].every((button) => { \
        const [own, line, pre] = [button, button.previousElementSibling, button.closest('pre')].map((element) => element.getBoundingClientRect()); \
        return own.right <= pre.right && own.left > pre.left && Math.abs(own.top - line.top) < line.height })";
    assert_eq!(browser.eval(inside), json!(true));
}

fn an_empty_line_that_ends_a_block_of_python_is_copied(browser: &mut Browser) {
    let (_book, _preview) = open(
        browser,
        "```console\n>>> def f():\n...     return 1\n...\n>>> f()\n1\n```\n\n```console\n$ cat <<E\n> a\n>\n> E\n$ ls\n```\n",
    );
    let define = "def f():\n    return 1\n";
    assert_eq!(copied(browser, 0), define);
    assert_eq!(copied(browser, 1), "f()");
    assert_eq!(copied(browser, 2), format!("{define}\nf()"));
    assert_eq!(copied(browser, 3), "cat <<E\na\n\nE");
}

fn files_are_copied_whole_and_diffs_as_their_new_side(browser: &mut Browser) {
    let (_book, _preview) = open(
        browser,
        "```python numbers {1}\na = 1\n\nb = 2  # c\n```\n\n```ini diff numbers\n [a]\n-b=1\n+b=2\n```\n\n\
         ```ini diff\n [a]\n-b=1\n\n-c=1\n d=1\n+b=2\n```\n",
    );
    assert_eq!(copied(browser, 0), "a = 1\n\nb = 2  # c");
    assert_eq!(copied(browser, 1), "[a]\nb=2");
    assert_eq!(copied(browser, 2), "[a]\n\nd=1\nb=2");
}

fn marks_of_callouts_are_not_copied(browser: &mut Browser) {
    let (_book, _preview) =
        open(browser, "```python\na = 1  # (1)\nb = 2  # two (2)\n```\n\n1. One.\n2. Two.\n");
    assert_eq!(copied(browser, 0), "a = 1\nb = 2  # two");
    let selected = browser.eval(
        "(() => { getSelection().selectAllChildren(document.querySelector('pre')); return getSelection().toString() })()",
    );
    let selected = selected.as_str().expect("a text");
    assert!(selected.starts_with("a = 1") && !selected.contains(['(', ')']), "{selected}");
}

fn tabs_are_chosen_together_and_remembered(browser: &mut Browser) {
    let set = "```sh tab=\"Ubuntu\"\napt\n```\n\n```sh tab=\"macOS\" title=\"x\"\nbrew\n```\n";
    let (book, preview) = open(browser, &format!("{set}\nText.\n\n{set}"));
    let shown =
        "[...document.querySelectorAll('.tabs figure')].map((figure) => +figure.checkVisibility()).join('')";
    let captions =
        "[...document.querySelectorAll('figcaption')].map((caption) => +caption.checkVisibility()).join('')";
    assert_eq!(browser.eval(shown), "1010");
    assert_eq!(browser.eval(captions), "0000");
    browser.eval("document.querySelector('[role=tab][aria-selected=true]').focus()");
    browser.press(("ArrowRight", 39));
    assert_eq!(browser.eval(shown), "0101");
    assert_eq!(browser.eval("document.activeElement.textContent"), "macOS");
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval(shown), "0101");

    book.write("content/a.md", format!("# A\n\nNew.\n\n{set}"));
    browser.until("document.body.textContent.includes('New.')", "patched");
    assert_eq!(browser.eval(shown), "01");
    assert_eq!(browser.eval("document.querySelectorAll('[role=tablist]').length"), json!(1));

    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.eval(shown), "11");
    assert_eq!(browser.eval(captions), "11");
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "" }));
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval(shown), "11");
    assert_eq!(browser.eval(captions), "11");
}

fn a_link_to_code_in_a_tab_chooses_it(browser: &mut Browser) {
    let set = "```sh tab=\"A\" #first\n1\n```\n\n```sh tab=\"B\" #second\n2\n```\n";
    let long = "Text.\n\n".repeat(60);
    let book = Book::of(&[
        ("content/a.md", &format!("# A\n\n{long}{set}\n{long}")),
        ("content/b.md", "# B\n\n[first](a.md#first) [second](a.md#second)\n"),
    ]);
    let preview = Preview::of(book.path());
    let is_seen = |id: &str| {
        format!(
            "(() => {{ const {{ top }} = document.querySelector('#{id}').getBoundingClientRect(); \
             return document.querySelector('#{id}').checkVisibility() && top >= 0 && top < innerHeight }})()"
        )
    };
    for id in ["second", "first"] {
        browser.go(&preview.url("/b/"));
        browser.eval(&format!("document.querySelector('main a[href$=\"#{id}\"]').click()"));
        browser.until(&format!("location.hash === '#{id}' && {}", is_seen(id)), "shown");
    }
}

/// A `<details>` of the name `os`.
fn details(summary: &str, text: &str) -> String {
    format!("<details name=\"os\"><summary>{summary}</summary>\n\n{text}\n\n</details>\n")
}

fn neighbouring_details_of_one_name_are_tabs(browser: &mut Browser) {
    let set = details("Ubuntu", "apt") + &details("macOS", "brew");
    let code = "```sh tab=\"Ubuntu\"\napt\n```\n\n```sh tab=\"macOS\"\nbrew\n```\n";
    let question = details("What is to be done if it cannot be installed?", "Ask.");
    let text = format!("{set}\n{code}\nText.\n\n{set}\nText.\n\n{question}{question}");
    let (book, preview) = open(browser, &text);
    let shown = "[...document.querySelectorAll('.prose details > p')].map((text) => +text.checkVisibility()).join('')";
    let lists = "[...document.querySelectorAll('[role=tablist]')].map((list) => list.textContent).join()";

    // Long summaries stay what they are.
    assert_eq!(browser.eval(lists), "UbuntumacOS,UbuntumacOS,UbuntumacOS");
    assert_eq!(browser.eval(shown), "101000");
    browser.eval("document.querySelectorAll('[role=tab]')[1].click()");
    assert_eq!(browser.eval(shown), "010100");
    assert_eq!(browser.eval("document.querySelectorAll('.tabs figure')[1].checkVisibility()"), json!(true));
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval(shown), "010100");
    let summaries = "[...document.querySelectorAll('summary')].filter((summary) => summary.checkVisibility() && summary.closest('.prose')).length";
    assert_eq!(browser.eval(summaries), json!(2));

    // The browser opens what it is asked to show; only this set follows.
    book.write(
        "content/a.md",
        format!(
            "# A\n\n{set}\n[go](#there)\n\n{}{}",
            details("Ubuntu", "### There"),
            details("macOS", "brew")
        ),
    );
    browser.until("document.querySelector('#there')", "patched");
    let chosen = "[...document.querySelectorAll('[role=tab][aria-selected=true]')].map((tab) => tab.textContent).join()";
    assert_eq!(browser.eval(chosen), "macOS,macOS");
    browser.eval("document.querySelector('[href=\"#there\"]').click()");
    browser.until("document.querySelector('#there').checkVisibility()", "shown");
    browser.until(&format!("{chosen} === 'macOS,Ubuntu'"), "in step");

    // A set grows in the preview, and becomes a plain `<details>` again.
    book.write("content/a.md", format!("# A\n\n{}{set}", details("Windows", "winget")));
    browser.until(&format!("{lists} === 'WindowsUbuntumacOS'"), "patched");
    assert_eq!(browser.eval(shown), "001");
    book.write("content/a.md", format!("# A\n\n{}", details("Windows", "winget")));
    browser.until(&format!("{lists} === ''"), "patched");
    assert_eq!(browser.eval(summaries), json!(1));
    assert_eq!(browser.eval("document.querySelector('details[name]').name"), "os");

    // Everything is printed, and there without scripts.
    book.write("content/a.md", format!("# A\n\n{set}"));
    browser.until(&format!("{lists} === 'UbuntumacOS'"), "patched");
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.eval(shown), "11");
    assert_eq!(browser.eval(summaries), json!(2));
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "" }));
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval(summaries), json!(2));
}

fn long_code_is_folded(browser: &mut Browser) {
    let (book, preview) = open(browser, "```text\na\nb\nc\n```\n");
    book.write("book.yaml", "code: {fold: 2}\n");
    browser.until("document.querySelector('.long')", "folded");
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval("document.querySelector('pre').checkVisibility()"), json!(false));
    assert_eq!(browser.eval("document.querySelector('summary').textContent"), "3 lines");
    browser.eval("document.querySelector('summary').click()");
    browser.until("document.querySelector('pre').checkVisibility()", "open");
    assert_eq!(copied(browser, 0), "a\nb\nc");
}

fn the_first_lines_of_folded_code_are_visible(browser: &mut Browser) {
    let lines: Vec<String> = (1..=20).map(|number| format!("$ echo {number}")).collect();
    let (_book, preview) = open(browser, &format!("```console fold\n{}\n```\n", lines.join("\n")));
    let summary = "document.querySelector('summary').innerText";
    let height = "document.querySelector('details').offsetHeight";
    let line = "parseFloat(getComputedStyle(document.querySelector('pre')).lineHeight)";
    assert_eq!(browser.eval(summary), "12 more lines");
    assert_eq!(browser.eval(&format!("{height} > 8 * {line} && {height} < 12 * {line}")), json!(true));
    assert_eq!(copied(browser, 20), (1..=20).map(|n| format!("echo {n}")).collect::<Vec<_>>().join("\n"));

    // The keyboard opens and closes it, and it is open while something in it has the focus.
    browser.eval("document.querySelector('summary').focus()");
    browser.press(ENTER);
    browser.until(&format!("{summary} === '20 lines' && {height} > 20 * {line}"), "open");
    browser.press(ENTER);
    browser.until(&format!("{height} < 12 * {line}"), "folded");
    // The block is one stop of the Tab key; the arrow keys lead to its commands.
    browser.press(("Tab", 9));
    browser.until("document.activeElement.matches('.code > .copy')", "at the button");
    browser.press(("ArrowDown", 40));
    browser.until(
        &format!("document.activeElement.matches('.command > .copy') && {height} > 20 * {line}"),
        "seen",
    );

    // Without scripts it is folded, and in print it is open.
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval(&format!("{height} < 12 * {line}")), json!(true));
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    assert_eq!(browser.eval(&format!("{height} > 20 * {line}")), json!(true));
    assert_eq!(browser.eval("document.querySelector('summary').checkVisibility()"), json!(false));
}

const PLACEHOLDERS: &str = "placeholders:\n  your-host: {label: Your server, type: ipv4, example: 203.0.113.10}\n  your-name: {label: Your name, help: As people call you.}\n  your-key: {label: Your key, secret: true}\n  user: {label: Your user, type: unix-user, match: sam, except: sam.service}\n";

const VALUES: &str = "# A\n\nLog in to <your-host>, `sam`.\n\n```console\n$ ls sam@<your-host> # sam.service\n$ git config user.name <your-name>\n$ echo \"I am <your-name>\"\n$ htpasswd users <your-key>\n```\n\n```ini\nhost = <your-host>\nname = <your-name>\n```\n";

fn fields_book() -> Book {
    Book::of(&[
        ("book.yaml", PLACEHOLDERS),
        ("content/a.md", VALUES),
        ("content/b.md", "# B\n\n`<your-host>`\n"),
    ])
}

/// Fills in a value as a reader does.
fn fill(browser: &mut Browser, name: &str, value: &str) {
    let dialog = "document.querySelector('dialog.values')";
    browser.eval(&format!("{dialog}?.close()"));
    browser.eval(&format!("document.querySelector('[data-placeholder={name}]').focus()"));
    browser.press(ENTER);
    browser
        .until(&format!("{dialog}?.open && document.activeElement.name === '{name}'"), "open at the field");
    browser.eval(&format!(
        "(() => {{ const input = document.activeElement; input.value = `{value}`; input.dispatchEvent(new Event('input', {{ bubbles: true }})) }})()"
    ));
}

const ENTER: (&str, u32) = ("Enter", 13);
const ESCAPE: (&str, u32) = ("Escape", 27);
const FIELDS: &str =
    "[...document.querySelectorAll('[data-placeholder]')].map((field) => field.textContent).join(' ')";

fn an_invalid_value_leaves_the_default(browser: &mut Browser) {
    let book = Book::of(&[
        ("book.yaml", "placeholders: {your-port: {type: port, default: '8000'}}\n"),
        ("content/a.md", "# A\n\n`<your-port>`\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/a/"));
    fill(browser, "your-port", "x");
    let error = "document.getElementById('b:error:your-port').textContent";
    assert_eq!(browser.eval(error), "This value does not fit; commands keep 8000.");
    assert_eq!(browser.eval(FIELDS), "8000");
}

const NAME: &str = "Sam O'Neil $HOME";

/// Fills in all values.
fn fill_all(browser: &mut Browser) {
    fill(browser, "your-host", "192.0.2.7");
    fill(browser, "your-name", NAME);
    fill(browser, "your-key", "abc");
    fill(browser, "user", "kim");
    browser.press(ESCAPE);
    browser.until("!document.querySelector('dialog.values').open", "closed");
}

fn values_are_filled_in_and_copied(browser: &mut Browser) {
    let book = fields_book();
    let preview = Preview::of(book.path());
    browser.allow_clipboard();
    browser.go(&preview.url("/a/"));
    let authored = browser.eval(FIELDS);
    assert_eq!(
        authored,
        "<your-host> sam <your-host> <your-name> <your-key> sam sam <your-host> <your-name> <your-name> <your-key> <your-host> <your-name>"
    );

    // An invalid value is reported, and not used in commands.
    fill(browser, "your-host", "300.1.1.1");
    let error = "document.getElementById('b:error:your-host').textContent";
    assert_eq!(browser.eval(error), "This value does not fit; commands keep <your-host>.");
    assert_eq!(browser.eval(FIELDS), authored);
    let inputs = "[...document.querySelectorAll('dialog.values input')].map((input) => input.name).join(' ')";
    assert_eq!(browser.eval(inputs), "your-host your-name your-key user");
    fill(browser, "your-host", "192.0.2.7");
    assert_eq!(browser.eval(error), "");

    fill_all(browser);
    assert_eq!(
        browser.eval(FIELDS),
        format!(
            "192.0.2.7 kim 192.0.2.7 {NAME} •••••• kim kim 192.0.2.7 {NAME} {NAME} •••••• 192.0.2.7 {NAME}"
        )
    );

    assert_eq!(copied(browser, 0), "ls kim@192.0.2.7");
    assert_eq!(copied(browser, 1), "git config user.name 'Sam O'\\''Neil $HOME'");
    assert_eq!(copied(browser, 2), "echo \"I am Sam O'Neil \"\\$\"HOME\"");
    assert_eq!(copied(browser, 3), "htpasswd users abc");

    // Code in which the value could be taken for code is not copied.
    let _clipboard = clipboard();
    browser.eval("navigator.clipboard.writeText('nothing')");
    browser.eval("document.querySelectorAll('.copy')[5].click()");
    browser.until("document.querySelector('.toast')?.textContent.includes('Your name')", "refused");
    assert_eq!(browser.eval("navigator.clipboard.readText()"), "nothing");
}

fn values_are_the_same_in_the_whole_book(browser: &mut Browser) {
    let book = fields_book();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/a/"));
    fill_all(browser);

    // In print, the author's text remains.
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    browser.until(&format!("{FIELDS}.startsWith('<your-host> sam')"), "as written");
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "" }));

    // Another page has all values except the secret.
    browser.go(&preview.url("/b/"));
    assert_eq!(browser.eval(FIELDS), "192.0.2.7");
    browser.eval("document.body.append(Object.assign(document.createElement('iframe'), { src: '../a/' }))");
    let other = "document.querySelector('iframe').contentDocument";
    browser.until(&format!("{other}.querySelector('.filled')"), "loaded");
    let secret = format!("{other}.querySelector('[data-placeholder=your-key]').textContent");
    assert_eq!(browser.eval(&secret), "<your-key>");

    // A page that is open elsewhere is updated.
    let first = format!("{other}.querySelector('[data-placeholder]').textContent");
    fill(browser, "your-host", "192.0.2.8");
    browser.until(&format!("{first} === '192.0.2.8'"), "updated");
    browser.eval("document.querySelector('dialog.values [type=button]').click()");
    assert_eq!(browser.eval(FIELDS), "<your-host>");
    browser.until(&format!("{first} === '<your-host>'"), "forgotten");
    let kept = browser.eval("JSON.stringify(localStorage)");
    assert!(!kept.to_string().contains("abc") && !kept.to_string().contains("192"), "{kept}");
}

fn stored_values_cause_no_layout_shift(browser: &mut Browser) {
    let book = fields_book();
    let lines = "Some words that fill a line or two, so that there is something below.\n\n".repeat(400);
    book.write(
        "content/c.md",
        format!("# C\n\n<your-name>, and then the text goes on.\n\n{VALUES}\n\n{lines}"),
    );
    let build = std::process::Command::new(env!("CARGO_BIN_EXE_bindery"))
        .args(["build", "-q", "--root"])
        .arg(book.path())
        .status();
    assert!(build.expect("it runs").success());
    let screen = json!({ "width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": true });
    browser.call("Emulation.setDeviceMetricsOverride", screen);
    let page = |name: &str| format!("file://{}/public/{name}/index.html", book.path().display());
    browser.go(&page("a"));
    fill(browser, "your-name", "Bartholomew Fitzgerald the Third, of somewhere far away");
    for _ in 0..3 {
        browser.go(&page("c"));
        browser.until("document.querySelector('.filled')", "filled in");
        let moved = browser.eval(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => { let moved = 0; \
             const observer = new PerformanceObserver((list) => { for (const { value } of list.getEntries()) moved += value }); \
             observer.observe({ type: 'layout-shift', buffered: true }); setTimeout(() => done(moved), 50) })))",
        );
        assert_eq!(moved, json!(0));
    }
}

fn without_scripts_the_text_is_the_authors(browser: &mut Browser) {
    let book = fields_book();
    let preview = Preview::of(book.path());
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval("document.querySelectorAll('[role=button]').length"), json!(0));
    assert_eq!(browser.eval("document.querySelector('.prose p').textContent"), "Log in to <your-host>, sam.");
}

fn types_accept_the_right_values(browser: &mut Browser) {
    for (name, fit, unfit) in [
        ("ipv4", "0.0.0.0 192.0.2.255", "1.2.3 1.2.3.4.5 1.2.3.256 1.2.3.4. a.b.c.d"),
        ("ipv6", "::1 2001:db8::a 1:2:3:4:5:6:7:8 ::", "1:2 1::2::3 1:2:3:4:5:6:7:8:9 12345::"),
        ("domain", "example.com a-b.xn--p1ai A.Example", "com a..b -a.com a_b.com a.com. 1.2.3.4"),
        ("unix-user", "sam _apt a-1", "Sam 1a a.b -a"),
        ("port", "1 80 8000 65535", "0 65536 080 80a 100000"),
        ("path", "/srv/a ~/b c", ""),
        ("email", "a@b.example", "a@b a@@b.c @b.c"),
    ] {
        let (_, form) = TYPES.iter().find(|(known, _)| *known == name).expect(name);
        for (values, expected) in [(fit, true), (unfit, false)] {
            for value in values.split_whitespace() {
                let fits = browser.eval(&format!(
                    "new RegExp('^(?:' + {} + ')$', 'u').test({})",
                    json!(form),
                    json!(value)
                ));
                assert_eq!(fits, json!(expected), "{name} {value}");
            }
        }
    }
}
fn a_patch_keeps_the_buttons_right(browser: &mut Browser) {
    let (book, _preview) = open(browser, "```console\n$ one\n$ two\nout\n```\n");
    assert_eq!(browser.eval(NAMES), "Copy: one\nCopy: two\nCopy");
    book.write("content/a.md", "# A\n\n```console\n$ one\n$ three //new\nout\n$ four\n```\n");
    browser.until("document.body.textContent.includes('three')", "patched");
    assert_eq!(browser.eval(NAMES), "Copy: one\nCopy: three\nCopy: four\nCopy");
    assert_eq!(copied(browser, 3), "one\nthree\nfour");
    book.write("content/a.md", "# A\n\n```console\n$ three\n```\n");
    browser.until("!document.body.textContent.includes('four')", "patched again");
    browser.until(&format!("{NAMES} === 'Copy: three'"), "named");
    assert_eq!(copied(browser, 0), "three");
}
