//! An organization's keys as its admins see to them: made, shown, replaced.
//!
//! Keys of one organization are changed by one at a time: each change counts up `keys_version` in the
//! organization's row and holds only if nobody else has changed them since they were read.

use std::num::NonZeroU32;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{OrganizationId, SourceId};
use jiff::{SignedDuration, Timestamp};
use table::{Conditional, Key, Place, Read, SecretText, Transaction, nested, number, parse, text};

use crate::Error;
use crate::tenants::api_key::ApiKey;
use crate::tenants::organizations::{KeyRow, KeyScope, digest};
use crate::tenants::preferences::Preferences;
use crate::tenants::{ApiKeys, purposes, rows};

/// How long a replaced key goes on working, so that there is time to bring out the new one.
pub const KEY_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Most keys of one scope, or of one source, at a time: far more than a rotation needs, few enough to be
/// changed together.
const MAX_KEYS: usize = 20;

/// Rounds of reading and changing. Each that fails is one that somebody else has won.
const MAX_ROUNDS: usize = 12;

/// Which of the first keys were stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstKeys {
    /// The write key; `false` when the organization has one already.
    pub write: bool,
    /// The secret key; `false` when the organization has one already.
    pub secret: bool,
}

/// What can be shown of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySummary {
    /// What it may do.
    pub scope: KeyScope,
    /// Whose it is, of a source's key.
    pub source: Option<SourceId>,
    /// When it was made; `None` for a key that an operator has provisioned.
    pub created_at: Option<Timestamp>,
    /// Its last four characters; `None` for a key that an operator has provisioned.
    pub last4: Option<String>,
    /// When it ends; `None` for a key that has not been replaced.
    pub expires_at: Option<Timestamp>,
    /// The key itself: of write keys, which are public.
    pub text: Option<SecretText>,
}

/// An organization's keys, with the place of each.
struct Keys {
    version: i64,
    /// Those that work.
    rows: Vec<(Key, KeyRow)>,
    /// Digests of those that do not any more.
    ended: Vec<String>,
    /// What an operator has said: holds for keys that are made.
    new_sessions_a_minute: Option<NonZeroU32>,
}

