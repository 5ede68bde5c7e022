//! Accessibility of published pages, in a real browser: what axe finds, and what remains with forced colours, with
//! reduced motion, in narrow windows and on enlarged pages.

use std::fs;
use std::path::{Path, PathBuf};

use bindery::read::proof_record::RecordedResult;
use serde_json::{Value, json};

use crate::Tests;
use crate::support::browser::Browser;
use crate::support::published::{BELOW, Published};
use crate::support::{Book, archive};

/// The tests that need axe.
pub const WITH_AXE: Tests = tests![access: axe_finds_nothing_on_any_page, axe_finds_nothing_in_what_opens];

pub const TESTS: Tests = tests![access:
    narrow_windows_and_enlarged_pages_show_everything,
    nothing_moves_with_reduced_motion,
    states_are_visible_with_forced_colours,
    pages_load_only_from_their_site,
];

/// A page of each template, and of each kind of chapter.
const PAGES: &[&str] =
    &["", "first/text/", "first/code/", "second/", "second/words/", "contents/", "404.html", "print/"];
const COLOURS: &[&str] = &["light", "dark"];

fn book() -> Book {
    let (_, files) = archive(include_str!("access/book.txt"));
    let files: Vec<(&str, &str)> =
        files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect();
    let book = Book::of(&files);
    book.write_record(|_| RecordedResult::Proven);
    book
}

/// The file of axe's script.
fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/node_modules/axe-core/axe.min.js")
}

/// Whether axe is installed.
pub fn has_axe() -> bool {
    script().is_file()
}

/// The script of axe.
fn axe() -> String {
    fs::read_to_string(script()).expect("axe is installed: npm ci --prefix tests/pages --ignore-scripts")
}

