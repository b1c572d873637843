//! What analytics clients meet: keys, bodies, answers, and what is stored of what they send.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod browsers;
mod captures;
mod fixture;
mod signed;

use lambda_http::Body;
use lambda_http::http::Method;
use outbox::Outcome;
use serde_json::json;

use fixture::{Collector, SERVER_KEY, request, with_header};

fn track(message_id: &str) -> String {
    let event = json!({"type": "track", "event": "A", "userId": "1", "messageId": message_id});
    event.to_string()
}

#[tokio::test]
async fn what_is_answered_with_success_is_stored_and_its_worker_is_called() {
    let collector = Collector::start().await;
    let batch = json!({"batch": [
        {"type": "identify", "userId": "1", "messageId": "a", "traits": {"email": "ada@shop.example"}},
        {"type": "track", "userId": "1", "event": "A", "messageId": "b"},
        {"type": "group", "userId": "2", "groupId": "g", "messageId": "c"},
    ]});
    for _ in 0..2 {
        let answer = collector
            .post("/v1/batch", SERVER_KEY, batch.to_string())
            .await;
        assert!(answer.is_taken(), "{answer:?}");
        let stored = collector.stored().await;
        let told: Vec<_> = stored
            .iter()
            .map(|(id, event)| (&**id, &*event.event_type, &*event.trust, &*event.source))
            .collect();
        let expected = [
            ("a", "identify", "verified", "backend"),
            ("b", "track", "verified", "backend"),
            ("c", "group", "verified", "backend"),
        ];
        assert_eq!(told, expected);
        let woken = collector.woken();
        assert_eq!(woken.len(), 2, "one of each person");
        for event in stored.values() {
            assert!(woken.iter().any(|lane| event.lane.contains(lane)));
        }
    }
}

#[tokio::test]
async fn of_a_half_bad_batch_the_rest_is_taken_and_the_bad_are_dropped_deliveries() {
    let collector = Collector::start().await;
    let large = "x".repeat(70_000);
    let body = format!(
        r#"{{"batch":[
            {{"type":"track","event":"A","userId":"1","messageId":"good","properties":{{"n":NaN,"s":"\ud83c"}}}},
            {{"type":"track","type":"track","event":"A","userId":"1","messageId":"twice"}},
            {{"type":"nothing","messageId":"unknown"}},
            {{"type":"track","event":"A","userId":"1","messageId":"large","properties":{{"s":"{large}"}}}},
            7
        ]}}"#
    );
    let answer = collector.post("/v1/batch", SERVER_KEY, body).await;
    assert!(answer.is_taken(), "{answer:?}");
    let stored = collector.stored().await;
    assert_eq!(stored.keys().collect::<Vec<_>>(), ["good", "twice"]);
    for id in ["unknown", "large"] {
        let delivery = collector.delivery(id).await.unwrap();
        assert_eq!(delivery.outcome, Outcome::Dropped, "{id}");
        assert!(delivery.reason.is_some(), "{id}");
    }
    assert_eq!(collector.woken().len(), 1);
}

#[tokio::test]
async fn pages_and_screens_are_decided_at_once_and_nothing_waits_or_is_kept_of_them() {
    let collector = Collector::start().await;
    for (call, integrations, reason) in [
        ("page", json!({}), "nothing_to_tell"),
        ("screen", json!({}), "nothing_to_tell"),
        ("page", json!({"Intercom": false}), "not_for_intercom"),
    ] {
        let id = format!("{call}-{reason}");
        let event = json!({"type": call, "name": "Home", "userId": "1", "messageId": id,
            "integrations": integrations});
        let answer = collector
            .post(
                "/v1/batch",
                SERVER_KEY,
                json!({"batch": [event]}).to_string(),
            )
            .await;
        assert!(answer.is_taken(), "{answer:?}");
        let delivery = collector.delivery(&id).await.unwrap();
        assert_eq!(delivery.outcome, Outcome::Dropped);
        assert_eq!(delivery.reason.as_deref(), Some(reason), "{id}");
    }
    assert!(collector.stored().await.is_empty());
    assert!(collector.woken().is_empty());
}

#[tokio::test]
async fn only_what_nobody_can_use_is_refused_and_nothing_is_stored_of_it() {
    let collector = Collector::start().await;
    let event = track("m");
    let secret = collector.organization.secret_key.clone();
    for (key, body, status, code) in [
        (SERVER_KEY, "hello".to_owned(), 400, "malformed_json"),
        (SERVER_KEY, String::new(), 400, "malformed_json"),
        (
            SERVER_KEY,
            format!("[{}", " ".repeat(4 << 20)),
            413,
            "payload_too_large",
        ),
        ("another-key", event.clone(), 401, "unknown_key"),
        (&*secret, event.clone(), 401, "source_key_needed"),
    ] {
        let answer = collector.post("/v1/batch", key, body).await;
        assert_eq!((answer.status(), &*answer.code()), (status, code));
        assert!(answer.json()["message"].is_string(), "{code}");
    }
    let keyless = collector
        .send(request(Method::POST, "/v1/track", event))
        .await;
    assert_eq!((keyless.status(), &*keyless.code()), (401, "missing_key"));
    let wrong = collector
        .send(request(Method::PUT, "/v1/track", "{}"))
        .await;
    assert_eq!(
        (wrong.status(), &*wrong.code()),
        (405, "method_not_allowed")
    );
    let unknown = collector.post("/v1/nothing", SERVER_KEY, "{}").await;
    assert_eq!((unknown.status(), &*unknown.code()), (404, "unknown_route"));
    assert!(collector.stored().await.is_empty());
}