impl ApiKeys<'_> {
    /// Makes the organization's first keys, each unless there is one of its scope that has not been replaced.
    ///
    /// A first secret key can be shown only once. So keys that stand there because the answer of storing them
    /// was lost count as stored by this call.
    ///
    /// # Errors
    /// [`table::Error::Contended`] when others keep changing its keys; [`table::Error::Unavailable`] when the
    /// table does not answer. Both may be tried again.
    pub async fn create_first(
        self,
        preferences: &Preferences,
        write: &ApiKey,
        secret: &ApiKey,
        now: Timestamp,
    ) -> Result<FirstKeys, Error> {
        let mut lost = None;
        for _ in 0..MAX_ROUNDS {
            let keys = self.read_keys(now).await?;
            let is_missing = |key: &ApiKey| keys.current(key).next().is_none();
            let stored = FirstKeys {
                write: keys.hold(write),
                secret: keys.hold(secret),
            };
            let new: Vec<&ApiKey> = [write, secret]
                .into_iter()
                .filter(|key| is_missing(key))
                .collect();
            if new.is_empty() {
                return Ok(stored);
            }
            if let Some(error) = lost.take() {
                return Err(error);
            }
            let changed = self.change_keys(preferences, &keys, &new, &[], now).await;
            match changed {
                Ok(true) => {
                    return Ok(FirstKeys {
                        write: stored.write || is_missing(write),
                        secret: stored.secret || is_missing(secret),
                    });
                }
                Ok(false) => {}
                // Perhaps they stand there all the same: that is looked at once.
                Err(error @ Error::Table(table::Error::Unavailable { .. })) => lost = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(table::Error::Contended.into())
    }

    /// Makes a key that replaces those of its scope, and of its source if it has one. They go on working for
    /// `overlap` ([`KEY_OVERLAP`]).
    ///
    /// # Errors
    /// [`Error::TooManyKeys`] when too many replaced keys are still working; [`table::Error::Contended`] and
    /// [`table::Error::Unavailable`], as with [`Self::create_first`].
    pub async fn rotate(
        self,
        preferences: &Preferences,
        new: &ApiKey,
        overlap: SignedDuration,
        now: Timestamp,
    ) -> Result<(), Error> {
        for _ in 0..MAX_ROUNDS {
            let keys = self.read_keys(now).await?;
            let of_its_kind = |(_, row): &&(Key, KeyRow)| is_of_a_kind(row, new);
            if keys.rows.iter().filter(of_its_kind).count() >= MAX_KEYS {
                return Err(Error::TooManyKeys { most: MAX_KEYS });
            }
            let replaced: Vec<(&Key, Timestamp)> = keys
                .current(new)
                .map(|(key, _)| (key, now + overlap))
                .collect();
            if self
                .change_keys(preferences, &keys, &[new], &replaced, now)
                .await?
            {
                return self.forget_keys(keys.ended).await;
            }
        }
        Err(table::Error::Contended.into())
    }

    /// The organization's keys that work: those that have not been replaced first, of those the newest first.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; [`table::Error::UnknownKey`] when a
    /// write key was sealed with a key that the store has not been given.
    pub async fn list(self, now: Timestamp) -> Result<Vec<KeySummary>, Error> {
        let keys = self.read_keys(now).await?;
        let mut summaries = Vec::with_capacity(keys.rows.len());
        for (key, row) in keys.rows {
            let place = write_key_of(self.scope.organization);
            let text = match &row.sealed {
                Some(sealed) => Some(self.scope.unseal(&key, sealed, &place).await?),
                None => None,
            };
            summaries.push(KeySummary {
                scope: row.scope,
                source: row.source,
                created_at: row.created_at,
                last4: row.last4,
                expires_at: row.expires.and_then(|at| Timestamp::from_second(at).ok()),
                text,
            });
        }
        summaries.sort_by_key(|key| {
            let age = key.created_at.map_or(0, |at| -at.as_millisecond());
            (key.expires_at.is_some(), age)
        });
        Ok(summaries)
    }

    /// Has the keys of a source that is deleted work no longer.
    pub(crate) async fn end_of_source(
        self,
        source: &SourceId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let keys = self.read_keys(now).await?;
        let own = keys.rows.into_iter();
        let own = own.filter(|(_, row)| row.source.as_ref() == Some(source));
        let own: Vec<Key> = own.map(|(key, _)| key).collect();
        Ok(self.scope.table.delete_all("end keys", &own).await?)
    }

    /// Has the organization's keys record as its preferences say: what every call of the recording API has to
    /// know.
    pub(crate) async fn set_choices(self, preferences: &Preferences) -> Result<(), Error> {
        let digests = self.digests().await?.digests;
        for digest in digests {
            // A key that has ended meanwhile records nothing.
            self.scope
                .table
                .update(&rows::api_key(&digest))
                .update_expression(
                    "SET retention_days = :days, allowed_origins = :origins, \
                     require_signatures = :signatures, store_unmasked = :unmasked",
                )
                .condition_expression("organization = :organization")
                .expression_attribute_values(":days", number(preferences.retention_days.get()))
                .expression_attribute_values(":origins", nested(&preferences.allowed_origins)?)
                .expression_attribute_values(
                    ":signatures",
                    nested(&preferences.require_signatures)?,
                )
                .expression_attribute_values(":unmasked", nested(&preferences.store_unmasked)?)
                .expression_attribute_values(":organization", text(self.scope.organization))
                .attempt("change what a key records")
                .await?;
        }
        Ok(())
    }

    pub(crate) fn seal_write_key(self, key: &str) -> Result<String, Error> {
        let key = SecretText::new(key);
        Ok(self
            .scope
            .token_keys
            .seal(&key, &write_key_of(self.scope.organization))?)
    }

    /// The organization's keys that work.
    async fn read_keys(self, now: Timestamp) -> Result<Keys, Error> {
        let known = self.digests().await?;
        let wanted: Vec<Key> = known
            .digests
            .iter()
            .map(|digest| rows::api_key(digest))
            .collect();
        let mut found = self
            .scope
            .table
            .get_all("read keys", &wanted, Read::Consistent)
            .await?;
        let (mut rows, mut ended) = (Vec::with_capacity(found.len()), Vec::new());
        for (digest, key) in known.digests.into_iter().zip(wanted) {
            let row = found.remove(&key).map(|item| parse("key", item));
            match row.transpose()? {
                // A key that turned out to be another organization's is noted all the same.
                Some(row @ KeyRow { .. })
                    if row.organization == *self.scope.organization && row.works(now) =>
                {
                    rows.push((key, row));
                }
                _ => ended.push(digest),
            }
        }
        Ok(Keys {
            version: known.version,
            new_sessions_a_minute: known.new_sessions_a_minute,
            rows,
            ended,
        })
    }

    /// Takes what has ended out of the notes, or they would grow with every rotation.
    async fn forget_keys(self, ended: Vec<String>) -> Result<(), Error> {
        if ended.is_empty() {
            return Ok(());
        }
        self.scope
            .table
            .update(&rows::organization(self.scope.organization))
            .update_expression("DELETE key_digests :ended")
            .expression_attribute_values(":ended", AttributeValue::Ss(ended))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("forget a key", &error))?;
        Ok(())
    }

    /// Stores `new` and lets `replaced` end; `false` when somebody else has changed the keys since they were
    /// read.
    async fn change_keys(
        self,
        preferences: &Preferences,
        before: &Keys,
        new: &[&ApiKey],
        replaced: &[(&Key, Timestamp)],
        now: Timestamp,
    ) -> Result<bool, Error> {
        let digests = new.iter().map(|key| digest(key.expose())).collect();
        let is_unchanged = match before.version {
            0 => "attribute_not_exists(keys_version) OR keys_version = :before",
            _ => "keys_version = :before",
        };
        let mut transaction = Transaction::new(self.scope.table, "change keys").update(
            &rows::organization(self.scope.organization),
            |update| {
                update
                    .update_expression("SET keys_version = :after ADD key_digests :digests")
                    .condition_expression(is_unchanged)
                    .expression_attribute_values(":before", number(before.version))
                    .expression_attribute_values(":after", number(before.version + 1))
                    .expression_attribute_values(":digests", AttributeValue::Ss(digests))
            },
        )?;
        for key in new {
            let sealed = match key.scope() {
                KeyScope::Write => Some(self.seal_write_key(key.expose())?),
                KeyScope::Secret | KeyScope::Source => None,
            };
            let row = KeyRow {
                organization: self.scope.organization.clone(),
                scope: key.scope(),
                source: key.source().cloned(),
                retention_days: preferences.retention_days,
                allowed_origins: preferences.allowed_origins.clone(),
                new_sessions_a_minute: before.new_sessions_a_minute,
                require_signatures: preferences.require_signatures,
                store_unmasked: preferences.store_unmasked,
                expires: None,
                created_at: Some(now),
                last4: Some(key.last4().to_owned()),
                sealed,
            };
            let place = rows::api_key(&digest(key.expose()));
            transaction = transaction.put(&place, &row, |put| {
                put.condition_expression("attribute_not_exists(PK)")
            })?;
        }
        for (key, ends_at) in replaced {
            transaction = transaction.update(key, |update| {
                update
                    .update_expression("SET expires = :ends_at")
                    .condition_expression("organization = :organization")
                    .expression_attribute_values(":ends_at", number(ends_at.as_second()))
                    .expression_attribute_values(":organization", text(self.scope.organization))
            })?;
        }
        Ok(transaction.commit().await?)
    }
}

impl Keys {
    /// Whether this very key is one of them.
    fn hold(&self, key: &ApiKey) -> bool {
        let place = rows::api_key(&digest(key.expose()));
        self.rows.iter().any(|(key, _)| *key == place)
    }

    /// Those that do what a new one does, and have not been replaced.
    fn current<'a>(&'a self, new: &'a ApiKey) -> impl Iterator<Item = &'a (Key, KeyRow)> {
        let is_current = |row: &KeyRow| is_of_a_kind(row, new) && row.expires.is_none();
        self.rows.iter().filter(move |(_, row)| is_current(row))
    }
}

/// Whether a key does what a new one does.
fn is_of_a_kind(row: &KeyRow, new: &ApiKey) -> bool {
    row.scope == new.scope() && row.source.as_ref() == new.source()
}

fn write_key_of(organization: &OrganizationId) -> Place<'_> {
    Place {
        purpose: purposes::WRITE_KEY,
        organization,
        workspace: None,
    }
}
