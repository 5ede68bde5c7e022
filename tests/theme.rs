//! The built-in theme in a real browser: what its scripts add to a page, which is complete without them.

use serde_json::json;

use crate::Tests;
use crate::support::browser::Browser;
use crate::support::preview::Preview;
use crate::support::published::{Published, build};
use crate::support::{Book, archive, cases};

pub const TESTS: Tests = tests![theme:
    the_reader_chooses_colours_for_the_whole_book,
    typography_follows_the_script_of_the_language,
    a_patch_keeps_the_colours,
    what_needs_scripts_is_hidden_without_them,
    the_pages_contents_follow_the_scroll,
    read_chapters_are_marked_and_the_front_page_links_to_the_next,
    footnotes_are_shown_at_their_references,
    images_that_are_shown_smaller_can_be_enlarged,
    terms_show_their_definitions,
    screen_readers_get_the_definition_with_the_term,
    a_book_is_read_from_disk,
    redirects_lead_to_the_page_served_and_on_disk,
    other_parts_open_in_the_sidebar_and_stay_open,
    a_chapter_prints_as_pages_of_a_book,
    what_has_changed_since_it_was_read_is_marked,
    keys_lead_to_the_neighbours_if_the_reader_wants_that,
    the_published_stylesheet_does_what_was_written,
    raw_html_leaves_the_page_around_it_alone,
];

fn book() -> Book {
    Book::of(&[
        ("book.yaml", "title: A book\ncode: {light: GitHub, dark: Dracula}\n"),
        ("content/1-one.md", "# One\n\nThe first chapter.\n"),
        ("content/2-two.md", "# Two\n\nThe second chapter.\n"),
    ])
}

const TAB: (&str, u32) = ("Tab", 9);
const ENTER: (&str, u32) = ("Enter", 13);
const ESCAPE: (&str, u32) = ("Escape", 27);

const PAPER: &str = "getComputedStyle(document.documentElement).backgroundColor";
const CODE: &str = "getComputedStyle(document.documentElement).getPropertyValue('--code-paper')";

fn choose(browser: &mut Browser, colours: &str) {
    browser.eval(&format!(
        "(() => {{ const choice = document.querySelector('.colours select'); choice.value = '{colours}'; choice.dispatchEvent(new Event('change', {{ bubbles: true }})) }})()"
    ));
}

fn the_reader_chooses_colours_for_the_whole_book(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.prefers("prefers-color-scheme", "light");
    browser.go(&preview.url("/one/"));
    let (light, light_code) = (browser.eval(PAPER), browser.eval(CODE));
    browser.prefers("prefers-color-scheme", "dark");
    let (dark, dark_code) = (browser.eval(PAPER), browser.eval(CODE));
    assert_ne!(light, dark);
    assert_ne!(light_code, dark_code);

    choose(browser, "light");
    assert_eq!((browser.eval(PAPER), browser.eval(CODE)), (light.clone(), light_code.clone()));
    // The next page applies the choice before it requests the stylesheet.
    browser.go(&preview.url("/two/"));
    assert_eq!((browser.eval(PAPER), browser.eval(CODE)), (light, light_code));
    assert_eq!(browser.eval("document.querySelector('.colours select').value"), "light");
    let order = "[...document.head.querySelectorAll('script:not([type], [defer]), [rel=stylesheet]')].slice(0, 2).map(({ localName }) => localName)";
    assert_eq!(browser.eval(order), json!(["script", "link"]));

    browser.prefers("prefers-color-scheme", "light");
    choose(browser, "dark");
    assert_eq!((browser.eval(PAPER), browser.eval(CODE)), (dark, dark_code));
    choose(browser, "system");
    browser.go(&preview.url("/one/"));
    assert_eq!(browser.eval("document.documentElement.dataset.theme ?? ''"), "");
    let name = browser.eval("document.querySelector('.colours select').labels[0].textContent.trim()");
    assert!(name.as_str().is_some_and(|name| name.starts_with("Colours")), "{name}");
}

