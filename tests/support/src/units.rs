//! Request units: what DynamoDB bills.

use std::collections::HashMap;

use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::Item;
use dynoxide::types::{item_size, write_capacity_units};
use serde_json::{Value, json};

const READS: [&str; 4] = ["BatchGetItem", "GetItem", "Query", "Scan"];
const WRITES: [&str; 5] = [
    "BatchWriteItem",
    "DeleteItem",
    "PutItem",
    "TransactWriteItems",
    "UpdateItem",
];
/// Operations that can be refused by a condition.
const CONDITIONAL: [&str; 3] = ["DeleteItem", "PutItem", "UpdateItem"];

pub(crate) fn is_write(operation: &str) -> bool {
    WRITES.contains(&operation)
}

/// Changes a request so that its answer says what it consumed. An answer that a condition refused does not
/// say so, but shows the item that refused it.
pub(crate) fn ask_for_them(operation: &str, request: &mut HttpRequest) -> Result<(), BoxError> {
    if !READS.contains(&operation) && !is_write(operation) {
        return Ok(());
    }
    let mut body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default())?;
    body["ReturnConsumedCapacity"] = json!("TOTAL");
    if CONDITIONAL.contains(&operation) && !body["ConditionExpression"].is_null() {
        body["ReturnValuesOnConditionCheckFailure"] = json!("ALL_OLD");
    }
    let body = serde_json::to_vec(&body)?;
    let length = body.len().to_string();
    *request.body_mut() = body.into();
    request.headers_mut().insert("content-length", length);
    Ok(())
}

/// What an answer says that it consumed. A write that its condition refused costs as much as writing the item
/// that stands there, at least one unit (DynamoDB's developer guide, "Capacity unit consumption for write
/// operations").
pub(crate) fn consumed(answer: &[u8]) -> Result<f64, BoxError> {
    let Ok(answer) = serde_json::from_slice::<Value>(answer) else {
        return Ok(0.0);
    };
    let kind = answer["__type"].as_str().unwrap_or_default();
    if kind.ends_with("ConditionalCheckFailedException") {
        let standing: Item = match &answer["Item"] {
            Value::Null => Item::default(),
            item => serde_json::from_value(item.clone())?,
        };
        return Ok(write_capacity_units(item_size(&standing)));
    }
    Ok(match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(capacity_units).sum(),
        table => capacity_units(table),
    })
}

fn capacity_units(table: &Value) -> f64 {
    table["CapacityUnits"].as_f64().unwrap_or(0.0)
}

/// Bytes of a row as DynamoDB counts them: names and values (its developer guide, "Item sizes and formats").
pub fn item_bytes(row: &HashMap<String, AttributeValue>) -> usize {
    row.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number.len().div_ceil(2) + 1,
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Bs(blobs) => blobs.iter().map(|blob| blob.as_ref().len()).sum(),
        AttributeValue::L(values) => {
            3 + values
                .iter()
                .map(|value| 1 + value_bytes(value))
                .sum::<usize>()
        }
        AttributeValue::M(fields) => 3 + fields.len() + item_bytes(fields),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_from_single_answers_batches_and_refusals() {
        let large = "x".repeat(1_500);
        for (answer, units) in [
            (json!({"ConsumedCapacity": {"CapacityUnits": 1.5}}), 1.5),
            (
                json!({"ConsumedCapacity": [{"CapacityUnits": 0.5}, {"CapacityUnits": 1.0}]}),
                1.5,
            ),
            (json!({"__type": "x#ConditionalCheckFailedException"}), 1.0),
            (
                json!({"__type": "x#ConditionalCheckFailedException", "Item": {"a": {"S": large}}}),
                2.0,
            ),
            (json!({"__type": "x#ResourceNotFoundException"}), 0.0),
        ] {
            let answer = answer.to_string();
            assert_eq!(consumed(answer.as_bytes()).unwrap(), units, "{answer}");
        }
        assert_eq!(consumed(b"no JSON").unwrap(), 0.0);
    }
}
