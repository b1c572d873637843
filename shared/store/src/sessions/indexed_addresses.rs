//! The e-mail addresses of a session in the index of all sessions: as tokens, by which a part of one is
//! found.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{AliasKind, SessionId};
use table::Conditional;

use crate::Error;
use crate::sessions::cipher::Cipher;
use crate::sessions::identification::Identification;
use crate::sessions::meta::Meta;
use crate::sessions::{Sessions, rows};

/// Most aliases of a session that are looked at; more come only from somebody who plays with a key.
const MAX_ALIASES: usize = 8;

impl Sessions<'_> {
    /// The tokens of a session's addresses, of what it was identified by.
    pub(crate) fn address_tokens(
        self,
        session: &SessionId,
        sealed: &[Vec<u8>],
    ) -> Result<BTreeSet<String>, Error> {
        let key = self.scope.key();
        let cipher = Cipher::new(key.clone(), self.scope.organization, session);
        let mut tokens = BTreeSet::new();
        for sealed in sealed.iter().take(MAX_ALIASES) {
            let (kind, value) = cipher.open(sealed)?;
            if kind == AliasKind::Email {
                tokens.extend(key.address_tokens(&value));
            }
        }
        Ok(tokens)
    }

    /// Has a session that is indexed already found by addresses that are new to it; the first summary of
    /// others finds them.
    ///
    /// Before they are the session's, so that whoever says them again, because this broke off, comes here
    /// again. A token without its address finds nothing: what is found is compared.
    pub(crate) async fn index_addresses(
        self,
        session: &SessionId,
        before: &Meta,
        said: &Identification,
    ) -> Result<(), Error> {
        let (Some(sort_at), true) = (before.sort_at, before.aliases.len() < MAX_ALIASES) else {
            return Ok(());
        };
        let key = self.scope.key();
        let cipher = Cipher::new(key.clone(), self.scope.organization, session);
        let mut tokens = BTreeSet::new();
        for alias in said.all().filter(|alias| alias.kind() == AliasKind::Email) {
            if !before.aliases.contains(&cipher.seal(alias)?) {
                tokens.extend(key.address_tokens(alias.value()));
            }
        }
        if tokens.is_empty() {
            return Ok(());
        }
        let row = rows::indexed_session(self.scope.organization, sort_at, session);
        self.scope
            .table
            .update(&row)
            .update_expression("ADD addresses :addresses")
            // What was erased stays so.
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(
                ":addresses",
                AttributeValue::Ss(tokens.into_iter().collect()),
            )
            .attempt("index an address")
            .await?;
        Ok(())
    }
}
