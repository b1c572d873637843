//! From chunks to a summary: runs that are coalesced, repeated, overtaken and broken off.

use std::time::Duration;

use identity::Alias;
use store::{Error, Gap, SaveOutcome};

use crate::fixture::{Fixture, RETENTION_DAYS, id, names};

fn ada() -> Alias {
    Alias::email("ada@example.com").unwrap()
}

#[tokio::test]
async fn one_message_at_a_time_is_under_way() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let request = |seconds, force| {
        let (store, organization, now) = (
            fixture.store.clone(),
            organization.clone(),
            fixture.later(seconds),
        );
        async move {
            store
                .of(&organization)
                .sessions()
                .request_summary(&id("s1"), RETENTION_DAYS, now, force)
                .await
                .unwrap()
                .map(|request| request.delay)
        }
    };
    let begin = |seconds| {
        let (store, organization, now) = (
            fixture.store.clone(),
            organization.clone(),
            fixture.later(seconds),
        );
        async move {
            store
                .of(&organization)
                .sessions()
                .begin_summary(&id("s1"), now)
                .await
                .unwrap()
                .unwrap()
        }
    };
    let after = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(request(0, false).await, after(0), "the first");
    assert_eq!(request(1, false).await, None, "one is under way");
    assert_eq!(request(1, true).await, after(0), "a chunk sent again");
    begin(2).await;
    assert_eq!(
        request(3, false).await,
        after(3),
        "a run began a second ago"
    );
    assert_eq!(request(63, false).await, after(0), "that message was lost");
    begin(64).await;
    assert_eq!(
        request(100, false).await,
        after(0),
        "the last run is long ago"
    );
}

#[tokio::test]
async fn a_session_without_a_run_or_with_one_of_long_ago_is_to_be_looked_at() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    fixture.identify(&organization, "s1", &[ada()]).await;
    let (store, session) = (&fixture.store, id("s1"));
    let is_unwatched = async |minutes: i64| {
        let now = fixture.later(60 * minutes);
        let asked =
            store
                .of(&organization)
                .sessions()
                .request_summary(&session, RETENTION_DAYS, now, true);
        asked.await.unwrap().unwrap().is_unwatched
    };
    assert!(is_unwatched(0).await, "it was identified before");
    assert!(is_unwatched(1).await, "it comes again");
    let at = fixture.later(60);
    let begun = store
        .of(&organization)
        .sessions()
        .begin_summary(&session, at)
        .await;
    begun.unwrap().unwrap();
    assert!(!is_unwatched(2).await);
    assert!(is_unwatched(60).await, "it comes back");
}

#[tokio::test]
async fn of_many_requests_at_once_exactly_one_sends() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let session = id("s1");
    let request = |_| {
        fixture.store.of(&organization).sessions().request_summary(
            &session,
            RETENTION_DAYS,
            fixture.now,
            false,
        )
    };
    let requests = futures::future::join_all((0..20).map(request)).await;
    assert_eq!(
        requests
            .into_iter()
            .filter(|sent| matches!(sent, Ok(Some(_))))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_run_takes_up_what_the_last_one_left() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let first = fixture.begin(&organization, "s1").await;
    assert_eq!(
        (first.next_seq, first.version, &first.checkpoint),
        (0, 0, &None)
    );
    assert_eq!(fixture.recordings.read_state(&first).await.unwrap(), None);
    let advance = store::Advance {
        next_seq: 7,
        state: Some(
            fixture
                .recordings
                .write_state(&first, b"folded")
                .await
                .unwrap(),
        ),
        summary: None,
        before: None,
        received_at: fixture.now,
        skipped: vec![Gap { from: 3, until: 5 }],
    };
    fixture
        .recordings
        .save_summary(&first, &advance, fixture.now)
        .await
        .unwrap();
    let second = fixture.begin(&organization, "s1").await;
    assert_eq!((second.next_seq, second.version), (7, 1));
    assert_eq!(
        (&second.skipped, second.retention_days),
        (&advance.skipped, RETENTION_DAYS)
    );
    assert_eq!(
        fixture
            .recordings
            .read_state(&second)
            .await
            .unwrap()
            .as_deref(),
        Some(&b"folded"[..])
    );
}