#[tokio::test]
async fn an_empty_batch_is_taken() {
    let collector = Collector::start().await;
    let answer = collector
        .post("/v1/batch", SERVER_KEY, r#"{"batch":[]}"#)
        .await;
    assert!(answer.is_taken(), "{answer:?}");
}

#[tokio::test]
async fn a_key_is_found_wherever_it_stands_and_a_source_gets_only_its_own() {
    let collector = Collector::start().await;
    collector.add_server("other-server-key", "other").await;
    let in_body = json!({"type": "track", "event": "A", "userId": "1", "messageId": "body", "writeKey": SERVER_KEY});
    let in_event = json!({"batch": [{"type": "track", "event": "A", "userId": "1", "messageId": "event", "writeKey": SERVER_KEY}]});
    let query = format!("/beacon/v1/batch?writeKey={SERVER_KEY}");
    let masked = json!({"type": "track", "event": "A", "userId": "1", "messageId": "masked", "writeKey": "id:***"});
    for request in [
        request(Method::POST, "/v1/track", in_body.to_string()),
        request(Method::POST, "/v1/b", in_event.to_string()),
        request(Method::POST, &query, track("query")),
        with_header(
            request(Method::POST, "/api/s/track", masked.to_string()),
            "x-write-key",
            &format!("{SERVER_KEY}:secret"),
        ),
        // The header counts more than the body.
        with_header(
            request(
                Method::POST,
                "/v1/track",
                in_body.to_string().replace("body", "other"),
            ),
            "x-write-key",
            "other-server-key",
        ),
    ] {
        let answer = collector.send(request).await;
        assert!(answer.is_taken(), "{answer:?}");
    }
    let stored = collector.stored().await;
    let sources: Vec<_> = stored
        .iter()
        .map(|(id, event)| (&**id, &*event.source))
        .collect();
    let expected = [
        ("body", "backend"),
        ("event", "backend"),
        ("masked", "backend"),
        ("other", "other"),
        ("query", "backend"),
    ];
    assert_eq!(sources, expected);
}

#[tokio::test]
async fn success_is_not_answered_when_the_table_or_the_queue_fails() {
    let collector = Collector::start().await;
    // What is looked up once is known from now on.
    let first = collector.post("/v1/track", SERVER_KEY, track("a")).await;
    assert!(first.is_taken());
    collector.stack.calls.fail_next("BatchWriteItem");
    let answer = collector.post("/v1/track", SERVER_KEY, track("b")).await;
    assert_eq!((answer.status(), &*answer.code()), (503, "unavailable"));
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(!collector.stored().await.contains_key("b"));
    let again = collector.post("/v1/track", SERVER_KEY, track("b")).await;
    assert!(again.is_taken(), "{again:?}");
}

#[tokio::test]
async fn an_organization_that_sends_too_much_is_told_when_to_come_again() {
    let collector = Collector::start().await;
    let limits = [("BROWSER_EVENTS_A_MINUTE", "3")].into_iter().collect();
    let limits = api::quotas::Limits::DEFAULT
        .with_events_of(&limits)
        .unwrap();
    let Collector {
        state,
        stack,
        organization,
        outbox,
        deliver,
    } = collector;
    let state = state.with_limits(limits);
    let collector = Collector {
        state,
        stack,
        organization,
        outbox,
        deliver,
    };
    let key = collector.organization.write_key.clone();
    let batch = |ids: [&str; 2]| format!(r#"{{"batch":[{},{}]}}"#, track(ids[0]), track(ids[1]));
    assert!(
        collector
            .post("/v1/batch", &key, batch(["a", "b"]))
            .await
            .is_taken()
    );
    let refused = collector.post("/v1/batch", &key, batch(["c", "d"])).await;
    assert_eq!(
        (refused.status(), &*refused.code()),
        (429, "quota_exceeded")
    );
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // The private key has a limit of its own.
    assert!(
        collector
            .post("/v1/batch", SERVER_KEY, batch(["e", "f"]))
            .await
            .is_taken()
    );
    assert_eq!(collector.stored().await.len(), 4);
}

#[tokio::test]
async fn what_a_client_says_of_itself_is_answered_and_forgotten() {
    let collector = Collector::start().await;
    let answer = collector
        .send(request(Method::POST, "/v1/m", Body::Empty))
        .await;
    assert!(answer.is_taken(), "{answer:?}");
    assert!(collector.stored().await.is_empty());
}
