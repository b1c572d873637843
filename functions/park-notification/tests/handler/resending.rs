//! From the table back on the queues.

use notification::Worker;
use park_notification::{Error, ResendCommand};
use serde_json::json;

use crate::fixture::{Fixture, notification};

#[tokio::test]
async fn one_is_sent_again_as_it_came_and_is_parked_no_more() {
    let fixture = Fixture::start().await;
    fixture.connect("shop").await;
    let merged = notification("shop", "contact.merged", "notif_1");
    let archived = notification("shop", "contact.unarchive", "notif_2");
    for parked in [&merged, &archived] {
        assert!(fixture.park(&parked.to_string()).await);
    }

    let id = "1795175940000:notif_1";
    let command = json!({ "workspace": "shop", "id": id });
    assert_eq!(fixture.resend(command.clone()).await, (1, 0));

    assert_eq!(fixture.queued(Worker::ContactMerged).await, [merged]);
    let left = fixture.parked("shop").await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id.notification().as_str(), "notif_2");
    assert_eq!(fixture.resend(command).await, (0, 0), "it is gone");
    assert_eq!(fixture.resend(json!({ "workspace": "shop" })).await, (1, 0));
    assert_eq!(fixture.queued(Worker::ContactArchived).await, [archived]);
}

#[tokio::test]
async fn all_of_a_workspace_are_sent_again_however_many() {
    let fixture = Fixture::start().await;
    for workspace in ["shop", "other"] {
        fixture.connect(workspace).await;
    }
    for number in 0..120 {
        let created = notification("shop", "contact.lead.created", &format!("notif_{number}"));
        assert!(fixture.park(&created.to_string()).await);
    }
    let others = notification("other", "contact.lead.created", "notif_0");
    assert!(fixture.park(&others.to_string()).await);

    assert_eq!(
        fixture.resend(json!({ "workspace": "shop" })).await,
        (120, 0)
    );
    assert_eq!(fixture.queued(Worker::LeadCreated).await.len(), 120);
    assert_eq!(fixture.parked("shop").await, []);
    assert_eq!(fixture.parked("other").await.len(), 1);
}

#[tokio::test]
async fn without_a_workspace_all_that_are_connected_have_their_turn() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.resend(json!({})).await, (0, 0));
    for workspace in ["a", "b", "c", "gone"] {
        let connection = fixture.connect(workspace).await;
        let merged = notification(workspace, "contact.merged", "notif_1");
        assert!(fixture.park(&merged.to_string()).await);
        if workspace == "gone" {
            let left = fixture
                .state
                .store
                .connections()
                .disconnect(&connection.workspace, None);
            left.await.unwrap();
        }
    }
    assert_eq!(fixture.resend(json!({})).await, (3, 0));
    assert_eq!(fixture.queued(Worker::ContactMerged).await.len(), 3);
    assert_eq!(fixture.parked("gone").await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_sent_stays_parked_and_keeps_no_other_one_back() {
    let fixture = Fixture::start().await;
    fixture.connect("shop").await;
    // Of an older version, or a newer one.
    for (topic, id) in [
        ("contact.merged", "notif_1"),
        ("contact.tag.created", "notif_2"),
        ("contact.merged", "notif_3"),
    ] {
        assert!(
            fixture
                .park(&notification("shop", topic, id).to_string())
                .await
        );
    }
    assert_eq!(fixture.resend(json!({ "workspace": "shop" })).await, (2, 1));
    assert_eq!(fixture.parked("shop").await.len(), 1);
    fixture.stack.queues.drain();
}

#[tokio::test]
async fn what_was_not_removed_in_time_is_sent_twice_rather_than_not_at_all() {
    let fixture = Fixture::start().await;
    fixture.connect("shop").await;
    let merged = notification("shop", "contact.merged", "notif_1");
    assert!(fixture.park(&merged.to_string()).await);
    fixture.stack.calls.fail_next("DeleteItem");
    assert_eq!(fixture.resend(json!({ "workspace": "shop" })).await, (0, 1));
    assert_eq!(fixture.resend(json!({ "workspace": "shop" })).await, (1, 0));
    assert_eq!(
        fixture.queued(Worker::ContactMerged).await,
        [merged.clone(), merged]
    );
}

#[tokio::test]
async fn a_command_that_cannot_be_meant_is_an_error() {
    let fixture = Fixture::start().await;
    let command = |command| serde_json::from_value::<ResendCommand>(command).unwrap();
    let unknown = fixture.resend_once(command(json!({ "workspace": "unknown" })));
    assert!(matches!(unknown.await, Err(Error::UnknownWorkspace)));
    let nobodys = fixture.resend_once(command(json!({ "id": "5:notif_1" })));
    assert!(matches!(nobodys.await, Err(Error::NoWorkspace)));
}
