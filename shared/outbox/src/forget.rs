//! Forgetting somebody: what waits or was kept of them, and who they are at Intercom.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{AliasName, WorkspaceId};
use jiff::Timestamp;
use table::{Conditional, Item, Key, SORT, key_of, parse, text};

use crate::delivery::Outcome;
use crate::lane::Lane;
use crate::message::MessageKey;
use crate::pending::PendingRow;
use crate::person::contact_map::{ERASED, contact_from_before};
use crate::{Error, OrganizationOutbox, person, rows};

/// A contact of somebody's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AtIntercom {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Intercom's id.
    pub contact: String,
}

impl OrganizationOutbox<'_> {
    /// Which contacts somebody with these names was when they were erased, as far as is remembered. Who
    /// has come back since is somebody new. Ask before [`Self::forget`].
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn contacts_of(
        &self,
        names: &BTreeSet<AliasName>,
        erased_at: Timestamp,
    ) -> Result<Vec<AtIntercom>, Error> {
        let mut contacts = Vec::new();
        for hash in hashes(names) {
            let partition = person::rows::key_partition(self.organization, hash);
            for row in self.everything_in(partition).await? {
                contacts.extend(contact(row, erased_at)?);
            }
        }
        contacts.sort();
        contacts.dedup();
        Ok(contacts)
    }

    /// Forgets somebody with these names, who was erased then: what waits of them is not told any more,
    /// what was kept cannot be sent again, and who they are at Intercom is not remembered. What comes
    /// later and was said before is told to none of these workspaces, and waits for nobody.
    ///
    /// Outcomes stay: they say nothing of anybody.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn forget(
        &self,
        names: &BTreeSet<AliasName>,
        workspaces: &BTreeSet<WorkspaceId>,
        (erased_at, now): (Timestamp, Timestamp),
    ) -> Result<(), Error> {
        for contact in self.contacts_of(names, erased_at).await? {
            let partition = person::rows::contact_partition(
                self.organization,
                &contact.workspace,
                &contact.contact,
            );
            self.empty(partition).await?;
        }
        for hash in hashes(names) {
            for workspace in workspaces {
                self.bury_key(workspace, hash, erased_at).await?;
            }
            let partition = person::rows::key_partition(self.organization, hash);
            let rows = self.everything_in(partition).await?;
            let waiters = rows.iter().filter(|row| is_waiter(row)).map(key_of);
            let waiters = waiters.collect::<Result<Vec<Key>, _>>()?;
            self.table.delete_all("forget somebody", &waiters).await?;
        }
        for hash in hashes(names) {
            let lane = Lane::of_hash(hash);
            let partition = rows::lane_partition(self.organization, &lane);
            let mut told = Vec::new();
            for row in self.everything_in(partition).await? {
                if self.note_erased(&row, (erased_at, now)).await? {
                    told.push(key_of(&row)?);
                }
            }
            self.table.delete_all("forget somebody", &told).await?;
        }
        Ok(())
    }

    /// Says that an event is not told, so that nobody waits for it. Whether it was said before its
    /// person was erased.
    async fn note_erased(
        &self,
        row: &Item,
        (erased_at, now): (Timestamp, Timestamp),
    ) -> Result<bool, Error> {
        let row: PendingRow = parse("event", row.clone())?;
        if row.timestamp > erased_at {
            return Ok(false);
        }
        let message = MessageKey::of(&row.message_id);
        let key = rows::delivery(self.organization, (&message, &row.source));
        self.table
            .update(&key)
            .update_expression("SET outcome = :dropped, reason = :erased, known_at = :now")
            .condition_expression("outcome = :waiting")
            .expression_attribute_values(":dropped", text(Outcome::Dropped))
            .expression_attribute_values(":erased", text(ERASED))
            .expression_attribute_values(":now", table::number(now.as_millisecond()))
            .expression_attribute_values(":waiting", text(Outcome::Waiting))
            .attempt("note that an event is erased")
            .await?;
        Ok(true)
    }

    async fn empty(&self, partition: String) -> Result<(), Error> {
        let rows = self.everything_in(partition).await?;
        let keys = rows.iter().map(key_of).collect::<Result<Vec<Key>, _>>()?;
        Ok(self.table.delete_all("forget somebody", &keys).await?)
    }

    async fn everything_in(&self, partition: String) -> Result<Vec<Item>, Error> {
        let (mut rows, mut start) = (Vec::new(), None);
        loop {
            let answer = self
                .table
                .query_all(partition.clone())
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("find what is somebody's", &error))?;
            rows.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(rows);
            }
        }
    }
}

/// The hashes of the names that Intercom knows people by.
fn hashes(names: &BTreeSet<AliasName>) -> impl Iterator<Item = &str> {
    let names = names.iter().filter(|name| name.is_identity());
    names.map(|name| name.hash.as_str())
}

fn is_waiter(row: &Item) -> bool {
    let sort = row.get(SORT).and_then(|sort| sort.as_s().ok());
    sort.is_some_and(|sort| sort.starts_with(person::rows::WAITER.prefix()))
}

fn contact(row: Item, erased_at: Timestamp) -> Result<Option<AtIntercom>, Error> {
    let Some(AttributeValue::S(sort)) = row.get(SORT) else {
        return Ok(None);
    };
    let Some(workspace) = sort.strip_prefix(person::rows::CONTACT.prefix()) else {
        return Ok(None);
    };
    let Ok(workspace) = WorkspaceId::parse(workspace) else {
        return Ok(None);
    };
    let contact = contact_from_before(row, erased_at)?;
    Ok(contact.map(|contact| AtIntercom { workspace, contact }))
}
