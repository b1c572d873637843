//! Everything that was copied, when it is wanted no more: a step at a time, by messages.

use std::time::Duration;

use identity::{OrganizationId, WorkspaceId};
use mirror::Forgotten;
use tasks::SyncTask;

use crate::{Error, State};

/// Steps of one message: some seconds of work.
const STEPS: usize = 20;

/// Takes some steps of forgetting, and asks for the rest. Whoever wants an import again meanwhile keeps what
/// is left.
pub(crate) async fn forget(
    state: &State,
    organization: &OrganizationId,
    workspace: &WorkspaceId,
) -> Result<(), Error> {
    let mirror = state.mirror.of(organization, workspace);
    if mirror.choices().await?.is_anything() {
        return Ok(());
    }
    for _ in 0..STEPS {
        if mirror.forget_step(state.clock.now()).await? == Forgotten::All {
            tracing::info!("what was imported is forgotten");
            return Ok(());
        }
    }
    let task = SyncTask::forget(organization, workspace);
    Ok(state.queue.send(task.to_body(), Duration::ZERO).await?)
}
