//! Opening what is sealed in a row with the token keys.

use aws_sdk_dynamodb::types::AttributeValue;
use table::{Conditional, Key, Place, SecretText, text};

use crate::Error;
use crate::scope::Scope;

impl Scope<'_> {
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
