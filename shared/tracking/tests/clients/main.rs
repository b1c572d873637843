//! What real clients sent, taken from the network: every event of theirs is read, and says what they
//! were told to send. The bodies lie beside the project.

#![allow(clippy::unwrap_used, clippy::panic)] // All of it is tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tracking::{Batch, Call, Entry, Envelope, SourceSettings, TrackedEvent};

/// Requests with a body in the reference material, if it is there.
fn requests() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/destinations");
    let files = ["client-captures.jsonl", "client-captures-2.jsonl"];
    let texts = files
        .iter()
        .filter_map(|name| fs::read_to_string(folder.join(name)).ok());
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() {
        println!("skipped: what clients sent is not there");
    }
    let lines = texts.iter().flat_map(|text| text.lines());
    let lines = lines.map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|request: &Value| request["decoded_body"].is_object())
        .collect()
}

/// The call in a request's path, as the collector finds it.
fn call(request: &Value) -> Option<Call> {
    let path = request["url"].as_str().unwrap().split('?').next().unwrap();
    Call::from_name(path.trim_end_matches('/').rsplit('/').next()?)
}

fn read(request: &Value) -> Batch {
    let envelope = Envelope {
        call: call(request),
        received_at: "2026-11-30T12:00:00Z".parse().unwrap(),
    };
    let body = request["decoded_body"].to_string();
    tracking::read(body.as_bytes(), envelope)
        .unwrap_or_else(|error| panic!("{}: {error}", request["client"]))
}

fn events(request: &Value) -> Vec<TrackedEvent> {
    let entries = read(request).entries.into_iter().map(|entry| match entry {
        Entry::Event(event) => event,
        Entry::Refused { reason, .. } => panic!("{}: {reason}", request["client"]),
    });
    entries.collect()
}

/// Whether it is one of those that carry events: `/v1/m` carries figures about the client itself.
fn has_events(request: &Value) -> bool {
    !request["url"].as_str().unwrap().ends_with("/m")
}

#[test]
fn every_event_that_a_client_sent_is_read() {
    let mut clients = BTreeSet::new();
    for request in requests().iter().filter(|request| has_events(request)) {
        let sent = request["decoded_body"]["batch"].as_array();
        let sent = sent.map_or(vec![&request["decoded_body"]], |batch| {
            batch.iter().collect()
        });
        let events = events(request);
        assert_eq!(events.len(), sent.len());
        for (event, sent) in events.iter().zip(sent) {
            let client = &request["client"];
            for (said, key) in [
                (event.user_id.as_deref(), "userId"),
                (event.anonymous_id.as_deref(), "anonymousId"),
                (event.group_id.as_deref(), "groupId"),
                (event.previous_id.as_deref(), "previousId"),
                (event.event.as_deref(), "event"),
            ] {
                let sent = sent[key].as_str().filter(|text| !text.is_empty());
                assert_eq!(said, sent, "{client}: {key}");
            }
            match sent["messageId"].as_str() {
                Some(id) => assert_eq!(event.message_id, id, "{client}"),
                None => assert!(event.message_id.starts_with("derived-"), "{client}"),
            }
            let stored = TrackedEvent::from_stored(&event.to_stored()).unwrap();
            assert!(stored == *event, "{client}");
        }
        clients.insert(request["client"].to_string());
    }
    println!("{} clients", clients.len());
}

/// Whatever the client: the person is the one that it was told of, wherever it says so, and the time is when
/// its program called.
#[test]
fn an_identify_says_who_it_is_whichever_client_sent_it() {
    for request in requests().iter().filter(|request| has_events(request)) {
        for event in events(request) {
            let client = &request["client"];
            if event.call == Call::Identify && event.user_id.is_some() {
                let is_theirs = |email: &str| email == "a@b.c" || email.ends_with("@example.test");
                assert!(event.email.as_deref().is_some_and(is_theirs), "{client}");
                assert!(
                    tracking::plan(&event, &SourceSettings::default()).is_ok(),
                    "{client}"
                );
            }
            assert!(
                event.timestamp.as_second() > 1_700_000_000,
                "{client}: {}",
                event.timestamp
            );
        }
    }
}
