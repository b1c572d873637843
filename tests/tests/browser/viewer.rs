//! A bundle with recordings in it, and a window of an admin who looks at them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use local::{Bundle, Config};
use platform::config::Environment;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::accessibility::grave_findings;
use crate::driver::Browser;

/// Windows in which every page has to look right, CSS pixels.
const WINDOWS: [(u32, u32); 2] = [(1440, 1000), (390, 844)];

/// How long a summary may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Viewer {
    pub(crate) bundle: Bundle,
    pub(crate) browser: Browser,
    data_dir: TempDir,
}

impl Viewer {
    /// A bundle without a demo, and a window whose admin has signed in.
    pub(crate) async fn open() -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let path = data_dir.path().display().to_string();
        let variables = [("PORT", "0"), ("DEMO", "0"), ("DATA_DIR", &path)];
        let environment = variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter();
        let config = Config::from_environment(&environment.collect::<Environment>()).unwrap();
        let bundle = Bundle::start(config).await.unwrap();
        let browser = Browser::start(1440, 1000).await;
        let viewer = Self {
            bundle,
            browser,
            data_dir,
        };
        viewer.go("/settings/integrations/intercom").await;
        viewer.browser.click_label("Sign in with Intercom").await;
        viewer.browser.click_label("Allow").await;
        viewer.browser.find(".badge").await;
        viewer
    }

    pub(crate) async fn go(&self, path: &str) {
        let url = format!("{}{path}", self.bundle.url());
        self.browser.open(&url).await;
    }

    /// Sends a chunk as a recorder does.
    pub(crate) async fn send(&self, session: &str, seq: usize, events: &[Value]) {
        let url = format!("{}/v1/sessions/{session}/chunks/{seq}", self.bundle.url());
        let mut body = GzEncoder::new(Vec::new(), Compression::fast());
        body.write_all(json!(events).to_string().as_bytes())
            .unwrap();
        let request = reqwest::Client::new()
            .post(url)
            .bearer_auth("local-write-key")
            .header("content-encoding", "gzip")
            .header("content-type", "application/json")
            .body(body.finish().unwrap());
        assert_eq!(request.send().await.unwrap().status(), 202);
    }

    /// Records chunks, and waits until so many are summarized.
    pub(crate) async fn record(&self, session: &str, chunks: &[Vec<Value>]) {
        for (seq, events) in chunks.iter().enumerate() {
            self.send(session, seq, events).await;
        }
        self.summarized(session, chunks.len()).await;
    }

    /// Loses a chunk that was stored.
    pub(crate) fn lose(&self, session: &str, seq: usize) {
        let folder = self
            .data_dir
            .path()
            .join("recordings/recordings/30/org_local");
        let files = std::fs::read_dir(folder.join(session)).unwrap();
        let begins = format!("{seq:06}-");
        let is_it = |path: &PathBuf| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(&begins)
        };
        let mut files = files.map(|file| file.unwrap().path());
        std::fs::remove_file(files.find(is_it).unwrap()).unwrap();
    }

    /// Waits until the summary covers so many chunks.
    pub(crate) async fn summarized(&self, session: &str, chunks: usize) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let url = format!("{}/v1/sessions/{session}", self.bundle.url());
        loop {
            let request = reqwest::Client::new()
                .get(&url)
                .bearer_auth("local-secret-key");
            let answer = request.send().await.unwrap();
            if answer.status() == 200 {
                let summary: Value = answer.json().await.unwrap();
                if summary["chunks"] == json!(chunks) {
                    return;
                }
            }
            assert!(tokio::time::Instant::now() < deadline, "no summary");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the player is in this state.
    pub(crate) async fn wait_for(&self, status: &str) {
        let condition = format!("document.querySelector('.player')?.dataset.status === '{status}'");
        self.browser.wait_until(&condition).await;
    }

    /// Waits until the recorded page says this.
    pub(crate) async fn wait_for_recorded(&self, text: &str) {
        let condition = format!("{RECORDED}.body?.innerText.includes({})", json!(text));
        self.browser.wait_until(&condition).await;
    }

    /// A value of the recorded page: an expression with `recorded` as its document.
    pub(crate) async fn recorded(&self, expression: &str) -> Value {
        let expression = format!("((recorded) => {expression})({RECORDED})");
        self.browser.run(&expression).await
    }

    /// Where the player is, whole seconds.
    pub(crate) async fn position(&self) -> u64 {
        let shown = self.browser.text(".times .now").await;
        let parts = shown.split(':').map(|part| part.parse::<u64>().unwrap());
        parts.fold(0, |seconds, part| seconds * 60 + part)
    }

    /// How many pieces the page has asked for.
    pub(crate) async fn pieces_loaded(&self) -> u64 {
        let loaded = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/events/')).length";
        self.browser.run(loaded).await.as_u64().unwrap()
    }

    /// Looks at the page in every window: a screenshot for people, axe for the rest.
    pub(crate) async fn look(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        for (width, height) in WINDOWS {
            self.browser.lay_out(width, height).await;
            tokio::time::sleep(Duration::from_millis(200)).await;
            let page = format!("{name}-{width}");
            let screenshot = BASE64_STANDARD
                .decode(self.browser.screenshot().await)
                .unwrap();
            std::fs::write(folder.join(format!("{page}.png")), screenshot).unwrap();
            let findings = grave_findings(&self.browser).await;
            assert!(findings.is_empty(), "{page}: {findings:#?}");
            let overflow = "document.documentElement.scrollWidth > window.innerWidth";
            assert_eq!(
                self.browser.run(overflow).await,
                false,
                "{page} scrolls sideways"
            );
        }
        let (width, height) = WINDOWS[0];
        self.browser.lay_out(width, height).await;
    }

    pub(crate) async fn close(self) {
        self.browser.assert_quiet_console().await;
        self.browser.close().await;
        self.bundle.shutdown().await;
    }
}

/// The document that the recorded page is rebuilt in.
const RECORDED: &str = "document.querySelector('.stage iframe')?.contentDocument";

/// An hour before now, milliseconds since 1970.
pub(crate) fn an_hour_ago() -> i64 {
    Timestamp::now().as_millisecond() - 3_600_000
}
