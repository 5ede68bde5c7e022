//! What all connections of a preview share.

use std::sync::{Arc, OnceLock};

use tokio::sync::{Semaphore, watch};

use super::guard::AllowedHosts;
use super::preview::Preview;
use crate::read::Layout;

/// How many connections there can be at once.
const CONNECTIONS: usize = 4096;

/// What all connections share.
#[derive(Debug)]
pub struct Server {
    /// The page that was asked for first.
    pub first: Arc<OnceLock<String>>,
    /// The newest edition; `None` until there is one.
    pub previews: watch::Receiver<Option<Arc<Preview>>>,
    /// Where the book is.
    pub layout: Layout,
    /// The names under which it may be asked for.
    pub hosts: AllowedHosts,
    /// How many more connections there can be.
    pub connections: Arc<Semaphore>,
}

impl Server {
    /// Makes a server.
    pub fn new(previews: watch::Receiver<Option<Arc<Preview>>>, hosts: AllowedHosts, layout: Layout) -> Self {
        let first = Arc::default();
        Server { first, previews, layout, hosts, connections: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    /// The newest edition that can answer to the path of a request, once there is one.
    pub async fn preview(&self, path: &str) -> Option<Arc<Preview>> {
        self.first.get_or_init(|| path.to_owned());
        let can_answer =
            |preview: &Option<Arc<Preview>>| preview.as_ref().is_some_and(|one| one.can_answer(path));
        let mut previews = self.previews.clone();
        previews.wait_for(can_answer).await.ok()?.clone()
    }
}
