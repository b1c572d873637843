//! Disconnecting revokes first, and keeps everything but the token.

use store::ConnectionStatus;
use test_support::TOKEN;

use crate::fixture::{Fixture, PAGE};

async fn status(fixture: &Fixture) -> (ConnectionStatus, bool) {
    let store = &fixture.state.store;
    let workspace = identity::WorkspaceId::parse("abcd1234").unwrap();
    let connection = store.connections().get(&workspace).await.unwrap().unwrap();
    let has_token = store
        .connections()
        .token(&connection)
        .await
        .unwrap()
        .is_some();
    (connection.status, has_token)
}

#[tokio::test]
async fn a_disconnect_revokes_deletes_the_token_and_keeps_the_admin_signed_in() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let secret = fixture.first_keys(&connection).await;
    let mut browser = fixture.signed_in(&connection).await;
    let mut elsewhere = fixture.signed_in(&connection).await;

    let answer = browser.submit("disconnect", &[]).await;
    assert_eq!(answer.location, format!("{PAGE}?done=disconnected"));
    assert_eq!(fixture.uninstalled(), [TOKEN]);
    assert_eq!(
        status(&fixture).await,
        (ConnectionStatus::Disconnected, false)
    );

    let page = browser.get(&answer.location).await.body;
    assert!(page.contains("Disconnected") && page.contains("Connect again"));
    assert!(
        !page.contains(&format!("{PAGE}/disconnect")),
        "nothing is left to disconnect"
    );
    assert!(
        elsewhere
            .get(PAGE)
            .await
            .body
            .contains("Sign in with Intercom")
    );
    let grant = fixture
        .state
        .store
        .authenticate(secret.expose(), fixture.now())
        .await;
    assert!(grant.unwrap().is_some(), "the keys are kept");

    let again = fixture.connect("abcd1234", "Acme", "Priya").await;
    assert_eq!(again.organization, connection.organization);
    assert!(
        fixture
            .signed_in(&again)
            .await
            .get(PAGE)
            .await
            .body
            .contains("Connected")
    );
}

#[tokio::test]
async fn what_intercom_does_not_answer_is_not_forgotten() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    fixture.intercom_answers(500);
    let before = fixture.rows().await;
    let answer = browser.submit("disconnect", &[]).await;
    assert_eq!(answer.location, format!("{PAGE}?done=not-revoked"));
    assert_eq!(fixture.rows().await, before);

    fixture.stack.intercom.heal();
    browser.submit("disconnect", &[]).await;
    assert_eq!(
        status(&fixture).await,
        (ConnectionStatus::Disconnected, false)
    );
}

#[tokio::test]
async fn a_token_that_is_dead_already_is_as_good_as_revoked() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    fixture.stack.intercom.uninstall("abcd1234");
    let answer = browser.submit("disconnect", &[]).await;
    assert_eq!(answer.location, format!("{PAGE}?done=disconnected"));
    assert_eq!(
        status(&fixture).await,
        (ConnectionStatus::Disconnected, false)
    );
}

#[tokio::test]
async fn an_intercom_that_refuses_does_not_keep_us_connected() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    fixture.intercom_answers(403);
    let answer = browser.submit("disconnect", &[]).await;
    assert_eq!(
        answer.location,
        format!("{PAGE}?done=disconnected-here-only")
    );
    assert_eq!(
        status(&fixture).await,
        (ConnectionStatus::Disconnected, false)
    );
}
