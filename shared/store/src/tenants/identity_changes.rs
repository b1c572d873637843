//! Changes of identity secrets: one at a time.
//!
//! Each counts up the row's `version` and holds only if nobody else has changed the row since it was
//! read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use table::{Conditional, SecretText, number};

use crate::Error;
use crate::tenants::identity_row::{IdentityRow, SealedKey, SealedSecret, open, seal};
use crate::tenants::identity_secrets::{IdentitySecrets, MAX_IDENTITY_KEYS, MAX_MESSENGER_SECRETS};
use crate::tenants::key_rotation::KEY_OVERLAP;
use crate::tenants::messenger_secret::NewMessengerSecret;
use crate::tenants::{IdentityVerification, rows};

/// Rounds of reading and changing. Each that fails is one that somebody else has won.
const MAX_ROUNDS: usize = 12;

/// What came of replacing the identity key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyReplacement {
    /// There is a new one.
    Done,
    /// The named key is not the current one: somebody has replaced it before.
    Outrun,
}

impl IdentityVerification<'_> {
    /// Keeps a secret of the Messenger. One that is there for the platform already is not kept twice.
    ///
    /// `id` comes of a cryptographic generator.
    ///
    /// # Errors [`Error::TooManyKeys`] above [`MAX_MESSENGER_SECRETS`]; [`table::Error::Contended`] when
    /// others keep changing them; [`table::Error::Unavailable`] when the table does not answer. The last
    /// two may be tried again.
    pub async fn add(
        self,
        new: &NewMessengerSecret,
        id: [u8; 8],
        now: Timestamp,
    ) -> Result<(), Error> {
        for _ in 0..MAX_ROUNDS {
            let mut row = self.row().await?;
            if self.has(&row, new)? {
                return Ok(());
            }
            if row.messenger.len() >= MAX_MESSENGER_SECRETS {
                return Err(Error::TooManyKeys {
                    most: MAX_MESSENGER_SECRETS,
                });
            }
            row.messenger.push(self.sealed(new, id, now)?);
            if self.write(row).await? {
                return Ok(());
            }
        }
        Err(table::Error::Contended.into())
    }

    /// Forgets a secret of the Messenger. Done again, it changes nothing.
    ///
    /// A function that has read it lately may accept its signatures for a minute more.
    ///
    /// # Errors
    /// [`table::Error::Contended`] and [`table::Error::Unavailable`], as with [`Self::add`].
    pub async fn remove(self, id: &str) -> Result<(), Error> {
        for _ in 0..MAX_ROUNDS {
            let mut row = self.row().await?;
            let before = row.messenger.len();
            row.messenger.retain(|secret| secret.id != id);
            if row.messenger.len() == before || self.write(row).await? {
                return Ok(());
            }
        }
        Err(table::Error::Contended.into())
    }

    /// The identity secrets with a key of ours among them, made of these random bytes if there is none.
    ///
    /// # Errors
    /// [`table::Error::Contended`] and [`table::Error::Unavailable`], as with [`Self::add`].
    pub async fn with_key(self, bytes: [u8; 32], now: Timestamp) -> Result<IdentitySecrets, Error> {
        for _ in 0..MAX_ROUNDS {
            let mut row = self.row().await?;
            if row.keys.iter().any(|key| key.expires_at.is_none()) {
                return row.open(&self.scope, now);
            }
            row.keys.push(self.new_key(bytes, now)?);
            let secrets = row.open(&self.scope, now)?;
            if self.write(row).await? {
                return Ok(secrets);
            }
        }
        Err(table::Error::Contended.into())
    }

    /// Makes an identity key that replaces the one of this id, which goes on working for
    /// [`KEY_OVERLAP`].
    ///
    /// # Errors [`Error::TooManyKeys`] when too many replaced keys are still working;
    /// [`table::Error::Contended`] and [`table::Error::Unavailable`], as with [`Self::add`].
    pub async fn replace_key(
        self,
        replaced: &str,
        bytes: [u8; 32],
        now: Timestamp,
    ) -> Result<KeyReplacement, Error> {
        for _ in 0..MAX_ROUNDS {
            let mut row = self.row().await?;
            row.keys.retain(|key| key.works(now));
            let working = row.keys.len();
            let current = row.keys.iter_mut().find(|key| key.expires_at.is_none());
            let Some(current) = current.filter(|key| key.id == replaced) else {
                return Ok(KeyReplacement::Outrun);
            };
            if working >= MAX_IDENTITY_KEYS {
                return Err(Error::TooManyKeys {
                    most: MAX_IDENTITY_KEYS,
                });
            }
            current.expires_at = Some(now + KEY_OVERLAP);
            row.keys.push(self.new_key(bytes, now)?);
            if self.write(row).await? {
                return Ok(KeyReplacement::Done);
            }
        }
        Err(table::Error::Contended.into())
    }

    /// Keeps the secret that an operator wants to be there in place of the one that they wanted before.
    /// One that an admin has removed meanwhile is not brought back.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn provision(
        self,
        wanted: &NewMessengerSecret,
        id: [u8; 8],
        now: Timestamp,
    ) -> Result<(), Error> {
        for _ in 0..MAX_ROUNDS {
            let mut row = self.row().await?;
            let before = row.provisioned.as_deref();
            let before = before.map(|sealed| open(&self.scope, sealed)).transpose()?;
            if before.as_ref() == Some(&wanted.text) {
                return Ok(());
            }
            if let Some(before) = before {
                let before = NewMessengerSecret {
                    platform: wanted.platform,
                    text: before,
                };
                let mut kept = Vec::with_capacity(row.messenger.len());
                for secret in row.messenger {
                    if !self.is(&secret, &before)? {
                        kept.push(secret);
                    }
                }
                row.messenger = kept;
            }
            if !self.has(&row, wanted)? {
                row.messenger.push(self.sealed(wanted, id, now)?);
            }
            row.provisioned = Some(seal(&self.scope, &wanted.text)?);
            if self.write(row).await? {
                return Ok(());
            }
        }
        Err(table::Error::Contended.into())
    }

    fn has(&self, row: &IdentityRow, new: &NewMessengerSecret) -> Result<bool, Error> {
        for secret in &row.messenger {
            if self.is(secret, new)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is(&self, secret: &SealedSecret, other: &NewMessengerSecret) -> Result<bool, Error> {
        Ok(secret.platform == other.platform && open(&self.scope, &secret.sealed)? == other.text)
    }

    fn sealed(
        &self,
        new: &NewMessengerSecret,
        id: [u8; 8],
        now: Timestamp,
    ) -> Result<SealedSecret, Error> {
        Ok(SealedSecret {
            id: hex::encode(id),
            platform: new.platform,
            sealed: seal(&self.scope, &new.text)?,
            created_at: now,
        })
    }

    fn new_key(&self, bytes: [u8; 32], now: Timestamp) -> Result<SealedKey, Error> {
        let text = format!("rk_identity_{}", URL_SAFE_NO_PAD.encode(bytes));
        // The key is random, so nobody finds it by its digest.
        let id = table::digest(text.as_bytes()).chars().take(16).collect();
        Ok(SealedKey {
            id,
            sealed: seal(&self.scope, &SecretText::new(text))?,
            created_at: now,
            expires_at: None,
        })
    }

    /// Writes the row as the next version; `false` when somebody else has changed it since it was read.
    async fn write(self, mut row: IdentityRow) -> Result<bool, Error> {
        let before = row.version;
        row.version += 1;
        let key = rows::identity_secrets(self.scope.organization);
        let put = self.scope.table.put(&key, &row)?;
        let put = match before {
            0 => put.condition_expression("attribute_not_exists(PK)"),
            _ => put
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before)),
        };
        Ok(put.attempt("change identity secrets").await?.is_done())
    }
}
