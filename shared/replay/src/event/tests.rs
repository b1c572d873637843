//! What other recorders tell in custom and plugin events.

use serde_json::{Value, json};

use super::{Body, Event, Level, Parsed, Request, parse};
use crate::json::Cursor;

const AT: i64 = 1_795_983_895_849;

/// The body of an event with this data, as a text that says what it is.
fn told(kind: u8, data: &Value) -> String {
    let event = json!({"type": kind, "data": data, "timestamp": AT}).to_string();
    let Ok(Parsed::Event(Event { body, .. })) = parse(&mut Cursor::new(&event)) else {
        panic!("{event} is an event");
    };
    match body {
        Body::Navigation { href } => format!("route {href}"),
        Body::Log(line) => {
            let level = match line.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Other => "line",
            };
            format!("{level} {}", line.arguments.join(" "))
        }
        Body::Requests(requests) => {
            let requests: Vec<String> = requests.iter().map(request).collect();
            requests.join(", ")
        }
        Body::Hidden => "hidden".to_owned(),
        _ => "other".to_owned(),
    }
}

/// Method, address, status, and when it began and ended beside its event.
fn request(request: &Request<'_>) -> String {
    let method = request.method.as_deref().unwrap_or("-");
    let status = request
        .status
        .map_or("-".to_owned(), |status| status.to_string());
    let (from, to) = (request.started_at - AT, request.ended_at - AT);
    let beacon = if request.beacon { " beacon" } else { "" };
    format!("{method} {} {status} {from}..{to}{beacon}", request.url)
}

#[test]
fn custom_events_of_other_recorders_are_read() {
    let custom = |tag: &str, payload: Value| told(5, &json!({"tag": tag, "payload": payload}));
    for (told, expected) in [
        (
            custom("$pageview", json!({"href": "https://a.example/b"})),
            "route https://a.example/b",
        ),
        (
            custom("$url_changed", json!({"href": "#users"})),
            "route #users",
        ),
        (
            custom("Navigate", json!("https://a.example/b")),
            "route https://a.example/b",
        ),
        (
            custom("Reload", json!("\"https://a.example/b\"")),
            "route https://a.example/b",
        ),
        (
            custom("tracelane.nav", json!({"url": "/b", "ts": 5})),
            "route /b",
        ),
        // A site's own events, which may hold any address.
        (
            custom("outbound-link", json!({"href": "https://b.example/"})),
            "other",
        ),
        (
            custom("offer", json!({"$current_url": "https://b.example/"})),
            "other",
        ),
        (custom("menu", json!({"state": "hidden"})), "other"),
        (
            custom("sdk:visibility", json!({"state": "hidden"})),
            "hidden",
        ),
        (custom("TabHidden", json!(true)), "hidden"),
        (custom("TabHidden", json!(false)), "other"),
        (
            custom(
                "breadcrumb",
                json!({"category": "navigation", "data": {"from": "/", "to": "/b"}}),
            ),
            "route /b",
        ),
        (
            custom(
                "breadcrumb",
                json!({"category": "console", "level": "error", "message": "Stale [object Object]",
                    "data": {"arguments": ["Stale", {"code": 17}], "logger": "console"}}),
            ),
            "error \"Stale\" {\"code\":17}",
        ),
        (
            custom(
                "breadcrumb",
                json!({"category": "console", "level": "warning", "message": "Old"}),
            ),
            "warning Old",
        ),
        (
            custom(
                "performanceSpan",
                json!({"op": "resource.fetch", "description": "/api/stock", "startTimestamp": 1_795_983_895.85,
                    "endTimestamp": 1_795_983_896.35, "data": {"method": "GET", "statusCode": 404}}),
            ),
            "GET /api/stock 404 0..500",
        ),
        (
            custom(
                "performanceSpan",
                json!({"op": "resource.img", "description": "/a.png"}),
            ),
            "other",
        ),
        (
            custom(
                "fetch-request",
                json!({"type": "fetch", "method": "GET", "url": "/api/stock", "status": 404, "duration": 18}),
            ),
            "GET /api/stock 404 -18..0",
        ),
    ] {
        assert_eq!(told, expected);
    }
}

#[test]
fn plugin_events_of_other_recorders_are_read() {
    let plugin = |name: &str, payload: Value| told(6, &json!({"plugin": name, "payload": payload}));
    let requests = |request: Value| json!({"requests": [request]});
    for (told, expected) in [
        (
            plugin(
                "amplitude/url-tracking@1",
                json!({"href": "https://a.example/b", "title": ""}),
            ),
            "route https://a.example/b",
        ),
        (
            plugin(
                "rrweb/console@1",
                json!({"level": "warn", "payload": ["\"Old\""]}),
            ),
            "warning \"Old\"",
        ),
        (
            plugin(
                "rrweb/network@1.mp",
                requests(
                    json!({"url": "/a", "method": "POST", "initiatorType": "fetch", "status": 404,
                    "startTime": 38_800, "endTime": 38_814}),
                ),
            ),
            "POST /a 404 -14..0",
        ),
        (
            plugin(
                "rrweb/network@1",
                requests(
                    json!({"name": "/a", "entryType": "resource", "initiatorType": "fetch",
                    "responseStatus": 200, "startTime": 5, "duration": 12.6, "endTime": 18}),
                ),
            ),
            "- /a 200 -12..0",
        ),
        (
            plugin(
                "rrweb/network@1",
                requests(
                    json!({"name": "/a", "initiatorType": "beacon", "status": 0, "duration": 11}),
                ),
            ),
            "- /a 0 -11..0 beacon",
        ),
        (
            plugin("own/focus@1", json!({"href": "https://a.example/"})),
            "other",
        ),
    ] {
        assert_eq!(told, expected);
    }
}
