//! Why the last attempt at a notification failed: said by its worker, read by whoever parks it.

use identity::{NotificationId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Conditional, Read, nested, number, parse};

use crate::Error;
use crate::notifications::{Notifications, rows};

/// How long a failure is remembered: as long as a dead-letter queue may keep the notification (SQS: 14 days),
/// and a day.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(15 * 24);

/// Why a worker could not make use of a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind of error, as logs name it.
    pub error_type: String,
    /// Its text, for operators. No personal data: no text of an error holds any.
    pub reason: String,
}

/// What a notification's row says of a failure.
#[derive(Default, Deserialize)]
#[serde(default)]
struct NotificationRow {
    failure: Option<Failure>,
}

impl Notifications<'_> {
    /// Remembers why an attempt at a notification failed, in place of what was remembered before; not once it
    /// has been dealt with.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn note_failure(
        self,
        workspace: &WorkspaceId,
        notification: &NotificationId,
        failure: &Failure,
        now: Timestamp,
    ) -> Result<(), Error> {
        let expires = (now + REMEMBERED_FOR).as_second();
        self.store
            .table
            .update(&rows::notification(workspace, notification))
            .update_expression("SET failure = :failure, expires = :expires")
            .condition_expression("attribute_not_exists(seen)")
            .expression_attribute_values(":failure", nested(failure)?)
            .expression_attribute_values(":expires", number(expires))
            .attempt("note a failure")
            .await?;
        Ok(())
    }

    /// Why the last attempt at a notification failed; `None` when nobody could say.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn failure(
        self,
        workspace: &WorkspaceId,
        notification: &NotificationId,
    ) -> Result<Option<Failure>, Error> {
        let key = rows::notification(workspace, notification);
        let item = self
            .store
            .table
            .get("read a failure", &key, Read::Consistent)
            .await?;
        let row: Option<NotificationRow> =
            item.map(|item| parse("notification", item)).transpose()?;
        Ok(row.and_then(|row| row.failure))
    }
}
