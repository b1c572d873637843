//! The organization's own API over an embedded table.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod sources;

use intercom::Hosts;
use jiff::SignedDuration;
use lambda_http::http::{Method, Request};
use lambda_http::{Body, Response};
use mirror::Mirror;
use outbox::Outbox;
use replay::MomentKind;
use rest::State;
use serde_json::{Value, json};
use test_support::{Organization, QueueName, TABLE, TestStack, master_key, problem};

mod deliveries;
mod intercoms_data;
mod links;

fn outbox(stack: &TestStack) -> Outbox {
    Outbox::new(&stack.table, TABLE, master_key())
}

fn mirror(stack: &TestStack) -> Mirror {
    Mirror::new(&stack.table, TABLE, master_key())
}

/// The API, and an organization whose backend asks.
struct Backend {
    stack: TestStack,
    state: State,
    organization: Organization,
}

impl Backend {
    async fn start() -> Self {
        let stack = TestStack::start().await;
        let organization = stack.organization("shop").await;
        Self {
            state: State::new(
                (stack.store.clone(), outbox(&stack), mirror(&stack)),
                stack.queues.get(QueueName::Deliver),
                Hosts::default(),
                stack.clock.clone(),
            ),
            organization,
            stack,
        }
    }

    async fn ask(&self, method: Method, target: &str, key: &str) -> Response<Body> {
        let request = Request::builder()
            .method(method)
            .uri(format!("https://api.example{target}"))
            .header("authorization", format!("Bearer {key}"))
            .body(Body::Empty)
            .unwrap();
        rest::handle(&self.state, request).await
    }

    /// What the organization's backend gets.
    async fn get(&self, target: &str) -> (u16, Value) {
        let key = &self.organization.secret_key;
        let response = self.ask(Method::GET, target, key).await;
        let body = serde_json::from_slice(response.body()).unwrap();
        (response.status().as_u16(), body)
    }

    /// The numbers of the problems of a list.
    async fn listed(&self, target: &str) -> Vec<u64> {
        let (status, list) = self.get(target).await;
        assert_eq!(status, 200, "{target}: {list}");
        let data = list["data"].as_array().unwrap().iter();
        let number = |problem: &Value| {
            let fingerprint = problem["fingerprint"].as_str().unwrap();
            u64::from_str_radix(fingerprint, 16).unwrap()
        };
        data.map(number).collect()
    }

    /// So many sessions of nobody bring a problem.
    async fn happens(&self, kind: MomentKind, number: u64, sessions: usize) {
        for session in 0..sessions {
            let session = format!("s-{number}-{session}");
            let problems = [problem(kind, number)];
            self.stack
                .brings(&self.organization.id, &session, &problems)
                .await;
        }
    }
}

#[tokio::test]
async fn problems_are_listed_by_how_many_people_had_them() {
    let backend = Backend::start().await;
    backend.happens(MomentKind::JsError, 1, 1).await;
    backend.happens(MomentKind::RageClick, 2, 3).await;
    let (status, list) = backend.get("/v1/problems").await;
    assert_eq!(status, 200);
    let first = json!({
        "fingerprint": "0000000000000002",
        "kind": "rage_click",
        "label": "Problem number 2",
        "people": 3,
        "sessions": 3,
        "is_estimate": false,
        "first_seen": "2026-11-20T11:59:20Z",
        "last_seen": "2026-11-20T11:59:20Z",
        "known_since": "2026-11-20T11:59:20Z",
        "examples": (0..3).map(|session| json!({
            "session_id": format!("s-2-{session}"),
            "at_ms": 20_000,
            "at": "2026-11-20T11:59:20Z",
            "page": "https://shop.example/cart",
            "browser": "Firefox 145",
        })).collect::<Vec<_>>(),
    });
    assert_eq!(list["data"][0], first);
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    assert_eq!(list["next_cursor"], Value::Null);
    let (_, whole) = backend.get("/v1/problems/0000000000000002").await;
    let mut expected = first;
    expected["days"] =
        json!([{ "day": "2026-11-20", "people": 3, "sessions": 3, "is_estimate": false }]);
    assert_eq!(whole, expected);
}

#[tokio::test]
async fn a_query_chooses_and_a_cursor_goes_on() {
    let backend = Backend::start().await;
    backend.happens(MomentKind::JsError, 1, 1).await;
    backend.happens(MomentKind::RageClick, 2, 4).await;
    backend.happens(MomentKind::JsError, 3, 2).await;
    let an_hour = SignedDuration::from_hours(1);
    for (target, expected) in [
        ("/v1/problems", vec![2, 3, 1]),
        ("/v1/problems?kind=js_error", vec![3, 1]),
        ("/v1/problems?since=2026-11-20T11:00:00Z", vec![2, 3, 1]),
        ("/v1/problems?since=2026-11-20T12:00:00Z", vec![]),
        ("/v1/problems?since=2020-01-01&limit=2", vec![2, 3]),
    ] {
        assert_eq!(backend.listed(target).await, expected, "{target}");
    }
    let (_, page) = backend.get("/v1/problems?limit=2").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = format!("/v1/problems?limit=2&cursor={cursor}");
    assert_eq!(backend.listed(&next).await, [1]);
    backend.stack.clock.advance(an_hour * 24 * 8);
    assert_eq!(backend.listed("/v1/problems").await, Vec::<u64>::new());
    assert_eq!(
        backend.listed("/v1/problems?since=2026-11-20").await,
        [2, 3, 1]
    );
}

#[tokio::test]
async fn whoever_may_not_gets_nothing_and_everything_else_a_sentence() {
    let backend = Backend::start().await;
    backend.happens(MomentKind::JsError, 1, 1).await;
    let rival = backend.stack.organization("rival").await;
    let own = &backend.organization;
    for (method, target, key, expected) in [
        (Method::GET, "/v1/problems", "guessed", (401, "unknown_key")),
        (
            Method::GET,
            "/v1/problems",
            &own.write_key,
            (401, "secret_key_needed"),
        ),
        (
            Method::POST,
            "/v1/problems",
            &own.secret_key,
            (405, "method_not_allowed"),
        ),
        (
            Method::GET,
            "/v1/problems/0000000000000001",
            &rival.secret_key,
            (404, "unknown_problem"),
        ),
        (
            Method::GET,
            "/v1/problems/0000000000000009",
            &own.secret_key,
            (404, "unknown_problem"),
        ),
        (
            Method::GET,
            "/v1/problems/1",
            &own.secret_key,
            (400, "bad_fingerprint"),
        ),
        (
            Method::GET,
            "/v1/problems?kind=page",
            &own.secret_key,
            (400, "bad_kind"),
        ),
        (
            Method::GET,
            "/v1/problems/1/2",
            &own.secret_key,
            (404, "unknown_route"),
        ),
    ] {
        let response = backend.ask(method, target, key).await;
        let error: Value = serde_json::from_slice(response.body()).unwrap();
        let found = (
            response.status().as_u16(),
            error["error"]["code"].as_str().unwrap(),
        );
        assert_eq!(found, expected, "{target}");
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-origin")
        );
    }
    let response = backend
        .ask(Method::GET, "/v1/problems", &rival.secret_key)
        .await;
    let list: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(list, json!({ "data": [], "next_cursor": null }));
}
