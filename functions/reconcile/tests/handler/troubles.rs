//! Intercom is busy, does not answer, or wants no more of us; or the table does not answer.

use identity::Alias;
use intercom::fake::Fault;
use jiff::SignedDuration;
use serde_json::json;
use store::{ConnectionStatus, SyncOutcome};

use crate::fixture::{Fixture, contact_id};

/// Three contacts, a page each; the last of them is known by its browser.
async fn fixture() -> Fixture {
    let fixture = Fixture::with_pages(1).await;
    let browser = Alias::visitor_id("visitor-3").unwrap();
    fixture.recorded("acme", &browser).await;
    for number in 1..=3 {
        let external_id = format!("visitor-{number}");
        let lead =
            json!({ "id": format!("c-{number}"), "role": "lead", "external_id": external_id });
        fixture.contact("acme", number, lead);
    }
    fixture
}

async fn is_repaired(fixture: &Fixture) -> bool {
    !fixture
        .people_of("acme", contact_id("c-3"))
        .await
        .0
        .is_empty()
}

/// What goes wrong with the next calls: with each, one after the other.
fn plan(fixture: &Fixture, faults: impl IntoIterator<Item = Option<Fault>>) {
    for fault in faults {
        match fault {
            Some(fault) => fixture.stack.intercom.fail_next(fault),
            None => fixture.stack.intercom.pass_next(),
        }
    }
}

#[tokio::test]
async fn when_too_much_was_asked_it_waits_as_long_as_it_is_told() {
    let fixture = fixture().await;
    let until = fixture.now() + SignedDuration::from_secs(40);
    let busy = Fault::full(until);
    plan(&fixture, [None, Some(busy)]);
    fixture.run().await;

    assert_eq!(fixture.take_asked().len(), 2);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Unreachable);
    assert!(!is_repaired(&fixture).await);
    fixture.state.clock.advance(SignedDuration::from_secs(39));
    assert_eq!(fixture.work().await, 0);
    fixture.state.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(fixture.work().await, 1);

    assert_eq!(
        fixture.take_asked().len(),
        3,
        "what was read is not read again"
    );
    assert!(is_repaired(&fixture).await);
    assert_eq!(
        fixture.last_sync().await,
        (fixture.now(), SyncOutcome::Succeeded)
    );
}

#[tokio::test]
async fn while_it_waits_the_schedule_begins_no_other_run() {
    let fixture = fixture().await;
    let until = fixture.now() + SignedDuration::from_mins(14);
    let busy = Fault::full(until);
    plan(&fixture, [Some(busy)]);
    fixture.run().await;
    fixture.take_asked();
    fixture.later(10);
    fixture.run().await;
    assert_eq!(fixture.take_asked().len(), 0);
    fixture.later(4);
    fixture.work().await;
    assert!(is_repaired(&fixture).await);
}

#[tokio::test]
async fn when_intercom_fails_it_tries_again_in_two_minutes() {
    let fixture = fixture().await;
    // The client itself tries three times.
    plan(&fixture, vec![Some(Fault::refusal(503, "server_error")); 3]);
    fixture.run().await;
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Unreachable);
    fixture.later(2);
    fixture.work().await;
    assert!(is_repaired(&fixture).await);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Succeeded);
}

#[tokio::test]
async fn a_token_that_is_refused_ends_it_until_an_admin_reconnects() {
    let fixture = fixture().await;
    plan(&fixture, [None, Some(Fault::refusal(401, "token_revoked"))]);
    fixture.run().await;
    assert_eq!(
        fixture.connection().await.status,
        ConnectionStatus::NeedsAttention
    );
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Refused);
    fixture.take_asked();
    fixture.later(15);
    fixture.run().await;
    assert_eq!(fixture.take_asked().len(), 0);

    fixture.connect("acme").await;
    fixture.run().await;
    assert!(is_repaired(&fixture).await);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Succeeded);
}

#[tokio::test]
async fn a_cursor_that_intercom_forgot_begins_the_part_anew_once() {
    let fixture = fixture().await;
    let forgotten = || Some(Fault::refusal(400, "parameter_invalid"));
    plan(&fixture, [None, forgotten()]);
    fixture.run().await;
    assert!(is_repaired(&fixture).await);
    assert_eq!(fixture.take_asked().len(), 2 + 3 + 1);

    fixture.later(15);
    plan(&fixture, [None, forgotten(), None, forgotten()]);
    fixture.run().await;
    assert_eq!(fixture.take_asked().len(), 4);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Refused);
    fixture.later(15);
    fixture.run().await;
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Succeeded);
}

#[tokio::test]
async fn what_intercom_will_never_do_is_not_asked_again_before_the_next_run() {
    let fixture = fixture().await;
    plan(&fixture, [Some(Fault::refusal(403, "api_plan_restricted"))]);
    fixture.run().await;
    assert_eq!(fixture.take_asked().len(), 1);
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Refused);
    assert_eq!(
        fixture.connection().await.status,
        ConnectionStatus::Connected
    );
    fixture.later(15);
    fixture.run().await;
    assert!(is_repaired(&fixture).await);
}

#[tokio::test]
async fn while_the_table_fails_nothing_is_lost() {
    for operation in ["GetItem", "PutItem", "BatchGetItem", "UpdateItem"] {
        let fixture = fixture().await;
        fixture.schedule().await;
        for _ in 0..4 {
            fixture.stack.calls.fail_next(operation);
            fixture.work().await;
            fixture.state.clock.advance(SignedDuration::from_secs(30));
        }
        fixture.work().await;
        assert!(is_repaired(&fixture).await, "{operation}");
        assert_eq!(
            fixture.last_sync().await.1,
            SyncOutcome::Succeeded,
            "{operation}"
        );
    }
}
