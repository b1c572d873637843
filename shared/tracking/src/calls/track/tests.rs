use serde_json::{Value, json};

use crate::testing::{event, first_step, planned, warnings};
use crate::{DropReason, Step};

fn track(properties: Value) -> Value {
    json!({ "type": "track", "userId": "u-1", "event": "Ordered", "properties": properties })
}

/// Metadata as it is written, since its order counts.
fn metadata(event: &Value, settings: &Value) -> String {
    let plan = planned(event, settings).unwrap();
    let [Step::Event(write)] = plan.steps.as_slice() else {
        panic!("{} steps", plan.steps.len());
    };
    serde_json::to_string(&write.metadata).unwrap()
}

#[test]
fn an_event_has_a_name_and_a_second() {
    let mut event = track(json!({}));
    event["timestamp"] = json!("2026-11-20T23:05:22.877Z");
    let expected = json!({ "event_name": "Ordered", "created_at": 1_795_215_922 });
    assert_eq!(first_step(&event, &json!({})), expected);
    event["event"] = json!(" ");
    assert_eq!(
        planned(&event, &json!({})).err(),
        Some(DropReason::NoEventName)
    );
}

#[test]
fn money_is_counted_in_whole_hundredths() {
    for (properties, expected) in [
        (
            json!({ "revenue": 19.99 }),
            r#"{"price":{"amount":1999,"currency":"chf"}}"#,
        ),
        (
            json!({ "revenue": "$4.35" }),
            r#"{"price":{"amount":435,"currency":"chf"}}"#,
        ),
        (
            json!({ "revenue": 0 }),
            r#"{"price":{"amount":0,"currency":"chf"}}"#,
        ),
        (
            json!({ "currency": "EUR", "revenue": 1, "a": 1 }),
            r#"{"price":{"amount":100,"currency":"eur"},"a":1}"#,
        ),
        // Only an order's total is what was paid.
        (json!({ "total": 30 }), r#"{"total":30}"#),
        // No amount that Intercom takes.
        (
            json!({ "revenue": -5, "currency": "EUR" }),
            r#"{"revenue":-5,"currency":"EUR"}"#,
        ),
        (
            json!({ "revenue": 5, "currency": "US Dollars" }),
            r#"{"revenue":5,"currency":"US Dollars"}"#,
        ),
        (json!({ "revenue": "much" }), r#"{"revenue":"much"}"#),
        (
            json!({ "revenue": 2, "price": 9 }),
            r#"{"price":{"amount":200,"currency":"chf"}}"#,
        ),
        (
            json!({ "cost": { "amount": 3.0, "currency": "eur" } }),
            r#"{"cost":{"amount":3,"currency":"eur"}}"#,
        ),
    ] {
        let metadata = metadata(&track(properties.clone()), &json!({ "currency": "chf" }));
        // The map of the test itself has lost the order of what it was made of.
        let [metadata, expected]: [Value; 2] =
            [&metadata, expected].map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(metadata, expected, "{properties}");
    }
}

#[test]
fn a_completed_order_brought_its_total_unless_it_says_what_it_brought() {
    let price = |name: &str, properties: Value| {
        let mut order = track(properties);
        order["event"] = json!(name);
        let metadata: Value = serde_json::from_str(&metadata(&order, &json!({}))).unwrap();
        metadata["price"]["amount"].as_i64()
    };
    for name in [
        "order_completed",
        "Order Completed",
        "OrderCompleted",
        "completedOrder",
    ] {
        assert_eq!(price(name, json!({ "total": 30 })), Some(3_000), "{name}");
    }
    assert_eq!(price("Order Completed Late", json!({ "total": 30 })), None);
    for (revenue, expected) in [(json!(0), 3_000), (json!(25), 2_500), (json!(null), 3_000)] {
        let properties = json!({ "revenue": revenue, "total": 30 });
        assert_eq!(price("Order Completed", properties), Some(expected));
    }
}

#[test]
fn a_price_beside_what_was_paid_is_left_out_with_a_warning() {
    let event = track(json!({ "revenue": 2, "price": 9 }));
    let warnings = planned(&event, &json!({})).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].to_string().contains("price"), "{warnings:?}");
}

