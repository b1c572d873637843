//! Events whose person is not known yet.

use jiff::SignedDuration;
use outbox::Outcome;
use serde_json::json;
use test_support::QueueName;

use crate::world::{World, identify, track};

const AT: &str = "2026-11-20T11:00:00Z";

#[tokio::test]
async fn an_event_waits_for_its_person_and_is_then_created_or_dropped_as_the_source_says() {
    for (unknown_person, outcome) in [("create", Outcome::Sent), ("drop", Outcome::Dropped)] {
        let world = World::start().await;
        let settings = json!({"unknown_person": unknown_person, "wait_seconds": 300});
        world.settings(settings).await;
        world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
        world.pass(SignedDuration::from_secs(299)).await;
        let waits = (Outcome::Waiting, Some("unknown_person".to_owned()));
        assert_eq!(world.outcome("m-1").await, waits);
        assert!(world.people().is_empty());
        world.pass(SignedDuration::from_secs(2)).await;
        assert_eq!(world.outcome("m-1").await.0, outcome);
        let is_created = outcome == Outcome::Sent;
        assert_eq!(world.people().contains_key("u-1"), is_created);
        world.settle().await;
    }
}

#[tokio::test]
async fn nothing_hangs_on_a_message_that_is_lost() {
    let world = World::start().await;
    world.settings(json!({"wait_seconds": 300})).await;
    world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
    world.work().await;
    world.stack.clock.advance(SignedDuration::from_secs(301));
    let lost = world.stack.queues.take(QueueName::Deliver);
    assert_eq!(lost.len(), 1);
    world.pass(SignedDuration::from_mins(2)).await;
    world.assert_sent(&["m-1"]).await;
}

#[tokio::test]
async fn waiting_events_ask_intercom_nothing_and_do_not_hide_who_makes_them_known() {
    let world = World::start().await;
    let tracks: Vec<_> = (0..150)
        .map(|number| {
            track(
                &format!("t-{number}"),
                "u-1",
                &format!("Did {}", number % 7),
                AT,
            )
        })
        .collect();
    world.send(&tracks[..1]).await;
    world.work().await;
    world.send(&tracks).await;
    world.work().await;
    world.stack.intercom.take_calls();
    world.send(&tracks[..2]).await;
    world.work().await;
    assert_eq!(world.stack.intercom.take_calls().len(), 0);
    world.send(&[identify("m-1", "u-1", json!({}), AT)]).await;
    world.settle().await;
    assert_eq!(world.people()["u-1"].len(), 150);
}

#[tokio::test]
async fn two_different_events_of_one_name_and_second_are_told_a_second_apart() {
    let world = World::start().await;
    world.send(&[identify("m-1", "u-1", json!({}), AT)]).await;
    let twice = [
        track("m-2", "u-1", "Ordered", AT),
        track("m-3", "u-1", "ordered", AT),
        track("m-2", "u-1", "Ordered", AT),
    ];
    world.send(&twice).await;
    world.settle().await;
    world.send(&twice).await;
    world.settle().await;
    world.intercom(|directory| {
        let mut at: Vec<_> = directory
            .events()
            .map(|event| event.created_at.to_string())
            .collect();
        at.sort();
        assert_eq!(at, [AT, "2026-11-20T11:00:01Z"]);
    });
}

#[tokio::test]
async fn who_has_waited_has_the_outcome_of_one_event_however_often_it_was_sent() {
    let world = World::start().await;
    let event = track("m-1", "u-1", "Ordered", AT);
    for _ in 0..3 {
        world.send(std::slice::from_ref(&event)).await;
        world.work().await;
        world.stack.clock.advance(SignedDuration::from_secs(5));
    }
    world.send(&[identify("m-2", "u-1", json!({}), AT)]).await;
    world.settle().await;
    world.send(&[event]).await;
    world.settle().await;
    assert_eq!(world.people()["u-1"], ["ordered"]);
    let outbox = world.outbox.of(&world.organization);
    let counts = outbox
        .counts(&world.source, 1, world.stack.now())
        .await
        .unwrap();
    assert_eq!((counts[0].sent, counts[0].waiting), (2, 1), "{counts:?}");
}

#[tokio::test]
async fn what_waits_is_dropped_with_a_reason_when_its_source_is_deleted() {
    let world = World::start().await;
    world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
    world.work().await;
    let store = world.stack.store.of(&world.organization);
    let now = world.stack.now();
    store.sources().delete(&world.source, now).await.unwrap();
    world.pass(SignedDuration::from_mins(2)).await;
    let dropped = (Outcome::Dropped, Some("source_deleted".to_owned()));
    assert_eq!(world.outcome("m-1").await, dropped);
    world.settle().await;
    assert!(world.people().is_empty());
}
