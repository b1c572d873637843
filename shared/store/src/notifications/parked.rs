//! Notifications that no worker could make use of: kept where their organization sees them, until they are
//! sent again or expire.
//!
//! A row for the list, and the notification itself, sealed, in rows beside it: a list reads no bodies, and a
//! body may be larger than a row.

use identity::WorkspaceId;
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Attempt, Conditional, Item, Key, Read, SecretText, number, parse, text};

use crate::Error;
use crate::notifications::Notifications;
use crate::notifications::failures::Failure;
use crate::notifications::parked_body::StoredBody;
use crate::notifications::parked_id::ParkedId;
use crate::notifications::rows::{PARKED_PREFIX, parked, parked_sort};
use crate::tenants::connection::Connection;
use crate::tenants::retention::days_after;
use crate::tenants::rows as tenants_rows;

/// Days that a parked notification is kept: long enough to come back from a holiday to.
const PARKED_FOR_DAYS: u32 = 30;

/// Rounds of looking and parking. Each that fails is one in which it was removed.
const MAX_ROUNDS: usize = 12;

const PARK: &str = "park a notification";

/// A notification that no worker could make use of, apart from what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedNotification {
    /// Which one.
    pub id: ParkedId,
    /// What it is about, as Intercom names it.
    pub topic: String,
    /// When it was parked last.
    #[serde(with = "millisecond::required")]
    pub parked_at: Timestamp,
    /// How often a worker has tried.
    pub attempts: u32,
    /// What the worker said the last time; `None` when it could say nothing any more.
    pub failure: Option<Failure>,
}

/// Why a notification failed for good, apart from its key.
#[derive(Serialize, Deserialize)]
struct ParkedRow {
    #[serde(flatten)]
    notification: ParkedNotification,
    body: StoredBody,
    expires: i64,
}

impl Notifications<'_> {
    /// Parks a notification. Parking it again replaces what was said about it before; of two at the same time
    /// one stays.
    ///
    /// # Errors
    /// [`table::Error::TooLarge`] over the megabyte that a queue takes, [`table::Error::Unavailable`] when
    /// the table does not answer, [`table::Error::Contended`] when it is removed and parked over and over.
    pub async fn park(
        self,
        connection: &Connection,
        notification: &ParkedNotification,
        body: &str,
    ) -> Result<(), Error> {
        let workspace = &connection.workspace;
        let expires = days_after(notification.parked_at, PARKED_FOR_DAYS);
        // The body first: a row that is listed can be sent again.
        let body = self
            .put_parked_body(connection, &notification.id, body, expires)
            .await?;
        let row = ParkedRow {
            notification: notification.clone(),
            body,
            expires,
        };
        let key = parked(workspace, &notification.id);
        let before = self.store.table.get(PARK, &key, Read::Consistent).await?;
        let mut before = before.map(read).transpose()?;
        for _ in 0..MAX_ROUNDS {
            // Whose body goes is decided by the row that this one replaces: never one's own.
            let gone = match self.replace_parked(&key, before.as_ref(), &row).await? {
                Attempt::Done(_) => before.map(|before| before.body),
                // Removed meanwhile, because it was sent again.
                Attempt::Refused(item) if item.is_empty() => {
                    before = None;
                    continue;
                }
                // Somebody else has parked it meanwhile, and theirs stays.
                Attempt::Refused(_) => Some(row.body),
            };
            return match gone {
                Some(body) => {
                    self.delete_parked_body(workspace, &notification.id, &body)
                        .await
                }
                None => Ok(()),
            };
        }
        Err(table::Error::Contended.into())
    }

    /// Puts a row in the place of the one that was there before.
    async fn replace_parked(
        self,
        key: &Key,
        before: Option<&ParkedRow>,
        row: &ParkedRow,
    ) -> Result<Attempt, Error> {
        let put = self.store.table.put(key, row)?;
        let put = match before {
            None => put.condition_expression("attribute_not_exists(PK)"),
            Some(before) => put
                .condition_expression("body.#name = :before")
                .expression_attribute_names("#name", "name")
                .expression_attribute_values(":before", text(before.body.name())),
        };
        Ok(put.attempt(PARK).await?)
    }

    /// What is parked of a workspace, latest first: at most `limit` (1 or more), all of it from before
    /// `before`.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn parked(
        self,
        workspace: &WorkspaceId,
        before: Option<&ParkedId>,
        limit: u16,
        now: Timestamp,
    ) -> Result<Vec<ParkedNotification>, Error> {
        // The prefix sorts before all of it, the character after `#` after all of it.
        let end = before.map_or_else(|| "PARKED$".to_owned(), parked_sort);
        let mut rows = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .store
                .table
                .query(
                    tenants_rows::workspace_partition(workspace),
                    "SK BETWEEN :first AND :end",
                )
                .filter_expression("expires > :now")
                .expression_attribute_values(":first", text(PARKED_PREFIX))
                .expression_attribute_values(":end", text(&end))
                .expression_attribute_values(":now", number(now.as_second()))
                .scan_index_forward(false)
                .consistent_read(true)
                // One that expired, or is `before` itself, takes a place: hence the loop.
                .limit(i32::from(limit) + 1)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("list parked notifications", &error))?;
            for item in answer.items.unwrap_or_default() {
                rows.push(read(item)?.notification);
            }
            rows.retain(|row: &ParkedNotification| Some(&row.id) != before);
            start = answer.last_evaluated_key;
            if start.is_none() || rows.len() >= usize::from(limit) {
                rows.truncate(usize::from(limit));
                return Ok(rows);
            }
        }
    }

    /// One that is parked, and what it says; `None` when it is not there (any more).
    ///
    /// # Errors
    /// [`table::Error::Corrupt`] when it was not sealed here.
    pub async fn parked_notification(
        self,
        connection: &Connection,
        id: &ParkedId,
        now: Timestamp,
    ) -> Result<Option<(ParkedNotification, SecretText)>, Error> {
        let key = parked(&connection.workspace, id);
        let item = self
            .store
            .table
            .get("read a parked notification", &key, Read::Consistent)
            .await?;
        let Some(row) = item.map(read).transpose()? else {
            return Ok(None);
        };
        if row.expires <= now.as_second() {
            return Ok(None);
        }
        match self.parked_body(connection, id, &row.body).await? {
            Some(body) => Ok(Some((row.notification, body))),
            // Parked once more by a call whose answer was lost, after it had been sent again.
            None => {
                self.unpark(&connection.workspace, &row.notification)
                    .await?;
                Ok(None)
            }
        }
    }

    /// Removes one that has been sent again, unless it has been parked anew since it was read.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn unpark(
        self,
        workspace: &WorkspaceId,
        notification: &ParkedNotification,
    ) -> Result<(), Error> {
        let operation = "remove a parked notification";
        let key = parked(workspace, &notification.id);
        let item = self
            .store
            .table
            .get(operation, &key, Read::Consistent)
            .await?;
        let Some(row) = item.map(read).transpose()? else {
            return Ok(());
        };
        if row.notification.parked_at != notification.parked_at {
            return Ok(());
        }
        let removed = self
            .store
            .table
            .delete(&key)
            .condition_expression("body.#name = :name")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", text(row.body.name()))
            .attempt(operation)
            .await?;
        match removed.is_done() {
            true => {
                self.delete_parked_body(workspace, &notification.id, &row.body)
                    .await
            }
            false => Ok(()),
        }
    }
}

fn read(item: Item) -> Result<ParkedRow, table::Error> {
    parse("parked notification", item)
}
