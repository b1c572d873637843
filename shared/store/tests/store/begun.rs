//! Sessions that have begun, looked at when their hour is over.

use jiff::{SignedDuration, Timestamp};
use store::{BegunPage, BegunPlace, Store};

use crate::fixture::{Fixture, RETENTION_DAYS, id};

/// Everything that is found in the hour before `now`.
async fn look(store: &Store, limit: u16, now: Timestamp) -> Vec<String> {
    let mut found = Vec::new();
    for place in BegunPlace::last_hours(now) {
        let mut next = Some(place);
        while let Some(place) = next {
            let BegunPage {
                unanswered,
                next: after,
            } = store.look_at_begun(&place, limit, now).await.unwrap();
            found.extend(
                unanswered
                    .into_iter()
                    .map(|(_, session)| session.to_string()),
            );
            next = after;
        }
    }
    found.sort();
    // Two hours are looked through, and what is found in both is one session.
    found.dedup();
    found
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

#[tokio::test]
async fn a_session_whose_run_never_came_is_found_when_its_hour_is_over() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let (store, now) = (&fixture.store, fixture.now);
    for (session, is_answered) in [("answered", true), ("forgotten", false)] {
        let session = id(session);
        let asked = store.of(&organization).sessions().request_summary(
            &session,
            RETENTION_DAYS,
            now,
            false,
        );
        assert!(asked.await.unwrap().unwrap().is_unwatched);
        store
            .of(&organization)
            .sessions()
            .note_begun(&session, now)
            .await
            .unwrap();
        if is_answered {
            let begun = store
                .of(&organization)
                .sessions()
                .begin_summary(&session, now)
                .await;
            begun.unwrap().unwrap();
        }
    }

    assert_eq!(look(store, 100, now).await, [""; 0], "the hour is not over");
    let later = now + minutes(60);
    assert_eq!(look(store, 1, later).await, ["forgotten"]);
    // Should the run that is asked for now not come either, it is found again.
    assert_eq!(look(store, 100, later + minutes(60)).await, ["forgotten"]);
    // But not for ever: what cannot be summarized in a day needs an operator.
    let mut at = later + minutes(60);
    let mut looks = 0;
    while !look(store, 100, at + minutes(60)).await.is_empty() {
        at += minutes(60);
        looks += 1;
    }
    assert!((20..26).contains(&looks), "{looks}");
}

#[tokio::test]
async fn a_session_that_goes_on_is_looked_at_again_until_it_is_over() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let (store, session) = (&fixture.store, id("long"));
    store
        .of(&organization)
        .sessions()
        .note_begun(&session, fixture.now)
        .await
        .unwrap();
    let chunk = async |at: Timestamp| {
        let asked =
            store
                .of(&organization)
                .sessions()
                .request_summary(&session, RETENTION_DAYS, at, false);
        asked.await.unwrap()
    };
    for hour in 0..3 {
        let at = fixture.now + minutes(60 * hour + 10);
        chunk(at).await;
        store
            .of(&organization)
            .sessions()
            .begin_summary(&session, at)
            .await
            .unwrap();
        assert_eq!(look(store, 100, at + minutes(40)).await, [""; 0]);
    }
    // The last chunk of all is the one that nobody takes.
    chunk(fixture.now + minutes(175)).await;
    let at = fixture.now + minutes(240);
    assert_eq!(look(store, 100, at).await, ["long"]);
}

#[tokio::test]
async fn what_is_erased_or_gone_is_looked_at_no_more() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let (store, now) = (&fixture.store, fixture.now);
    for session in ["erased", "unknown"] {
        let session = id(session);
        store
            .of(&organization)
            .sessions()
            .note_begun(&session, now)
            .await
            .unwrap();
    }
    let erased = id("erased");
    store
        .of(&organization)
        .sessions()
        .request_summary(&erased, RETENTION_DAYS, now, false)
        .await
        .unwrap();
    let gone = fixture
        .recordings
        .of(&organization)
        .erase_session(&erased, true, now);
    assert!(gone.await.unwrap());
    for hour in 1..3 {
        assert_eq!(look(store, 100, now + minutes(60 * hour)).await, [""; 0]);
    }
}
