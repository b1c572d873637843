//! Notifications that have been dealt with: Intercom may deliver one twice, and so may the queue.

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{NotificationId, OrganizationId, WorkspaceId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::table::{Read, number, parse};
use crate::transaction::Transaction;
use crate::{Counter, Error, Store, counters, keys};

/// How long a notification is remembered: a day longer than a queue may keep it (SQS: 14 days).
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(15 * 24);

/// Rounds of trying: everything that is counted on a day is counted in one row.
const MAX_ROUNDS: usize = 12;

/// Row 15, as far as it matters here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct NotificationRow {
    seen: bool,
}

impl Store {
    /// Whether a notification has been dealt with: all of what it says stands in the table.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn is_seen(
        &self,
        workspace: &WorkspaceId,
        notification: &NotificationId,
    ) -> Result<bool, Error> {
        let key = keys::notification(workspace, notification);
        let item = self
            .table
            .get("read a notification", &key, Read::Consistent)
            .await?;
        let row: Option<NotificationRow> =
            item.map(|item| parse("notification", item)).transpose()?;
        Ok(row.is_some_and(|row| row.seen))
    }

    /// Notes that a notification has been dealt with, and counts it: both at once, so that it is counted exactly once.
    /// `false` when that was noted before, and nothing has changed.
    ///
    /// # Errors
    /// [`Error::Contended`] when too many are counted at this moment, [`Error::Unavailable`] when the table does not
    /// answer; both may be tried again.
    pub async fn mark_seen(
        &self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
        notification: &NotificationId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let key = keys::notification(workspace, notification);
        let expires = (now + REMEMBERED_FOR).as_second();
        let day = now.to_zoned(TimeZone::UTC).date();
        for _ in 0..MAX_ROUNDS {
            let transaction =
                Transaction::new(&self.table, "mark a notification").update(&key, |update| {
                    update
                        .update_expression("SET seen = :seen, expires = :expires")
                        .condition_expression("attribute_not_exists(seen)")
                        .expression_attribute_values(":seen", AttributeValue::Bool(true))
                        .expression_attribute_values(":expires", number(expires))
                })?;
            let transaction =
                counters::count_in(transaction, organization, day, Counter::Notifications)?;
            if transaction.commit().await? {
                return Ok(true);
            }
            if self.is_seen(workspace, notification).await? {
                return Ok(false);
            }
        }
        Err(Error::Contended)
    }
}