/// What axe finds on the page that is open: rules and elements.
fn violations(browser: &mut Browser, axe: &str) -> Value {
    browser.drawn();
    if browser.eval("typeof axe") == "undefined" {
        browser.eval(&format!("{axe}; undefined"));
    }
    browser.eval(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`))",
    )
}

fn axe_finds_nothing_on_any_page(browser: &mut Browser) {
    let axe = axe();
    let book = book();
    let published = Published::of(book.path());
    for page in PAGES {
        browser.go(&published.url(page));
        for colours in COLOURS {
            browser.prefers("prefers-color-scheme", colours);
            for width in [320, 768, 1280, 1920] {
                browser.size(width);
                assert_eq!(violations(browser, &axe), json!([]), "{page} {colours} {width}");
            }
        }
    }
}

/// True when the scripts have changed the page. Images are the last: they change when the browser has measured them.
const READY: &str =
    "document.querySelector(document.querySelector('.prose img') ? '.prose img[role=button]' : '[role=tab]')";

/// What a reader can open: a name, the page, a script that opens it, and an expression that is true when it is open.
const STATES: &[(&str, &str, &str, &str)] = &[
    (
        "search",
        "first/text/",
        "document.querySelector('.to-search').click(); document.querySelector('#b\\\\:query').value = 'a'",
        "document.querySelector('.search:popover-open .outcome').textContent",
    ),
    (
        "values",
        "first/code/",
        "document.querySelector('[data-placeholder][role=button]').click()",
        "document.querySelector('.values[open]')",
    ),
    (
        "sidebar",
        "first/text/",
        "document.querySelector('.fold[aria-expanded=false]')?.click(); document.querySelector('.sidebar').showPopover()",
        "document.querySelector('.folded > ol:not([hidden]) a')",
    ),
    (
        "footnote",
        "first/text/",
        "document.querySelector('.footnote-ref a').focus({ focusVisible: true })",
        "document.querySelector('.footnote-here:popover-open')",
    ),
    (
        "image",
        "first/text/",
        "document.querySelector('.prose img[role=button]').click()",
        "document.querySelector('dialog.enlarged:modal')",
    ),
    (
        "details",
        "first/code/",
        "document.querySelectorAll('details').forEach((details) => (details.open = true))",
        "document.querySelector('.long[open] pre')",
    ),
];

fn axe_finds_nothing_in_what_opens(browser: &mut Browser) {
    let axe = axe();
    let book = book();
    let published = Published::of(book.path());
    for width in [320, 1280] {
        browser.size(width);
        for (state, page, open, is_open) in STATES {
            browser.go(&published.url(page));
            browser.until(READY, "enhanced");
            browser.eval(&format!("{{ {open} }}"));
            browser.until(is_open, state);
            if *state == "values" {
                browser.types("not an address");
                browser.until("document.querySelector('.values .error:not(:empty)')", "refused");
            }
            for colours in COLOURS {
                browser.prefers("prefers-color-scheme", colours);
                browser.until("document.getAnimations().length === 0", "at rest");
                assert_eq!(violations(browser, &axe), json!([]), "{state} {colours} {width}");
            }
        }
    }
}

/// The elements that are partly outside the window, except those in a scrollable box.
const OUTSIDE: &str = "[...document.querySelectorAll('body *')].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    const isSeen = width > 1 && element.checkVisibility() && !element.closest('.skip, .visually-hidden');
    const scrolls = element.parentElement.closest('pre, .table-scroll, .math-display, .diagram, .enlarged');
    return isSeen && !scrolls && (left < -1 || right > innerWidth + 1);
}).map(({ outerHTML }) => outerHTML.slice(0, 100))";

fn narrow_windows_and_enlarged_pages_show_everything(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    // 320 px, and 1280 px enlarged to 200 %.
    for width in [320, 640] {
        browser.size(width);
        for page in PAGES {
            browser.go(&published.url(page));
            assert_eq!(browser.eval(OUTSIDE), json!([]), "{page} {width}");
            // A formula cannot be broken, and on the page for print it does not scroll.
            let is_narrow = "document.documentElement.scrollWidth <= innerWidth || document.querySelector('.print .math-display') !== null";
            assert_eq!(browser.eval(is_narrow), true, "{page} {width} scrolls sideways");
        }
        for (state, page, open, is_open) in STATES {
            browser.go(&published.url(page));
            browser.until(READY, "enhanced");
            browser.eval(&format!("{{ {open} }}"));
            browser.until(is_open, state);
            assert_eq!(browser.eval(OUTSIDE), json!([]), "{state} {width}");
        }
    }
}

fn nothing_moves_with_reduced_motion(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    let moving = "(() => {
        document.querySelector('.prose img[role=button]').click();
        const moves = ({ transitionDuration, animationName, scrollBehavior }) =>
            transitionDuration.split(', ').some((time) => time !== '0s') || animationName !== 'none' || scrollBehavior !== 'auto';
        return [...document.querySelectorAll('*')].filter((element) => moves(getComputedStyle(element))).map(({ className }) => className);
    })()";
    browser.go(&published.url("first/text/"));
    browser.until(READY, "enhanced");
    assert_eq!(browser.eval(moving), json!(["enlarged"]), "what does, for others");
    browser.prefers("prefers-reduced-motion", "reduce");
    browser.go(&published.url("first/text/"));
    browser.until(READY, "enhanced");
    assert_eq!(browser.eval(moving), json!([]));
    let fold = "getComputedStyle(document.querySelector('.fold'), '::before').transitionDuration";
    assert_eq!(browser.eval(fold), "0s");
}

fn states_are_visible_with_forced_colours(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    browser.prefers("forced-colors", "active");
    browser.go(&published.url("first/text/"));
    let style = |element: &str, property: &str| {
        format!("getComputedStyle(document.querySelector('{element}')).{property}")
    };
    // The current chapter, tasks and alerts are marked by more than a background.
    assert_eq!(browser.eval(&style(".sidebar [aria-current]", "outlineStyle")), "solid");
    assert_eq!(browser.eval(&style(".task input", "appearance")), "auto");
    assert_eq!(browser.eval(&style(".alert", "borderBlockStartStyle")), "solid");
    browser.go(&published.url("first/code/"));
    browser.until(READY, "enhanced");
    assert_eq!(browser.eval(&style(".hl", "outlineStyle")), "solid");
    let tabs = "[...document.querySelectorAll('[role=tab]')].map((tab) => getComputedStyle(tab).borderBlockEndColor)";
    assert_eq!(
        browser.eval(&format!("(([chosen, other]) => chosen !== other)({tabs})")),
        true,
        "the tab that is chosen"
    );
    // The focus is visible.
    browser.eval("document.querySelector('.to-search').click()");
    browser.until("document.activeElement.id === 'b:query'", "search");
    assert_eq!(browser.eval(&style(".search input", "outlineStyle")), "solid");
}

fn pages_load_only_from_their_site(browser: &mut Browser) {
    let book = book();
    let published = Published::of(book.path());
    let refused = "new Promise((done) => {
        new ReportingObserver((reports) => done(reports.map(({ body }) => body.blockedURL)), { types: ['csp-violation'], buffered: true }).observe();
        setTimeout(() => done([]), 100);
    })";
    let elsewhere = format!(
        "performance.getEntriesByType('resource').map(({{ name }}) => name).filter((name) => !name.startsWith(`${{location.origin}}{BELOW}`))"
    );
    for page in PAGES {
        browser.go(&published.url(page));
        assert_eq!(browser.eval(refused), json!([]), "{page}");
        assert_eq!(browser.eval(&elsewhere), json!([]), "{page}");
    }
    // Search as well, which loads the most files.
    browser.go(&published.url("second/last/"));
    browser.eval("document.querySelector('.to-search').click()");
    browser.until("document.activeElement.id === 'b:query'", "open");
    browser.types("systemctl");
    let link = "document.querySelector('.search ol .section')";
    browser.until(link, "found");
    assert_eq!(browser.eval(&format!("{link}.pathname")), format!("{BELOW}first/code/"));
    browser.eval(&format!("{link}.click()"));
    browser.until(&format!("location.pathname === '{BELOW}first/code/'"), "there");
    browser.until("CSS.highlights.get('found')?.size > 0", "marked");
    assert_eq!(browser.eval(refused), json!([]));
    assert_eq!(browser.eval(&elsewhere), json!([]));
}
