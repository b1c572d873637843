//! The law of the summary: any cut into chunks gives the summary of the whole, and so does every encoding.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod recordings;

use proptest::prelude::*;
use recordings::{all_with_truth, read, reference};
use replay::{Analyzer, Summary};
use serde_json::value::RawValue;

fn whole(payload: &[u8]) -> Summary {
    replay::summarize(payload)
        .expect("the recording can be read")
        .expect("the recording has events")
}

/// The recordings that are small enough to be cut hundreds of times, and the shuffled one.
fn small() -> Vec<(String, Vec<u8>)> {
    let mut recordings: Vec<_> = all_with_truth()
        .into_iter()
        .map(|recording| (recording.name, recording.payload))
        .collect();
    if let Some(folder) = reference() {
        let name = "derived-shop-rage.shuffled-dup";
        recordings.push((name.to_owned(), read(&folder.join(format!("{name}.json")))));
    }
    recordings.retain(|(_, payload)| payload.len() < 200_000);
    recordings
}

/// Folds the events in chunks that end at these places; the state is stored and read between any two.
fn folded(events: &[&RawValue], cuts: &[usize]) -> Summary {
    let mut analyzer = Analyzer::default();
    let mut start = 0;
    let mut chunks = 0;
    for end in cuts.iter().copied().chain([events.len()]) {
        let chunk = serde_json::to_vec(&events[start..end]).expect("events are JSON");
        analyzer.push_chunk(&chunk).expect("the chunk can be read");
        analyzer = Analyzer::from_state(&analyzer.to_state()).expect("the state can be read");
        start = end;
        chunks += 1;
    }
    let mut summary = analyzer.summary().expect("there are events");
    assert_eq!(summary.chunks, chunks);
    summary.chunks = 1;
    summary
}

#[test]
fn every_event_may_come_in_a_chunk_of_its_own() {
    for (name, payload) in small() {
        let events: Vec<&RawValue> = serde_json::from_slice(&payload).unwrap();
        let cuts: Vec<usize> = (1..events.len()).collect();
        assert_eq!(folded(&events, &cuts), whole(&payload), "{name}");
    }
}

#[test]
fn every_encoding_gives_the_same_summary() {
    let Some(folder) = reference() else { return };
    let expected = whole(&read(&folder.join("recorded-shop-rage.json")));
    for encoding in [
        "packed.json",
        "posthog-cv.json",
        "posthog-v2.jsonl",
        "json.gz",
        "shuffled-dup.json",
    ] {
        let payload = read(&folder.join(format!("derived-shop-rage.{encoding}")));
        assert_eq!(whole(&payload), expected, "{encoding}");
    }
}

#[test]
fn a_large_recording_is_the_same_in_chunks() {
    let Some(folder) = reference() else { return };
    let payload = read(&folder.join("recorded-large-table.json.gz"));
    let events: Vec<&RawValue> = serde_json::from_slice(&payload).unwrap();
    let expected = whole(&payload);
    assert_eq!(folded(&events, &[1, 7, 100, 101, 300]), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_cut_gives_the_summary_of_the_whole(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let recordings = small();
        let (name, payload) = &recordings[which.index(recordings.len())];
        let events: Vec<&RawValue> = serde_json::from_slice(payload).unwrap();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(events.len() + 1)).collect();
        cuts.sort_unstable();
        prop_assert_eq!(folded(&events, &cuts), whole(payload), "{}", name);
    }

    #[test]
    fn events_in_another_order_or_twice_change_nothing(
        which in any::<prop::sample::Index>(),
        swaps in prop::collection::vec((any::<prop::sample::Index>(), 1usize..30), 0..20),
        repeats in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let recordings = small();
        let (name, payload) = &recordings[which.index(recordings.len())];
        prop_assume!(!name.starts_with("derived"));
        let events: Vec<&RawValue> = serde_json::from_slice(payload).unwrap();
        let times: Vec<u64> = serde_json::from_slice::<Vec<serde_json::Value>>(payload)
            .unwrap()
            .iter()
            .map(|event| event["timestamp"].as_u64().unwrap())
            .collect();
        let mut order: Vec<usize> = (0..events.len()).collect();
        for (place, distance) in &swaps {
            let from = place.index(order.len());
            let to = (from + distance).min(order.len() - 1);
            order.swap(from, to);
        }
        // Events of one and the same millisecond have no other order than the one they come in.
        let mut latest = std::collections::HashMap::new();
        prop_assume!(order.iter().all(|index| {
            let former = latest.insert(times[*index], *index);
            former.is_none_or(|former| former <= *index)
        }));
        let mut mixed: Vec<&RawValue> = order.iter().map(|index| events[*index]).collect();
        for repeat in &repeats {
            let again = mixed[repeat.index(mixed.len())];
            mixed.push(again);
        }
        let mixed = serde_json::to_vec(&mixed).unwrap();
        prop_assert_eq!(whole(&mixed), whole(payload), "{}", name);
    }
}
