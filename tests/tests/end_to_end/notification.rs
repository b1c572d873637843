//! Notifications as Intercom sends them.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};

static SENT: AtomicU64 = AtomicU64::new(1);

/// A notification of the workspace `local`, of something that has just happened.
pub(crate) fn notification(topic: &str, item: &Value) -> Value {
    notification_at(topic, item, Timestamp::now())
}

/// A notification of something that happened then.
pub(crate) fn notification_at(topic: &str, item: &Value, at: Timestamp) -> Value {
    let number = SENT.fetch_add(1, Ordering::Relaxed);
    json!({
        "type": "notification_event", "app_id": "local", "topic": topic,
        "id": format!("notif_c2441832-0000-4000-8000-{number:012x}"),
        "created_at": at.as_second(), "first_sent_at": at.as_second(), "delivery_attempts": 1,
        "delivery_status": "pending", "delivered_at": 0, "links": {}, "self": null,
        "data": { "type": "notification_event_data", "item": item },
    })
}

/// A lead: Intercom's id, and that of the browser.
pub(crate) fn lead(id: &str, visitor_id: &str) -> Value {
    json!({
        "type": "contact", "id": id, "external_id": visitor_id, "role": "lead", "email": "", "name": null,
        "created_at": "2026-01-12T09:30:00.000+00:00", "updated_at": "2026-01-12T09:30:00.000+00:00",
        "custom_attributes": {},
    })
}

/// A user: Intercom's id, and the site's own.
pub(crate) fn user(id: &str, user_id: &str) -> Value {
    let mut user = lead(id, user_id);
    user["role"] = json!("user");
    user
}

/// The same contact with an e-mail address.
pub(crate) fn with_address(mut contact: Value, email: &str) -> Value {
    contact["email"] = json!(email);
    contact
}

/// A conversation that the contact has begun.
pub(crate) fn begun_by(contact: &Value) -> Value {
    json!({
        "type": "conversation", "id": "2154680", "created_at": 1_795_176_000, "updated_at": 1_795_176_000,
        "source": {
            "type": "conversation", "id": "1", "delivered_as": "customer_initiated", "body": "Hi",
            "url": "https://shop.example/cart",
            "author": { "type": contact["role"], "id": contact["id"], "name": null, "email": "" },
        },
        "contacts": {
            "type": "contact.list",
            "contacts": [{ "type": "contact", "id": contact["id"], "external_id": contact["external_id"] }],
        },
        "conversation_parts": { "type": "conversation_part.list", "conversation_parts": [], "total_count": 0 },
    })
}
