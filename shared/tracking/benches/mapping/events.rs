//! Events as a shop's server sends them.

use serde_json::{Value, json};

/// How many a request has.
pub(crate) const EVENTS: usize = 100;

/// A batch of track events, as `@segment/analytics-node` writes it.
pub(crate) fn tracks() -> String {
    batch((0..EVENTS).map(track).collect())
}

/// A batch of identify events.
pub(crate) fn identifies() -> String {
    batch((0..EVENTS).map(identify).collect())
}

fn batch(events: Vec<Value>) -> String {
    json!({ "batch": events, "writeKey": "WK", "sentAt": "2026-11-20T23:05:22.882Z" }).to_string()
}

fn track(number: usize) -> Value {
    json!({
        "timestamp": format!("2026-11-20T23:05:{:02}.877Z", number % 60),
        "integrations": {},
        "type": "track",
        "event": "Order Completed",
        "userId": format!("u-{number}"),
        "properties": {
            "orderId": format!("o-{number}"),
            "revenue": 49.9,
            "currency": "EUR",
            "coupon": "WINTER",
            "items": 3,
            "shippedAt": "2026-11-21T07:08:09.010Z",
            "isGift": false,
        },
        "context": context(),
        "messageId": format!("node-next-1795215922877-9e6ca458-d669-4729-bcbc-{number:012}"),
        "_metadata": { "nodeVersion": "v22.13.1", "jsRuntime": "node" },
    })
}

fn identify(number: usize) -> Value {
    json!({
        "timestamp": "2026-11-20T23:05:22.877Z",
        "integrations": {},
        "type": "identify",
        "userId": format!("u-{number}"),
        "traits": {
            "email": format!("mira.{number}@example.test"),
            "name": "Mira Tern",
            "createdAt": "2025-03-04T05:06:07.089Z",
            "age": 41,
            "vip": true,
            "plan": "pro",
            "company": { "id": "co-77", "name": "Tern & Fell", "plan": "pro", "employees": 12 },
        },
        "context": context(),
        "messageId": format!("node-next-1795215922877-9e6ca458-d669-4729-bcbc-{number:012}"),
        "_metadata": { "nodeVersion": "v22.13.1", "jsRuntime": "node" },
    })
}

fn context() -> Value {
    json!({
        "library": { "name": "@segment/analytics-node", "version": "3.1.0" },
        "ip": "203.0.113.7",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
        "locale": "cs-CZ",
    })
}
