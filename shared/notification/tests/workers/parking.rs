//! What no worker can make use of: it is tried again, and its reason is there when it is parked.

use identity::{NotificationId, WorkspaceId};
use notification::Worker;
use serde_json::json;

use crate::recorded::{by_contact, visitor_id};
use crate::sample::{AT, lead, notification};
use crate::stack::Stack;

async fn failure_of(stack: &Stack, id: &str) -> Option<store::Failure> {
    let workspace = WorkspaceId::parse("acme").unwrap();
    let id = NotificationId::parse(id).unwrap();
    stack
        .state
        .store
        .notifications()
        .failure(&workspace, &id)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_item_without_what_it_takes_is_parked_with_its_reason() {
    let long = "c".repeat(129);
    for (topic, item, error_type, reason) in [
        (
            "contact.lead.created",
            json!({}),
            "notification.malformed",
            "the notification lacks data.item.id",
        ),
        (
            "conversation.user.created",
            json!({ "id": "7" }),
            "notification.malformed",
            "the notification lacks data.item.contacts",
        ),
        (
            "contact.deleted",
            json!({ "id": long }),
            "notification.malformed_id",
            "the notification holds an id that cannot be one",
        ),
    ] {
        let stack = Stack::start().await;
        stack.connect("acme").await;
        let mut odd = notification(topic, AT, item);
        odd["id"] = "notif_odd".into();
        stack.queue(&odd).await;
        stack
            .queue(&notification("contact.lead.created", AT, lead("c1", "v-1")))
            .await;

        stack.settle().await;

        assert_eq!(stack.take_parked(), [odd.to_string()], "{topic}");
        let failure = failure_of(&stack, "notif_odd").await.unwrap();
        assert_eq!(failure.error_type, error_type);
        assert!(failure.reason.starts_with(reason), "{}", failure.reason);
        assert!(!failure.reason.contains(&long), "quotes nothing");
    }
}

#[tokio::test]
async fn a_notification_on_another_workers_queue_is_parked() {
    let stack = Stack::start().await;
    stack.connect("acme").await;
    let written = notification("contact.lead.created", AT, lead("c1", "v-1"));
    let body = written.to_string();
    stack.queue_for(Worker::ContactDeleted, &body).await;

    stack.settle().await;

    assert_eq!(stack.take_parked(), [body]);
    let failure = failure_of(&stack, written["id"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(failure.error_type, "notification.misdirected");
}

#[tokio::test]
async fn what_is_no_notification_at_all_is_parked_without_a_reason() {
    for body in ["", "nonsense", "[]", "{}", r#"{"app_id":"acme"}"#] {
        let stack = Stack::start().await;
        stack.connect("acme").await;
        let rows = stack.rows().await;
        stack.queue_for(Worker::LeadCreated, body).await;
        stack.settle().await;
        assert_eq!(stack.take_parked(), [body]);
        assert_eq!(stack.rows().await, rows);
    }
}

#[tokio::test]
async fn what_was_parked_while_the_table_was_away_can_be_sent_again() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.record(&acme, "s-1", &[visitor_id("v-1")]).await;
    let written = notification("contact.lead.created", AT, lead("c1", "v-1"));
    stack.queue(&written).await;
    stack.outage.fail(100);
    stack.settle().await;
    assert_eq!(stack.parked().len(), 1);

    stack.outage.fail(0);
    stack.redrive();
    stack.settle().await;

    assert_eq!(stack.parked(), Vec::<String>::new());
    let found = stack.lookup(&by_contact("c1")).await;
    assert_eq!(found.people().len(), 1);
}
