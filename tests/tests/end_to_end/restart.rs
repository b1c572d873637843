//! The process ends at any moment: what was accepted is not lost.

use serde_json::json;

use crate::bundle::Bundle;
use crate::canvas::{conversation, with_email};
use crate::chunks::Chunk;
use crate::client::{SECRET_KEY, WRITE_KEY};
use crate::recording::Recording;

#[tokio::test]
async fn what_was_accepted_before_a_kill_is_in_the_summary_after_it() {
    let email = "a@visitors.example";
    let recording = Recording::ours("spa-slow");
    let chunks: Vec<Chunk> = recording.events.chunks(40).map(Chunk::gzip).collect();
    let mut bundle = Bundle::start().await;
    bundle
        .client()
        .identify("s1", &json!({ "email": email }))
        .await;
    // Killed after every few chunks: before the first summary, in its midst, and while the next one waits.
    for (seq, chunk) in chunks.iter().enumerate() {
        bundle.client().chunk("s1", seq, chunk, 202).await;
        if seq % 3 == 0 {
            bundle = bundle.kill_and_restart(&[]).await;
        }
    }
    let bundle = bundle.kill_and_restart(&[]).await;
    let client = bundle.client();
    let summary = client.summary_of("s1", chunks.len()).await;
    for (name, count) in recording.counts() {
        assert_eq!(summary["counts"][name], count, "{name}");
    }
    let canvas = client.initialize(&conversation(&with_email(email))).await;
    assert!(canvas.lists("s1"), "{}", canvas.text());
}

#[tokio::test]
async fn changed_keys_take_the_place_of_the_old_ones() {
    let bundle = Bundle::start().await;
    let chunk = Chunk::plain(&Recording::ours("forms").events);
    let client = bundle.client();
    client.chunk("s1", 0, &chunk, 202).await;
    client.summary_of("s1", 1).await;

    let new = [
        ("WRITE_KEY", "new-write-key"),
        ("SECRET_KEY", "new-secret-key"),
    ];
    let bundle = bundle.kill_and_restart(&new).await;
    let client = bundle.client();
    let read = |key| client.get("/v1/sessions/s1").bearer_auth(key);
    let add = |key| {
        client
            .post("/v1/sessions/s1/chunks/0", key)
            .body(chunk.body.clone())
    };
    client.json(read(SECRET_KEY), 401).await;
    client.json(add(WRITE_KEY), 401).await;
    client.json(read("new-secret-key"), 200).await;
    client.json(add("new-write-key"), 202).await;
}
