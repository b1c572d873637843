//! What opening a conversation costs, with 10, 1,000 and 100,000 sessions stored for the contact.
//!
//! The whole handler over an embedded DynamoDB that is talked to over HTTP. Prints a table, and writes rows
//! of `{"name","value","unit","baseline","ratio"}` to the file that `BENCH_JSON` names.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A benchmark that cannot run stops.

#[path = "../tests/handler/fixture/mod.rs"]
#[allow(dead_code)] // The tests use more of it.
mod fixture;

use std::time::{Duration, Instant};

use fixture::{Fixture, request, sign};
use identity::Alias;
use report::Row;
use store::ConnectionStatus::Connected;

/// Sessions of the contact. What the first costs is the baseline of the others.
const STORED: [usize; 3] = [10, 1_000, 100_000];
const BASELINE: usize = STORED[0];
/// Measuring goes on for this long: more than a thousand rounds.
const MEASURED: Duration = Duration::from_secs(10);
/// Rounds until connections and caches are warm.
const WARM_UP: usize = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut cases = Vec::new();
    for stored in STORED {
        cases.push(Case::prepare(stored).await);
    }
    for _ in 0..WARM_UP {
        for case in &cases {
            case.initialize().await;
        }
    }
    // They take turns, so that all see the same machine.
    let until = Instant::now() + MEASURED;
    while Instant::now() < until {
        for case in &mut cases {
            let latency = case.initialize().await;
            case.latencies.push(latency);
        }
    }
    let latencies = rows(&cases, "initialize", "ms", Case::median_ms);
    let requests = rows(&cases, "requests of initialize", "requests", |case| {
        case.requests.len() as f64
    });
    report::publish(&latencies.chain(requests).collect::<Vec<_>>());
}

/// The handler over a table of its own.
struct Case {
    stored: usize,
    fixture: Fixture,
    body: String,
    signature: String,
    /// Names of the DynamoDB requests that one initialize makes.
    requests: Vec<String>,
    latencies: Vec<Duration>,
}

impl Case {
    async fn prepare(stored: usize) -> Self {
        let fixture = Fixture::start().await;
        let organization = fixture.connect("shop", Connected).await;
        let email = "ada@example.com";
        let ada = Alias::email(email).unwrap();
        fixture.record(&organization, &ada, BASELINE as u8).await;
        fixture.record_copies(stored - BASELINE).await;

        let request = request("shop", email);
        assert!(!fixture.initialize(&request).await.sessions().is_empty());
        let requests = fixture.calls();
        let body = request.to_string();
        let signature = sign(body.as_bytes());
        Self {
            stored,
            fixture,
            body,
            signature,
            requests,
            latencies: Vec::new(),
        }
    }

    /// From the signed request to the answer.
    async fn initialize(&self) -> Duration {
        let (body, signature) = (self.body.as_bytes(), self.signature.as_str());
        let start = Instant::now();
        let answer = self
            .fixture
            .post("/canvas/initialize", body, Some(signature))
            .await;
        let latency = start.elapsed();
        assert!(answer.status().is_success());
        assert_eq!(self.fixture.calls(), self.requests);
        latency
    }

    fn median_ms(&self) -> f64 {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        sorted[sorted.len() / 2].as_secs_f64() * 1e3
    }
}

/// One row per case, each beside the first.
fn rows(
    cases: &[Case],
    what: &str,
    unit: &'static str,
    measure: impl Fn(&Case) -> f64,
) -> impl Iterator<Item = Row> {
    let name = move |case: &Case| format!("{what}, {} sessions", case.stored);
    let row = move |case| Row {
        name: name(case),
        value: measure(case),
        unit,
        baseline: name(&cases[0]),
        baseline_value: measure(&cases[0]),
    };
    cases.iter().map(row)
}
