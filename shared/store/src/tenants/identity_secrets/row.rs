//! Identity secrets as they stand in their row: sealed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Sealer, SecretText, random_nonce};

use super::{IdentityKey, IdentitySecrets, MessengerPlatform, MessengerSecret};
use crate::Error;
use crate::scope::Scope;

/// An organization's identity secrets, apart from the row's key.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    /// Counts the changes.
    pub(super) version: i64,
    pub(super) messenger: Vec<SealedSecret>,
    pub(super) keys: Vec<SealedKey>,
    /// The secret that an operator wants to be there, so that one that an admin has removed stays so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provisioned: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SealedSecret {
    pub(super) id: String,
    pub(super) platform: MessengerPlatform,
    pub(super) sealed: String,
    #[serde(with = "millisecond::required")]
    pub(super) created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SealedKey {
    pub(super) id: String,
    pub(super) sealed: String,
    #[serde(with = "millisecond::required")]
    pub(super) created_at: Timestamp,
    #[serde(
        with = "millisecond::optional",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) expires_at: Option<Timestamp>,
}

impl SealedKey {
    pub(super) fn works(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

impl Row {
    /// What is good now, in clear.
    pub(super) fn open(&self, scope: &Scope<'_>, now: Timestamp) -> Result<IdentitySecrets, Error> {
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

pub(super) fn seal(scope: &Scope<'_>, text: &SecretText) -> Result<String, Error> {
    let sealed = sealer(scope).seal(random_nonce()?, text.expose())?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

pub(super) fn open(scope: &Scope<'_>, sealed: &str) -> Result<SecretText, Error> {
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
