//! What became of events can be read, and done once more; who is forgotten leaves nothing.

use std::collections::BTreeSet;

use identity::{Alias, AliasName};
use intercom::fake::{Change, Fault, Role};
use jiff::SignedDuration;
use outbox::{DeliveryQuery, Outcome, Refused, Resent};
use serde_json::json;

use test_support::master_key;

use crate::world::{WORKSPACE, World, identify, track};

const AT: &str = "2026-11-20T11:00:00Z";

async fn messages(world: &World, query: &DeliveryQuery) -> Vec<String> {
    let outbox = world.outbox.of(&world.organization);
    let (mut query, mut found) = (query.clone(), Vec::new());
    loop {
        let page = outbox
            .deliveries()
            .list(&query, world.stack.now())
            .await
            .unwrap();
        found.extend(
            page.deliveries
                .into_iter()
                .map(|delivery| delivery.message_id),
        );
        match page.next {
            Some(next) => query.cursor = outbox::DeliveryCursor::parse(&next.to_text()),
            None => return found,
        }
    }
}

#[tokio::test]
async fn deliveries_are_listed_once_the_latest_first_by_outcome_and_page_by_page() {
    let world = World::start().await;
    let mut expected = Vec::new();
    for number in 0..7 {
        let message = format!("m-{number}");
        world
            .send(&[track(&message, "u-1", &format!("Did {number}"), AT)])
            .await;
        world.work().await;
        world.stack.clock.advance(SignedDuration::from_hours(1));
        expected.insert(0, message);
    }
    let query = |outcome| DeliveryQuery {
        outcome,
        limit: 3,
        ..DeliveryQuery::default()
    };
    assert_eq!(messages(&world, &query(None)).await, expected);
    world.send(&[identify("i-1", "u-1", json!({}), AT)]).await;
    world.settle().await;
    let refused = Refused {
        source: &world.source,
        event_type: None,
        message_id: "r-1",
        reason: "too_large",
    };
    let outbox = world.outbox.of(&world.organization);
    outbox.refuse(&[refused], world.stack.now()).await.unwrap();
    assert_eq!(messages(&world, &query(None)).await.len(), 9);
    assert_eq!(messages(&world, &query(Some(Outcome::Sent))).await.len(), 8);
    assert_eq!(
        messages(&world, &query(Some(Outcome::Waiting))).await,
        [""; 0]
    );
    assert_eq!(
        messages(&world, &query(Some(Outcome::Dropped))).await,
        ["r-1"]
    );
    let delivery = world.delivery("m-3").await;
    let calls: Vec<_> = delivery
        .calls
        .iter()
        .map(|call| call.path.as_str())
        .collect();
    assert_eq!(calls.last(), Some(&"/events"));
    assert!(
        !format!("{delivery:?}").contains("u-1"),
        "no names of people"
    );
}

#[tokio::test]
async fn another_organization_sees_nothing_of_it() {
    let world = World::start().await;
    world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
    world.settle().await;
    let other = identity::OrganizationId::parse("org_other").unwrap();
    let outbox = world.outbox.of(&other);
    let now = world.stack.now();
    assert_eq!(outbox.deliveries().get("m-1", now).await.unwrap(), []);
    let page = outbox
        .deliveries()
        .list(&DeliveryQuery::default(), now)
        .await
        .unwrap();
    assert_eq!(page.deliveries, []);
    assert_eq!(
        outbox.deliveries().resend("m-1", now).await.unwrap(),
        Resent::Unknown
    );
}

#[tokio::test]
async fn what_failed_can_be_sent_again_once_and_what_was_sent_cannot() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned())
    });
    world
        .stack
        .intercom
        .fail_once("/events", Fault::refusal(422, "data_invalid"));
    world.send(&[track("m-1", "u-1", "Ordered", AT)]).await;
    world.settle().await;
    let deliveries = world.outbox.of(&world.organization).deliveries();
    for _ in 0..2 {
        let Resent::Waiting(lanes) = deliveries.resend("m-1", world.stack.now()).await.unwrap()
        else {
            panic!("it can be sent again");
        };
        world.tell_worker(&lanes).await;
    }
    world.settle().await;
    world.assert_sent(&["m-1"]).await;
    assert_eq!(world.people()["u-1"], ["ordered"]);
    let resent = deliveries.resend("m-1", world.stack.now()).await.unwrap();
    assert_eq!(resent, Resent::NotKept);
}