#[tokio::test]
async fn an_overtaken_run_starts_again_and_has_spoilt_nothing() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    fixture.identify(&organization, "s1", &[ada()]).await;
    fixture.summarize(&organization, "s1", fixture.now).await;
    let (slow, fast) = (
        fixture.begin(&organization, "s1").await,
        fixture.begin(&organization, "s1").await,
    );
    assert_eq!(
        fixture.finish(&fast, fixture.now).await.unwrap(),
        SaveOutcome::Saved
    );
    fixture.summarize(&organization, "s1", fixture.now).await;

    assert!(matches!(
        fixture.recordings.read_state(&slow).await,
        Err(Error::Table(table::Error::Vanished { .. }))
    ));
    assert_eq!(
        fixture.finish(&slow, fixture.now).await.unwrap(),
        SaveOutcome::Outrun
    );
    let listed = fixture.sessions_of(&workspace, &ada()).await;
    assert_eq!(listed[0].summary.chunks, 3);
    let next = fixture.begin(&organization, "s1").await;
    assert_eq!(
        fixture.recordings.read_state(&next).await.unwrap(),
        Some(3_u32.to_be_bytes().to_vec())
    );
}

#[tokio::test]
async fn a_run_that_breaks_off_after_listing_is_done_again() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    fixture.identify(&organization, "s1", &[ada()]).await;
    let progress = fixture.begin(&organization, "s1").await;
    fixture.calls.fail_next("UpdateItem");
    assert!(fixture.finish(&progress, fixture.now).await.is_err());
    fixture.summarize(&organization, "s1", fixture.now).await;
    assert_eq!(
        fixture.sessions_of(&workspace, &ada()).await[0]
            .summary
            .chunks,
        1
    );
}

#[tokio::test]
async fn a_run_during_which_the_session_got_its_owner_starts_again() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    fixture.summarize(&organization, "s1", fixture.now).await;
    let progress = fixture.begin(&organization, "s1").await;
    fixture.identify(&organization, "s1", &[ada()]).await;
    assert_eq!(
        fixture.finish(&progress, fixture.now).await.unwrap(),
        SaveOutcome::Outrun
    );
    assert_eq!(
        fixture.sessions_of(&workspace, &ada()).await[0]
            .summary
            .chunks,
        1
    );
    fixture.summarize(&organization, "s1", fixture.now).await;
    assert_eq!(
        fixture.sessions_of(&workspace, &ada()).await[0]
            .summary
            .chunks,
        2
    );
}

#[tokio::test]
async fn an_identification_that_breaks_off_is_completed_by_the_next_run() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    fixture.identify(&organization, "other", &[ada()]).await;
    fixture.summarize(&organization, "s1", fixture.now).await;
    fixture.calls.fail_next("PutItem");
    let (store, session) = (&fixture.store, id("s1"));
    let broken = store
        .of(&organization)
        .sessions()
        .identify(
            &session,
            &store::Identification::verified(&[ada()]),
            RETENTION_DAYS,
            fixture.now,
        )
        .await;
    assert!(broken.is_err());
    assert!(fixture.sessions_of(&workspace, &ada()).await.is_empty());
    fixture.begin(&organization, "s1").await;
    assert_eq!(
        names(&fixture.sessions_of(&workspace, &ada()).await),
        ["s1"]
    );
}

#[tokio::test]
async fn a_session_keeps_its_place_when_its_start_moves() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    fixture.identify(&organization, "s1", &[ada()]).await;
    fixture
        .summarize(&organization, "s1", fixture.later(-100))
        .await;
    fixture
        .summarize(&organization, "s1", fixture.later(-500))
        .await;
    let listed = fixture.sessions_of(&workspace, &ada()).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].summary.started_at, fixture.later(-500));
    assert_eq!(
        listed[0].cursor.to_string(),
        format!("{}:s1", fixture.later(-100).as_millisecond())
    );
}

#[tokio::test]
async fn a_clock_that_is_ahead_does_not_keep_a_session_on_top() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    for (session, started_at) in [
        ("wrong-clock", fixture.later(1_000_000)),
        ("next", fixture.now),
    ] {
        fixture.identify(&organization, session, &[ada()]).await;
        fixture.summarize(&organization, session, started_at).await;
    }
    let listed = fixture.sessions_of(&workspace, &ada()).await;
    let top = format!("{}:wrong-clock", fixture.now.as_millisecond());
    assert_eq!(listed[0].cursor.to_string(), top);
}

#[tokio::test]
async fn an_unknown_session_has_no_progress() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let begun = fixture
        .store
        .of(&organization)
        .sessions()
        .begin_summary(&id("s1"), fixture.now)
        .await
        .unwrap();
    assert_eq!(begun, None);
}
