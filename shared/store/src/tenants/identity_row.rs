//! Identity secrets as they stand in their row: sealed; and how they are read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Read, Sealer, SecretText, random_nonce};

use crate::Error;
use crate::scope::Scope;
use crate::tenants::identity_secrets::{IdentityKey, IdentitySecrets, MessengerSecret};
use crate::tenants::messenger_secret::MessengerPlatform;
use crate::tenants::{IdentityVerification, rows};

/// An organization's identity secrets, apart from the row's key.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct IdentityRow {
    /// Counts the changes.
    pub(crate) version: i64,
    pub(crate) messenger: Vec<SealedSecret>,
    pub(crate) keys: Vec<SealedKey>,
    /// The secret that an operator wants to be there, so that one that an admin has removed stays so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provisioned: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct SealedSecret {
    pub(crate) id: String,
    pub(crate) platform: MessengerPlatform,
    pub(crate) sealed: String,
    #[serde(with = "millisecond::required")]
    pub(crate) created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct SealedKey {
    pub(crate) id: String,
    pub(crate) sealed: String,
    #[serde(with = "millisecond::required")]
    pub(crate) created_at: Timestamp,
    #[serde(
        with = "millisecond::optional",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) expires_at: Option<Timestamp>,
}

impl SealedKey {
    pub(crate) fn works(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

impl IdentityRow {
    /// What is good now, in clear.
    pub(crate) fn open(&self, scope: &Scope<'_>, now: Timestamp) -> Result<IdentitySecrets, Error> {
        let mut secrets = IdentitySecrets::default();
        for secret in &self.messenger {
            secrets.messenger.push(MessengerSecret {
                id: secret.id.clone(),
                platform: secret.platform,
                text: open(scope, &secret.sealed)?,
                created_at: secret.created_at,
            });
        }
        for key in self.keys.iter().filter(|key| key.works(now)) {
            secrets.keys.push(IdentityKey {
                id: key.id.clone(),
                text: open(scope, &key.sealed)?,
                created_at: key.created_at,
                expires_at: key.expires_at,
            });
        }
        // Later ones stand later, and of two that were made at once the later one is the newer.
        secrets.messenger.reverse();
        secrets.keys.reverse();
        secrets.keys.sort_by_key(|key| key.expires_at.is_some());
        Ok(secrets)
    }
}

impl IdentityVerification<'_> {
    /// The organization's identity secrets that are good now.
    ///
    /// # Errors [`table::Error::Unavailable`] when the table does not answer; [`table::Error::Corrupt`]
    /// when they were sealed for another organization, or under another master key.
    pub async fn read(self, now: Timestamp) -> Result<IdentitySecrets, Error> {
        self.row().await?.open(&self.scope, now)
    }

    pub(crate) async fn row(self) -> Result<IdentityRow, Error> {
        let key = rows::identity_secrets(self.scope.organization);
        let item = self
            .scope
            .table
            .get("read identity secrets", &key, Read::Consistent)
            .await?;
        let row = item.map(|item| table::parse("identity secrets", item));
        Ok(row.transpose()?.unwrap_or_default())
    }
}

pub(crate) fn seal(scope: &Scope<'_>, text: &SecretText) -> Result<String, Error> {
    let sealed = sealer(scope).seal(random_nonce()?, text.expose())?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

pub(crate) fn open(scope: &Scope<'_>, sealed: &str) -> Result<SecretText, Error> {
    let sealer = sealer(scope);
    let sealed = URL_SAFE_NO_PAD.decode(sealed);
    let sealed = sealed.map_err(|_| sealer.corrupt())?;
    Ok(SecretText::new(sealer.open(&sealed)?))
}

fn sealer(scope: &Scope<'_>) -> Sealer {
    let organization = scope.organization;
    // A session's aliases are sealed at the session's id, which has no slash in it.
    let place = format!("{organization}/identity/secret");
    Sealer::new(&scope.key(), "identity secret", place)
}
