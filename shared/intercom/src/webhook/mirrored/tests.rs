//! Items as captured ones and Intercom's documentation have them.

use serde_json::json;

use super::*;
use crate::conversation::State;
use crate::request::Role;

fn parse(topic: &str, item: &Value) -> Result<MirroredNotification, MalformedNotification> {
    let body = json!({
        "type": "notification_event", "app_id": "abcd1234", "topic": topic, "id": "notif_1",
        "created_at": 1_795_176_100, "data": { "type": "notification_event_data", "item": item },
    });
    MirroredNotification::parse(body.to_string().as_bytes())
}

fn item(topic: &str, item: &Value) -> MirroredItem {
    let notification = parse(topic, item).ok().unwrap();
    assert_eq!(notification.topic.as_str(), topic);
    assert_eq!(notification.created_at.as_second(), 1_795_176_100);
    assert_eq!(notification.workspace, "abcd1234");
    notification.item
}

fn contact() -> Value {
    json!({
        "type": "contact", "id": "c1", "role": "user", "external_id": "42", "email": "a@b.c",
        "updated_at": "2026-11-20T12:00:00.000+00:00", "unsubscribed_from_emails": true, "formatted_phone": null,
        "opted_out_subscription_types": { "data": [] }, "sms_consent": false, "utm_source": null,
    })
}

#[test]
fn a_company_is_told_in_full_until_it_is_deleted() {
    let full = json!({ "type": "company", "id": "6310", "company_id": "acme", "plan": null, "tag_ids": [] });
    for topic in ["company.created", "company.updated"] {
        let MirroredItem::Company(company) = item(topic, &full) else {
            panic!("{topic}");
        };
        assert_eq!(
            (company.company_id.as_deref(), company.deleted),
            (Some("acme"), false)
        );
    }
    let deleted = json!({ "id": "6310", "type": "company", "deleted": true });
    let MirroredItem::Company(company) = item("company.deleted", &deleted) else {
        panic!("a company");
    };
    assert_eq!(
        (
            company.id.as_str(),
            company.company_id.as_deref(),
            company.deleted
        ),
        ("6310", None, true)
    );
}

#[test]
fn whoever_comes_or_leaves_is_told_with_the_company() {
    let sent = json!({
        "company": { "id": "6310", "company_id": "acme", "plan_id": null, "monthly_spend": 0, "session_count": 0,
                     "user_count": 1, "tag_ids": [7], "custom_attributes": {} },
        "contact": contact(),
    });
    for topic in ["company.contact.attached", "company.contact.detached"] {
        let MirroredItem::Membership { company, contact } = item(topic, &sent) else {
            panic!("{topic}");
        };
        assert_eq!((company.id.as_str(), contact.id.as_str()), ("6310", "c1"));
        assert_eq!(company.tags.unwrap().ids, ["7"]);
    }
}

#[test]
fn contacts_their_tags_and_their_subscriptions_are_told_with_the_whole_contact() {
    for topic in [
        "contact.user.created",
        "contact.user.updated",
        "contact.lead.updated",
    ] {
        let MirroredItem::Contact(read) = item(topic, &contact()) else {
            panic!("{topic}");
        };
        assert_eq!((read.id.as_str(), read.role), ("c1", Role::User));
    }
    let tagged = json!({ "type": "contact_tag", "created_at": 1_795_176_000, "contact": contact(),
                         "tag": { "type": "tag", "id": 7, "name": "VIP" } });
    for topic in ["contact.user.tag.created", "contact.lead.tag.deleted"] {
        let MirroredItem::ContactTag { contact, tag } = item(topic, &tagged) else {
            panic!("{topic}");
        };
        assert_eq!(
            (contact.id.as_str(), tag.id.as_str(), tag.name.as_str()),
            ("c1", "7", "VIP")
        );
    }
    for (topic, types, all) in [
        ("contact.unsubscribed", json!([]), true),
        ("contact.subscribed", json!([]), true),
        (
            "granular.unsubscribe",
            json!([{ "id": "12", "state": "live" }]),
            false,
        ),
    ] {
        let sent = json!({ "type": "contact_unsubscribe", "contact": contact(), "created_at": 1_795_176_000,
                           "subscription_types": { "type": "list", "data": types } });
        let MirroredItem::Subscription {
            contact,
            is_about_all,
        } = item(topic, &sent)
        else {
            panic!("{topic}");
        };
        assert!(contact.unsubscribed_from_emails);
        assert_eq!(is_about_all, all, "{topic}");
    }
}

