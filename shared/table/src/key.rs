//! What a row is found by.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// Name of the partition key.
pub const PARTITION: &str = "PK";
/// Name of the sort key.
pub const SORT: &str = "SK";
/// Name of the TTL attribute, seconds since 1970.
pub const EXPIRES: &str = "expires";

/// A row's full key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The partition key: rows that have it in common are queried together.
    pub partition: String,
    /// The sort key.
    pub sort: String,
}

impl Key {
    /// The key of these two parts.
    pub fn new(partition: impl Into<String>, sort: impl Into<String>) -> Self {
        Self {
            partition: partition.into(),
            sort: sort.into(),
        }
    }

    /// As the two attributes that DynamoDB wants.
    pub fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (
                PARTITION.to_owned(),
                AttributeValue::S(self.partition.clone()),
            ),
            (SORT.to_owned(), AttributeValue::S(self.sort.clone())),
        ])
    }
}