fn typography_follows_the_script_of_the_language(browser: &mut Browser) {
    let set = "(({ fontStyle, fontWeight }, { letterSpacing }) => [fontStyle, fontWeight, parseFloat(letterSpacing) < 0])(getComputedStyle(document.querySelector('em')), getComputedStyle(document.querySelector('h1')))";
    for (language, expected) in [
        ("en", json!(["italic", "400", true])),
        ("ja", json!(["normal", "600", false])),
        ("ar", json!(["normal", "600", false])),
    ] {
        let book = Book::of(&[
            ("book.yaml", &format!("language: {language}\n")),
            ("content/a.md", "# A\n\n*So*.\n"),
        ]);
        let preview = Preview::of(book.path());
        browser.go(&preview.url("/a/"));
        assert_eq!(browser.eval(set), expected, "{language}");
    }
}

fn a_patch_keeps_the_colours(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/one/"));
    choose(browser, "dark");
    book.write("content/1-one.md", "# One\n\nIt is new.\n");
    browser.until("document.body.textContent.includes('It is new.')", "patched");
    assert_eq!(browser.eval("document.documentElement.dataset.theme"), "dark");
    assert_eq!(browser.eval("document.querySelector('.colours select').value"), "dark");
}

fn what_needs_scripts_is_hidden_without_them(browser: &mut Browser) {
    let book = book();
    let preview = Preview::of(book.path());
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.go(&preview.url("/one/"));
    assert_eq!(browser.eval("document.querySelector('.colours').checkVisibility()"), json!(false));
    assert_eq!(browser.eval("document.querySelector('.to-contents').checkVisibility()"), json!(true));
}

/// A section with this number of paragraphs.
fn section(title: &str, paragraphs: usize) -> String {
    format!("## {title}\n\n{}", "A paragraph of the section.\n\n".repeat(paragraphs))
}

