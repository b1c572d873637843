//! What a table holds, such that two runs of the same course can be compared.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

/// What may differ: numbers that count twice where an answer was lost, which the two `DayCounts` say of them;
/// what Intercom was asked once more for a lost answer; and the end of a key, which is random.
const DIFFERENT: [&str; 10] = [
    "calls",
    "sent",
    "waiting",
    "dropped",
    "failed",
    "canvas_views",
    "notifications",
    "problems",
    "refused_keys",
    "last4",
];

/// The rows of the table in order, each as text, without what differs from one run to the next: times, what
/// is random, what is sealed or hashed with the master key.
pub(crate) async fn all(table: Client, name: &str) -> Vec<String> {
    let scan = table.scan().table_name(name);
    let items = scan
        .into_paginator()
        .items()
        .send()
        .collect::<Result<Vec<_>, _>>();
    let mut rows: Vec<String> = items.await.unwrap().iter().map(row).collect();
    rows.sort();
    rows.dedup_by(|row, before| row == before && is_place(row));
    rows
}

/// Whether a row only says where something is to be found or when it is to be looked at: whoever notes it
/// again, for a lost answer, does so under another time. Two such rows lead to one thing.
fn is_place(row: &str) -> bool {
    row.contains("#DELIVERIES#") || row.contains("PK=DUE#")
}

fn row(item: &HashMap<String, AttributeValue>) -> String {
    let mut attributes: Vec<String> = item
        .iter()
        .map(|(name, value)| match may_differ(name, item) {
            true => name.clone(),
            false => format!("{name}={}", shape(value)),
        })
        .collect();
    attributes.sort();
    attributes.join(" ")
}

/// How often a session was summarized may differ as well: that depends on when messages come.
fn may_differ(name: &str, item: &HashMap<String, AttributeValue>) -> bool {
    let is_of_session = item.contains_key("next_seq");
    DIFFERENT.contains(&name) || (name == "version" && is_of_session)
}

fn shape(value: &AttributeValue) -> String {
    let list = |mut shapes: Vec<String>| {
        shapes.sort();
        format!("[{}]", shapes.join(" "))
    };
    match value {
        AttributeValue::S(text) => words(text),
        AttributeValue::N(number) => words(number),
        AttributeValue::Bool(value) => value.to_string(),
        AttributeValue::L(values) => list(values.iter().map(shape).collect()),
        AttributeValue::Ss(values) => list(values.iter().map(|value| words(value)).collect()),
        AttributeValue::Bs(values) => format!("{} sealed", values.len()),
        AttributeValue::M(values) => row(values),
        _ => "sealed".to_owned(),
    }
}

/// Text without the words in it that are times, random or digests.
fn words(text: &str) -> String {
    // The shard follows from a digest.
    if text.starts_with("DUE#") {
        return "DUE#…".to_owned();
    }
    let is_named = |word: &&str| word.len() < 9 || !word.contains(|c: char| c.is_ascii_digit());
    // Two runs may begin in one hour and end in the next.
    let is_hour =
        |word: &str| word.len() == 6 && word.parse().is_ok_and(|hour: u32| hour >= 100_000);
    let words = text
        .split('#')
        .map(|word| match is_named(&word) && !is_hour(word) {
            true => word,
            false => "…",
        });
    words.collect::<Vec<_>>().join("#")
}
