//! What became of tracked events.

use identity::{SourceId, WorkspaceId};
use lambda_http::http::Method;
use outbox::{Accepted, ApiCall, Became, EventType, Keys, Outcome, Refused, Trust};
use serde_json::{Value, json};
use tasks::DeliverTask;
use test_support::QueueName;

use crate::{Backend, outbox};

impl Backend {
    /// An event that came to this outcome.
    async fn delivered(&self, message_id: &str, outcome: Outcome) {
        let outbox = outbox(&self.stack);
        let outbox = outbox.of(&self.organization.id);
        let (workspace, now) = (self.workspace(), self.stack.now());
        let lane = outbox.lane(&Keys {
            user_id: Some("42"),
            email: None,
            anonymous_id: None,
            message_id,
        });
        let event = Accepted {
            source: &SourceId::site(),
            trust: Trust::Claimed,
            event_type: EventType::Track,
            message_id,
            lane: &lane,
            timestamp: now,
            body: b"{}",
        };
        outbox.accept(&workspace, &[event], now).await.unwrap();
        let run = outbox.read_lane(&workspace, &lane, 10, now).await.unwrap();
        let became = Became {
            outcome,
            reason: (outcome != Outcome::Sent).then(|| "refused_422".to_owned()),
            warnings: vec!["conflict".to_owned()],
            calls: vec![ApiCall {
                method: "POST".to_owned(),
                path: "/events".to_owned(),
                status: Some(422),
            }],
        };
        let became: Vec<_> = run.events.iter().map(|it| (it, became.clone())).collect();
        outbox.note(&workspace, &lane, &became, now).await.unwrap();
    }

    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.organization.id.first_workspace().unwrap()
    }

    async fn post(&self, target: &str) -> (u16, Value) {
        let response = self
            .ask(Method::POST, target, &self.organization.secret_key)
            .await;
        let body = serde_json::from_slice(response.body()).unwrap();
        (response.status().as_u16(), body)
    }
}

#[tokio::test]
async fn what_became_of_an_event_is_told_with_the_calls_that_were_made() {
    let backend = Backend::start().await;
    backend.delivered("m/1", Outcome::Failed).await;
    let (status, delivery) = backend.get("/v1/deliveries/m%2F1").await;
    let expected = json!({
        "message_id": "m/1", "source_id": "site", "type": "track", "received_at": "2026-11-20T12:00:00Z",
        "outcome": "failed", "outcome_at": "2026-11-20T12:00:00Z", "reason": "refused_422",
        "warnings": ["conflict"], "workspace_id": "shop",
        "calls": [{ "method": "POST", "path": "/events", "status": 422 }],
    });
    assert_eq!((status, delivery), (200, expected));
    let (status, error) = backend.get("/v1/deliveries/m%2F1?source_id=other").await;
    assert_eq!(
        (status, &error["error"]["code"]),
        (404, &json!("unknown_message"))
    );
}

#[tokio::test]
async fn deliveries_are_listed_by_outcome_page_by_page() {
    let backend = Backend::start().await;
    for (id, outcome) in [
        ("m-1", Outcome::Sent),
        ("m-2", Outcome::Failed),
        ("m-3", Outcome::Failed),
    ] {
        backend.delivered(id, outcome).await;
        backend
            .stack
            .clock
            .advance(jiff::SignedDuration::from_secs(1));
    }
    let listed = async |target: &str| {
        let (status, list) = backend.get(target).await;
        assert_eq!(status, 200, "{target}: {list}");
        let data = list["data"].as_array().unwrap().iter();
        let ids: Vec<_> = data
            .map(|it| it["message_id"].as_str().unwrap().to_owned())
            .collect();
        (ids, list["next_cursor"].as_str().map(str::to_owned))
    };
    assert_eq!(listed("/v1/deliveries").await.0, ["m-3", "m-2", "m-1"]);
    assert_eq!(
        listed("/v1/deliveries?outcome=failed").await.0,
        ["m-3", "m-2"]
    );
    assert_eq!(
        listed("/v1/deliveries?source_id=other").await.0,
        Vec::<String>::new()
    );
    let (first, cursor) = listed("/v1/deliveries?outcome=failed&limit=1").await;
    assert_eq!(first, ["m-3"]);
    let next = format!(
        "/v1/deliveries?outcome=failed&limit=1&cursor={}",
        cursor.unwrap()
    );
    assert_eq!(listed(&next).await.0, ["m-2"]);
}

#[tokio::test]
async fn what_failed_is_sent_again_and_nothing_else() {
    let backend = Backend::start().await;
    backend.delivered("failed", Outcome::Failed).await;
    backend.delivered("sent", Outcome::Sent).await;
    let refused = Refused {
        source: &SourceId::site(),
        event_type: None,
        message_id: "refused",
        reason: "too_large",
    };
    let outbox = outbox(&backend.stack);
    let outbox = outbox.of(&backend.organization.id);
    outbox
        .refuse(&[refused], backend.stack.now())
        .await
        .unwrap();
    for (id, status) in [
        ("failed", 202),
        ("sent", 409),
        ("refused", 409),
        ("unknown", 404),
    ] {
        let (answered, body) = backend.post(&format!("/v1/deliveries/{id}/resend")).await;
        assert_eq!(answered, status, "{id}: {body}");
    }
    let tasks = backend.stack.queues.take(QueueName::Deliver);
    let [task] = tasks.as_slice() else {
        panic!("{tasks:?}");
    };
    let DeliverTask::V1 { workspace, .. } = serde_json::from_str(task).unwrap() else {
        panic!("not a lane: {task}");
    };
    assert_eq!(workspace, backend.workspace());
    let (_, delivery) = backend.get("/v1/deliveries/failed").await;
    assert_eq!(delivery["outcome"], "waiting");
    let rival = backend.stack.organization("rival").await;
    let foreign = backend.ask(Method::GET, "/v1/deliveries/failed", &rival.secret_key);
    assert_eq!(foreign.await.status(), 404);
}
