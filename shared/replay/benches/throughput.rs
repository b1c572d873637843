//! Throughput of summarizing, as a ratio to parsing the same bytes into `serde_json::Value`, in one run.
//!
//! Prints a table, and writes rows of `{"name","value","unit","baseline","ratio"}` to the file that
//! `BENCH_JSON` names.

#![allow(clippy::expect_used)] // A benchmark that cannot run stops.

mod report;

use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use report::Row;
use serde_json::Value;

fn main() {
    let rows = recordings().into_iter().map(|(name, payload)| {
        let megabytes = payload.len() as f64 / 1e6;
        let (summary, value) = best_of_both(
            || drop(black_box(replay::summarize(black_box(&payload)))),
            || {
                drop(black_box(serde_json::from_slice::<Value>(black_box(
                    &payload,
                ))))
            },
        );
        Row {
            name: format!("summarize {name}"),
            value: megabytes / summary,
            unit: "MB/s",
            baseline: "serde_json::Value of the same bytes".to_owned(),
            baseline_value: megabytes / value,
        }
    });
    report::publish(&rows.collect::<Vec<_>>());
}

/// A small recording is the project's own; the large one is reference material and may be missing.
fn recordings() -> Vec<(&'static str, Vec<u8>)> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let reference = project.join("../shared/data/rrweb");
    let mut recordings = Vec::new();
    for (name, path) in [
        (
            "recorded-shop-rage",
            project.join("infra/local/demo/recordings/shop-rage.json"),
        ),
        (
            "recorded-large-table",
            reference.join("recorded-large-table.json.gz"),
        ),
    ] {
        let Ok(bytes) = std::fs::read(&path) else {
            println!("skipped: {name} is not there");
            continue;
        };
        let mut plain = Vec::new();
        match flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain) {
            Ok(_) => recordings.push((name, plain)),
            Err(_) => recordings.push((name, bytes)),
        }
    }
    recordings
}

/// Seconds of the fastest run of each: interference only ever adds. They take turns, so that both see the
/// same machine.
fn best_of_both(mut first: impl FnMut(), mut second: impl FnMut()) -> (f64, f64) {
    let mut best = (f64::MAX, f64::MAX);
    let until = Instant::now() + Duration::from_secs(4);
    while Instant::now() < until {
        best.0 = best.0.min(seconds(&mut first));
        best.1 = best.1.min(seconds(&mut second));
    }
    best
}

fn seconds(run: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}
