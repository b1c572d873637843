//! Looks whether notifications wait that nobody takes.
//!
//! What is taken and fails is tried again, and parked in the end. What is never taken does not fail: it
//! would wait on its queue until SQS drops it. An alarm on the age of each queue's oldest message would
//! tell, and cost a topic more than polling its queue leaves it.

use std::sync::Arc;

use futures::future::try_join_all;
use notification::Worker;
use platform::metrics;
use platform::queue::Watched;
use serde::Serialize;

use crate::Error;

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookAnswer {
    /// How many queues have messages that nobody takes.
    pub untaken: usize,
}

/// Looks at every queue once. A worker that is there takes what is sent at once, or is at work on
/// something else: so an operator is told when several looks find the same.
///
/// # Errors
/// When a queue does not say what stands on it.
pub async fn look(queues: &[(Worker, Arc<dyn Watched>)]) -> Result<LookAnswer, Error> {
    let looks = queues.iter().map(|(_, queue)| queue.backlog());
    let backlogs = try_join_all(looks).await?;
    let mut untaken = 0;
    for ((worker, _), backlog) in queues.iter().zip(backlogs) {
        if backlog.is_untaken() {
            untaken += 1;
            tracing::warn!(
                { metrics::NOTIFICATION_UNTAKEN } = 1,
                worker = worker.function_name(),
                waiting = backlog.waiting,
                "nobody takes notifications"
            );
        }
    }
    Ok(LookAnswer { untaken })
}
