//! What telling costs: counted, not timed.

use serde_json::json;

use crate::world::{World, identify, track};

const AT: &str = "2026-11-20T11:00:00Z";

/// A track event as servers send it: some 700 bytes with its context.
fn usual(number: usize, user: &str) -> serde_json::Value {
    let mut event = track(
        &format!("2f6e8a52-4b1c-4f7e-9d3a-{number:012}"),
        user,
        "Order Completed",
        AT,
    );
    event["timestamp"] = json!(format!("2026-11-20T11:{:02}:00Z", number % 60));
    event["properties"] =
        json!({"order_id": "o-1234567", "revenue": 19.99, "currency": "EUR", "items": 3});
    event["context"] = json!({"library": {"name": "analytics-node", "version": "3.1.0"},
        "ip": "203.0.113.9", "userAgent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"});
    event
}

#[tokio::test]
async fn a_single_event_costs_six_units_of_writing_and_one_call() {
    let world = World::start().await;
    world
        .send(&[identify(
            "m-1",
            "u-1",
            json!({"email": "ada@acme.example"}),
            AT,
        )])
        .await;
    // The first of its name is counted among the workspace's names.
    world.send(&[usual(0, "u-1")]).await;
    world.settle().await;
    world.stack.intercom.take_calls();
    world.stack.calls.take();
    world.send(&[usual(1, "u-1")]).await;
    world.work().await;
    let usage = world.stack.calls.take_usage();
    assert!(usage.write_units <= 6.0, "{usage:?}");
    assert!(usage.read_units <= 9.0, "{usage:?}");
    assert_eq!(world.stack.intercom.take_calls().len(), 1);
    world.settle().await;
}

#[tokio::test]
async fn events_that_come_together_share_what_they_can() {
    let world = World::start().await;
    world.send(&[identify("m-1", "u-1", json!({}), AT)]).await;
    world.settle().await;
    world.stack.intercom.take_calls();
    world.stack.calls.take();
    let events: Vec<_> = (0..50).map(|number| usual(number, "u-1")).collect();
    world.send(&events).await;
    world.work().await;
    let usage = world.stack.calls.take_usage();
    assert!(usage.write_units <= 50.0 * 5.2, "{}", usage.write_units);
    assert!(usage.read_units <= 50.0 * 4.0, "{}", usage.read_units);
    assert_eq!(world.stack.intercom.take_calls().len(), 50);
    world.settle().await;
}

/// Events of different people in a request: what server libraries send at once (15 to 100). It is fewer than
/// an instance may tell in a window without asking, so that the count does not depend on who asks first.
const TOGETHER: usize = 15;

/// What it takes to tell of one of [`TOGETHER`] events, in the terms of the page on cost: what is billed, how
/// much of it an event takes, and the unit of the price.
async fn taken() -> Vec<(&'static str, f64, f64)> {
    let world = World::start().await;
    let people: Vec<_> = (0..TOGETHER).map(|number| format!("u-{number}")).collect();
    let known = people
        .iter()
        .map(|user| identify(&format!("i-{user}"), user, json!({}), AT));
    world.send(&known.collect::<Vec<_>>()).await;
    // The first of its name is counted among the workspace's names.
    world.send(&[usual(59, "u-0")]).await;
    world.settle().await;
    let before = bytes(&world).await;
    world.stack.calls.take();
    let events = people
        .iter()
        .enumerate()
        .map(|(number, user)| usual(number, user));
    world.send(&events.collect::<Vec<_>>()).await;
    world.work().await;
    let usage = world.stack.calls.take_usage();
    let stored = bytes(&world).await - before;
    let each = |total: f64| total / TOGETHER as f64;
    let batches = (TOGETHER as f64 / 10.0).ceil();
    // A request of `collect`, and a run of `deliver` for each ten lanes, which wait for Intercom together.
    let runs = 1.0 + batches;
    let gigabyte_seconds = 0.5 * 0.03 + batches * 0.25 * 0.6;
    world.settle().await;
    vec![
        ("write unit", each(usage.write_units), 1e6),
        ("read unit", each(usage.read_units), 1e6),
        // Sent, received and deleted, ten at a time.
        ("SQS request", each(3.0 * batches), 1e6),
        ("Lambda request", each(runs), 1e6),
        ("Lambda GB-second", each(gigabyte_seconds), 1e6),
        ("log GB", each(600.0 * runs), 1e9),
        ("table GB-month", each(stored), 1e9),
    ]
}

/// Bytes of everything in the table.
async fn bytes(world: &World) -> f64 {
    let table = world.stack.table.scan().table_name(test_support::TABLE);
    let rows = table.send().await.unwrap().items.unwrap();
    rows.iter().map(test_support::item_bytes).sum::<usize>() as f64
}

#[tokio::test]
async fn a_million_events_cost_at_most_six_dollars_and_the_page_says_so() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/COST.md"));
    let page = page.unwrap();
    let price = |what: &str| -> f64 {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| {what} | $")));
        let price = row.unwrap().split('|').nth(2).unwrap().trim();
        price.trim_start_matches('$').parse().unwrap()
    };
    let (mut sum, mut rows) = (0.0, Vec::new());
    for (what, amount, unit) in taken().await {
        let dollars = amount * 1e6 / unit * price(what);
        sum += dollars;
        rows.push(format!("| {what} | {amount:.3} | ${dollars:.2} |"));
    }
    rows.push(format!("| **a million events** | | **${sum:.2}** |"));
    let missing: Vec<_> = rows.iter().filter(|row| !page.contains(*row)).collect();
    assert!(
        missing.is_empty(),
        "infra/COST.md lacks:\n{}",
        rows.join("\n")
    );
    assert!(sum <= 6.0, "{sum}");
}
