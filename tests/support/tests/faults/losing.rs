//! Answers that are lost after the call was done.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use test_support::{Loss, answers_are_lost};

use crate::table::{TABLE, Table, key};

#[tokio::test]
async fn a_lost_answer_has_the_call_done_twice_and_nobody_told() {
    let table = Table::new().await;
    table
        .calls
        .faults()
        .lose_answer("UpdateItem", 0, Loss::First);

    table.add("a").await.unwrap();

    assert_eq!(table.count("a", true).await.as_deref(), Some("2"));
}

#[tokio::test]
async fn without_any_answer_the_caller_is_told_of_an_error_although_it_was_done() {
    let table = Table::new().await;
    table.calls.faults().lose_answer("UpdateItem", 0, Loss::All);

    let error = table.add("a").await.unwrap_err();

    assert_eq!(error.code(), Some("InternalServerError"));
    assert_eq!(table.count("a", true).await.as_deref(), Some("3"));
}

#[tokio::test]
async fn what_a_repetition_is_refused_is_lost_as_well() {
    let table = Table::new().await;
    table.calls.faults().lose_answer("PutItem", 0, Loss::All);
    let put = table.client.put_item().table_name(TABLE);
    let put = put
        .set_item(Some(key("a")))
        .condition_expression("attribute_not_exists(id)");

    let error = put.send().await.unwrap_err();

    assert_eq!(error.code(), Some("InternalServerError"));
}

#[tokio::test]
async fn the_write_that_is_meant_is_counted_from_now_whatever_its_kind() {
    if answers_are_lost() {
        return eprintln!("skipped: every answer is lost");
    }
    let table = Table::new().await;
    table.add("before").await.unwrap();
    table.calls.faults().lose_answer_of_write(1, Loss::First);
    for id in ["a", "b", "c"] {
        table.add(id).await.unwrap();
        // Reads are no writes.
        table.count(id, true).await;
    }

    for (id, count) in [("before", "1"), ("a", "1"), ("b", "2"), ("c", "1")] {
        assert_eq!(table.count(id, true).await.as_deref(), Some(count), "{id}");
    }
    assert_eq!(table.calls.faults().take_writes(), ["UpdateItem"; 4]);
}

#[tokio::test]
async fn a_call_that_is_repeated_for_its_lost_answer_counts_once() {
    let table = Table::new().await;
    table.add("a").await.unwrap();
    let usual = table.calls.take_usage();
    table
        .calls
        .faults()
        .lose_answer("UpdateItem", 0, Loss::First);

    table.add("a").await.unwrap();

    assert_eq!(table.calls.take_usage(), usual);
}

#[tokio::test]
async fn a_transaction_that_is_repeated_is_done_once() {
    let table = Table::new().await;
    let faults = table.calls.faults();
    faults.lose_answer("TransactWriteItems", 0, Loss::First);
    let update = Update::builder()
        .table_name(TABLE)
        .set_key(Some(key("a")))
        .update_expression("ADD counted :one")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
    let put = Put::builder()
        .table_name(TABLE)
        .set_item(Some(key("b")))
        .condition_expression("attribute_not_exists(id)");
    let items = [
        TransactWriteItem::builder().update(update.build().unwrap()),
        TransactWriteItem::builder().put(put.build().unwrap()),
    ];

    let request = table.client.transact_write_items();
    let request = request.set_transact_items(Some(items.map(|item| item.build()).to_vec()));
    request.send().await.unwrap();

    assert_eq!(table.count("a", true).await.as_deref(), Some("1"));
}
