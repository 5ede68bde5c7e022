//! A real browser: Chromium without a window, driven over its DevTools protocol
//! (<https://chromedevtools.github.io/devtools-protocol/>).
//!
//! Where there is no Chromium, tests that need one are skipped and say so, unless `BINDERY_BROWSER=required`.

use std::env;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use super::preview::PATIENCE;

/// The names that Chromium goes by.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser with one tab.
pub struct Browser {
    child: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: String,
    sent: u64,
    _profile: TempDir,
}

impl Browser {
    /// Opens a browser; `None`, and a word about it, where there is none and none is required.
    pub fn open() -> Option<Self> {
        let Some(program) = find() else {
            let required = env::var("BINDERY_BROWSER").is_ok_and(|value| value == "required");
            assert!(!required, "a browser is required, and there is no Chromium");
            #[expect(clippy::print_stderr, reason = "the tests' own output")]
            {
                eprintln!("skipped: there is no Chromium");
            }
            return None;
        };
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut child = Command::new(program)
            .args(["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--disable-gpu"])
            .args(["--no-sandbox", "--disable-background-networking", "--disable-component-update"])
            .args(["--disable-sync", "--disable-dev-shm-usage", "--mute-audio", "--window-size=1280,800"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("Chromium starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("listening on ").map(|(_, url)| url.trim().to_owned()))
            .expect("Chromium says where it listens");
        // It goes on talking, and must not be held up by that.
        std::thread::spawn(move || lines.for_each(drop));
        let (socket, _) = tungstenite::connect(address).expect("Chromium answers");
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        }
        let mut browser = Browser { child, socket, session: String::new(), sent: 0, _profile: profile };
        browser.tab();
        Some(browser)
    }

    /// Opens another tab, which takes the place of the one before.
    pub fn tab(&mut self) {
        self.session.clear();
        let tab = self.call("Target.createTarget", json!({ "url": "about:blank" }));
        let target = tab["targetId"].clone();
        let attached = self.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        self.session = attached["sessionId"].as_str().expect("a session").to_owned();
        self.call("Page.enable", json!({}));
    }

    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Calls a method of the protocol, which can fail while a page is left for another.
    fn try_call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.sent += 1;
        let mut request = json!({ "id": self.sent, "method": method, "params": params });
        if !self.session.is_empty() {
            request["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(request.to_string())).expect("Chromium listens");
        loop {
            let Message::Text(text) = self.socket.read().expect("Chromium answers") else { continue };
            let mut answer: Value = serde_json::from_str(text.as_str()).expect("JSON");
            if answer["id"] == json!(self.sent) {
                return match answer["error"].take() {
                    Value::Null => Ok(answer["result"].take()),
                    error => Err(error),
                };
            }
        }
    }

    /// Opens a URL and waits until it is loaded.
    pub fn go(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'", "loaded");
    }

    /// The value of an expression on the page; promises are awaited.
    pub fn eval(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let mut answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {:#}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Waits until an expression is true on the page.
    pub fn until(&mut self, expression: &str, what: &str) {
        let begun = Instant::now();
        // While a page is left for another, there is nothing to ask, or not all of it.
        let safely =
            format!("(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()");
        let params = json!({ "expression": safely, "returnByValue": true });
        let is_true = |answer: Result<Value, Value>| {
            answer.is_ok_and(|answer| answer["result"]["value"] == json!(true))
        };
        while !is_true(self.try_call("Runtime.evaluate", params.clone())) {
            assert!(begun.elapsed() < PATIENCE, "never {what}: {expression}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Clicks, or clicks twice, in the middle of an element, with modifier keys (1 Alt, 2 Ctrl, 4 Meta, 8 Shift).
    pub fn click(&mut self, element: &str, (count, modifiers): (u32, u32)) {
        let place = self.middle(element);
        for nth in 1..=count {
            for kind in ["mousePressed", "mouseReleased"] {
                let params = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": nth, "modifiers": modifiers });
                self.call("Input.dispatchMouseEvent", params);
            }
        }
    }

    /// The middle of an element in the window.
    fn middle(&mut self, element: &str) -> Value {
        self.eval(&format!(
            "(() => {{ const box = {element}.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ))
    }

    /// Says what the reader prefers: a media feature and its value.
    pub fn prefers(&mut self, feature: &str, value: &str) {
        let features = json!([{ "name": feature, "value": value }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Makes the window so wide, in CSS pixels.
    pub fn size(&mut self, width: u32) {
        let metrics = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Moves the mouse to the middle of an element.
    pub fn hover(&mut self, element: &str) {
        let place = self.middle(element);
        let params = json!({ "type": "mouseMoved", "x": place[0], "y": place[1] });
        self.call("Input.dispatchMouseEvent", params);
    }

    /// Taps the middle of an element.
    pub fn tap(&mut self, element: &str) {
        let place = self.middle(element);
        for (kind, points) in
            [("touchStart", json!([{ "x": place[0], "y": place[1] }])), ("touchEnd", json!([]))]
        {
            self.call("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points }));
        }
    }

    /// Presses a key: its name, and the number that Windows gives it.
    pub fn press(&mut self, (key, number): (&str, u32)) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let params = json!({ "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": number });
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Types text into what has the focus.
    pub fn types(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, in `BINDERY_CHROMIUM` or on the path.
fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os("BINDERY_CHROMIUM") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}
