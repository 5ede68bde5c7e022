//! Following a book: an edition after every change, passed on to the threads that answer.

use std::sync::{Arc, mpsc};

use tokio::sync::watch::Sender;

use super::batch::Change;
use super::preview::{Preview, Snapshots};
use super::watch::Watcher;
use crate::engine::Engine;
use crate::read::{Layout, Snapshot};

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
}

impl Follower {
    /// Prepares to follow a book. The watcher exists before the book is read, so that no change is missed in between.
    pub fn new(layout: Layout, engine: Engine, watcher: Watcher) -> Self {
        Follower { layout, engine, watcher, snapshot: Snapshot::default() }
    }

    /// Makes an edition now and one after every change, forever.
    pub fn follow(mut self, previews: &Sender<Option<Arc<Preview>>>, events: &mpsc::Sender<FollowEvent>) {
        let mut snapshot = Snapshot::take(&self.layout, None);
        loop {
            // Watch before and after: writing may have asked for more files elsewhere.
            self.watcher.follow(&snapshot.outside());
            let edition = self.engine.edition(&snapshot);
            self.watcher.follow(&snapshot.outside());

            let before = previews.borrow().clone();
            let renderer = Arc::clone(&self.engine.renderer);
            let snapshots = Snapshots { now: &snapshot, before: &self.snapshot };
            let preview = Preview::new(edition, before.as_deref(), &snapshots, renderer);

            // Hand the edition on first: to free the one before takes a while. Nobody need listen to events.
            previews.send_replace(Some(Arc::new(preview)));
            let _ = events.send(FollowEvent::Edition);
            drop(before);

            self.snapshot = snapshot;
            snapshot = self.next(events);
        }
    }

    /// Waits until the book has changed.
    fn next(&mut self, events: &mpsc::Sender<FollowEvent>) -> Snapshot {
        loop {
            if let Some(message) = self.watcher.take_message() {
                let _ = events.send(FollowEvent::Watching(message));
            }

            // Read what has changed alone, if that is known and cannot miss anything.
            let known = &self.snapshot;
            let change = self.watcher.wait(|path| known.knows(&self.layout, path));
            let partial = match change {
                Change::Files(files) => known.reread(&self.layout, &files),
                Change::Anything => None,
            };
            let now = partial.unwrap_or_else(|| Snapshot::take(&self.layout, Some(known)));
            if !now.is_same(known) {
                return now;
            }

            self.watcher.follow(&now.outside());
            self.snapshot = now;
        }
    }
}
