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
    const ROUNDS: usize = 20;
    let mut lanes = 0;
    for _ in 0..ROUNDS {
        let due = state.outbox.due(state.clock.now()).await?;
        let tasks = due
            .iter()
            .map(|due| DeliverTask::new(&due.organization, &due.workspace, &due.lane).to_body());
        let sent = state.queue.send_all(tasks.collect(), Duration::ZERO);
        sent.await?;
        state.outbox.looked_at(&due).await?;
        if due.is_empty() {
            break;
        }
        lanes += due.len();
    }
    Ok(lanes)
}
