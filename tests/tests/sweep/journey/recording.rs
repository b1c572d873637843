//! Sessions are recorded, summarized, and get a name.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Journey, Keys};
use crate::door::{Answer, Door, Sent, Service};
use crate::lines::{Line, Messages};

pub(super) async fn record(journey: &mut Journey<'_>, keys: &Keys) {
    let second = SignedDuration::from_secs(1);
    let chunks = chunks(journey, 5);
    // A session of somebody unknown, of which two chunks come in the wrong order.
    chunk(journey, keys, "first chunk", "s-1", 0, &chunks[0]).await;
    journey.settle("first run", Line::Summarize, second).await;
    chunk(
        journey,
        keys,
        "a chunk soon after a run",
        "s-1",
        1,
        &chunks[1],
    )
    .await;
    journey.later(second);
    chunk(
        journey,
        keys,
        "a chunk while a run is asked for",
        "s-1",
        3,
        &chunks[3],
    )
    .await;
    journey
        .settle("a run up to a gap", Line::Summarize, second * 10)
        .await;
    chunk(
        journey,
        keys,
        "the chunk that was missing",
        "s-1",
        2,
        &chunks[2],
    )
    .await;
    journey
        .settle("a run over what was missing", Line::Summarize, second * 10)
        .await;
    let again = chunk(journey, keys, "a chunk again", "s-1", 2, &chunks[2]).await;
    assert!(again.body.contains(r#""duplicate":true"#), "{again:?}");
    journey
        .settle("a run for nothing new", Line::Summarize, second * 10)
        .await;
    let name = "a chunk with errors";
    chunk(journey, keys, name, "s-1", 4, &chunks[4]).await;
    journey
        .settle("a run that counts problems", Line::Summarize, second * 10)
        .await;
    let other = post(keys, "s-1/chunks/2", &chunks[4]);
    let other = journey
        .step("other bytes", Door::Request(Service::Record, other))
        .await;
    assert_eq!(other.status, 409);

    // One that is known before it is recorded; and one more of the same person.
    for session in ["s-2", "s-3"] {
        let aliases = json!({ "user_id": "7", "anonymous_id": "a-2" });
        identify(
            journey,
            keys,
            &format!("{session} is identified"),
            session,
            &aliases,
        )
        .await;
        chunk(
            journey,
            keys,
            &format!("first chunk of {session}"),
            session,
            0,
            &chunks[0],
        )
        .await;
    }
    journey
        .settle("first runs of somebody known", Line::Summarize, second * 10)
        .await;
    // Somebody else's, whose name is known later, and then one more that leads to somebody known.
    chunk(journey, keys, "first chunk of s-4", "s-4", 0, &chunks[0]).await;
    journey
        .settle("first run of s-4", Line::Summarize, second * 10)
        .await;
    let own = json!({ "anonymous_id": "a-4", "visitor_id": "v-4" });
    identify(journey, keys, "identified after its summary", "s-4", &own).await;
    let shared = json!({ "email": "ada@shop.example", "user_id": "7" });
    identify(journey, keys, "two people become one", "s-4", &shared).await;
    identify(journey, keys, "identified again", "s-4", &shared).await;

    sign(journey, keys).await;
    // A gap that is never filled.
    chunk(journey, keys, "a chunk after a gap", "s-5", 1, &chunks[1]).await;
    let hour = SignedDuration::from_hours(1);
    journey
        .settle("a look at a gap", Line::Summarize, hour)
        .await;
    let summary = read(journey, keys, "summary of what has a gap", "s-5").await;
    assert!(summary.body.contains(r#""incomplete":true"#), "{summary:?}");
    let summary = read(journey, keys, "summary", "s-1").await;
    look_at_problems(journey, keys, &summary).await;
    let script = super::get("/recorder.js");
    journey
        .step("the recorder", Door::Request(Service::Record, script))
        .await;
    forget_a_message(journey, keys, &chunks[0]).await;
    // Last, so that somebody unknown is there when somebody writes.
    chunk(
        journey,
        keys,
        "a visit of somebody unknown",
        "s-6",
        0,
        &chunks[0],
    )
    .await;
    journey
        .settle("a run of somebody unknown", Line::Summarize, second * 10)
        .await;
}

/// A backend asks what went wrong for how many people.
async fn look_at_problems(journey: &mut Journey<'_>, keys: &Keys, summary: &Answer) {
    let summary: Value = serde_json::from_str(&summary.body).unwrap();
    let fingerprint = summary["problems"][0]["fingerprint"].as_str().unwrap();
    for target in ["/v1/problems", &format!("/v1/problems/{fingerprint}")] {
        let mut sent = super::get(target);
        sent.headers.push(bearer(&keys.secret));
        let answer = journey
            .step("problems", Door::Request(Service::Rest, sent))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.body.contains(fingerprint), "{answer:?}");
    }
}

/// A backend has somebody signed, whom a recorder then names.
async fn sign(journey: &mut Journey<'_>, keys: &Keys) {
    let mut listed = super::get("/v1/identity-keys");
    listed.headers.push(bearer(&keys.secret));
    let asked = Sent {
        method: "POST",
        target: "/v1/identity-tokens".to_owned(),
        headers: vec![bearer(&keys.secret)],
        body: br#"{"user_id":"7"}"#.to_vec(),
    };
    for (name, sent) in [("identity keys", listed), ("somebody is signed", asked)] {
        let door = Door::Request(Service::Record, sent);
        let answer = journey.step(name, door).await;
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        if name == "somebody is signed" {
            let tokens: Value = serde_json::from_str(&answer.body).unwrap();
            let signed = json!({ "user_id": "7", "user_hash": tokens["user_hash"] });
            identify(journey, keys, "named with a signature", "s-3", &signed).await;
        }
    }
}

/// A chunk whose message is lost is found when the hour is over.
async fn forget_a_message(journey: &mut Journey<'_>, keys: &Keys, payload: &[u8]) {
    chunk(
        journey,
        keys,
        "a chunk that is forgotten",
        "s-8",
        0,
        payload,
    )
    .await;
    journey.world.lines.put_back(&Messages::new());
    journey.later(SignedDuration::from_hours(1));
    let strike = Door::Schedule(Line::Summarize);
    journey.step("the hour is over", strike).await;
    let minute = SignedDuration::from_mins(1);
    journey
        .settle("a look for what is forgotten", Line::Summarize, minute)
        .await;
    read(journey, keys, "summary of what was forgotten", "s-8").await;
}

pub(super) async fn chunk(
    journey: &mut Journey<'_>,
    keys: &Keys,
    name: &str,
    session: &str,
    seq: u32,
    payload: &[u8],
) -> Answer {
    let sent = post(keys, &format!("{session}/chunks/{seq}"), payload);
    let answer = journey
        .step(name, Door::Request(Service::Record, sent))
        .await;
    assert_eq!(answer.status, 202, "{name}: {answer:?}");
    answer
}

async fn identify(
    journey: &mut Journey<'_>,
    keys: &Keys,
    name: &str,
    session: &str,
    aliases: &Value,
) {
    let sent = post(
        keys,
        &format!("{session}/identify"),
        aliases.to_string().as_bytes(),
    );
    let answer = journey
        .step(name, Door::Request(Service::Record, sent))
        .await;
    assert_eq!(answer.status, 202, "{name}: {answer:?}");
}

async fn read(journey: &mut Journey<'_>, keys: &Keys, name: &str, session: &str) -> Answer {
    let mut sent = super::get(&format!("/v1/sessions/{session}"));
    sent.headers.push(bearer(&keys.secret));
    let answer = journey
        .step(name, Door::Request(Service::Record, sent))
        .await;
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    answer
}

/// What a recorder sends.
pub(super) fn post(keys: &Keys, below: &str, body: &[u8]) -> Sent {
    Sent {
        method: "POST",
        target: format!("/v1/sessions/{below}"),
        headers: vec![bearer(&keys.write)],
        body: body.to_vec(),
    }
}

pub(super) fn bearer(key: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {key}"))
}

/// The page on which every session begins.
pub(super) fn landing_page(journey: &Journey<'_>) -> String {
    let events = events(journey);
    let mut pages = events.iter();
    let page = pages.find_map(|event| event["data"]["href"].as_str());
    page.unwrap().to_owned()
}

/// A recording of ours, in so many chunks.
pub(super) fn chunks(journey: &Journey<'_>, count: usize) -> Vec<Vec<u8>> {
    let events = events(journey);
    let chunks = events.chunks(events.len().div_ceil(count));
    chunks
        .map(|events| serde_json::to_vec(events).unwrap())
        .collect()
}

/// The recording's events as if it had begun a minute ago.
fn events(journey: &Journey<'_>) -> Vec<Value> {
    let path = format!("{}/recordings/forms.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut events: Vec<Value> = serde_json::from_str(&text).unwrap();
    let began = events[0]["timestamp"].as_i64().unwrap();
    let now = journey.world.clock.now().as_millisecond() - 60_000;
    for event in &mut events {
        let at = event["timestamp"].as_i64().unwrap();
        event["timestamp"] = json!(at - began + now);
    }
    events
}
