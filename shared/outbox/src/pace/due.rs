//! Lanes that are to be looked at again: messages that stand in the table, because a queue keeps none
//! for longer than fifteen minutes, and may lose one.

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{OrganizationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use table::{Item, Key, PARTITION, SORT, number, text};

use super::rows;
use crate::lane::Lane;
use crate::{Error, OrganizationOutbox, Outbox};

/// How long a row outlives its time: whoever looks once a minute has it long before.
const LEEWAY: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Most of a partition that one look takes.
const MAX_TAKEN: i32 = 250;

/// A lane whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLane {
    /// Whose.
    pub organization: OrganizationId,
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Which.
    pub lane: Lane,
    key: Key,
}

impl OrganizationOutbox<'_> {
    /// Has a lane looked at again at a time.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn look_again(
        &self,
        workspace: &WorkspaceId,
        lane: &Lane,
        at: Timestamp,
    ) -> Result<(), Error> {
        let key = rows::due(self.organization, (workspace, lane), at);
        let expires = at.checked_add(LEEWAY).unwrap_or(Timestamp::MAX);
        let mut row = Item::from([("expires".to_owned(), number(expires.as_second()))]);
        row.extend(key.attributes());
        Ok(self
            .table
            .put_all("have a lane looked at", vec![row])
            .await?)
    }
}

impl Outbox {
    /// Lanes whose time has come, of all organizations: some of them, if there are very many. Whoever
    /// has sent each to its worker says so with [`Self::looked_at`].
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn due(&self, now: Timestamp) -> Result<Vec<DueLane>, Error> {
        let mut due = Vec::new();
        for shard in 0..rows::DUE_SHARDS {
            let end = format!("AT#{:015}$", now.as_millisecond().max(0));
            let answer = self
                .table
                .query(rows::due_partition(shard), "SK BETWEEN :first AND :end")
                .expression_attribute_values(":first", text("AT#"))
                .expression_attribute_values(":end", text(end))
                .limit(MAX_TAKEN)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("read lanes that are due", &error))?;
            let rows = answer.items.unwrap_or_default();
            due.extend(rows.iter().filter_map(parse));
        }
        Ok(due)
    }

    /// Forgets that these lanes were due.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn looked_at(&self, due: &[DueLane]) -> Result<(), Error> {
        let keys: Vec<Key> = due.iter().map(|due| due.key.clone()).collect();
        Ok(self
            .table
            .delete_all("forget lanes that were due", &keys)
            .await?)
    }
}

fn parse(row: &Item) -> Option<DueLane> {
    let part = |name: &str| match row.get(name) {
        Some(AttributeValue::S(text)) => Some(text.clone()),
        _ => None,
    };
    let key = Key::new(part(PARTITION)?, part(SORT)?);
    let mut parts = key.sort.split('#').skip(2);
    Some(DueLane {
        organization: OrganizationId::parse(parts.next()?).ok()?,
        workspace: WorkspaceId::parse(parts.next()?).ok()?,
        lane: Lane::parse(parts.next()?).ok()?,
        key,
    })
}
