//! What changed: the system's events, gathered into one change after another.
//!
//! [`Watcher::wait`] acts on the first event and does not delay a lone save: a file that was there before and
//! has been written and closed, or renamed into place, is a change at once. What is probably half of something
//! (a file that is still open, a file that is gone and may come back, many files) waits for a moment until it is
//! quiet. Events can be lost, so everything is looked at a while after the last one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::batch::{Batch, Change, Effect, effect};
use crate::read::Layout;
use crate::read::layout::{SETTINGS, STATIC};
use crate::read::walk::is_hidden;

/// How long it must be quiet before something that is not complete is acted upon.
const QUIET: Duration = Duration::from_millis(25);
/// How long a stream of events is waited for.
const LONGEST: Duration = Duration::from_millis(300);
/// How long after the last event everything is looked at.
const SETTLE: Duration = Duration::from_millis(200);
/// How long after a report of lost events there is no other.
const BETWEEN_REPORTS: Duration = Duration::from_secs(10);
/// How often everything is looked at where the system reports no changes.
const POLL: Duration = Duration::from_millis(500);

/// Waits for changes of one book.
#[derive(Debug)]
pub struct Watcher {
    layout: Layout,
    notices: Receiver<notify::Result<Event>>,
    /// `None` if changes are looked for from time to time.
    notifier: Option<RecommendedWatcher>,
    /// The folders that are watched: which folder it was, since another can take its name.
    watched: BTreeMap<PathBuf, Option<FolderIdentity>>,
    /// When everything is looked at, if nothing happens before.
    next_scan: Option<Instant>,
    /// What to report to the author about the watching.
    message: Option<String>,
    /// When lost events were last reported.
    last_report: Option<Instant>,
}

/// Tells a folder from another that took its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FolderIdentity {
    device: u64,
    inode: u64,
}

/// How changes are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchMode {
    /// The system reports them.
    Events,
    /// All files are looked at from time to time.
    Poll,
}

impl Watcher {
    /// Begins to watch. Where the system cannot report changes, it looks from time to time in either mode.
    pub fn new(layout: &Layout, mode: WatchMode) -> Self {
        let (sender, notices) = channel();
        let mut watcher = Watcher {
            layout: layout.clone(),
            notices,
            notifier: None,
            watched: BTreeMap::new(),
            next_scan: None,
            message: None,
            last_report: None,
        };

        if mode == WatchMode::Poll {
            watcher.give_up("as `--poll` asks");
            return watcher;
        }
        match notify::recommended_watcher(move |notice| drop(sender.send(notice))) {
            Ok(notifier) => watcher.notifier = Some(notifier),
            Err(error) => watcher.give_up(&reason(&error)),
        }

        watcher.follow(&[]);
        watcher
    }

    /// What to report to the author about the watching, once.
    pub fn take_message(&mut self) -> Option<String> {
        self.message.take()
    }

    /// Watches the folders that are there now, and where the links in them lead.
    pub fn follow(&mut self, links: &[PathBuf]) {
        let mut wanted = BTreeMap::from([(self.layout.root.clone(), RecursiveMode::NonRecursive)]);
        wanted.extend(self.layout.inputs().map(|folder| (folder, RecursiveMode::Recursive)));
        for link in links {
            if link.is_dir() {
                wanted.insert(link.clone(), RecursiveMode::Recursive);
            } else if let Some(folder) = link.parent() {
                wanted.entry(folder.to_owned()).or_insert(RecursiveMode::NonRecursive);
            }
        }

        if !self.layout.root.is_dir() {
            // No event says when it is back.
            self.next_scan = Some(Instant::now() + POLL);
        }

        let gone = |(folder, _): &(&PathBuf, _)| !wanted.contains_key(*folder);
        let gone: Vec<PathBuf> = self.watched.iter().filter(gone).map(|(folder, _)| folder.clone()).collect();
        for folder in gone {
            self.forget(&folder);
        }

        for (folder, mode) in wanted {
            let now = identity(&folder);
            if self.watched.get(&folder) == Some(&now) {
                continue;
            }
            self.forget(&folder);

            let Some(notifier) = self.notifier.as_mut().filter(|_| now.is_some()) else { continue };
            match notifier.watch(&folder, mode) {
                Ok(()) => drop(self.watched.insert(folder, now)),
                // It went away just now; its parent reports when it is back.
                Err(error) if is_missing(&error) => {}
                Err(error) => return self.give_up(&reason(&error)),
            }
        }
    }

    fn forget(&mut self, folder: &Path) {
        if self.watched.remove(folder).is_some()
            && let Some(notifier) = &mut self.notifier
        {
            // A folder that is gone is not watched any more, which is what is wanted.
            let _ = notifier.unwatch(folder);
        }
    }

    /// Watches all folders anew after events were lost: new folders among them are not watched yet.
    fn watch_again(&mut self, why: &str) {
        let folders: Vec<PathBuf> = self.watched.keys().cloned().collect();
        folders.iter().for_each(|folder| self.forget(folder));

        // Several times in a row, it would be nothing new.
        if self.last_report.is_none_or(|last| last.elapsed() > BETWEEN_REPORTS) {
            self.last_report = Some(Instant::now());
            self.message = Some(format!("looking at all files again, {why}"));
        }
    }

    /// Looks from time to time from now on.
    fn give_up(&mut self, why: &str) {
        self.notifier = None;
        self.watched.clear();
        self.next_scan = Some(Instant::now() + POLL);
        self.message = Some(format!("looking at all files twice a second, {why}"));
    }

