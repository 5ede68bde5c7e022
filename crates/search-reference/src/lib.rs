//! Indexes made by Pagefind's own package: the reference of tests, and what compares other indexes with them.

use std::collections::BTreeMap;
use std::io::Read as _;

use bytes::Bytes;
use pagefind::api::PagefindIndex;
use pagefind::options::PagefindServiceConfig;

/// The files that Pagefind makes of pages in a language, each an address and HTML, by their names.
pub fn made_by_pagefind(language: &str, pages: &[(&str, String)]) -> BTreeMap<String, Vec<u8>> {
    let settings = PagefindServiceConfig::builder()
        .force_language(language.to_owned())
        .exclude_selectors([".footnote-ref", ".footnote-back"].map(str::to_owned).to_vec());
    with_settings(settings.build(), pages)
}

/// The same for pages that each say their language.
pub fn made_in_languages(pages: &[(&str, String)]) -> BTreeMap<String, Vec<u8>> {
    with_settings(PagefindServiceConfig::builder().build(), pages)
}

fn with_settings(settings: PagefindServiceConfig, pages: &[(&str, String)]) -> BTreeMap<String, Vec<u8>> {
    let made = async {
        let mut index = PagefindIndex::new(Some(settings)).expect("the settings are right");
        for (url, html) in pages {
            index.add_html_file(None, Some((*url).to_owned()), html.clone()).await.expect("a page");
        }
        index.get_files().await.expect("an index")
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let files = runtime.block_on(made).into_iter();
    let name = |path: &std::path::Path| path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    files.map(|file| (name(&file.filename), file.contents)).collect()
}

/// Compares the files of an index with Pagefind's: names, and what is in the files once they are unpacked.
pub fn assert_same(made: &BTreeMap<String, Bytes>, expected: &BTreeMap<String, Vec<u8>>) {
    let is_index = |name: &&String| name.contains("pf_") || *name == "pagefind-entry.json";
    let unpacked = |name: &str, bytes: &[u8]| {
        if !name.contains("pf_") {
            return String::from_utf8_lossy(bytes).into_owned();
        }
        let mut out = Vec::new();
        flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).expect("gzip");
        String::from_utf8_lossy(&out).into_owned()
    };

    // Fragments first: if they differ, nothing else can be the same.
    let names: Vec<&String> = made.keys().collect();
    let expected_names: Vec<&String> = expected.keys().filter(is_index).collect();
    let fragments = |files: Vec<(&String, &[u8])>| {
        let fragments = files.into_iter().filter(|(name, _)| name.starts_with("fragment/"));
        let mut texts: Vec<String> = fragments.map(|(name, bytes)| unpacked(name, bytes)).collect();
        texts.sort();
        texts
    };
    let of_made = fragments(made.iter().map(|(name, bytes)| (name, &bytes[..])).collect());
    let of_expected = fragments(expected.iter().map(|(name, bytes)| (name, &bytes[..])).collect());
    for (made, expected) in of_made.iter().zip(&of_expected) {
        assert_eq!(made, expected);
    }
    if names != expected_names {
        let chunks = |files: Vec<(&String, &[u8])>| {
            let chunks = files.into_iter().filter(|(name, _)| name.starts_with("index/"));
            chunks.map(|(name, bytes)| unpacked(name, bytes)).collect::<Vec<_>>()
        };
        let of_made = chunks(made.iter().map(|(name, bytes)| (name, &bytes[..])).collect());
        let of_expected = chunks(expected.iter().map(|(name, bytes)| (name, &bytes[..])).collect());
        for (made, expected) in of_made.iter().zip(&of_expected) {
            let same = made.chars().zip(expected.chars()).take_while(|(a, b)| a == b).count();
            let around =
                |text: &str| text.chars().skip(same.saturating_sub(80)).take(120).collect::<String>();
            assert_eq!(around(made), around(expected), "after {same} characters");
        }
    }
    assert_eq!(names, expected_names);
    for (name, bytes) in made {
        assert_eq!(unpacked(name, bytes), unpacked(name, &expected[name]), "{name}");
    }
}
