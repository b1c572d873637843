//! What lets us call Intercom for a workspace: in a row of its own, sealed.

use serde::{Deserialize, Serialize};
use table::{Place, Read, SecretText, parse};

use crate::Error;
use crate::tenants::connection::Connection;
use crate::tenants::{Connections, purposes, rows};

/// A token, apart from its key.
#[derive(Serialize, Deserialize)]
pub(crate) struct TokenRow {
    pub(crate) sealed: String,
}

impl Connections<'_> {
    /// The token of a connection; `None` when it has none (any more).
    ///
    /// # Errors
    /// [`table::Error::UnknownKey`] when it was sealed with a key that the store has not been given: read the
    /// secret anew. [`table::Error::Corrupt`] when it was not sealed for this connection.
    pub async fn token(self, connection: &Connection) -> Result<Option<SecretText>, Error> {
        let key = rows::token(&connection.workspace);
        let item = self
            .store
            .table
            .get("read a token", &key, Read::Consistent)
            .await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let row: TokenRow = parse("token", item)?;
        let token = self
            .store
            .scope(&connection.organization)
            .unseal(&key, &row.sealed, &place(connection))
            .await?;
        Ok(Some(token))
    }

    pub(crate) fn seal_token(
        self,
        connection: &Connection,
        token: &SecretText,
    ) -> Result<String, Error> {
        Ok(self.store.token_keys.seal(token, &place(connection))?)
    }
}

fn place(connection: &Connection) -> Place<'_> {
    Place {
        purpose: purposes::TOKEN,
        organization: &connection.organization,
        workspace: Some(&connection.workspace),
    }
}
