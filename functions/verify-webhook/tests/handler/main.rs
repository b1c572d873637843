//! Every answer of the receiver, and what it puts on which queue.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod fixture;

use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use intercom::signature::{ClientSecret, sign_body, sign_hub};
use intercom::webhook::{Envelope, Topic};
use lambda_http::http::Method;
use notification::Worker;
use proptest::prelude::*;
use serde_json::{Value, json};
use verify_webhook::MAX_BODY_BYTES;

use crate::fixture::{Fixture, Mood, code, request, secret, signed};

fn notification(topic: &str) -> Value {
    json!({
        "type": "notification_event", "app_id": "abcd1234", "topic": topic, "id": "notif_1", "created_at": 1_795_176_000,
        "data": { "type": "notification_event_data", "item": { "type": "contact", "id": "5ba682d2", "name": "" } },
    })
}

/// A notification of so many bytes.
fn notification_of(bytes: usize) -> String {
    let mut body = notification("contact.merged");
    let rest = bytes - body.to_string().len();
    body["data"]["item"]["name"] = "x".repeat(rest).into();
    body.to_string()
}

#[tokio::test]
async fn each_topic_goes_to_its_workers_queue_as_it_came() {
    let fixture = Fixture::new();
    for topic in Topic::ALL {
        let body = format!(" {}\n", notification(topic.as_str()));
        let response = fixture.send(signed(body.as_bytes())).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.body().as_ref(), b"{}");
        assert_eq!(fixture.sent(), [(Worker::of(topic), body)]);
    }
    assert_eq!(
        fixture
            .post(notification("contact.created").to_string())
            .await,
        200
    );
    assert_eq!(fixture.sent()[0].0, Worker::LeadCreated, "an older name");
}

#[tokio::test]
async fn what_nobody_deals_with_is_acknowledged_and_forgotten() {
    let fixture = Fixture::new();
    let ping = r#"{"type":"notification_event","topic":"ping","id":null}"#;
    let header = "sha1=b0fcb04f26afacbd75d5bfe1c9d31b7132484561"; // As published.
    let published = request(
        Method::POST,
        "/webhooks",
        ping.as_bytes(),
        Some(header.as_bytes()),
    );
    assert_eq!(fixture.send(published).await.status(), 200);
    for topic in [
        "ping",
        "company.created",
        "contact.user.created",
        "job.completed",
    ] {
        assert_eq!(
            fixture.post(notification(topic).to_string()).await,
            200,
            "{topic}"
        );
    }
    assert_eq!(fixture.sent(), []);
}

#[tokio::test]
async fn intercom_may_ask_whether_we_are_there() {
    let fixture = Fixture::new();
    let response = fixture
        .send(request(Method::HEAD, "/webhooks", b"", None))
        .await;
    assert_eq!(
        (response.status().as_u16(), response.body().len()),
        (200, 0)
    );
}

#[tokio::test]
async fn other_routes_and_methods_are_refused() {
    let fixture = Fixture::new();
    for (method, path, status) in [
        (Method::GET, "/webhooks", 405),
        (Method::PUT, "/webhooks", 405),
        (Method::DELETE, "/webhooks", 405),
        (Method::POST, "/webhooks/", 401),
        (Method::HEAD, "//webhooks/", 200),
        (Method::HEAD, "/", 404),
        (Method::POST, "/v1/webhooks", 404),
    ] {
        let response = fixture.send(request(method.clone(), path, b"", None)).await;
        assert_eq!(response.status(), status, "{method} {path}");
    }
}

#[tokio::test]
async fn only_intercom_is_heard() {
    let fixture = Fixture::new();
    let body = notification("contact.merged").to_string();
    let body = body.as_bytes();
    let right = sign_hub(&secret(), body);
    let forged = sign_hub(&ClientSecret::parse("another_secret").unwrap(), body);
    let of_canvases = sign_body(&secret(), body);
    let of_another = sign_hub(&secret(), b"{}");
    for signature in [
        None,
        Some(""),
        Some("sha1="),
        Some(&right[..44]),
        right.strip_prefix("sha1="),
        Some(&forged),
        Some(&of_canvases),
        Some(&of_another),
    ] {
        let sent = request(
            Method::POST,
            "/webhooks",
            body,
            signature.map(str::as_bytes),
        );
        let response = fixture.send(sent).await;
        assert_eq!(response.status(), 401, "{signature:?}");
        assert_eq!(code(&response), "bad_signature");
    }
    // Who signed it is asked before what it is.
    let nonsense = request(
        Method::POST,
        "/webhooks",
        b"nonsense",
        Some(right.as_bytes()),
    );
    assert_eq!(fixture.send(nonsense).await.status(), 401);
    assert_eq!(fixture.sent(), []);
}

