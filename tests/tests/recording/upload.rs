//! Chunks in, one by one.

use lambda_http::Body;
use lambda_http::http::Method;
use serde_json::json;

use crate::stack::{Stack, WRITE_KEY, chunk_request, cut, payload, recording, request};

#[tokio::test]
async fn a_chunk_is_taken_once_and_a_chunk_sent_twice_changes_nothing() {
    let stack = Stack::start().await;
    let events = recording("forms");
    let chunk = payload(&events[..5]);

    let first = stack.chunk("s-1", 0, &chunk).await;
    assert_eq!(first.status, 202);
    assert_eq!(
        first.json,
        json!({"session_id": "s-1", "seq": 0, "events": 5, "duplicate": false})
    );
    stack.settle().await;
    let summary = stack.summary("s-1").await;

    let second = stack.chunk("s-1", 0, &chunk).await;
    assert_eq!(second.status, 202);
    assert_eq!(
        second.json,
        json!({"session_id": "s-1", "seq": 0, "events": 5, "duplicate": true})
    );
    stack.settle().await;
    assert_eq!(stack.summary("s-1").await, summary);
}

#[tokio::test]
async fn other_bytes_under_a_stored_number_are_refused_and_change_nothing() {
    let stack = Stack::start().await;
    let events = recording("forms");
    stack.upload("s-1", 0, &payload(&events[..5])).await;
    stack.settle().await;
    let summary = stack.summary("s-1").await;

    let conflict = stack.chunk("s-1", 0, &payload(&events[..6])).await;

    assert_eq!(
        (conflict.status, conflict.code()),
        (409, "other_bytes_stored")
    );
    stack.settle().await;
    assert_eq!(stack.summary("s-1").await, summary);
}

#[tokio::test]
async fn a_summary_is_there_as_soon_as_the_first_chunks_are() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 4);
    stack.upload("s-1", 0, &chunks[0]).await;
    stack.upload("s-1", 1, &chunks[1]).await;
    assert_eq!(stack.read("s-1").await.code(), "unknown_session");

    stack.serve().await;

    assert_eq!(stack.summary("s-1").await["chunks"], 2);
}

#[tokio::test]
async fn two_recorders_of_one_session_at_the_same_time_lose_nothing() {
    let stack = Stack::start().await;
    let events = recording("mousedown-menu");
    let chunks = cut(&events, 12);
    let upload = async |numbers: Vec<usize>| {
        let mut stored = 0;
        for seq in numbers {
            let answer = stack.chunk("s-1", seq as u32, &chunks[seq]).await;
            assert_eq!(answer.status, 202, "{answer:?}");
            stored += usize::from(answer.json["duplicate"] == false);
        }
        stored
    };
    let workers = async || {
        for _ in 0..20 {
            stack.serve().await;
            tokio::task::yield_now().await;
        }
    };

    let (forwards, backwards, (), ()) = tokio::join!(
        upload((0..chunks.len()).collect()),
        upload((0..chunks.len()).rev().collect()),
        workers(),
        workers(),
    );

    assert_eq!(
        forwards + backwards,
        chunks.len(),
        "each number is stored by one of them"
    );
    stack.settle().await;
    let summary = stack.summary("s-1").await;
    let whole = replay::summarize(&payload(&events)).unwrap().unwrap();
    assert_eq!(
        summary["counts"],
        serde_json::to_value(whole.counts).unwrap()
    );
    assert_eq!(summary["events"], whole.events);
    assert_eq!(summary["chunks"], chunks.len());
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_session_shows_the_aliases_it_was_identified_by_whenever_that_was() {
    let stack = Stack::start().await;
    let chunk = payload(&recording("forms"));
    let identify = |session: &str, body: &str| {
        let path = format!("/v1/sessions/{session}/identify");
        stack.send(request(
            Method::POST,
            &path,
            WRITE_KEY,
            Body::Text(body.to_owned()),
        ))
    };

    let before = identify("before", r#"{"email":"Ada@Shop.Example","user_id":"7"}"#).await;
    assert_eq!(before.status, 202);
    assert_eq!(
        before.json,
        json!({"session_id": "before", "aliases": ["email", "user_id"]})
    );
    for session in ["before", "after"] {
        stack.upload(session, 0, &chunk).await;
    }
    stack.settle().await;
    identify("after", r#"{"visitor_id":"v-1"}"#).await;
    stack.settle().await;

    let aliases = stack.summary("before").await["aliases"].clone();
    assert_eq!(
        aliases,
        json!({"email": "ada@shop.example", "user_id": "7", "anonymous_id": null, "visitor_id": null})
    );
    assert_eq!(stack.summary("after").await["aliases"]["visitor_id"], "v-1");
}

#[tokio::test]
async fn what_is_no_chunk_is_refused_with_a_reason() {
    let stack = Stack::start().await;
    for (body, encoding, status, code) in [
        (&b"nonsense"[..], None, 400, "malformed_chunk"),
        (b"{\"type\":", None, 400, "malformed_chunk"),
        (b"\xff\xfe", None, 400, "malformed_chunk"),
        (b"[]", Some("gzip"), 400, "broken_encoding"),
        (b"[]", Some("gzip, gzip"), 415, "unsupported_encoding"),
        (b"[]", Some("br"), 415, "unsupported_encoding"),
    ] {
        let answer = stack
            .send(chunk_request("s-1", 0, body.to_vec(), encoding))
            .await;
        assert_eq!(
            (answer.status, answer.code()),
            (status, code),
            "{encoding:?}"
        );
    }
    assert_eq!(stack.next_delivery(), None, "nothing was asked for");
}
