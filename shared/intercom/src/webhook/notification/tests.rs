//! Notifications as Intercom's documentation and captured ones have them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::request::Role;

fn body(topic: &str, item: &Value) -> Value {
    json!({
        "type": "notification_event", "app_id": "abcd1234", "topic": topic, "id": "notif_c2441832",
        "created_at": 1_795_176_000, "first_sent_at": 1_795_176_001, "delivery_attempts": 1,
        "delivery_status": "pending", "delivered_at": 0, "links": {}, "self": null,
        "data": { "type": "notification_event_data", "item": item },
    })
}

fn parse(body: &Value) -> Result<Notification, MalformedNotification> {
    Notification::parse(body.to_string().as_bytes())
}

fn problem(body: &Value) -> MalformedNotification {
    parse(body).err().unwrap()
}

#[test]
fn the_topic_says_what_the_item_is() {
    let item = json!({ "id": "1", "contacts": { "contacts": [{ "id": "c1" }] } });
    for topic in Topic::ALL {
        let notification = parse(&body(topic.as_str(), &item)).ok().unwrap();
        let is_conversation = matches!(notification.item, Item::Conversation(_));
        assert_eq!(
            is_conversation,
            topic.as_str().starts_with("conversation."),
            "{topic:?}"
        );
        assert_eq!(notification.topic, topic);
        assert_eq!(notification.workspace, "abcd1234");
        assert_eq!(notification.id.as_str(), "notif_c2441832");
        assert_eq!(notification.created_at.as_second(), 1_795_176_000);
    }
}

#[test]
fn an_older_name_of_a_topic_is_as_good() {
    let item = json!({ "id": "c1", "role": "lead", "external_id": "v-1", "email": "" });
    let notification = parse(&body("contact.created", &item)).ok().unwrap();
    assert_eq!(notification.topic, Topic::LeadCreated);
    let Item::Contact(lead) = notification.item else {
        panic!("a contact");
    };
    assert_eq!((lead.role, lead.email), (Role::Lead, None));
    assert_eq!(lead.external_id.as_deref(), Some("v-1"));
}

#[test]
fn what_a_worker_cannot_do_without_is_named() {
    use MalformedNotification::{Missing, UnknownTopic};
    let lead = json!({ "id": "c1" });
    let without = |field: &str| {
        let mut body = body("contact.lead.created", &lead);
        body.as_object_mut().unwrap().remove(field);
        body["first_sent_at"] = Value::Null;
        problem(&body)
    };
    for field in ["topic", "app_id", "created_at"] {
        assert_eq!(without(field), Missing(field));
    }
    assert_eq!(without("data"), Missing("data.item"));
    for (topic, item, expected) in [
        ("ping", &lead, UnknownTopic),
        ("contact.user.created", &lead, UnknownTopic),
        ("contact.deleted", &json!({}), Missing("data.item.id")),
        (
            "contact.merged",
            &json!({ "id": "" }),
            Missing("data.item.id"),
        ),
        (
            "conversation.user.created",
            &json!({ "contacts": [{ "id": "c1" }] }),
            Missing("data.item.id"),
        ),
        (
            "conversation.user.created",
            &json!({ "id": "1", "contacts": { "contacts": [] } }),
            Missing("data.item.contacts"),
        ),
    ] {
        assert_eq!(problem(&body(topic, item)), expected, "{topic} {item}");
    }
}

#[test]
fn a_field_that_cannot_be_read_counts_as_missing() {
    let sent = body(
        "contact.lead.created",
        &json!({ "id": "c1", "email": "@", "name": "@" }),
    );
    // Half an emoji, as a careless cut leaves it: no JSON reader makes text of it.
    let sent = sent.to_string().replace('@', r"\ud83d");
    let notification = Notification::parse(sent.as_bytes()).ok().unwrap();
    let Item::Contact(contact) = notification.item else {
        panic!("a contact");
    };
    assert_eq!((contact.id.as_str(), contact.email), ("c1", None));
}

#[test]
fn without_an_id_the_same_notification_has_the_same_one() {
    let sent = |id: Value, item: &Value, attempts: u32| {
        let mut body = body("contact.archived", item);
        body["id"] = id;
        body["delivery_attempts"] = json!(attempts);
        parse(&body).ok().unwrap().id
    };
    let (one, two) = (json!({ "id": "1" }), json!({ "id": "2" }));
    let first = sent(Value::Null, &one, 1);
    assert!(first.as_str().starts_with("sha256:") && first.as_str().len() == 71);
    assert_eq!(sent(Value::Null, &one, 2), first);
    assert_ne!(sent(Value::Null, &two, 1), first);
    let odd = json!("notif é");
    assert_ne!(sent(odd.clone(), &one, 1), first);
    assert_eq!(sent(odd.clone(), &one, 1), sent(odd, &one, 2));
    assert_eq!(sent(json!("notif_1"), &one, 1).as_str(), "notif_1");
}

proptest! {
    /// Whatever the bytes: an answer, and what the receiver lets through is read or refused for a reason of
    /// its own.
    #[test]
    fn no_body_is_too_odd(cut in 0usize..400, byte: u8, position in 0usize..400) {
        let item = json!({ "id": "c1", "role": "lead", "email": "a@b.c", "contacts": { "contacts": [{ "id": "c1" }] } });
        for topic in ["contact.merged", "conversation.user.created"] {
            let mut bytes = body(topic, &item).to_string().into_bytes();
            bytes.truncate(bytes.len().saturating_sub(cut % 7));
            let position = position % bytes.len();
            bytes[position] = byte;
            if let Ok(notification) = Notification::parse(&bytes) {
                prop_assert!(!notification.id.as_str().is_empty());
                prop_assert!(Envelope::parse(&bytes).ok().and_then(|envelope| envelope.subscribed_topic().ok()).flatten().is_some());
            }
        }
    }
}
