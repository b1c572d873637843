//! The bundle, started as its users start it.

use std::fs::{File, read_to_string};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::client::Client;

/// How long the bundle may take to start, or to show what a test waits for: far more than it needs, so that a
/// busy machine fails no test. How fast it has to be is a matter of `timing`.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// How often to look again at what a test waits for.
pub(crate) const PAUSE: Duration = Duration::from_millis(50);

/// The process, the folder of its data, and everything that it prints. Ends with its value.
pub(crate) struct Bundle {
    process: Child,
    folder: TempDir,
    url: String,
}

impl Bundle {
    /// A bundle without the demo: one organization, connected to the workspace `local`, and nobody recorded.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with more environment variables.
    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), variables).await
    }

    async fn start_in(folder: TempDir, variables: &[(&str, &str)]) -> Self {
        let output = File::create(folder.path().join("output")).unwrap();
        let process = command()
            .env("DATA_DIR", folder.path().join("data"))
            .envs(variables.iter().copied())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        let mut bundle = Self {
            process,
            folder,
            url: String::new(),
        };
        bundle.url = bundle.address().await;
        bundle
    }

    /// Ends the process as a power cut would, and starts another one over the same data.
    pub(crate) async fn kill_and_restart(mut self, variables: &[(&str, &str)]) -> Self {
        self.process.kill().await.unwrap();
        Self::start_in(self.folder, variables).await
    }

    /// Somebody who talks to it, with the organization's default keys.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// The most memory that it has had at a time, bytes.
    pub(crate) fn peak_memory(&self) -> usize {
        let status = format!("/proc/{}/status", self.process.id().unwrap());
        let status = read_to_string(status).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.unwrap().trim().trim_end_matches(" kB");
        kilobytes.parse::<usize>().unwrap() << 10
    }

    /// Everything that it has printed since it was started: its terminal and its log.
    pub(crate) fn output(&self) -> String {
        read_to_string(self.folder.path().join("output")).unwrap()
    }

    /// Where it serves: what it prints once it does.
    async fn address(&mut self) -> String {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let output = self.output();
            let line = output
                .lines()
                .find_map(|line| line.trim().strip_prefix("Inbox "));
            if let Some(address) = line.filter(|_| output.contains("Ctrl-C")) {
                return address.trim().trim_end_matches('/').to_owned();
            }
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "ended with {ended:?}: {output}");
            assert!(
                tokio::time::Instant::now() < deadline,
                "does not start: {output}"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// The program, to be told where its data go; of this process's environment it sees nothing.
pub(crate) fn command() -> Command {
    let mut command = Command::new(program());
    command
        .env_clear()
        .env("DEMO", "0")
        .env("PORT", "0")
        .env("RUST_LOG", "info,dynoxide=error")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_bundle"))
}
