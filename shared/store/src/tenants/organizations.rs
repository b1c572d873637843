//! Organizations and the keys with which their recorders and backends call.

use std::fmt;
use std::num::NonZeroU32;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{OrganizationId, SourceId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Conditional, Read, nested, number, parse, text};

use crate::tenants::connection::Connection;
use crate::tenants::origins::AllowedOrigins;
use crate::tenants::preferences::Preferences;
use crate::tenants::retention::RetentionDays;
use crate::tenants::{ApiKeys, rows};
use crate::{Error, Store};

/// Longest key that is looked up, bytes.
const LONGEST_KEY: usize = 256;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyScope {
    /// Public, in the recorder's script tag: may only add.
    Write,
    /// An organization's own backends: may read and erase as well.
    Secret,
    /// A source's: may only add tracked events, of that source.
    Source,
}

/// Whom a key speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Everything that is done with the key is done in this organization.
    pub organization: OrganizationId,
    /// What it may do.
    pub scope: KeyScope,
    /// The source whose tracked events come with it: of a write key the browser source `site`, of a secret
    /// key none.
    pub source: Option<SourceId>,
    /// How long this organization keeps recordings, days.
    pub retention_days: RetentionDays,
    /// The sites that may record for it.
    pub allowed_origins: AllowedOrigins,
    /// Whether a user id or e-mail address that nobody has signed is refused.
    pub require_signatures: bool,
    /// Whether recordings are stored as other recorders send them, with what people typed.
    pub store_unmasked: bool,
    /// How many sessions may begin in a minute, where an operator has said so.
    pub new_sessions_a_minute: Option<NonZeroU32>,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyLookup {
    /// It works.
    Good(Grant),
    /// It worked for this organization once.
    Ended(OrganizationId),
    /// Nothing.
    Unknown,
}

/// A key to be known from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The key itself. Its digest is stored, and a write key sealed as well, for the settings page to show.
    pub key: String,
    /// What it may do.
    pub scope: KeyScope,
    /// Whose it is, of a source's key.
    pub source: Option<SourceId>,
    /// When it stops being good: set on the old key while keys are being rotated.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for NewKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewKey")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// An organization as it should exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Provision {
    /// Its id.
    pub organization: OrganizationId,
    /// For operators.
    pub name: String,
    /// How long it keeps recordings, days.
    pub retention_days: RetentionDays,
    /// The keys it can be called with.
    pub keys: Vec<NewKey>,
    /// A workspace to connect; left alone when it is connected already, for its preferences may have changed.
    pub connection: Option<Connection>,
}

/// An API key, apart from its row's key.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeyRow {
    pub(crate) organization: OrganizationId,
    pub(crate) scope: KeyScope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<SourceId>,
    pub(crate) retention_days: RetentionDays,
    #[serde(default, skip_serializing_if = "AllowedOrigins::is_empty")]
    pub(crate) allowed_origins: AllowedOrigins,
    /// As an operator set it ([`ApiKeys::set_new_sessions_a_minute`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) new_sessions_a_minute: Option<NonZeroU32>,
    #[serde(default)]
    pub(crate) require_signatures: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) store_unmasked: bool,
    /// Seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<i64>,
    /// Of keys that an admin made, and not an operator.
    #[serde(
        with = "millisecond::optional",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) created_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last4: Option<String>,
    /// The key itself, of write keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sealed: Option<String>,
}

impl Grant {
    /// What the key knows of the organization's choices, for a key that is made with it.
    #[must_use]
    pub fn preferences(&self) -> Preferences {
        Preferences {
            retention_days: self.retention_days,
            allowed_origins: self.allowed_origins.clone(),
            require_signatures: self.require_signatures,
            store_unmasked: self.store_unmasked,
            ..Preferences::default()
        }
    }
}

impl KeyRow {
    pub(crate) fn works(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| expires > now.as_second())
    }
}

/// What an organization's row says about its keys.
pub(crate) struct KnownDigests {
    pub(crate) version: i64,
    /// Of every key there is; perhaps of some that there are not, or that are another organization's.
    pub(crate) digests: Vec<String>,
    pub(crate) new_sessions_a_minute: Option<NonZeroU32>,
}

