//! What changed: the system's events, gathered into one change after another.
//!
//! [`Watcher::wait`] acts on the first event and does not delay a lone save: a file that was there before and
//! has been written and closed, or renamed into place, is a change at once. What is probably half of something
//! (a file that is still open, a file that is gone and may come back, many files) waits for a moment until it is
//! quiet. Events can be lost, so everything is looked at a while after the last one.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::event::{ModifyKind, RenameMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, Watcher as _};

use super::batch::{Batch, Change, Effect, effect};
use super::folders::WatchedFolders;
use super::messages;
use crate::read::{Layout, Places};
use crate::text::slug;

/// How long it must be quiet before something that is not complete is acted upon.
const QUIET: Duration = Duration::from_millis(25);
/// How long it must be quiet before a file that is gone is taken to be gone for good.
const BRIEF_QUIET: Duration = Duration::from_millis(10);
/// How long a stream of events is waited for.
const LONGEST: Duration = Duration::from_millis(300);
/// How long after the last event everything is looked at.
const SETTLE: Duration = Duration::from_millis(200);
/// How long after a report of lost events there is no other.
const BETWEEN_REPORTS: Duration = Duration::from_secs(10);
/// How often everything is looked at where the system reports no changes.
const POLL: Duration = Duration::from_millis(500);
/// How long after watching has failed it is tried again; twice as long each time.
const RETRY: Duration = Duration::from_secs(30);
/// The longest time after which watching is tried again.
const LONGEST_RETRY: Duration = Duration::from_secs(600);

/// How often it is confirmed that no change was missed.
///
/// For 5,000 chapters in 5,000 folders that takes 0.13 s of one core each time, 0.4 % on average, in a build without
/// optimisation. Folders are listed and times compared, no file is opened and nothing is written. The system has all of
/// that in memory since the look before, so a disk that sleeps goes on sleeping, unless the memory was needed for
/// something else.
pub const HEARTBEAT: Duration = Duration::from_secs(30);

/// Waits for changes of one book.
#[derive(Debug)]
pub struct Watcher {
    layout: Layout,
    options: WatchOptions,
    folders: WatchedFolders,
    notices: Receiver<notify::Result<Event>>,
    /// `None` if changes are looked for from time to time.
    notifier: Option<RecommendedWatcher>,
    /// When everything is looked at, if nothing happens before.
    next_scan: Option<Instant>,
    /// When it is confirmed that nothing was missed, if nothing happens before.
    next_heartbeat: Instant,
    /// When watching is tried again after it has failed, and how long after the next time.
    retry: Option<(Instant, Duration)>,
    /// What to report to the author about the watching.
    message: Option<String>,
    /// When lost events were last reported.
    last_report: Option<Instant>,
    /// Whether the author knows that the system does not report every change.
    is_loss_told: bool,
}

/// How a book is watched.
#[derive(Clone, Copy, Debug)]
pub struct WatchOptions {
    /// How changes are noticed.
    pub mode: WatchMode,
    /// How often it is confirmed that no change was missed.
    pub heartbeat: Duration,
}

impl Default for WatchOptions {
    fn default() -> Self {
        WatchOptions { mode: WatchMode::Events, heartbeat: HEARTBEAT }
    }
}

/// How changes are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchMode {
    /// The system reports them.
    Events,
    /// All files are looked at from time to time.
    Poll,
    /// Folders are watched, but nothing is reported, as on some network drives. Only tests use it.
    Silent,
}

impl Watcher {
    /// Begins to watch. Where the system cannot report changes, it looks from time to time in either mode.
    pub fn new(layout: &Layout, options: WatchOptions) -> Self {
        let mut watcher = Watcher {
            layout: layout.clone(),
            options,
            folders: WatchedFolders::new(layout),
            notices: channel().1,
            notifier: None,
            next_scan: None,
            next_heartbeat: Instant::now() + options.heartbeat,
            retry: None,
            message: None,
            last_report: None,
            is_loss_told: false,
        };

        if options.mode == WatchMode::Poll {
            watcher.poll();
            watcher.message = Some(messages::polling("as `--poll` asks"));
            return watcher;
        }
        watcher.start();
        watcher.follow(Places::of(layout));
        if watcher.notifier.is_some() {
            // The book is read after this, so nothing can be missed.
            watcher.next_scan = None;
        }
        watcher
    }

    /// What to report to the author about the watching, once.
    pub fn take_message(&mut self) -> Option<String> {
        self.message.take()
    }

