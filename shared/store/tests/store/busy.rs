//! Rows that are busy for a moment, and calls that DynamoDB throttles, leaves undone, or refuses for good.

use identity::NotificationId;
use store::Error;
use test_support::{Calls, Loss, Refusal};

use crate::fixture::{Fixture, RETENTION_DAYS, id};
use crate::installations::new_connection;

#[tokio::test]
async fn a_write_that_meets_a_transaction_is_done_a_moment_later() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let notification = NotificationId::parse("notif_1").unwrap();
    let conflict = Refusal::TransactionConflict;
    fixture.calls.faults().refuse("UpdateItem", conflict, 3);
    let marked = fixture
        .store
        .notifications()
        .mark_seen(&organization, &workspace, &notification, fixture.now)
        .await;
    assert!(marked.unwrap());
    fixture.calls.take();
}

#[tokio::test]
async fn a_transaction_is_tried_again_for_what_passes_and_not_for_what_does_not() {
    let busy = |reason| Refusal::Cancelled(vec!["None", reason, "None", "None"]);
    for (refusal, times, outcome) in [
        (busy("TransactionConflict"), 3, Ok(())),
        (busy("ThrottlingError"), 3, Ok(())),
        (busy("ProvisionedThroughputExceeded"), 3, Ok(())),
        // For as long as the caller can wait.
        (busy("TransactionConflict"), 100, Err("Contended")),
        (busy("ThrottlingError"), 100, Err("Unavailable")),
        // Once is enough.
        (busy("ValidationError"), 1, Err("Refused")),
        (busy("AccessDenied"), 1, Err("Refused")),
    ] {
        let fixture = Fixture::start().await;
        let new = new_connection("shop");
        let context = format!("{refusal:?} {times} times");
        fixture
            .calls
            .faults()
            .refuse("TransactWriteItems", refusal, times);
        let connected = fixture.store.connections().connect(&new, fixture.now).await;
        let named = connected.map(drop).map_err(|error| match error {
            Error::Table(table::Error::Contended) => "Contended",
            Error::Table(table::Error::Unavailable { .. }) => "Unavailable",
            Error::Table(table::Error::Refused { .. }) => "Refused",
            _ => "another",
        });
        assert_eq!(named, outcome, "{context}");
    }
}

#[tokio::test]
async fn what_a_batch_leaves_undone_is_asked_for_again() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let sessions = ["s1", "s2", "s3", "s4", "s5"];
    for session in sessions {
        fixture.summarize(&organization, session, fixture.now).await;
    }
    let list = async || {
        let all = store::SessionFilter::default();
        let page = fixture
            .store
            .of(&organization)
            .sessions()
            .list(&all, None, 10, fixture.now);
        page.await.unwrap().sessions.len()
    };
    for batches in [1, 4, 6] {
        fixture.calls.faults().leave_unprocessed(batches);
        assert_eq!(list().await, sessions.len(), "{batches} left in part");
    }
    fixture.calls.faults().leave_unprocessed(5);
    for session in sessions.map(id) {
        let erased =
            fixture
                .recordings
                .of(&organization)
                .erase_session(&session, true, fixture.now);
        assert!(erased.await.unwrap());
    }
    fixture.calls.faults().clear();
    assert_eq!(list().await, 0);
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_ones_own() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let session = id("s1");
    let request = || {
        fixture.store.of(&organization).sessions().request_summary(
            &session,
            RETENTION_DAYS,
            fixture.now,
            false,
        )
    };
    lose(&fixture.calls, "UpdateItem");
    let wanted = request().await.unwrap();
    assert!(wanted.is_some(), "a message has to be sent");
    assert_eq!(request().await.unwrap(), None, "that of another chunk");
}

#[tokio::test]
async fn a_claim_whose_answer_is_lost_is_ones_own_whoever_writes_the_row_meanwhile() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let ada = identity::Alias::email("ada@shop.example").unwrap();
    for session in ["s1", "s2", "s3", "s4", "s5"] {
        let name = id(session);
        // The claim is done and its answer lost; before it is sent again, somebody says whose session it is.
        lose(&fixture.calls, "UpdateItem");
        let claim = fixture.store.of(&organization).sessions().request_summary(
            &name,
            RETENTION_DAYS,
            fixture.now,
            false,
        );
        let said = fixture.identify(&organization, session, std::slice::from_ref(&ada));
        let (wanted, ()) = tokio::join!(claim, said);
        assert!(wanted.unwrap().is_some(), "a message has to be sent");
    }
}

fn lose(calls: &Calls, operation: &'static str) {
    calls.faults().lose_answer(operation, 0, Loss::First);
}
