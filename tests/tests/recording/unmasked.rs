//! What another recorder sends in clear: it is masked before it is stored.

use identity::{OrganizationId, SessionId, WorkspaceId};
use lambda_http::Body;
use lambda_http::http::Method;
use serde_json::{Value, json};
use store::{Preferences, Recordings};

use crate::stack::{Answer, Stack, WORKSPACE, WRITE_KEY, payload, recording, request};

const SECRET: &str = "kestrel-9471-secret";
const TOKEN: &str = "tok-secret-771";
const START: u64 = 1_795_168_800_000;

fn event(at: u64, kind: u8, data: Value) -> Value {
    json!({"type": kind, "data": data, "timestamp": START + at})
}

/// A page with a field, an editable element and a button.
fn opened() -> Vec<Value> {
    let text = |id: u8, text: &str| json!({"type": 3, "textContent": text, "id": id});
    let element = |id: u8, tag: &str, attributes: Value, children: Value| json!({"type": 2, "tagName": tag, "attributes": attributes, "childNodes": children, "id": id});
    let html = element(
        2,
        "html",
        json!({}),
        json!([
            element(
                3,
                "input",
                json!({"name": "note", "value": SECRET}),
                json!([])
            ),
            element(
                4,
                "div",
                json!({"contenteditable": "true"}),
                json!([text(5, "")])
            ),
            element(
                6,
                "input",
                json!({"type": "submit", "value": "Pay now"}),
                json!([])
            ),
            element(7, "p", json!({}), json!([text(8, "0 items")])),
        ]),
    );
    let page = json!({"node": {"type": 0, "childNodes": [html], "id": 1}, "initialOffset": {"left": 0, "top": 0}});
    let address = format!("https://shop.example/cart?token={TOKEN}");
    vec![
        event(0, 4, json!({"href": address, "width": 800, "height": 600})),
        event(1, 2, page),
    ]
}

/// What happens on it in the next chunk.
fn typed(words: &str) -> Vec<Value> {
    let changed = |at: u64, id: u8, text: &str| {
        event(
            at,
            3,
            json!({"source": 0, "texts": [{"id": id, "value": text}], "attributes": [], "removes": [], "adds": []}),
        )
    };
    let request = json!({"name": format!("https://shop.example/api?token={TOKEN}"), "method": "POST", "status": 500,
        "initiatorType": "fetch", "duration": 5, "requestBody": words, "responseHeaders": {"x-token": TOKEN}});
    vec![
        event(
            1_000,
            3,
            json!({"source": 5, "text": words, "isChecked": false, "id": 3}),
        ),
        changed(2_000, 5, words),
        changed(3_000, 8, "1 item"),
        event(
            4_000,
            5,
            json!({"tag": "track", "payload": {"value": words}}),
        ),
        event(
            5_000,
            6,
            json!({"plugin": "rrweb/network@1", "payload": {"requests": [request]}}),
        ),
    ]
}

/// Sends a chunk as another recorder does.
async fn send(stack: &Stack, seq: u32, events: &[Value]) -> Answer {
    let path = format!("/v1/sessions/s-1/chunks/{seq}");
    let body = Body::Binary(payload(events));
    stack
        .send(request(Method::POST, &path, WRITE_KEY, body))
        .await
}

async fn upload(stack: &Stack, seq: u32, events: &[Value]) {
    let answer = send(stack, seq, events).await;
    assert_eq!(answer.status, 202, "{answer:?}");
}

/// The chunks of a session as they are stored, in clear.
async fn stored(stack: &Stack) -> Vec<String> {
    let recordings = Recordings::new(stack.store.clone(), stack.bucket.clone());
    let organization = OrganizationId::parse("org_acme").unwrap();
    let session = SessionId::parse("s-1").unwrap();
    let sessions = stack.store.of(&organization);
    let chunks = sessions
        .sessions()
        .chunks_from(&session, 0, 99)
        .await
        .unwrap();
    let mut stored = Vec::new();
    for chunk in &chunks {
        let payload = recordings.read_chunk(chunk).await.unwrap();
        stored.push(String::from_utf8(payload).unwrap());
    }
    stored
}

fn assert_masked(chunks: &[String]) {
    for chunk in chunks {
        assert!(!chunk.contains(SECRET) && !chunk.contains(TOKEN), "{chunk}");
    }
}

