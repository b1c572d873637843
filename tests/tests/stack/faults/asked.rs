//! What a fault is about: a call, as far as faults tell calls apart.

use std::collections::HashSet;

use axum::http::request::Parts;
use serde_json::Value;

/// Operations that change something on behalf of a function.
const WRITES: [&str; 10] = [
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
    "SendMessage",
    "SendMessageBatch",
    "PUT",
    "POST",
    "DELETE",
];

/// A row: its keys as they are sent.
pub(crate) type RowKey = String;

/// One attempt of a call.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// As in `PutItem` or `SendMessage`; of S3 the method of HTTP.
    pub(crate) operation: String,
    /// As in `DynamoDB_20120810`; of S3 nothing.
    pub(crate) service: String,
    /// The body in the JSON protocol.
    pub(crate) request: Value,
    /// Which attempt this is, as the SDK numbers them; S3's client does not say.
    attempt: Option<usize>,
    /// The same for each attempt of a call whose client does not number them.
    sameness: String,
}

impl Asked {
    pub(crate) fn of(head: &Parts, body: &[u8]) -> Self {
        let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        let (service, operation) = header("x-amz-target")
            .and_then(|target| target.split_once('.'))
            .unwrap_or(("", head.method.as_str()));
        let attempt = header("amz-sdk-request").and_then(|request| {
            let (_, rest) = request.split_once("attempt=")?;
            rest.split(';').next()?.trim().parse().ok()
        });
        Self {
            operation: operation.to_owned(),
            service: service.to_owned(),
            request: serde_json::from_slice(body).unwrap_or_default(),
            attempt,
            sameness: format!("{} {} {}", head.method, head.uri, hex::encode(body)),
        }
    }

    pub(crate) fn is_write(&self) -> bool {
        WRITES.contains(&self.operation.as_str())
    }

    pub(crate) fn is_of_dynamodb(&self) -> bool {
        self.service.starts_with("DynamoDB_")
    }

    pub(crate) fn is_transaction(&self) -> bool {
        self.operation == "TransactWriteItems"
    }

    /// The rows of the table that a write changes or checks, in the order of a transaction's parts.
    pub(crate) fn rows(&self) -> Vec<RowKey> {
        if !self.is_of_dynamodb() || !self.is_write() {
            return Vec::new();
        }
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let parts = match self.operation.as_str() {
            "TransactWriteItems" => list(&self.request["TransactItems"]),
            "BatchWriteItem" => {
                let tables = self.request["RequestItems"].as_object();
                tables
                    .into_iter()
                    .flatten()
                    .flat_map(|(_, writes)| list(writes))
                    .collect()
            }
            _ => return vec![key(&self.request)],
        };
        let parts = parts
            .iter()
            .flat_map(|part| part.as_object().into_iter().flatten());
        parts.map(|(_, part)| key(part)).collect()
    }

    /// Whether this is the first attempt of its call. An attempt without a number enters `begun` or leaves
    /// it.
    pub(super) fn is_first_attempt(&self, begun: &mut HashSet<String>) -> bool {
        match self.attempt {
            Some(attempt) => attempt == 1,
            None => is_entered(begun, &self.sameness),
        }
    }

    /// Whether it meets its rows for the first time, or for the first time since it met them for a second.
    /// For calls that are made anew when they are refused, which no number tells.
    pub(super) fn is_first_meeting(&self, begun: &mut HashSet<String>) -> bool {
        is_entered(begun, &format!("{} {:?}", self.operation, self.rows()))
    }
}

fn is_entered(begun: &mut HashSet<String>, what: &str) -> bool {
    let is_new = begun.insert(what.to_owned());
    if !is_new {
        begun.remove(what);
    }
    is_new
}

fn key(part: &Value) -> RowKey {
    let row = [&part["Key"], &part["Item"]]
        .into_iter()
        .find(|row| row.is_object());
    let row = row.unwrap_or(&Value::Null);
    format!("{} {}", row["PK"]["S"], row["SK"]["S"])
}
