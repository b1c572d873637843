//! Notifications as Intercom sends them.

use serde_json::{Value, json};

/// When the first of them happened, seconds since 1970: a minute before [`crate::functions::NOW`].
pub(crate) const AT: i64 = 1_795_175_940;

/// A notification of the workspace `acme`. Its id is made of topic, item and time: the same one is a
/// repetition.
pub(crate) fn notification(topic: &str, at: i64, item: Value) -> Value {
    let subject = item["id"].as_str().unwrap_or_default().to_owned();
    json!({
        "type": "notification_event", "app_id": "acme", "topic": topic,
        "id": format!("notif_{topic}_{subject}_{at}"),
        "created_at": at, "first_sent_at": at, "delivery_attempts": 1, "delivery_status": "pending",
        "delivered_at": 0, "links": {}, "self": null,
        "data": { "type": "notification_event_data", "item": item },
    })
}

pub(crate) fn lead(id: &str, visitor_id: &str) -> Value {
    json!({ "type": "contact", "id": id, "external_id": visitor_id, "role": "lead", "email": "" })
}

pub(crate) fn lead_with_email(id: &str, visitor_id: &str, email: &str) -> Value {
    let mut lead = lead(id, visitor_id);
    lead["email"] = email.into();
    lead
}

pub(crate) fn user(id: &str, user_id: &str, email: &str) -> Value {
    json!({ "type": "contact", "id": id, "external_id": user_id, "role": "user", "email": email })
}

pub(crate) fn absorbing(mut user: Value, lead: &str) -> Value {
    user["merged_from"] = json!({ "type": "contact", "id": lead });
    user
}

pub(crate) fn deleted(id: &str, external_id: &str) -> Value {
    json!({ "type": "contact", "id": id, "external_id": external_id, "deleted": true })
}

/// A conversation that this lead has begun on a page.
pub(crate) fn conversation(id: &str, lead: &str, visitor_id: &str, page: &str) -> Value {
    json!({
        "type": "conversation", "id": id, "created_at": AT, "updated_at": AT,
        "source": {
            "type": "conversation", "delivered_as": "customer_initiated", "body": "Hello", "url": page,
            "author": { "type": "lead", "id": lead, "name": null, "email": "" },
        },
        "contacts": { "type": "contact.list", "contacts": [
            { "type": "contact", "id": lead, "external_id": visitor_id },
        ] },
        "conversation_parts": { "type": "conversation_part.list", "conversation_parts": [], "total_count": 0 },
    })
}
