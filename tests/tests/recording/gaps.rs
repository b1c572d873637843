//! Chunks that are late, and chunks that never come.

use jiff::SignedDuration;
use serde_json::Value;

use crate::stack::{Stack, another_page, cut, moved, payload, recording};

/// Lets time pass minute by minute, serving the queue: what a deployed worker does by itself.
async fn pass(stack: &Stack, minutes: usize) -> usize {
    let mut deliveries = 0;
    for _ in 0..minutes {
        stack.clock.advance(SignedDuration::from_mins(1));
        deliveries += stack.serve().await;
    }
    deliveries
}

async fn upload(stack: &Stack, chunks: &[Vec<u8>], numbers: &[usize]) {
    for &seq in numbers {
        stack.upload("s-1", seq as u32, &chunks[seq]).await;
    }
}

fn counts_of_the_whole(events: &[Value]) -> Value {
    let whole = replay::summarize(&payload(events)).unwrap().unwrap();
    serde_json::to_value(whole.counts).unwrap()
}

#[tokio::test]
async fn what_is_beyond_a_gap_waits_and_is_skipped_to_after_thirty_silent_minutes() {
    let stack = Stack::start().await;
    let events = recording("spa-slow");
    let chunks = cut(&events, 6);
    upload(&stack, &chunks, &[0, 1, 3, 4]).await;
    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 2);

    pass(&stack, 28).await;
    let waiting = stack.summary("s-1").await;
    assert_eq!(waiting["chunks"], 2);
    assert!(waiting.get("incomplete").is_none());

    pass(&stack, 3).await;
    let skipped = stack.summary("s-1").await;
    assert_eq!(skipped["chunks"], 4);
    assert_eq!(skipped["incomplete"], true);
    assert_eq!(stack.next_delivery(), None, "nothing is left to look at");
}

#[tokio::test]
async fn what_fills_a_gap_before_something_to_be_seen_does_not_wait() {
    let stack = Stack::start().await;
    let page = || another_page(stack.clock.now());
    stack.upload("s-1", 0, &page()).await;
    stack.settle().await;
    stack.clock.advance(SignedDuration::from_secs(10));
    // Both are on their way at once, and the later one is faster.
    stack.upload("s-1", 2, &page()).await;
    assert_eq!(stack.serve().await, 1);
    assert_eq!(stack.summary("s-1").await["chunks"], 1);

    stack.upload("s-1", 1, &moved(stack.clock.now())).await;
    stack.clock.advance(SignedDuration::from_secs(5));
    stack.serve().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 3);
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_session_with_more_gaps_than_are_remembered_goes_on() {
    let stack = Stack::start().await;
    for seq in (0..=60).step_by(2) {
        stack
            .upload("s-1", seq, &another_page(stack.clock.now()))
            .await;
    }
    pass(&stack, 32).await;
    assert_eq!(stack.summary("s-1").await["chunks"], 31);

    for seq in [61, 62] {
        stack
            .upload("s-1", seq, &another_page(stack.clock.now()))
            .await;
        stack.clock.advance(SignedDuration::from_secs(5));
        stack.serve().await;
        assert_eq!(stack.summary("s-1").await["chunks"], seq - 29);
    }
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_chunk_for_a_skipped_gap_heals_the_summary() {
    let stack = Stack::start().await;
    let events = recording("spa-slow");
    let chunks = cut(&events, 6);
    // Two gaps; only the first is ever filled.
    upload(&stack, &chunks, &[0, 2, 4]).await;
    pass(&stack, 32).await;
    assert_eq!(stack.summary("s-1").await["chunks"], 3);

    upload(&stack, &chunks, &[1]).await;
    stack.settle().await;
    let partly = stack.summary("s-1").await;
    assert_eq!(
        partly["chunks"], 4,
        "the second gap is not waited for again"
    );
    assert_eq!(partly["incomplete"], true);

    upload(&stack, &chunks, &[3, 5]).await;
    stack.settle().await;
    let healed = stack.summary("s-1").await;
    assert_eq!(healed["chunks"], 6);
    assert!(healed.get("incomplete").is_none());
    assert_eq!(healed["counts"], counts_of_the_whole(&events));
}

#[tokio::test]
async fn a_session_that_goes_on_is_not_silent() {
    let stack = Stack::start().await;
    let events = recording("mousedown-menu");
    let chunks = cut(&events, 10);
    upload(&stack, &chunks, &[0, 2]).await;
    for seq in 3..chunks.len() {
        pass(&stack, 10).await;
        upload(&stack, &chunks, &[seq]).await;
    }
    assert_eq!(
        stack.summary("s-1").await["chunks"],
        1,
        "an hour later it still waits"
    );

    upload(&stack, &chunks, &[1]).await;
    stack.settle().await;
    let summary = stack.summary("s-1").await;
    assert_eq!(summary["chunks"], 10);
    assert_eq!(summary["counts"], counts_of_the_whole(&events));
    stack.below.queues.drain();
}

#[tokio::test]
async fn waiting_for_a_gap_takes_few_messages() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 4);
    upload(&stack, &chunks, &[0, 2, 3]).await;
    stack.settle().await;
    assert_eq!(pass(&stack, 120).await, 2, "after 15 and 30 minutes");
}

#[tokio::test]
async fn of_the_messages_that_a_busy_session_with_a_gap_sends_only_the_last_goes_on_waiting() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("mousedown-menu"), 12);
    upload(&stack, &chunks, &[0]).await;
    for seq in 2..12 {
        pass(&stack, 1).await;
        upload(&stack, &chunks, &[seq]).await;
        stack.settle().await;
    }
    assert_eq!(
        pass(&stack, 120).await,
        10 + 1,
        "one each, and the last one's second"
    );
    assert_eq!(stack.summary("s-1").await["chunks"], 11);
}

#[tokio::test]
async fn a_first_chunk_that_never_comes_does_not_hide_the_session() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 3);
    upload(&stack, &chunks, &[1, 2]).await;
    stack.settle().await;
    assert_eq!(stack.read("s-1").await.status, 404);

    pass(&stack, 32).await;

    let summary = stack.summary("s-1").await;
    assert_eq!(summary["chunks"], 2);
    assert_eq!(summary["incomplete"], true);
}
