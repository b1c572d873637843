//! Real analytics clients from npm and of `PyPI`, unmodified: they send through whatever goes wrong, and
//! all that they send is stored once.
//!
//! `make test` installs them. Where they are not installed, these tests say so and are skipped.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod collector;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use collector::{Collector, Trouble};
use tokio::process::Command;

/// Tracked events of each client: more than one batch of any.
const EVENTS: usize = 30;

/// A client, and how it is driven.
#[derive(Debug, Clone, Copy)]
enum Client {
    SegmentNode,
    RudderStackNode,
    SegmentPython,
    RudderStackPython,
}

impl Client {
    const ALL: [Self; 4] = [
        Self::SegmentNode,
        Self::RudderStackNode,
        Self::SegmentPython,
        Self::RudderStackPython,
    ];

    fn package(self) -> &'static str {
        match self {
            Self::SegmentNode => "@segment/analytics-node",
            Self::RudderStackNode => "@rudderstack/rudder-sdk-node",
            Self::SegmentPython => "segment-analytics-python",
            Self::RudderStackPython => "rudder-sdk-python",
        }
    }

    fn packs(self) -> bool {
        !matches!(self, Self::SegmentNode)
    }

    /// The program and the script; `None` when the client is not installed.
    fn command(self) -> Option<(PathBuf, PathBuf)> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tests.join("clients");
        match self {
            Self::SegmentNode | Self::RudderStackNode => {
                let is_there = folder.join("node_modules").join(self.package()).is_dir();
                is_there.then(|| (PathBuf::from("node"), folder.join("send.mjs")))
            }
            Self::SegmentPython | Self::RudderStackPython => {
                let environment = tests.join("../.venv/clients");
                let is_there = environment.join("installed").is_file();
                is_there.then(|| (environment.join("bin/python"), folder.join("send.py")))
            }
        }
    }

    /// Has it send everything. Whether it took all for sent.
    async fn send(self, host: &str) -> Option<bool> {
        let Some((program, script)) = self.command() else {
            eprintln!(
                "skipped: {} is not installed, make test does it",
                self.package()
            );
            return None;
        };
        let mut command = Command::new(program);
        command
            .arg(script)
            .args([self.package(), host, collector::KEY, &EVENTS.to_string()])
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = command.output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.len() < 20_000, "{self:?}: {said}");
        Some(output.status.success())
    }
}

async fn everything_arrives_once(client: Client, troubles: &[Trouble]) {
    let collector = Collector::start(troubles).await;
    let Some(is_sent) = client.send(&collector.url()).await else {
        return;
    };
    assert!(is_sent, "{client:?}: the client saw an error");
    let seen = collector.seen();
    assert_eq!(seen.is_packed, client.packs(), "{client:?}");
    assert!(seen.requests > troubles.len(), "{client:?}: {seen:?}");
    // The identify, too.
    assert_eq!(seen.message_ids.len(), EVENTS + 1, "{client:?}");
    assert_eq!(collector.stored().await, seen.message_ids, "{client:?}");
}

/// All of them at once: each mostly waits.
async fn every_client(troubles: &[Trouble]) {
    let clients = Client::ALL.map(|client| everything_arrives_once(client, troubles));
    futures::future::join_all(clients).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_through_calm_arrives_once() {
    every_client(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_while_the_table_fails_arrives_once() {
    every_client(&[Trouble::Unavailable]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_above_a_limit_arrives_once_when_there_is_room() {
    every_client(&[Trouble::TooMany]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_though_the_answer_was_lost_is_there_once() {
    every_client(&[Trouble::AnswerLost]).await;
}
