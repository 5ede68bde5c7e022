//! What the author is told about how changes are noticed: what has happened, and what to do.

/// Files cannot be opened.
pub const TOO_MANY_OPEN: &str = "cannot read the book, since too many files are open; it is tried again until it succeeds, and \
                                 you see the last edition until then: close tabs of the preview or other programs, or end \
                                 the preview, raise the limit with `ulimit -n 4096`, and start it again";

/// Files can be opened again.
pub const ALL_OPENED: &str = "the book can be read again";

/// The system reports changes after it has not.
pub const REPORTED_AGAIN: &str = "the system reports changes again";

/// A change was found that the system did not report.
pub const MISSED: &str = "the system did not report a change, which was found by looking at all files; where that happens often, \
                          as on network drives, `--poll` does so twice a second";

/// Changes are looked for, for this reason.
pub fn polling(why: &str) -> String {
    format!("looking at all files twice a second, {why}")
}

/// Events were lost, for this reason.
pub fn lost_events(why: &str) -> String {
    format!("looking at all files again, {why}")
}

/// Why the system reports no changes.
pub fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "since the system watches no more folders; on Linux, `sudo sysctl fs.inotify.max_user_watches=524288` \
             raises the limit"
                .to_owned()
        }
        // `EMFILE`: of watchers or of open files.
        notify::ErrorKind::Io(error) if cfg!(target_os = "linux") && error.raw_os_error() == Some(24) => {
            "since too many programs watch folders or too many files are open; on Linux, `sudo sysctl \
             fs.inotify.max_user_instances=1024` and `ulimit -n` raise the limits"
                .to_owned()
        }
        _ => format!("since watching failed: {error}"),
    }
}