    /// Watches the folders in which the book's inputs are now.
    pub fn follow(&mut self, places: Places) {
        if !self.layout.root.is_dir() {
            // No event says when it is back.
            self.next_scan = Some(Instant::now() + POLL);
        }
        let is_retry = self.retry.is_some_and(|(at, _)| at <= Instant::now());
        if is_retry {
            self.start();
        }

        let Some(notifier) = &mut self.notifier else { return };
        match self.folders.follow(places, notifier) {
            Err(error) => self.give_up(&messages::reason(&error)),
            Ok(is_added) => {
                // Something may have changed there after the look that this follows.
                if is_added {
                    self.next_scan = Some(Instant::now() + SETTLE);
                }
                if is_retry {
                    self.retry = None;
                    self.message = Some(messages::REPORTED_AGAIN.to_owned());
                }
            }
        }
    }

    /// Watches all folders again with the next look: what is new in them may not be watched yet.
    pub fn watch_again(&mut self) {
        if let Some(notifier) = &mut self.notifier {
            self.folders.forget_all(notifier);
        }
    }

    /// Whether a change that a scan has found is reported now, because it has just happened. Then it is not acted upon
    /// yet, since it can be half of something.
    pub fn is_reported_late(&mut self) -> bool {
        let until = Instant::now() + SETTLE;
        while let Ok(notice) = self.notices.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if !notice.is_ok_and(|event| event.kind.is_access()) {
                self.next_scan = Some(Instant::now() + SETTLE);
                return true;
            }
        }
        false
    }

    /// A change was found that was not reported. There may be more of them, and folders that are not watched.
    pub fn on_missed(&mut self) {
        self.watch_again();
        if !self.is_loss_told {
            self.is_loss_told = true;
            self.message = Some(messages::MISSED.to_owned());
        }
    }

    /// After events were lost, folders that are new are not watched yet.
    fn on_lost_events(&mut self, why: &str) {
        self.watch_again();

        // Several times in a row, it would be nothing new.
        if self.last_report.is_none_or(|last| last.elapsed() > BETWEEN_REPORTS) {
            self.last_report = Some(Instant::now());
            self.message = Some(messages::lost_events(why));
        }
    }

    /// Asks the system to report changes.
    fn start(&mut self) {
        let (sender, notices) = channel();
        let is_silent = self.options.mode == WatchMode::Silent;
        let pass_on = move |notice| {
            if !is_silent {
                // At the end of the program, nobody waits for it any more.
                let _ = sender.send(notice);
            }
        };

        // Where links lead is watched by its own path: one folder under two paths would be watched under the last
        // one only, and no longer when either is gone.
        let config = Config::default().with_follow_symlinks(false);
        match RecommendedWatcher::new(pass_on, config) {
            Ok(notifier) => (self.notifier, self.notices) = (Some(notifier), notices),
            Err(error) => self.give_up(&messages::reason(&error)),
        }
    }

    /// Looks from time to time from now on, until watching succeeds again.
    fn give_up(&mut self, why: &str) {
        // The author is told once, not at each vain attempt.
        if self.retry.is_none() {
            self.message = Some(messages::polling(why));
        }
        let pause = self.retry.map_or(RETRY, |(_, pause)| pause);
        self.retry = Some((Instant::now() + pause, (pause * 2).min(LONGEST_RETRY)));
        self.poll();
    }

    fn poll(&mut self) {
        self.notifier = None;
        self.folders.clear();
        self.next_scan = Some(Instant::now() + POLL);
    }

    /// Waits for the next change. `is_known` tells whether a path is one of the book's files as last seen.
    pub fn wait(&mut self, is_known: impl Fn(&Path) -> bool) -> Change {
        let mut batch = Batch::default();

        // Most events do not matter: a file was read.
        let begun = Instant::now();
        while batch.is_empty() {
            let until = self.next_scan.map_or(self.next_heartbeat, |scan| scan.min(self.next_heartbeat));
            let is_overdue = until <= Instant::now() && begun.elapsed() > LONGEST;
            match if is_overdue { None } else { self.receive(until) } {
                Some(notice) => self.gather(&mut batch, notice, &is_known),
                None => return self.on_quiet(),
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
            let quiet = if batch.only_lacks_files() { BRIEF_QUIET } else { QUIET };
            match self.receive(Instant::now() + quiet) {
                Some(notice) => self.gather(&mut batch, notice, &is_known),
                None => break,
            }
        }

        self.next_scan = Some(Instant::now() + SETTLE);
        batch.into_change()
    }

    /// Puts off the look at everything that follows a change, until this long after it.
    pub fn look_in(&mut self, pause: Duration) {
        self.next_scan = Some(Instant::now() + pause.max(SETTLE));
    }

    /// Nothing has happened until it is time to look.
    fn on_quiet(&mut self) -> Change {
        let now = Instant::now();
        self.next_heartbeat = now + self.options.heartbeat;
        if self.notifier.is_none() {
            self.next_scan = Some(now + POLL);
            return Change::Anything;
        }

        match self.next_scan.take_if(|at| *at <= now) {
            Some(_) => Change::Anything,
            None => Change::Unreported,
        }
    }

    /// The next event; `None` if there is none by then.
    fn receive(&mut self, until: Instant) -> Option<notify::Result<Event>> {
        match self.notices.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(notice) => Some(notice),
            Err(RecvTimeoutError::Timeout) => None,
            // No events come any more: wait, and look.
            Err(RecvTimeoutError::Disconnected) => {
                if self.notifier.is_some() {
                    self.give_up("since the system reports no changes any more");
                }
                std::thread::sleep(until.saturating_duration_since(Instant::now()).min(POLL));
                None
            }
        }
    }

    fn gather(&mut self, batch: &mut Batch, notice: notify::Result<Event>, is_known: &dyn Fn(&Path) -> bool) {
        let event = match notice {
            Ok(event) => event,
            Err(error) => {
                self.on_lost_events(&messages::reason(&error));
                batch.anything();
                return;
            }
        };

        if event.need_rescan() {
            self.on_lost_events("since too much changed at once");
            batch.anything();
        }

        let paths =
            event.paths.iter().enumerate().filter(|(_, path)| self.folders.concern(path) || is_known(path));
        // A chapter that was given another name does not come back. What gets the name of a backup may.
        let is_renamed = matches!(event.kind, EventKind::Modify(ModifyKind::Name(RenameMode::Both)))
            && event.paths.last().is_some_and(|path| is_chapter(path));
        for (number, path) in paths {
            match effect(event.kind, number, path) {
                Effect::None => {}
                // A new chapter is whole when it is closed. Other new files may be those that editors put in another's place.
                Effect::Written if is_known(path) || is_chapter(path) => batch.written(path),
                Effect::Written | Effect::Changing => batch.changing(path),
                Effect::Created => batch.created(path),
                Effect::Gone if is_renamed => batch.written(path),
                Effect::Gone => batch.gone(path),
            }
        }

        // What was there is not watched any more. Another folder may be there by now, even with the same inode.
        let is_replaced = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        if is_replaced && let Some(notifier) = &mut self.notifier {
            for path in &event.paths {
                self.folders.forget_below(path, notifier);
            }
        }
    }
}

