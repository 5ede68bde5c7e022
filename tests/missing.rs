//! The page for addresses that do not exist, in a real browser: a static host shows it at any address.

use serde_json::json;

use crate::Tests;
use crate::support::Book;
use crate::support::browser::Browser;
use crate::support::published::{BELOW, Published};

pub const TESTS: Tests = tests![missing:
    the_page_finds_the_book_from_any_address,
    the_chapter_that_was_meant_is_offered,
    without_scripts_the_page_has_its_styles,
];

/// Addresses at which nothing is, at several depths.
const ADDRESSES: &[&str] = &["nowhere", "nowhere/", "no/such/page.html", "a/b/c/d/e/f/g"];

/// Whether the theme's styles apply.
const STYLED: &str = "getComputedStyle(document.querySelector('.to-search')).borderRadius !== '0px' && getComputedStyle(document.querySelector('.parts')).listStyleType === 'none'";

fn book() -> Book {
    Book::of(&[
        ("book.yaml", "title: A book\nlanguage: en\n"),
        ("content/index.md", "# Front\n\nHow to begin.\n"),
        ("content/server/02-ssh-keys.md", "# Make a pair of keys\n\nFor the server.\n"),
        ("content/server/03-firewall.md", "# Close all ports\n\nWith a firewall.\n"),
    ])
}

fn the_page_finds_the_book_from_any_address(browser: &mut Browser) {
    let book = book();
    for below in ["/", BELOW] {
        let published = Published::unaddressed(book.path(), below);
        for address in ADDRESSES {
            browser.go(&published.url(address));
            browser.until(STYLED, "styled");
            browser.until(&format!("document.documentElement.dataset.root === '{below}'"), "found");
            for link in [".brand", ".prose a[href$='contents/']", "link[rel=icon]"] {
                let href = format!("document.querySelector(\"{link}\").href");
                assert_eq!(
                    browser.eval(&format!("fetch({href}).then(({{ ok }}) => ok)")),
                    true,
                    "{address}: {link}"
                );
            }
            // The theme's other scripts are there too.
            browser.until("globalThis.bindery", "the script runs");
            browser.until("document.querySelector('.search .outcome').textContent", "search is open");
            assert_eq!(browser.eval("document.activeElement === document.body"), true, "the focus stays");
        }
    }
}

fn the_chapter_that_was_meant_is_offered(browser: &mut Browser) {
    let book = book();
    for published in [Published::unaddressed(book.path(), BELOW), Published::of(book.path())] {
        browser.go(&published.url("servers/ssh-key.html"));
        browser.until("!document.querySelector('.meant').hidden", "offered");
        let offered = "[...document.querySelectorAll('.meant a')].map(({ pathname }) => pathname)";
        assert_eq!(browser.eval(offered), json!([format!("{BELOW}server/ssh-keys/")]));
        assert_eq!(browser.eval("document.querySelector('.meant h2').textContent"), "Did you mean");

        // The words of the address are searched for, and Enter opens the best.
        assert_eq!(browser.eval("document.querySelector('.search input').value"), "ssh key");
        browser.until("document.querySelector('.search ol .best')", "found");
        browser.click("document.querySelector('.to-search')", (1, 0));
        browser.until("document.activeElement.id === 'b:query'", "the button leads to the field");
        browser.press(("Enter", 13));
        browser.until(&format!("location.pathname === '{BELOW}server/ssh-keys/'"), "there");

        browser.go(&published.url("qqqqqqqq"));
        browser
            .until("document.querySelector('.search .outcome').textContent.includes('qqqqqqqq')", "searched");
        assert_eq!(browser.eval("document.querySelector('.meant').hidden"), true);
    }
}

fn without_scripts_the_page_has_its_styles(browser: &mut Browser) {
    let book = book();
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    for below in ["/", BELOW] {
        let published = Published::unaddressed(book.path(), below);
        for address in ADDRESSES {
            browser.go(&published.url(address));
            browser.until(STYLED, "styled");
            assert_eq!(browser.eval("document.querySelector('.search noscript').checkVisibility()"), true);
            assert_eq!(browser.eval("document.querySelector('.search input').checkVisibility()"), false);
        }
    }
}
