//! Reads that are behind: without `ConsistentRead`, DynamoDB may answer as the table was a while ago.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use serde_json::Value;

use super::Faults;
use crate::{client, listen};

/// Most rows that one `BatchWriteItem` takes (DynamoDB's API reference).
const BATCH_ROWS: usize = 25;

impl Faults {
    /// From now on whoever reads without `ConsistentRead` sees the tables as they are now, until
    /// [`Faults::thaw`]. Writes, transactions and consistent reads go on as before.
    ///
    /// `present`: a client of the tables.
    ///
    /// # Panics
    /// When the tables cannot be copied.
    pub async fn freeze(&self, present: &Client) {
        let endpoint = listen(dynoxide::Database::memory().unwrap()).await;
        let past = client(&endpoint, &Self::default());
        let tables = present.list_tables().send().await.unwrap();
        for table in tables.table_names() {
            copy(present, &past, table).await;
        }
        self.plan().stale = Some(endpoint);
    }

    /// Has reads see the present again.
    pub fn thaw(&self) {
        self.plan().stale = None;
    }
}

/// Makes a table with the same rows over there.
async fn copy(present: &Client, past: &Client, table: &str) {
    let described = present.describe_table().table_name(table).send().await;
    let described = described.unwrap().table.unwrap();
    let created = past
        .create_table()
        .table_name(table)
        .billing_mode(aws_sdk_dynamodb::types::BillingMode::PayPerRequest)
        .set_key_schema(described.key_schema)
        .set_attribute_definitions(described.attribute_definitions);
    created.send().await.unwrap();
    let rows = present.scan().table_name(table).consistent_read(true);
    let mut rows = rows.into_paginator().items().send();
    let mut batch = Vec::new();
    loop {
        let row = rows.next().await.transpose().unwrap();
        let is_over = row.is_none();
        batch.extend(row.map(|row| {
            let put = PutRequest::builder().set_item(Some(row)).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        }));
        if !batch.is_empty() && (is_over || batch.len() == BATCH_ROWS) {
            let rows = std::mem::take(&mut batch);
            let put = past.batch_write_item().request_items(table, rows);
            put.send().await.unwrap();
        }
        if is_over {
            return;
        }
    }
}

/// Whether a request is a read that need not see the latest writes.
pub(super) fn may_be_behind(operation: &str, request: &Value) -> bool {
    let is_eventual = |read: &Value| read["ConsistentRead"] != Value::Bool(true);
    match operation {
        "GetItem" | "Query" | "Scan" => is_eventual(request),
        "BatchGetItem" => request["RequestItems"]
            .as_object()
            .is_some_and(|tables| tables.values().all(is_eventual)),
        _ => false,
    }
}
