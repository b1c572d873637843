//! A table to try faults on.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType,
};
use test_support::Calls;

pub(crate) const TABLE: &str = "faults";

pub(crate) struct Table {
    pub(crate) client: Client,
    pub(crate) calls: Calls,
}

impl Table {
    /// An empty one, with a text as key.
    pub(crate) async fn new() -> Self {
        let (client, calls) = test_support::embedded_dynamodb().await;
        let key = KeySchemaElement::builder()
            .attribute_name("id")
            .key_type(KeyType::Hash);
        let definition = AttributeDefinition::builder()
            .attribute_name("id")
            .attribute_type(ScalarAttributeType::S);
        let created = client
            .create_table()
            .table_name(TABLE)
            .billing_mode(BillingMode::PayPerRequest)
            .key_schema(key.build().unwrap())
            .attribute_definitions(definition.build().unwrap());
        created.send().await.unwrap();
        calls.take();
        Self { client, calls }
    }

    /// Adds one to a row's count: done twice, it is two.
    pub(crate) async fn add(
        &self,
        id: &str,
    ) -> Result<UpdateItemOutput, SdkError<UpdateItemError>> {
        let added = self.client.update_item().table_name(TABLE);
        let added = added
            .set_key(Some(key(id)))
            .update_expression("ADD counted :one")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        added.send().await
    }

    pub(crate) async fn count(&self, id: &str, is_consistent: bool) -> Option<String> {
        let read = self.client.get_item().table_name(TABLE);
        let read = read
            .set_key(Some(key(id)))
            .consistent_read(is_consistent)
            .send();
        let row = read.await.unwrap().item?;
        Some(row["counted"].as_n().unwrap().clone())
    }
}

pub(crate) fn key(id: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("id".to_owned(), AttributeValue::S(id.to_owned()))])
}
