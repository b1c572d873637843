//! Whose names are believed.

use identity::SourceId;
use intercom::identity_verification::{IdentitySecret, UserClaims, sign_user_hash, sign_user_jwt};
use jiff::SignedDuration;
use outbox::Outcome;
use serde_json::{Value, json};
use store::{MessengerPlatform, NewMessengerSecret, SourceChoices};

use crate::fixture::{Collector, SERVER_KEY};

const SECRET: &str = "messenger-secret";

async fn with_secret() -> Collector {
    let collector = Collector::start().await;
    let secret = NewMessengerSecret::parse(MessengerPlatform::Web, SECRET).unwrap();
    let store = collector.stack.store.of(&collector.organization.id);
    let added = store
        .identity_verification()
        .provision(&secret, [7; 8], collector.stack.now());
    added.await.unwrap();
    collector
}

fn hash(secret: &str, name: &str) -> String {
    sign_user_hash(&IdentitySecret::parse(secret).unwrap(), name)
}

fn jwt(collector: &Collector, user_id: &str, lasts: i64) -> String {
    let names = UserClaims {
        user_id: user_id.to_owned(),
        email: Some("ada@shop.example".to_owned()),
    };
    let ends = collector.stack.now() + SignedDuration::from_secs(lasts);
    sign_user_jwt(&IdentitySecret::parse(SECRET).unwrap(), &names, ends).unwrap()
}

/// Events with what is said of them, the name being what is expected.
fn events(collector: &Collector) -> Vec<(&'static str, Value)> {
    let (fits, misfit) = (hash(SECRET, "42"), hash("another-secret", "42"));
    let of_email = hash(SECRET, "ada@shop.example");
    let intercom = |options: Value| json!({"Intercom": options});
    vec![
        (
            "signed",
            json!({"userId": "42", "integrations": intercom(json!({"user_hash": fits}))}),
        ),
        (
            "signed",
            json!({"userId": "42", "integrations": intercom(json!({"userHash": fits}))}),
        ),
        (
            "signed",
            json!({"userId": "42", "context": intercom(json!({"user_hash": fits}))}),
        ),
        (
            "signed",
            json!({"traits": {"email": "ada@shop.example"}, "context": intercom(json!({"user_hash": of_email}))}),
        ),
        (
            "signed",
            json!({"userId": "42", "integrations": intercom(json!({"intercom_user_jwt": jwt(collector, "42", 60)}))}),
        ),
        (
            "signed",
            json!({"anonymousId": "a", "integrations": intercom(json!({"intercom_user_jwt": jwt(collector, "42", 60)}))}),
        ),
        (
            "claimed",
            json!({"userId": "42", "integrations": intercom(json!({"user_hash": misfit}))}),
        ),
        (
            "claimed",
            json!({"userId": "43", "integrations": intercom(json!({"user_hash": fits}))}),
        ),
        (
            "claimed",
            json!({"userId": "42", "integrations": intercom(json!({"intercom_user_jwt": jwt(collector, "42", -60)}))}),
        ),
        (
            "claimed",
            json!({"userId": "43", "integrations": intercom(json!({"intercom_user_jwt": jwt(collector, "42", 60)}))}),
        ),
        (
            "claimed",
            json!({"userId": "42", "integrations": intercom(json!({"intercom_user_jwt": "a.b.c"}))}),
        ),
        ("claimed", json!({"userId": "42"})),
        ("nameless", json!({"anonymousId": "a"})),
        // A signature over the user id says nothing of the address beside it.
        (
            "signed_id",
            json!({"userId": "42", "traits": {"email": "eve@shop.example"}, "integrations": intercom(json!({"user_hash": fits}))}),
        ),
        (
            "signed_id",
            json!({"userId": "42", "traits": {"email": "eve@shop.example"}, "integrations": intercom(json!({"intercom_user_jwt": jwt(collector, "42", 60)}))}),
        ),
        (
            "signed",
            json!({"userId": "42", "traits": {"email": "Ada@shop.example"}, "integrations": intercom(json!({"intercom_user_jwt": jwt(collector, "42", 60)}))}),
        ),
        (
            "signed",
            json!({"userId": "ada@shop.example", "integrations": intercom(json!({"user_hash": of_email}))}),
        ),
    ]
}