/// Whether a path is that of a chapter, by its name.
fn is_chapter(path: &Path) -> bool {
    path.file_name().and_then(OsStr::to_str).is_some_and(slug::is_chapter)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use notify::event::{CreateKind, Flag};

    use super::*;

    fn watcher() -> (Watcher, PathBuf) {
        let root = std::env::temp_dir().join("bindery-there-is-no-such-folder");
        let options = WatchOptions { mode: WatchMode::Poll, ..WatchOptions::default() };
        (Watcher::new(&Layout { root: root.clone(), allowed: Vec::new() }, options), root)
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
    fn watching_that_failed_is_tried_again_and_the_author_is_told_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a folder");
        std::fs::create_dir(root.join("content")).expect("a folder");
        let layout = Layout { root, allowed: Vec::new() };
        let mut watcher = Watcher::new(&layout, WatchOptions::default());
        assert_eq!(watcher.take_message(), None);

        watcher.give_up("as a test");
        assert!(watcher.take_message().is_some_and(|message| message.contains("twice a second, as a test")));
        watcher.follow(Places::of(&layout));
        assert!(watcher.notifier.is_none(), "it is too early");
        watcher.give_up("again");
        assert_eq!(watcher.retry.map(|(_, pause)| pause), Some(RETRY * 4));
        assert_eq!(watcher.take_message(), None);
        watcher.retry = Some((Instant::now(), RETRY));
        watcher.follow(Places::of(&layout));
        assert!(watcher.notifier.is_some() && watcher.retry.is_none());
        assert!(watcher.take_message().is_some_and(|message| message.contains("reports changes again")));
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
