//! The files are compared with those that Pagefind's package makes of the same pages.

use std::fmt::Write as _;
use std::ops::Range;

use bindery_search_reference::{assert_same, made_by_pagefind};

use super::word::{WordUses, core};
use super::*;

/// A page of sections, each with an id, a heading and paragraphs, as HTML and as a record.
fn page(url: &str, title: &str, sections: &[(&str, &str, &str)]) -> (String, SearchRecord) {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut html =
        format!("<html><body><h1 data-pagefind-meta=title data-pagefind-ignore>{}</h1>", escape(title));
    let mut record = SearchRecord {
        url: url.to_owned(),
        fields: [("title", title.to_owned())].into(),
        ..SearchRecord::default()
    };
    for (id, heading, text) in sections {
        let _ = write!(html, "<h2 id={id}>{} </h2><pre>{}</pre>", escape(heading), escape(text));
        record.text.push(' ');
        let at = record.text.len();
        record.anchors.push(TextAnchor {
            at,
            element: "h2".to_owned(),
            id: (*id).to_owned(),
            text: (*heading).to_owned(),
        });
        record.text += heading;
        record.weights.push((at..record.text.len(), 6));
        let _ = write!(record.text, " {text}");
    }
    (html + "</body></html>", record)
}

fn options(language: &str) -> IndexOptions {
    IndexOptions { fields: vec!["title"], ..IndexOptions::of(language) }
}

fn index(records: &[SearchRecord], options: IndexOptions) -> SearchIndex {
    let keys: Vec<u128> = (0..records.len() as u128).collect();
    SearchIndexer::new(options).index(&keys, |number| records[number].clone())
}

/// Indexes pages with both, and compares what they make.
fn compare(language: &str, pages: Vec<(String, SearchRecord)>) {
    let (html, records): (Vec<String>, Vec<SearchRecord>) = pages.into_iter().unzip();
    let urls = records.iter().map(|record| record.url.as_str());
    let expected = made_by_pagefind(language, &urls.zip(html).collect::<Vec<_>>());
    assert_same(&index(&records, options(language)).files, &expected);
}

/// Names from code, numbers, signs, emoji and marks, as they are in chapters of any language.
const CODE: &str = "HttpServer httpServer HTTPServer http_server http-server __init__ sys.is_python_build os.path.joinPath \
    a.b.c.d x.y .bashrc file.tar.gz /etc/ssh/sshd_config.d std::fs::read(path)? foo->bar C++ C# #include 3.14 1,000 v1.2.3 \
    0xFF 2nd utf8 UTF8 utf-8 UTF-8 abc123Def456 IPv6Address XMLHttpRequest iPhone15Pro ___private ___ _ - -- ... !? #1 * \
    <tag> &amp; \"quoted\" 'single' it's don't l'homme l’eau rock’n’roll ROT13 sha256sum user@example.org https://a.example/b?c=D \
    🌦️ 👋👨‍👩‍👧‍👦🌾 cloud🌦️cannon ©2024 ™ ℹ ℹ️ 1️⃣ 🇩🇪 naïve Naïve, NAÏVE naive e\u{301}te\u{301} (été) Été. ÉCOLE \
    a\u{200b}b \u{200b} x\u{2060} \u{2060} Strasse\u{2062} ΟΔΟΣ Οδός İstanbul ISTANBUL ﬁn Ǆungla ǅungla ½ x² Ⅷ ªº ḌIGIT٣ \
    A1b2C3 ABCdEFg ABc aBC a1 1a A1 1A aA Aa AA aa 한국어 한글은 Hangul한글 カタカナ テスト。 हिन्दी हिंदी தமிழ் עברית العربية مُحَمَّد";

