//! The bundle as a process of its own, to be killed and started again under the same address; and what it
//! leaves behind.

use std::collections::HashMap;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// How long it may take to start, or to do what a test waits for, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every zstd frame begins with (RFC 8878 section 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The process, its data and everything that it prints.
pub(crate) struct Server {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Server {
    /// One without the demo: nobody is recorded yet.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let process = spawn(&folder, port);
        let server = Self {
            process,
            folder,
            port,
        };
        server.wait_until_it_serves().await;
        server
    }

    /// Ends it as a power cut would.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Starts it again, over the same data and under the same address.
    pub(crate) async fn restart(&mut self) {
        self.process = spawn(&self.folder, self.port);
        self.wait_until_it_serves().await;
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The summary of a session once it is like that.
    pub(crate) async fn summary(&self, session: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        self.answer(&format!("/v1/sessions/{session}"), is_wanted)
            .await
    }

    /// What a backend is answered there, once it is like that.
    pub(crate) async fn answer(&self, path: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let url = format!("{}{path}", self.url());
        let deadline = Instant::now() + PATIENCE;
        loop {
            let request = reqwest::Client::new().get(&url);
            let answer = request.bearer_auth("local-secret-key").send().await;
            let answer: Value = answer.unwrap().json().await.unwrap();
            if is_wanted(&answer) {
                return answer;
            }
            assert!(Instant::now() < deadline, "not as wanted: {answer:#}");
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// Its log and its terminal.
    pub(crate) fn output(&self) -> String {
        fs::read_to_string(self.folder.path().join("output")).unwrap()
    }

    /// The files and rows that hold any of these texts, recordings unpacked; the log among them.
    pub(crate) async fn holders_of(&self, texts: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        let mut look = |place: String, content: &[u8]| {
            let content = String::from_utf8_lossy(content);
            let held = texts.iter().filter(|text| content.contains(**text));
            found.extend(held.map(|text| format!("{text} in {place}")));
        };
        visit(self.folder.path(), &mut |path, content| {
            look(path.display().to_string(), content)
        });
        for row in self.rows().await {
            let key = format!("{:?} {:?}", row["PK"], row["SK"]);
            for (name, value) in &row {
                match value {
                    AttributeValue::B(packed) if packed.as_ref().starts_with(&ZSTD_MAGIC) => {
                        look(key.clone(), &zstd::decode_all(packed.as_ref()).unwrap());
                    }
                    value => look(format!("{key} {name}"), format!("{value:?}").as_bytes()),
                }
            }
        }
        found
    }

    /// The rows of its table, as a copy of the file has them: the file itself is in use.
    async fn rows(&self) -> Vec<HashMap<String, AttributeValue>> {
        let copy = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(self.folder.path().join("data")).unwrap() {
            let (path, name) = entry
                .map(|entry| (entry.path(), entry.file_name()))
                .unwrap();
            if name.to_string_lossy().starts_with("table.sqlite") {
                fs::copy(path, copy.path().join(name)).unwrap();
            }
        }
        let (client, _) = test_support::dynamodb_in(&copy.path().join("table.sqlite")).await;
        let tables = client.list_tables().send().await.unwrap();
        let pages = client
            .scan()
            .table_name(&tables.table_names()[0])
            .into_paginator();
        pages.items().send().try_collect().await.unwrap()
    }

    async fn wait_until_it_serves(&self) {
        let deadline = Instant::now() + PATIENCE;
        while reqwest::get(self.url()).await.is_err() {
            assert!(Instant::now() < deadline, "{}", self.output());
            sleep(Duration::from_millis(50)).await;
        }
    }
}

fn spawn(folder: &TempDir, port: u16) -> Child {
    let output = folder.path().join("output");
    let output = File::options().create(true).append(true).open(output);
    let output = output.unwrap();
    Command::new(env!("CARGO_BIN_EXE_bundle"))
        .env_clear()
        .env("DATA_DIR", folder.path().join("data"))
        .env("DEMO", "0")
        .env("PORT", port.to_string())
        .env("RUST_LOG", "info,dynoxide=error")
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

fn visit(folder: &Path, see: &mut impl FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, see);
            continue;
        }
        let content = fs::read(&path).unwrap_or_default();
        match content.starts_with(&ZSTD_MAGIC) {
            true => see(&path, &zstd::decode_all(content.as_slice()).unwrap()),
            false => see(&path, &content),
        }
    }
}
