//! Reads that are a second behind.

use identity::OrganizationId;
use jiff::SignedDuration;
use store::{KeyScope, NewKey, OldSessions, Provision};

use crate::fixture::{Fixture, RETENTION_DAYS, id};

#[tokio::test]
async fn a_session_that_comes_back_just_now_is_not_erased_as_an_old_one() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    fixture.summarize(&organization, "s1", fixture.now).await;
    let retention = RETENTION_DAYS;
    let later = fixture.now + SignedDuration::from_hours(24 * i64::from(RETENTION_DAYS.get()));
    fixture.calls.faults().freeze(&fixture.client).await;

    let (store, session) = (&fixture.store, id("s1"));
    let came =
        store
            .of(&organization)
            .sessions()
            .request_summary(&session, RETENTION_DAYS, later, false);
    came.await.unwrap();

    let mut old = Some(OldSessions::new(&organization, retention, later));
    while let Some(place) = old {
        let (sessions, next) = store.old_sessions(place, later).await.unwrap();
        assert_eq!(sessions, []);
        old = next;
    }
}

#[tokio::test]
async fn what_was_written_just_now_is_found() {
    let fixture = Fixture::start().await;
    fixture.connected("shop").await;
    fixture.calls.faults().freeze(&fixture.client).await;
    let wanted = Provision {
        organization: OrganizationId::parse("org_new").unwrap(),
        name: "New".to_owned(),
        retention_days: RETENTION_DAYS,
        keys: vec![NewKey {
            key: "new-key".to_owned(),
            scope: KeyScope::Write,
            source: None,
            expires_at: None,
        }],
        connection: None,
    };
    fixture.store.provision(&wanted, fixture.now).await.unwrap();

    let grant = fixture.store.authenticate("new-key", fixture.now).await;

    assert_eq!(grant.unwrap().unwrap().organization, wanted.organization);
}
