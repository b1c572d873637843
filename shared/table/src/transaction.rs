//! Changes of several rows that happen together or not at all.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder, UpdateBuilder};
use aws_sdk_dynamodb::types::{CancellationReason, Delete, Put, TransactWriteItem, Update};
use serde::Serialize;

use crate::Error;
use crate::key::Key;
use crate::row::item;
use crate::table::{Cancelled, Table};

/// Rows to be changed together.
pub struct Transaction<'a> {
    table: &'a Table,
    operation: &'static str,
    items: Vec<TransactWriteItem>,
}

impl<'a> Transaction<'a> {
    /// A transaction of no row yet. `operation`: what it does, for errors.
    pub fn new(table: &'a Table, operation: &'static str) -> Self {
        Self {
            table,
            operation,
            items: Vec::new(),
        }
    }

    /// A change of one row, completed by `complete`.
    ///
    /// # Errors
    /// [`Error::Refused`] when the SDK does not take what `complete` made.
    pub fn update(
        mut self,
        key: &Key,
        complete: impl FnOnce(UpdateBuilder) -> UpdateBuilder,
    ) -> Result<Self, Error> {
        let update = Update::builder()
            .table_name(self.table.name())
            .set_key(Some(key.attributes()));
        let update = complete(update).build().map_err(|_| self.unbuilt())?;
        self.items
            .push(TransactWriteItem::builder().update(update).build());
        Ok(self)
    }

    /// Puts a row, completed by `complete`.
    ///
    /// # Errors
    /// As [`Self::update`], and [`Error::Corrupt`] when the row cannot be written as attributes.
    pub fn put(
        mut self,
        key: &Key,
        row: &impl Serialize,
        complete: impl FnOnce(PutBuilder) -> PutBuilder,
    ) -> Result<Self, Error> {
        let put = Put::builder()
            .table_name(self.table.name())
            .set_item(Some(item(key, row)?));
        let put = complete(put).build().map_err(|_| self.unbuilt())?;
        self.items
            .push(TransactWriteItem::builder().put(put).build());
        Ok(self)
    }

    /// Deletes a row, if it is there.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn delete(mut self, key: &Key) -> Result<Self, Error> {
        let delete: DeleteBuilder = Delete::builder()
            .table_name(self.table.name())
            .set_key(Some(key.attributes()));
        let delete = delete.build().map_err(|_| self.unbuilt())?;
        self.items
            .push(TransactWriteItem::builder().delete(delete).build());
        Ok(self)
    }

    /// Does it; `false` when a condition does not hold, and the rows have to be read again.
    ///
    /// A lost answer needs no thought: the SDK gives every call a token, by which DynamoDB knows it for ten
    /// minutes.
    ///
    /// # Errors
    /// [`Error::Contended`] and [`Error::Unavailable`] when others kept the rows busy, or DynamoDB throttled,
    /// for as long as the caller can wait; [`Error::Refused`] when it can never be done.
    pub async fn commit(self) -> Result<bool, Error> {
        let request = self.table.client().transact_write_items();
        let Err(error) = request.set_transact_items(Some(self.items)).send().await else {
            return Ok(true);
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                cancelled_for(self.operation, cancelled.cancellation_reasons())
            }
            _ => Err(Error::from_sdk(self.operation, &error)),
        }
    }

    fn unbuilt(&self) -> Error {
        Error::Refused {
            operation: self.operation,
            reason: "request not built".to_owned(),
        }
    }
}

/// What a cancelled transaction means for its caller.
fn cancelled_for(operation: &'static str, reasons: &[CancellationReason]) -> Result<bool, Error> {
    match Cancelled::of(reasons) {
        Cancelled::Outrun => Ok(false),
        Cancelled::Conflict | Cancelled::Unexplained => Err(Error::Contended),
        Cancelled::Throttled(code) => Err(Error::Unavailable {
            operation,
            reason: code.to_owned(),
        }),
        Cancelled::Never(code) => Err(Error::Refused {
            operation,
            reason: code.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reasons_of_a_cancelled_transaction_are_told_apart() {
        for (codes, expected) in [
            (&["None", "ConditionalCheckFailed"][..], "read again"),
            (
                &["TransactionConflict", "ConditionalCheckFailed"],
                "read again",
            ),
            (
                &["None", "TransactionConflict"],
                "later: rows kept changing",
            ),
            (
                &["ThrottlingError", "None"],
                "later: storage is unavailable",
            ),
            (
                &["ProvisionedThroughputExceeded"],
                "later: storage is unavailable",
            ),
            (
                &["ValidationError", "ConditionalCheckFailed"],
                "never: storage refused",
            ),
            (
                &["ItemCollectionSizeLimitExceeded"],
                "never: storage refused",
            ),
        ] {
            let reason = |code: &&str| CancellationReason::builder().code(*code).build();
            let reasons: Vec<_> = codes.iter().map(reason).collect();
            let outcome = match cancelled_for("test", &reasons) {
                Ok(done) => {
                    assert!(!done);
                    "read again".to_owned()
                }
                Err(error) if error.is_transient() => format!("later: {error}"),
                Err(error) => format!("never: {error}"),
            };
            assert!(outcome.starts_with(expected), "{codes:?}: {outcome}");
        }
    }
}
