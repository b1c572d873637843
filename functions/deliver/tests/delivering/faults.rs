//! What goes wrong with calls.

use std::sync::atomic::Ordering;

use intercom::fake::{Fault, Rate, Role};
use jiff::SignedDuration;
use outbox::Outcome;
use serde_json::json;
use test_support::answers_are_lost;

use crate::world::{World, identify, track};

const AT: &str = "2026-11-20T11:00:00Z";

/// A person with an event and a company.
fn events() -> Vec<serde_json::Value> {
    let traits = json!({"email": "ada@acme.example", "plan": "pro",
        "company": {"id": "co-1", "name": "Acme"}});
    vec![
        identify("m-1", "u-1", traits, AT),
        track("m-2", "u-1", "Ordered", AT),
    ]
}

fn assert_told(world: &World) {
    let contact = world.only_contact();
    assert_eq!(contact.email.as_deref(), Some("ada@acme.example"));
    assert_eq!(contact.custom_attributes["plan"], json!("pro"));
    assert_eq!(world.people()["u-1"], ["ordered"]);
    world.intercom(|directory| {
        let company = directory.company("co-1").unwrap();
        assert_eq!(contact.companies, std::slice::from_ref(&company.id));
    });
}

#[tokio::test]
async fn whichever_call_goes_wrong_however_the_state_is_the_same() {
    let world = World::start().await;
    world.send(&events()).await;
    world.settle().await;
    let calls = world.stack.intercom.take_calls().len();
    assert!(calls >= 7, "{calls}");
    for number in 0..calls {
        for fault in [
            Fault::CutOffBefore,
            Fault::CutOffAfter,
            Fault::refusal(500, "server_error"),
            Fault::full(World::seconds("2026-11-20T12:00:10Z")),
        ] {
            let world = World::start().await;
            (0..number).for_each(|_| world.stack.intercom.pass_next());
            world.stack.intercom.fail_next(fault.clone());
            world.send(&events()).await;
            world.settle().await;
            world.assert_sent(&["m-1", "m-2"]).await;
            assert_told(&world);
        }
    }
}

#[tokio::test]
async fn searches_that_are_late_find_nobody_and_nothing_is_done_twice() {
    let world = World::with(|mut options| {
        options.search_lag = SignedDuration::from_mins(5);
        options
    })
    .await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.email = Some("ada@acme.example".to_owned());
    });
    world.send(&events()).await;
    world.settle().await;
    assert_told(&world);
    assert_eq!(world.only_contact().id, "c-1");
}

#[tokio::test]
async fn intercom_that_does_not_work_is_tried_again_with_growing_waits_and_then_it_has_failed() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned())
    });
    world
        .stack
        .intercom
        .fail_always("/events", Fault::refusal(503, "server_error"));
    world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
    world.pass(SignedDuration::from_mins(10)).await;
    let waits = (Outcome::Waiting, Some("intercom_unavailable".to_owned()));
    assert_eq!(world.outcome("m-1").await, waits);
    let calls = world.stack.intercom.calls_of("/events").len();
    assert!((5..25).contains(&calls), "{calls}");
    world.pass(SignedDuration::from_hours(13)).await;
    let failed = (Outcome::Failed, Some("intercom_unavailable".to_owned()));
    assert_eq!(world.outcome("m-1").await, failed);
    world.stack.intercom.heal();
    let outbox = world.outbox.of(&world.organization);
    let resent = outbox
        .deliveries()
        .resend("m-1", world.stack.now())
        .await
        .unwrap();
    let outbox::Resent::Waiting(lanes) = resent else {
        panic!("{resent:?}");
    };
    world.tell_worker(&lanes).await;
    world.settle().await;
    world.assert_sent(&["m-1"]).await;
    assert_eq!(world.people()["u-1"], ["ordered"]);
}

