//! What lets us call Intercom for a workspace: in a row of its own, sealed.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use crate::keys::{self, Key};
use crate::sealing::{Place, Purpose};
use crate::table::{Conditional, Read, parse, text};
use crate::{Connection, Error, SecretText, Store};

/// Row 9, apart from its key.
#[derive(Serialize, Deserialize)]
pub(crate) struct TokenRow {
    pub(crate) sealed: String,
}

impl Store {
    /// The token of a connection; `None` when it has none (any more).
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when it was sealed with a key that the store has not been given: read the secret anew.
    /// [`Error::Corrupt`] when it was not sealed for this connection.
    pub async fn token(&self, connection: &Connection) -> Result<Option<SecretText>, Error> {
        let key = keys::token(&connection.workspace);
        let item = self
            .table
            .get("read a token", &key, Read::Consistent)
            .await?;
        let Some(item) = item else {
            return Ok(None);
        };
        let row: TokenRow = parse("token", item)?;
        let token = self.unseal(&key, &row.sealed, &place(connection)).await?;
        Ok(Some(token))
    }

    pub(crate) fn seal_token(
        &self,
        connection: &Connection,
        token: &SecretText,
    ) -> Result<String, Error> {
        self.token_keys.seal(token, &place(connection))
    }

    /// Opens the attribute `sealed` of a row. What an outdated key has sealed is sealed again with the
    /// current one.
    pub(crate) async fn unseal(
        &self,
        key: &Key,
        sealed: &str,
        place: &Place<'_>,
    ) -> Result<SecretText, Error> {
        let opened = self.token_keys.open(sealed, place)?;
        if opened.is_outdated
            && let Err(error) = self.reseal(key, sealed, &opened.text, place).await
        {
            tracing::warn!(%error, "what an outdated key has sealed stays so until it is next read");
        }
        Ok(opened.text)
    }

    async fn reseal(
        &self,
        key: &Key,
        sealed: &str,
        opened: &SecretText,
        place: &Place<'_>,
    ) -> Result<(), Error> {
        let again = AttributeValue::S(self.token_keys.seal(opened, place)?);
        self.table
            .update(key)
            .update_expression("SET sealed = :again")
            // Another text is another token.
            .condition_expression("sealed = :sealed")
            .expression_attribute_values(":again", again)
            .expression_attribute_values(":sealed", text(sealed))
            .attempt("seal again")
            .await?;
        Ok(())
    }
}

fn place(connection: &Connection) -> Place<'_> {
    Place {
        purpose: Purpose::Token,
        organization: &connection.organization,
        workspace: Some(&connection.workspace),
    }
}