#[tokio::test]
async fn typed_text_queries_headers_and_bodies_are_not_stored() {
    let stack = Stack::start().await;
    upload(&stack, 0, &opened()).await;
    upload(&stack, 1, &typed(SECRET)).await;
    stack.settle().await;
    let stored = stored(&stack).await;
    assert_masked(&stored);
    assert!(stored[0].contains("Pay now"), "a caption stays: {stored:?}");
    assert!(
        stored[1].contains("1 item"),
        "the page's own text stays: {stored:?}"
    );
    let summary = stack.summary("s-1").await;
    assert_masked(&[summary.to_string()]);
    assert_eq!(summary["counts"]["failed_requests"], 1);
    assert_eq!(summary["counts"]["js_errors"], Value::Null);
    assert_eq!(summary["not_recorded"], json!(["console", "errors"]));
}

#[tokio::test]
async fn what_is_typed_into_the_page_is_masked_however_far_back_the_page_was_recorded() {
    let stack = Stack::start().await;
    let moved = |at: u64| [event(at, 3, json!({"source": 3, "id": 1, "x": 0, "y": at}))];
    upload(&stack, 0, &opened()).await;
    upload(&stack, 1, &typed(SECRET)[1..2]).await;
    upload(&stack, 2, &moved(6_000)).await;
    upload(&stack, 3, &typed(SECRET)[1..3]).await;
    let stored = stored(&stack).await;
    assert_masked(&stored);
    assert!(stored[3].contains("1 item"), "{stored:?}");
    stack.settle().await;
}

#[tokio::test]
async fn a_chunk_that_overtakes_the_page_it_changes_is_known_again_and_tells_no_less() {
    let stack = Stack::start().await;
    let later = typed(SECRET);
    upload(&stack, 1, &later).await;
    upload(&stack, 0, &opened()).await;
    let again = send(&stack, 1, &later).await;
    assert_eq!(
        (again.status, &again.json["duplicate"]),
        (202, &json!(true))
    );
    let other = send(&stack, 1, &typed("kestrel-9471-secreT")).await;
    assert_eq!((other.status, other.code()), (409, "other_bytes_stored"));
    upload(&stack, 2, &typed(SECRET)[1..3]).await;
    let stored = stored(&stack).await;
    assert!(stored[1].contains("1 item"), "{stored:?}");
    assert!(!stored[1].contains(TOKEN), "{stored:?}");
    assert_masked(&stored[2..]);
    stack.settle().await;
}

#[tokio::test]
async fn an_organization_may_store_what_people_type() {
    let stack = Stack::start().await;
    choose(&stack, true).await;
    upload(&stack, 0, &opened()).await;
    choose(&stack, false).await;
    assert_eq!(stored(&stack).await, [json!(opened()).to_string()]);
    // Known keys are trusted for a minute.
    stack.clock.advance(jiff::SignedDuration::from_mins(2));
    let again = send(&stack, 0, &opened()).await;
    assert_eq!(
        (again.status, &again.json["duplicate"]),
        (202, &json!(true))
    );
    upload(&stack, 1, &opened()).await;
    upload(&stack, 2, &typed(SECRET)).await;
    assert_masked(&stored(&stack).await[1..]);
    stack.settle().await;
}

async fn choose(stack: &Stack, store_unmasked: bool) {
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    let connection = stack.store.connections().get(&workspace).await;
    let connection = connection.unwrap().unwrap();
    let preferences = Preferences {
        store_unmasked,
        ..connection.preferences.clone()
    };
    let connections = stack.store.connections();
    let updated = connections.update_preferences(&connection, &preferences);
    updated.await.unwrap();
}

#[tokio::test]
async fn what_our_recorder_sends_is_stored_byte_for_byte_and_fields_are_masked_all_the_same() {
    let stack = Stack::start().await;
    let as_ours = async |seq: u32, payload: Vec<u8>| -> Answer {
        let path = format!("/v1/sessions/s-1/chunks/{seq}?recorder=recapt");
        let body = Body::Binary(payload);
        stack
            .send(request(Method::POST, &path, WRITE_KEY, body))
            .await
    };
    let events = recording("shadow-dom");
    let (first, later) = events.split_at(events.len() / 2);
    let sent = [payload(first), payload(later)];
    for (seq, payload) in (0..).zip(&sent) {
        assert_eq!(as_ours(seq, payload.clone()).await.status, 202);
    }
    let sent = sent.map(|payload| String::from_utf8(payload).unwrap());
    assert_eq!(stored(&stack).await[1], sent[1]);
    assert_eq!(as_ours(2, payload(&typed(SECRET)[..1])).await.status, 202);
    assert_masked(&stored(&stack).await);
    stack.settle().await;
}
