//! What a reader does along the way, in a real browser: ticking off steps, copying with the keyboard, filling in
//! values.

use serde_json::json;

use crate::Tests;
use crate::support::Book;
use crate::support::browser::Browser;
use crate::support::preview::Preview;

pub const TESTS: Tests = tests![reading:
    ticks_stay_with_their_words,
    ticks_hold_where_nothing_can_be_stored,
    a_click_on_the_text_of_a_task_ticks_it,
    sections_are_steps,
    lists_say_what_is_done_and_read,
    a_block_is_one_stop_of_the_tab_key,
    copying_says_where_to_paste,
    the_header_counts_the_values,
    the_button_to_copy_covers_no_code,
    raw_tables_scroll_on_a_phone,
    nothing_makes_a_page_wider_than_a_phone,
    the_byline_has_one_line_on_a_phone,
    figures_fit_and_keep_their_captions,
];

const TASKS: &str =
    "# One\n\n- [ ] first\n- [ ] second\n- [x] done by the author\n\nTODO\n\n- [ ] the author's\n";

/// The boxes that a reader can tick, as `text=ticked`.
const BOXES: &str = "[...document.querySelectorAll('.prose input[type=checkbox]:enabled')].map((box) => `${box.closest('.task, .step').textContent.trim()}=${box.checked}`).join(' ')";