    /// Waits for the next change. `is_known` tells whether a path is one of the book's files as last seen.
    pub fn wait(&mut self, is_known: impl Fn(&Path) -> bool) -> Change {
        let mut batch = Batch::default();

        // Most events do not matter: a file was read.
        while batch.is_empty() {
            match self.receive(self.next_scan) {
                Some(notice) => self.gather(&mut batch, notice, &is_known),
                None => {
                    self.next_scan = self.notifier.is_none().then(|| Instant::now() + POLL);
                    return Change::Anything;
                }
            }
        }

        let begun = Instant::now();
        loop {
            while let Ok(notice) = self.notices.try_recv() {
                self.gather(&mut batch, notice, &is_known);
            }
            if batch.is_complete() || begun.elapsed() > LONGEST {
                break;
            }
            match self.receive(Some(Instant::now() + QUIET)) {
                Some(notice) => self.gather(&mut batch, notice, &is_known),
                None => break,
            }
        }

        self.next_scan = Some(Instant::now() + SETTLE);
        batch.into_change()
    }

    /// The next event; `None` if there is none by then.
    fn receive(&mut self, until: Option<Instant>) -> Option<notify::Result<Event>> {
        let Some(until) = until else {
            return match self.notices.recv() {
                Ok(notice) => Some(notice),
                Err(_) => self.on_disconnect(),
            };
        };

        match self.notices.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(notice) => Some(notice),
            Err(RecvTimeoutError::Timeout) => None,
            // No events come any more: wait, and look.
            Err(RecvTimeoutError::Disconnected) => {
                if self.notifier.is_some() {
                    self.on_disconnect();
                }
                std::thread::sleep(until.saturating_duration_since(Instant::now()));
                None
            }
        }
    }

    /// The channel of events was closed: no more will come.
    fn on_disconnect(&mut self) -> Option<notify::Result<Event>> {
        self.give_up("since the system reports no changes any more");
        None
    }

    fn gather(&mut self, batch: &mut Batch, notice: notify::Result<Event>, is_known: &dyn Fn(&Path) -> bool) {
        let event = match notice {
            Ok(event) => event,
            Err(error) => {
                self.watch_again(&reason(&error));
                batch.anything();
                return;
            }
        };

        if event.need_rescan() {
            self.watch_again("since too much changed at once");
            batch.anything();
        }

        let paths =
            event.paths.iter().enumerate().filter(|(_, path)| self.is_relevant(path) || is_known(path));
        for (number, path) in paths {
            match effect(event.kind, number, path) {
                Effect::None => {}
                Effect::Written if is_known(path) => batch.written(path),
                Effect::Written | Effect::Changing => batch.changing(path),
                Effect::Created => batch.created(path),
                Effect::Gone => batch.gone(path),
            }
        }
    }

    /// Whether a path can be part of the book: the output, version control and other folders beside the inputs
    /// are not, nor what editors keep beside a file.
    fn is_relevant(&self, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.layout.root) else {
            // Where a link leads.
            return true;
        };

        let mut names = below.iter();
        // The book itself was moved away, or another has taken its place.
        let Some(top) = names.next() else { return true };

        let is_input = self.layout.inputs().iter().any(|folder| folder.file_name() == Some(top));
        let is_settings = top == SETTINGS && names.next().is_none();
        let in_links =
            self.watched.keys().any(|folder| *folder != self.layout.root && path.starts_with(folder));

        if !is_input {
            return is_settings || in_links;
        }
        top == STATIC || !path.file_name().is_some_and(is_hidden)
    }
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "since the system watches no more folders (on Linux, `fs.inotify.max_user_watches` says how many)"
                .to_owned()
        }
        _ => format!("since watching failed: {error}"),
    }
}

#[cfg(unix)]
fn identity(folder: &Path) -> Option<FolderIdentity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder)
        .ok()
        .filter(fs::Metadata::is_dir)
        .map(|folder| FolderIdentity { device: folder.dev(), inode: folder.ino() })
}

#[cfg(not(unix))]
fn identity(folder: &Path) -> Option<FolderIdentity> {
    folder.is_dir().then_some(FolderIdentity { device: 0, inode: 0 })
}

#[cfg(test)]
mod tests {
    use notify::EventKind;
    use notify::event::{CreateKind, Flag};

    use super::*;

    fn watcher() -> (Watcher, PathBuf) {
        let root = std::env::temp_dir().join("bindery-there-is-no-such-folder");
        (Watcher::new(&Layout { root: root.clone(), allowed: Vec::new() }, WatchMode::Poll), root)
    }

    #[test]
    fn lost_events_are_reported_and_everything_is_looked_at() {
        let (mut watcher, _) = watcher();
        assert!(watcher.take_message().is_some_and(|message| message.contains("--poll")));
        let mut batch = Batch::default();
        watcher.gather(&mut batch, Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)), &|_| true);
        assert!(watcher.take_message().is_some_and(|message| message.contains("too much changed at once")));
        assert_eq!(batch.into_change(), Change::Anything);
        let mut batch = Batch::default();
        watcher.gather(&mut batch, Err(notify::Error::generic("it broke")), &|_| true);
        assert_eq!(watcher.take_message(), None, "it was reported just now");
        assert_eq!(batch.into_change(), Change::Anything);
    }

    #[test]
    fn what_is_no_part_of_the_book_is_no_concern() {
        let (mut watcher, root) = watcher();
        let mut seen = |path: &str| {
            let mut batch = Batch::default();
            let event = Event::new(EventKind::Create(CreateKind::File)).add_path(root.join(path));
            watcher.gather(&mut batch, Ok(event), &|_| false);
            !batch.is_empty()
        };
        for path in ["content/a.md", "book.yaml", "static/.well-known/x", "themes/mine/theme.yaml"] {
            assert!(seen(path), "{path}");
        }
        for path in ["public/index.html", "content/.a.md.swp", "content/a.md~", ".git/index", "x/book.yaml"] {
            assert!(!seen(path), "{path}");
        }
    }
}