fn the_pages_contents_follow_the_scroll(browser: &mut Browser) {
    let long = |first: &str| {
        let sections = [section(first, 30), section("Second", 30), section("Third", 1), section("Fourth", 1)];
        format!("# Long\n\n{}{}", "Before.\n\n".repeat(20), sections.concat())
    };
    let book = Book::of(&[("content/long.md", &long("First"))]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/long/"));
    let current =
        "[...document.querySelectorAll('.toc [aria-current=location]')].map(({ hash }) => hash).join()";
    let is = |hash: &str| format!("{current} === '{hash}'");
    assert_eq!(browser.eval(current), "", "above the first heading");
    browser.eval("document.querySelector('#second').scrollIntoView()");
    browser.until(&is("#second"), "at the second section");
    browser.eval("scrollBy(0, -innerHeight)");
    browser.until(&is("#first"), "back at the end of the first");
    // The last two sections are visible together.
    browser.eval("scrollTo(0, document.documentElement.scrollHeight)");
    browser.until(&is("#fourth"), "at the end");
    browser.eval("location.hash = '#third'");
    browser.until(&is("#third"), "where the reader went");

    browser.eval("scrollTo(0, 0)");
    browser.until(&is(""), "at the top");
    book.write("content/long.md", long("Start"));
    browser.until("document.querySelector('#start')", "patched");
    browser.eval("document.querySelector('#start').scrollIntoView()");
    browser.until(&is("#start"), "at a heading that is new");
}

fn read_chapters_are_marked_and_the_front_page_links_to_the_next(browser: &mut Browser) {
    let book = Book::of(&[
        ("content/index.md", "# Front\n"),
        ("content/1-one.md", &format!("# One\n\n{}", section("First", 40))),
        ("content/2-two.md", &format!("# Two, *longer*\n\n{}{}", section("Early", 40), section("Late", 40))),
        ("content/3-three.md", "# Three\n"),
    ]);
    let preview = Preview::of(book.path());
    let go_on = "document.querySelector('.go-on')";
    let marks = "[...document.querySelectorAll('a:has(> .read)')].map((link) => link.pathname)";
    browser.go(&preview.url("/"));
    assert_eq!(browser.eval(&format!("{go_on} === null")), json!(true));
    let height = browser.eval("document.querySelector('.start').offsetHeight");

    // If the reader left in the middle, the link leads back to the section.
    browser.go(&preview.url("/two/"));
    browser.eval("document.querySelector('#late').scrollIntoView()");
    browser.until("document.querySelector('.toc [aria-current]')?.hash === '#late'", "at the second section");
    browser.go(&preview.url("/"));
    assert_eq!(browser.eval(&format!("{go_on}.textContent")), "Continue: Two, longer");
    assert_eq!(browser.eval(&format!("{go_on}.href")), preview.url("/two/#late"));
    assert_eq!(browser.eval("document.querySelector('.start').offsetHeight"), height, "nothing has moved");
    assert_eq!(browser.eval(marks), json!([]));

    // If the chapter was read to its end, the link leads to the next.
    browser.go(&preview.url("/one/"));
    browser.eval("scrollTo(0, document.documentElement.scrollHeight)");
    browser.until(&format!("{marks}.join() === '/one/'"), "marked in the sidebar");
    assert_eq!(browser.eval("document.querySelector('.read').ariaLabel"), "read");
    book.write("content/1-one.md", "# One\n\nIt is new.\n");
    browser.until("document.body.textContent.includes('It is new.')", "patched");
    assert_eq!(browser.eval(marks), json!(["/one/"]));
    for list in ["/", "/contents/"] {
        browser.go(&preview.url(list));
        assert_eq!(browser.eval("document.querySelectorAll('.chapters .read').length"), json!(1), "{list}");
    }
    browser.go(&preview.url("/"));
    assert_eq!(browser.eval(&format!("{go_on}.textContent")), "Continue: Two, longer");
    // The stored value can be invalid.
    browser.eval("localStorage.setItem('bindery:/:reading', '[broken')");
    browser.go(&preview.url("/"));
    assert_eq!(browser.eval(&format!("{go_on} === null")), json!(true));
}

fn footnotes_are_shown_at_their_references(browser: &mut Browser) {
    let text = |note: &str| {
        format!(
            "# Notes\n\nOne[^one], and another[^two].\n\n[^one]: {note} [leads on](#notes).\n[^two]: Two.\n"
        )
    };
    let book = Book::of(&[("content/notes.md", &text("The first"))]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/notes/"));
    let shown = "[...document.querySelectorAll('.footnote-here:popover-open')].map((note) => note.textContent.trim())";
    let reference = |number| format!("document.querySelectorAll('.footnote-ref a')[{number}]");
    assert_eq!(browser.eval(shown), json!([]));

    // With a mouse: the pointer may move into the note.
    browser.hover(&reference(0));
    browser.until(&format!("{shown}[0] === 'The first leads on.'"), "shown at the pointer");
    browser.hover("document.querySelector('.footnote-here a')");
    browser.hover("document.querySelector('.footer')");
    browser.until(&format!("{shown}.length === 0"), "gone with the pointer");
    browser.click(&reference(1), (1, 0));
    assert_eq!(browser.eval("location.hash"), "#fn:2", "the list is a click away");

    // With the keyboard: the note describes its reference, and follows it in the focus order.
    browser.go(&preview.url("/notes/#"));
    browser.eval(&format!("{}.focus({{ focusVisible: true }})", reference(0)));
    browser.until(&format!("{shown}[0] === 'The first leads on.'"), "shown at the focus");
    assert_eq!(browser.eval(&format!("{}.getAttribute('aria-describedby')", reference(0))), "b:footnote");
    assert_eq!(browser.eval("document.querySelectorAll('[id=\"fn:1\"]').length"), json!(1));
    browser.press(TAB);
    assert_eq!(browser.eval("document.activeElement.textContent"), "leads on");
    browser.press(TAB);
    browser.until(&format!("{shown}[0] === 'Two.'"), "on the next");
    browser.press(ESCAPE);
    browser.until(&format!("{shown}.length === 0"), "closed");
    assert_eq!(browser.eval("document.querySelectorAll('[aria-describedby]').length"), json!(0));

    // With touch, after the book has changed.
    book.write("content/notes.md", text("The new first"));
    browser.until("document.querySelector('.footnotes').textContent.includes('new')", "patched");
    let hash = browser.eval("location.hash");
    browser.tap(&reference(0));
    browser.until(&format!("{shown}[0] === 'The new first leads on.'"), "shown at a tap");
    assert_eq!(browser.eval("location.hash"), hash);
    browser.tap("document.querySelector('h1')");
    browser.until(&format!("{shown}.length === 0"), "closed by a tap elsewhere");
}

fn images_that_are_shown_smaller_can_be_enlarged(browser: &mut Browser) {
    let drawing = |width: u32| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='100'><rect width='{width}' height='100'/></svg>"
        )
    };
    let text = "# Images\n\n![Large](large.svg) [![Linked](large.svg)](large.svg) ![](large.svg) ![Small](small.svg)\n";
    let book = Book::of(&[
        ("content/images.md", text),
        ("content/large.svg", &drawing(2000)),
        ("content/small.svg", &drawing(20)),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/images/"));
    let buttons =
        "[...document.querySelectorAll('.prose img[role=button]')].map(({ ariaLabel }) => ariaLabel)";
    browser.until(&format!("{buttons}.length > 0"), "marked");
    assert_eq!(browser.eval(buttons), json!(["Enlarge: Large"]));
    let image = "document.querySelector('.prose img[role=button]')";
    let open = "document.querySelector('dialog.enlarged:modal')";

    browser.eval(&format!("{image}.focus()"));
    browser.press(ENTER);
    browser.until(open, "opened by the keyboard");
    assert_eq!(
        browser.eval(&format!("[{open}.ariaLabel, document.activeElement.textContent]")),
        json!(["Large", "Close"])
    );
    browser.until(&format!("{open}.querySelector('img').clientWidth > {image}.clientWidth"), "larger");
    browser.press(ESCAPE);
    browser.until(&format!("!{open}"), "closed");
    assert_eq!(browser.eval(&format!("document.activeElement === {image}")), json!(true));

    book.write("content/images.md", text.replace("![Large]", "New. ![Larger]"));
    browser.until("document.body.textContent.includes('New.')", "patched");
    browser.until(&format!("{buttons}.join() === 'Enlarge: Larger'"), "with the new name");
    browser.click(image, (1, 0));
    browser.until(open, "opened by a click");
    browser.click(&format!("{open}.querySelector('img')"), (1, 0));
    browser.until(&format!("!{open}"), "closed by a click");
}

fn glossary() -> Book {
    Book::of(&[
        (
            "content/words.md",
            "---\ntitle: Words\nglossary: true\n---\nproxy\n: Passes *requests* on.\n\nport\n: A number.\n",
        ),
        ("content/a.md", "# A\n\nA proxy listens at a port, and a proxy answers.\n"),
    ])
}

fn terms_show_their_definitions(browser: &mut Browser) {
    let book = glossary();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/a/"));
    let shown = "[...document.querySelectorAll('.footnote-here:popover-open')].map((note) => note.textContent.trim())";
    let term = |number| format!("document.querySelectorAll('a.term')[{number}]");
    assert_eq!(browser.eval("document.querySelectorAll('a.term').length"), json!(2));

    // With a mouse: the pointer may move into the definition, and Escape closes it.
    browser.hover(&term(0));
    browser.until(&format!("{shown}[0] === 'Passes requests on.'"), "shown at the pointer");
    browser.hover("document.querySelector('.footnote-here')");
    browser.hover("document.querySelector('.footer')");
    browser.until(&format!("{shown}.length === 0"), "gone with the pointer");
    browser.hover(&term(1));
    browser.until(&format!("{shown}[0] === 'A number.'"), "the other");
    browser.press(ESCAPE);
    browser.until(&format!("{shown}.length === 0"), "closed");

    // With the keyboard: one definition at a time, and Enter opens the glossary.
    browser.eval(&format!("{}.focus({{ focusVisible: true }})", term(0)));
    browser.until(&format!("{shown}[0] === 'Passes requests on.'"), "shown at the focus");
    browser.press(TAB);
    browser.until(&format!("{shown}.join() === 'A number.'"), "the next alone");
    assert_eq!(browser.eval(&format!("document.activeElement === {}", term(1))), json!(true));
    browser.press(ESCAPE);
    browser.until(&format!("{shown}.length === 0"), "closed");
    assert_eq!(
        browser.eval(&format!("document.activeElement === {}", term(1))),
        json!(true),
        "the focus stays"
    );
    assert_eq!(browser.eval(&format!("{}.getAttribute('aria-describedby')", term(1))), "d:term-port");
    browser.press(ENTER);
    browser.until("document.querySelector('h1')?.textContent === 'Words'", "in the glossary");
    assert_eq!(browser.eval("location.hash"), "#term-port");
}

fn screen_readers_get_the_definition_with_the_term(browser: &mut Browser) {
    let book = glossary();
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/a/"));

    browser.call("Accessibility.enable", json!({}));
    let tree = browser.call("Accessibility.getFullAXTree", json!({}));
    let nodes = tree["nodes"].as_array().expect("nodes");
    let link = nodes.iter().find(|node| node["role"]["value"] == "link" && node["name"]["value"] == "proxy");
    assert_eq!(link.expect("a link")["description"]["value"], "Passes requests on.");

    // It is not read anywhere else.
    let is_read =
        |node: &&serde_json::Value| node["name"]["value"] == "requests" && node["ignored"] == json!(false);
    assert_eq!(nodes.iter().filter(is_read).count(), 0);
}

fn a_book_is_read_from_disk(browser: &mut Browser) {
    let book = book();
    book.write("book.yaml", "placeholders: {your-name: sam}\n");
    book.write("content/1-one.md", "# One\n\n`<your-name>`\n");
    build(book.path());
    let page = |address: &str| format!("file://{}/public/{address}", book.path().display());
    browser.go(&page("one/index.html"));
    browser.until("document.querySelector('.sidebar .read')", "the script runs");
    browser.eval("document.querySelector('.pager [rel=next]').click()");
    browser.until("document.querySelector('h1')?.textContent === 'Two'", "at the next chapter");
    assert_eq!(browser.eval("location.href"), page("two/index.html"));
    browser.eval("document.querySelector('.brand').click()");
    browser.until("document.querySelector('.go-on')", "at the front page, which knows");

    // Values can be filled in here too.
    browser.go(&page("one/index.html"));
    browser.eval("document.querySelector('[data-placeholder=your-name]').click()");
    browser.until("document.activeElement.name === 'your-name'", "the panel is open");
    browser.types("Sam");
    browser.until("document.querySelector('.filled')?.textContent === 'Sam'", "filled in");

    // Search cannot be loaded, and shows why.
    browser.eval("addEventListener('unhandledrejection', () => (window.hasThrown = true))");
    browser.eval("document.querySelector('dialog').close()");
    browser.eval("document.getElementById('b:search').showPopover()");
    browser.until(
        "document.querySelector('.search .outcome').textContent.includes('Search needs a server')",
        "said to need a server",
    );
    assert_eq!(browser.eval("Boolean(window.hasThrown)"), false);
}

fn redirects_lead_to_the_page_served_and_on_disk(browser: &mut Browser) {
    let book =
        Book::of(&[("content/new.md", "---\naliases: [/old/deep/, /gone.html]\n---\n# New\n\n## Part\n")]);
    build(book.path());
    let on_disk = |address: &str| format!("file://{}/public/{address}", book.path().display());
    let at = |url: &str| {
        format!("location.href === '{url}' && document.querySelector('h1')?.textContent === 'New'")
    };
    for old in ["old/deep/index.html", "gone.html"] {
        browser.go(&on_disk(old));
        browser.until(&at(&on_disk("new/index.html")), "at the page, not at its folder");
    }
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/old/deep/#part"));
    browser.until(&at(&preview.url("/new/#part")), "at the section");
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    for old in ["/old/deep/", "/gone.html"] {
        browser.go(&preview.url(old));
        browser.until(&at(&preview.url("/new/")), "without a script");
    }
}

fn other_parts_open_in_the_sidebar_and_stay_open(browser: &mut Browser) {
    let book = Book::of(&[
        ("book.yaml", "base_url: https://example.com/deep/book/\n"),
        ("content/1-here/index.md", "# Here\n"),
        ("content/1-here/a.md", "# A\n"),
        ("content/2-there/index.md", "# There\n"),
        ("content/2-there/b.md", "---\ndescription: About B.\n---\n# B\n"),
        ("content/3-alone/index.md", "# Alone\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/deep/book/here/a/"));
    let button = "document.querySelector('.fold')";
    assert_eq!(browser.eval("document.querySelectorAll('.fold').length"), json!(1), "one can be opened");
    assert_eq!(
        browser.eval(&format!("[{button}.ariaLabel, {button}.ariaExpanded]")),
        json!(["Chapters of There", "false"])
    );
    let chapters = "[...document.querySelectorAll('.folded > ol:not([hidden]) a')].map(({ textContent, pathname }) => `${textContent} ${pathname}`).join()";
    browser.eval(&format!("{button}.focus()"));
    browser.press(ENTER);
    browser.until(&format!("{chapters} === 'B /deep/book/there/b/'"), "opened");
    assert_eq!(browser.eval(&format!("{button}.ariaExpanded")), "true");

    browser.go(&preview.url("/deep/book/here/"));
    browser.until(&format!("{chapters} === 'B /deep/book/there/b/'"), "open on the next page");
    book.write("content/2-there/c.md", "# C\n");
    book.write("content/1-here/index.md", "# Here\n\nNew.\n");
    let both = "B /deep/book/there/b/,C /deep/book/there/c/";
    browser.until(&format!("{chapters} === '{both}'"), "as the book is now");
    browser.eval(&format!("{button}.click()"));
    browser.until(&format!("{chapters} === ''"), "closed");

    // If the contents cannot be fetched, there is a link to them.
    browser.eval("void (window.fetch = () => Promise.reject(new TypeError('offline')))");
    browser.eval("void document.querySelector('.folded > ol').remove()");
    browser.eval("void document.dispatchEvent(new Event('bindery:patched'))");
    browser.eval(&format!("{button}.click()"));
    browser.until(&format!("{chapters} === 'See the contents /deep/book/contents/'"), "a way on");
}

fn a_chapter_prints_as_pages_of_a_book(browser: &mut Browser) {
    let book = Book::of(&[
        (
            "content/1-one.md",
            &format!(
                "# One\n\nSee [the web](https://example.com/) and [two](2-two.md).\n\n```console\n$ echo {}\n```\n\n## More\n",
                "long ".repeat(80)
            ),
        ),
        ("content/2-two.md", "# Two\n\n[one](1-one.md#more)\n"),
    ]);
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/one/"));
    browser.until("document.querySelector('.copy')", "enhanced");
    browser.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let shown = "['.header', '.sidebar', '.toc', '.pager', '.footer', '.copy'].filter((name) => document.querySelector(name).checkVisibility()).join()";
    assert_eq!(browser.eval(shown), "", "the text alone");
    let behind = "[...document.querySelectorAll('.prose a[href]:not(.anchor)')].map((link) => getComputedStyle(link, '::after').content)";
    assert_eq!(browser.eval(behind), json!(["\" (https://example.com/)\"", "none"]));
    assert_eq!(
        browser.eval(
            "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('pre'))"
        ),
        json!(true),
        "code wraps"
    );
    let pdf = browser.call("Page.printToPDF", json!({ "preferCSSPageSize": true }));
    assert!(pdf["data"].as_str().is_some_and(|data| data.starts_with("JVBER")), "a PDF");
    browser.go(&preview.url("/print/"));
    let breaks =
        "[...document.querySelectorAll('.bound')].map((chapter) => getComputedStyle(chapter).breakBefore)";
    assert_eq!(browser.eval(breaks), json!(["auto", "page"]));
    let target =
        "document.getElementById(document.querySelector('#p\\\\:2 .prose a').hash.slice(1)).textContent";
    assert_eq!(browser.eval(target), "More", "a link between chapters leads to its place");
}

/// What is around a chapter, where the template puts it and not in the text.
const FRAME: &str = "['body > .header', 'body > .layout > main > article > .heading > h1', \
    'body > .layout > main > article > .prose', 'body > .layout > main > .pager', 'body > .layout > .sidebar', \
    'body > .search', 'body > .footer'].filter(one => document.querySelectorAll(one).length !== 1).join() \
    + document.body.className + document.body.attributes.length";

/// The same of the page for print: how many chapters there are, and how many are in their places.
const BOUND: &str = "['.bound', 'body > .layout > main > article > .bound > .prose:last-child'].map(one => document.querySelectorAll(one).length).join()";

fn raw_html_leaves_the_page_around_it_alone(browser: &mut Browser) {
    let book = book();
    let mut pages = Vec::new();
    for (file, text) in cases("frame") {
        for chapter in archive(&text).1 {
            let name = chapter.name.trim_start_matches("content/").trim_end_matches(".md").to_owned();
            book.write(
                &format!("content/1-{file}-{name}.md"),
                format!("---\npath: /{file}-{name}\n---\n{}", chapter.text),
            );
            pages.push(format!("{file}-{name}/index.html"));
        }
    }
    build(book.path());

    for page in &pages {
        browser.go(&format!("file://{}/public/{page}", book.path().display()));
        assert_eq!(browser.eval(FRAME), "chapter1", "{page}");
    }
    browser.go(&format!("file://{}/public/print/index.html", book.path().display()));
    let count = pages.len() + 2;
    assert_eq!(browser.eval(BOUND), format!("{count},{count}"));
}

/// The computed styles of all elements of the page, and of what is before and after them.
const STYLES: &str = r#"(() => {
  const of = (element, pseudo) => [...getComputedStyle(element, pseudo)].map((name) => `${name}: ${getComputedStyle(element, pseudo)[name]}`);
  const all = [...document.body.querySelectorAll("*:not(script)")];
  return all.map((element) => [element.outerHTML.slice(0, 80), ...[null, "::before", "::after", "::marker"].map((pseudo) => of(element, pseudo).join("\n"))]);
})()"#;

fn the_published_stylesheet_does_what_was_written(browser: &mut Browser) {
    let (_, files) = archive(include_str!("access/book.txt"));
    let book = Book::new();
    files.iter().for_each(|file| book.write(&file.name, &file.text));
    let published = Published::of(book.path());

    // The stylesheet as it was before it was made smaller, beside the published one.
    let (_, edition) = book.edition();
    let mut promises = edition.site.promises.iter();
    let (address, written) = promises
        .find_map(|(address, promise)| match &promise.job {
            bindery::render::job::Job::Style(text) => Some((address, text.to_string())),
            _ => None,
        })
        .expect("a stylesheet");
    let folder = address.rsplit_once('/').expect("it is in a folder").0;
    book.write(&format!("public/{folder}/written.css"), written);

    browser.prefers("prefers-reduced-motion", "reduce");
    for page in ["", "first/text/", "first/code/"] {
        for width in [360, 1400] {
            browser.size(width);
            browser.go(&published.url(page));
            browser
                .until("document.fonts.status === 'loaded' && document.readyState === 'complete'", "loaded");
            browser.drawn();
            let swap = format!(
                "new Promise(async (done) => {{ const before = {STYLES}; const sheet = document.querySelector('[rel=stylesheet]'); \
                 sheet.href = sheet.href.replace(/[^\\/]+$/, 'written.css'); await new Promise((loaded) => sheet.onload = loaded); \
                 await document.fonts.ready; await Promise.all(document.getAnimations().map(({{ finished }}) => finished)); \
                 const after = {STYLES}; done([before.length, after.flatMap((of, at) => of.flatMap((text, pseudo) => text === before[at][pseudo] ? [] : [[of[0], pseudo, text.split('\\n').filter((line) => !before[at][pseudo].split('\\n').includes(line))]])).slice(0, 5)]) }})"
            );
            let result = browser.eval(&swap);
            assert!(result[0].as_u64().is_some_and(|count| count > 40), "{page} {result}");
            assert_eq!(result[1], json!([]), "{page} {width}");
        }
    }
}

fn what_has_changed_since_it_was_read_is_marked(browser: &mut Browser) {
    let book = Book::of(&[
        ("content/1-one.md", "# One\n\nOld.\n\n```text\ncode\n```\n\nKept.\n"),
        ("content/2-two.md", "# Two\n"),
    ]);
    let published = Published::of(book.path());
    let changed = "[...document.querySelectorAll('.changed')].map((element) => element.textContent.trim())";
    browser.go(&published.url("one/"));
    browser.until("localStorage.getItem('bindery:/some/sub/path/:blocks')", "read");
    browser.go(&published.url("one/"));
    assert_eq!(browser.eval(changed), json!([]));

    book.write("content/1-one.md", "# One\n\nNew.\n\nNewer.\n\n```text\ncode\n```\n\n*Kept*.\n");
    build(book.path());
    browser.go(&published.url("one/"));
    browser.until("document.querySelector('.changes')", "told");
    assert_eq!(browser.eval(changed), json!(["New.", "Newer."]));
    assert_eq!(browser.eval("document.querySelectorAll('.changed-here').length"), 1);

    // The marks stay until the reader has seen them.
    browser.go(&published.url("two/"));
    browser.until("document.querySelector('.to-contents')", "another chapter");
    browser.go(&published.url("one/"));
    browser.until("document.querySelector('.changes button')", "told again");
    browser.eval("document.querySelector('.changes button').click()");
    assert_eq!(browser.eval(changed), json!([]));
    browser.go(&published.url("one/"));
    assert_eq!(browser.eval("document.querySelector('.changes')"), json!(null));
}

fn keys_lead_to_the_neighbours_if_the_reader_wants_that(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    let page = |name: &str| {
        format!(
            "document.querySelector('h1').textContent === '{name}' && document.querySelector('.footer button') !== null"
        )
    };
    // Without a window, Chromium has no pointer.
    let pointer = "const real = matchMedia; globalThis.matchMedia = (query) => query.includes('pointer') ? { matches: true } : real(query);";
    browser.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": pointer }));
    browser.go(&published.url("one/"));
    browser.press(("ArrowRight", 39));
    browser.press(("?", 191));
    browser.until("document.querySelector('.keys-list[open]')", "the keys are listed");
    browser.eval("document.querySelector('.keys-list input').click()");
    browser.press(ESCAPE);
    browser.until("!document.querySelector('.keys-list[open]')", "closed");
    assert_eq!(browser.eval(&page("One")), json!(true));
    browser.press(("ArrowRight", 39));
    browser.until(&page("Two"), "the next chapter");
    browser.press(("ArrowLeft", 37));
    browser.until(&page("One"), "the previous chapter");
}
