//! Asking for what Intercom has to be copied, or forgotten, which the function `sync` does.

use std::time::Duration;

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use platform::queue::{Queue, QueueError};
use store::{Store, SyncProgress};

use crate::SyncTask;

/// How often a wish is noted again when a step saves its progress at the same time.
const ATTEMPTS: usize = 20;

/// A step that is under way when an import is turned off ends within this time.
const STEP: Duration = Duration::from_secs(150);

/// Has all of what was chosen copied anew; how far it is, or `None` when others change that all the time.
///
/// # Errors
/// When the table or the queue does not answer. Asking again does no harm.
pub async fn ask<E: From<store::Error> + From<QueueError>>(
    store: &Store,
    queue: &dyn Queue,
    workspace: &WorkspaceId,
    now: Timestamp,
) -> Result<Option<SyncProgress>, E> {
    // To the millisecond, as the table keeps it.
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or_default();
    for _ in 0..ATTEMPTS {
        let mut progress = store.sync_progress(workspace).await?;
        progress.import.wanted_at = Some(now);
        // Whoever is at work notices that it is not theirs any more; what is left goes on with this message.
        if let Some(run) = &mut progress.run {
            run.asked_at = now;
        }
        if let Some(pass) = &mut progress.import.pass {
            pass.asked_at = now;
        }
        if store.save_sync_progress(workspace, &mut progress).await? {
            let task = SyncTask::new(workspace, now).to_body();
            queue.send(task, Duration::ZERO).await?;
            return Ok(Some(progress));
        }
    }
    Ok(None)
}

/// Has everything that was copied forgotten, unless something is chosen by then.
///
/// # Errors
/// When the queue does not take it. Asking again does no harm.
pub async fn forget(
    queue: &dyn Queue,
    organization: &OrganizationId,
    workspace: &WorkspaceId,
) -> Result<(), QueueError> {
    let task = SyncTask::forget(organization, workspace).to_body();
    queue.send(task, STEP).await
}
