//! A real browser: Chromium without a window, driven over its DevTools protocol
//! (<https://chromedevtools.github.io/devtools-protocol/>).
//!
//! All tests of a run share one Chromium. Each gets a [`Browser`] of its own, a *browser context* of the protocol:
//! what one page stores is not seen by another test.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use super::preview::PATIENCE;

/// The names of Chromium's program.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Options of Chromium. The last four prevent it from slowing down pages in the background.
const OPTIONS: &[&str] = &[
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--window-size=1280,800",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-features=CalculateNativeWinOcclusion",
];

/// The Chromium of a run. It starts when the first test asks for a browser, and ends when the value is dropped.
pub struct Chromium {
    program: Option<PathBuf>,
    process: OnceLock<Process>,
}

/// A running Chromium.
struct Process {
    child: Child,
    /// The URL of its DevTools socket.
    address: String,
    profile: TempDir,
}

impl Chromium {
    /// Looks for Chromium: the program that `BINDERY_CHROMIUM` names, else one on the path.
    pub fn find() -> Self {
        Chromium { program: find(), process: OnceLock::new() }
    }

    /// Whether Chromium is installed.
    pub fn is_installed(&self) -> bool {
        self.program.is_some()
    }

    /// Opens a browser with an empty profile and one tab.
    pub fn open(&self) -> Browser {
        let process = self
            .process
            .get_or_init(|| Process::start(self.program.as_ref().expect("Chromium is installed")));
        Browser::connect(&process.address)
    }
}

impl Process {
    fn start(program: &PathBuf) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut child = Command::new(program)
            .args(OPTIONS)
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
            .expect("Chromium prints its address");

        // Chromium keeps writing to the pipe, and would block if it were full.
        std::thread::spawn(move || lines.for_each(drop));

        Process { child, address, profile }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();

        // Its other processes end a little later, and until then may add files to the profile.
        for _ in 0..100 {
            if fs::remove_dir_all(self.profile.path()).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A browser with one tab. Chromium closes its pages when the value is dropped.
pub struct Browser {
    address: String,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    context: Value,
    session: String,
    sent: u64,
}

impl Browser {
    fn connect(address: &str) -> Self {
        let (socket, _) = tungstenite::connect(address).expect("Chromium answers");
        if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
            stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        }

        let address = address.to_owned();
        let mut browser = Browser { address, socket, context: Value::Null, session: String::new(), sent: 0 };
        let context = browser.call("Target.createBrowserContext", json!({ "disposeOnDetach": true }));
        browser.context = context["browserContextId"].clone();
        browser.tab();
        browser
    }

    /// Opens a second browser, which shares nothing with this one.
    pub fn another(&self) -> Self {
        Browser::connect(&self.address)
    }

    /// Lets pages read and write the clipboard, which all browsers of a run share.
    pub fn allow_clipboard(&mut self) {
        let permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"];
        let params = json!({ "permissions": permissions, "browserContextId": self.context });
        self.call("Browser.grantPermissions", params);
    }

    /// Opens the tab.
    fn tab(&mut self) {
        // A window of its own, so that it is never behind another tab.
        let window = json!({ "url": "about:blank", "browserContextId": self.context, "newWindow": true, "width": 1280, "height": 800 });
        let tab = self.call("Target.createTarget", window);
        let target = tab["targetId"].clone();
        let attached = self.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        self.session = attached["sessionId"].as_str().expect("a session").to_owned();
        self.call("Page.enable", json!({}));
        // Each page behaves as if it had the focus, whatever other tests do.
        self.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
    }

    /// Calls a method of the protocol.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Calls a method of the protocol, which can fail during a navigation.
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
        self.until("!globalThis.bindery?.modules || bindery.isComplete", "complete");
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
        // During a navigation there may be no page, or only a part of it.
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

    /// Sets a preference of the reader: a media feature and its value.
    pub fn prefers(&mut self, feature: &str, value: &str) {
        let features = json!([{ "name": feature, "value": value }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Sets the width of the window, in CSS pixels.
    pub fn size(&mut self, width: u32) {
        let metrics = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Waits until the page has been drawn again, and what follows sizes has been told of them.
    pub fn drawn(&mut self) {
        self.eval("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))");
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

    /// Presses a key: its name, and its Windows key code.
    pub fn press(&mut self, (key, number): (&str, u32)) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let params = json!({ "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": number });
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Types text into the focused element.
    pub fn types(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }
}

/// The program that `BINDERY_CHROMIUM` names, else one on the path.
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