const TEXTS: [(&str, &str, &str); 9] = [
    (
        "en",
        "Running servers",
        "The server's keys are running, and the runners ran. Generalizations of operators operate operationally.",
    ),
    (
        "de",
        "Die Straße",
        "Größere Häuser; die Straße ist länger, Äpfel und Übungen. Donaudampfschifffahrtsgesellschaft, groß, Maß.",
    ),
    (
        "fr",
        "L’été à l’école",
        "Les élèves étudient, l’harmonie, c’était déjà l'été; cœur, sœurs, où ça? naïveté à Noël.",
    ),
    ("ru", "Сервер", "Серверы запускаются, ёлки и йод; ключи ключами, бегущие бежали. ПРИВЕТ Москва-река."),
    (
        "zh",
        "服务器",
        "服务器使用公钥进行身份验证。中华人民共和国在學校，高速公路 nginx配置 GPL许可证。𠀀𠀁 ___学 学___ 我们 的 的",
    ),
    ("zh-hant", "伺服器", "伺服器使用公鑰。在學校裡學習，Rust語言。"),
    (
        "ja",
        "サーバー",
        "このサーバーは公開鍵で接続します。バックアップとハードウェア、ガギグゲゴ、パン。東京都に行く。ｶﾀｶﾅ ハ\u{3099}ント\u{3099} ーーーー Rustで書く",
    ),
    ("th", "เซิร์ฟเวอร์", "วิกิพีเดียเป็นสารานุกรม เซิร์ฟเวอร์ใช้กุญแจสาธารณะ ภาษาไทย ๑๒๓ น้ำ ก็ nginxทำงาน"),
    ("xx", "Unknown", "No stems of running runners; größer été."),
];

#[test]
fn files_are_those_of_pagefind() {
    for (language, title, text) in TEXTS {
        let others = TEXTS.map(|(_, _, other)| other).concat();
        let pages = vec![
            page("a/", title, &[("one", title, text), ("two", "Code here", CODE)]),
            page("b/", &format!("{title}: HttpServer été, sys.is_python"), &[("b", "Été", &others)]),
            page("c/", "C", &[("c", "", &format!("été ete {title}")), ("d", title, "")]),
            page("empty/", "Empty", &[]),
            page("signs/", "?", &[("x", "!", "... - \u{200b} ?")]),
            page("d/", "Ete", &[("d", "été", &format!("{text} {text} {CODE}"))]),
        ];
        compare(language, pages);
    }
}

#[test]
fn many_pages_are_cut_into_the_same_chunks() {
    let word = |number: u64| {
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number >> 7;
        let letters = "etaoinshrdluéüя".chars().collect::<Vec<_>>();
        let length = 1 + number % 7;
        let letter = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            letters[(state >> 33) as usize % letters.len()]
        };
        (0..length).map(letter).collect::<String>()
    };
    let text = |page: u64| {
        let words = (0..900).map(|at| word((page * 131 + at * at * 7 + at) % 4000));
        words.collect::<Vec<_>>().join(" ")
    };
    let pages = (0..60).map(|number| {
        page(
            &format!("{number}/"),
            &word(number),
            &[("a", &word(number + 1), &text(number)), ("b", "B", "end")],
        )
    });
    compare("en", pages.collect());
}

#[test]
fn what_signs_around_words_do_not_change_is_analysed_once() {
    let rules = WordRules::of("en");
    for word in ["plain", "été", "größe", "ключ", "ℹ", "カタカナ", "two.words", "snake_case", "x1", "ª"]
    {
        for around in [("", "."), ("(", ")"), ("\"", "\","), ("..", ".."), ("*", "*"), ("", ".,")] {
            let full = [around.0, word, around.1].concat();
            assert_eq!(WordUses::of(core(&full), &rules), WordUses::of(&full, &rules), "{full}");
        }
    }
    assert_eq!(core("(été),"), "été");
}

#[test]
fn silent_characters_are_shown_but_no_words() {
    let text = "die Strasse\u{2062}, /\u{2060} etc/\u{2060} ssh \u{2060}";
    let (_, record) = page("a/", "A", &[("a", "A", text)]);
    let silent = vec!['\u{2060}', '\u{2062}'];
    let with = index(std::slice::from_ref(&record), IndexOptions { silent: silent.clone(), ..options("de") });
    let terms = |text: &str| {
        let plain = super::word::without(text, &silent);
        WordUses::of(&plain, &WordRules::of("de"))
            .uses
            .into_iter()
            .map(|found| found.stem)
            .collect::<Vec<_>>()
    };
    assert_eq!(terms("Strasse\u{2062},"), ["strass"]);
    assert_eq!(terms("etc/\u{2060}"), ["etc"]);
    assert!(terms("\u{2060}").is_empty());

    // The text is the same, and so are the places in it.
    let without = index(&[record], options("de"));
    assert_eq!(with.fragments, without.fragments);
    assert_ne!(with.files.keys().collect::<Vec<_>>(), without.files.keys().collect::<Vec<_>>());
}

