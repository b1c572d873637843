//! One session too many.

use serde_json::json;

use crate::bundle::Bundle;
use crate::chunks::Chunk;
use crate::client::WRITE_KEY;
use crate::recording::Recording;

/// New sessions that an organization may begin in a minute.
const LIMIT: usize = 600;

#[tokio::test]
async fn the_session_that_is_one_too_many_is_told_when_to_come_again() {
    let recording = Recording::ours("forms");
    let chunk = Chunk::gzip(&recording.events[..2]);
    let bundle = Bundle::start().await;
    let client = bundle.client();
    for number in 0..LIMIT {
        client.chunk(&format!("s{number}"), 0, &chunk, 202).await;
    }

    let path = "/v1/sessions/too-many/chunks/0";
    let request = client.post(path, WRITE_KEY).body(chunk.body.clone());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 429);
    let wait: u64 = answer.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let refused: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(refused["error"]["code"], "quota_exceeded");

    // Who is there already goes on.
    client.chunk("s7", 1, &chunk, 202).await;
    client
        .identify("s7", &json!({ "email": "ada@visitors.example" }))
        .await;
}
