//! The preview as authors use it: the program serves a book, a chapter of it is saved many times, and its page is
//! requested until it contains the edit.
//!
//! The time is from the end of the write to the last byte of the first response with the edit. It includes the time
//! that the system takes to report a written file, which is also measured alone, with a watcher that does nothing
//! else.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use bindery::engine::Engine;
use bindery::read::{Layout, Overrides, Snapshot};
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecursiveMode, Watcher};

use super::generate;
use super::program::BenchError;

/// How often a chapter is saved.
const EDITS: usize = 20;
/// The pause between two saves.
const PAUSE: Duration = Duration::from_millis(300);

/// Measures previews of books of these sizes.
///
/// # Errors
/// If a book cannot be written or served.
pub fn report(sizes: &[usize]) -> Result<String, BenchError> {
    let mut report = String::from(
        "chapters   address   first page   edit to page: median      min      max   the system's part\n",
    );
    for chapters in sizes {
        let folder = tempfile::tempdir()?;
        let root = fs::canonicalize(folder.path())?.join("book");
        generate::write(&root, *chapters)?;
        let chapter = generate::middle(&root, *chapters);
        let page = page(&root, &chapter)?;
        let begun = Instant::now();
        let mut preview = Preview::start(&root)?;
        let address = begun.elapsed();
        preview.get(&page)?;
        let first = begun.elapsed();
        let mut edits = edits(&mut preview, &chapter, &page)?;
        let mut notices = notices(&chapter)?;
        writeln!(
            report,
            "{chapters:>8} {:>6.1} ms {:>9.1} ms {:>23.1} ms {:>5.1} ms {:>5.1} ms {:>16.1} ms",
            milliseconds(address),
            milliseconds(first),
            median(&mut edits),
            edits[0],
            edits[edits.len() - 1],
            median(&mut notices),
        )?;
    }
    Ok(report)
}

/// Saves a chapter many times; returns the times until the edits were served, in milliseconds.
fn edits(preview: &mut Preview, chapter: &Path, page: &str) -> Result<Vec<f64>, BenchError> {
    let original = fs::read_to_string(chapter)?;
    let mut times = Vec::new();
    for number in 0..EDITS {
        thread::sleep(PAUSE);
        let sign = format!("This is edit number {number}.");
        fs::write(chapter, format!("{}\n\n{sign}\n", original.trim_end()))?;
        let saved = Instant::now();
        while !preview.get(page)?.windows(sign.len()).any(|text| text == sign.as_bytes()) {
            if saved.elapsed() > Duration::from_secs(10) {
                return Err("the edit is never served".into());
            }
            // So that this process does not take a core from the program.
            thread::sleep(Duration::from_micros(300));
        }
        times.push(milliseconds(saved.elapsed()));
    }
    fs::write(chapter, original)?;
    Ok(times)
}

/// The times that the system takes to report a written file, in milliseconds.
fn notices(chapter: &Path) -> Result<Vec<f64>, BenchError> {
    let (sender, receiver) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |notice| drop(sender.send((notice, Instant::now()))))?;
    watcher.watch(chapter, RecursiveMode::NonRecursive)?;
    let text = fs::read(chapter)?;
    let mut times = Vec::new();
    for _ in 0..EDITS {
        thread::sleep(PAUSE);
        while receiver.try_recv().is_ok() {}
        fs::write(chapter, &text)?;
        let saved = Instant::now();
        // The first notice after everything is written; it can arrive before the write has returned.
        let at = loop {
            let (notice, at) = receiver.recv_timeout(Duration::from_secs(10))?;
            let is_end = matches!(notice?.kind, EventKind::Access(AccessKind::Close(AccessMode::Write)));
            if is_end || !cfg!(target_os = "linux") {
                break at;
            }
        };
        times.push(milliseconds(at.saturating_duration_since(saved)));
    }
    Ok(times)
}

/// The path of a chapter's page.
fn page(root: &Path, chapter: &Path) -> Result<String, BenchError> {
    let layout = Layout::at(root).map_err(|error| error.message)?;
    let edition = Engine::new(Overrides::default()).edition(&Snapshot::take(&layout, None));
    let path = chapter.strip_prefix(root)?.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let mut chapters = edition.book.chapters.iter();
    let found = chapters.find(|chapter| chapter.document.source.path == path);
    Ok(format!("/{}", found.ok_or("the chapter is not in the book")?.address))
}

/// The program, serving a book, and a connection to it.
struct Preview {
    child: Child,
    stream: BufReader<TcpStream>,
    host: String,
}

impl Preview {
    fn start(root: &Path) -> Result<Self, BenchError> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
        command.args(["serve", "--port", "0", "--root"]).arg(root);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("it is piped")?).read_line(&mut line)?;
        let url =
            line.split_whitespace().find_map(|word| word.strip_prefix("http://")).ok_or("no address")?;
        let host = url.trim_end_matches('/').to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        Ok(Preview { child, stream: BufReader::new(stream), host })
    }

    fn get(&mut self, path: &str) -> Result<Vec<u8>, BenchError> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut length, mut line) = (0, String::new());
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line)?;
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Sorts times and returns the one in the middle.
fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
