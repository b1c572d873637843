//! Notifications that have been dealt with: Intercom may deliver one twice, and so may the queue.

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{NotificationId, OrganizationId, WorkspaceId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use table::{Conditional, Read, number, parse};

use crate::Error;
use crate::notifications::{Notifications, rows};
use crate::tenants::Counters;
use crate::tenants::counters::Counter;

/// How long a notification is remembered: a day longer than a queue may keep it (SQS: 14 days).
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(15 * 24);

/// What a notification's row says of its being dealt with.
#[derive(Default, Deserialize)]
#[serde(default)]
struct NotificationRow {
    seen: bool,
}

impl Notifications<'_> {
    /// Whether a notification has been dealt with: all of what it says stands in the table.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn is_seen(
        self,
        workspace: &WorkspaceId,
        notification: &NotificationId,
    ) -> Result<bool, Error> {
        let key = rows::notification(workspace, notification);
        let item = self
            .store
            .table
            .get("read a notification", &key, Read::Consistent)
            .await?;
        let row: Option<NotificationRow> =
            item.map(|item| parse("notification", item)).transpose()?;
        Ok(row.is_some_and(|row| row.seen))
    }

    /// Notes that a notification has been dealt with, and counts it. `false` when that was noted before, and
    /// nothing has changed.
    ///
    /// The two are no transaction: all notifications of a day are counted in one row, and transactions that
    /// meet on it cancel each other. So a process that dies in between leaves one uncounted.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be tried again.
    pub async fn mark_seen(
        self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
        notification: &NotificationId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let key = rows::notification(workspace, notification);
        let expires = (now + REMEMBERED_FOR).as_second();
        let marked = self
            .store
            .table
            .update(&key)
            .update_expression("SET seen = :seen, expires = :expires")
            .condition_expression("attribute_not_exists(seen)")
            .expression_attribute_values(":seen", AttributeValue::Bool(true))
            .expression_attribute_values(":expires", number(expires))
            .attempt("mark a notification")
            .await?;
        if !marked.is_done() {
            return Ok(false);
        }
        let day = now.to_zoned(TimeZone::UTC).date();
        let counted =
            Counters::of(self.store.scope(organization)).add(day, Counter::Notifications, 1);
        if let Err(error) = counted.await {
            tracing::warn!(%error, "a notification was not counted");
        }
        Ok(true)
    }
}
