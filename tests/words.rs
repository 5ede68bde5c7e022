//! The words of the interface: every language has all of them, and books use those of their language.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::support::{self, Book};

type Words = serde_json::Map<String, serde_json::Value>;

/// The words of a language, by group.
fn words(path: &Path) -> Words {
    let text = fs::read_to_string(path).expect("a file of words");
    let words: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
    let serde_json::Value::Object(words) = serde_json::to_value(words).expect("JSON") else {
        panic!("{}: not a mapping", path.display())
    };
    words
}

/// `group.name` of every word, with the names of its values.
fn keys(words: &Words) -> BTreeSet<(String, BTreeSet<String>)> {
    let places = |text: &str| {
        let places = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        places.map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>()
    };
    let group = |(group, words): (&String, &serde_json::Value)| {
        let words = words.as_object().expect("a group").clone();
        let key = |(name, word): (String, serde_json::Value)| match word {
            serde_json::Value::Object(forms) => (name, places(forms["other"].as_str().expect("a form"))),
            word => (name, places(word.as_str().expect("a text"))),
        };
        let keys = words.into_iter().map(key);
        keys.map(|(name, places)| (format!("{group}.{name}"), places)).collect::<Vec<_>>()
    };
    words.iter().flat_map(group).collect()
}

#[test]
fn every_language_has_the_words_of_english() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/words");
    let mut english = keys(&words(&folder.join("en.yaml")));
    // In dates, languages differ: a month's name can include its number, and the first day may need none.
    let of_dates = |(key, _): &(String, BTreeSet<String>)| !key.starts_with("date.");
    english.retain(of_dates);
    let mut languages = 0;
    for file in fs::read_dir(&folder).expect("the folder of words") {
        let path = file.expect("a file").path();
        let mut found = keys(&words(&path));
        found.retain(of_dates);
        let differ: Vec<_> = english.symmetric_difference(&found).collect();
        assert!(differ.is_empty(), "{}: {differ:?}", path.display());
        languages += 1;
    }
    assert!(languages >= 7, "{languages}");
}

/// A chapter with every word that can be in a text.
const CHAPTER: &str = "---\ndate: 2026-03-01\nupdated: 2026-05-31\n---\n# One\n\nText.[^1]\n\n\
    [^1]: A note.\n\n> [!TIP]\n> Do.\n\n// why?\n\nTODO\n\n- [ ] a\n- [x] b\n\n## More\n";

fn book(settings: &str) -> Book {
    Book::of(&[("book.yaml", settings), ("content/one.md", CHAPTER), ("content/two.md", "# Two\n")])
}

fn assert_holds(page: &str, expected: &[&str]) {
    let missing: Vec<_> = expected.iter().filter(|text| !page.contains(**text)).collect();
    assert!(missing.is_empty(), "{missing:?} not in {page}");
}

#[test]
fn a_german_book_is_in_german() {
    let book = book("title: Ein Buch\nlanguage: de-AT\n");
    assert_eq!(book.diagnostics(), Vec::<String>::new());
    let page = book.page("one/index.html");
    assert_holds(
        &page,
        &[
            r#"<html lang="de-AT" dir="ltr""#,
            "1. März 2026",
            "Aktualisiert am <time",
            ">31. Mai 2026<",
            "1 Minute",
            r#"<p class="alert-title">Tipp</p>"#,
            r#"<span class="todo-progress">1 von 2</span>"#,
            r#"aria-label="Fußnoten""#,
            r#"aria-label="Zurück zu Verweis 1 auf Fußnote 1""#,
            r#"aria-label="Anmerkung des Autors""#,
            "Auf dieser Seite",
        ],
    );
    assert_holds(&book.page("404.html"), &["<h1>Seite nicht gefunden</h1>"]);
    assert_holds(&book.page("contents/index.html"), &["<h1>Inhalt</h1>"]);
    let script = page.split("<script defer src=\"../").nth(1).expect("a script").split('"').next();
    assert_holds(&book.page(script.expect("its address")), &["\"copy\":`Kopieren`", "language:`de-AT`"]);
}

#[test]
fn an_arabic_book_is_laid_out_from_right_to_left() {
    let page = book("language: ar\n").page("one/index.html");
    assert_holds(&page, &[r#"<html lang="ar" dir="rtl""#, "1 مارس 2026", "دقيقة واحدة للقراءة", "نصيحة"]);
}

#[test]
fn a_language_without_words_uses_english() {
    let page = book("language: pt-BR\n").page("one/index.html");
    assert_holds(&page, &[r#"<html lang="pt-BR" dir="ltr""#, "1 March 2026", "1 minute"]);
}

#[test]
fn a_theme_replaces_single_words_and_brings_its_own() {
    let book = book("theme: mine\nlanguage: de\n");
    book.write("themes/mine/theme.yaml", "extends: default\n");
    book.write("themes/mine/words/de.yaml", "text:\n  tip: Kniff\n  tips: x\ntheme:\n  end: Schluss\n");
    book.write("themes/mine/words/en.yaml", "text: {tip: Trick, note: Mind}\n");
    book.write(
        "themes/mine/templates/chapter.html",
        "{% extends \"default/chapter.html\" %}{% block after %}{{ words.theme.end }}{% endblock after %}",
    );
    assert_eq!(
        book.diagnostics(),
        ["unknown-interface-word themes/mine/words/de.yaml:3:3 the interface has no word `text.tips`"]
    );
    assert_holds(&book.page("one/index.html"), &["<p class=\"alert-title\">Kniff</p>", "Schluss"]);
}

#[test]
fn the_theme_that_is_built_in_makes_the_same_pages_as_its_copy() {
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default");
    for language in ["en", "fr", "ar"] {
        let settings = format!("language: {language}\nauthor: Sam\n");
        // One of these words is HTML, and one would be syntax in a template.
        let words =
            "page:\n  contents: A & B\n  chapters: '{{ x }}'\n  skip: '{% x %}'\nsearch:\n  open: '<i>\"'\n";
        let built_in = book(&settings);
        built_in.write("book.yaml", format!("{settings}theme: mine\n"));
        built_in.write("themes/mine/theme.yaml", "extends: default\n");
        built_in.write(&format!("themes/mine/words/{language}.yaml"), words);
        let copy = book(&settings);
        for entry in walkdir::WalkDir::new(&theme).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_file() {
                let below = entry.path().strip_prefix(&theme).expect("it is below").display();
                copy.write(&format!("themes/default/{below}"), fs::read(entry.path()).expect("a file"));
            }
        }
        for file in ["book.yaml", "themes/mine/theme.yaml", &format!("themes/mine/words/{language}.yaml")] {
            copy.write(file, fs::read(built_in.path().join(file)).expect("a file"));
        }
        let pages = |book: &Book| {
            let (engine, edition) = book.edition();
            let names: Vec<String> = edition.site.promises.keys().cloned().collect();
            let pages = names.iter().filter(|name| name.ends_with(".html"));
            pages
                .map(|name| (name.clone(), support::output(&engine, &edition, name)))
                .collect::<BTreeMap<_, _>>()
        };
        let (built_in, copy) = (pages(&built_in), pages(&copy));
        assert!(built_in["contents/index.html"].contains("A &amp; B"), "{language}");
        assert_eq!(built_in.keys().collect::<Vec<_>>(), copy.keys().collect::<Vec<_>>());
        for (name, page) in built_in {
            assert_eq!(page, copy[&name], "{language}: {name}");
        }
    }
}
