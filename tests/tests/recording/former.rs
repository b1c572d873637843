//! Sessions that were begun before a deployment, and end after it.
//!
//! `tests/former/before-checkpoints.json` holds a table and a bucket as commit d9ecc6a wrote them: every
//! chunk is an object, and the analyzer's state is kept after each run. Two sessions, of somebody known and
//! of somebody unknown, have had four of six chunks; of the second, the fourth is not summarized.

use std::time::Duration;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use futures::TryStreamExt;
use jiff::SignedDuration;
use lambda_http::Body;
use lambda_http::http::Method;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use platform::queue::Queue;
use serde_json::Value;
use test_support::TABLE;

use crate::stack::{SECRET_KEY, Stack, cut, payload, recording, request};

fn bytes(hexadecimal: &Value) -> Vec<u8> {
    hex::decode(hexadecimal.as_str().unwrap()).unwrap()
}

fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    let text = || value.as_str().unwrap().to_owned();
    let list = || value.as_array().unwrap().iter();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "B" => AttributeValue::B(Blob::new(bytes(value))),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "SS" => AttributeValue::Ss(
            list()
                .map(|text| text.as_str().unwrap().to_owned())
                .collect(),
        ),
        "BS" => AttributeValue::Bs(list().map(|blob| Blob::new(bytes(blob))).collect()),
        "L" => AttributeValue::L(list().map(attribute).collect()),
        "M" => AttributeValue::M(
            value
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), attribute(value)))
                .collect(),
        ),
        other => panic!("{other}"),
    }
}

/// What the former version left.
async fn left_by_the_former_version() -> Stack {
    let stack = Stack::start().await;
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/former/before-checkpoints.json"
    );
    let former: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for row in former["rows"].as_array().unwrap() {
        let row = row.as_object().unwrap().iter();
        let row = row.map(|(name, value)| (name.clone(), attribute(value)));
        let put = stack.below.table.put_item().table_name(TABLE);
        put.set_item(Some(row.collect())).send().await.unwrap();
    }
    for (path, object) in former["objects"].as_object().unwrap() {
        let path = Path::parse(path).unwrap();
        stack
            .bucket
            .objects
            .put(&path, bytes(object).into())
            .await
            .unwrap();
    }
    stack.clock.advance(SignedDuration::from_mins(2));
    stack
}

const SESSIONS: [&str; 2] = ["s-1", "s-2"];

#[tokio::test]
async fn a_session_begun_before_ends_well() {
    let stack = left_by_the_former_version().await;
    let events = recording("forms");
    let chunks = cut(&events, 6);
    let whole = replay::summarize(&payload(&events)).unwrap().unwrap();
    assert_eq!(stack.summary("s-2").await["chunks"], 3);
    for session in SESSIONS {
        for seq in 4..6 {
            stack.upload(session, seq, &chunks[seq as usize]).await;
            stack.settle().await;
        }
        let summary = stack.summary(session).await;
        assert_eq!(summary["chunks"], 6);
        assert_eq!(
            summary["counts"],
            serde_json::to_value(whole.counts).unwrap()
        );
        assert_eq!(
            summary["timeline"],
            serde_json::to_value(&whole.timeline).unwrap()
        );
        assert!(summary.get("incomplete").is_none());
    }
}

#[tokio::test]
async fn what_was_asked_for_before_is_done_by_a_message_of_before() {
    let stack = left_by_the_former_version().await;
    for session in SESSIONS {
        let body =
            format!(r#"{{"type":"summarize.v1","organization":"org_acme","session":"{session}"}}"#);
        stack.queue.send(body, Duration::ZERO).await.unwrap();
        stack.settle().await;
        assert_eq!(stack.summary(session).await["chunks"], 4);
    }
}

#[tokio::test]
async fn a_chunk_stored_before_is_known_again() {
    let stack = left_by_the_former_version().await;
    let chunks = cut(&recording("forms"), 6);
    let again = stack.chunk("s-1", 0, &chunks[0]).await;
    assert_eq!(
        (again.status, &again.json["duplicate"]),
        (202, &true.into())
    );
    let other = stack.chunk("s-1", 0, &chunks[1]).await;
    assert_eq!((other.status, other.code()), (409, "other_bytes_stored"));
    stack.below.queues.drain();
}

#[tokio::test]
async fn somebody_recorded_before_is_erased_and_nothing_is_left() {
    let stack = left_by_the_former_version().await;
    let chunks = cut(&recording("forms"), 6);
    stack.upload("s-1", 4, &chunks[4]).await;
    stack.settle().await;
    let path = "/v1/people?email=ada%40shop.example";
    let answer = stack.send(request(Method::DELETE, path, SECRET_KEY, Body::Empty));
    assert_eq!(answer.await.status, 202);
    stack.erase_all().await;
    assert_eq!(stack.read("s-1").await.status, 404);
    let objects: Vec<_> = stack.bucket.objects.list(None).try_collect().await.unwrap();
    let left = objects
        .iter()
        .filter(|object| object.location.as_ref().contains("/s-1/"));
    assert_eq!(left.count(), 0);
    stack.below.queues.drain();
}
