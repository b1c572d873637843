//! Forgetting somebody: what waits or was kept of them, and who they are at Intercom.

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{Alias, AliasKind, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;
use table::{Conditional, Item, Key, SORT, key_of, parse, text};

use crate::delivery::Outcome;
use crate::lane::Lane;
use crate::message::MessageKey;
use crate::pending::PendingRow;
use crate::{Error, OrganizationOutbox, person, rows};

/// Why an event is not told whose person was erased.
const ERASED: &str = "person_erased";

/// A contact of somebody's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AtIntercom {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Intercom's id.
    pub contact: String,
}

#[derive(Deserialize)]
struct ContactId {
    contact: String,
}

impl OrganizationOutbox<'_> {
    /// Which contacts somebody with these names is, as far as is remembered. Ask before
    /// [`Self::forget`].
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn contacts_of(&self, aliases: &[Alias]) -> Result<Vec<AtIntercom>, Error> {
        let mut contacts = Vec::new();
        for hash in aliases.iter().filter_map(|alias| self.hash_of(alias)) {
            for row in self
                .everything_in(person::rows::key_partition(self.organization, &hash))
                .await?
            {
                contacts.extend(contact(row)?);
            }
        }
        contacts.sort();
        contacts.dedup();
        Ok(contacts)
    }

    /// Forgets somebody with these names: what waits of them is not told any more, what was kept cannot
    /// be sent again, and who they are at Intercom is not remembered.
    ///
    /// Outcomes stay: they say nothing of anybody.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn forget(&self, aliases: &[Alias], now: Timestamp) -> Result<(), Error> {
        for contact in self.contacts_of(aliases).await? {
            let partition = person::rows::contact_partition(
                self.organization,
                &contact.workspace,
                &contact.contact,
            );
            self.empty(partition).await?;
        }
        for hash in aliases.iter().filter_map(|alias| self.hash_of(alias)) {
            let lane = Lane::of_hash(&hash);
            let partition = rows::lane_partition(self.organization, &lane);
            for row in self.everything_in(partition.clone()).await? {
                self.note_erased(row, now).await?;
            }
            self.empty(partition).await?;
            let partition = person::rows::key_partition(self.organization, &hash);
            self.empty(partition).await?;
        }
        Ok(())
    }

    /// What an alias is found by; `None` for names that tracked events do not have.
    fn hash_of(&self, alias: &Alias) -> Option<String> {
        let kind = match alias.kind() {
            AliasKind::UserId | AliasKind::AnonymousId => AliasKind::UserId,
            AliasKind::Email => AliasKind::Email,
            AliasKind::VisitorId | AliasKind::ContactId => return None,
        };
        let hash = self.key.hash_value(kind, alias.value());
        Some(hash.as_str().to_owned())
    }

    /// Says that an event is not told, so that nobody waits for it.
    async fn note_erased(&self, row: Item, now: Timestamp) -> Result<(), Error> {
        let row: PendingRow = parse("event", row)?;
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
        Ok(())
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

fn contact(row: Item) -> Result<Option<AtIntercom>, Error> {
    let Some(AttributeValue::S(sort)) = row.get(SORT) else {
        return Ok(None);
    };
    let Some(workspace) = sort.strip_prefix(person::rows::CONTACT.prefix()) else {
        return Ok(None);
    };
    let Ok(workspace) = WorkspaceId::parse(workspace) else {
        return Ok(None);
    };
    let ContactId { contact } = parse("contact", row)?;
    Ok(Some(AtIntercom { workspace, contact }))
}
