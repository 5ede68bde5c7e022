//! Files that could not be opened because too many are open. That passes, and says nothing about the book.

use std::fs::File;
use std::io;
use std::path::Path;

/// `EMFILE` (the program has too many open files) and `ENFILE` (all programs together have), which are the same
/// numbers on Linux, macOS and the BSDs; and `ERROR_TOO_MANY_OPEN_FILES` of Windows.
const TOO_MANY: &[i32] = if cfg!(windows) { &[4] } else { &[24, 23] };

/// Whether an error says that too many files are open.
pub(super) fn is_shortage(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|code| TOO_MANY.contains(&code))
}

/// Whether too many files are open now. It tries to open a folder or file that exists.
pub(super) fn is_short_now(path: &Path) -> bool {
    File::open(path).is_err_and(|error| is_shortage(&error))
}
