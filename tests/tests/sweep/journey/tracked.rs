//! Analytics clients send, and a backend sees to where they send from and to what becomes of it.

use serde_json::{Value, json};

use super::recording::bearer;
use super::{Journey, Keys, get};
use crate::door::{Answer, Door, Sent, Service};
use crate::lines::{Line, Which};

pub(super) async fn track(journey: &mut Journey<'_>, keys: &Keys) {
    let key = make_a_source(journey, keys).await;
    send(journey, &key, &keys.write).await;
    // Whatever its worker dies of is in tests of its own.
    let now = journey.world.clock.now();
    assert!(
        !journey
            .world
            .lines
            .take(Line::Deliver, Which::Due, now)
            .is_empty()
    );
    let door = Door::Schedule(Line::Deliver);
    let looked = journey.step("a look for lanes that are due", door).await;
    assert!(looked.is_success, "{looked:?}");
    look(journey, keys).await;
}

/// Answers the key of a new source.
async fn make_a_source(journey: &mut Journey<'_>, keys: &Keys) -> String {
    let wanted = json!({"name": "Backend", "settings": {"wait_seconds": 60}});
    let made = ask(
        journey,
        keys,
        "a source is made",
        "POST",
        "/v1/sources",
        &wanted,
    )
    .await;
    let made: Value = serde_json::from_str(&made.body).unwrap();
    let id = made["source_id"].as_str().unwrap();
    let one = format!("/v1/sources/{id}");
    let changed = json!({"settings": {"wait_seconds": 120}});
    for (name, method, target, body) in [
        ("sources are listed", "GET", "/v1/sources", &Value::Null),
        ("a source is read", "GET", &*one, &Value::Null),
        ("a source is changed", "PUT", &one, &changed),
        (
            "the sites' source is changed",
            "PUT",
            "/v1/sources/site",
            &changed,
        ),
        (
            "a source's key is replaced",
            "POST",
            &format!("{one}/keys"),
            &json!({}),
        ),
    ] {
        ask(journey, keys, name, method, target, body).await;
    }
    made["write_key"].as_str().unwrap().to_owned()
}

async fn send(journey: &mut Journey<'_>, key: &str, write_key: &str) {
    let event =
        |id: &str| json!({"type": "track", "event": "Ordered", "userId": "7", "messageId": id});
    let batch = json!({"batch": [
        {"type": "identify", "userId": "7", "messageId": "m-1", "traits": {"name": "Ada"}},
        event("m-2"),
        {"type": "nothing", "messageId": "m-3"},
    ]});
    for (name, target, body) in [
        ("a batch is sent", "/v1/batch", &batch),
        ("a beacon is sent", "/beacon/v1/batch", &event("m-4")),
        (
            "another client's batch is sent",
            "/sdk/batch",
            &json!({"batch": [event("m-5")]}),
        ),
        (
            "a call of a third client is sent",
            "/api/s/track",
            &event("m-6"),
        ),
        (
            "the same from its server",
            "/api/s/s2s/track",
            &event("m-7"),
        ),
    ] {
        let sent = Sent {
            method: "POST",
            target: target.to_owned(),
            headers: vec![bearer(key)],
            body: body.to_string().into_bytes(),
        };
        let answer = journey
            .step(name, Door::Request(Service::Collect, sent))
            .await;
        assert_eq!(answer.body, r#"{"success":true}"#, "{name}");
    }
    for (name, target) in [
        (
            "a browser asks where to send",
            format!("/v1/projects/{write_key}/settings"),
        ),
        ("another way", format!("/projects/{write_key}/settings")),
        ("a third", format!("/sourceConfig?writeKey={write_key}")),
    ] {
        let door = Door::Request(Service::Collect, get(&target));
        assert_eq!(journey.step(name, door).await.status, 200, "{name}");
    }
}

async fn look(journey: &mut Journey<'_>, keys: &Keys) {
    for (name, method, target) in [
        (
            "deliveries are listed",
            "GET",
            "/v1/deliveries?outcome=dropped",
        ),
        ("a delivery is read", "GET", "/v1/deliveries/m-3"),
        (
            "links are asked for",
            "GET",
            "/v1/links?contact_id=5ba682d23d7cf92bef87bfd4",
        ),
    ] {
        ask(journey, keys, name, method, target, &Value::Null).await;
    }
    for (name, target, status) in [
        ("companies are listed", "/v1/companies", 200),
        ("a company that is not imported", "/v1/companies/1", 404),
        ("its people", "/v1/companies/1/people", 404),
        ("conversations are listed", "/v1/conversations", 200),
        ("a conversation that is not", "/v1/conversations/1", 404),
        ("events are listed", "/v1/events", 200),
    ] {
        let answer = tell(journey, keys, name, ("GET", target), &Value::Null).await;
        assert_eq!(answer.status, status, "{name}: {answer:?}");
    }
    let target = ("DELETE", "/v1/sources/site");
    let stays = tell(journey, keys, "the site stays", target, &Value::Null).await;
    assert_eq!(stays.status, 409, "{stays:?}");
    // What was refused is not kept.
    let target = "/v1/deliveries/m-3/resend";
    let refused = tell(
        journey,
        keys,
        "it is to be sent again",
        ("POST", target),
        &json!({}),
    )
    .await;
    assert_eq!(refused.status, 409, "{refused:?}");
}

async fn ask(
    journey: &mut Journey<'_>,
    keys: &Keys,
    name: &str,
    method: &'static str,
    target: &str,
    body: &Value,
) -> Answer {
    let answer = tell(journey, keys, name, (method, target), body).await;
    assert!((200..300).contains(&answer.status), "{name}: {answer:?}");
    answer
}

async fn tell(
    journey: &mut Journey<'_>,
    keys: &Keys,
    name: &str,
    (method, target): (&'static str, &str),
    body: &Value,
) -> Answer {
    let sent = Sent {
        method,
        target: target.to_owned(),
        headers: vec![bearer(&keys.secret)],
        body: match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        },
    };
    journey.step(name, Door::Request(Service::Rest, sent)).await
}
