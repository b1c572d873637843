//! The contract of the recording API: what is refused, why, and what a second sending changes.

use futures::future::join_all;
use reqwest::RequestBuilder;
use reqwest::header::CONTENT_ENCODING;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::chunks::Chunk;
use crate::client::{Client, SECRET_KEY, WRITE_KEY};
use crate::recording::Recording;

const CHUNK: &str = "/v1/sessions/s1/chunks/0";
const IDENTIFY: &str = "/v1/sessions/s1/identify";
const SESSION: &str = "/v1/sessions/s1";

/// Sends what must be refused, and reads the error's code.
async fn refused(client: &Client, request: RequestBuilder, status: u16) -> String {
    let answer = client.json(request, status).await;
    let error = &answer["error"];
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.len() > 10, "an error says what to do: {answer}");
    error["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_a_code_and_a_reason() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    let post = |path: &str, body: Vec<u8>| client.post(path, WRITE_KEY).body(body);
    let packed =
        |body: &[u8], encoding: &str| post(CHUNK, body.to_vec()).header(CONTENT_ENCODING, encoding);
    let bomb = zstd::bulk::compress(&vec![b' '; 101 << 20], 1).unwrap();
    for (request, status, code) in [
        (post(CHUNK, b"not events".to_vec()), 400, "malformed_chunk"),
        (post(CHUNK, Vec::new()), 400, "malformed_chunk"),
        (
            post(CHUNK, b"\xff\xfe\x00".to_vec()),
            400,
            "malformed_chunk",
        ),
        (packed(b"plain", "gzip"), 400, "broken_encoding"),
        (packed(b"plain", "zstd"), 400, "broken_encoding"),
        (packed(b"plain", "br"), 415, "unsupported_encoding"),
        (packed(&bomb, "zstd"), 413, "payload_too_large"),
        (
            post(CHUNK, vec![b' '; (6 << 20) + 1]),
            413,
            "payload_too_large",
        ),
        (
            post("/v1/sessions/s1/chunks/-1", b"[]".to_vec()),
            400,
            "bad_seq",
        ),
        (
            post("/v1/sessions/s1/chunks/x", b"[]".to_vec()),
            400,
            "bad_seq",
        ),
        (
            post("/v1/sessions/a%20b/chunks/0", b"[]".to_vec()),
            400,
            "bad_session_id",
        ),
        (
            post(IDENTIFY, b"{".to_vec()),
            400,
            "malformed_identification",
        ),
        (post(IDENTIFY, b"{}".to_vec()), 400, "no_alias"),
        (post("/v1/elsewhere", Vec::new()), 404, "unknown_route"),
    ] {
        let found = refused(client, request, status).await;
        assert_eq!(found, code);
    }
    client.session("s1", 404).await;
}

#[tokio::test]
async fn a_write_key_may_only_add_and_a_secret_key_may_read_as_well() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    let chunk = Chunk::plain(&Recording::ours("forms").events);
    let to_add = client.post(CHUNK, SECRET_KEY).body(chunk.body);
    client.json(to_add, 202).await;
    let to_identify = client.post(IDENTIFY, SECRET_KEY).body(r#"{"user_id":"7"}"#);
    client.json(to_identify, 202).await;
    client.summary_of("s1", 1).await;

    for (request, code) in [
        (
            client.get(SESSION).bearer_auth(WRITE_KEY),
            "secret_key_needed",
        ),
        (client.get(SESSION).bearer_auth("guessed"), "unknown_key"),
        (client.get(SESSION), "missing_key"),
        (client.post(CHUNK, "guessed").body("[]"), "unknown_key"),
        (client.post(IDENTIFY, "guessed").body("{}"), "unknown_key"),
    ] {
        assert_eq!(refused(client, request, 401).await, code);
    }
    client.session("never-recorded", 404).await;
}

#[tokio::test]
async fn a_chunk_counts_once_however_it_is_packed_and_other_bytes_are_a_conflict() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let events = Recording::ours("forms").events;
    let all = [
        Chunk::plain(&events),
        Chunk::gzip(&events),
        Chunk::zstd(&events),
    ];
    for (place, chunk) in all.iter().enumerate() {
        let answer = client.chunk("s1", 0, chunk, 202).await;
        let expected = json!({
            "session_id": "s1", "seq": 0, "events": events.len(), "duplicate": place > 0,
        });
        assert_eq!(answer, expected);
    }
    let before = client.summary_of("s1", 1).await;
    let other = Chunk::plain(&events[1..]);
    let answer = client.chunk("s1", 0, &other, 409).await;
    assert_eq!(answer["error"]["code"], "other_bytes_stored");
    client.chunk("s1", 0, &all[0], 202).await;
    assert_eq!(client.session("s1", 200).await, before);
}

#[tokio::test]
async fn of_two_writers_one_is_taken_and_the_other_one_told() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    let events = Recording::ours("forms").events;
    let writers = [Chunk::plain(&events), Chunk::plain(&events[..10])];
    for round in 0..5 {
        let session = &format!("s{round}");
        let answers = join_all(writers.iter().map(|chunk| async {
            let path = format!("/v1/sessions/{session}/chunks/0");
            let request = client.post(&path, WRITE_KEY).body(chunk.body.clone());
            let response = request.send().await.unwrap();
            (
                response.status().as_u16(),
                response.json::<Value>().await.unwrap(),
            )
        }))
        .await;
        let mut statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [202, 409], "{answers:?}");
        let (_, taken) = answers.iter().find(|(status, _)| *status == 202).unwrap();
        let summary = client.summary_of(session, 1).await;
        assert!(summary["events"].as_u64() <= taken["events"].as_u64());
        let was_whole = taken["events"] == json!(events.len());
        assert_eq!(summary["events"].as_u64() > Some(10), was_whole);
    }
}
