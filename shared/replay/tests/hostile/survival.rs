//! What must hold of any bytes at all. The tests and the fuzz target share it.

use replay::{Analyzer, inspect_chunk};

/// Most bytes of a summary's JSON: 50 visits and 40 rows of the timeline, each with at most 300 characters of
/// up to four bytes. A row of the table has room for 400 kB.
const MAX_SUMMARY_BYTES: usize = 128 << 10;
/// Most bytes of a stored state that these payloads may leave: events that are held back, and a page.
const MAX_STATE_BYTES: usize = 16 << 20;

/// Reads the payload in every way there is: no panic, bounded results, and the same ones from a stored state.
pub(crate) fn assert_survived(payload: &[u8]) {
    let mut analyzer = Analyzer::default();
    let inspected = inspect_chunk(payload).map(drop);
    assert_eq!(analyzer.push_chunk(payload), inspected);
    let restored = assert_bounded(&analyzer);

    // As chunks that are cut anywhere, pushed after one another and after the whole.
    let (first, second) = payload.split_at(payload.len() / 2);
    for start in [Analyzer::default(), restored] {
        let mut analyzer = start;
        for chunk in [first, second] {
            // Half a chunk may well be none; then the rest must still be read.
            let _ = analyzer.push_chunk(chunk);
            analyzer = assert_bounded(&analyzer);
        }
    }
}

/// Answers the analyzer as it is after storing its state.
fn assert_bounded(analyzer: &Analyzer) -> Analyzer {
    let summary = analyzer.summary();
    let json = serde_json::to_string(&summary).unwrap();
    assert!(json.len() <= MAX_SUMMARY_BYTES, "{} bytes", json.len());
    let state = analyzer.to_state();
    assert!(state.len() <= MAX_STATE_BYTES, "{} bytes", state.len());
    let restored = Analyzer::from_state(&state).unwrap();
    assert_eq!(restored.summary(), summary);
    restored
}
