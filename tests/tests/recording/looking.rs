//! Chunks that nobody summarizes are found when their hour is over.

use jiff::SignedDuration;

use crate::stack::{Stack, payload, recording};

#[tokio::test]
async fn a_chunk_whose_message_is_lost_is_summarized_within_two_hours() {
    let stack = Stack::start().await;
    stack.upload("s-1", 0, &payload(&recording("forms"))).await;
    stack.lose_messages().await;
    assert_eq!(stack.settle().await, 0, "nobody works on it");
    assert_eq!(stack.read("s-1").await.status, 404);

    stack.clock.advance(SignedDuration::from_hours(1));
    stack.look().await;

    assert_eq!(stack.summary("s-1").await["chunks"], 1);
    assert_eq!(stack.next_delivery(), None);
}

#[tokio::test]
async fn a_look_at_sessions_that_are_summarized_asks_for_nothing() {
    let stack = Stack::start().await;
    for session in ["s-1", "s-2"] {
        stack
            .upload(session, 0, &payload(&recording("forms")))
            .await;
    }
    stack.settle().await;
    for _ in 0..3 {
        stack.clock.advance(SignedDuration::from_hours(1));
        stack.queue.take_sent();
        let parts = stack.look().await;
        assert_eq!(stack.queue.take_sent(), parts, "no run is asked for");
    }
    assert_eq!(stack.next_delivery(), None);
}
