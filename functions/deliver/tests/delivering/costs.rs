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
