//! The files, and the lists that lead to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use rayon::prelude::*;

use super::cbor::{push_array, push_number, push_text};
use super::chunks::TermTable;
use super::fragment::ReadPage;
use super::language::WordRules;
use super::lexicon::Lexicon;
use super::packing::{full_name, list_name, pack, short_name};
use super::record::IndexOptions;
use super::word::CONNECTORS;

/// The version of Pagefind whose files these are. Its script refuses those of another.
pub const VERSION: &str = "1.6.0";

/// The files of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchIndex {
    /// The files by their names, with `/` between folders.
    pub files: BTreeMap<String, Bytes>,
    /// The ids of the pages in results, in the order of the pages; none for a page without a word.
    pub fragments: Vec<Option<String>>,
}

/// Writes the index of pages; some have no word.
pub fn write(
    pages: &[Option<Arc<ReadPage>>],
    lexicon: &mut Lexicon,
    options: &IndexOptions,
    rules: &WordRules,
) -> SearchIndex {
    let mut index = SearchIndex::default();
    let mut names = BTreeSet::new();
    for page in pages {
        let name = page.as_ref().map(|page| short_name(&page.name, &options.language, &mut names));
        if let (Some(page), Some(name)) = (page, &name) {
            index.files.insert(format!("fragment/{name}.pf_fragment"), page.fragment.clone());
        }
        index.fragments.push(name);
    }

    let found: Vec<Arc<ReadPage>> = pages.iter().flatten().cloned().collect();
    let fragments: Vec<&str> = index.fragments.iter().flatten().map(String::as_str).collect();
    let (meta, files) = write_index(&found, &fragments, lexicon, options);
    index.files.extend(files);

    // Without a page there is no list either. No name has a sign that JSON would escape.
    let language = &options.language;
    let name = list_name(language, &meta);
    let wasm = if rules.has_stems() { format!(r#""{language}""#) } else { "null".to_owned() };
    let mut languages = String::new();
    if !found.is_empty() {
        let count = found.len();
        languages = format!(r#""{language}":{{"hash":"{name}","wasm":{wasm},"page_count":{count}}}"#);
        index.files.insert(format!("pagefind.{name}.pf_meta"), pack(&meta));
    }
    let signs = CONNECTORS.map(|sign| format!(r#""{sign}""#)).join(",");
    let entry =
        format!(r#"{{"version":"{VERSION}","languages":{{{languages}}},"include_characters":[{signs}]}}"#);
    index.files.insert("pagefind-entry.json".to_owned(), entry.into());
    index
}

/// Writes the list of pages and chunks, and the files of the chunks.
fn write_index(
    pages: &[Arc<ReadPage>],
    fragments: &[&str],
    lexicon: &mut Lexicon,
    options: &IndexOptions,
) -> (Vec<u8>, Vec<(String, Bytes)>) {
    let table = TermTable::of(pages, lexicon);
    let chunks = table.chunks(options.chunk);
    let write_chunk = |chunk: &&[u32]| {
        let bytes = table.encode(chunk);
        (full_name(&options.language, &bytes), pack(&bytes))
    };
    let written: Vec<(String, Bytes)> = chunks.par_iter().map(write_chunk).collect();

    let mut meta = Vec::new();
    push_array(&mut meta, 6);
    push_text(&mut meta, VERSION);
    push_array(&mut meta, pages.len());
    for (page, fragment) in pages.iter().zip(fragments) {
        push_array(&mut meta, 3);
        push_text(&mut meta, fragment);
        push_number(&mut meta, page.words as i64);
        push_text(&mut meta, ""); // the name of a file of several fragments
    }

    let mut files = Vec::with_capacity(written.len());
    let mut names = BTreeSet::new();
    push_array(&mut meta, chunks.len());
    for ((from, to), (full, packed)) in borders(&table, &chunks).into_iter().zip(written) {
        let name = short_name(&full, &options.language, &mut names);
        push_array(&mut meta, 3);
        push_text(&mut meta, &from);
        push_text(&mut meta, &to);
        push_text(&mut meta, &name);
        files.push((format!("index/{name}.pf_index"), packed));
    }

    // No filters, and no order but that of the pages.
    push_array(&mut meta, 0);
    push_array(&mut meta, 0);
    push_array(&mut meta, options.fields.len());
    options.fields.iter().for_each(|field| push_text(&mut meta, field));

    lexicon.used = table.len();
    (meta, files)
}

/// Between which words each chunk is: as much of its first and last word as tells them from the neighbours.
fn borders(table: &TermTable<'_>, chunks: &[&[u32]]) -> Vec<(String, String)> {
    let text = |term: Option<&u32>| term.map_or("", |term| table.text(*term));
    let mut borders: Vec<(String, String)> =
        chunks.iter().map(|chunk| (text(chunk.first()).to_owned(), text(chunk.last()).to_owned())).collect();
    for (at, pair) in chunks.windows(2).enumerate() {
        let (last, first) = (text(pair[0].last()), text(pair[1].first()));
        let shared = last.chars().zip(first.chars()).take_while(|(a, b)| a == b).count();
        let short = |word: &str| word.chars().take(shared + 1).collect::<String>();

        // A chunk of one long word would else end before it begins.
        if short(last) >= borders[at].0 {
            borders[at].1 = short(last);
        }
        borders[at + 1].0 = short(first);
    }
    borders
}
