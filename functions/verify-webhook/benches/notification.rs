//! What taking a notification costs, beside the HMAC that cannot be spared; and how many one process takes.
//!
//! The whole handler, over the queue of local mode where that is said. Prints a table, and writes rows of
//! `{"name","value","unit","baseline","ratio"}` to the file that `BENCH_JSON` names.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A benchmark that cannot run stops.

#[path = "../tests/handler/fixture.rs"]
#[allow(dead_code)] // The tests use more of it.
mod fixture;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fixture::{Fixture, secret, signed, state};
use intercom::signature::sign_hub;
use notification::TopicQueues;
use platform::clock::Clock;
use platform::queue::{LocalQueue, LocalQueueError, Queue};
use report::Row;
use serde_json::Value;
use verify_webhook::State;

/// The notification that the start-up benchmark sends as well.
const EVENT: &str = include_str!("../bench/event.json");
/// Each measurement goes on for this long.
const MEASURED: Duration = Duration::from_secs(5);
/// Notifications until caches are warm.
const WARM_UP: usize = 1_000;
/// Notifications that are under way at any moment.
const AT_ONCE: usize = 64;
/// What Intercom sends at most before others are served first: 150,000 in a minute, in the US.
const MOST_PER_SECOND: f64 = 2_500.0;

#[tokio::main]
async fn main() {
    let event: Value = serde_json::from_str(EVENT).unwrap();
    let body = event["request"]["body"].to_string().into_bytes();
    let (handling, hmac) = alone(&body).await;
    let (throughput, latencies) = under_load(&body).await;
    let p99_ms = latencies[latencies.len() * 99 / 100].as_secs_f64() * 1e3;
    let median_ms = median(&latencies).as_secs_f64() * 1e3;
    report::publish(&[
        Row {
            name: "verify-webhook, one notification".to_owned(),
            value: handling.as_secs_f64() * 1e6,
            unit: "us",
            baseline: format!("its HMAC alone, {} bytes", body.len()),
            baseline_value: hmac.as_secs_f64() * 1e6,
        },
        Row {
            name: "verify-webhook, one process".to_owned(),
            value: throughput,
            unit: "/s",
            baseline: "the most of Intercom".to_owned(),
            baseline_value: MOST_PER_SECOND,
        },
        Row {
            name: format!("verify-webhook, p99, {AT_ONCE} at once"),
            value: p99_ms,
            unit: "ms",
            baseline: "the median".to_owned(),
            baseline_value: median_ms,
        },
    ]);
}

/// The medians of one notification after the other, and of its HMAC. They take turns, so that both see the
/// same machine.
async fn alone(body: &[u8]) -> (Duration, Duration) {
    let fixture = Fixture::new();
    let secret = secret();
    let (mut handling, mut hmac) = (Vec::new(), Vec::new());
    let mut until = None;
    for round in 0.. {
        let request = signed(body);
        let start = Instant::now();
        let response = fixture.send(request).await;
        let handled = start.elapsed();
        assert!(response.status().is_success());
        assert_eq!(fixture.sent().len(), 1);

        let start = Instant::now();
        black_box(sign_hub(&secret, black_box(body)));
        let signed = start.elapsed();
        if round < WARM_UP {
            continue;
        }
        if Instant::now() > *until.get_or_insert_with(|| Instant::now() + MEASURED) {
            break;
        }
        handling.push(handled);
        hmac.push(signed);
    }
    handling.sort_unstable();
    hmac.sort_unstable();
    (median(&handling), median(&hmac))
}

/// Notifications in a second, and how long each took, in ascending order, when many come at once: over the
/// queues of local mode, in files.
async fn under_load(body: &[u8]) -> (f64, Vec<Duration>) {
    let folder = tempfile::tempdir().unwrap();
    let open = |worker: notification::Worker| -> Result<_, LocalQueueError> {
        let path = folder.path().join(worker.function_name());
        let queue: Arc<dyn Queue> = Arc::new(LocalQueue::open(&path, Clock::system())?);
        Ok(queue)
    };
    let state = state(TopicQueues::open(open).unwrap());
    let start = Instant::now();
    let senders: Vec<_> = (0..AT_ONCE)
        .map(|_| tokio::spawn(send_until(start + MEASURED, state.clone(), body.to_vec())))
        .collect();
    let mut latencies = Vec::new();
    for sender in senders {
        latencies.extend(sender.await.unwrap());
    }
    let throughput = latencies.len() as f64 / start.elapsed().as_secs_f64();
    latencies.sort_unstable();
    (throughput, latencies)
}

async fn send_until(end: Instant, state: State, body: Vec<u8>) -> Vec<Duration> {
    let mut latencies = Vec::new();
    while Instant::now() < end {
        let request = signed(&body);
        let start = Instant::now();
        let response = verify_webhook::handle(&state, request).await;
        latencies.push(start.elapsed());
        assert!(response.status().is_success());
        // Whoever else is there gets a turn, as between requests of a server.
        tokio::task::yield_now().await;
    }
    latencies
}

fn median(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() / 2]
}
