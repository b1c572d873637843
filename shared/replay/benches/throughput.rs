//! Throughput of summarizing, and of finding and cutting out a piece to play, as a ratio to parsing the same
//! bytes into `serde_json::Value`, in one run.
//!
//! Prints a table, and writes rows of `{"name","value","unit","baseline","ratio"}` to the file that
//! `BENCH_JSON` names.

#![allow(clippy::expect_used)] // A benchmark that cannot run stops.

use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use report::Row;
use serde_json::Value;

fn main() {
    let rows = recordings().into_iter().flat_map(|(name, payload)| {
        let facts = replay::inspect_chunk(&payload).expect("a chunk");
        let last = facts.pieces.len() - 1;
        let cut = || replay::events_of_piece(black_box(&payload), &facts.pieces, last);
        [
            row(format!("summarize {name}"), &payload, || {
                drop(black_box(replay::summarize(black_box(&payload))));
            }),
            row(format!("take in {name}"), &payload, || {
                drop(black_box(replay::inspect_chunk(black_box(&payload))));
            }),
            row(format!("a piece of {name}"), &payload, || {
                drop(black_box(cut()));
            }),
        ]
    });
    report::publish(&rows.collect::<Vec<_>>());
}

/// How fast the work on the payload is done, beside the baseline.
fn row(name: String, payload: &[u8], work: impl FnMut()) -> Row {
    let megabytes = payload.len() as f64 / 1e6;
    let parse = || {
        drop(black_box(serde_json::from_slice::<Value>(black_box(
            payload,
        ))))
    };
    let (worked, parsed) = best_of_both(work, parse);
    Row {
        name,
        value: megabytes / worked,
        unit: "MB/s",
        baseline: "serde_json::Value of the same bytes".to_owned(),
        baseline_value: megabytes / parsed,
    }
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
    let until = Instant::now() + Duration::from_secs(3);
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
