//! What is parked is there until it is sent again, for its own organization alone, and unreadable to whoever
//! reads the table.

use identity::{NotificationId, OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use store::{Connection, Error, Failure, ParkedId, ParkedNotification};

use crate::fixture::{Fixture, connection};

const BODY: &str = r#"{"topic":"contact.merged","email":"ada@shop.example"}"#;

fn of(workspace: &str) -> Connection {
    let workspace = WorkspaceId::parse(workspace).unwrap();
    connection(&workspace, &OrganizationId::of_first_workspace(&workspace))
}

/// What happened `seconds` before now, parked now.
fn notification(fixture: &Fixture, name: &str, seconds: i64) -> ParkedNotification {
    let name = NotificationId::parse(name).unwrap();
    ParkedNotification {
        id: ParkedId::new(fixture.later(-seconds), name).unwrap(),
        topic: "contact.merged".to_owned(),
        parked_at: fixture.now,
        attempts: 5,
        failure: Some(Failure {
            error_type: "notification.malformed".to_owned(),
            reason: "the notification lacks id".to_owned(),
        }),
    }
}

async fn names(fixture: &Fixture, connection: &Connection, at: Timestamp) -> Vec<String> {
    let listed = fixture
        .store
        .notifications()
        .parked(&connection.workspace, None, 100, at)
        .await;
    let name = |parked: ParkedNotification| parked.id.notification().to_string();
    listed.unwrap().into_iter().map(name).collect()
}

#[tokio::test]
async fn what_is_parked_is_listed_latest_first_and_read_back() {
    let fixture = Fixture::start().await;
    let (store, shop) = (&fixture.store, of("shop"));
    for (name, seconds) in [("n-older", 60), ("n-latest", 5), ("n-oldest", 600)] {
        let parked = notification(&fixture, name, seconds);
        store
            .notifications()
            .park(&shop, &parked, BODY)
            .await
            .unwrap();
    }

    assert_eq!(
        names(&fixture, &shop, fixture.now).await,
        ["n-latest", "n-older", "n-oldest"]
    );
    let wanted = notification(&fixture, "n-older", 60);
    let (read, body) = store
        .notifications()
        .parked_notification(&shop, &wanted.id, fixture.now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((&read, body.expose()), (&wanted, BODY));

    let page = async |before: Option<&ParkedId>| {
        let page = store
            .notifications()
            .parked(&shop.workspace, before, 2, fixture.now)
            .await;
        page.unwrap()
    };
    let first = page(None).await;
    assert_eq!(first.len(), 2);
    let second = page(Some(&first[1].id)).await;
    assert_eq!(second, [notification(&fixture, "n-oldest", 600)]);
    assert_eq!(page(Some(&second[0].id)).await, []);
}

#[tokio::test]
async fn parking_twice_is_parking_once_with_the_latest_reason() {
    let fixture = Fixture::start().await;
    let (store, shop) = (&fixture.store, of("shop"));
    let first = notification(&fixture, "n-1", 60);
    let again = ParkedNotification {
        parked_at: fixture.later(1),
        failure: None,
        ..first.clone()
    };
    for parked in [&first, &first, &again] {
        store
            .notifications()
            .park(&shop, parked, BODY)
            .await
            .unwrap();
    }
    let listed = store
        .notifications()
        .parked(&shop.workspace, None, 9, fixture.now)
        .await;
    assert_eq!(listed.unwrap(), std::slice::from_ref(&again));
    assert_eq!(fixture.dump().await.len(), 2, "a row, and one piece");

    // Somebody has sent the first one again, and is late to remove it.
    store
        .notifications()
        .unpark(&shop.workspace, &first)
        .await
        .unwrap();
    assert_eq!(names(&fixture, &shop, fixture.now).await, ["n-1"]);
    for _ in 0..2 {
        store
            .notifications()
            .unpark(&shop.workspace, &again)
            .await
            .unwrap();
        assert_eq!(fixture.dump().await, [""; 0]);
    }
}

#[tokio::test]
async fn a_body_of_a_megabyte_comes_back_whole() {
    let fixture = Fixture::start().await;
    let (store, shop) = (&fixture.store, of("shop"));
    let largest = "ä".repeat(1 << 19);
    let parked = notification(&fixture, "n-1", 60);
    store
        .notifications()
        .park(&shop, &parked, &largest)
        .await
        .unwrap();
    let read = store
        .notifications()
        .parked_notification(&shop, &parked.id, fixture.now)
        .await;
    let (_, body) = read.unwrap().unwrap();
    assert!(body.expose() == largest);
    store
        .notifications()
        .unpark(&shop.workspace, &parked)
        .await
        .unwrap();
    assert_eq!(fixture.dump().await, [""; 0]);

    let larger = largest + "x";
    let refused = store.notifications().park(&shop, &parked, &larger).await;
    assert!(matches!(
        refused,
        Err(Error::Table(table::Error::TooLarge { limit: 1_048_576 }))
    ));
    assert_eq!(fixture.dump().await, [""; 0]);
}

#[tokio::test]
async fn it_is_gone_after_thirty_days_even_while_its_rows_are_there() {
    let fixture = Fixture::start().await;
    let (store, shop) = (&fixture.store, of("shop"));
    let parked = notification(&fixture, "n-1", 60);
    store
        .notifications()
        .park(&shop, &parked, BODY)
        .await
        .unwrap();
    let day = SignedDuration::from_hours(24);
    for (at, is_there) in [
        (fixture.now + day * 30 - SignedDuration::from_secs(1), true),
        (fixture.now + day * 30, false),
    ] {
        assert_eq!(
            names(&fixture, &shop, at).await.len(),
            usize::from(is_there)
        );
        let read = store
            .notifications()
            .parked_notification(&shop, &parked.id, at)
            .await;
        assert_eq!(read.unwrap().is_some(), is_there);
    }
}

#[tokio::test]
async fn nobody_reads_it_but_its_own_organization() {
    let fixture = Fixture::start().await;
    let (store, shop) = (&fixture.store, of("shop"));
    let parked = notification(&fixture, "n-1", 60);
    store
        .notifications()
        .park(&shop, &parked, BODY)
        .await
        .unwrap();

    let dump = fixture.dump().await.join("\n");
    assert!(!dump.contains("ada@shop.example"), "{dump}");
    let other = of("other");
    assert_eq!(names(&fixture, &other, fixture.now).await, [""; 0]);
    let read = store
        .notifications()
        .parked_notification(&other, &parked.id, fixture.now);
    assert!(read.await.unwrap().is_none());
    // Should the workspace ever be said to be another organization's.
    let thief = Connection {
        organization: other.organization,
        ..shop
    };
    let read = store
        .notifications()
        .parked_notification(&thief, &parked.id, fixture.now);
    assert!(matches!(
        read.await,
        Err(Error::Table(table::Error::Corrupt { .. }))
    ));
}

#[tokio::test]
async fn the_last_failure_is_told_and_is_not_having_been_dealt_with() {
    let fixture = Fixture::start().await;
    let (store, shop) = (&fixture.store, of("shop"));
    let name = NotificationId::parse("n-1").unwrap();
    let failure = |reason: &str| Failure {
        error_type: "test.failed".to_owned(),
        reason: reason.to_owned(),
    };
    assert_eq!(
        store
            .notifications()
            .failure(&shop.workspace, &name)
            .await
            .unwrap(),
        None
    );
    for reason in ["first", "last"] {
        store
            .notifications()
            .note_failure(&shop.workspace, &name, &failure(reason), fixture.now)
            .await
            .unwrap();
    }
    assert!(
        !store
            .notifications()
            .is_seen(&shop.workspace, &name)
            .await
            .unwrap()
    );
    let other = WorkspaceId::parse("other").unwrap();
    assert_eq!(
        store.notifications().failure(&other, &name).await.unwrap(),
        None
    );

    store
        .notifications()
        .mark_seen(&shop.organization, &shop.workspace, &name, fixture.now)
        .await
        .unwrap();
    let told = store
        .notifications()
        .failure(&shop.workspace, &name)
        .await
        .unwrap();
    assert_eq!(told, Some(failure("last")));
}

#[test]
fn what_names_nothing_parked_is_refused() {
    for text in [
        "",
        "5",
        "5:",
        ":n",
        "-5:n",
        "five:n",
        "5:a b",
        "5:a#b",
        "99999999999999999999:n",
    ] {
        assert!(ParkedId::parse(text).is_err(), "{text:?}");
    }
    let before = Timestamp::from_second(-1).unwrap();
    assert!(ParkedId::new(before, NotificationId::parse("n").unwrap()).is_err());
}

proptest! {
    #[test]
    fn a_name_parses_back(happened_at in 0_i64..250_000_000_000_000, name in "[A-Za-z0-9._:-]{1,128}") {
        let happened_at = Timestamp::from_millisecond(happened_at).unwrap();
        let id = ParkedId::new(happened_at, NotificationId::parse(&name).unwrap()).unwrap();
        prop_assert_eq!(ParkedId::parse(&id.to_string()), Ok(id));
    }
}
