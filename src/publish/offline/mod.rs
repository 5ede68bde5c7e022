//! What lets a book be read without a network: a service worker with the list of the book's files, and their sizes.
//!
//! The list has the digest of each file as it is published, so it can only be made when all outputs have been. Pages,
//! styles, scripts, pictures and fonts are in it. The page for print, the Markdown beside pages and what only
//! programs read are not; downloads are not either.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::json;
use sha1::{Digest as _, Sha1};

use crate::bind::places::{OFFLINE, OFFLINE_WORKER, PRINT, page_file};
use crate::read::AssetBody;
use crate::render::{self, images::social, search::index, theme::script};

/// The kinds of files that pages show.
const SHOWN: &[&str] = &[
    "html", "css", "js", "json", "svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "woff", "woff2",
    "ttf", "otf",
];

/// A file as it is published.
#[derive(Debug)]
pub struct PublishedFile {
    digest: String,
    bytes: u64,
}

impl PublishedFile {
    /// Digests an output.
    ///
    /// # Errors
    /// If it is a file that cannot be read.
    pub fn of(made: &render::Output) -> io::Result<Self> {
        match made {
            render::Output::Bytes(bytes) => PublishedFile::of_reader(&bytes[..]),
            render::Output::File(asset) => match &asset.body {
                AssetBody::Embedded(bytes) => PublishedFile::of_reader(*bytes),
                AssetBody::Disk(path) => PublishedFile::at(path),
            },
        }
    }

    /// Digests a file on disk.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn at(path: &Path) -> io::Result<Self> {
        PublishedFile::of_reader(File::open(path)?)
    }

    fn of_reader(mut reader: impl Read) -> io::Result<Self> {
        let mut hasher = Sha1::new();
        let bytes = io::copy(&mut reader, &mut hasher)?;
        // Browsers know this hash. It tells versions of a file apart, and protects from nobody.
        let digest = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(PublishedFile { digest, bytes })
    }
}

/// Whether a file is kept for reading offline.
pub fn is_kept(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let is_left_out = path == page_file(PRINT) || path.starts_with(social::FOLDER);
    path.starts_with(index::FOLDER) || (SHOWN.contains(&ending.as_str()) && !is_left_out)
}

/// The service worker and the sizes, by their paths.
pub fn outputs(files: &BTreeMap<String, PublishedFile>) -> [(&'static str, String); 2] {
    let part = |is_search: bool| {
        let of = files.iter().filter(move |(path, _)| path.starts_with(index::FOLDER) == is_search);
        let digests: BTreeMap<&String, &String> =
            of.clone().map(|(path, file)| (path, &file.digest)).collect();
        (json!(digests), of.map(|(_, file)| file.bytes).sum::<u64>())
    };
    let ((files, bytes), (search, of_search)) = (part(false), part(true));

    let list = json!({ "files": files, "search": search }).to_string();
    let worker = script::minify(include_str!("worker.js")).replace("BOOK", &list);
    [(OFFLINE_WORKER, worker), (OFFLINE, json!({ "book": bytes, "search": of_search }).to_string())]
}
