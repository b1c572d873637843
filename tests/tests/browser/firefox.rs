//! A real Firefox, driven over its own protocol: what chromedriver is to Chromium is no part of it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, timeout};

/// How it may be called.
const NAMES: [&str; 2] = ["firefox-esr", "firefox"];

/// How long it may take to start, or to answer, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// It chooses a port, and writes which into this file of its profile.
const PORT_FILE: &str = "MarionetteActivePort";
const PREFERENCES: &str = "user_pref('marionette.port', 0);\n";

/// What `WebDriver` calls the id of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser window.
pub(crate) struct Firefox {
    stream: Mutex<(BufReader<TcpStream>, u64)>,
    process: Child,
    _profile: TempDir,
}

impl Firefox {
    /// Opens a window; none where there is no Firefox, which is said.
    pub(crate) async fn start() -> Option<Self> {
        let profile = tempfile::tempdir().unwrap();
        std::fs::write(profile.path().join("user.js"), PREFERENCES).unwrap();
        let process = NAMES.iter().find_map(|name| spawn(name, profile.path()));
        let Some(process) = process else {
            eprintln!("skipped: there is no Firefox");
            return None;
        };
        let port = port(profile.path()).await;
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let mut stream = BufReader::new(stream);
        // It says what it is.
        message(&mut stream).await;
        let firefox = Self {
            stream: Mutex::new((stream, 0)),
            process,
            _profile: profile,
        };
        firefox.command("WebDriver:NewSession", json!({})).await;
        Some(firefox)
    }

    pub(crate) async fn open(&self, url: &str) {
        self.command("WebDriver:Navigate", json!({ "url": url }))
            .await;
    }

    pub(crate) async fn click(&self, selector: &str) {
        let id = self.find(selector).await;
        self.command("WebDriver:ElementClick", json!({ "id": id }))
            .await;
    }

    pub(crate) async fn send_keys(&self, selector: &str, text: &str) {
        let id = self.find(selector).await;
        let keys = json!({ "id": id, "text": text });
        self.command("WebDriver:ElementSendKeys", keys).await;
    }

    /// The value of a JavaScript expression.
    pub(crate) async fn run(&self, expression: &str) -> Value {
        let script = json!({ "script": format!("return {expression};"), "args": [] });
        self.command("WebDriver:ExecuteScript", script).await["value"].take()
    }

    /// Answers the dialog that is open with yes.
    pub(crate) async fn accept_dialog(&self) {
        self.command("WebDriver:AcceptAlert", json!({})).await;
    }

    pub(crate) async fn close(mut self) {
        self.process.kill().await.unwrap();
    }

    async fn find(&self, selector: &str) -> String {
        let found = json!({ "using": "css selector", "value": selector });
        let found = self.command("WebDriver:FindElement", found).await;
        found["value"][ELEMENT].as_str().unwrap().to_owned()
    }

    /// The answer to a command.
    async fn command(&self, name: &str, parameters: Value) -> Value {
        let (stream, id) = &mut *self.stream.lock().await;
        *id += 1;
        let text = json!([0, *id, name, parameters]).to_string();
        let text = format!("{}:{text}", text.len());
        stream.get_mut().write_all(text.as_bytes()).await.unwrap();
        let mut answer = timeout(PATIENCE, message(stream))
            .await
            .unwrap_or_else(|_| panic!("no answer to {name}"));
        assert!(answer[2].is_null(), "{name}: {}", answer[2]);
        answer[3].take()
    }
}

fn spawn(name: &str, profile: &Path) -> Option<Child> {
    Command::new(name)
        .args(["--headless", "--marionette", "--no-remote", "--profile"])
        .arg(profile)
        .env("HOME", profile)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()
}

async fn port(profile: &Path) -> u16 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = std::fs::read_to_string(profile.join(PORT_FILE)).unwrap_or_default();
        if let Ok(port) = text.trim().parse() {
            return port;
        }
        assert!(Instant::now() < deadline, "Firefox does not start");
        sleep(Duration::from_millis(50)).await;
    }
}

/// A message: its length, a colon, and that much JSON.
async fn message(stream: &mut BufReader<TcpStream>) -> Value {
    let mut length = 0;
    loop {
        match stream.read_u8().await.unwrap() {
            b':' => break,
            digit => length = length * 10 + usize::from(digit - b'0'),
        }
    }
    let mut text = vec![0; length];
    stream.read_exact(&mut text).await.unwrap();
    serde_json::from_slice(&text).unwrap()
}
