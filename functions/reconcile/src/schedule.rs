//! From the schedule to a message per workspace.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};

use crate::task::ReconcileTask;
use crate::{Error, State};

/// Workspaces read, and then asked for, at a time.
const WORKSPACES_PER_PAGE: u16 = 500;

/// Messages under way at the same time.
const CONCURRENT_SENDS: usize = 16;

/// Asks for a run of every connected workspace; answers how many that are.
///
/// # Errors
/// When the table or the queue does not answer. What was sent is sent: a workspace that is asked for twice is
/// read once.
pub async fn schedule(state: &State) -> Result<usize, Error> {
    // To the millisecond, as the table keeps it.
    let now = state.clock.now().as_millisecond();
    let now = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    let mut asked = 0;
    let mut after = None;
    loop {
        let page = state
            .store
            .connected_workspaces(after.as_ref(), WORKSPACES_PER_PAGE)
            .await?;
        asked += page.workspaces.len();
        let sends = page.workspaces.iter().map(|workspace| {
            let body = ReconcileTask::new(workspace, now).to_body();
            state.queue.send(body, Duration::ZERO)
        });
        stream::iter(sends.collect::<Vec<_>>())
            .buffer_unordered(CONCURRENT_SENDS)
            .try_collect::<()>()
            .await?;
        after = page.next;
        if after.is_none() {
            tracing::info!(workspaces = asked, "reconciliation asked for");
            return Ok(asked);
        }
    }
}