#[test]
fn the_first_ten_properties_are_told_in_their_order() {
    let names: Vec<String> = (0..14)
        .rev()
        .map(|number| format!("\"p{number:02}\":{number}"))
        .collect();
    let text = format!(
        r#"{{"type":"track","userId":"u","event":"E","properties":{{{}}}}}"#,
        names.join(",")
    );
    let received_at = "2026-11-30T12:00:00Z".parse().unwrap();
    let envelope = crate::Envelope {
        call: None,
        received_at,
    };
    let crate::Entry::Event(event) = &crate::read(text.as_bytes(), envelope).unwrap().entries[0]
    else {
        panic!("it was refused");
    };
    let plan = crate::plan(event, &crate::SourceSettings::default()).unwrap();
    let [Step::Event(write)] = plan.steps.as_slice() else {
        panic!("{} steps", plan.steps.len())
    };
    let keys: Vec<&str> = write
        .metadata
        .0
        .iter()
        .map(|(key, _)| key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "p13", "p12", "p11", "p10", "p09", "p08", "p07", "p06", "p05", "p04"
        ]
    );
    let expected = "Intercom keeps ten keys of an event; left out: p03, p02, p01, p00.";
    assert_eq!(plan.warnings[0].to_string(), expected);
}

#[test]
fn what_intercom_cannot_hold_is_left_out_or_flattened() {
    let event = track(json!({
        "link": { "url": "https://a.test/1", "value": 7 },
        "more": { "url": "https://a.test/2", "value": "x", "alt": "y" },
        "list": ["a", { "b": true }],
        "nothing": null,
        "until": "2025-05-06",
        "is": true,
    }));
    let dropped = json!({
        "link": { "url": "https://a.test/1", "value": "7" }, "more": { "url": "https://a.test/2", "value": "x" },
        "until_date": 1_746_489_600, "is": "true",
    });
    assert_eq!(first_step(&event, &json!({}))["metadata"], dropped);
    assert_eq!(
        warnings(&event, &json!({})),
        ["nested_left_out: Lists and objects were left out: list, more."]
    );
    let settings = json!({ "nested": "flatten", "rich_links": ["more"] });
    let flattened = json!({
        "link": { "url": "https://a.test/1", "value": "7" }, "more": { "url": "https://a.test/2", "value": "x" },
        "list_0": "a", "list_1_b": "true", "until_date": 1_746_489_600, "is": "true",
    });
    assert_eq!(first_step(&event, &settings)["metadata"], flattened);
    let unnamed = first_step(&event, &json!({ "nested": "flatten" }));
    assert_eq!(unnamed["metadata"]["more_alt"], json!("y"));
}

#[test]
fn an_address_among_the_properties_is_whose_the_event_is_only_without_a_user_id() {
    let properties = json!({ "email": "Bo@example.test" });
    let invited = event(&track(properties.clone()));
    assert_eq!(invited.email, None);
    assert_eq!(
        metadata(&track(properties.clone()), &json!({})),
        r#"{"email":"Bo@example.test"}"#
    );
    let theirs = json!({ "type": "track", "event": "Ordered", "properties": properties });
    assert_eq!(event(&theirs).email.as_deref(), Some("Bo@example.test"));
    assert_eq!(metadata(&theirs, &json!({})), "{}");
}

#[test]
fn a_source_says_which_events_are_told() {
    let event = track(json!({}));
    for (events, expected) in [
        (json!({ "deny": ["other"] }), None),
        (
            json!({ "deny": ["ORDERED"] }),
            Some(DropReason::EventDenied),
        ),
        (json!({ "allow": ["ordered "] }), None),
        (json!({ "allow": [] }), Some(DropReason::EventNotAllowed)),
        (
            json!({ "allow": ["Ordered"], "deny": ["Ordered"] }),
            Some(DropReason::EventDenied),
        ),
    ] {
        assert_eq!(
            planned(&event, &json!({ "events": events })).err(),
            expected,
            "{events}"
        );
    }
}

#[test]
fn who_is_not_named_is_nobody_unless_the_source_takes_the_browsers_id() {
    for id in [json!(null), json!(""), json!("undefined"), json!([1])] {
        let event = json!({ "type": "track", "event": "E", "userId": id, "anonymousId": "anon-1" });
        assert_eq!(
            planned(&event, &json!({})).err(),
            Some(DropReason::Nobody),
            "{id}"
        );
        let plan = planned(&event, &json!({ "anonymous_id_as_user_id": true })).unwrap();
        assert_eq!(plan.person.external_id.as_deref(), Some("anon-1"));
    }
}