fn ticks_stay_with_their_words(browser: &mut Browser) {
    let book = Book::of(&[("content/1-one.md", TASKS), ("content/2-two.md", TASKS)]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/one/"));
    assert_eq!(browser.eval(BOXES), "first=false second=false");
    browser.eval("document.querySelectorAll('.task > input')[1].click()");
    assert_eq!(browser.eval(BOXES), "first=false second=true");

    // The chapter changes: the tick is with its text, also after the page is loaded again.
    book.write("content/1-one.md", TASKS.replace("- [ ] first", "- [ ] new\n- [ ] changed"));
    browser.until("document.body.textContent.includes('changed')", "patched");
    assert_eq!(browser.eval(BOXES), "new=false changed=false second=true");
    browser.go(&preview.url("/one/"));
    assert_eq!(browser.eval(BOXES), "new=false changed=false second=true");
    browser.go(&preview.url("/two/"));
    assert_eq!(browser.eval(BOXES), "first=false second=false");
}

fn ticks_hold_where_nothing_can_be_stored(browser: &mut Browser) {
    let book = Book::of(&[("content/1-one.md", TASKS)]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/one/"));
    browser.eval("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }");
    browser.eval("document.querySelectorAll('.task > input')[1].click()");
    assert_eq!(browser.eval(BOXES), "first=false second=true");
}

fn a_click_on_the_text_of_a_task_ticks_it(browser: &mut Browser) {
    let tasks = "# One\n\n- [ ] tight <b class=\"tight\">text</b> [link](#one)\n  - [ ] <b class=\"nested\">nested</b>\n\
                 \x20 - <i class=\"point\">a point</i>\n\nText.\n\n1. [ ] <b class=\"loose\">loose</b>\n\n\
                 \x20  <u class=\"after\">After.</u>\n\n2. [ ] two\n\nTODO\n\n- [ ] <s class=\"own\">own</s>\n";
    let book = Book::of(&[("content/1-one.md", tasks)]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/one/"));
    let ticked = "[...document.querySelectorAll('.prose input:checked')].map((box) => box.nextElementSibling.className).join(' ')";
    for (clicked, expected) in [
        (".tight", "tight"),
        (".nested", "tight nested"),
        (".tight", "nested"),
        // A link is followed, and what is not the text of the item does nothing.
        (".task a", "nested"),
        (".point", "nested"),
        (".after", "nested"),
        (".own", "nested"),
        (".loose", "nested loose"),
    ] {
        browser.click(&format!("document.querySelector('{clicked}')"), (1, 0));
        assert_eq!(browser.eval(ticked), expected, "after a click on {clicked}");
    }
    assert_eq!(browser.eval("location.hash"), "#one");
}

fn sections_are_steps(browser: &mut Browser) {
    let book = Book::of(&[
        ("content/1-one.md", "# One\n\n## Step 1: Begin\n\na\n\n## Step 2: End\n\n## More\n"),
        ("content/2-two.md", "---\nsteps: true\n---\n\n# Two\n\n## First\n\n### Below\n\n## Second\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/one/"));
    assert_eq!(browser.eval(BOXES), "Step 1: Begin Done=false Step 2: End Done=false");
    browser.eval("document.querySelector('.tick > input').click()");
    assert_eq!(
        browser.eval("document.querySelector('.sidebar [aria-current] .done-count').textContent"),
        "1/2"
    );
    assert_eq!(browser.eval("document.querySelector('.toc').textContent.includes('Done')"), json!(false));
    browser.go(&preview.url("/two/"));
    assert_eq!(browser.eval(BOXES), "First Done=false Second Done=false");
}

fn lists_say_what_is_done_and_read(browser: &mut Browser) {
    let book = Book::of(&[
        ("content/1-part/index.md", "# Part\n"),
        ("content/1-part/1-one.md", TASKS),
        ("content/1-part/2-two.md", "# Two\n"),
    ]);
    let preview = Preview::of(book.path());
    let height = |browser: &mut Browser, address: &str, element: &str| {
        browser.go(&preview.url(address));
        browser.eval(&format!("document.querySelector('{element}').offsetHeight"))
    };
    let before = [height(browser, "/contents/", ".chapters"), height(browser, "/", ".label")];
    browser.go(&preview.url("/part/one/"));
    browser.eval("document.querySelector('.task > input').click()");
    browser.go(&preview.url("/contents/"));
    assert_eq!(browser.eval("document.querySelector('.chapters .done-count').textContent"), "1 of 2 steps");
    browser.go(&preview.url("/part/two/"));
    browser.until("document.querySelector('.sidebar .read')", "read");
    browser.go(&preview.url("/"));
    assert_eq!(
        browser.eval("document.querySelector('.label .read-count').textContent"),
        "1 of 2 chapters read"
    );
    assert_eq!(browser.eval("document.querySelector('.part .read-count').textContent"), " · 1 of 2 read");

    // What is added moves nothing.
    let after = [height(browser, "/contents/", ".chapters"), height(browser, "/", ".label")];
    assert_eq!(after, before);
}

const SESSIONS: &str = "# A\n\n```console\n$ one <your-name>\n$ two\n```\n\n```python\nprint(1)\n```\n\n```console\nme@server:~$ three\n```\n\n## Help\n";

fn sessions() -> Book {
    Book::of(&[
        (
            "book.yaml",
            "stuck: \"#help\"\nmachines: {server: The server}\nplaceholders: {your-name: {label: Your name, type: unix-user}}\n",
        ),
        ("content/a.md", SESSIONS),
    ])
}

fn a_block_is_one_stop_of_the_tab_key(browser: &mut Browser) {
    let book = sessions();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/a/"));
    let stops = "[...document.querySelectorAll('.prose :is(a, button, [tabindex])')].filter((stop) => stop.tabIndex === 0 && stop.closest('.code')).length";
    assert_eq!(browser.eval(stops), json!(3));

    // The arrow keys lead through what is in a block, in order, and stop at its ends.
    let focused = "document.activeElement.ariaLabel ?? document.activeElement.textContent";
    browser.eval("document.querySelector('.code > .copy').focus()");
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(browser.eval(focused).as_str().unwrap_or_default().to_owned());
        browser.press(("ArrowDown", 40));
    }
    assert_eq!(
        seen,
        [
            "Copy",
            "I’m stuck",
            "<your-name>, Change: Your name",
            "Copy: one <your-name>",
            "Copy: two",
            "Copy: two"
        ]
    );
    browser.press(("ArrowUp", 38));
    assert_eq!(browser.eval(focused), "Copy: one <your-name>");
}

fn copying_says_where_to_paste(browser: &mut Browser) {
    let book = sessions();
    let preview = Preview::of(book.path());
    browser.allow_clipboard();
    browser.go(&preview.url("/a/"));
    browser.eval("Object.defineProperty(navigator.clipboard, 'writeText', { value: async () => {} }); true");
    browser.eval("document.querySelectorAll('.code > .copy')[2].click()");
    browser.until(
        "document.querySelector('.toast')?.textContent === 'Copied. Paste it here: The server'",
        "said",
    );
}

fn the_header_counts_the_values(browser: &mut Browser) {
    let book = sessions();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/a/"));
    let count = "document.querySelector('.to-values > b').textContent";
    assert_eq!(browser.eval(count), "0/1");
    assert_eq!(
        browser.eval("document.querySelector('.needs').textContent"),
        "This chapter uses your values: <your-name>"
    );
    browser.eval("document.querySelector('.to-values').click()");
    browser.until("document.activeElement.name === 'your-name'", "open");
    assert_eq!(
        browser.eval("document.getElementById('b:about:your-name').textContent"),
        "Lower-case letters, digits, - and _; begins with a letter or _"
    );
    browser.types("sam");
    browser.until(&format!("{count} === '1/1'"), "counted");
}

fn the_button_to_copy_covers_no_code(browser: &mut Browser) {
    let long = "x".repeat(200);
    let book = Book::of(&[(
        "content/a.md",
        &format!(
            "# A\n\n```console\n$ echo {long}\n```\n\n```\n{long}\n```\n\n```python title=\"a.py\"\n{long}\n```\n\n```text fold\n{long}\n```\n"
        ),
    )]);
    let preview = Preview::of(book.path());
    let covered = "[...document.querySelectorAll('.code > .copy')].filter((button) => { \
        const [own, code] = [button, button.parentElement.querySelector('pre')].map((element) => element.getBoundingClientRect()); \
        return own.left < code.right && own.right > code.left && own.top < code.bottom && own.bottom > code.top }).length";
    for width in [360, 1280] {
        browser.size(width);
        browser.go(&preview.url("/a/"));
        assert_eq!(browser.eval("document.querySelectorAll('.code > .copy').length"), json!(4));
        assert_eq!(browser.eval(covered), json!(0), "{width}");
    }
}

fn raw_tables_scroll_on_a_phone(browser: &mut Browser) {
    let row = "<tr><td>a long first cell</td><td>a long second cell</td><td>and a long third cell</td></tr>";
    let book = Book::of(&[("content/a.md", &format!("# A\n\n<table>\n{row}\n</table>\n"))]);
    let preview = Preview::of(book.path());
    browser.size(320);
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval("document.documentElement.scrollWidth"), json!(320));

    // The keyboard reaches it, and it is still a table.
    browser.until("document.querySelector('.prose table').tabIndex === 0", "focusable");
    assert_eq!(browser.eval("document.querySelector('.prose table').getAttribute('role')"), json!(null));
}

fn nothing_makes_a_page_wider_than_a_phone(browser: &mut Browser) {
    let row = "| aaaaaaaaaaaaaaaaaaaaaaaa ".repeat(12);
    let text = format!(
        "# A\n\n> [!WARNING] NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY_PRODUCTION `and_some_code_that_is_long`\n> text\n\n\
         <iframe width=\"560\" height=\"315\" title=\"video\"></iframe>\n\n\
         {row}|\n{}|\n{row}|\n\n$$\n{}\n$$\n",
        "| --- ".repeat(12),
        "a + ".repeat(80) + "b",
    );
    let book = Book::of(&[("book.yaml", "title: A book\nmath: true\n"), ("content/a.md", &text)]);
    let preview = Preview::of(book.path());
    browser.size(320);
    browser.go(&preview.url("/a/"));
    assert_eq!(browser.eval("document.documentElement.scrollWidth <= innerWidth"), json!(true));
}

fn the_byline_has_one_line_on_a_phone(browser: &mut Browser) {
    let text = "---\ndate: 2026-10-19\nupdated: 2026-11-20\n---\n\n# A\n\nText.\n";
    let book = Book::of(&[("content/a.md", text)]);
    let preview = Preview::of(book.path());
    let shown = "[...document.querySelectorAll('.byline > li')].filter((item) => item.offsetParent).map((item) => item.textContent).join(', ')";
    for (width, expected) in [
        (360, "Updated 20 November 2026, 1 minute"),
        (1280, "19 October 2026, Updated 20 November 2026, 1 minute"),
    ] {
        browser.size(width);
        browser.go(&preview.url("/a/"));
        assert_eq!(browser.eval(shown), expected);
        let tops = "new Set([...document.querySelectorAll('.byline > li')].filter((item) => item.offsetParent).map((item) => item.offsetTop)).size";
        assert_eq!(browser.eval(tops), json!(1), "{width}");
    }
}

fn figures_fit_and_keep_their_captions(browser: &mut Browser) {
    let drawing = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="800"/>"#;
    let text = "# A\n\n![A plan](plan.svg \"The plan\")\n\n![A plan](plan.svg \"Half of it\"){width=50%}\n\n![Small](plan.svg){width=80}\n";
    let book = Book::of(&[("content/a.md", text), ("content/plan.svg", drawing)]);
    let preview = Preview::of(book.path());
    let loaded = "[...document.images].every((image) => image.complete && image.naturalWidth)";
    for width in [360, 1280] {
        browser.size(width);
        browser.go(&preview.url("/a/"));
        // Images are loaded when they come near.
        browser.eval("for (const image of document.images) image.loading = 'eager'");
        browser.until(loaded, "images");

        let room = browser.eval("document.querySelector('.prose > p, .prose > figure').clientWidth");
        let widths = browser.eval("[...document.querySelectorAll('.prose img')].map((image) => image.width)");
        let room = room.as_u64().expect("a number");
        assert_eq!(widths, json!([room, room.div_ceil(2), 80]), "at {width}");
        let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(browser.eval(overflow), json!(0), "at {width}");

        let captions =
            "[...document.querySelectorAll('figure > img + figcaption')].map((caption) => caption.innerText)";
        assert_eq!(browser.eval(captions), json!(["The plan", "Half of it"]));
    }

    // On paper, a figure is not parted from its caption.
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let inside = "getComputedStyle(document.querySelector('figure')).breakInside";
    assert_eq!(browser.eval(inside), "avoid");
}
