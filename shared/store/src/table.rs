//! The table as a thing that gets, puts and queries rows: the thin layer over the SDK.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, DeleteRequest, KeySchemaElement, KeyType,
    KeysAndAttributes, ScalarAttributeType, TimeToLiveSpecification, WriteRequest,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;
use crate::keys::{EXPIRES, Key, PARTITION, SORT};

/// A row's attributes.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Most keys that one `BatchGetItem` takes (DynamoDB's API reference).
const BATCH_KEYS: usize = 100;
/// Most rows that one `BatchWriteItem` deletes (DynamoDB's API reference).
const BATCH_WRITES: usize = 25;
/// Calls for the same batch before giving up on the keys that DynamoDB leaves unprocessed.
const BATCH_CALLS: usize = 4;

/// How fresh a read has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// Half the price; may miss the last second.
    Eventual,
    /// Sees every write that was answered.
    Consistent,
}

/// One table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    client: Client,
    name: String,
}

impl Table {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// One row.
    pub(crate) async fn get(
        &self,
        operation: &'static str,
        key: &Key,
        read: Read,
    ) -> Result<Option<Item>, Error> {
        let request = self.client.get_item().table_name(&self.name);
        let answer = request
            .set_key(Some(key.attributes()))
            .consistent_read(read == Read::Consistent)
            .send()
            .await
            .map_err(|error| Error::from_sdk(operation, &error))?;
        Ok(answer.item)
    }

    /// The rows that exist among `keys`, which must be distinct: one call per hundred.
    pub(crate) async fn get_all(
        &self,
        operation: &'static str,
        keys: &[Key],
        read: Read,
    ) -> Result<HashMap<Key, Item>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for batch in keys.chunks(BATCH_KEYS) {
            self.get_batch(operation, batch, read, &mut found).await?;
        }
        Ok(found)
    }

    async fn get_batch(
        &self,
        operation: &'static str,
        keys: &[Key],
        read: Read,
        found: &mut HashMap<Key, Item>,
    ) -> Result<(), Error> {
        let mut wanted: Vec<Item> = keys.iter().map(Key::attributes).collect();
        for _ in 0..BATCH_CALLS {
            let request = KeysAndAttributes::builder()
                .set_keys(Some(wanted))
                .consistent_read(read == Read::Consistent)
                .build()
                .map_err(|_| Error::Refused {
                    operation,
                    reason: "request not built".to_owned(),
                })?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.name, request)
                .send()
                .await;
            let answer = answer.map_err(|error| Error::from_sdk(operation, &error))?;
            for item in answer
                .responses
                .into_iter()
                .flat_map(HashMap::into_values)
                .flatten()
            {
                found.insert(key_of(&item)?, item);
            }
            let unprocessed = answer
                .unprocessed_keys
                .unwrap_or_default()
                .remove(&self.name);
            match unprocessed {
                Some(rest) if !rest.keys.is_empty() => wanted = rest.keys,
                _ => return Ok(()),
            }
        }
        Err(Error::Unavailable {
            operation,
            reason: "unprocessed keys".to_owned(),
        })
    }

    /// Deletes rows, whatever stands in them: one call for 25.
    pub(crate) async fn delete_all(
        &self,
        operation: &'static str,
        keys: &[Key],
    ) -> Result<(), Error> {
        let keys: HashSet<&Key> = keys.iter().collect();
        let keys: Vec<&Key> = keys.into_iter().collect();
        for batch in keys.chunks(BATCH_WRITES) {
            self.delete_batch(operation, batch).await?;
        }
        Ok(())
    }

    async fn delete_batch(&self, operation: &'static str, keys: &[&Key]) -> Result<(), Error> {
        let unbuilt = |_| Error::Refused {
            operation,
            reason: "request not built".to_owned(),
        };
        let mut wanted = Vec::with_capacity(keys.len());
        for key in keys {
            let delete = DeleteRequest::builder().set_key(Some(key.attributes()));
            let delete = delete.build().map_err(unbuilt)?;
            wanted.push(WriteRequest::builder().delete_request(delete).build());
        }
        for _ in 0..BATCH_CALLS {
            let answer = self
                .client
                .batch_write_item()
                .request_items(&self.name, wanted)
                .send()
                .await;
            let answer = answer.map_err(|error| Error::from_sdk(operation, &error))?;
            let mut unprocessed = answer.unprocessed_items.unwrap_or_default();
            match unprocessed.remove(&self.name) {
                Some(rest) if !rest.is_empty() => wanted = rest,
                _ => return Ok(()),
            }
        }
        Err(Error::Unavailable {
            operation,
            reason: "unprocessed keys".to_owned(),
        })
    }

    /// A query of one partition, to be completed.
    pub(crate) fn query(&self, partition: String, sort_condition: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression(format!("{PARTITION} = :partition AND {sort_condition}"))
            .expression_attribute_values(":partition", AttributeValue::S(partition))
    }

    /// A change of one row, to be completed.
    pub(crate) fn update(&self, key: &Key) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
    }

    /// Deletes a row, to be completed with its condition.
    pub(crate) fn delete(&self, key: &Key) -> DeleteItemFluentBuilder {
        self.client
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
    }

    /// Puts a row, to be completed with its condition.
    pub(crate) fn put(
        &self,
        key: &Key,
        row: &impl Serialize,
    ) -> Result<PutItemFluentBuilder, Error> {
        Ok(self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item(key, row)?)))
    }
}

