//! Recordings in, summaries out.

use aws_sdk_dynamodb::types::AttributeValue;
use http::Method;
use identity::{OrganizationId, SessionId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::deployment::{Deployment, EMAIL, SECRET_KEY, WORKSPACE, WRITE_KEY};
use crate::faults::{Fault, Loss, Which};
use crate::mapping;

/// The session that the panel shows.
pub(crate) const SESSION: &str = "s-1";
const CHUNKS: usize = 4;

pub(crate) async fn a_recording_becomes_a_summary(deployment: &mut Deployment) {
    let events = recording("forms");
    let chunks: Vec<&[Value]> = events.chunks(events.len().div_ceil(CHUNKS)).collect();
    // A backend is believed, and so links.
    let body = json!({ "anonymous_id": "a-backend" }).to_string();
    let known = "s-backend/identify";
    deployment.record(Method::POST, known, SECRET_KEY, body.into_bytes(), 202);
    identify(deployment, SESSION, &json!({ "email": EMAIL }));
    // Another visitor who turns out to be the same person.
    identify(
        deployment,
        SESSION,
        &json!({ "anonymous_id": "a-1", "email": EMAIL }),
    );
    let (last, first) = chunks.split_last().unwrap();
    for (seq, chunk) in first.iter().enumerate().rev() {
        let answer = upload(deployment, SESSION, seq, chunk, 202);
        assert_eq!(answer["duplicate"], false);
    }
    let again = upload(deployment, SESSION, 0, chunks[0], 202);
    assert_eq!(again["duplicate"], true);
    upload(deployment, SESSION, 0, last, 409);
    assert_eq!(mapping::serve(deployment.function("summarize")).await, 2);
    assert_eq!(summary(deployment, SESSION)["chunks"], first.len());

    // A run takes up the state that the last one left.
    upload(deployment, SESSION, first.len(), last, 202);
    assert_eq!(mapping::serve(deployment.function("summarize")).await, 1);

    let whole = serde_json::to_vec(&events).unwrap();
    let mut expected = json!(replay::summarize(&whole).unwrap().unwrap());
    expected["chunks"] = json!(chunks.len());
    expected["session_id"] = json!(SESSION);
    expected["aliases"] =
        json!({ "email": EMAIL, "user_id": null, "anonymous_id": "a-1", "visitor_id": null });
    expected["claimed"] = json!(true);
    assert_eq!(summary(deployment, SESSION), expected);
}

pub(crate) async fn a_chunk_beyond_a_gap_is_looked_at_again_later(deployment: &mut Deployment) {
    let events = recording("forms");
    upload(deployment, "s-gap", 1, &events, 202);
    assert_eq!(mapping::serve(deployment.function("summarize")).await, 1);
    let path = "s-gap";
    deployment.record(Method::GET, path, SECRET_KEY, Vec::new(), 404);
}

pub(crate) fn only_the_secret_key_reads(deployment: &mut Deployment) {
    for key in [WRITE_KEY, "guessed"] {
        deployment.record(Method::GET, SESSION, key, Vec::new(), 401);
    }
}

/// A chunk whose message is lost.
pub(crate) async fn a_chunk_that_nobody_summarizes_is_found(deployment: &mut Deployment) {
    const FORGOTTEN: &str = "s-forgotten";
    upload(deployment, FORGOTTEN, 0, &recording("forms"), 202);
    let summarize = deployment.function("summarize");
    let queue = json!({ "QueueUrl": summarize.description.queues[0].url });
    summarize.outside.call("AmazonSQS.PurgeQueue", &queue).await;
    an_hour_passes(deployment, FORGOTTEN).await;

    let summarize = deployment.function("summarize");
    let parts = summarize.scheduled()["parts"].as_u64().unwrap();
    // A part that is looked through twice may ask twice.
    assert!(mapping::serve(summarize).await as u64 > parts);
    assert_eq!(summary(deployment, FORGOTTEN)["chunks"], 1);
}

/// For a session that has just begun: it did so an hour ago.
async fn an_hour_passes(deployment: &mut Deployment, session: &str) {
    let organization = OrganizationId::of_first_workspace(&WorkspaceId::parse(WORKSPACE).unwrap());
    let an_hour_ago = Timestamp::now() - SignedDuration::from_hours(1);
    let id = SessionId::parse(session).unwrap();
    let begun = deployment
        .store
        .of(&organization)
        .sessions()
        .note_begun(&id, an_hour_ago);
    begun.await.unwrap();
    let text = |text: String| AttributeValue::S(text);
    let number = AttributeValue::N(an_hour_ago.as_millisecond().to_string());
    deployment
        .table
        .update_item()
        .table_name(&deployment.table_name)
        .key("PK", text(format!("ORG#{organization}#SESSION#{session}")))
        .key("SK", text("META".to_owned()))
        .update_expression("SET pending_since = :then, last_chunk_at = :then")
        .expression_attribute_values(":then", number)
        .send()
        .await
        .unwrap();
}

/// How many events the player gets of the session that the panel shows: what recorders add to rrweb's is no
/// picture.
pub(crate) fn events() -> usize {
    let events = recording("forms");
    let is_drawn = |event: &&Value| event["type"].as_u64() <= Some(4);
    events.iter().filter(is_drawn).count()
}

/// What arrives of a session that is erased is not taken.
pub(crate) fn a_late_chunk_is_refused(deployment: &mut Deployment, session: &str) {
    let error = upload(deployment, session, CHUNKS, &recording("forms"), 409);
    assert_eq!(error["error"]["code"], "session_erased");
}

/// Whichever answer is lost of a chunk's writes, or of those of its summary: a run follows, and all is as it
/// would be.
pub(crate) async fn a_chunk_is_summarized_whichever_answer_is_lost(deployment: &mut Deployment) {
    let faults = deployment.surroundings.faults.clone();
    let events = recording("forms");
    let whole = serde_json::to_vec(&events).unwrap();
    let expected = json!(replay::summarize(&whole).unwrap().unwrap());
    for write in 0.. {
        let before = faults.happened();
        let lost = Fault::LoseAnswer(Loss::ServerError);
        faults.at(Which::Write, write, 1, lost);
        let session = format!("s-without-answer-{write}");
        let answer = upload(deployment, &session, 0, &events, 202);
        assert_eq!(answer["duplicate"], false, "write {write}");
        let served = mapping::serve(deployment.function("summarize")).await;
        assert_eq!(served, 1, "write {write}: messages that ask for a summary");
        let found = summary(deployment, &session);
        for (name, expected) in expected.as_object().unwrap() {
            assert_eq!(found[name], *expected, "write {write}");
        }
        faults.end();
        if faults.happened() == before {
            assert!(write > 0);
            return;
        }
    }
}

/// Records a session of somebody's with another organization's key.
pub(crate) async fn record(deployment: &mut Deployment, session: &str, key: &str, aliases: &Value) {
    let identification = aliases.to_string().into_bytes();
    let path = format!("{session}/identify");
    deployment.record(Method::POST, &path, key, identification, 202);
    let chunk = serde_json::to_vec(&recording("forms")).unwrap();
    let path = format!("{session}/chunks/0");
    deployment.record(Method::POST, &path, key, chunk, 202);
    assert_eq!(mapping::serve(deployment.function("summarize")).await, 1);
}

pub(crate) fn summary(deployment: &mut Deployment, session: &str) -> Value {
    deployment.record(Method::GET, session, SECRET_KEY, Vec::new(), 200)
}

fn upload(
    deployment: &mut Deployment,
    session: &str,
    seq: usize,
    events: &[Value],
    status: u16,
) -> Value {
    let path = format!("{session}/chunks/{seq}");
    let body = serde_json::to_vec(events).unwrap();
    deployment.record(Method::POST, &path, WRITE_KEY, body, status)
}

fn identify(deployment: &mut Deployment, session: &str, aliases: &Value) {
    let path = format!("{session}/identify");
    let body = aliases.to_string().into_bytes();
    deployment.record(Method::POST, &path, WRITE_KEY, body, 202);
}

fn recording(name: &str) -> Vec<Value> {
    let path = format!("{}/recordings/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut events: Vec<Value> = serde_json::from_str(&text).unwrap();
    // So large that its first and its last chunk stand in the bucket, and the analyzer's state is kept.
    let padding = |at: &Value| {
        let noise = test_support::noise(600 << 10, 0);
        json!({ "type": 3, "data": { "source": 99, "padding": noise }, "timestamp": at })
    };
    let (first, last) = (
        padding(&events[0]["timestamp"]),
        padding(&events[events.len() - 1]["timestamp"]),
    );
    events.insert(1, first);
    events.push(last);
    events
}