#[test]
fn a_conversation_is_told_with_its_new_parts_alone() {
    let sent = json!({
        "type": "conversation", "id": "7", "state": "closed", "open": false, "teammates": { "admins": [{ "id": "1" }] },
        "topics": {}, "ticket": null, "conversation_parts": { "type": "conversation_part.list", "total_count": 1,
            "conversation_parts": [{ "type": "conversation_part", "id": "9", "part_type": "close", "body": null }] },
    });
    for topic in [
        "conversation.user.replied",
        "conversation.admin.replied",
        "conversation.admin.noted",
        "conversation.admin.assigned",
        "conversation.admin.closed",
        "conversation.admin.opened",
        "conversation.admin.open.assigned",
        "conversation.admin.snoozed",
        "conversation.admin.unsnoozed",
        "conversation.operator.replied",
        "conversation.read",
        "conversation.rating.added",
        "conversation.priority.updated",
        "conversation.company.updated",
    ] {
        let MirroredItem::Conversation(read) = item(topic, &sent) else {
            panic!("{topic}");
        };
        assert_eq!((read.id.as_str(), read.state), ("7", Some(State::Closed)));
        assert_eq!(read.parts.len(), 1, "{topic}");
    }
}

#[test]
fn the_conversation_to_read_again_is_found_in_every_shape() {
    for (topic, sent) in [
        (
            "conversation.deleted",
            json!({ "type": "conversation", "conversation_id": "7" }),
        ),
        (
            "conversation.contact.attached",
            json!({ "conversation": { "parts": [], "options": {}, "model": { "id": 7, "user_id": 1 } },
                    "contact": contact() }),
        ),
        (
            "conversation.contact.detached",
            json!({ "conversation": { "id": "7" }, "contact": contact() }),
        ),
        (
            "conversation_part.redacted",
            json!({ "type": "conversation_part", "id": "9", "conversation_id": 7, "redacted": true }),
        ),
        (
            "conversation_part.redacted",
            json!({ "type": "conversation", "id": "7" }),
        ),
        (
            "conversation_part.tag.created",
            json!({ "type": "conversation", "id": "7", "tags_added": { "tags": [{ "id": "1" }] } }),
        ),
        (
            "conversation_part.tag.created",
            json!({ "conversation": { "id": "7" }, "tag": { "id": "1" } }),
        ),
    ] {
        let MirroredItem::ConversationId(id) = item(topic, &sent) else {
            panic!("{topic}");
        };
        assert_eq!(id, "7", "{topic} {sent}");
    }
}

#[test]
fn an_event_says_when_it_was_done() {
    let sent = json!({
        "type": "event", "event_name": "placed-order", "id": "e1", "intercom_user_id": "c1", "user_id": "42",
        "email": "a@b.c", "metadata": { "order": 1 }, "ext_metadata": {}, "created_at": 1_795_176_000,
    });
    let MirroredItem::DataEvent(event) = item("event.created", &sent) else {
        panic!("an event");
    };
    assert_eq!(event.created_at.unwrap().as_second(), 1_795_176_000);
    assert_eq!(event.metadata["order"], 1);
}

#[test]
fn what_cannot_be_done_without_is_named() {
    use MalformedNotification::{Missing, UnknownTopic};
    for (topic, sent, problem) in [
        ("contact.merged", json!({ "id": "1" }), UnknownTopic),
        (
            "company.created",
            json!({ "company_id": "acme" }),
            Missing("data.item.id"),
        ),
        (
            "company.contact.attached",
            json!({ "contact": { "id": "1" } }),
            Missing("data.item.company"),
        ),
        (
            "company.contact.detached",
            json!({ "company": { "id": "1" } }),
            Missing("data.item.contact"),
        ),
        (
            "contact.user.tag.created",
            json!({ "contact": { "id": "1" } }),
            Missing("data.item.tag"),
        ),
        (
            "conversation.user.replied",
            json!({}),
            Missing("data.item.id"),
        ),
        (
            "conversation.deleted",
            json!({ "type": "conversation" }),
            Missing("data.item.conversation_id"),
        ),
        (
            "conversation_part.redacted",
            json!({ "type": "conversation_part", "id": "9" }),
            Missing("data.item.conversation_id"),
        ),
        (
            "event.created",
            json!({ "id": "1" }),
            Missing("data.item.event_name"),
        ),
    ] {
        assert_eq!(parse(topic, &sent).err(), Some(problem), "{topic} {sent}");
    }
}
