//! What stood in the table, in the bucket and on the queues at a moment.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use table::{PARTITION, SORT};

use crate::lines::Messages;

/// Most rows that one `BatchWriteItem` takes (DynamoDB's API reference).
const BATCH_ROWS: usize = 25;

/// A row's attributes.
pub(crate) type Row = HashMap<String, AttributeValue>;

/// Rows by partition and sort key.
pub(crate) type Rows = BTreeMap<(String, String), Row>;

#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) now: Timestamp,
    pub(crate) rows: Rows,
    /// By path.
    pub(crate) objects: BTreeMap<String, Vec<u8>>,
    pub(crate) messages: Messages,
    pub(crate) intercom: intercom::fake::Snapshot,
}

/// Every row of the table.
pub(crate) async fn rows(client: &Client, table: &str) -> Rows {
    let scan = client.scan().table_name(table).consistent_read(true);
    let rows = scan
        .into_paginator()
        .items()
        .send()
        .collect::<Result<Vec<_>, _>>();
    let rows = rows.await.unwrap().into_iter();
    rows.map(|row| (key(&row), row)).collect()
}

/// Makes the table from what stands there to what is to stand there.
pub(crate) async fn put_rows_back(client: &Client, table: &str, there: &Rows, wanted: &Rows) {
    let put = |row: &Row| {
        let put = PutRequest::builder().set_item(Some(row.clone())).build();
        WriteRequest::builder().put_request(put.unwrap()).build()
    };
    let delete = |row: &Row| {
        let key = [PARTITION, SORT].map(|name| (name.to_owned(), row[name].clone()));
        let delete = DeleteRequest::builder().set_key(Some(key.into())).build();
        WriteRequest::builder()
            .delete_request(delete.unwrap())
            .build()
    };
    let changed = wanted
        .iter()
        .filter(|(key, row)| there.get(*key) != Some(row));
    let added = there.iter().filter(|(key, _)| !wanted.contains_key(*key));
    let puts = changed.map(|(_, row)| put(row));
    let writes: Vec<_> = puts.chain(added.map(|(_, row)| delete(row))).collect();
    for batch in writes.chunks(BATCH_ROWS) {
        let write = client.batch_write_item();
        let answer = write.request_items(table, batch.to_vec()).send().await;
        let left = answer.unwrap().unprocessed_items.unwrap_or_default();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// Every object.
pub(crate) async fn objects(bucket: &InMemory) -> BTreeMap<String, Vec<u8>> {
    let mut objects = BTreeMap::new();
    let listed: Vec<_> = bucket.list(None).try_collect().await.unwrap();
    for object in listed {
        let content = bucket.get(&object.location).await.unwrap().bytes().await;
        objects.insert(object.location.to_string(), content.unwrap().to_vec());
    }
    objects
}

/// Makes the bucket from what lies there to what is to lie there.
pub(crate) async fn put_objects_back(
    bucket: &InMemory,
    there: &BTreeMap<String, Vec<u8>>,
    wanted: &BTreeMap<String, Vec<u8>>,
) {
    for path in there.keys().filter(|path| !wanted.contains_key(*path)) {
        bucket.delete(&Path::parse(path).unwrap()).await.unwrap();
    }
    for (path, content) in wanted {
        if there.get(path) != Some(content) {
            let path = Path::parse(path).unwrap();
            bucket.put(&path, content.clone().into()).await.unwrap();
        }
    }
}

fn key(row: &Row) -> (String, String) {
    let part = |name: &str| row[name].as_s().unwrap().clone();
    (part(PARTITION), part(SORT))
}
