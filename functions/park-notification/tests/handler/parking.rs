//! From a dead-letter queue to the table.

use identity::{NotificationId, OrganizationId, WorkspaceId};
use notification::Worker;
use serde_json::{Value, json};
use store::Failure;

use crate::fixture::{Fixture, notification};

#[tokio::test]
async fn what_its_worker_cannot_do_is_parked_with_the_reason() {
    let fixture = Fixture::start().await;
    let shop = fixture.connect("shop").await;
    let failure = Failure {
        error_type: "notification.malformed".to_owned(),
        reason: "the notification lacks data.item.id".to_owned(),
    };
    let id = NotificationId::parse("notif_1").unwrap();
    let (store, now) = (&fixture.state.store, fixture.state.clock.now());
    let noted = store
        .notifications()
        .note_failure(&shop.workspace, &id, &failure, now);
    noted.await.unwrap();
    let merged = notification("shop", "contact.merged", "notif_1");
    fixture.fails(Worker::ContactMerged, &merged).await;

    assert_eq!(fixture.serve_dead_letters(Worker::ContactMerged).await, 0);

    let parked = fixture.parked("shop").await;
    let [parked] = parked.as_slice() else {
        panic!("one");
    };
    assert_eq!(parked.id.to_string(), "1795175940000:notif_1");
    assert_eq!(parked.topic, "contact.merged");
    assert_eq!(parked.attempts, 5);
    assert_eq!(parked.failure, Some(failure));
    assert_eq!(
        fixture.queued(Worker::ContactMerged).await,
        [json!(null); 0]
    );
}

#[tokio::test]
async fn a_worker_that_crashed_could_not_say_why() {
    let fixture = Fixture::start().await;
    fixture.connect("shop").await;
    let created = notification("shop", "contact.lead.created", "notif_1");
    fixture.fails(Worker::LeadCreated, &created).await;
    fixture.serve_dead_letters(Worker::LeadCreated).await;
    assert_eq!(fixture.parked("shop").await[0].failure, None);
}

#[tokio::test]
async fn what_comes_twice_is_parked_once() {
    let fixture = Fixture::start().await;
    fixture.connect("shop").await;
    let mut sent = notification("shop", "contact.merged", "notif_1");
    assert!(fixture.park(&sent.to_string()).await);
    sent["delivery_attempts"] = json!(2);
    assert!(fixture.park(&sent.to_string()).await);
    sent["id"] = Value::Null;
    for _ in 0..2 {
        assert!(fixture.park(&sent.to_string()).await);
    }
    assert_eq!(
        fixture.parked("shop").await.len(),
        2,
        "one has an id, one has none"
    );
}

#[tokio::test]
async fn what_came_to_something_the_other_time_is_not_parked() {
    let fixture = Fixture::start().await;
    let shop = fixture.connect("shop").await;
    let id = NotificationId::parse("notif_1").unwrap();
    let (store, now) = (&fixture.state.store, fixture.state.clock.now());
    let marked = store
        .notifications()
        .mark_seen(&shop.organization, &shop.workspace, &id, now);
    marked.await.unwrap();
    let merged = notification("shop", "contact.merged", "notif_1");
    assert!(fixture.park(&merged.to_string()).await);
    assert_eq!(fixture.parked("shop").await, []);
}

#[tokio::test]
async fn each_workspace_sees_its_own() {
    let fixture = Fixture::start().await;
    for workspace in ["shop", "other"] {
        fixture.connect(workspace).await;
        let merged = notification(workspace, "contact.merged", "notif_1");
        assert!(fixture.park(&merged.to_string()).await);
    }
    let unknown = notification("unknown", "contact.merged", "notif_1");
    assert!(fixture.park(&unknown.to_string()).await, "it is nobody's");
    for (workspace, parked) in [("shop", 1), ("other", 1), ("unknown", 0)] {
        assert_eq!(fixture.parked(workspace).await.len(), parked, "{workspace}");
    }
}

#[tokio::test]
async fn of_a_workspace_that_has_left_it_is_kept_as_well() {
    let fixture = Fixture::start().await;
    let shop = fixture.connect("shop").await;
    let store = &fixture.state.store;
    store
        .connections()
        .disconnect(&shop.workspace, None)
        .await
        .unwrap();
    let merged = notification("shop", "contact.merged", "notif_1");
    assert!(fixture.park(&merged.to_string()).await);
    assert_eq!(fixture.parked("shop").await.len(), 1);
}

#[tokio::test]
async fn what_is_no_notification_stays_where_an_operator_finds_it() {
    let fixture = Fixture::start().await;
    fixture.connect("shop").await;
    for body in [
        "",
        "nonsense",
        "[]",
        r#"{"topic":"contact.merged"}"#,
        r#"{"topic":"contact.merged","app_id":"a/b","id":"1","created_at":1}"#,
        r#"{"topic":"contact.merged","app_id":"shop","id":"1"}"#,
    ] {
        assert!(!fixture.park(body).await, "{body}");
    }
    assert_eq!(fixture.parked("shop").await, []);
}

#[tokio::test]
async fn while_the_table_does_not_answer_it_stays_in_the_queue() {
    let fixture = Fixture::start().await;
    fixture.connect("shop").await;
    let merged = notification("shop", "contact.merged", "notif_1").to_string();
    for operation in ["GetItem", "PutItem"] {
        fixture.stack.calls.fail_next(operation);
        assert!(!fixture.park(&merged).await, "{operation}");
        assert_eq!(fixture.parked("shop").await, []);
    }
    assert!(fixture.park(&merged).await);
    assert_eq!(fixture.parked("shop").await.len(), 1);
}

#[tokio::test]
async fn nobody_reads_in_the_table_whom_it_is_about() {
    let fixture = Fixture::start().await;
    let shop = fixture.connect("shop").await;
    let merged = notification("shop", "contact.merged", "notif_1").to_string();
    assert!(fixture.park(&merged).await);
    let id = fixture.parked("shop").await.remove(0).id;
    let (store, now) = (&fixture.state.store, fixture.state.clock.now());
    let read = store
        .notifications()
        .parked_notification(&shop, &id, now)
        .await
        .unwrap();
    assert_eq!(read.unwrap().1.expose(), merged);
    let thief = store::Connection {
        organization: OrganizationId::of_first_workspace(&WorkspaceId::parse("other").unwrap()),
        ..shop
    };
    assert!(
        store
            .notifications()
            .parked_notification(&thief, &id, now)
            .await
            .is_err()
    );
}