#[test]
fn an_index_does_not_depend_on_those_before() {
    let pages = |edit: &str| {
        let texts = TEXTS
            .iter()
            .map(|(language, title, text)| page(language, title, &[("a", "A", text), ("b", "B", CODE)]).1);
        let mut pages: Vec<SearchRecord> = texts.collect();
        pages[3].text += edit;
        pages
    };
    let mut indexer = SearchIndexer::new(options("en"));
    let keys: Vec<u128> = (0..TEXTS.len() as u128).collect();
    let first = indexer.index(&keys, |number| pages("")[number].clone());
    assert_eq!(first, index(&pages(""), options("en")));

    // A page that changes, with another key; pages in another order; pages that go; and everything as it was.
    let edited = pages(" éditions of zebras");
    let edited_keys: Vec<u128> = keys.iter().map(|key| if *key == 3 { 100 } else { *key }).collect();
    let read = |number: usize| {
        assert_eq!(number, 3, "others are known");
        edited[number].clone()
    };
    assert_eq!(indexer.index(&edited_keys, read), index(&edited, options("en")));
    let backwards: Vec<SearchRecord> = edited.iter().rev().cloned().collect();
    let backward_keys: Vec<u128> = edited_keys.iter().rev().copied().collect();
    assert_eq!(indexer.index(&backward_keys, |_| unreachable!()), index(&backwards, options("en")));
    assert_eq!(indexer.index(&edited_keys[..2], |_| unreachable!()), index(&edited[..2], options("en")));
    assert_eq!(indexer.index(&keys, |number| pages("")[number].clone()), first);
    assert_eq!(indexer.index(&[], |_| unreachable!()), index(&[], options("en")));
}

#[test]
fn an_index_does_not_depend_on_threads() {
    let records: Vec<SearchRecord> = (0..40)
        .map(|number| {
            let (language, title, text) = TEXTS[number % TEXTS.len()];
            page(
                &format!("{number}/"),
                title,
                &[("a", language, text), ("b", "B", &CODE[number..number + 9])],
            )
            .1
        })
        .filter(|record| record.text.is_char_boundary(0))
        .collect();
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| index(&records, IndexOptions { chunk: 50, ..options("ja") }))
    };
    assert_eq!(of(1), of(7));
}

#[test]
fn odd_input_has_an_index() {
    let long = "aB3.".repeat(1 << 15);
    let katakana = "カ".repeat(1 << 12);
    let nul = "\0 a\0b \u{feff} \u{fffd} \u{10ffff}";
    for language in ["en", "tr", "zh", "ja", "", "..", "x/y", &"long-".repeat(20), "ünknown"] {
        for text in ["", " ", "word", nul, &katakana, &long] {
            let mut record = SearchRecord { text: text.to_owned(), ..SearchRecord::default() };
            record.anchors.push(TextAnchor { at: usize::MAX, ..TextAnchor::default() });
            record.weights.push((Range { start: 3, end: 1 }, 0));
            record.weights.push((0..usize::MAX, 255));
            record.fields.insert("unknown", "a field".to_owned());
            let files = index(&[record.clone(), record], options(language)).files;
            assert!(files.keys().all(|name| !name.contains("..") && name.matches('/').count() < 2));
        }
    }

    // Nor do pages with one key, or an index without any.
    let record = SearchRecord { text: "word".to_owned(), ..SearchRecord::default() };
    let index = SearchIndexer::new(options("en")).index(&[1, 1, 2], |_| record.clone());
    assert_eq!(index.fragments.iter().filter(|fragment| fragment.is_some()).count(), 2);
    assert_same(
        &SearchIndexer::new(options("en")).index(&[], |_| unreachable!()).files,
        &made_by_pagefind("en", &[]),
    );
}
