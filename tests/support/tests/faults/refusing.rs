//! Calls that are not done.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use test_support::{Refusal, answers_are_lost};

use crate::table::{TABLE, Table, key};

#[tokio::test]
async fn a_refused_call_is_not_done_and_its_caller_is_told_why() {
    for (refusal, code) in [
        (Refusal::TransactionConflict, "TransactionConflictException"),
        (
            Refusal::ProvisionedThroughputExceeded,
            "ProvisionedThroughputExceededException",
        ),
        (Refusal::Throttling, "ThrottlingException"),
        (Refusal::InternalServerError, "InternalServerError"),
    ] {
        let table = Table::new().await;
        table.calls.faults().refuse("UpdateItem", refusal, 3);

        let error = table.add("a").await.unwrap_err();

        assert_eq!(error.code(), Some(code));
        assert_eq!(table.count("a", true).await, None, "{code}");
    }
}

#[tokio::test]
async fn what_the_sdk_repeats_is_done_once_the_refusals_are_over() {
    if answers_are_lost() {
        return eprintln!("skipped: every answer is lost");
    }
    for (refusal, is_repeated) in [
        (Refusal::TransactionConflict, false),
        (Refusal::ProvisionedThroughputExceeded, true),
        (Refusal::Throttling, true),
        (Refusal::InternalServerError, true),
    ] {
        let table = Table::new().await;
        let faults = table.calls.faults();
        faults.refuse("UpdateItem", refusal.clone(), 2);
        assert_eq!(table.add("a").await.is_ok(), is_repeated, "{refusal:?}");
        let expected = is_repeated.then_some("1");
        assert_eq!(table.count("a", true).await.as_deref(), expected);
    }
}

#[tokio::test]
async fn a_cancelled_transaction_says_a_reason_for_each_of_its_items() {
    let table = Table::new().await;
    let reasons = vec!["None", "TransactionConflict"];
    let faults = table.calls.faults();
    faults.refuse("TransactWriteItems", Refusal::Cancelled(reasons.clone()), 1);
    let put = |id| {
        let put = Put::builder()
            .table_name(TABLE)
            .set_item(Some(key(id)))
            .build();
        TransactWriteItem::builder().put(put.unwrap()).build()
    };

    let request = table.client.transact_write_items();
    let request = request.transact_items(put("a")).transact_items(put("b"));
    let error = request.send().await.unwrap_err();

    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        panic!("{error:?}");
    };
    let told = cancelled.cancellation_reasons().iter();
    let told: Vec<_> = told.map(|reason| reason.code().unwrap()).collect();
    assert_eq!(told, reasons);
    assert_eq!(table.count("a", true).await, None);
}
