//! Whose turn it is.

use platform::schedule::QueueOrSchedule;
use reconcile::Answer;
use serde_json::json;
use test_support::{connection, profile};

use crate::fixture::{Fixture, workspace};

#[tokio::test]
async fn every_connected_workspace_has_its_turn() {
    let fixture = Fixture::start().await;
    for name in ["one", "two", "gone"] {
        fixture.connect(name).await;
    }
    let store = &fixture.state.store;
    store
        .connections()
        .disconnect(&workspace("gone"), None)
        .await
        .unwrap();
    let event = json!({ "detail-type": "Scheduled Event", "source": "aws.events" });
    let event: QueueOrSchedule = serde_json::from_value(event).unwrap();
    let answer = reconcile::handle(&fixture.state, event).await.unwrap();
    assert!(matches!(answer, Answer::Scheduled { workspaces: 3 }));
    assert_eq!(fixture.work().await, 3);
    assert_eq!(fixture.take_asked().len(), 6);
}

#[tokio::test]
async fn a_workspace_that_leaves_meanwhile_is_let_alone() {
    let fixture = Fixture::start().await;
    fixture.schedule().await;
    let store = &fixture.state.store;
    store
        .connections()
        .disconnect(&workspace("acme"), None)
        .await
        .unwrap();
    assert_eq!(fixture.work().await, 1);
    assert_eq!(fixture.take_asked().len(), 0);
}

#[tokio::test]
async fn a_workspace_without_a_token_is_not_asked_about() {
    let fixture = Fixture::start().await;
    let made = connection("other", profile("Other", "EU", "UTC"));
    fixture.state.store.connections().put(&made).await.unwrap();
    assert_eq!(fixture.schedule().await, 1);
    fixture.stack.queues.drain();
}

#[tokio::test]
async fn a_schedule_that_does_not_reach_the_table_says_so() {
    let fixture = Fixture::start().await;
    fixture.stack.calls.fail_next("Query");
    assert!(reconcile::schedule(&fixture.state).await.is_err());
    assert_eq!(fixture.schedule().await, 1);
    fixture.stack.queues.drain();
}
