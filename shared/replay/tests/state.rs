//! What is stored between two chunks: small, and the same for the same chunks.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod recordings;

use recordings::all_with_truth;
use replay::Analyzer;
use serde_json::value::RawValue;

/// The recording in chunks of so many events.
fn chunks(payload: &[u8], events: usize) -> Vec<Vec<u8>> {
    let all: Vec<&RawValue> = serde_json::from_slice(payload).unwrap();
    let chunks = all.chunks(events);
    chunks
        .map(|events| serde_json::to_vec(events).unwrap())
        .collect()
}

/// The states after each chunk, each run taking up what the one before it left.
fn states(chunks: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut analyzer = Analyzer::default();
    let mut states = Vec::new();
    for chunk in chunks {
        analyzer.push_chunk(chunk).unwrap();
        let state = analyzer.to_state();
        analyzer = Analyzer::from_state(&state).unwrap();
        states.push(state);
    }
    states
}

#[test]
fn equal_chunks_leave_an_equal_state() {
    for recording in all_with_truth() {
        let chunks = chunks(&recording.payload, 50);
        let once = states(&chunks);
        assert!(once == states(&chunks), "{}", recording.name);
        for state in &once {
            let again = Analyzer::from_state(state).unwrap().to_state();
            assert!(*state == again, "{}", recording.name);
        }
    }
}

#[test]
fn a_state_is_a_small_part_of_what_was_recorded() {
    for recording in all_with_truth() {
        let name = &recording.name;
        let chunks = chunks(&recording.payload, 50);
        let largest = states(&chunks).iter().map(Vec::len).max().unwrap();
        let share = recording.payload.len() / largest;
        // Of a visit of seconds most is still waiting for earlier events.
        let least = if recording.payload.len() > 30_000 {
            4
        } else {
            2
        };
        println!("{name}: {largest} bytes of {}", recording.payload.len());
        assert!(share >= least, "{name}: {largest} bytes");
    }
}
