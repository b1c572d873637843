//! What peers make of an event, what we make of it, and why it is not the same.
//!
//! The inputs and what peers make of them lie beside the project. The tables here say for each of them
//! by name what we tell Intercom (`told`), and where a peer does something else, and why we do not
//! (`why`).
//!
//! `differential.json`: 60 inputs that five engines were run with: Segment classic, Segment's actions,
//! `RudderStack` 1.4, 2.10 and `intercom_v2`. `segment_classic.json`: the fixtures of
//! Segment's classic integration, whose default was to flatten, and three of which events it took.

#![allow(clippy::unwrap_used, clippy::panic)] // All of it is tests.

mod shown;

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use tracking::{Nested, SourceSettings};

/// The lines of a file of the reference material, if it is there.
fn reference(name: &str) -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/destinations");
    let Ok(lines) = fs::read_to_string(folder.join(name)) else {
        println!("skipped: {name} is not there");
        return None;
    };
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    Some(lines.collect())
}

fn table(name: &str) -> Map<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/peers")
        .join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn sixty_inputs_of_five_engines_are_told_as_the_table_says() {
    let Some(cases) = reference("differential.jsonl") else {
        return;
    };
    let mut table = table("differential.json");
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let settings = SourceSettings {
            anonymous_id_as_user_id: case["config"]["sendAnonymousId"] == true
                || name.contains("sendAnonymousId"),
            ..SourceSettings::default()
        };
        let row = table
            .remove(name)
            .unwrap_or_else(|| panic!("{name} is not in the table"));
        assert_eq!(
            shown::outcome(&case["input"], &settings),
            row["told"],
            "{name}"
        );
    }
    assert!(
        table.is_empty(),
        "there is no such input: {:?}",
        table.keys()
    );
}

#[test]
fn the_fixtures_of_segments_classic_integration_are_told_as_the_table_says() {
    let Some(cases) = reference("segment-classic.jsonl") else {
        return;
    };
    let mut table = table("segment_classic.json");
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let Some(mapped) = case.get("settings") else {
            assert_valid(name, &case);
            continue;
        };
        let settings = SourceSettings {
            include_context: mapped["collectContext"] == true,
            nested: match mapped["defaultMethod"].as_str() {
                Some("drop") => Nested::Drop,
                _ => Nested::Flatten,
            },
            rich_links: serde_json::from_value(mapped["richLinkProperties"].clone()).unwrap(),
            ..SourceSettings::default()
        };
        let row = table
            .remove(name)
            .unwrap_or_else(|| panic!("{name} is not in the table"));
        assert_eq!(
            shown::outcome(&case["input"], &settings),
            row["told"],
            "{name}"
        );
    }
    assert!(
        table.is_empty(),
        "there is no such input: {:?}",
        table.keys()
    );
}

/// Which events Segment took at all, whatever the call.
fn assert_valid(name: &str, case: &Value) {
    let mut event = case["input"].clone();
    event["type"] = json!("track");
    event["event"] = json!("Seen");
    let outcome = shown::outcome(&event, &SourceSettings::default());
    let is_valid = case["expected_validity"] == "valid";
    assert_eq!(
        outcome.get("dropped").is_none(),
        is_valid,
        "{name}: {outcome}"
    );
}
