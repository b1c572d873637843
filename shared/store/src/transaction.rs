//! Changes of several rows that happen together or not at all.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::{DeleteBuilder, PutBuilder, UpdateBuilder};
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use serde::Serialize;

use crate::Error;
use crate::keys::Key;
use crate::table::{Table, item};

/// Reasons for which DynamoDB cancels a transaction that will succeed once the rows have been read again.
const OUTRUN: [&str; 2] = ["ConditionalCheckFailed", "TransactionConflict"];

/// Rows to be changed together.
pub(crate) struct Transaction<'a> {
    table: &'a Table,
    operation: &'static str,
    items: Vec<TransactWriteItem>,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(table: &'a Table, operation: &'static str) -> Self {
        Self {
            table,
            operation,
            items: Vec::new(),
        }
    }

    /// A change of one row, completed by `complete`.
    pub(crate) fn update(
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
    pub(crate) fn put(
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
    pub(crate) fn delete(mut self, key: &Key) -> Result<Self, Error> {
        let delete: DeleteBuilder = Delete::builder()
            .table_name(self.table.name())
            .set_key(Some(key.attributes()));
        let delete = delete.build().map_err(|_| self.unbuilt())?;
        self.items
            .push(TransactWriteItem::builder().delete(delete).build());
        Ok(self)
    }

    /// Does it; `false` when a condition does not hold, or somebody else is changing the same rows.
    pub(crate) async fn commit(self) -> Result<bool, Error> {
        let request = self.table.client().transact_write_items();
        let Err(error) = request.set_transact_items(Some(self.items)).send().await else {
            return Ok(true);
        };
        let is_outrun = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled
                .cancellation_reasons()
                .iter()
                .filter_map(|reason| reason.code())
                .any(|code| OUTRUN.contains(&code)),
            _ => false,
        };
        match is_outrun {
            true => Ok(false),
            false => Err(Error::from_sdk(self.operation, &error)),
        }
    }

    fn unbuilt(&self) -> Error {
        Error::Refused {
            operation: self.operation,
            reason: "request not built".to_owned(),
        }
    }
}
