//! Which contact has an external id or e-mail address: our own memory, because Intercom's search is
//! late.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use table::{Conditional, Item, Key, Read, number, parse, text};

use crate::delivery::KEPT_DAYS;
use crate::{Error, OrganizationOutbox};

use super::rows;

/// Days that it is remembered after it was last written: then Intercom is asked again.
pub(crate) const REMEMBERED_DAYS: i64 = 400;

/// Why an event is not told whose person was erased after it was said.
pub(crate) const ERASED: &str = "person_erased";

/// What a run under way had read before somebody was erased, it has written by then.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(2);

/// A contact, as its key knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownContact {
    /// Intercom's id.
    pub(crate) contact: String,
    /// The hash of its external id, as far as is known; empty when it has none.
    pub(crate) external: Option<String>,
    /// Only a claim says that the key is theirs.
    pub(crate) claimed: bool,
    /// The key is an anonymous id of theirs: whoever says it in a browser is believed to be them.
    pub(crate) anonymous: bool,
}

/// Who has a key, and when whoever had it was erased.
#[derive(Deserialize)]
struct ContactRow {
    contact: Option<String>,
    #[serde(default)]
    external: Option<String>,
    #[serde(default)]
    claimed: bool,
    #[serde(default)]
    anonymous: bool,
    /// Milliseconds since 1970.
    #[serde(default)]
    erased_at: Option<i64>,
    expires: i64,
}

/// What is known of somebody's keys.
pub(crate) struct Known {
    /// Who has them.
    pub(crate) contacts: [Option<KnownContact>; 2],
    /// When whoever had one of them was erased: what was said before is not told.
    pub(crate) erased_at: Option<Timestamp>,
}

impl ContactRow {
    fn known(self) -> Option<KnownContact> {
        Some(KnownContact {
            contact: self.contact?,
            external: self.external,
            claimed: self.claimed,
            anonymous: self.anonymous,
        })
    }

    /// Whether it stood there when somebody was erased: whoever has come since is somebody new.
    fn is_from_before(&self, erased_at: Timestamp) -> bool {
        self.expires <= remembered_until(erased_at + UNDER_WAY)
    }
}

/// The contact of a row, if it had the key when somebody was erased.
pub(crate) fn contact_from_before(
    row: Item,
    erased_at: Timestamp,
) -> Result<Option<String>, Error> {
    let row: ContactRow = parse("contact", row)?;
    let is_from_before = row.is_from_before(erased_at);
    Ok(row.contact.filter(|_| is_from_before))
}

impl OrganizationOutbox<'_> {
    /// Who has these keys, as of every write that was answered.
    pub(crate) async fn known_contacts(
        &self,
        workspace: &WorkspaceId,
        hashes: [Option<&str>; 2],
    ) -> Result<Known, Error> {
        let key = |hash: &str| rows::contact(self.organization, workspace, hash);
        let keys = hashes.map(|hash| hash.map(key));
        let asked: Vec<Key> = keys.iter().flatten().cloned().collect();
        let table = self.table;
        let mut found = table
            .get_all("read contacts", &asked, Read::Consistent)
            .await?;
        let (mut contacts, mut erased_at) = ([None, None], None);
        for (contact, key) in contacts.iter_mut().zip(keys) {
            if let Some(row) = key.and_then(|key| found.remove(&key)) {
                let row: ContactRow = parse("contact", row)?;
                let erased = row.erased_at.map(Timestamp::from_millisecond);
                erased_at = erased_at.max(erased.and_then(Result::ok));
                *contact = row.known();
            }
        }
        Ok(Known {
            contacts,
            erased_at,
        })
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
        Ok(found.values().any(|row| row.contains_key("contact")))
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
        let update = self.table.update(&key);
        // When somebody else with this key was erased stays.
        let update = match &known.external {
            Some(external) => update
                .update_expression(
                    "SET contact = :contact, claimed = :claimed, anonymous = :anonymous, \
                     expires = :expires, #external = :external",
                )
                .expression_attribute_values(":external", text(external)),
            None => update.update_expression(
                "SET contact = :contact, claimed = :claimed, anonymous = :anonymous, \
                 expires = :expires REMOVE #external",
            ),
        };
        update
            // A reserved word.
            .expression_attribute_names("#external", "external")
            .expression_attribute_values(":contact", text(&known.contact))
            .expression_attribute_values(":claimed", AttributeValue::Bool(known.claimed))
            .expression_attribute_values(":anonymous", AttributeValue::Bool(known.anonymous))
            .expression_attribute_values(":expires", number(remembered_until(now)))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("remember a contact", &error))?;
        Ok(())
    }

    /// Notes that whoever had a key was erased then, and forgets who that was. Somebody who has come
    /// since stays.
    pub(crate) async fn bury_key(
        &self,
        workspace: &WorkspaceId,
        hash: &str,
        erased_at: Timestamp,
    ) -> Result<(), Error> {
        let key = rows::contact(self.organization, workspace, hash);
        let before = remembered_until(erased_at + UNDER_WAY);
        let expires = erased_at + SignedDuration::from_hours(24 * KEPT_DAYS);
        self.table
            .update(&key)
            .update_expression(
                "SET erased_at = :erased_at, expires = :expires \
                 REMOVE contact, #external, claimed, anonymous",
            )
            .expression_attribute_names("#external", "external")
            .condition_expression("attribute_not_exists(contact) OR expires <= :before")
            .expression_attribute_values(":erased_at", number(erased_at.as_millisecond()))
            .expression_attribute_values(":expires", number(expires.as_second()))
            .expression_attribute_values(":before", number(before))
            .attempt("note that somebody is erased")
            .await?;
        Ok(())
    }

    /// Forgets that this contact has a key; another contact's is left, and so is when somebody with this
    /// key was erased.
    pub(crate) async fn forget_contact(
        &self,
        workspace: &WorkspaceId,
        hash: &str,
        contact: &str,
    ) -> Result<(), Error> {
        let key = rows::contact(self.organization, workspace, hash);
        self.table
            .update(&key)
            .update_expression("REMOVE contact, #external, claimed, anonymous")
            .expression_attribute_names("#external", "external")
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
