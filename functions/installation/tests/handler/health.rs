//! How an installation is.

use serde_json::{Value, json};
use store::ConnectionStatus;

use crate::fixture::{Fixture, SETTINGS};

async fn health(fixture: &Fixture) -> Value {
    let (status, health) = fixture
        .post("/health", &json!({ "workspace_id": "acme" }))
        .await;
    assert_eq!(status, 200);
    health
}

fn assert_unhealthy(health: &Value, label: &str) {
    assert_eq!(health["state"], "UNHEALTHY", "{health}");
    assert!(!health["message"].as_str().unwrap().is_empty());
    assert_eq!(health["cta_type"], "URL_CTA");
    assert_eq!(health["cta_label"], label);
    assert_eq!(health["cta_url"], SETTINGS);
}

#[tokio::test]
async fn a_workspace_whose_token_works_is_well() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    assert_eq!(health(&fixture).await, json!({ "state": "OK" }));
    assert_eq!(fixture.asked(), 1);
}

#[tokio::test]
async fn a_token_that_intercom_refuses_is_found_out_and_remembered() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    fixture.intercom_answers(401);
    assert_unhealthy(&health(&fixture).await, "Reconnect");
    assert_eq!(
        fixture.connection().await.status,
        ConnectionStatus::NeedsAttention
    );

    fixture.intercom_answers(200);
    assert_unhealthy(&health(&fixture).await, "Reconnect");
    assert_eq!(fixture.asked(), 1, "what is known is not asked");

    fixture.connect().await;
    assert_eq!(health(&fixture).await["state"], "OK");
}

#[tokio::test]
async fn what_cannot_be_found_out_is_not_called_well() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    for status in [500, 429, 404] {
        fixture.intercom_answers(status);
        assert_eq!(
            health(&fixture).await,
            json!({ "state": "UNKNOWN" }),
            "{status}"
        );
    }
    assert_eq!(
        fixture.connection().await.status,
        ConnectionStatus::Connected
    );

    let without_table = Fixture::without_table().await;
    assert_eq!(health(&without_table).await, json!({ "state": "UNKNOWN" }));
}

#[tokio::test]
async fn a_workspace_that_is_not_connected_is_shown_the_way() {
    let fixture = Fixture::start().await;
    assert_unhealthy(&health(&fixture).await, "Connect");
    fixture.connect().await;
    fixture.app_is_removed();
    fixture
        .post("/uninstall", &json!({ "app_id": "acme" }))
        .await;
    assert_unhealthy(&health(&fixture).await, "Connect");
}

#[tokio::test]
async fn where_no_settings_page_is_known_the_app_can_be_installed_again() {
    let mut fixture = Fixture::start().await;
    fixture.state.settings = None;
    let health = health(&fixture).await;
    assert_eq!(health["state"], "UNHEALTHY");
    assert_eq!(health["cta_type"], "REINSTALL_CTA");
}
