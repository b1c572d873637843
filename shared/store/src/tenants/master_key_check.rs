//! Whether the master key is the one that this table was begun with.
//!
//! With another one nothing fails: names hash differently, so everybody's sessions are found no longer,
//! and new ones are written beside the old.

use serde::{Deserialize, Serialize};
use table::{Conditional, Read, parse};

use crate::tenants::rows;
use crate::{Error, Store};

#[derive(Serialize, Deserialize)]
struct MasterKeyRow {
    /// SHA-256 of a key that is derived from the master key for nothing else, hexadecimal.
    check_value: String,
}

impl Store {
    /// Refuses another master key than the one that the table was begun with. The first call of a
    /// deployment decides which one that is. Meant for a start: it costs a read.
    ///
    /// # Errors
    /// [`Error::WrongMasterKey`] when it is another one; [`table::Error::Unavailable`] when the table
    /// does not answer.
    pub async fn check_master_key(&self) -> Result<(), Error> {
        let ours = table::digest(&self.master.derive_key("check value"));
        let is_ours = match self.stored_check_value().await? {
            Some(stored) => stored == ours,
            None => self.store_check_value(&ours).await?,
        };
        match is_ours {
            true => Ok(()),
            false => Err(Error::WrongMasterKey),
        }
    }

    /// Reads a row that is there in any case, as the first call of a function is made, whatever comes of it:
    /// that call finds the connection open, and what calls need in place.
    pub async fn warm_up(&self) {
        let row = [rows::master_key()];
        let read = self.table.get_all("warm up", &row, Read::Eventual);
        // Who needs the table will find out.
        let _ = read.await;
    }

    async fn stored_check_value(&self) -> Result<Option<String>, Error> {
        let key = rows::master_key();
        let found = self
            .table
            .get("check the master key", &key, Read::Consistent)
            .await?;
        let row = found.map(|item| parse::<MasterKeyRow>("check value", item));
        Ok(row.transpose()?.map(|row| row.check_value))
    }

    /// Whether it stands there afterwards: another start may have come first.
    async fn store_check_value(&self, ours: &str) -> Result<bool, Error> {
        let row = MasterKeyRow {
            check_value: ours.to_owned(),
        };
        let put = self
            .table
            .put(&rows::master_key(), &row)?
            .condition_expression("attribute_not_exists(PK)")
            .attempt("remember the master key")
            .await?;
        match put.is_done() {
            true => Ok(true),
            false => Ok(self.stored_check_value().await?.as_deref() == Some(ours)),
        }
    }
}