impl Store {
    /// Makes the organization, its keys and its connection exist. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Taken`] when a key or the workspace is another organization's.
    pub async fn provision(&self, wanted: &Provision, now: Timestamp) -> Result<(), Error> {
        let operation = "provision an organization";
        let mut changes =
            "SET #name = :name, created_at = if_not_exists(created_at, :now)".to_owned();
        let mut request = self
            .table
            .update(&rows::organization(&wanted.organization))
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", text(&wanted.name))
            .expression_attribute_values(":now", number(now.as_millisecond()));
        if !wanted.keys.is_empty() {
            // Before the keys themselves, so that each key there is can be found from here and revoked.
            changes += " ADD key_digests :digests";
            let digests = wanted.keys.iter().map(|new| digest(&new.key)).collect();
            request = request.expression_attribute_values(":digests", AttributeValue::Ss(digests));
        }
        request
            .update_expression(changes)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk(operation, &error))?;
        for key in &wanted.keys {
            self.put_key(wanted, key).await?;
        }
        match &wanted.connection {
            Some(connection) => self.connections().connect_once(connection).await,
            None => Ok(()),
        }
    }

    /// Writes what an operator decides about a key, and leaves what admins do: the retention once it is
    /// there.
    async fn put_key(&self, wanted: &Provision, new: &NewKey) -> Result<(), Error> {
        let mut changes = "SET organization = :organization, #scope = :scope, \
             retention_days = if_not_exists(retention_days, :days)"
            .to_owned();
        let mut request = self
            .table
            .update(&rows::api_key(&digest(&new.key)))
            .condition_expression("attribute_not_exists(PK) OR organization = :organization")
            .expression_attribute_names("#scope", "scope")
            .expression_attribute_values(":organization", text(&wanted.organization))
            .expression_attribute_values(":scope", nested(&new.scope)?)
            .expression_attribute_values(":days", number(wanted.retention_days.get()));
        if new.scope == KeyScope::Write {
            let sealed = ApiKeys::of(self.scope(&wanted.organization)).seal_write_key(&new.key)?;
            changes += ", sealed = if_not_exists(sealed, :sealed)";
            request = request.expression_attribute_values(":sealed", text(sealed));
        }
        if let Some(source) = &new.source {
            changes += ", #source = :source";
            request = request
                .expression_attribute_names("#source", "source")
                .expression_attribute_values(":source", text(source));
        }
        request = match new.expires_at {
            Some(at) => {
                changes += ", expires = :expires";
                request.expression_attribute_values(":expires", number(at.as_second()))
            }
            None => {
                changes += " REMOVE expires";
                request
            }
        };
        let put = request.update_expression(changes).attempt("store a key");
        match put.await?.is_done() {
            true => Ok(()),
            false => Err(Error::Taken { what: "key" }),
        }
    }

    /// Whom `key` speaks for; `None` when nobody, or no longer.
    ///
    /// The key is looked up by its digest, so the time it takes says nothing about other keys.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn authenticate(&self, key: &str, now: Timestamp) -> Result<Option<Grant>, Error> {
        match self.look_up_key(key, now).await? {
            KeyLookup::Good(grant) => Ok(Some(grant)),
            KeyLookup::Ended(_) | KeyLookup::Unknown => Ok(None),
        }
    }

    /// The same, and whose a key was that has ended.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn look_up_key(&self, key: &str, now: Timestamp) -> Result<KeyLookup, Error> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Ok(KeyLookup::Unknown);
        }
        let key = rows::api_key(&digest(key));
        let Some(item) = self.table.find("look up a key", &key).await? else {
            return Ok(KeyLookup::Unknown);
        };
        let row: KeyRow = parse("key", item)?;
        if !row.works(now) {
            return Ok(KeyLookup::Ended(row.organization));
        }
        let site = || (row.scope == KeyScope::Write).then(SourceId::site);
        Ok(KeyLookup::Good(Grant {
            source: row.source.or_else(site),
            organization: row.organization,
            scope: row.scope,
            retention_days: row.retention_days,
            allowed_origins: row.allowed_origins,
            new_sessions_a_minute: row.new_sessions_a_minute,
            require_signatures: row.require_signatures,
            store_unmasked: row.store_unmasked,
        }))
    }
}

