//! A workspace leaves.

use serde_json::{Value, json};
use store::ConnectionStatus;

use crate::fixture::Fixture;

async fn uninstall(fixture: &Fixture, workspace: &str) -> (u16, Value) {
    fixture
        .post("/uninstall", &json!({ "app_id": workspace }))
        .await
}

#[tokio::test]
async fn the_token_is_deleted_and_every_sign_in_to_the_settings_ends() {
    let fixture = Fixture::start().await;
    let before = fixture.connect().await;
    fixture.app_is_removed();
    assert_eq!(uninstall(&fixture, "acme").await, (200, json!({})));
    let after = fixture.connection().await;
    assert_eq!(after.status, ConnectionStatus::Disconnected);
    assert!(after.epoch > before.epoch);
    assert_eq!(after.preferences, before.preferences);
    assert_eq!(
        fixture
            .state
            .store
            .connections()
            .token(&after)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn uninstalling_again_changes_nothing() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    fixture.app_is_removed();
    uninstall(&fixture, "acme").await;
    let once = fixture.connection().await;
    assert_eq!(uninstall(&fixture, "acme").await.0, 200);
    assert_eq!(fixture.connection().await, once);
}

#[tokio::test]
async fn a_request_that_is_sent_again_disconnects_nobody_who_is_still_there() {
    // What Intercom says of the token; what we answer, and whether the workspace stays.
    for (me, answer, status) in [
        (200, 200, ConnectionStatus::Connected),
        (500, 503, ConnectionStatus::Connected),
        (429, 503, ConnectionStatus::Connected),
        (404, 500, ConnectionStatus::Connected),
        (401, 200, ConnectionStatus::Disconnected),
    ] {
        let fixture = Fixture::start().await;
        fixture.connect().await;
        fixture.intercom_answers(me);
        assert_eq!(uninstall(&fixture, "acme").await.0, answer, "{me}");
        assert_eq!(fixture.connection().await.status, status, "{me}");
    }
}

#[tokio::test]
async fn what_is_signed_for_another_purpose_disconnects_nobody() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    fixture.app_is_removed();
    for body in [
        json!({ "workspace_id": "acme" }),
        json!({ "workspace_id": "acme", "component_id": "open", "context": {} }),
        json!({ "workspace_id": "acme", "app_id": "acme" }),
        json!({ "app_id": "acme", "topic": "ping" }),
    ] {
        assert_eq!(fixture.post("/uninstall", &body).await.0, 400, "{body}");
    }
    assert_eq!(
        fixture.connection().await.status,
        ConnectionStatus::Connected
    );
}

#[tokio::test]
async fn a_workspace_that_was_never_here_has_left_as_well() {
    let fixture = Fixture::start().await;
    let long = "x".repeat(500);
    for workspace in ["unknown", "a#b", " ", "\u{1f980}", &long] {
        let status = uninstall(&fixture, workspace).await.0;
        // A blank id is none.
        assert_eq!(
            status,
            if workspace == " " { 400 } else { 200 },
            "{workspace}"
        );
    }
    assert_eq!(fixture.rows().await, 0);
}

#[tokio::test]
async fn intercom_is_told_to_try_again_while_the_table_is_gone() {
    let fixture = Fixture::without_table().await;
    assert_eq!(uninstall(&fixture, "acme").await.0, 503);
}