#[tokio::test]
async fn the_rate_limit_is_kept_and_everything_arrives() {
    let world = World::with(|mut options| {
        options.rate = Rate {
            calls: 50,
            window: SignedDuration::from_secs(10),
        };
        options
    })
    .await;
    let events: Vec<_> = (0..60)
        .flat_map(|number| {
            let user = format!("u-{number}");
            [
                identify(&format!("i-{number}"), &user, json!({}), AT),
                track(&format!("t-{number}"), &user, "Ordered", AT),
            ]
        })
        .collect();
    world.send(&events).await;
    world.settle().await;
    assert_eq!(world.people().len(), 60);
    assert!(world.people().values().all(|events| events == &["ordered"]));
    let refused = world.stack.intercom.take_calls().len();
    // A person needs three calls, and one that is new to a worker may be refused once in a window.
    assert!(refused < 60 * 3 + 40, "{refused}");
}

#[tokio::test]
async fn many_who_wait_for_a_window_stand_in_line_instead_of_coming_back_with_each() {
    const PEOPLE: usize = 300;
    let world = World::with(|mut options| {
        options.rate = Rate {
            calls: 30,
            window: SignedDuration::from_secs(10),
        };
        options
    })
    .await;
    // What the limit is, Intercom says with its first answer.
    world.send(&[identify("i", "u", json!({}), AT)]).await;
    world.settle().await;
    let events: Vec<_> = (0..PEOPLE)
        .map(|number| {
            identify(
                &format!("i-{number}"),
                &format!("u-{number}"),
                json!({}),
                AT,
            )
        })
        .collect();
    let begun_at = world.stack.now();
    world.send(&events).await;
    world.settle().await;
    assert_eq!(world.people().len(), PEOPLE + 1);
    // A person needs two calls, and a window has room for 27: all of them took 23 windows, and the line
    // leaves none of them empty. Where every answer is lost, each call is counted twice and each place in the
    // line is taken twice: a window has room for half, and half as many come to it.
    let counted = if answers_are_lost() { 2 * 2 } else { 1 };
    let took = world.stack.now().duration_since(begun_at);
    assert!(
        took < SignedDuration::from_secs(10 * 23 * 2 * counted),
        "{took:#}"
    );
    let taken = world.taken.load(Ordering::Relaxed);
    assert!(taken < PEOPLE * 5, "{taken}");
}

#[tokio::test]
async fn what_intercom_refuses_has_failed_with_its_reason_and_holds_up_nobody() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned())
    });
    world
        .stack
        .intercom
        .fail_once("/events", Fault::refusal(422, "data_invalid"));
    let events = [
        track("m-1", "u-1", "First", AT),
        track("m-2", "u-1", "Second", "2026-11-20T11:00:01Z"),
    ];
    world.send(&events).await;
    world.settle().await;
    let failed = (Outcome::Failed, Some("refused_422:data_invalid".to_owned()));
    assert_eq!(world.outcome("m-1").await, failed);
    world.assert_sent(&["m-2"]).await;
}

#[tokio::test]
async fn what_waited_long_for_something_else_is_tried_again_as_long_as_all() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned())
    });
    world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
    world.stack.clock.advance(SignedDuration::from_hours(13));
    let fault = Fault::refusal(503, "server_error");
    world.stack.intercom.fail_once("/events", fault);
    world.settle().await;
    world.assert_sent(&["m-1"]).await;
}

#[tokio::test]
async fn a_window_that_is_known_to_be_closed_costs_no_reads_and_no_calls() {
    let world = World::start().await;
    let reset = World::seconds("2026-11-20T12:00:10Z");
    let path = "/contacts/find_by_external_id/u-0";
    world.stack.intercom.fail_once(path, Fault::full(reset));
    world.send(&[identify("m-0", "u-0", json!({}), AT)]).await;
    world.work().await;
    world.stack.intercom.take_calls();
    let others: Vec<_> = (1..10)
        .map(|number| {
            identify(
                &format!("m-{number}"),
                &format!("u-{number}"),
                json!({}),
                AT,
            )
        })
        .collect();
    world.send(&others).await;
    world.work().await;
    assert!(world.stack.intercom.take_calls().is_empty());
    world.settle().await;
    assert_eq!(world.people().len(), 10);
}
