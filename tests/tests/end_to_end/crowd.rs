//! A thousand visitors at once.

use futures::StreamExt;
use futures::stream;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::chunks::Chunk;
use crate::recording::Recording;

const VISITORS: usize = 1_000;

/// One visitor in so many has a page of this many bytes, which are unpacked wherever they are read.
const LARGE_EVERY: usize = 25;
const LARGE_BYTES: usize = 16 << 20;

/// What the process may take at most. All the large pages unpacked at the same time would be 640 MB, before
/// anything is made of them.
const MEMORY_BYTES: usize = 500 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_recordings_at_once_nothing_is_lost_and_memory_is_bounded() {
    let recording = Recording::ours("spa-slow");
    let chunks: Vec<Chunk> = recording.events.chunks(60).map(Chunk::gzip).collect();
    let large = Chunk::gzip(&[page(recording.events[0]["timestamp"].clone())]);
    // More than one organization may begin at once, unless an operator says so.
    let bundle = Bundle::start_with(&[("NEW_SESSIONS_A_MINUTE", "2000")]).await;
    let client = &bundle.client();

    let record = |visitor: usize| {
        let (chunks, large) = (&chunks, &large);
        async move {
            let session = format!("s{visitor}");
            let email = format!("visitor-{visitor}@visitors.example");
            client.identify(&session, &json!({ "email": email })).await;
            for (seq, chunk) in chunks.iter().enumerate() {
                client.chunk(&session, seq, chunk, 202).await;
            }
            if visitor.is_multiple_of(LARGE_EVERY) {
                client.chunk(&session, chunks.len(), large, 202).await;
            }
        }
    };
    futures::future::join_all((0..VISITORS).map(record)).await;

    let summarized = |visitor: usize| {
        let (chunks, recording) = (&chunks, &recording);
        async move {
            let session = format!("s{visitor}");
            let events = recording.events.len();
            if visitor.is_multiple_of(LARGE_EVERY) {
                let summary = client.summary_of(&session, chunks.len() + 1).await;
                assert_eq!(summary["events"], events + 1, "{session}");
                return;
            }
            let summary = client.summary_of(&session, chunks.len()).await;
            assert_eq!(summary["events"], events, "{session}");
            for (name, count) in recording.counts() {
                assert_eq!(summary["counts"][name], count, "{session}: {name}");
            }
        }
    };
    // A few at a time: whoever waits must not be what is waited for.
    let summarized = stream::iter(0..VISITORS).map(summarized);
    summarized.buffer_unordered(4).collect::<Vec<()>>().await;

    let peak = bundle.peak_memory();
    println!("at most {} MB", peak >> 20);
    assert!(peak < MEMORY_BYTES, "{} MB", peak >> 20);
}

/// A full snapshot of a page with very much text.
fn page(at: Value) -> Value {
    let text = json!({ "type": 3, "id": 2, "textContent": "All of it. ".repeat(LARGE_BYTES / 11) });
    json!({ "type": 2, "timestamp": at, "data": {
        "node": { "type": 0, "id": 1, "childNodes": [text] }, "initialOffset": { "top": 0, "left": 0 },
    } })
}
