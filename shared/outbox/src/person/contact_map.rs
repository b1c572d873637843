//! Which contact has an external id or e-mail address: our own memory, because Intercom's search is
//! late.

use std::collections::HashSet;

use identity::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Conditional, Key, Read, item, parse, text};

use crate::{Error, OrganizationOutbox};

use super::rows;

/// Days that it is remembered after it was last written: then Intercom is asked again.
pub(crate) const REMEMBERED_DAYS: i64 = 400;

/// A contact, as its key knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KnownContact {
    /// Intercom's id.
    pub(crate) contact: String,
    /// The hash of its external id, as far as is known; empty when it has none.
    #[serde(default)]
    pub(crate) external: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct ContactRow {
    #[serde(flatten)]
    known: KnownContact,
    expires: i64,
}

impl OrganizationOutbox<'_> {
    /// Who has these keys, as of every write that was answered.
    pub(crate) async fn known_contacts(
        &self,
        workspace: &WorkspaceId,
        hashes: [Option<&str>; 2],
    ) -> Result<[Option<KnownContact>; 2], Error> {
        let key = |hash: &str| rows::contact(self.organization, workspace, hash);
        let keys = hashes.map(|hash| hash.map(key));
        let asked: Vec<Key> = keys.iter().flatten().cloned().collect();
        let table = self.table;
        let mut found = table
            .get_all("read contacts", &asked, Read::Consistent)
            .await?;
        let mut known = [None, None];
        for (known, key) in known.iter_mut().zip(keys) {
            if let Some(row) = key.and_then(|key| found.remove(&key)) {
                *known = Some(parse::<ContactRow>("contact", row)?.known);
            }
        }
        Ok(known)
    }

    /// Whether somebody with one of these keys is known.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn is_known(
        &self,
        workspace: &WorkspaceId,
        hashes: &[String],
    ) -> Result<bool, Error> {
        let key = |hash: &String| rows::contact(self.organization, workspace, hash);
        let keys: HashSet<Key> = hashes.iter().map(key).collect();
        let keys: Vec<Key> = keys.into_iter().collect();
        let found = self
            .table
            .get_all("read contacts", &keys, Read::Consistent)
            .await?;
        Ok(!found.is_empty())
    }

    /// Remembers who has a key.
    pub(crate) async fn remember_contact(
        &self,
        workspace: &WorkspaceId,
        hash: &str,
        known: &KnownContact,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = rows::contact(self.organization, workspace, hash);
        let row = ContactRow {
            known: known.clone(),
            expires: remembered_until(now),
        };
        let row = vec![item(&key, &row)?];
        Ok(self.table.put_all("remember a contact", row).await?)
    }

    /// Forgets that this contact has a key; another contact's is left.
    pub(crate) async fn forget_contact(
        &self,
        workspace: &WorkspaceId,
        hash: &str,
        contact: &str,
    ) -> Result<(), Error> {
        let key = rows::contact(self.organization, workspace, hash);
        let delete = self.table.delete(&key);
        delete
            .condition_expression("contact = :contact")
            .expression_attribute_values(":contact", text(contact))
            .attempt("forget a contact")
            .await?;
        Ok(())
    }
}

/// When what is written now is forgotten, Unix seconds.
pub(crate) fn remembered_until(now: Timestamp) -> i64 {
    let remembered = SignedDuration::from_hours(24 * REMEMBERED_DAYS);
    now.checked_add(remembered)
        .unwrap_or(Timestamp::MAX)
        .as_second()
}
