//! Writes the file of a chapter.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::read::Layout;
use crate::text::Source;

/// The byte-order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Gives the file of a chapter another text. The target of a symbolic link is replaced, and not the link.
///
/// # Errors
/// It cannot be written, or some of the author's text would be lost: it is not exactly the text that was read.
pub fn rewrite(layout: &Layout, source: &Source, text: &str) -> io::Result<()> {
    let path = layout.root.join(&source.path).canonicalize()?;
    let bytes = fs::read(&path)?;
    let mark = if bytes.starts_with(MARK) { MARK } else { b"" };
    if bytes[mark.len()..] != *source.text.as_bytes() {
        let is_same = Source::chapter(&source.path, String::from_utf8_lossy(&bytes)).text == source.text;
        let reason = if is_same {
            "it contains control characters or lone carriage returns, which would be lost"
        } else {
            "it has changed while it was read"
        };
        return Err(io::Error::other(reason));
    }
    replace(&path, &[mark, text.as_bytes()].concat())
}

/// Replaces a file in one step: after a crash, it has its old or its new content.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    // A file or link that exists there is not ours.
    let mut file = File::options().write(true).create_new(true).open(&aside)?;

    let mut write = || {
        file.write_all(bytes)?;
        file.set_permissions(fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        fs::rename(&aside, path)
    };
    write().inspect_err(|_| drop(fs::remove_file(&aside)))
}
