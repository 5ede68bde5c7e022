//! A published book: built by the program, and served as plain files below a path, with the strictest content
//! security policy under which books work.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The path below which the book is served.
pub const BELOW: &str = "/some/sub/path/";
/// While this file is in the book's output folder, every answer is an error of the server.
pub const UNAVAILABLE: &str = "unavailable";
/// While this file is there, every answer is that the book is gone for good.
pub const GONE: &str = "gone-for-good";
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/// A book that is served for as long as the test runs.
pub struct Published {
    address: SocketAddr,
    below: &'static str,
}

impl Published {
    /// Builds the book in a folder and serves it.
    pub fn of(root: &Path) -> Self {
        build(root);
        Published::serve(root, BELOW)
    }

    /// Builds the book in a folder without telling it its address, and serves it below a path.
    pub fn unaddressed(root: &Path, below: &'static str) -> Self {
        run(root, &[]);
        Published::serve(root, below)
    }

    fn serve(root: &Path, below: &'static str) -> Self {
        let folder = root.join("public");
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A browser may close the connection before it has the response.
                std::thread::spawn(move || answer(&stream, &folder, below).ok());
            }
        });
        Published { address, below }
    }

    /// The URL of a page, by its path in the book.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{}{path}", self.address, self.below)
    }
}

/// Publishes the book in a folder to its `public/`.
pub fn build(root: &Path) {
    run(root, &["--base-url", &format!("https://example.com{BELOW}")]);
}

fn run(root: &Path, options: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    let status = command.args(["build", "-q"]).args(options).arg("--root").arg(root).status();
    assert!(status.expect("it runs").success());
}

fn answer(mut stream: &TcpStream, folder: &Path, below: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let (status, file) = match path.strip_prefix(below).map(|path| file(folder, path)) {
        _ if folder.join(UNAVAILABLE).exists() => ("503 Service Unavailable", folder.join("404.html")),
        _ if folder.join(GONE).exists() => ("410 Gone", folder.join("404.html")),
        Some(file) if file.is_file() => ("200 OK", file),
        _ => ("404 Not Found", folder.join("404.html")),
    };
    let body = fs::read(&file)?;
    let kind = kind(&file);
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nContent-Security-Policy: {POLICY}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

fn file(folder: &Path, path: &str) -> PathBuf {
    let file = folder.join(path);
    if path.is_empty() || path.ends_with('/') { file.join("index.html") } else { file }
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
