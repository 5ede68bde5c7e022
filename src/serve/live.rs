//! The live channel: one socket for every open tab.
//!
//! After every edition a tab gets all that it must know ([`Preview::state`]), not what has changed: a tab that slept
//! has missed nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, interval, timeout};

use super::editor;
use super::guard::is_local;
use super::preview::Preview;
use super::server::Server;
use crate::text::Source;

/// The longest message that a tab may send, in bytes.
pub const LONGEST_MESSAGE: usize = 16 << 10;
/// How often a silent tab is asked whether it is still there.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long a tab may take to answer, or to read a message.
const PATIENCE: Duration = Duration::from_secs(50);

/// How long after an editor was opened a tab can have the next one.
const BETWEEN_EDITORS: Duration = Duration::from_millis(300);

/// What a tab sends.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TabRequest {
    /// Whether the preview is still there: a script cannot see the pings of the protocol.
    Ping,
    /// To open a source in the editor. It names the file, or none for its own chapter, and the line, and nothing else.
    Open(OpenFile),
}

#[derive(Debug, Deserialize)]
struct OpenFile {
    file: Option<String>,
    line: usize,
}

/// One open tab.
#[derive(Debug)]
pub struct Tab {
    server: Arc<Server>,
    /// The path of its address, decoded, without the leading slash.
    path: String,
    /// The file of the chapter that it showed when it opened the socket.
    file: Option<String>,
    /// The digest of the text of that chapter.
    text: Option<String>,
    /// The chapter that it shows.
    source: Option<Arc<Source>>,
    /// The number of the edition that it got last.
    told: u64,
    /// When it last had an editor opened.
    opened: Option<Instant>,
    peer: SocketAddr,
}

/// Serves a tab until it goes away.
pub async fn serve_tab(mut socket: WebSocket, mut tab: Tab) {
    let mut previews = tab.server.previews.clone();
    previews.mark_changed();

    let mut heartbeat = interval(HEARTBEAT);
    let mut heard = Instant::now();
    loop {
        let message = tokio::select! {
            changed = previews.changed() => {
                if changed.is_err() {
                    return;
                }
                let newest = previews.borrow_and_update().clone();
                let Some(preview) = newest.filter(|preview| preview.is_whole()) else { continue };
                match tab.tell(preview).await {
                    Some(state) => Message::text(state),
                    None => return,
                }
            }
            message = socket.recv() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Text(text))) => match tab.request(text.as_str()).await {
                        Some(answer) => Message::text(answer),
                        None => continue,
                    },
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => continue,
                }
            }
            _ = heartbeat.tick() => {
                if heard.elapsed() > PATIENCE {
                    return;
                }
                Message::Ping(axum::body::Bytes::new())
            }
        };

        if !matches!(timeout(PATIENCE, socket.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
}

impl Tab {
    /// Makes a tab from its query: `page`, the path of its address; `file` and `text`, that of its chapter and the digest of its text; and `since`, the
    /// number of the edition that it knows.
    pub fn new(server: Arc<Server>, query: &str, peer: SocketAddr) -> Self {
        let field = |name: &str| {
            let values = query.split('&').filter_map(|field| field.split_once('='));
            let value = values.filter(|(known, _)| *known == name).map(|(_, value)| value).next()?;
            Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
        };

        let page = field("page").unwrap_or_default();
        Tab {
            server,
            // An address is encoded by itself, before it becomes a field.
            path: percent_decode_str(page.trim_start_matches('/')).decode_utf8_lossy().into_owned(),
            file: field("file"),
            text: field("text"),
            source: None,
            told: field("since").and_then(|number| number.parse().ok()).unwrap_or(u64::MAX),
            opened: None,
            peer,
        }
    }

    /// The state for the tab. Its page is made for that, if it differs from before.
    async fn tell(&mut self, preview: Arc<Preview>) -> Option<String> {
        let (path, source) = (self.path.clone(), self.source.clone());
        let (file, text) = (self.file.take(), self.text.take());

        // A tab that knows later editions was opened before the preview was started again.
        let told = self.told.min(preview.number);
        self.told = preview.number;

        let (state, source) = spawn_blocking(move || {
            let of_file = file.and_then(|file| preview.source_of(&file, text.as_deref()).cloned());
            let state = preview.state(&path, of_file.or(source).as_deref(), told);
            (state, preview.source(&path).cloned())
        })
        .await
        .ok()?;

        // A chapter that is gone may come back, or be found elsewhere.
        self.source = source.or_else(|| self.source.take());
        Some(state)
    }

    /// Does what the tab asks for, and answers with what to tell the author, if anything.
    async fn request(&mut self, text: &str) -> Option<String> {
        let OpenFile { file, line } = match serde_json::from_str(text).ok()? {
            TabRequest::Ping => return Some(serde_json::json!({ "alive": true }).to_string()),
            TabRequest::Open(file) => file,
        };

        let refused = |reason: &str| Some(serde_json::json!({ "editor": reason }).to_string());
        if !is_local(self.peer) {
            return refused("Only the machine that the preview runs on can open its editor.");
        }

        let preview = self.server.previews.borrow().clone()?;
        let file = file.or_else(|| self.source.as_ref().map(|source| source.path.clone()))?;
        if !preview.is_source(&file) {
            return refused("The book has no such file.");
        }

        // A double click opens one editor.
        if self.opened.is_some_and(|opened| opened.elapsed() < BETWEEN_EDITORS) {
            return None;
        }
        self.opened = Some(Instant::now());

        let path = self.server.layout.root.join(&file);
        let setting = preview.edition.config.editor.clone();
        match spawn_blocking(move || editor::open(setting.as_deref(), &path, line)).await.ok()? {
            Ok(()) => None,
            Err(reason) => refused(&reason),
        }
    }
}
