//! The example theme in `themes/harbour/`: what it changes, and the contrast of its colours.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::Book;

const CHAPTERS: [(&str, &str); 2] = [
    ("content/1-one.md", "---\ntitle: One\nextra: {level: easy}\n---\nText.\n"),
    ("content/2-two.md", "# Two\n"),
];

/// A book with the example theme.
fn harbour() -> Book {
    let book = Book::of(&CHAPTERS);
    book.write("book.yaml", "title: A book\ntheme: harbour\n");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in [
        "theme.yaml",
        "assets/styles/harbour.css",
        "templates/chapter.html",
        "templates/partials/byline.html",
        "words/en.yaml",
    ] {
        let path = format!("themes/harbour/{file}");
        book.write(&path, fs::read(root.join(&path)).expect("a file of the theme"));
    }
    book
}

#[test]
fn a_block_a_template_and_a_word_are_the_themes() {
    let book = harbour();
    assert_eq!(book.diagnostics(), Vec::<String>::new());
    let page = book.page("one/index.html");
    for expected in [
        "<li class=\"level\">Level: easy</li>",
        "<li>1 minute</li>",
        "<p class=\"copying\">A book is free to copy.</p>",
        "<span>Onward</span> Two",
        "<h1>One</h1>",
    ] {
        assert!(page.contains(expected), "{expected} not in {page}");
    }
    let plain = Book::of(&CHAPTERS);
    plain.write("book.yaml", "title: A book\n");
    for (path, is_same) in [("contents/index.html", true), ("one/index.html", false)] {
        let body = |book: &Book| book.page(path).split_once("<body").map(|(_, body)| body.to_owned());
        assert_eq!(body(&book) == body(&plain), is_same, "{path}");
    }
}

/// The custom properties of styles that are pairs of colours for light and dark; later ones win.
fn colours(css: &str) -> BTreeMap<&str, [&str; 2]> {
    css.split([';', '{', '}'])
        .filter_map(|declaration| {
            let (name, value) = declaration.split_once(":light-dark(")?;
            let (light, dark) = value.split_once(')')?.0.split_once(',')?;
            Some((name, [light, dark]))
        })
        .collect()
}

/// The [contrast](https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio) of two colours.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour of six digits");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn all_colours_can_be_read() {
    for book in [Book::of(&CHAPTERS), harbour()] {
        let page = book.page("one/index.html");
        let sheet =
            page.split("rel=\"stylesheet\" href=\"../").nth(1).and_then(|rest| rest.split('"').next());
        let css = book.page(sheet.expect("a stylesheet"));
        let colours = colours(&css);
        let on = |papers: &'static [&str], inks: Vec<&str>, least: f64| {
            for (paper, ink) in papers.iter().flat_map(|paper| inks.iter().map(move |ink| (paper, ink))) {
                for (form, (paper_here, ink_here)) in colours[paper].iter().zip(colours[ink]).enumerate() {
                    let found = contrast(paper_here, ink_here);
                    assert!(found >= least, "{ink} on {paper}: {found:.2}, in form {form}");
                }
            }
        };
        on(&["--paper", "--shade"], vec!["--ink", "--soft"], 4.5);
        // The default theme takes it from the book's cloth, which has a test of its own.
        if colours.contains_key("--accent-shade") {
            on(&["--paper", "--shade", "--accent-shade"], vec!["--accent"], 4.5);
            on(&["--accent"], vec!["--on-accent"], 4.5);
        }
        on(&["--mark"], vec!["--ink"], 4.5);
        on(&["--paper"], colours.keys().copied().filter(|name| name.ends_with("-hue")).collect(), 4.5);
        on(&["--paper"], vec!["--edge"], 3.0);
        let of_code =
            colours.keys().copied().filter(|name| name.starts_with("--code-") && *name != "--code-hl");
        on(&["--shade", "--code-hl"], of_code.collect(), 4.5);
    }
}
