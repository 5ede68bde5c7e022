//! What all connections of a preview share.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::guard::AllowedHosts;
use super::preview::Preview;
use crate::read::Layout;

/// How many connections there can be at once.
const CONNECTIONS: usize = 4096;

/// What all connections share.
#[derive(Debug)]
pub struct Server {
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
        Server { previews, layout, hosts, connections: Arc::new(Semaphore::new(CONNECTIONS)) }
    }

    /// The newest edition, or the first one, once it is there.
    pub async fn preview(&self) -> Option<Arc<Preview>> {
        let mut previews = self.previews.clone();
        previews.wait_for(Option::is_some).await.ok()?.clone()
    }
}
