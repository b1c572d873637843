//! What recording a session costs: calls of the table, requests to the bucket, messages.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::json;

use crate::stack::{Stack, another_page, cut, moved, padded, payload, recording};

fn calls(calls: &[(&str, usize)]) -> BTreeMap<String, usize> {
    calls
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

#[tokio::test]
async fn a_chunk_costs_a_write_and_a_read_and_more_where_there_is_something_to_see() {
    let stack = Stack::start().await;
    let now = stack.clock.now();
    stack.upload("s-1", 0, &another_page(now)).await;
    assert_eq!(
        stack.table_calls.take(),
        ["GetItem", "PutItem", "PutItem", "UpdateItem"],
        "the first looks the key up, and notes that a session began"
    );
    assert_eq!(stack.queue.take_sent(), 1);
    stack.settle().await;
    stack.table_calls.take();
    stack.bucket.calls.take();

    let large = padded(&moved(now));
    let no_requests: &[(&str, usize)] = &[];
    for (seq, name, chunk, table, bucket, messages) in [
        (
            1,
            "asks for a run later",
            moved(now),
            &["GetItem", "PutItem", "UpdateItem"][..],
            no_requests,
            1,
        ),
        (
            2,
            "relies on it",
            moved(now),
            &["GetItem", "PutItem"],
            no_requests,
            0,
        ),
        (
            3,
            "asks for one at once",
            another_page(now),
            &["PutItem", "UpdateItem"],
            no_requests,
            1,
        ),
        (
            4,
            "one is under way",
            another_page(now),
            &["PutItem", "UpdateItem"],
            no_requests,
            0,
        ),
        (
            5,
            "is large",
            large,
            &["GetItem", "PutItem"],
            &[("put", 1)],
            0,
        ),
    ] {
        stack.upload("s-1", seq, &chunk).await;
        assert_eq!(stack.table_calls.take(), table, "{name}");
        assert_eq!(stack.bucket.calls.take(), calls(bucket), "{name}");
        assert_eq!(stack.queue.take_sent(), messages, "{name}");
    }
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_run_costs_the_same_however_many_chunks_came_before() {
    let small = calls(&[]);
    let large = calls(&[("delete", 1), ("get", 2), ("put", 1)]);
    for (is_large, bucket) in [(false, small), (true, large)] {
        let stack = Stack::start().await;
        let chunks = cut(&recording("live-table"), 20);
        // Of an unknown visitor it is noted where they are, every quarter of an hour.
        let known = json!({ "user_id": "u-1" });
        stack.identify("s-1", &known).await;
        let mut costs = Vec::new();
        for (seq, chunk) in chunks.iter().enumerate() {
            let chunk = match is_large {
                true => padded(chunk),
                false => chunk.clone(),
            };
            stack.upload("s-1", seq as u32, &chunk).await;
            stack.table_calls.take();
            stack.bucket.calls.take();
            assert_eq!(stack.settle().await, 1);
            costs.push((stack.table_calls.take(), stack.bucket.calls.take()));
        }

        let table = ["PutItem", "Query", "UpdateItem", "UpdateItem"]
            .map(str::to_owned)
            .to_vec();
        // One write more where the list of all sessions has to show something new: the first error, another
        // page.
        let shown = ["PutItem", "PutItem", "Query", "UpdateItem", "UpdateItem"]
            .map(str::to_owned)
            .to_vec();
        let (mut shows, mut counts) = (0, 0);
        for (calls, requests) in &costs[1..] {
            assert_eq!(requests, &bucket);
            shows += usize::from(calls == &shown);
            // What others had of a problem is read once, when it is new in the session.
            let is_counted = calls.iter().any(|call| call == "GetItem");
            counts += usize::from(is_counted);
            let is_known = calls == &table || calls == &shown || is_counted;
            assert!(is_known, "{calls:?}");
        }
        assert!(shows <= 3, "{shows} of {} runs", costs.len());
        let problems = stack.summary("s-1").await["problems"].clone();
        let problems = problems.as_array().unwrap().len();
        assert!(counts <= problems, "{counts} of {problems} problems");
    }
}

#[tokio::test]
async fn a_session_of_any_length_has_few_states_kept_and_few_chunks_read_again() {
    const CHUNKS: u32 = 450;
    let stack = Stack::start().await;
    stack.identify("s-1", &json!({ "user_id": "u-1" })).await;
    let mut most_read = 0.0_f64;
    let mut puts = 0;
    for seq in 0..CHUNKS {
        stack
            .upload("s-1", seq, &another_page(stack.clock.now()))
            .await;
        stack.table_calls.take_usage();
        stack.settle().await;
        most_read = most_read.max(stack.table_calls.take_usage().read_units);
        puts += stack
            .bucket
            .calls
            .take()
            .get("put")
            .copied()
            .unwrap_or_default();
        stack.clock.advance(SignedDuration::from_secs(5));
    }
    assert_eq!(stack.summary("s-1").await["chunks"], CHUNKS);
    assert_eq!(puts, 4, "a state for each hundred chunks");
    // A hundred rows of half a KB.
    assert!(most_read <= 16.0, "{most_read} units for a run");
}

#[tokio::test]
async fn a_busy_second_is_a_few_runs() {
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

    // One at once, one four seconds later, and one that takes what can wait.
    assert!((1..=3).contains(&runs), "{runs} runs");
    assert_eq!(stack.queue.take_sent(), runs);
    assert_eq!(stack.summary("s-1").await["chunks"], chunks.len());
}

#[tokio::test]
async fn what_is_to_be_seen_is_summarized_within_six_seconds() {
    let stack = Stack::start().await;
    let now = stack.clock.now();
    let live = cut(&recording("live-table"), 40);
    // Every third one tells of another page; the others can wait, and are no hindrance.
    let chunks = live
        .into_iter()
        .enumerate()
        .map(|(seq, chunk)| match seq % 3 {
            1 => (
                another_page(now + SignedDuration::from_secs(seq as i64)),
                true,
            ),
            _ => (chunk, false),
        });
    let mut urgent_since = Some(now);
    for (seq, (chunk, is_urgent)) in chunks.enumerate() {
        stack.upload("s-1", seq as u32, &chunk).await;
        if is_urgent {
            urgent_since.get_or_insert(stack.clock.now());
        }
        for _ in 0..10 {
            stack.clock.advance(SignedDuration::from_millis(70));
            if stack.serve().await > 0 {
                assert_eq!(stack.summary("s-1").await["chunks"], seq + 1);
                urgent_since = None;
            }
        }
        let waited = urgent_since.map(|since| stack.clock.now().duration_since(since));
        assert!(waited < Some(SignedDuration::from_secs(6)), "{waited:?}");
    }
    stack.below.queues.drain();
}

#[tokio::test]
async fn what_can_wait_is_summarized_within_half_a_minute_with_all_that_came_until_then() {
    let stack = Stack::start().await;
    stack
        .upload("s-1", 0, &another_page(stack.clock.now()))
        .await;
    stack.settle().await;
    let (mut runs, mut oldest) = (0, None);
    for seq in 1..60 {
        let now = stack.clock.now();
        oldest.get_or_insert(now);
        stack.upload("s-1", seq, &moved(now)).await;
        for _ in 0..10 {
            stack.clock.advance(SignedDuration::from_secs(1));
            if stack.serve().await > 0 {
                runs += 1;
                oldest = None;
            }
            let waited = oldest.map(|oldest| stack.clock.now().duration_since(oldest));
            assert!(waited < Some(SignedDuration::from_secs(30)), "{waited:?}");
        }
    }
    assert!((15..=30).contains(&runs), "{runs} runs of 59 chunks");
    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 60);
}

#[tokio::test]
async fn what_is_to_be_seen_does_not_wait_for_what_can() {
    let stack = Stack::start().await;
    stack
        .upload("s-1", 0, &another_page(stack.clock.now()))
        .await;
    stack.settle().await;
    stack.clock.advance(SignedDuration::from_secs(10));
    stack.upload("s-1", 1, &moved(stack.clock.now())).await;
    assert_eq!(stack.serve().await, 0, "it can wait");
    stack.queue.take_sent();

    stack
        .upload("s-1", 2, &another_page(stack.clock.now()))
        .await;
    assert_eq!(stack.serve().await, 1);
    assert_eq!(stack.summary("s-1").await["chunks"], 3);

    // The message that was to wake somebody is still under way, and what comes relies on it.
    stack.queue.take_sent();
    stack.upload("s-1", 3, &moved(stack.clock.now())).await;
    assert_eq!(stack.queue.take_sent(), 0);
    assert_eq!(stack.settle().await, 1);
    assert_eq!(stack.summary("s-1").await["chunks"], 4);
    assert_eq!(stack.next_delivery(), None);
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
    assert_eq!(gets, runs - 1, "each later run reads the state");
}
