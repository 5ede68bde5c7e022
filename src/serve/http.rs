//! HTTP: connections, and what is answered to a request.
//!
//! Nothing here reaches the file system by a path that somebody asked for: outputs are looked up by name among the
//! promises of the site, and what they are made of is known to those.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tokio::task::spawn_blocking;
use tokio_io_timeout::TimeoutStream;
use tower_http::services::ServeFile;

use super::inject::Status;
use super::live::{self, Tab};
use super::preview::Reply;
use super::server::Server;
use crate::read::{Asset, AssetBody};
use crate::text::url::{OWN, encode_path};

/// How long a client may take to send the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an answer may wait for the client to read on.
const UNREAD: Duration = Duration::from_secs(30);
/// How long the head of a request may be, in bytes.
const LONGEST_HEAD: usize = 64 << 10;

/// The server's own scripts and styles.
const CLIENT: &[(&str, &str)] = &[
    ("live.js", include_str!("client/live.js")),
    ("patch.js", include_str!("client/patch.js")),
    ("bar.js", include_str!("client/bar.js")),
    ("channel.js", include_str!("client/channel.js")),
    ("live.css", include_str!("client/live.css")),
    ("pages.css", include_str!("client/pages.css")),
    ("idiomorph.js", include_str!("../../vendor/idiomorph/idiomorph.js")),
];

/// Accepts connections, forever.
pub async fn accept(listener: TcpListener, server: Arc<Server>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let Ok(permit) = Arc::clone(&server.connections).acquire_owned().await else { return };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(_) => {
                // The system has no connection left; it will when others close.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };

        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(UNREAD));

        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let server = Arc::clone(&server);
                async move { Ok::<_, Infallible>(answer(server, request, peer).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(LONGEST_HEAD)
                .serve_connection(TokioIo::new(Box::pin(stream)), service)
                .with_upgrades();
            // If the connection breaks, there is no one to tell.
            let _ = connection.await;
            drop(permit);
        });
    }
}

/// Answers one request.
async fn answer(server: Arc<Server>, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    let mut response = match check(&server, &request) {
        Err(refusal) => refusal,
        Ok(path) => match path.strip_prefix(OWN).and_then(|path| path.strip_prefix('/')) {
            Some("live") => socket(server, request, peer).await,
            Some(name) if !name.is_empty() => own(name),
            _ => output(&server, path, request).await,
        },
    };

    let headers = response.headers_mut();
    // The next answer can differ.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Pages of other sites cannot put the preview in a frame and have its buttons pressed.
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// The path that is asked for, decoded and without its leading slash, or why there is no answer.
fn check(server: &Server, request: &Request<Incoming>) -> Result<String, Response<Body>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal = plain(StatusCode::METHOD_NOT_ALLOWED, "A preview is only read.\n");
        refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Err(refusal);
    }

    let Some(host) = host(request) else {
        return Err(plain(StatusCode::BAD_REQUEST, "The request does not say which host it is for.\n"));
    };
    if !server.hosts.allow(host) {
        let text = "This is not a name of the preview. Use localhost, or allow the name: `bindery serve --host NAME`.\n";
        return Err(plain(StatusCode::FORBIDDEN, text));
    }
    decode(request.uri()).ok_or_else(|| plain(StatusCode::BAD_REQUEST, "This is not a valid address.\n"))
}

/// The host that is asked for, if it is named once.
fn host<B>(request: &Request<B>) -> Option<&str> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    hosts.next().filter(|_| hosts.next().is_none())?.to_str().ok()
}

/// The path of a URL, decoded; `None` if its codes are not right, or give what no path holds.
fn decode(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_prefix('/')?;
    let mut codes = path.split('%').skip(1);
    let is_code =
        |code: &str| code.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let path = percent_decode_str(path).decode_utf8().ok().filter(|_| codes.all(is_code))?;
    (!path.contains('\0')).then(|| path.into_owned())
}

/// One of the server's own scripts or styles.
fn own(name: &str) -> Response<Body> {
    match CLIENT.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => respond(StatusCode::OK, &kind(name), (*text).into()),
        None => plain(StatusCode::NOT_FOUND, "The preview has no such file.\n"),
    }
}

