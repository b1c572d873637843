//! Batches that are done in part.

use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, WriteRequest};

use crate::table::{TABLE, Table, key};

#[tokio::test]
async fn keys_that_are_left_are_not_answered_but_named() {
    for (asked, answered, left) in [(5, 2, 3), (1, 0, 1)] {
        let table = Table::new().await;
        let ids: Vec<String> = (0..asked).map(|number| number.to_string()).collect();
        let mut keys = KeysAndAttributes::builder();
        for id in &ids {
            table.add(id).await.unwrap();
            keys = keys.keys(key(id));
        }
        let keys = keys.consistent_read(true).build().unwrap();
        table.calls.faults().leave_unprocessed(1);
        let read = || {
            table
                .client
                .batch_get_item()
                .request_items(TABLE, keys.clone())
        };

        let first = read().send().await.unwrap();
        let second = read().send().await.unwrap();

        let rows = |answer: &std::collections::HashMap<String, Vec<_>>| {
            answer.get(TABLE).map_or(0, Vec::len)
        };
        assert_eq!(rows(&first.responses.unwrap_or_default()), answered);
        let unprocessed = first.unprocessed_keys.unwrap().remove(TABLE).unwrap();
        assert_eq!(unprocessed.keys.len(), left);
        assert_eq!(unprocessed.consistent_read, Some(true));
        assert_eq!(rows(&second.responses.unwrap()), asked);
    }
}

#[tokio::test]
async fn rows_that_are_left_stand_there_still() {
    for (asked, left) in [(3, 2), (1, 1)] {
        let table = Table::new().await;
        let mut deletes = Vec::new();
        for number in 0..asked {
            let id = number.to_string();
            table.add(&id).await.unwrap();
            let delete = DeleteRequest::builder().set_key(Some(key(&id))).build();
            let delete = WriteRequest::builder().delete_request(delete.unwrap());
            deletes.push(delete.build());
        }
        table.calls.faults().leave_unprocessed(1);

        let batch = table
            .client
            .batch_write_item()
            .request_items(TABLE, deletes);
        let answer = batch.send().await.unwrap();

        let unprocessed = answer.unprocessed_items.unwrap().remove(TABLE).unwrap();
        assert_eq!(unprocessed.len(), left);
        let rows = table.client.scan().table_name(TABLE).send().await.unwrap();
        assert_eq!(rows.items().len(), left);
    }
}
