//! Throughput of summarizing, as a ratio to parsing the same bytes into `serde_json::Value`, in one run.
//!
//! Prints a table, and writes rows of `{"name","value","unit","baseline","ratio"}` to the file that
//! `BENCH_JSON` names.

use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let mut rows = Vec::new();
    for (name, payload) in recordings() {
        let megabytes = payload.len() as f64 / 1e6;
        let (summary, value) = best_of_both(
            || drop(black_box(replay::summarize(black_box(&payload)))),
            || drop(black_box(serde_json::from_slice::<serde_json::Value>(black_box(&payload)))),
        );
        let (value, baseline) = (megabytes / summary, megabytes / value);
        let ratio = value / baseline;
        println!("{name:<24} {value:>8.0} MB/s   serde_json::Value {baseline:>6.0} MB/s   x{ratio:.2}");
        rows.push(serde_json::json!({"name": format!("summarize {name}"), "value": value,
            "unit": "MB/s", "baseline": "serde_json::Value of the same bytes", "ratio": ratio}));
    }
    if let Some(path) = std::env::var_os("BENCH_JSON") {
        let json = serde_json::to_string_pretty(&rows).expect("rows are JSON");
        std::fs::write(path, json).expect("the results can be written");
    }
}

/// A small recording is the project's own; the large one is reference material and may be missing.
fn recordings() -> Vec<(&'static str, Vec<u8>)> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let reference = project.join("../shared/data/rrweb");
    let mut recordings = Vec::new();
    for (name, path) in [
        ("recorded-shop-rage", project.join("infra/local/demo/recordings/shop-rage.json")),
        ("press-animation", project.join("tests/recordings/press-animation.json")),
        ("recorded-large-table", reference.join("recorded-large-table.json.gz")),
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