impl ApiKeys<'_> {
    /// Lets an organization begin so many sessions a minute instead of what all others may; `None` takes that
    /// back. An operator decides it. Functions that have seen a key lately go by the old number for a minute.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: set it again.
    pub async fn set_new_sessions_a_minute(self, most: Option<NonZeroU32>) -> Result<(), Error> {
        let operation = "set how many sessions may begin";
        // The organization's own row first: keys that are made from now on take it from there.
        let organization = rows::organization(self.scope.organization);
        let digests = self.digests().await?.digests;
        let places = digests.iter().map(|digest| rows::api_key(digest));
        for place in std::iter::once(organization).chain(places) {
            let request = self.scope.table.update(&place);
            let request = match most {
                Some(most) => request
                    .update_expression("SET new_sessions_a_minute = :most")
                    .expression_attribute_values(":most", number(most.get())),
                None => request.update_expression("REMOVE new_sessions_a_minute"),
            };
            let is_ours = "attribute_not_exists(organization) AND attribute_exists(PK) OR organization = :organization";
            request
                .condition_expression(is_ours)
                .expression_attribute_values(":organization", text(self.scope.organization))
                .attempt(operation)
                .await?;
        }
        Ok(())
    }

    /// Revokes every provisioned key of the organization but these. Those that its admins made stay.
    ///
    /// A function that has seen a key lately may accept it for a minute more.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: some keys may still be good, revoke
    /// again.
    pub async fn revoke_except(self, kept: &[&str]) -> Result<(), Error> {
        let kept: Vec<String> = kept.iter().map(|key| digest(key)).collect();
        let mut digests = self.digests().await?.digests;
        digests.retain(|digest| !kept.contains(digest));
        let wanted: Vec<_> = digests.iter().map(|digest| rows::api_key(digest)).collect();
        let found = self
            .scope
            .table
            .get_all("revoke a key", &wanted, Read::Consistent)
            .await?;
        for (digest, key) in digests.iter().zip(&wanted) {
            let is_admins = found
                .get(key)
                .is_some_and(|row| row.contains_key("created_at"));
            if !is_admins {
                self.revoke(digest).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn digests(self) -> Result<KnownDigests, Error> {
        let key = rows::organization(self.scope.organization);
        let row = self
            .scope
            .table
            .get("read an organization's keys", &key, Read::Consistent)
            .await?
            .unwrap_or_default();
        let version = row.get("keys_version").and_then(|value| value.as_n().ok());
        Ok(KnownDigests {
            version: version.and_then(|text| text.parse().ok()).unwrap_or(0),
            new_sessions_a_minute: row
                .get("new_sessions_a_minute")
                .and_then(|value| value.as_n().ok()?.parse().ok()),
            digests: match row.get("key_digests") {
                Some(AttributeValue::Ss(digests)) => digests.clone(),
                _ => Vec::new(),
            },
        })
    }

    /// The key first, the note of it second: what breaks off in between is done again.
    async fn revoke(self, digest: &str) -> Result<(), Error> {
        let operation = "revoke a key";
        self.scope
            .table
            .delete(&rows::api_key(digest))
            // The note of a key that turned out to be another organization's stands as well.
            .condition_expression("organization = :organization")
            .expression_attribute_values(":organization", text(self.scope.organization))
            .attempt(operation)
            .await?;
        let digests = AttributeValue::Ss(vec![digest.to_owned()]);
        self.scope
            .table
            .update(&rows::organization(self.scope.organization))
            .update_expression("DELETE key_digests :digests")
            .expression_attribute_values(":digests", digests)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk(operation, &error))?;
        Ok(())
    }
}

/// A key as the table knows it: SHA-256, hexadecimal. Keys are random, so nobody finds them by trying.
pub(crate) fn digest(key: &str) -> String {
    table::digest(key.as_bytes())
}