/// Opens the live channel.
async fn socket(server: Arc<Server>, request: Request<Incoming>, peer: SocketAddr) -> Response<Body> {
    let mut origins = request.headers().get_all(header::ORIGIN).iter();
    let origin = origins.next().map(|origin| origin.to_str().unwrap_or("null"));
    let is_ours = host(&request).is_some_and(|host| server.hosts.allow_origin(host, origin));
    if !is_ours || origins.next().is_some() {
        return plain(StatusCode::FORBIDDEN, "Only pages of the preview can follow its changes.\n");
    }

    let query = request.uri().query().unwrap_or_default().to_owned();
    let (mut parts, _) = request.into_parts();
    match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade
            .max_message_size(live::LONGEST_MESSAGE)
            .max_frame_size(live::LONGEST_MESSAGE)
            .on_upgrade(move |socket| live::serve_tab(socket, Tab::new(server, &query, peer))),
        Err(refusal) => refusal.into_response(),
    }
}

/// Answers with an output of the book.
async fn output(server: &Server, path: String, request: Request<Incoming>) -> Response<Body> {
    let unavailable = || plain(StatusCode::SERVICE_UNAVAILABLE, "The preview has ended.\n");
    let Some(preview) = server.preview(&path).await else { return unavailable() };

    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();

    // Making a page takes a while, and others must not wait for it.
    let Ok(answer) = spawn_blocking(move || preview.answer(&path)).await else { return unavailable() };

    match answer {
        Reply::Page(status, html) => respond(code(status), "text/html; charset=utf-8", html.into()),
        Reply::Bytes(path, bytes) => respond(StatusCode::OK, &kind(&path), bytes.into()),
        Reply::File(status, path, asset) => {
            let mut response = file(&asset, &kind(&path), request).await;
            if status == Status::Missing {
                *response.status_mut() = code(status);
            }
            response
        }
        Reply::Elsewhere(address) => {
            let mut response = plain(StatusCode::TEMPORARY_REDIRECT, "");
            if let Ok(location) = HeaderValue::try_from(format!("/{}{query}", encode_path(&address))) {
                response.headers_mut().insert(header::LOCATION, location);
            }
            response
        }
    }
}

/// A file, or the part of it that is asked for.
async fn file(asset: &Asset, kind: &str, mut request: Request<Incoming>) -> Response<Body> {
    match &asset.body {
        AssetBody::Embedded(bytes) => respond(StatusCode::OK, kind, (*bytes).into()),
        AssetBody::Disk(path) => {
            let length = tokio::fs::metadata(path).await.map_or(0, |file| file.len());
            if !is_one_range(request.headers(), length) {
                request.headers_mut().remove(header::RANGE);
            }

            let Ok(answer) = ServeFile::new(path).try_call(request).await else {
                return plain(StatusCode::NOT_FOUND, "This file is gone.\n");
            };

            let mut response = answer.map(Body::new);
            if let Ok(kind) = HeaderValue::try_from(kind)
                && response.status().is_success()
            {
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
            }
            response
        }
    }
}

/// Whether a request is for one part of a file. Otherwise the whole file is a valid answer to
/// any range (RFC 9110, section 14.2): to several, to more than there is, and to one of a file as it was before.
fn is_one_range(headers: &HeaderMap, length: u64) -> bool {
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let is_whole = |last: &str| last.parse().is_ok_and(|last: u64| last >= length);
    range.is_some_and(|range| !range.contains(',') && !range.strip_prefix("bytes=-").is_some_and(is_whole))
        && !headers.contains_key(header::IF_RANGE)
        && length > 0
}

fn code(status: Status) -> StatusCode {
    match status {
        Status::Found => StatusCode::OK,
        Status::Missing => StatusCode::NOT_FOUND,
        Status::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The media type of an output. What is text is UTF-8.
fn kind(path: &str) -> String {
    let kind = mime_guess::from_path(path).first_or_octet_stream().to_string();
    let is_text = kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml");
    if is_text { format!("{kind}; charset=utf-8") } else { kind }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    respond(status, "text/plain; charset=utf-8", text.into())
}

fn respond(status: StatusCode, kind: &str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let kind = HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
