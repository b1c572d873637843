//! Companies, and who belongs to them.

use jiff::SignedDuration;
use outbox::Outcome;
use serde_json::{Value, json};

use crate::world::{World, identify};

const AT: &str = "2026-11-20T11:00:00Z";

fn group(message: &str, user: &str, traits: Value, at: &str) -> Value {
    json!({"type": "group", "messageId": message, "userId": user, "groupId": "co-1",
        "traits": traits, "timestamp": at})
}

#[tokio::test]
async fn a_company_is_told_of_at_once_and_its_member_when_they_come() {
    let world = World::start().await;
    world
        .send(&[group("m-1", "u-1", json!({"name": "Acme"}), AT)])
        .await;
    world.work().await;
    assert_eq!(world.outcome("m-1").await.0, Outcome::Waiting);
    world.intercom(|directory| {
        assert_eq!(
            directory.company("co-1").unwrap().name.as_deref(),
            Some("Acme")
        );
    });
    world.send(&[identify("m-2", "u-1", json!({}), AT)]).await;
    world.settle().await;
    world.assert_sent(&["m-1", "m-2"]).await;
    let contact = world.only_contact();
    world.intercom(|directory| {
        assert_eq!(
            contact.companies,
            [directory.company("co-1").unwrap().id.clone()]
        );
    });
    let upserts = world.stack.intercom.take_calls();
    let upserts = upserts.iter().filter(|call| call.path() == "/companies");
    assert_eq!(
        upserts.count(),
        1,
        "what brings nothing new is not sent again"
    );
}

#[tokio::test]
async fn who_has_left_a_company_does_not_come_back_by_what_is_older() {
    let world = World::start().await;
    let company =
        |remove: bool| json!({"company": {"id": "co-1", "name": "Acme", "remove": remove}});
    let events = [
        identify("m-1", "u-1", company(false), AT),
        identify("m-3", "u-1", company(true), "2026-11-20T11:00:09Z"),
        identify("m-2", "u-1", company(false), "2026-11-20T11:00:05Z"),
    ];
    for (index, members) in [(0, 1), (1, 0), (2, 0)] {
        world.send(&events[index..=index]).await;
        world.settle().await;
        let contact = world.only_contact();
        assert_eq!(contact.companies.len(), members, "{index}");
    }
    // Nobody knows the company yet that is left.
    let world = World::start().await;
    for index in [1, 0, 2] {
        world.send(&events[index..=index]).await;
        world.settle().await;
        assert!(world.only_contact().companies.is_empty(), "{index}");
    }
    world.assert_sent(&["m-1", "m-2", "m-3"]).await;
}

#[tokio::test]
async fn the_newest_of_a_company_wins_in_whatever_order() {
    let world = World::start().await;
    world.send(&[identify("m-0", "u-1", json!({}), AT)]).await;
    for (message, plan, at) in [
        ("m-1", "pro", "2026-11-20T11:00:05Z"),
        ("m-2", "pro", "2026-11-20T11:00:09Z"),
        ("m-3", "free", "2026-11-20T11:00:07Z"),
    ] {
        world
            .send(&[group(message, "u-1", json!({"plan": plan}), at)])
            .await;
        world.settle().await;
        world.stack.clock.advance(SignedDuration::from_secs(1));
    }
    world.intercom(|directory| {
        assert_eq!(
            directory.company("co-1").unwrap().plan.as_deref(),
            Some("pro")
        );
    });
}