/// The row with its key.
pub(crate) fn item(key: &Key, row: &impl Serialize) -> Result<Item, Error> {
    let mut item: Item =
        serde_dynamo::to_item(row).map_err(|error| Error::corrupt("row", error))?;
    item.extend(key.attributes());
    Ok(item)
}

/// An attribute of several values.
pub(crate) fn nested(value: &impl Serialize) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(value).map_err(|error| Error::corrupt("row", error))
}

/// The row as its type.
pub(crate) fn parse<T: DeserializeOwned>(what: &'static str, item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(|error| Error::corrupt(what, error))
}

/// What a conditional write answered; `None` when its condition did not hold.
pub(crate) fn unless_refused<T, E, R>(
    operation: &'static str,
    result: Result<T, SdkError<E, R>>,
) -> Result<Option<T>, Error>
where
    E: ProvideErrorMetadata,
{
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(Error::from_sdk(operation, &error)),
    }
}

/// A text attribute.
pub(crate) fn text(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A numeric attribute.
pub(crate) fn number(value: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// The key of a row.
pub(crate) fn key_of(item: &Item) -> Result<Key, Error> {
    let part = |name| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    match (part(PARTITION), part(SORT)) {
        (Some(partition), Some(sort)) => Ok(Key { partition, sort }),
        _ => Err(Error::corrupt("row", "no key")),
    }
}

/// Makes the table with its TTL unless it exists. For local mode and tests; a deployment's template says the same.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Refused`] when DynamoDB does not make it.
pub async fn create_table(client: &Client, name: &str) -> Result<(), Error> {
    let operation = "create the table";
    let unbuilt = |_| Error::Refused {
        operation,
        reason: "request not built".to_owned(),
    };
    let mut request = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest);
    for (attribute, role) in [(PARTITION, KeyType::Hash), (SORT, KeyType::Range)] {
        let definition = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S);
        let element = KeySchemaElement::builder()
            .attribute_name(attribute)
            .key_type(role);
        request = request
            .attribute_definitions(definition.build().map_err(unbuilt)?)
            .key_schema(element.build().map_err(unbuilt)?);
    }
    match request.send().await {
        Ok(_) => {}
        Err(error) if error.code() == Some("ResourceInUseException") => return Ok(()),
        Err(error) => return Err(Error::from_sdk(operation, &error)),
    }
    let expiry = TimeToLiveSpecification::builder()
        .attribute_name(EXPIRES)
        .enabled(true);
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(expiry.build().map_err(unbuilt)?)
        .send()
        .await
        .map_err(|error| Error::from_sdk(operation, &error))?;
    Ok(())
}
