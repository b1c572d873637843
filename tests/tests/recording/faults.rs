//! What happens when something fails in between.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures::TryStreamExt;
use jiff::SignedDuration;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::stack::{Stack, another_page, chunk_request, cut, moved, padded, payload, recording};

/// Paths of the objects that begin with `prefix`.
async fn objects(stack: &Stack, prefix: &str) -> Vec<Path> {
    let prefix = Path::from(prefix);
    let listed = stack
        .bucket
        .objects
        .list(Some(&prefix))
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    let mut paths: Vec<Path> = listed.into_iter().map(|object| object.location).collect();
    paths.sort();
    paths
}

#[tokio::test]
async fn a_chunk_whose_summarizing_could_not_be_asked_for_is_sent_again_and_then_it_is() {
    let stack = Stack::start().await;
    let chunk = payload(&recording("forms"));
    stack.queue.fail_next(1);

    let refused = stack.chunk("s-1", 0, &chunk).await;
    assert_eq!((refused.status, refused.code()), (503, "unavailable"));

    let retried = stack.chunk("s-1", 0, &chunk).await;
    assert_eq!(
        (retried.status, &retried.json["duplicate"]),
        (202, &true.into())
    );
    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 1);
}

#[tokio::test]
async fn a_chunk_does_not_rely_on_a_message_that_was_never_sent() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 2);
    stack.queue.fail_next(1);
    assert_eq!(stack.chunk("s-1", 0, &chunks[0]).await.status, 503);

    // The recorder goes on with its next chunk before it retries the first.
    stack.upload("s-1", 1, &chunks[1]).await;

    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 2);
}

/// A session of which one chunk is summarized.
async fn begun() -> Stack {
    let stack = Stack::start().await;
    stack
        .upload("s-1", 0, &another_page(stack.clock.now()))
        .await;
    stack.settle().await;
    stack.queue.take_sent();
    stack
}

#[tokio::test]
async fn a_chunk_that_can_wait_does_not_rely_on_a_message_that_was_never_sent() {
    let stack = Box::pin(begun()).await;
    stack.queue.fail_next(1);
    let chunk = moved(stack.clock.now());
    assert_eq!(stack.chunk("s-1", 1, &chunk).await.status, 503);

    // The recorder goes on with its next chunk before it retries this one.
    stack.upload("s-1", 2, &moved(stack.clock.now())).await;
    assert_eq!(stack.queue.take_sent(), 1);

    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 3);
}

#[tokio::test]
async fn a_message_that_was_to_wake_somebody_and_is_lost_is_sent_again_by_a_later_chunk() {
    let stack = Box::pin(begun()).await;
    stack.upload("s-1", 1, &moved(stack.clock.now())).await;
    assert_eq!(stack.queue.take_sent(), 1);
    stack.clock.advance(SignedDuration::from_secs(25));
    stack.lose_messages().await;

    stack.upload("s-1", 2, &moved(stack.clock.now())).await;
    assert_eq!(stack.queue.take_sent(), 0, "it may yet be delivered");
    stack.clock.advance(SignedDuration::from_secs(61));
    stack.upload("s-1", 3, &moved(stack.clock.now())).await;
    assert_eq!(stack.queue.take_sent(), 1);

    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 4);
}

#[tokio::test]
async fn a_message_that_was_to_wake_somebody_at_the_end_of_a_session_and_is_lost_is_noticed_within_two_hours()
 {
    let stack = Box::pin(begun()).await;
    stack.upload("s-1", 1, &moved(stack.clock.now())).await;
    stack.clock.advance(SignedDuration::from_secs(25));
    stack.lose_messages().await;

    for _ in 0..2 {
        stack.clock.advance(SignedDuration::from_hours(1));
        stack.look().await;
        stack.settle().await;
    }
    assert_eq!(stack.summary("s-1").await["chunks"], 2);
    stack.queue.take_sent();
    stack.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(stack.look().await, stack.queue.take_sent(), "all is well");
}

