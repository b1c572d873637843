//! Handing a browser over from one function to another: they share no cookies, only the table.

use std::fmt;

use aws_sdk_dynamodb::types::ReturnValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::{OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Conditional, Key, Place, Read, SecretText, number, parse};
use zeroize::Zeroizing;

use crate::tenants::connection::Installer;
use crate::tenants::{purposes, rows};
use crate::{Error, Store};

/// How long a browser may take from one function to the other: it is one redirect.
const HANDOVER_LIFETIME: SignedDuration = SignedDuration::from_mins(2);

/// What the browser brings along, once: 32 random bytes. Debug does not show it.
#[derive(Clone)]
pub struct HandoverToken(Zeroizing<String>);

/// Whom the browser speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// The organization they may see to.
    pub organization: OrganizationId,
    /// The workspace they come from.
    pub workspace: WorkspaceId,
    /// The connection's when they were let in.
    pub epoch: u64,
    /// Who they are.
    pub installer: Installer,
    /// Digest of the browser that may take it.
    pub browser: String,
    /// Whether the workspace was connected on the way, and not merely signed in to.
    pub is_new: bool,
    /// The path of ours that the browser was on its way to.
    pub wanted: Option<String>,
    /// The secret key that a first install has made: this is the only time that it can be shown.
    pub first_secret_key: Option<SecretText>,
}

/// Who is on the way to the settings page, apart from the key.
#[derive(Serialize, Deserialize)]
struct HandoverRow {
    organization: OrganizationId,
    workspace: WorkspaceId,
    epoch: u64,
    installer: Installer,
    #[serde(default)]
    browser: String,
    #[serde(default)]
    is_new: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wanted: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    expires: i64,
}

impl HandoverRow {
    fn without_key(self) -> Handover {
        Handover {
            organization: self.organization,
            workspace: self.workspace,
            epoch: self.epoch,
            installer: self.installer,
            browser: self.browser,
            is_new: self.is_new,
            wanted: self.wanted,
            first_secret_key: None,
        }
    }
}

impl HandoverToken {
    /// The token made of bytes of a cryptographic generator.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads a token from an address; `None` when it cannot be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = (text.len() == 43).then(|| URL_SAFE_NO_PAD.decode(text).ok())??;
        Some(Self::from_random(bytes.try_into().ok()?))
    }

    /// The token itself, for an address.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn key(&self) -> Key {
        rows::handover(&table::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for HandoverToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HandoverToken(redacted)")
    }
}

impl Handover {
    fn place<'a>(organization: &'a OrganizationId, workspace: &'a WorkspaceId) -> Place<'a> {
        Place {
            purpose: purposes::FIRST_SECRET_KEY,
            organization,
            workspace: Some(workspace),
        }
    }
}

impl Store {
    /// Lets whoever brings `token` within two minutes take `handover`, once.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn hand_over(
        &self,
        token: &HandoverToken,
        handover: &Handover,
        now: Timestamp,
    ) -> Result<(), Error> {
        let place = Handover::place(&handover.organization, &handover.workspace);
        let seal = |key| self.token_keys.seal(key, &place);
        let row = HandoverRow {
            organization: handover.organization.clone(),
            workspace: handover.workspace.clone(),
            epoch: handover.epoch,
            installer: handover.installer.clone(),
            browser: handover.browser.clone(),
            is_new: handover.is_new,
            wanted: handover.wanted.clone(),
            sealed: handover.first_secret_key.as_ref().map(seal).transpose()?,
            expires: (now + HANDOVER_LIFETIME).as_second(),
        };
        self.table
            .put(&token.key(), &row)?
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("hand over", &error))?;
        Ok(())
    }

    /// What `token` was given for, without the key, as long as nobody has taken it.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn look_at_handover(
        &self,
        token: &HandoverToken,
        now: Timestamp,
    ) -> Result<Option<Handover>, Error> {
        let key = token.key();
        let item = self
            .table
            .get("look at a handover", &key, Read::Consistent)
            .await?;
        let item = item.filter(|item| !item.contains_key("taken_at"));
        let row: Option<HandoverRow> = item.map(|item| parse("handover", item)).transpose()?;
        let row = row.filter(|row| row.expires > now.as_second());
        Ok(row.map(|row| row.without_key()))
    }

    /// Takes what `token` was given for; `None` when it was taken before, has expired, or never was.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; [`table::Error::UnknownKey`] when the
    /// key in it cannot be opened, which is lost then.
    pub async fn take_handover(
        &self,
        token: &HandoverToken,
        now: Timestamp,
    ) -> Result<Option<Handover>, Error> {
        let operation = "take a handover";
        // Not deleted at once: whoever deletes a row and loses the answer cannot know any more who did it.
        let taken = self
            .table
            .update(&token.key())
            .update_expression("SET taken_at = :now")
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(taken_at)")
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .return_values(ReturnValue::AllNew)
            .attempt(operation)
            .await?;
        let Some(item) = taken.done() else {
            return Ok(None);
        };
        if let Err(error) = self.table.remove(operation, &token.key()).await {
            tracing::warn!(%error, "a handover that was taken stays until it expires");
        }
        let row: HandoverRow = parse("handover", item)?;
        if row.expires <= now.as_second() {
            return Ok(None);
        }
        let place = Handover::place(&row.organization, &row.workspace);
        let open = |sealed: &str| self.token_keys.open(sealed, &place);
        let opened = row.sealed.as_deref().map(open).transpose()?;
        Ok(Some(Handover {
            first_secret_key: opened.map(|opened| opened.text),
            ..row.without_key()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_from_an_address_and_never_printed() {
        let token = HandoverToken::from_random([0xfb; 32]);
        let read = HandoverToken::parse(token.expose()).unwrap();
        assert_eq!(read.expose(), token.expose());
        assert_eq!(format!("{token:?}"), "HandoverToken(redacted)");
    }

    #[test]
    fn what_cannot_be_a_token_is_refused() {
        let padded = format!("{}=", "A".repeat(43));
        let long = "A".repeat(100_000);
        for text in ["", "A", &"/".repeat(43), &padded, &long] {
            assert!(HandoverToken::parse(text).is_none(), "{text:.50}");
        }
    }
}
