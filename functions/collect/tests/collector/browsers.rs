//! What browsers ask before they send, and what they may read.

use lambda_http::Body;
use lambda_http::http::Method;
use serde_json::json;
use store::AllowedOrigins;

use crate::fixture::{Collector, SERVER_KEY, request, with_header};
use crate::track;

/// What real clients send (measured).
const HEADERS: [&str; 12] = [
    "authorization",
    "content-type",
    "x-retry-count",
    "x-write-key",
    "x-enable-debug",
    "x-ip-policy",
    "anonymousid",
    "sentat",
    "rsa-retry-attempt",
    "rsa-retry-reason",
    "rsa-since-first-attempt",
    "rsa-since-last-attempt",
];

#[tokio::test]
async fn every_header_of_a_client_is_allowed_by_its_name() {
    let collector = Collector::start().await;
    for path in [
        "/v1/t",
        "/v1/batch",
        "/api/s/track",
        "/sourceConfig",
        "/v1/projects/k/settings",
    ] {
        let answer = collector
            .send(request(Method::OPTIONS, path, Body::Empty))
            .await;
        assert_eq!(answer.status(), 204, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let allowed = answer
            .header("access-control-allow-headers")
            .unwrap()
            .to_lowercase();
        let allowed: Vec<_> = allowed.split(',').map(str::trim).collect();
        for header in HEADERS {
            assert!(allowed.contains(&header), "{path} {header}");
        }
        let methods = answer.header("access-control-allow-methods").unwrap();
        assert!(
            methods.contains("GET") && methods.contains("POST"),
            "{methods}"
        );
    }
}

#[tokio::test]
async fn scripts_may_read_answers_and_when_to_come_again() {
    let collector = Collector::start().await;
    let taken = collector.post("/v1/t", SERVER_KEY, track("a")).await;
    let refused = collector.post("/v1/t", "another-key", track("a")).await;
    collector.stack.calls.fail_next("BatchWriteItem");
    let failed = collector.post("/v1/t", SERVER_KEY, track("b")).await;
    for (answer, status) in [(taken, 200), (refused, 401), (failed, 503)] {
        assert_eq!(answer.status(), status);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let exposed = answer.header("access-control-expose-headers");
        assert_eq!(exposed, Some("Retry-After"));
    }
}

#[tokio::test]
async fn a_client_that_takes_any_answer_for_success_cannot_read_that_something_failed() {
    let collector = Collector::start().await;
    let key = &collector.organization.write_key;
    let event = json!({"event": "A", "userId": "1", "messageId": "a", "writeKey": key}).to_string();
    let send = || request(Method::POST, "/v1/track", event.clone());
    assert!(collector.send(send()).await.is_taken());
    collector.stack.calls.fail_next("BatchWriteItem");
    let failed = collector.send(send()).await;
    assert_eq!(failed.status(), 503);
    assert_eq!(failed.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_segment_client_is_told_to_send_here_with_its_key() {
    let collector = Collector::start().await;
    let key = collector.organization.write_key.clone();
    for path in [
        format!("/v1/projects/{key}/settings"),
        format!("/projects/{key}/settings"),
    ] {
        let asked = request(Method::GET, &path, Body::Empty);
        let answer = collector
            .send(with_header(asked, "host", "127.0.0.1:9000"))
            .await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let expected = json!({"Segment.io": {
            "apiKey": key, "apiHost": "127.0.0.1:9000/v1", "protocol": "http",
        }});
        assert_eq!(answer.json()["integrations"], expected);
    }
    let unknown = request(
        Method::GET,
        "/v1/projects/another-key/settings",
        Body::Empty,
    );
    assert_eq!(collector.send(unknown).await.status(), 404);
    // A client that gets no answer sends nothing, ever.
    collector.stack.calls.fail_next("GetItem");
    let asked = request(Method::GET, "/v1/projects/a-new-key/settings", Body::Empty);
    assert_eq!(collector.send(asked).await.status(), 200);
}

#[tokio::test]
async fn a_rudderstack_client_is_told_that_its_source_is_on() {
    let collector = Collector::start().await;
    let key = &collector.organization.write_key;
    let path = format!("/sourceConfig?p=npm&writeKey={key}");
    let answer = collector
        .send(request(Method::GET, &path, Body::Empty))
        .await;
    let source = &answer.json()["source"];
    assert_eq!(
        (&source["id"], &source["enabled"]),
        (&json!("site"), &json!(true))
    );
    assert_eq!(
        (&source["writeKey"], &source["destinations"]),
        (&json!(key), &json!([]))
    );
    let unknown = collector
        .send(request(Method::GET, "/sourceConfig", Body::Empty))
        .await;
    assert_eq!((unknown.status(), &*unknown.code()), (404, "unknown_key"));
}

#[tokio::test]
async fn a_site_that_is_not_allowed_may_not_send_and_a_backend_always_may() {
    let collector = Collector::start().await;
    let allowed = AllowedOrigins::parse("https://shop.example").unwrap();
    let choose = |preferences: &mut store::Preferences| preferences.allowed_origins = allowed;
    collector.choose(choose).await;
    let key = collector.organization.write_key.clone();
    let from = |key: &str, origin: &str, id: &str| {
        let request = request(Method::POST, "/v1/t", track(id));
        let request = with_header(request, "authorization", &format!("Bearer {key}"));
        with_header(request, "origin", origin)
    };
    let refused = collector
        .send(from(&key, "https://other.example", "a"))
        .await;
    assert_eq!(
        (refused.status(), &*refused.code()),
        (401, "origin_not_allowed")
    );
    assert!(
        collector
            .send(from(&key, "https://shop.example", "b"))
            .await
            .is_taken()
    );
    assert!(
        collector
            .send(from(SERVER_KEY, "https://other.example", "c"))
            .await
            .is_taken()
    );
}
