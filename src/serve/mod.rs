//! A site → the browser: a preview that follows the book while its author writes.
//!
//! [`run`] is the entry point. One thread waits for changes ([`watch`]), makes an edition of each and passes it
//! on ([`follow`]); the others answer with what the newest edition promises ([`http`]) and tell every open tab
//! that there is a newer one ([`live`]), which then patches its page. What is served is what a build writes,
//! byte for byte; only the script that follows the book is added, as a page is answered ([`inject`]).
//!
//! Nothing is written to disk.

pub mod batch;
pub mod editor;
pub mod folders;
pub mod follow;
pub mod guard;
pub mod http;
pub mod inject;
pub mod listen;
pub mod live;
pub mod messages;
pub mod pages;
pub mod preview;
pub mod server;
pub mod watch;

use std::io;
use std::sync::{Arc, mpsc};

use tokio::runtime::Builder;
use tokio::sync::watch as channel;

use crate::edition::Edition;
use crate::engine::Engine;
use crate::read::{Layout, Overrides};
use crate::render::theme::template::STACK;
use crate::text::{Diagnostic, DiagnosticCode};
use crate::watchdog;

use follow::{FollowEvent, Follower};
use guard::AllowedHosts;
use preview::Preview;
use server::Server;
use watch::{WatchMode, WatchOptions, Watcher};

/// How a preview is served.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The address or name to bind; `None` for this machine alone.
    pub host: Option<String>,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Whether to look at all files from time to time, and not to rely on the system's events.
    pub poll: bool,
    /// What the command's options say over `book.yaml`.
    pub overrides: Overrides,
}

/// Something that the author should know while the preview runs.
#[derive(Debug)]
pub enum ServeEvent<'n> {
    /// The preview can be opened at this URL.
    Open(&'n str),
    /// There is a new edition of the book.
    Edition(&'n Edition),
    /// Changes are noticed in another way than was wanted.
    Watching(&'n str),
    /// A page takes too long to render, and the preview ends.
    Stuck(&'n Diagnostic),
}

/// Serves a preview until the program is asked to end.
///
/// # Errors
/// [`DiagnosticCode::TakenPort`] if another program listens there; [`DiagnosticCode::FailedPreview`] if the preview
/// cannot be served.
pub fn run(
    layout: Layout,
    options: ServeOptions,
    tell: impl Fn(ServeEvent<'_>) + Send + Sync + 'static,
) -> Result<(), Diagnostic> {
    // Every open tab holds a connection; the usual limit of the system is 1,024.
    let _ = rlimit::increase_nofile_limit(u64::MAX);

    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .map_err(failed)?;
    let outcome = runtime.block_on(preview(layout, options, tell));

    // Do not wait for connections that are still open.
    runtime.shutdown_background();
    outcome
}

/// Starts the threads that follow the book and answer, and waits for the end.
async fn preview(
    layout: Layout,
    options: ServeOptions,
    tell: impl Fn(ServeEvent<'_>) + Send + Sync + 'static,
) -> Result<(), Diagnostic> {
    // Listen for signals first: as soon as the URL is printed, the program can be asked to end.
    let end = end_signals().map_err(failed)?;
    let listeners = listen::bind(options.host.as_deref(), options.port)?;
    let url = listen::url(&listeners, options.host.as_deref()).map_err(failed)?;

    let (sender, previews) = channel::channel(None);
    let hosts = AllowedHosts::new(options.host.as_deref());
    let server = Arc::new(Server::new(previews, hosts, layout.clone()));
    for listener in listeners {
        tokio::spawn(http::accept(listener, Arc::clone(&server)));
    }
    tell(ServeEvent::Open(&url));

    let tell = Arc::new(tell);
    let engine = Engine::new(options.overrides);
    let tell_stuck = Arc::clone(&tell);
    watchdog::watch(&engine.renderer, watchdog::LONGEST, move |diagnostic| {
        tell_stuck(ServeEvent::Stuck(&diagnostic));
        std::process::exit(1);
    });

    let (events, happened) = mpsc::channel();
    let newest = server.previews.clone();
    let first = Arc::clone(&server.first);
    std::thread::spawn(move || report(&happened, &newest, &*tell));
    let follow = std::thread::spawn(move || {
        let mode = if options.poll { WatchMode::Poll } else { WatchMode::Events };
        let watcher = Watcher::new(&layout, WatchOptions { mode, ..WatchOptions::default() });
        Follower::new(layout, engine, watcher).follow(&first, &sender, &events);
    });
    ended(end, server, follow).await.map_err(failed)
}

/// The diagnostic for a preview that the system does not let us serve.
fn failed(error: io::Error) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::FailedPreview, format!("cannot serve: {error}"))
}

/// Reports events on a thread of its own: a terminal that was stopped holds nothing else up, and gets the newest
/// edition alone when it goes on.
fn report(
    events: &mpsc::Receiver<FollowEvent>,
    previews: &channel::Receiver<Option<Arc<Preview>>>,
    tell: &dyn Fn(ServeEvent<'_>),
) {
    let mut told = 0;
    for event in events {
        match event {
            FollowEvent::Watching(text) => tell(ServeEvent::Watching(&text)),
            FollowEvent::Edition => {
                let newest = previews.borrow().clone();
                if let Some(preview) = newest.filter(|preview| preview.number > told) {
                    told = preview.number;
                    tell(ServeEvent::Edition(&preview.edition));
                }
            }
        }
    }
}

/// Waits until the program is asked to end.
async fn ended(
    end: impl Future<Output = ()>,
    server: Arc<Server>,
    follow: std::thread::JoinHandle<()>,
) -> io::Result<()> {
    let mut previews = server.previews.clone();
    let follow_ended = async move { while previews.changed().await.is_ok() {} };
    tokio::select! {
        () = end => Ok(()),
        () = follow_ended => {
            let _ = follow.join();
            Err(io::Error::other("the book is no longer followed; this is a defect of bindery"))
        }
    }
}

/// Listens, from now on, for the signals that end the program.
#[cfg(unix)]
fn end_signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens for the wish that the program ends.
#[cfg(not(unix))]
fn end_signals() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // If it cannot be listened for, the system ends the program.
        let _ = tokio::signal::ctrl_c().await;
    })
}