#[tokio::test]
async fn what_is_signed_and_no_notification_is_a_bad_request() {
    let fixture = Fixture::new();
    let wrong = |field: &str, value: Value| {
        let mut body = notification("contact.merged");
        body[field] = value;
        body.to_string().into_bytes()
    };
    for body in [
        b"".to_vec(),
        b"nonsense".to_vec(),
        b"{".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"{}".to_vec(),
        b"\xff\xfe".to_vec(),
        b"{\"topic\":\"ping\",\"x\":\"\xff\"}".to_vec(),
        b"{\"topic\":\"ping\",\"x\":\"\x01\"}".to_vec(),
        wrong("topic", Value::Null),
        wrong("topic", json!(["contact.merged"])),
        wrong("app_id", Value::Null),
        wrong("app_id", json!(7)),
        wrong("id", json!({})),
        wrong("created_at", json!("now")),
        wrong("data", json!([])),
        wrong("data", json!({ "item": "5ba682d2" })),
    ] {
        let response = fixture.send(signed(&body)).await;
        let shown = String::from_utf8_lossy(&body);
        assert_eq!(response.status(), 400, "{shown}");
        assert_eq!(code(&response), "malformed_notification");
    }
    assert_eq!(fixture.sent(), []);
}

#[tokio::test]
async fn a_notification_may_have_a_megabyte() {
    let fixture = Fixture::new();
    assert_eq!(fixture.post(notification_of(MAX_BODY_BYTES)).await, 200);
    assert_eq!(fixture.sent()[0].1.len(), MAX_BODY_BYTES);
    let larger = notification_of(MAX_BODY_BYTES + 1);
    assert_eq!(fixture.post(&larger).await, 413);
    let unsigned = request(Method::POST, "/webhooks", larger.as_bytes(), None);
    let response = fixture.send(unsigned).await;
    assert_eq!(
        (response.status().as_u16(), code(&response)),
        (413, "body_too_large".to_owned())
    );
    assert_eq!(fixture.sent(), []);
}

#[tokio::test]
async fn text_of_every_kind_arrives_and_what_sqs_refuses_is_replaced() {
    let fixture = Fixture::new();
    let body = notification("contact.merged").to_string();
    let of_name = |name: &str| body.replace(r#""name":"""#, &format!(r#""name":"{name}""#));
    let sent = of_name("Zoë 😀 \u{fffe}\u{ffff}\u{7f} \\ud83d \\u0000 מ");
    assert_eq!(fixture.post(&sent).await, 200);
    let taken = of_name("Zoë 😀 \u{fffd}\u{fffd}\u{7f} \\ud83d \\u0000 מ");
    assert_eq!(fixture.sent(), [(Worker::ContactMerged, taken)]);
}

#[tokio::test]
async fn a_body_in_base64_is_verified_as_intercom_sent_it() {
    let fixture = Fixture::new();
    let body = notification("contact.merged").to_string();
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/webhooks", "rawQueryString": "",
        "headers": { "x-hub-signature": sign_hub(&secret(), body.as_bytes()), "content-type": "application/json" },
        "requestContext": {
            "accountId": "anonymous", "apiId": "a", "domainName": "a.example", "domainPrefix": "a",
            "http": { "method": "POST", "path": "/webhooks", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7",
                      "userAgent": "intercom-parrot-service-client/1.0" },
            "requestId": "1", "routeKey": "$default", "stage": "$default", "time": "20/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_176_000_000_u64,
        },
        "body": BASE64_STANDARD.encode(&body), "isBase64Encoded": true,
    });
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    assert_eq!(fixture.send(request).await.status(), 200);
    assert_eq!(fixture.sent(), [(Worker::ContactMerged, body)]);
}

#[tokio::test]
async fn what_comes_twice_is_queued_twice() {
    let fixture = Fixture::new();
    let body = notification("contact.merged").to_string();
    for _ in 0..2 {
        assert_eq!(fixture.post(&body).await, 200);
    }
    assert_eq!(fixture.sent().len(), 2, "its worker tells");
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_fails_or_hangs_lets_intercom_send_again() {
    let fixture = Fixture::new();
    let body = notification("contact.merged").to_string();
    for mood in [Mood::Fails, Mood::Hangs] {
        fixture.queues_are(mood);
        let asked = tokio::time::Instant::now();
        let response = fixture.send(signed(body.as_bytes())).await;
        assert_eq!(
            (response.status().as_u16(), code(&response)),
            (503, "unavailable".to_owned())
        );
        assert!(
            asked.elapsed() < Duration::from_secs(3),
            "Intercom waits for five"
        );
        assert_eq!(fixture.post(notification("ping").to_string()).await, 200);
    }
    fixture.queues_are(Mood::Takes);
    assert_eq!(fixture.post(&body).await, 200);
    assert_eq!(fixture.sent(), [(Worker::ContactMerged, body)]);
}

proptest! {
    /// However odd a signed body is, it is queued and acknowledged, acknowledged, or a bad request.
    #[test]
    fn whatever_is_signed_gets_one_of_three_answers(topic in 0usize..Topic::ALL.len(), position: usize, byte: u8) {
        let mut body = notification(Topic::ALL[topic].as_str()).to_string().into_bytes();
        let position = position % body.len();
        body[position] = byte;
        let fixture = Fixture::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let status = runtime.block_on(fixture.post(&body));
        let said = Envelope::parse(&body).and_then(|envelope| envelope.subscribed_topic());
        let (expected, queued) = match said {
            Ok(topic) => (200, topic.map(Worker::of)),
            Err(_) => (400, None),
        };
        prop_assert_eq!(status, expected);
        let sent: Vec<_> = fixture.sent().into_iter().map(|(worker, _)| worker).collect();
        prop_assert_eq!(sent, Vec::from_iter(queued));
    }
}
