//! The worker dies between any two steps, events come shuffled and some of them twice: what Intercom
//! knows in the end is what it would know if one careful hand had told it.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code)] // All of it is tests.

#[path = "../delivering/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fail::FailScenario;
use jiff::SignedDuration;
use serde_json::{Value, json};

use world::World;

/// People, and events of each. With `OUTBOX_PEOPLE=1000` it is the ten thousand events of a thousand
/// people.
fn people() -> usize {
    let wanted = std::env::var("OUTBOX_PEOPLE").ok();
    wanted.and_then(|wanted| wanted.parse().ok()).unwrap_or(8)
}

/// Ten events of somebody: who they are, in two versions, to which company they belong, and what they
/// did.
fn events_of(number: usize) -> Vec<Value> {
    let user = format!("u-{number}");
    let email = format!("p{number}@acme.example");
    let at = |second: usize| format!("2026-11-20T11:{:02}:{second:02}Z", number % 60);
    let message = |kind: &str| format!("{kind}-{number}");
    let mut events = vec![
        json!({"type": "identify", "messageId": message("i1"), "userId": user, "timestamp": at(1),
            "traits": {"email": email, "name": "Old", "plan": "free", "seats": number}}),
        json!({"type": "identify", "messageId": message("i2"), "userId": user, "timestamp": at(9),
            "traits": {"name": format!("New {number}"), "plan": "pro"}}),
        json!({"type": "group", "messageId": message("g"), "userId": user, "timestamp": at(5),
            "groupId": format!("co-{}", number % 5), "traits": {"name": format!("Company {}", number % 5)}}),
        // By e-mail address alone, so in another lane.
        json!({"type": "track", "messageId": message("e"), "timestamp": at(6), "event": "Mailed",
            "context": {"traits": {"email": email}}}),
    ];
    for index in 0..6 {
        // Some of one name in one second.
        let (name, second) = (format!("Did {}", index / 2), 10 + index / 3);
        events.push(
            json!({"type": "track", "messageId": message(&format!("t{index}")), "userId": user,
            "event": name, "timestamp": at(second), "properties": {"index": index}}),
        );
    }
    events
}

/// What Intercom knows, without its own ids.
fn known(world: &World) -> BTreeMap<String, Value> {
    world.intercom(|directory| {
        let companies: BTreeMap<&str, &str> = directory
            .companies()
            .iter()
            .map(|company| (company.id.as_str(), company.company_id.as_str()))
            .collect();
        let mut known = BTreeMap::new();
        for contact in directory.contacts() {
            let mut did: Vec<_> = directory
                .events_of(&contact.id)
                .map(|event| json!([event.name, event.metadata]).to_string())
                .collect();
            did.sort();
            let belongs: Vec<_> = contact.companies.iter().map(|id| companies[id.as_str()]).collect();
            let is = json!({
                "email": contact.email, "name": contact.name, "did": did, "belongs": belongs,
                "custom": contact.custom_attributes, "seen": contact.last_seen_at.map(|at| at.to_string()),
            });
            let before = known.insert(contact.external_id.clone().unwrap_or_default(), is);
            assert!(before.is_none(), "somebody is there twice");
        }
        known
    })
}

/// What a careful hand would have told.
async fn expected() -> BTreeMap<String, Value> {
    let world = World::start().await;
    for number in 0..people() {
        world.send(&events_of(number)).await;
        world.settle().await;
    }
    let known = known(&world);
    assert_eq!(known.len(), people());
    let first = &known["u-0"];
    assert_eq!(first["did"].as_array().unwrap().len(), 7, "{first}");
    assert_eq!(first["name"], "New 0");
    known
}

/// Tells everything shuffled, in batches, a third of it twice.
async fn tell_shuffled(seed: u64) -> World {
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut events: Vec<Value> = (0..people()).flat_map(events_of).collect();
    let twice: Vec<Value> = events
        .iter()
        .filter(|_| chance.u8(..3) == 0)
        .cloned()
        .collect();
    events.extend(twice);
    chance.shuffle(&mut events);
    let world = World::start().await;
    for batch in events.chunks(50) {
        world.send(batch).await;
        world.work().await;
    }
    world.settle().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_the_worker_dies_the_state_is_that_of_one_careful_hand() {
    let scenario = FailScenario::setup();
    let expected = expected().await;
    let compare = |world: &World, what: &str| {
        let known = known(world);
        for (person, is) in &expected {
            assert_eq!(known.get(person), Some(is), "{what}: {person}");
        }
        assert_eq!(known.len(), expected.len(), "{what}");
    };
    compare(&tell_shuffled(1).await, "nobody died");
    for (number, step) in outbox::steps::ALL.into_iter().enumerate() {
        let taken = die_every_tenth_time(step);
        let world = tell_shuffled(2 + number as u64).await;
        fail::remove(step);
        assert!(taken.load(Ordering::Relaxed) > 4, "{step} is not reached");
        compare(&world, step);
    }
    scenario.teardown();
}

#[tokio::test]
async fn who_waits_is_told_soon_though_the_worker_died_before_it_woke_them() {
    let scenario = FailScenario::setup();
    let world = World::start().await;
    let person = events_of(0);
    world.send(&person[3..4]).await;
    world.pass(SignedDuration::from_secs(10)).await;
    fail::cfg(outbox::steps::REMEMBERED, "1*panic->off").unwrap();
    world.send(&person[..1]).await;
    world.pass(SignedDuration::from_mins(3)).await;
    fail::remove(outbox::steps::REMEMBERED);
    world.assert_sent(&["i1-0", "e-0"]).await;
    world.settle().await;
    scenario.teardown();
}

/// Has the worker panic, which ends its work on the message, each tenth time that a step is taken.
fn die_every_tenth_time(step: &str) -> Arc<AtomicUsize> {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let die = move || {
        let is_time = counter.fetch_add(1, Ordering::Relaxed) % 10 == 4;
        assert!(!is_time, "the worker dies");
    };
    fail::cfg_callback(step, die).unwrap();
    taken
}