#[tokio::test]
async fn who_is_forgotten_leaves_nothing_and_what_waited_is_not_told() {
    let world = World::start().await;
    world
        .send(&[identify(
            "m-1",
            "u-1",
            json!({"email": "ada@acme.example"}),
            AT,
        )])
        .await;
    world.settle().await;
    world
        .stack
        .intercom
        .fail_once("/events", Fault::refusal(422, "data_invalid"));
    world.send(&[track("m-2", "u-1", "Ordered", AT)]).await;
    world.settle().await;
    world.send(&[track("m-3", "u-9", "Ordered", AT)]).await;
    world.work().await;
    let key = master_key().organization(&world.organization);
    let hash = |alias: Result<Alias, _>| key.hash(&alias.unwrap());
    let names = BTreeSet::from([
        AliasName::user_id(&hash(Alias::user_id("u-1"))),
        AliasName::user_id(&hash(Alias::user_id("u-9"))),
        AliasName::email(&hash(Alias::email("ada@acme.example"))),
    ]);
    let workspaces = BTreeSet::from([world.workspace.clone()]);
    let outbox = world.outbox.of(&world.organization);
    let now = world.stack.now();
    let contacts = outbox.contacts_of(&names, now).await.unwrap();
    assert_eq!(contacts.len(), 1);
    assert_eq!(contacts[0].contact, world.only_contact().id);
    let forgotten = outbox.forget(&names, &workspaces, (now, now));
    forgotten.await.unwrap();
    assert_eq!(outbox.contacts_of(&names, now).await.unwrap(), []);
    assert_eq!(
        outbox.deliveries().resend("m-2", now).await.unwrap(),
        Resent::NotKept
    );
    world.settle().await;
    let erased = (Outcome::Dropped, Some("person_erased".to_owned()));
    assert_eq!(world.outcome("m-3").await, erased);
    assert!(!world.people().contains_key("u-9"));
    let rows = world
        .stack
        .table
        .scan()
        .table_name(test_support::TABLE)
        .send()
        .await
        .unwrap();
    let left = rows.items.unwrap();
    let left = left.iter().filter_map(|row| row["PK"].as_s().ok());
    let left: Vec<_> = left
        .filter(|key| {
            // What stands under their keys says that they were erased, and when.
            ["#LANE#", "#AT_INTERCOM#"]
                .iter()
                .any(|part| key.contains(part))
        })
        .collect();
    assert_eq!(left, [""; 0]);
}

#[tokio::test]
async fn what_was_said_before_an_erasure_stays_untold_though_whoever_came_since_is_gone_too() {
    let world = World::start().await;
    world.send(&[identify("m-1", "u-1", json!({}), AT)]).await;
    world.settle().await;
    let key = master_key().organization(&world.organization);
    let hash = key.hash(&Alias::user_id("u-1").unwrap());
    let names = BTreeSet::from([AliasName::user_id(&hash)]);
    let workspaces = BTreeSet::from([world.workspace.clone()]);
    let outbox = world.outbox.of(&world.organization);
    let now = world.stack.now();
    let forgotten = outbox.forget(&names, &workspaces, (now, now));
    forgotten.await.unwrap();
    world.stack.clock.advance(SignedDuration::from_mins(10));
    let at = world.stack.now().to_string();
    world.send(&[track("m-2", "u-1", "Ordered", &at)]).await;
    world.settle().await;
    let id = world.only_contact().id;
    let deleted = world.stack.intercom.change(WORKSPACE, &id, Change::Delete);
    deleted.unwrap();
    let at = world.stack.now().to_string();
    world.send(&[track("m-3", "u-1", "Paid", &at)]).await;
    world.pass(SignedDuration::from_mins(11)).await;
    world.assert_sent(&["m-2", "m-3"]).await;
    world.send(&[track("m-4", "u-1", "Ordered", AT)]).await;
    world.settle().await;
    let erased = (Outcome::Dropped, Some("person_erased".to_owned()));
    assert_eq!(world.outcome("m-4").await, erased);
}
