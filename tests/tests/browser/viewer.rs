//! A window of an admin who looks at recordings.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::window::Window;

/// How long a summary may take.
const PATIENCE: Duration = Duration::from_secs(30);

impl Window {
    /// A bundle without a demo, and a window whose admin has signed in.
    pub(crate) async fn of_admin() -> Self {
        let window = Box::pin(Self::with_settings()).await;
        window.sign_in().await;
        window
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
}

/// The document that the recorded page is rebuilt in.
pub(crate) const RECORDED: &str = "document.querySelector('.stage iframe')?.contentDocument";

/// An hour before now, milliseconds since 1970.
pub(crate) fn an_hour_ago() -> i64 {
    Timestamp::now().as_millisecond() - 3_600_000
}