/// Sends them all at once; ids are their numbers.
async fn send(collector: &Collector, key: &str) -> Vec<&'static str> {
    let (expected, events): (Vec<_>, Vec<_>) = events(collector).into_iter().unzip();
    let batch: Vec<_> = events
        .into_iter()
        .enumerate()
        .map(|(number, mut event)| {
            event["type"] = json!("identify");
            event["messageId"] = json!(format!("{number:02}"));
            event
        })
        .collect();
    let answer = collector
        .post("/v1/batch", key, json!({ "batch": batch }).to_string())
        .await;
    assert!(answer.is_taken(), "{answer:?}");
    expected
}

#[tokio::test]
async fn a_browsers_names_are_claims_unless_they_are_signed() {
    let collector = with_secret().await;
    let key = collector.organization.write_key.clone();
    let expected = send(&collector, &key).await;
    let stored = collector.stored().await;
    for (number, expected) in expected.into_iter().enumerate() {
        let event = &stored[&format!("{number:02}")];
        let expected = expected.replace("nameless", "claimed");
        assert_eq!(
            (&*event.trust, &*event.source),
            (&*expected, "site"),
            "{number}"
        );
    }
    // A JWT names its person by itself.
    assert_eq!(stored["05"].lane, stored["04"].lane);
}

#[tokio::test]
async fn where_signatures_are_wanted_claims_are_dropped_deliveries_and_nameless_events_are_taken() {
    let collector = with_secret().await;
    collector
        .choose(|preferences| preferences.require_signatures = true)
        .await;
    let key = collector.organization.write_key.clone();
    let expected = send(&collector, &key).await;
    let stored = collector.stored().await;
    for (number, expected) in expected.into_iter().enumerate() {
        let id = format!("{number:02}");
        assert_eq!(stored.contains_key(&id), expected != "claimed", "{number}");
        if expected == "claimed" {
            let delivery = collector.delivery(&id).await.unwrap();
            let reason = match number {
                11 => "signature_required",
                _ => "signature_invalid",
            };
            assert_eq!(delivery.outcome, Outcome::Dropped, "{number}");
            assert_eq!(delivery.reason.as_deref(), Some(reason), "{number}");
        }
    }
}

#[tokio::test]
async fn an_anonymous_id_that_is_taken_for_a_user_id_names_somebody() {
    for (is_taken, is_stored) in [(false, true), (true, false)] {
        let collector = with_secret().await;
        let sources = collector.stack.store.of(&collector.organization.id);
        let sources = sources.sources();
        let site = SourceId::parse("site").unwrap();
        let found = sources.get(&site).await.unwrap().unwrap();
        let choices = SourceChoices {
            name: found.name,
            workspace: found.workspace,
            settings: json!({"anonymous_id_as_user_id": is_taken}),
        };
        assert!(sources.update(&site, choices).await.unwrap().is_some());
        collector
            .choose(|preferences| preferences.require_signatures = true)
            .await;
        let key = collector.organization.write_key.clone();
        let event = json!({"type": "identify", "messageId": "m-1", "anonymousId": "42"});
        let answer = collector
            .post("/v1/identify", &key, event.to_string())
            .await;
        assert!(answer.is_taken(), "{answer:?}");
        let stored = collector.stored().await;
        assert_eq!(stored.contains_key("m-1"), is_stored, "{is_taken}");
    }
}

#[tokio::test]
async fn a_server_is_believed_whatever_signature_it_passes_on() {
    let collector = with_secret().await;
    send(&collector, SERVER_KEY).await;
    let stored = collector.stored().await;
    assert_eq!(stored.len(), 17);
    assert!(stored.values().all(|event| event.trust == "verified"));
}
