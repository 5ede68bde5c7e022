//! The desk: an edition after every change, handed on to those who answer.

use std::sync::{Arc, mpsc};

use tokio::sync::watch::Sender;

use super::batch::Change;
use super::preview::Preview;
use super::watch::Watcher;
use crate::engine::Engine;
use crate::read::{Layout, Snapshot};

/// What happens at the desk.
#[derive(Debug)]
pub enum FollowEvent {
    /// There is a new edition.
    Edition,
    /// Changes are noticed in another way than was wanted.
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
    /// Makes a desk. The watcher is there before the book is read, so that nothing is missed in between.
    pub fn new(layout: Layout, engine: Engine, watcher: Watcher) -> Self {
        Follower { layout, engine, watcher, snapshot: Snapshot::default() }
    }

    /// Makes an edition now and one after every change, for ever.
    pub fn follow(mut self, previews: &Sender<Option<Arc<Preview>>>, events: &mpsc::Sender<FollowEvent>) {
        let mut snapshot = Snapshot::take(&self.layout, None);
        loop {
            self.watcher.follow(&snapshot.outside());
            let edition = self.engine.edition(&snapshot);
            // Parsing may have asked for more files elsewhere.
            self.watcher.follow(&snapshot.outside());
            let before = previews.borrow().clone();
            let renderer = Arc::clone(&self.engine.renderer);
            let preview = Preview::new(edition, before.as_deref(), (&snapshot, &self.snapshot), renderer);
            let preview = Arc::new(preview);
            // Before anybody is told, and before the edition before is let go, which takes a while.
            previews.send_replace(Some(Arc::clone(&preview)));
            // Whether anybody listens is not the desk's business.
            let _ = events.send(FollowEvent::Edition);
            self.snapshot = snapshot;
            drop((before, preview));
            snapshot = self.next(events);
        }
    }

    /// Waits until the book is another than it was.
    fn next(&mut self, events: &mpsc::Sender<FollowEvent>) -> Snapshot {
        loop {
            if let Some(news) = self.watcher.news() {
                let _ = events.send(FollowEvent::Watching(news));
            }
            let known = &self.snapshot;
            let change = self.watcher.wait(|path| known.knows(&self.layout, path));
            let quick = match change {
                Change::Files(files) => known.reread(&self.layout, &files),
                Change::Anything => None,
            };
            let now = quick.unwrap_or_else(|| Snapshot::take(&self.layout, Some(known)));
            if !now.is_same(known) {
                return now;
            }
            self.watcher.follow(&now.outside());
            self.snapshot = now;
        }
    }
}
