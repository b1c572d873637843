//! Organizations and the keys with which their recorders and backends call.

use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::OrganizationId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::table::{Read, number, parse, text, unless_refused};
use crate::{Connection, Error, Store, bucket, keys};

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
}

/// Whom a key speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Everything that is done with the key is done in this organization.
    pub organization: OrganizationId,
    /// What it may do.
    pub scope: KeyScope,
    /// How long this organization keeps recordings, days.
    pub retention_days: u32,
}

/// A key to be known from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The key itself; only its digest is stored.
    pub key: String,
    /// What it may do.
    pub scope: KeyScope,
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
    pub retention_days: u32,
    /// The keys it can be called with.
    pub keys: Vec<NewKey>,
    /// A workspace to connect; left alone when it is connected already, for its preferences may have changed.
    pub connection: Option<Connection>,
}

#[derive(Serialize, Deserialize)]
struct KeyRow {
    organization: OrganizationId,
    scope: KeyScope,
    retention_days: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
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
            .update(&keys::organization(&wanted.organization))
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
            .map_err(|error| Error::from_sdk(operation, &error))?;
        for key in &wanted.keys {
            self.put_key(wanted, key).await?;
        }
        match &wanted.connection {
            Some(connection) => self.connect_once(connection).await,
            None => Ok(()),
        }
    }

    async fn put_key(&self, wanted: &Provision, new: &NewKey) -> Result<(), Error> {
        let row = KeyRow {
            organization: wanted.organization.clone(),
            scope: new.scope,
            retention_days: wanted.retention_days,
            expires: new.expires_at.map(Timestamp::as_second),
        };
        let put = self
            .table
            .put(&keys::key(&digest(&new.key)), &row)?
            .condition_expression("attribute_not_exists(PK) OR organization = :organization")
            .expression_attribute_values(":organization", text(&wanted.organization))
            .send()
            .await;
        match unless_refused("store a key", put)? {
            Some(_) => Ok(()),
            None => Err(Error::Taken { what: "key" }),
        }
    }

    /// Revokes every key of the organization but these.
    ///
    /// A function that has seen a key lately may accept it for a minute more.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer: some keys may still be good, revoke again.
    pub async fn revoke_keys_except(
        &self,
        organization: &OrganizationId,
        kept: &[&str],
    ) -> Result<(), Error> {
        let operation = "revoke a key";
        let key = keys::organization(organization);
        let row = self.table.get(operation, &key, Read::Consistent).await?;
        let digests = match row.as_ref().and_then(|row| row.get("key_digests")) {
            Some(AttributeValue::Ss(digests)) => digests.as_slice(),
            _ => &[],
        };
        let kept: Vec<String> = kept.iter().map(|key| digest(key)).collect();
        for revoked in digests.iter().filter(|digest| !kept.contains(digest)) {
            self.revoke_key(organization, revoked).await?;
        }
        Ok(())
    }

    /// The key first, the note of it second: what breaks off in between is done again.
    async fn revoke_key(&self, organization: &OrganizationId, digest: &str) -> Result<(), Error> {
        let operation = "revoke a key";
        let deleted = self
            .table
            .delete(&keys::key(digest))
            // The note of a key that turned out to be another organization's stands as well.
            .condition_expression("organization = :organization")
            .expression_attribute_values(":organization", text(organization))
            .send()
            .await;
        unless_refused(operation, deleted)?;
        let digests = AttributeValue::Ss(vec![digest.to_owned()]);
        self.table
            .update(&keys::organization(organization))
            .update_expression("DELETE key_digests :digests")
            .expression_attribute_values(":digests", digests)
            .send()
            .await
            .map_err(|error| Error::from_sdk(operation, &error))?;
        Ok(())
    }

    /// Whom `key` speaks for; `None` when nobody, or no longer.
    ///
    /// The key is looked up by its digest, so the time it takes says nothing about other keys.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn authenticate(&self, key: &str, now: Timestamp) -> Result<Option<Grant>, Error> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Ok(None);
        }
        let key = keys::key(&digest(key));
        let Some(item) = self
            .table
            .get("look up a key", &key, Read::Eventual)
            .await?
        else {
            return Ok(None);
        };
        let row: KeyRow = parse("key", item)?;
        let expired = row
            .expires
            .is_some_and(|expires| expires <= now.as_second());
        Ok((!expired).then_some(Grant {
            organization: row.organization,
            scope: row.scope,
            retention_days: row.retention_days,
        }))
    }
}

/// A key as the table knows it: SHA-256, hexadecimal. Keys are random, so nobody finds them by trying.
fn digest(key: &str) -> String {
    bucket::digest(key.as_bytes())
}
