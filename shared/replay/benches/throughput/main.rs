//! Throughput of summarizing, and of finding and cutting out a piece to play, as a ratio to parsing the
//! same bytes into `serde_json::Value`, in one run. What a state takes, in memory and stored. What a
//! recording's end costs beside its beginning, and a run after many chunks beside the first ones.
//!
//! Prints a table, and writes rows of `{"name","value","unit","baseline","ratio"}` to the file that
//! `BENCH_JSON` names. It uses nothing but the library's public functions, so that it measures an older
//! library as well.

#![allow(clippy::expect_used)] // A benchmark that cannot run stops.

mod measure;
mod recordings;
mod state;

use std::hint::black_box;

use measure::best_of_both;
use recordings::recordings;
use report::Row;
use serde_json::Value;

fn main() {
    let recordings = recordings();
    // First, while the process is small.
    let mut rows: Vec<Row> = recordings.iter().flat_map(state::sizes).collect();
    rows.extend(recordings.iter().flat_map(throughput));
    rows.extend(recordings.iter().map(opening));
    rows.extend(state::growth());
    report::publish(&rows);
}

fn throughput((name, payload): &(&str, Vec<u8>)) -> [Row; 3] {
    let facts = replay::inspect_chunk(payload).expect("a chunk");
    let last = facts.pieces.len() - 1;
    let cut = || {
        replay::events_of_piece(
            black_box(payload),
            &facts.pieces,
            last,
            replay::Stored::Masked,
        )
    };
    [
        row(format!("summarize {name}"), payload, || {
            drop(black_box(replay::summarize(black_box(payload))));
        }),
        row(format!("take in {name}"), payload, || {
            drop(black_box(replay::inspect_chunk(black_box(payload))));
        }),
        row(format!("a piece of {name}"), payload, || {
            drop(black_box(cut()));
        }),
    ]
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

/// What the function does for a player that opens a recording at its end: it cuts the last piece in
/// which playing can begin out of its chunk. Beside the first one.
fn opening((name, payload): &(&str, Vec<u8>)) -> Row {
    let pieces = replay::inspect_chunk(payload).expect("a chunk").pieces;
    let begins = |piece: &replay::Piece| piece.snapshot_at.is_some();
    let first = pieces.iter().position(begins).unwrap_or(0);
    let last = pieces.iter().rposition(begins).unwrap_or(0);
    let cut = |part| {
        drop(black_box(replay::events_of_piece(
            payload,
            &pieces,
            part,
            replay::Stored::Masked,
        )))
    };
    let (end, begin) = best_of_both(|| cut(last), || cut(first));
    Row {
        name: format!("open {name} at its end"),
        value: end * 1e3,
        unit: "ms",
        baseline: "at its beginning".to_owned(),
        baseline_value: begin * 1e3,
    }
}
