//! How far a workspace is reconciled, and which ones are.

use identity::WorkspaceId;
use jiff::Timestamp;
use store::{NewConnection, Store, SyncPart, SyncProgress, SyncRun};

use crate::fixture::Fixture;
use crate::installations::{new_connection, shop};

fn run(started_at: Timestamp) -> SyncRun {
    SyncRun {
        asked_at: started_at,
        started_at,
        since: started_at,
        part: SyncPart::Contacts,
        cursor: Some("WzE3".to_owned()),
        is_second_try: false,
        due_at: started_at,
    }
}

#[tokio::test]
async fn of_two_who_make_progress_at_the_same_time_one_learns_that_he_was_late() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let mut one = store.sync_progress(&shop()).await.unwrap();
    assert_eq!(one, SyncProgress::default());
    let mut two = one.clone();

    one.run = Some(run(fixture.now));
    assert!(store.save_sync_progress(&shop(), &mut one).await.unwrap());
    two.complete_until = Some(fixture.now);
    let late = two.clone();
    assert!(!store.save_sync_progress(&shop(), &mut two).await.unwrap());
    assert_eq!(two, late);
    assert_eq!(store.sync_progress(&shop()).await.unwrap(), one);

    one.run = None;
    one.complete_until = Some(fixture.later(60));
    assert!(store.save_sync_progress(&shop(), &mut one).await.unwrap());
    assert_eq!(store.sync_progress(&shop()).await.unwrap(), one);
    let other = WorkspaceId::parse("other").unwrap();
    assert_eq!(
        store.sync_progress(&other).await.unwrap(),
        SyncProgress::default()
    );
}

async fn connected(store: &Store) -> Vec<String> {
    let mut names = Vec::new();
    let mut next = None;
    loop {
        let page = store
            .connected_workspaces(next.as_ref(), 500)
            .await
            .unwrap();
        names.extend(page.workspaces.iter().map(ToString::to_string));
        match page.next {
            Some(after) => next = Some(after),
            None => return names,
        }
    }
}

#[tokio::test]
async fn a_workspace_is_listed_from_connecting_to_disconnecting() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    assert_eq!(connected(store).await, [""; 0]);
    for _ in 0..2 {
        let connection = store
            .connections()
            .connect(&new_connection("token"), fixture.now)
            .await;
        connection.unwrap();
        assert_eq!(connected(store).await, ["shop"]);
    }
    store
        .connections()
        .disconnect(&shop(), Some(1))
        .await
        .unwrap();
    assert_eq!(connected(store).await, ["shop"], "of an older connection");
    store.connections().disconnect(&shop(), None).await.unwrap();
    assert_eq!(connected(store).await, [""; 0]);
}

#[tokio::test]
async fn however_many_are_connected_all_are_listed_once() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let mut expected = Vec::new();
    for number in 0..1001 {
        let new = NewConnection {
            workspace: WorkspaceId::parse(&format!("w{number:04}")).unwrap(),
            ..new_connection("token")
        };
        store
            .connections()
            .connect(&new, fixture.now)
            .await
            .unwrap();
        expected.push(new.workspace.to_string());
    }
    fixture.calls.take();
    assert_eq!(connected(store).await, expected);
    assert_eq!(fixture.calls.take(), ["Query"; 3]);
}