#[tokio::test]
async fn a_state_that_is_lost_or_of_another_version_is_made_again_from_the_chunks() {
    let stack = Stack::start().await;
    let events = recording("spa-slow");
    let chunks: Vec<Vec<u8>> = cut(&events, 3).iter().map(|chunk| padded(chunk)).collect();
    stack.upload("s-1", 0, &chunks[0]).await;
    stack.settle().await;
    let state = objects(&stack, "state").await.remove(0);
    stack.bucket.objects.delete(&state).await.unwrap();
    stack.upload("s-1", 1, &chunks[1]).await;
    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 2);

    let state = objects(&stack, "state").await.remove(0);
    let other_version = zstd::bulk::compress(b"of a later version", 1).unwrap();
    stack
        .bucket
        .objects
        .put(&state, other_version.into())
        .await
        .unwrap();
    stack.upload("s-1", 2, &chunks[2]).await;
    stack.settle().await;

    let summary = stack.summary("s-1").await;
    let whole = replay::summarize(&payload(&events)).unwrap().unwrap();
    assert_eq!(
        summary["counts"],
        serde_json::to_value(whole.counts).unwrap()
    );
    assert_eq!(summary["chunks"], 3);
    assert!(summary.get("incomplete").is_none());
}

#[tokio::test]
async fn a_state_that_is_lost_is_made_again_once() {
    let stack = Stack::start().await;
    let chunk = |seconds| another_page(stack.clock.now() + SignedDuration::from_secs(seconds));
    stack.upload("s-1", 0, &padded(&chunk(0))).await;
    stack.settle().await;
    let state = objects(&stack, "state").await.remove(0);
    stack.bucket.objects.delete(&state).await.unwrap();
    stack.upload("s-1", 1, &chunk(1)).await;
    stack.settle().await;
    assert_eq!(objects(&stack, "state").await.len(), 1);

    stack.bucket.calls.take();
    stack.upload("s-1", 2, &chunk(2)).await;
    stack.settle().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 3);
    assert_eq!(stack.bucket.calls.take()["get"], 1, "the state alone");
}

#[tokio::test]
async fn a_stored_chunk_that_is_lost_leaves_the_summary_incomplete_and_the_rest_goes_on() {
    let stack = Stack::start().await;
    for (seq, chunk) in cut(&recording("forms"), 3).iter().enumerate() {
        stack.upload("s-1", seq as u32, &padded(chunk)).await;
    }
    let second = objects(&stack, "recordings").await.remove(1);
    stack.bucket.objects.delete(&second).await.unwrap();

    stack.settle().await;

    let summary = stack.summary("s-1").await;
    assert_eq!(summary["incomplete"], true);
    assert!(summary["events"].as_u64() > Some(0));
    assert_eq!(stack.next_delivery(), None);
}

#[tokio::test]
async fn only_the_state_in_use_is_kept() {
    let stack = Stack::start().await;
    for (seq, chunk) in cut(&recording("forms"), 5).iter().enumerate() {
        stack.upload("s-1", seq as u32, &padded(chunk)).await;
        stack.settle().await;
    }
    assert_eq!(objects(&stack, "state").await.len(), 1);
}

#[tokio::test]
async fn a_message_for_a_session_that_is_gone_is_done() {
    let stack = Stack::start().await;
    stack.upload("s-1", 0, &payload(&recording("forms"))).await;
    stack
        .clock
        .advance(jiff::SignedDuration::from_hours(24 * 31));
    assert_eq!(stack.settle().await, 1);
    assert_eq!(stack.next_delivery(), None);
}

#[tokio::test]
async fn a_bomb_is_refused_quickly() {
    let stack = Stack::start().await;
    let mut member = GzEncoder::new(Vec::new(), Compression::best());
    member.write_all(&vec![b' '; 1 << 20]).unwrap();
    // A gzip stream may have many members: these unpack to 4 GB.
    let bomb = member.finish().unwrap().repeat(4_096);
    assert!(
        bomb.len() < 6 << 20,
        "it looks harmless: {} bytes",
        bomb.len()
    );

    let start = Instant::now();
    let answer = stack
        .send(chunk_request("s-1", 0, bomb, Some("gzip")))
        .await;

    assert_eq!((answer.status, answer.code()), (413, "payload_too_large"));
    // 4 GB take many seconds to unpack; we stop at a fortieth of that.
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}
