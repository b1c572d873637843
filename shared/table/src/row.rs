//! Rows as DynamoDB has them, and as their types.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::key::{Key, PARTITION, SORT};

/// A row's attributes.
pub type Item = HashMap<String, AttributeValue>;

/// The row with its key.
///
/// # Errors
/// [`Error::Corrupt`] when it cannot be written as attributes.
pub fn item(key: &Key, row: &impl Serialize) -> Result<Item, Error> {
    let mut item: Item =
        serde_dynamo::to_item(row).map_err(|error| Error::corrupt("row", error))?;
    item.extend(key.attributes());
    Ok(item)
}

/// An attribute of several values.
///
/// # Errors
/// [`Error::Corrupt`] when it cannot be written as attributes.
pub fn nested(value: &impl Serialize) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(value).map_err(|error| Error::corrupt("row", error))
}

/// The row as its type. `what`: what kind of row, for the error.
///
/// # Errors
/// [`Error::Corrupt`] when it is not what this version of the code writes.
pub fn parse<T: DeserializeOwned>(what: &'static str, item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(|error| Error::corrupt(what, error))
}

/// A text attribute.
pub fn text(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A numeric attribute.
pub fn number(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// The key of a row.
///
/// # Errors
/// [`Error::Corrupt`] when it has none.
pub fn key_of(item: &Item) -> Result<Key, Error> {
    let part = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    match (part(PARTITION), part(SORT)) {
        (Some(partition), Some(sort)) => Ok(Key { partition, sort }),
        _ => Err(Error::corrupt("row", "no key")),
    }
}
