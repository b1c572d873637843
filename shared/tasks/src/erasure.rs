//! Asking for somebody's erasure, which the function `erase` carries out.

use std::time::Duration;

use store::PersonErasure;

use crate::EraseTask;
use platform::metrics;
use platform::queue::{Queue, QueueError};

/// Who asked for an erasure. The log says this, and never who is to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// An organization's backend, with the secret key.
    Backend,
    /// An admin who is signed in, with the button.
    Admin,
    /// Intercom, by deleting the contact.
    Intercom,
}

impl AskedBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Admin => "admin",
            Self::Intercom => "intercom",
        }
    }
}

/// Leaves the erasure with the queue of the function `erase`, and counts that it was asked for.
///
/// # Errors
/// When the queue did not take it. Asking again does no harm.
pub async fn ask(
    queue: &dyn Queue,
    erasure: PersonErasure,
    asked_by: AskedBy,
) -> Result<(), QueueError> {
    let organization = erasure.organization().clone();
    let task = EraseTask::person(erasure);
    queue.send(task.to_body(), Duration::ZERO).await?;
    tracing::info!(
        { metrics::ERASURE_REQUESTED } = 1,
        organization.id = %organization,
        asked_by = asked_by.as_str(),
        "somebody is to be erased"
    );
    Ok(())
}
