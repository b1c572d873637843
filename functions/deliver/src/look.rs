//! Lanes whose time has come.

use std::time::Duration;

use tasks::DeliverTask;

use crate::{Error, State};

/// Has lanes looked at again whose time has come; answers how many.
///
/// # Errors
/// When the table or the queue does not answer. What was sent is sent: a lane that is looked at twice is
/// told once.
pub async fn schedule(state: &State) -> Result<usize, Error> {
    let due = state.outbox.due(state.clock.now()).await?;
    let tasks = due
        .iter()
        .map(|due| DeliverTask::new(&due.organization, &due.workspace, &due.lane).to_body());
    state
        .queue
        .send_all(tasks.collect(), Duration::ZERO)
        .await?;
    state.outbox.looked_at(&due).await?;
    Ok(due.len())
}
