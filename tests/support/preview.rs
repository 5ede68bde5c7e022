//! A preview: the program, serving a book, and a plain HTTP client for it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The limit for what a preview does in milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A running `bindery serve`; it ends with the value.
pub struct Preview {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    /// Kept open, so that the program can write to it.
    output: Option<BufReader<ChildStdout>>,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Preview {
    /// Serves the book in a folder at any free port.
    pub fn of(root: &Path) -> Self {
        Self::with(root, &[])
    }

    /// The same with more options.
    pub fn with(root: &Path, options: &[&str]) -> Self {
        Self::started(
            Command::new(env!("CARGO_BIN_EXE_bindery"))
                .args(["serve", "--root"])
                .arg(root)
                .args(if options.contains(&"--port") { &[] } else { &["--port", "0"][..] })
                .args(options)
                .stderr(Stdio::null())
                .env_remove("VISUAL")
                .env_remove("EDITOR"),
        )
    }

    /// Starts the command, which must be a preview, and waits for its address.
    pub fn started(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program");
        let mut preview = Preview { address: ([127, 0, 0, 1], 0).into(), output: None, child };
        let mut output = BufReader::new(preview.child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        let url = line.split_whitespace().find_map(|word| word.strip_prefix("http://"));
        let url = url.unwrap_or_else(|| panic!("no address in {line:?}"));
        preview.address = url.trim_end_matches('/').parse().expect("an address");
        preview.output = Some(output);
        preview
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line of its output that contains a text.
    pub fn until_says(&mut self, text: &str) {
        let output = self.output.as_mut().expect("it has been started");
        let mut said = String::new();
        while !said.lines().next_back().is_some_and(|line| line.contains(text)) {
            let count = output.read_line(&mut said).expect("a line");
            assert!(count > 0, "it ended without {text:?}: {said}");
        }
    }

    /// Waits until it has ended, and returns its exit code.
    pub fn ends(&mut self) -> Option<i32> {
        self.child.wait().expect("it is a process").code()
    }

    /// Requests a path.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address))
    }

    /// The text at a path, which must exist.
    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    /// Sends a request unchanged, and reads the response up to the end of the connection.
    pub fn ask(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("it is listened to");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        parse(&bytes)
    }

    /// Opens a connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the preview listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        stream
    }

    /// Requests a path until the response is right.
    pub fn until(&self, path: &str, what: &str, is_right: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path);
            if is_right(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "{path}: never {what}: {} {}", answer.status, answer.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Requests a path until the page contains a text.
    pub fn until_holds(&self, path: &str, text: &str) -> Answer {
        self.until(path, &format!("holds {text:?}"), |answer| answer.text().contains(text))
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Parses a response.
pub fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Answer {
        status: status.unwrap_or_else(|| panic!("no answer: {head:?}")),
        headers: headers.collect(),
        body: bytes.get(end + 4..).unwrap_or_default().to_vec(),
    }
}
