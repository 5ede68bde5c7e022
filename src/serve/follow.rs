//! Following a book: an edition after every change, passed on to the threads that answer.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::watch::Sender;

use super::batch::Change;
use super::messages;
use super::preview::{Preview, StaticFiles};
use super::watch::Watcher;
use crate::engine::Engine;
use crate::read::{Layout, Snapshot};
use crate::text::Source;

/// How long after a look that has failed there is another; twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest time until there is another look.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How much longer than an edition takes a pause must be for one to follow edits: then it is seldom in the way of the
/// next edit.
const PAUSE_PER_EFFORT: u32 = 20;

/// How many chapters take so long to parse that the first page does not wait for all of them.
const LARGE: usize = 400;

/// What happens while a book is followed.
#[derive(Debug)]
pub enum FollowEvent {
    /// There is a new edition.
    Edition,
    /// How changes are noticed has changed: a sentence for the author.
    Watching(String),
}

/// One book that is followed.
#[derive(Debug)]
pub struct Follower {
    layout: Layout,
    engine: Engine,
    watcher: Watcher,
    snapshot: Snapshot,
    /// How long the last edition took.
    effort: Duration,
    /// Whether edits were shown since, so that the rest of the book has to follow.
    is_behind: bool,
}

impl Follower {
    /// Prepares to follow a book. The watcher exists before the book is read, so that no change is missed in between.
    pub fn new(layout: Layout, engine: Engine, watcher: Watcher) -> Self {
        let (effort, is_behind) = (Duration::ZERO, false);
        Follower { layout, engine, watcher, snapshot: Snapshot::default(), effort, is_behind }
    }

    /// Makes an edition now and one after every change, forever. `first` is the page that was asked for first.
    pub fn follow(
        mut self,
        first: &OnceLock<String>,
        previews: &Sender<Option<Arc<Preview>>>,
        events: &mpsc::Sender<FollowEvent>,
    ) {
        let mut statics = BTreeMap::new();
        self.take(events);
        if let Some(address) = first.get()
            && self.snapshot.chapters.len() >= LARGE
        {
            self.show_page(address, previews);
            statics.clone_from(&self.snapshot.statics);
        }
        loop {
            // Watch before and after: writing may have asked for more files elsewhere.
            self.watcher.follow(self.snapshot.places());
            let begun = Instant::now();
            let edition = self.engine.edition(&self.snapshot);
            self.effort = begun.elapsed();
            self.is_behind = false;
            self.watcher.follow(self.snapshot.places());
            if self.snapshot.is_cut_short() {
                // Some of those files could not be opened, so this edition is not shown.
                self.take(events);
                continue;
            }

            let before = previews.borrow().clone();
            let renderer = Arc::clone(&self.engine.renderer);
            let of_static = StaticFiles { now: &self.snapshot.statics, before: &statics };
            let preview = Preview::new(edition, before.as_deref(), of_static, renderer);

            // Hand the edition on first: to free the one before takes a while. Nobody need listen to events.
            previews.send_replace(Some(Arc::new(preview)));
            let _ = events.send(FollowEvent::Edition);
            drop(before);

            statics.clone_from(&self.snapshot.statics);
            self.next(previews, events);
        }
    }

    /// Shows the page that an author waits for, before the other chapters of a large book have been parsed.
    fn show_page(&mut self, address: &str, previews: &Sender<Option<Arc<Preview>>>) {
        let Some(edition) = self.engine.first_page(&self.snapshot, address) else { return };
        let statics = StaticFiles { now: &self.snapshot.statics, before: &BTreeMap::new() };
        let renderer = Arc::clone(&self.engine.renderer);
        previews.send_replace(Some(Arc::new(Preview::of_page(edition, address, statics, renderer))));
    }

    /// Waits until the book has changed and there must be an edition. Edits of chapters that need none are shown.
    fn next(&mut self, previews: &Sender<Option<Arc<Preview>>>, events: &mpsc::Sender<FollowEvent>) {
        loop {
            if let Some(message) = self.watcher.take_message() {
                let _ = events.send(FollowEvent::Watching(message));
            }

            let known = &self.snapshot;
            let change = self.watcher.wait(|path| known.knows(&self.layout, path));
            // Look at what has changed alone, if that is known and cannot miss anything.
            if let Change::Files(files) = &change
                && let Some(reread) = self.snapshot.reread(&self.layout, files)
            {
                if !reread.has_more && self.show(&reread.edited, previews) {
                    continue;
                }
                return;
            }

            let known = &self.snapshot;
            if change == Change::Unreported && !self.is_behind && known.is_current(&self.layout) {
                self.watcher.follow(known.places());
                continue;
            }
            let now = self.taken(events);
            let is_same = now.is_same(&self.snapshot);
            if !is_same && change == Change::Unreported {
                if self.watcher.is_reported_late() {
                    continue;
                }
                self.watcher.on_missed();
            }
            self.snapshot = now;
            if !is_same || self.is_behind {
                return;
            }
            self.watcher.follow(self.snapshot.places());
        }
    }

    /// Shows edits of chapters, if nothing else depends on them. The rest of the book follows when its author pauses.
    fn show(&mut self, sources: &[Arc<Source>], previews: &Sender<Option<Arc<Preview>>>) -> bool {
        if sources.is_empty() {
            return true;
        }
        let Some(preview) = previews.borrow().clone() else { return false };

        let mut edits = preview.edits.clone();
        for source in sources {
            match self.engine.edit(&preview.edition, &edits, &self.snapshot, source) {
                Some(more) => edits = more,
                None => return false,
            }
        }
        previews.send_replace(Some(Arc::new(preview.edited(edits))));
        self.is_behind = true;
        self.watcher.look_in((self.effort * PAUSE_PER_EFFORT).min(LONGEST_PAUSE));
        true
    }

    /// Reads the book again.
    fn take(&mut self, events: &mpsc::Sender<FollowEvent>) {
        self.snapshot = self.taken(events);
    }

    /// Reads the book. If too many files are open, that says nothing about the book, so it is repeated until it
    /// succeeds; meanwhile, the last edition is shown.
    fn taken(&mut self, events: &mpsc::Sender<FollowEvent>) -> Snapshot {
        let mut pause = None;
        loop {
            let snapshot = Snapshot::take(&self.layout, Some(&self.snapshot));
            if !snapshot.is_cut_short() {
                if pause.is_some() {
                    // New folders may not be watched, since they could not be opened either.
                    self.watcher.watch_again();
                    let _ = events.send(FollowEvent::Watching(messages::ALL_OPENED.to_owned()));
                }
                return snapshot;
            }

            // The author is told once.
            if pause.is_none() {
                let _ = events.send(FollowEvent::Watching(messages::TOO_MANY_OPEN.to_owned()));
            }
            let now = pause.map_or(FIRST_PAUSE, |last: Duration| (last * 2).min(LONGEST_PAUSE));
            std::thread::sleep(now);
            pause = Some(now);
        }
    }
}
