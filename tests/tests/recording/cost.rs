//! What recording a session costs: calls of the table, requests to the bucket, messages.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::json;

use crate::stack::{Stack, cut, payload, recording};

fn calls(calls: &[(&str, usize)]) -> BTreeMap<String, usize> {
    calls
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

#[tokio::test]
async fn a_chunk_costs_two_writes_and_one_object() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 3);
    stack.upload("s-1", 0, &chunks[0]).await;
    assert_eq!(
        stack.table_calls.take(),
        ["GetItem", "PutItem", "PutItem", "UpdateItem"],
        "the first looks the key up, and notes that a session began"
    );
    assert_eq!(stack.queue.take_sent(), 1);
    stack.bucket.calls.take();

    stack.upload("s-1", 1, &chunks[1]).await;

    assert_eq!(stack.table_calls.take(), ["PutItem", "UpdateItem"]);
    assert_eq!(stack.bucket.calls.take(), calls(&[("put", 1)]));
    assert_eq!(stack.queue.take_sent(), 0, "a run is under way");
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_run_costs_the_same_however_many_chunks_came_before() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("live-table"), 20);
    // Of an unknown visitor it is noted where they are, every quarter of an hour.
    let known = json!({ "user_id": "u-1" });
    stack.identify("s-1", &known).await;
    let mut costs = Vec::new();
    for (seq, chunk) in chunks.iter().enumerate() {
        stack.upload("s-1", seq as u32, chunk).await;
        stack.table_calls.take();
        stack.bucket.calls.take();
        assert_eq!(stack.settle().await, 1);
        costs.push((stack.table_calls.take(), stack.bucket.calls.take()));
    }

    let table = ["PutItem", "Query", "UpdateItem", "UpdateItem"]
        .map(str::to_owned)
        .to_vec();
    let bucket = calls(&[("delete", 1), ("get", 2), ("put", 1)]);
    // One write more where the list of all sessions has to show something new: the first error, another page.
    let shown = ["PutItem", "PutItem", "Query", "UpdateItem", "UpdateItem"]
        .map(str::to_owned)
        .to_vec();
    let mut shows = 0;
    for (calls, requests) in &costs[1..] {
        assert_eq!(requests, &bucket);
        shows += usize::from(calls == &shown);
        assert!(calls == &table || calls == &shown, "{calls:?}");
    }
    assert!(shows <= 3, "{shows} of {} runs", costs.len());
}

#[tokio::test]
async fn a_busy_second_is_one_run_or_two() {
    let stack = Stack::start().await;
    let events = recording("live-table");
    let chunks = cut(&events, 20);
    let mut runs = 0;
    for (seq, chunk) in chunks.iter().enumerate() {
        stack.upload("s-1", seq as u32, chunk).await;
        stack.clock.advance(SignedDuration::from_millis(50));
        runs += stack.serve().await;
    }
    runs += stack.settle().await;

    assert!((1..=2).contains(&runs), "{runs} runs");
    assert_eq!(stack.queue.take_sent(), runs);
    assert_eq!(stack.summary("s-1").await["chunks"], chunks.len());
}

#[tokio::test]
async fn a_chunk_is_summarized_within_six_seconds() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("live-table"), 40);
    let mut last_served = stack.clock.now();
    for (seq, chunk) in chunks.iter().enumerate() {
        stack.upload("s-1", seq as u32, chunk).await;
        for _ in 0..10 {
            stack.clock.advance(SignedDuration::from_millis(70));
            if stack.serve().await > 0 {
                assert_eq!(stack.summary("s-1").await["chunks"], seq + 1);
                last_served = stack.clock.now();
            }
        }
        let waited = stack.clock.now().duration_since(last_served);
        assert!(
            waited < SignedDuration::from_secs(6),
            "{waited:?} since the last run"
        );
    }
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_long_session_is_summarized_in_bounded_runs() {
    let stack = Stack::start().await;
    let events = &recording("forms")[2..];
    // Events one by one and more than once: more chunks than one run takes.
    let chunks: Vec<Vec<u8>> = events
        .iter()
        .cycle()
        .take(250)
        .map(|event| payload(std::slice::from_ref(event)))
        .collect();
    for (seq, chunk) in chunks.iter().enumerate() {
        stack.upload("s-1", seq as u32, chunk).await;
    }
    stack.bucket.calls.take();

    let runs = stack.settle().await;

    assert!(runs > 1, "one run would have been too long");
    assert_eq!(stack.summary("s-1").await["chunks"], chunks.len());
    let gets = stack.bucket.calls.take()["get"];
    assert_eq!(
        gets,
        chunks.len() + runs - 1,
        "no chunk is read twice, and each later run reads the state"
    );
}
