//! What changes nothing, or nothing elsewhere.

use identity::WorkspaceId;
use serde_json::Value;
use store::DayCounts;

use crate::recorded::{by_contact, visitor_id};
use crate::sample::{AT, lead, notification};
use crate::stack::Stack;

fn in_workspace(workspace: &str, mut notification: Value) -> Value {
    notification["app_id"] = workspace.into();
    notification
}

#[tokio::test]
async fn a_repeated_notification_counts_once() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    let written = notification("contact.lead.created", AT, lead("c1", "v-1"));
    stack.deliver(std::slice::from_ref(&written)).await;
    let rows = stack.rows().await;
    stack.deliver(&[written.clone(), written]).await;
    assert_eq!(stack.rows().await, rows);
    let today = stack
        .state
        .clock
        .now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let counts = stack
        .state
        .store
        .of(&acme)
        .sessions()
        .day_counts(today)
        .await
        .unwrap();
    assert_eq!(
        counts,
        DayCounts {
            notifications: 1,
            ..DayCounts::default()
        }
    );
}

#[tokio::test]
async fn a_workspace_that_nobody_has_connected_changes_nothing() {
    let stack = Stack::start().await;
    stack.connect("acme").await;
    stack.connect("gone").await;
    let gone = WorkspaceId::parse("gone").unwrap();
    stack
        .state
        .store
        .connections()
        .disconnect(&gone, None)
        .await
        .unwrap();
    let rows = stack.rows().await;
    for workspace in [
        "unknown",
        "gone",
        "no workspace",
        "ORG#acme",
        &"x".repeat(2_000),
    ] {
        let written = notification("contact.lead.created", AT, lead("c1", "v-1"));
        stack.deliver(&[in_workspace(workspace, written)]).await;
        assert_eq!(stack.rows().await, rows, "{workspace:.20}");
    }
}

#[tokio::test]
async fn the_same_ids_in_two_workspaces_are_two_contacts() {
    let stack = Stack::start().await;
    for workspace in ["acme", "rival"] {
        let organization = stack.connect(workspace).await;
        stack
            .record(
                &organization,
                &format!("s-{workspace}"),
                &[visitor_id("v-1")],
            )
            .await;
    }
    // The very same notification, id and all: an id says nothing outside of its workspace.
    let written = notification("contact.lead.created", AT, lead("c1", "v-1"));
    stack.deliver(std::slice::from_ref(&written)).await;
    assert_eq!(
        stack.lookup_in("rival", &by_contact("c1")).await.people(),
        []
    );

    stack.deliver(&[in_workspace("rival", written)]).await;

    let people = |workspace| {
        let stack = &stack;
        async move { stack.lookup_in(workspace, &by_contact("c1")).await.people() }
    };
    let (acme, rival) = (people("acme").await, people("rival").await);
    assert_eq!((acme.len(), rival.len()), (1, 1));
    assert_ne!(acme, rival);
}

#[tokio::test]
async fn one_organization_may_have_two_workspaces() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.connect_to("second", &acme).await;
    stack.record(&acme, "s-1", &[visitor_id("v-1")]).await;
    stack.record(&acme, "s-2", &[visitor_id("v-2")]).await;
    let first = notification("contact.lead.created", AT, lead("c1", "v-1"));
    let second = notification("contact.lead.created", AT, lead("c1", "v-2"));
    stack
        .deliver(&[first, in_workspace("second", second)])
        .await;

    let first = stack.lookup_in("acme", &by_contact("c1")).await.people();
    let second = stack.lookup_in("second", &by_contact("c1")).await.people();
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
}
