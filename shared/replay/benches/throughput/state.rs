//! The analyzer's state between two chunks: what it takes, and what a run with it costs in a long
//! session.

use std::hint::black_box;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use replay::Analyzer;
use report::Row;
use serde_json::json;
use serde_json::value::RawValue;

use crate::measure::{best_of_both, resident_bytes};

/// A session is summarized in chunks: as many as the recording is cut into here.
const CHUNKS: usize = 30;

/// Bytes of the largest state of a recording: in memory, and stored.
pub(crate) fn sizes((name, payload): &(&str, Vec<u8>)) -> Vec<Row> {
    let events: Vec<&RawValue> = serde_json::from_slice(payload).expect("events");
    let chunks = events.chunks(events.len().div_ceil(CHUNKS));
    let chunks: Vec<Vec<u8>> = chunks
        .map(|events| serde_json::to_vec(events).expect("events are JSON"))
        .collect();
    let mut analyzer = Analyzer::default();
    let (mut largest, mut stored, mut place) = (0, 0, 0);
    for (nth, chunk) in chunks.iter().enumerate() {
        analyzer.push_chunk(chunk).expect("a chunk");
        let state = analyzer.to_state();
        stored = stored.max(packed(&state));
        if state.len() > largest {
            (largest, place) = (state.len(), nth);
        }
    }
    let row = |name: String, bytes: f64| Row {
        name,
        value: bytes / 1e3,
        unit: "kB",
        baseline: "the recording's bytes".to_owned(),
        baseline_value: payload.len() as f64 / 1e3,
    };
    let mut rows = vec![row(format!("stored state of {name}"), stored as f64)];
    // Of a small one the allocator has room left: the process does not grow by what it holds.
    let memory = (largest > 100_000)
        .then(|| in_memory(&chunks[..=place], largest))
        .flatten();
    rows.extend(memory.map(|bytes| row(format!("memory of the state of {name}"), bytes)));
    rows
}

/// Bytes of the state as it is stored, compressed.
fn packed(state: &[u8]) -> usize {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(state).expect("memory can be written");
    encoder.finish().expect("memory can be written").len()
}

/// Bytes that an analyzer holds after these chunks. Many are held at once, for the process tells only
/// pages.
fn in_memory(chunks: &[Vec<u8>], state: usize) -> Option<f64> {
    let folded = || {
        let mut analyzer = Analyzer::default();
        for chunk in chunks {
            let _ = analyzer.push_chunk(chunk);
        }
        analyzer
    };
    // What folding itself needs is there from now on.
    let first = folded();
    let count = (20_000_000 / state).clamp(10, 1_000);
    let before = resident_bytes()?;
    let held: Vec<Analyzer> = (0..count).map(|_| folded()).collect();
    let after = resident_bytes()?;
    drop((first, held));
    Some((after - before) / count as f64)
}

/// A run for one chunk more, in sessions of more and more chunks, beside one after a hundred.
pub(crate) fn growth() -> Vec<Row> {
    let early = after(100);
    [1_000, 10_000]
        .map(|chunks| {
            let late = after(chunks);
            let (late, early) = best_of_both(|| run(&late, chunks), || run(&early, 100));
            Row {
                name: format!("a run after {chunks} chunks"),
                value: late * 1e6,
                unit: "us",
                baseline: "a run after 100 chunks".to_owned(),
                baseline_value: early * 1e6,
            }
        })
        .into()
}

/// The stored state after so many chunks.
fn after(chunks: u64) -> Vec<u8> {
    let mut analyzer = Analyzer::default();
    for nth in 0..chunks {
        analyzer.push_chunk(&chunk(nth)).expect("a chunk");
    }
    analyzer.to_state()
}

/// What `summarize` does with a chunk.
fn run(state: &[u8], nth: u64) {
    let mut analyzer = Analyzer::from_state(state).expect("a state");
    analyzer.push_chunk(&chunk(nth)).expect("a chunk");
    drop(black_box((analyzer.summary(), analyzer.to_state())));
}

/// Ten seconds of somebody who clicks, scrolls and sees the page change.
fn chunk(nth: u64) -> Vec<u8> {
    let start = 1_795_000_000_000 + nth * 10_000;
    let text = |id: u64| json!({ "type": 3, "textContent": format!("row {id}"), "id": 2 * id + 1 });
    let row = |id: u64| {
        json!({ "type": 2, "tagName": "button", "attributes": { "class": "row" },
                "childNodes": [text(id)], "id": 2 * id })
    };
    let mut events = Vec::new();
    let mut push = |kind: u8, after: u64, data| {
        events.push(json!({ "type": kind, "data": data, "timestamp": start + after }));
    };
    // A full snapshot every four minutes, as our recorder takes it.
    if nth.is_multiple_of(24) {
        let rows: Vec<_> = (1..=300).map(row).collect();
        push(
            4,
            0,
            json!({ "href": "https://app.example/", "width": 1_280, "height": 800 }),
        );
        push(
            2,
            1,
            json!({ "node": { "type": 0, "childNodes": rows, "id": 1 } }),
        );
    }
    for second in 0..10 {
        let after = second * 1_000;
        push(
            3,
            after + 100,
            json!({ "source": 2, "type": 1, "id": 2 * second + 2 }),
        );
        push(
            3,
            after + 180,
            json!({ "source": 2, "type": 2, "id": 2 * second + 2, "x": 10.5, "y": 20.5 }),
        );
        push(
            3,
            after + 250,
            json!({ "source": 0, "texts": [{ "id": 3, "value": format!("{nth} {second}") }],
                                     "attributes": [], "removes": [], "adds": [] }),
        );
        push(
            3,
            after + 600,
            json!({ "source": 3, "id": 1, "x": 0, "y": 10 * second }),
        );
    }
    serde_json::to_vec(&events).expect("events are JSON")
}
