//! What stands in the table.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};
use table::{EXPIRES, SORT};

pub(crate) use test_support::TABLE;

/// Every row, as text.
pub(crate) async fn rows(client: &Client) -> BTreeSet<String> {
    let rows = scan(client).await.into_iter();
    rows.map(|row| Value::Object(row).to_string()).collect()
}

/// Every row, apart from what depends on the way there: when it expires, how often it was written and by
/// which call, which of the statements that say the same came first, which attempts at a notification failed,
/// and the bytes of a sealed page. Without the numbers of a day, which are about right.
pub(crate) async fn facts(client: &Client) -> BTreeSet<String> {
    let fact = |mut row: Map<String, Value>| {
        row.remove(EXPIRES);
        row.remove("page");
        row.remove("failure");
        row.retain(|name, _| !name.ends_with("call"));
        if row[SORT] == "CONTACT" {
            let (version, projected) = (row.remove("version"), row.remove("projected"));
            assert_eq!(version, projected, "everything known is shown: {row:?}");
            row.remove("heard_at");
        }
        Value::Object(row).to_string()
    };
    let rows = scan(client).await.into_iter();
    // What a deleted contact has claimed holds no more: whether it was written down before does not matter.
    let is_claim = |row: &Map<String, Value>| row[SORT].as_str().unwrap().starts_with("CLAIM#");
    rows.filter(|row| row[SORT] != "COUNTS" && !is_claim(row))
        .map(fact)
        .collect()
}

async fn scan(client: &Client) -> Vec<Map<String, Value>> {
    let mut rows = Vec::new();
    let mut start = None;
    loop {
        let scan = client
            .scan()
            .table_name(TABLE)
            .set_exclusive_start_key(start);
        let page = scan.send().await.unwrap();
        rows.extend(page.items().iter().map(fields));
        start = page.last_evaluated_key;
        if start.is_none() {
            return rows;
        }
    }
}

fn fields(row: &HashMap<String, AttributeValue>) -> Map<String, Value> {
    let fields = row.iter();
    fields
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect()
}

/// A value without its type; what has no order is sorted.
fn plain(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => json!(text),
        AttributeValue::Bool(flag) => json!(flag),
        AttributeValue::B(bytes) => json!(bytes.as_ref()),
        AttributeValue::Ss(texts) => json!(texts.iter().collect::<BTreeSet<_>>()),
        AttributeValue::L(values) => values.iter().map(plain).collect(),
        AttributeValue::M(values) => Value::Object(fields(values)),
        other => json!(format!("{other:?}")),
    }
}
