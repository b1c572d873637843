//! The table as a thing that gets, puts and queries rows: the thin layer over the SDK.

mod attempt;
mod batch;
mod create;
mod retry;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;

use crate::Error;
use crate::key::{Key, PARTITION};
use crate::row::{Item, item};

pub use attempt::{Attempt, CALL, Conditional, attempt_in};
pub use create::create_table;
pub(crate) use retry::Cancelled;

/// How long a call may take where the client's configuration does not say.
const PATIENCE: Duration = Duration::from_secs(10);

/// How fresh a read has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Half the price; may miss the last second.
    Eventual,
    /// Sees every write that was answered.
    Consistent,
}

/// One table.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// The table of this name. Calls are sent again by our rules, within the client's own deadline.
    pub fn new(client: &Client, name: String) -> Self {
        Self {
            client: retry::patient(client),
            name,
        }
    }

    /// How long a call may take, all that is sent again included: the caller's own deadline.
    fn patience(&self) -> Duration {
        let timeouts = self.client.config().timeout_config();
        timeouts
            .and_then(|timeouts| timeouts.operation_timeout())
            .unwrap_or(PATIENCE)
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// One row.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn get(
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

    /// One row that is hardly ever missing. A read that may miss the last second costs half, and only one
    /// that finds nothing is done again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn find(&self, operation: &'static str, key: &Key) -> Result<Option<Item>, Error> {
        match self.get(operation, key, Read::Eventual).await? {
            Some(item) => Ok(Some(item)),
            None => self.get(operation, key, Read::Consistent).await,
        }
    }

    /// A query of one partition, to be completed.
    pub fn query(&self, partition: String, sort_condition: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression(format!("{PARTITION} = :partition AND {sort_condition}"))
            .expression_attribute_values(":partition", AttributeValue::S(partition))
    }

    /// A query of all of a partition, to be completed.
    pub fn query_all(&self, partition: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression(format!("{PARTITION} = :partition"))
            .expression_attribute_values(":partition", AttributeValue::S(partition))
    }

    /// A change of one row, to be completed.
    pub fn update(&self, key: &Key) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
    }

    /// Deletes a row, to be completed with its condition.
    pub fn delete(&self, key: &Key) -> DeleteItemFluentBuilder {
        self.client
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
    }

    /// Deletes a row, whatever stands in it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn remove(&self, operation: &'static str, key: &Key) -> Result<(), Error> {
        let deleted = self.delete(key).send().await;
        deleted.map_err(|error| Error::from_sdk(operation, &error))?;
        Ok(())
    }

    /// Puts a row, to be completed with its condition.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the row cannot be written as attributes.
    pub fn put(&self, key: &Key, row: &impl Serialize) -> Result<PutItemFluentBuilder, Error> {
        Ok(self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item(key, row)?)))
    }
}
