//! Notifications that have been dealt with.

use futures::future::join_all;
use identity::{NotificationId, WorkspaceId};
use jiff::tz::TimeZone;

use crate::fixture::Fixture;

fn notification(id: &str) -> NotificationId {
    NotificationId::parse(id).unwrap()
}

#[tokio::test]
async fn a_notification_is_seen_and_counted_once() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let (store, now) = (&fixture.store, fixture.now);
    let id = notification("notif_1");
    assert!(
        !store
            .notifications()
            .is_seen(&workspace, &id)
            .await
            .unwrap()
    );
    let marks = (0..5).map(|_| {
        store
            .notifications()
            .mark_seen(&organization, &workspace, &id, now)
    });
    let marks: Vec<bool> = join_all(marks)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(marks.iter().filter(|first| **first).count(), 1, "{marks:?}");
    assert!(
        !store
            .notifications()
            .mark_seen(&organization, &workspace, &id, now)
            .await
            .unwrap()
    );
    assert!(
        store
            .notifications()
            .is_seen(&workspace, &id)
            .await
            .unwrap()
    );

    let others = ["notif_2", "notif_3"].map(notification);
    for other in &others {
        assert!(
            store
                .notifications()
                .mark_seen(&organization, &workspace, other, now)
                .await
                .unwrap()
        );
    }
    let day = now.to_zoned(TimeZone::UTC).date();
    let counts = store
        .of(&organization)
        .sessions()
        .day_counts(day)
        .await
        .unwrap();
    assert_eq!(counts.notifications, 3);
}

#[tokio::test]
async fn the_same_id_in_another_workspace_is_another_notification() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let other = WorkspaceId::parse("other").unwrap();
    let store = &fixture.store;
    let id = notification("notif_1");
    store
        .notifications()
        .mark_seen(&organization, &workspace, &id, fixture.now)
        .await
        .unwrap();
    assert!(!store.notifications().is_seen(&other, &id).await.unwrap());
}
