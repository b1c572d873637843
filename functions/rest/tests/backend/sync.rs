//! What is imported of a workspace.

use lambda_http::http::Method;
use serde_json::json;

use crate::Backend;

#[tokio::test]
async fn whether_anything_is_in_the_way_is_told_once_intercom_lets_us_in() {
    let backend = Backend::start().await;
    let (status, refused) = backend.post("/v1/sync/check").await;
    let code = &refused["error"]["code"];
    assert_eq!((status, code), (409, &json!("not_connected")));
    backend.fill_intercom().await;
    let (status, found) = backend.post("/v1/sync/check").await;
    assert_eq!(status, 200, "{found}");
    let expected = json!({ "total": 1, "without_user_id": 1, "other_user_id": 0 });
    assert_eq!(found["people"], expected);
    let expected = json!({ "total": 1, "without_company_id": 0 });
    assert_eq!(found["companies"], expected);
    let example = json!({
        "kind": "person", "problem": "no_user_id", "id": "c1", "name": "Ada",
        "link": "https://app.eu.intercom.com/a/apps/shop/users/c1",
    });
    assert_eq!(found["examples"], json!([example]));
    assert_eq!(found["warnings"], json!([]));
}

#[tokio::test]
async fn what_is_chosen_stays_and_begins_when_it_is_asked_for() {
    let backend = Backend::start().await;
    let key = backend.organization.secret_key.clone();
    let (status, chosen) = backend.get("/v1/sync/settings").await;
    assert_eq!((status, &chosen["conversations"]), (200, &json!(false)));
    assert_eq!(chosen["seen_within_days"], 90);

    let refused = backend.ask(Method::POST, "/v1/sync", &key).await;
    assert_eq!(refused.status(), 409, "nothing is chosen");
    let said = json!({ "conversations": true, "seen_within_days": 30 });
    let (status, chosen) = backend.put("/v1/sync/settings", &said).await;
    assert_eq!((status, &chosen["conversations"]), (200, &json!(true)));
    assert_eq!(backend.get("/v1/sync/settings").await.1, chosen);
    let (status, _) = backend
        .put("/v1/sync/settings", &json!({ "events": 1 }))
        .await;
    assert_eq!(status, 400);

    let (_, before) = backend.get("/v1/sync").await;
    assert_eq!(before["running"], false);
    let started = backend.ask(Method::POST, "/v1/sync", &key).await;
    assert_eq!(started.status(), 202);
    let (_, running) = backend.get("/v1/sync").await;
    assert_eq!(
        (&running["running"], &running["parts"]),
        (&json!(true), &json!({}))
    );
    let queued = backend.stack.queues.get(test_support::QueueName::Sync);
    let messages = queued.receive(10).unwrap();
    assert_eq!(messages.len(), 1);
    let receipt = messages[0].receipt_handle.as_deref().unwrap();
    queued.delete(receipt).unwrap();
}
